"""The English sentences: what is wrong and what to do.  Data only."""

# One sentence, one line: the two languages are read side by side.
# ruff: noqa: E501

COLON = ": "
LINE = "line {}"
FIELD = "column {}"
ELEMENT = "element {}"
GENERIC = "the check found a defect (code “{code}”); look at this place of the file."

LEVELS = ("Error", "Warning")
VERDICTS = {
    "conforming": "The file conforms to {standard} {version}.",
    "partly": "Nothing against {standard} {version} in what was checked.",
    "not-conforming": "The file does not conform to {standard} {version}.",
    "unreadable": "The file is unreadable: it could not be checked.",
}
INCOMPLETE = "Incomplete check: a part of the file or of its rules was not checked."
MASKED = "values masked, by annexe: {}."
NOTHING_MASKED = "nothing to mask, the file is copied as it is."

AMOUNT = "€{}"
SEPARATORS = (",", ".")
"""Between thousands, and before the cents."""

LINES = ("no line read", "1 line read", "{} lines read")
ERRORS = ("no error", "1 error", "{} errors")
WARNINGS = ("no warning", "1 warning", "{} warnings")

ELEMENTS = {
    "IdEtab": "the establishment's SIRET",
    "LibelleColl": "the name of the local authority",
    "LibelleEtab": "the name of the establishment",
    "Nomenclature": "the nomenclature",
    "NatDec": "the budget stage (étape)",
    "ProjetBudget": "whether the document is a draft budget",
    "CodTypBud": "the type of budget (main or annex)",
    "Exer": "the financial year (exercice)",
    "Nature": "the nature (budget article)",
    "LibCpte": "the label of the account",
    "Fonction": "the fonction",
    "Operation": "the opération",
    "CodRD": "the side, revenue or expenditure",
    "OpBudg": "the kind of operation, réelle or d'ordre",
    "ArtSpe": "the article spécialisé flag",
    "MtReal": "the amount realised",
    "MtBudgPrec": "the previous budget's amount",
    "MtRARPrec": "the amount carried over from the previous year",
    "MtPropNouv": "the amount proposed",
    "MtPrev": "the amount voted",
    "CredOuv": "the credits opened",
    "MtRAR3112": "the amount still to be realised on 31 December",
}

_EXPORT_XML = "export the budget again in TOTEM format from your accounting software"
_UPLOAD_XML = "upload the budget's XML file (TOTEM format) as your software exports it."
_UPLOAD_CSV = "save the table as XLSX, ODS or CSV UTF-8 and upload that file."

SENTENCES = {
    "file-empty": "the file is empty; check the export and upload a file that holds the data.",
    "file-too-large": "the file exceeds {limit} MB; split it, or check that it is the right file.",
    "gzip-malformed": "the compressed file (gzip) is damaged or cut; make it again, or upload the XML uncompressed.",
    "gzip-oversized": "the compressed file (gzip) holds more than {limit} times its size, which no budget does; upload the XML uncompressed.",
    "link-unreadable": "the link could not be read; check the address, or upload the file.",
    "link-unreadable.address": "the link leads to “{host}”, a machine of an internal network that the portal does not read; upload the file, or ask the administrator to allow this address.",
    "link-unreadable.address-unreadable": "the address of the link is badly written; give the whole address, which starts with https://.",
    "link-unreadable.credentials": "the address of the link holds a user name or a password; take them out, or upload the file.",
    "link-unreadable.port": "the link asks for port {port}, which the portal does not read; give an ordinary address, or upload the file.",
    "link-unreadable.unknown-host": "the site “{host}” does not exist, or not any more; check the address of the link.",
    "link-unreadable.no-room": "the portal is already waiting for too many sites that do not answer; try again later, or upload the file.",
    "link-unreadable.unreachable": "the site “{host}” does not answer; check the address of the link, or upload the file.",
    "link-unreadable.status": "the site answers with code {status} instead of giving the file; check that everybody can open this link, or upload the file.",
    "link-unreadable.redirects": "the link is redirected more than {limit} times; give the address of the file itself.",
    "link-unreadable.size": "the link leads to more than {limit} MB, which the portal does not read; split the file, or upload it.",
    "link-unreadable.encoding": "the site “{host}” sends the file compressed ({value}) although the portal asks for it as it is; give another address, or upload the file.",
    "link-unreadable.seconds": "the file has not arrived within {limit} seconds; try again later, or upload the file.",
    "not-xml": f"the file is not an XML file; {_UPLOAD_XML}",
    "not-xml.pdf": f"the file is a PDF, whatever its name says; {_UPLOAD_XML}",
    "not-xml.zip": "the file is a ZIP archive; unpack it and upload the XML file that it contains.",
    "not-xml.gzip": "the file is compressed (gzip); unpack it and upload the XML file.",
    "not-xml.spreadsheet": f"the file is a spreadsheet or an office document; {_UPLOAD_XML}",
    "not-xml.office": f"the file is an old Office document; {_UPLOAD_XML}",
    "not-xml.image": f"the file is an image; {_UPLOAD_XML}",
    "not-xml.xml-workbook": f"the file is an XML Spreadsheet 2003 (Excel); {_UPLOAD_XML}",
    "not-xml.html": f"the file is a web page (HTML); {_UPLOAD_XML}",
    "not-csv": f"the file is not a table (workbook or CSV); {_UPLOAD_CSV}",
    "not-csv.pdf": f"the file is a PDF, which cannot be checked; for a budget, upload the XML export of your software, else {_UPLOAD_CSV}",
    "not-csv.zip": "the file is a ZIP archive; unpack it and upload the XML file, the CSV file or the workbook that it contains.",
    "not-csv.gzip": "the file is compressed (gzip); unpack it and upload the XML file, the CSV file or the workbook.",
    "not-csv.spreadsheet": f"the file is a spreadsheet (Excel, LibreOffice); {_UPLOAD_CSV}",
    "not-csv.office": f"the file is an old Office document (.xls, .doc); {_UPLOAD_CSV}",
    "not-csv.image": f"the file is an image; {_UPLOAD_CSV}",
    "not-csv.html": f"the file is a web page (HTML), whatever its name says; {_UPLOAD_CSV}",
    "not-csv.xml": f"the file is an XML file; {_UPLOAD_CSV}",
    "not-csv.xml-workbook": "the file is an XML Spreadsheet 2003 (Excel); save it as XLSX and upload that file.",
    "not-csv.utf-16": f"the file is encoded in UTF-16 (Excel's “Unicode text”); {_UPLOAD_CSV}",
    "not-csv.binary": f"the file contains null bytes, it is not text; {_UPLOAD_CSV}",
    "sheet-unreadable": "the file is damaged or cut short, its content cannot be read; open it in your spreadsheet software, save it again and upload that file.",
    "sheet-unreadable.stopped": "the reading of the workbook stopped without saying why; try again, or save the sheet as CSV, and tell the administrator.",
    "sheet-unreadable.xlsb": "the file is a binary Excel workbook (.xlsb), which the check does not read; save it as .xlsx or CSV and upload that file.",
    "sheet-unreadable.document": f"the file is a text document (Word, Writer), not a table; {_UPLOAD_CSV}",
    "sheet-unreadable.presentation": f"the file is a presentation (PowerPoint, Impress), not a table; {_UPLOAD_CSV}",
    "sheet-unreadable.office": f"the file is an old Office document that holds no workbook; {_UPLOAD_CSV}",
    "sheet-encrypted": "the workbook is protected by a password; save it without one and upload that file.",
    "sheet-empty": "the workbook holds no data; check the export and upload a file that holds the data.",
    "sheet-empty.hidden": "only hidden sheets of the workbook hold data ({value}); unhide the one of the table, or upload it alone.",
    "sheet-empty.chart": "the workbook holds charts only; upload the table of the data.",
    "sheet-empty.named": "the sheet “{value}” holds no data; choose another one.",
    "sheet-missing": "the workbook has no sheet “{value}”; choose among: {known}.",
    "sheet-oversized": "reading this workbook would take too much memory; delete the stray cells far below the table or far to its right, else save it as CSV and upload that file.",
    "table-slow": "reading the file took more than {limit} seconds and stopped here; split the file.",
    "sheet-slow": "reading this workbook took more than {limit} seconds; save it as CSV and upload that file.",
    "archive-oversized": "the workbook holds more than {limit} MB once inflated; save it as CSV, or split it.",
    "archive-ratio": "the workbook holds more than {limit} times its size once inflated, which no table does; save it as CSV and upload that file.",
    "archive-entries": "the workbook or archive holds more than {limit} files, which no table does; save the table alone, as CSV, and upload that file.",
    "xml-malformed": f"the file is not well-formed XML, reading stopped here (column {{column}}); {_EXPORT_XML}.",
    "xml-truncated": f"the file is cut short, the end of the document is missing; {_EXPORT_XML} and upload all of it.",
    "xml-encoding": f"some characters do not match the encoding declared at the top of the file; {_EXPORT_XML}, without editing it in a text editor.",
    "xml-encoding.contradicted": f"the file is in UTF-16 but its declaration says {{value}}; {_EXPORT_XML}, without editing it in a text editor.",
    "xml-encoding.unsupported": f"the check does not read the encoding of this file ({{value}}); {_EXPORT_XML}, in UTF-8 or ISO-8859-1.",
    "xml-doctype": f"the file contains a DOCTYPE or ENTITY declaration, refused for safety and absent from any TOTEM budget; {_EXPORT_XML}.",
    "xml-oversized": f"a tag is oversized; {_EXPORT_XML}.",
    "xml-oversized.tag": f"a tag or a text exceeds {{limit}} KB, which no budget holds; {_EXPORT_XML}.",
    "xml-oversized.document": f"the document holds more than {{limit}} elements, which no budget does; {_EXPORT_XML}.",
    "xml-oversized.block": f"a block holds more than {{limit}} elements, which no budget holds; {_EXPORT_XML}.",
    "xml-oversized.depth": f"elements are nested more than {{limit}} deep, which no budget holds; {_EXPORT_XML}.",
    "xml-oversized.names": f"the document uses more than {{limit}} element names, which no budget does; {_EXPORT_XML}.",
    "xml-oversized.lines": "the budget holds more than {limit} lines, which no budget does; check the export.",
    "xml-other-root": f"this XML is not a budget, its main element is “{{root}}” rather than DocumentBudgetaire or CompteFinancierUnique; {_UPLOAD_XML}",
    "xml-other-root.namespace": f"this XML is not a budget, its namespace is “{{space}}” rather than “{{expected}}”; {_UPLOAD_XML}",
    "totem-budget-missing": f"the document contains no budget (no Budget block); {_EXPORT_XML}.",
    "totem-budget-multiple": "the document contains several budgets, a file must hold one only; export one file per budget (main and annex apart).",
    "totem-budget-without-lines": f"the budget has no line (LigneBudget) to publish; {_EXPORT_XML} with its lines.",
    "totem-block-missing": f"this header block is missing before the budget lines; {_EXPORT_XML}.",
    "totem-element-missing": "{what} is missing or empty; fill it in your software and export the budget again.",
    "totem-siret-invalid": "“{value}” is not a valid SIRET; correct the establishment's SIRET in your software and export again.",
    "totem-siret-invalid.length": "the SIRET “{value}” has {length} digits instead of 14; correct it in your software and export again.",
    "totem-siret-invalid.characters": "the SIRET “{value}” holds something else than digits; write its 14 digits without blanks in your software and export again.",
    "totem-siret-invalid.zeros": "the SIRET is made of zeros only; write the establishment's in your software and export again.",
    "totem-siret-invalid.key": "the SIRET “{value}” is wrong, its check digit does not match; check its 14 digits in your software and export again.",
    "totem-exercice-invalid": "the exercice “{value}” is not a four-digit year such as 2024; correct it and export again.",
    "totem-etape-unknown": "the budget stage code “{value}” does not exist; correct it, the codes are 01 (budget primitif), 02 (décision modificative), 03 (budget supplémentaire), 09 (compte administratif) and 10 (compte financier unique).",
    "totem-nomenclature-unknown": "the nomenclature “{value}” is unknown; check it in your software and export again.",
    "totem-nomenclature-unknown.slip": "the nomenclature “{value}” is unknown; correct it in your software and export again, the closest that exist are {known}.",
    "totem-nomenclature-unknown.absent": "this portal has no plan of accounts for the nomenclature “{value}” and can make no table from it; check this code and, if it is right, tell the portal's administrator.",
    "totem-code-invalid": "“{value}” is not a code allowed for {what}; the codes are {known}.",
    "totem-amount-invalid": "“{value}” is not an amount; write digits with a point before the cents, without blanks or euro sign, such as 1234.50.",
    "totem-text-too-long": "“{value}” exceeds {limit} characters, the maximum for {what}; shorten it in your software and export again.",
    "totem-nature-unknown": "the nature “{value}” is not in this year's plan of accounts; the line is booked to chapter {chapitre}, check this code.",
    "totem-text-misdecoded": "“{value}” looks like UTF-8 read as another encoding; correct the encoding declared at the top of the file or export again.",
    "totem-plan-of-another-year": "the plan of accounts of {exercice} is not available, that of {annee} was used for labels; check those of recent accounts.",
    "totem-projet-de-budget": "the document is marked as a draft budget, not voted; check that it is the voted version that you want to publish.",
    "totem-sens-impossible": "the plan of accounts does not allow nature “{value}” on this side; check the sense (recette or dépense) and the kind of operation (réel or ordre) of the line.",
    "totem-sens-impossible.recette": "the plan of accounts does not allow nature “{value}” as recette for this kind of operation; check the sense and the kind (réel or ordre) of the line.",
    "totem-sens-impossible.dépense": "the plan of accounts does not allow nature “{value}” as dépense for this kind of operation; check the sense and the kind (réel or ordre) of the line.",
    "totem-chapitre-inattendu": "nature “{value}” is booked in chapitre {chapitre}, which the plan of accounts does not give it; check the chapitre of the line.",
    "totem-desequilibre": "the section of {section} does not balance, its recettes make {recettes} and its dépenses {depenses}, a difference of {ecart}; check that no line is missing.",
    "totem-desequilibre.deficit": "the section of {section} does not balance, its dépenses ({depenses}) exceed its recettes ({recettes}) by {ecart}; check that no line is missing.",
    "totem-desequilibre.excedent": "the recettes of the section of {section} ({recettes}) exceed its dépenses ({depenses}) by {ecart}; check that this surplus, which the law allows, is meant.",
    "totem-virement": "the transfer between sections is not the same on both sides, {premier} {montant_premier} and {second} {montant_second}, a difference of {ecart}; check these two lines.",
    "totem-ordre-sections": "the orders between sections do not match, {premier} {montant_premier} and {second} {montant_second}, a difference of {ecart}; check these two chapitres.",
    "totem-ordre-interne": "the orders within the section do not match, {premier} {montant_premier} and {second} {montant_second}, a difference of {ecart}; check this chapitre.",
    "totem-depassement": "in chapitre {chapitre} ({section}), the dépenses realised ({realise}) exceed the credits opened ({credits}) by {ecart}; check the credits of this chapitre.",
    "totem-realise-au-budget": "this budget bears {montant} of realised amounts, which only an account knows; check the étape declared or the column of these amounts.",
    "totem-comptable-differs": "in this compte financier unique, the accountant's part says “{value}” and the budget's part “{budget}”; check that both parts belong together.",
    "totem-comptable-differs.siret": "the accountant's part gives the SIRET “{value}” and the budget's part “{budget}”; check that both parts of this compte financier unique are of the same establishment.",
    "totem-comptable-differs.exercice": "the accountant's part is of the year “{value}” and the budget's part of “{budget}”; check that both parts of this compte financier unique are of the same year.",
    "totem-personal-data": "annexe {annexe} holds personal data (values: {number}); mask them, for instance with “scdl mask”, before publishing this file.",
    "totem-masked": "in annexe {annexe}, personal data were masked before the file was stored (values: {number}, article L311-7 of the CRPA); keep your original file.",
    "totem-amounts-absent": "no line holds this amount, expected at the stage “{etape}”; check the stage declared or the export.",
    "encoding-error": f"the text is neither UTF-8 nor Windows-1252, reading stopped here; {_UPLOAD_CSV}",
    "encoding-not-utf8.garbled": "the file was read as {value}, which damages its accents; save it as UTF-8 and check the names.",
    "encoding-not-utf8": "the file is encoded in {value}; it was read, but rather save it as UTF-8 so that accents survive everywhere.",
    "delimiter-not-comma": "columns are separated by “{value}”; the file was read, but the standard recommends the comma.",
    "sheet-ignored": "a {format} file has no sheet, “{value}” was not looked for; name a sheet of workbooks only.",
    "sheet-hidden": "the workbook has hidden sheets ({others}), which would be published with it without having been checked; remove them, or upload the sheet alone.",
    "sheet-errors": "cells of the workbook are in error (#N/A, #REF!…: {number}) and read as empty; correct their formulas or write the values.",
    "sheet-errors.sheet": "cells of the sheet are in error (#N/A, #REF!…: {number}, the first one in {cell}); correct their formulas or write the values.",
    "sheet-uncalculated": "formulas of the sheet have no stored result (number: {number}, the first one in {cell}) and are read as empty; open the workbook in your spreadsheet software, save it and upload that file.",
    "sheet-chosen": "the workbook has other sheets ({others}), which were not checked; only “{sheet}” was, put each table in a file of its own.",
    "title-lines": "the table does not start on the first line (number of lines above the header: {number}); delete them, the column names must come first.",
    "header-two-rows": "the header takes two rows, which were read together; keep a single one, with the standard's names.",
    "unmatched-header": "none of the first lines is the header of standard {standard}; put the column names ({known}…) on the first one, or choose the standard of this table.",
    "unmatched-header.renamed": "no column has exactly a name of standard {standard} (columns that look like one: {number}); rename them as is said of each.",
    "missing-label": "this required column is missing; add it and fill it on every row.",
    "missing-label.misspelt": "“{value}” must be written exactly “{field}”; rename the column.",
    "missing-label.title": "“{value}” is the title of this column, which must be written exactly “{field}”; rename the column.",
    "missing-label.alias": "“{value}” is another name of this column, which must be written exactly “{field}”; rename the column.",
    "missing-label.near": "this required column is missing, “{value}” looks like it; if it is the one, rename it exactly “{field}”, else add it.",
    "missing-optional-label": "this optional column is missing; you may add it, even empty.",
    "missing-optional-label.misspelt": "“{value}” must be written exactly “{field}”; rename the column.",
    "missing-optional-label.title": "“{value}” is the title of this column, which must be written exactly “{field}”; rename the column.",
    "missing-optional-label.alias": "“{value}” is another name of this column, which must be written exactly “{field}”; rename the column.",
    "missing-optional-label.near": "this optional column is missing, “{value}” looks like it; if it is the one, rename it exactly “{field}”.",
    "duplicate-label": "this column name appears several times; keep one column of this name.",
    "extra-label": "“{value}” is not part of the standard; the column is not checked, remove it or keep it knowingly.",
    "extra-label.blank": "column {letter} has no name; name it or remove it.",
    "label-order": "the columns are not in the standard's order; they were read by name, reorder them if possible.",
    "table-without-rows": "the file has no data row under its header; check the export.",
    "table-too-long": "the file exceeds {limit} rows, the check stopped here; split the file.",
    "table-too-wide": "the sheet goes as far as column {value}, the maximum is {limit} columns; delete what is to the right of the table.",
    "table-too-wide.text": "the table goes as far as column {value}, the maximum is {limit} columns; delete the columns and separators in excess.",
    "cell-too-long": "this cell exceeds {limit} characters; look for a quote never closed, or shorten it.",
    "cell-too-long.record": "this row exceeds {limit} characters; look for a quote never closed, or for repeated separators, and correct it.",
    "table-incomplete": "the standard also asks for the verification “{name}”, which is not made here; look yourself at the columns that it concerns.",
    "cell-too-long.sheet": "the text of this cell exceeds {limit} characters; shorten it.",
    "blank-row": "the row is empty; delete it.",
    "missing-cell": "the row is too short, this cell is missing; check the number of separators.",
    "delimiter-mixed": "the columns of the header are separated by “{value}”, those of the rows by “{other}”; use the same separator everywhere.",
    "total-row": "this row seems to be a total; delete it, the table only holds data.",
    "note-row": "this row seems to be a note and no data; delete it, or put it in the description of the dataset.",
    "header-repeated": "this row repeats the names of the columns; delete it.",
    "quote-open": "a quote opened on this line is never closed, and all that follows is read as one text; close it, or take it out.",
    "quote-unclosed": "a quote opened on this line is probably not closed on it, and what follows is read as one text; close it on this line, or take it out.",
    "extra-cell": "the row has one cell too many (“{value}”); a separator or a decimal comma is probably not quoted.",
    "type-error": "“{value}” does not have the expected form; correct this value[, on the model of {example}].",
    "type-error.date": "“{value}” is not a date written YYYY-MM-DD; write it so[, on the model of {example}].",
    "type-error.year": "“{value}” is not a four-digit year; write it so[, on the model of {example}].",
    "type-error.number": "“{value}” is not a number; use a point before decimals, without blanks or unit[, such as {example}].",
    "type-error.integer": "“{value}” is not a whole number; write digits alone, without decimals, blanks or unit[, such as {example}].",
    "type-error.boolean": "“{value}” is not an accepted answer; write one of the standard's words[, {yes} or {no}].",
    "constraint-error": "“{value}” breaks this column's rule ({limit}); correct this value[, on the model of {example}].",
    "constraint-error.required": "the cell is empty but required; fill it[, for example: {example}].",
    "constraint-error.enum": "“{value}” is not an accepted value; choose among: {limit}.",
    "constraint-error.pattern": "“{value}” does not have the expected form; write this value again[, on the model of {example}].",
    "constraint-error.maxLength": "the text has {length} characters, the maximum is {limit}; shorten it.",
    "constraint-error.minLength": "the text is too short, at least {limit} character(s) are needed; complete it.",
    "constraint-error.minimum": "“{value}” is too small, the minimum is {limit}; correct this value[, for example: {example}].",
    "constraint-error.maximum": "“{value}” is too large, the maximum is {limit}; correct this value[, for example: {example}].",
    "french-siret-value": "“{value}” is not a valid SIRET (14 digits and check digit); look it up in the directory of companies.",
    "unique-error": "this value is already that of line {line}, while the column accepts no two alike; correct either of them.",
    "primary-key": "this row has the same key ({fields}) as line {line}; correct one of the two, or delete it if it repeats the other.",
    "primary-key.empty": "no column of the key ({fields}) is filled; fill them, they tell this row from the others.",
    "one-of-required": "neither {first} nor {second} is filled; fill at least one of them.",
    "one-of-required.absent": "the file has neither a column {first} nor a column {second}; add at least one of them.",
    "one-of-required.misnamed": "neither {first} nor {second} could be read, “{label}” seems to be the column {name}; rename that one first.",
    "amount-nan": "“{value}” is no amount, even though the standard accepts it; write the amount in digits, or correct the computation that gave this.",
    "amount-negative": "“{value}” is negative; check that it is a repayment or a cancellation, else remove the sign.",
    "amount-zero": "the amount is zero; check it, and remove the row if nothing was granted.",
    "amount-unusual": "“{value}” is a number that few tools can read; write it in digits, with a point before decimals[, such as {example}].",
    "period-impossible": "“{value}” is not in the calendar; check the month and the day, in the order YYYY-MM-DD.",
    "period-reversed": "the period “{value}” ends before it starts; check its two dates, the start comes first.",
    "shares-not-whole": "the shares of this grant, added up (number of rows: {number}), make {sum} instead of 1; check the share of each beneficiary, 0.5 for a half.",
    "siret-rounded": "“{value}” has probably lost its last digits, which a spreadsheet replaces with zeros; take this SIRET again from its source, in a column of text.",
    "reference-date-like": "“{value}” looks like a date, which a spreadsheet may have made of the reference; check it, and make the column one of text.",
    "probable-duplicate": "this row repeats line {line} (same decision, beneficiary, purpose and amount); delete it if it is the same grant.",
    "budget-line-differs": "the grants of {exercice} make {montant}, {ecart} more than the year's budget opens for them ({etape}, {budget}); check that none counts twice or bears the amount of several years.",
    "budget-zero-lost": "“{value}” has probably lost its zero, “{proposal}” is what goes with the rest of the row; correct this code, and make the column one of text.",
    "several-values": "the column holds {number} different values, among them “{value}”; a file should be about a single budget.",
    "siret-differs": "the file's SIRET ({file}) is not the form's ({form}); correct either.",
    "exercice-differs": "the file's exercice ({file}) is not the form's ({form}); correct either.",
    "etape-differs": "the file's stage ({file}) is not the form's ({form}); correct either.",
}

REFUSALS = {
    "folder-missing": "this directory does not exist; create it, or correct its path in the setting that names it.",
    "file-unreadable": "it cannot be read; check that it is a file (or a directory), and its rights.",
    "file-too-large": "the file is over {limit} bytes; check that it is a schema.",
    "file-name": "“{name}” says neither the group, nor the name, nor the version; rename the file, for instance etalab_schema-irve-statique-2.3.1.json.",
    "not-json": "this is not JSON (line {line}, character {character}); correct that character, or download the schema again.",
    "not-json.text": "this is not JSON in UTF-8; download the schema again.",
    "not-table-schema": "this is not a Table Schema, which has a list “fields” that is not empty; take the schema.json that schema.data.gouv.fr publishes.",
    "name-differs": "the file's name says “{file}” and the schema “{schema}”; rename the file after the schema's “name”.",
    "version-differs": "the file's name says version {file} and the schema version {schema}; rename the file, or correct “version”.",
    "known-already": "{name} exists already; remove one of the two files, or give it another version.",
    "unique-too-many": "{number} rules of uniqueness (“unique” and “primaryKey”), the maximum is {limit}; keep the most useful ones.",
    "not-checked": "“{key}” is not checked here; remove it from the schema, knowing that.",
    "field-without-name": "column no. {position} of “fields” is not an object with a “name”; give it one.",
    "field-repeated": "two columns have this name; remove or rename one.",
    "unknown-type": "type “{value}” is unknown; choose among: {known}.",
    "unknown-format": "type {type} has no format “{value}”; choose among: {known}.",
    "unknown-format.date": "“{value}” is not a date format; write default, any, or a format like %d/%m/%Y.",
    "unknown-constraint": "constraint “{value}” is not for type {type}; remove it, or choose among: {known}.",
    "bad-value": "the value of “{key}”, {value}, is not one that Table Schema has here; correct it.",
    "required-misplaced": "“required” is in the wrong place and would do nothing; put it into “constraints”.",
    "true-and-false": "“{value}” means both true and false; remove it from trueValues or falseValues.",
    "same-characters": "“{value}” separates both thousands and decimals; correct groupChar or decimalChar.",
    "crossed": "no value can do, “{low}” is over “{high}”; correct either constraint.",
    "check-without-column": "rule {name} of custom_checks wants the name of a column as “{param}”, not “{value}”; correct it.",
    "pattern.invalid": "pattern “{value}” is not a regular expression ({detail}); correct it.",
    "pattern.lookaround": "pattern “{value}” looks ahead or behind ((?=…), (?!…), (?<=…)), which may take for ever; write it without.",
    "pattern.backreference": "pattern “{value}” refers to one of its groups, which may take for ever; write it without reference or condition.",
    "pattern.atomic": "pattern “{value}” has a group or a count that never goes back ((?>…), a++); write it without.",
    "pattern.boundary": "pattern “{value}” looks for a word boundary (\\b or \\B); say which characters surround the word instead.",
    "pattern.flags": "pattern “{value}” changes the rules on the way ((?i)…); write the characters allowed instead, like [Aa].",
    "pattern.too-long": "pattern “{value}” is too long; prefer a list of values (enum), or a simpler pattern.",
    "pattern.too-large": "pattern “{value}” repeats too much too often; 1,000 times at most, and bound the length with maxLength instead.",
}
CELL = "“{value}”, {what}; {remedy}."
"""One cell of which the cause is known: `what` and `remedy` are the cause's."""

WRITE = "write “{proposal}”"
COLUMN = "column {letter} ({field})"
LETTER = "column {letter}"
LETTERS_TO = "columns {first} to {last}"
LETTERS_AMONG = "between columns {first} and {last}"
LINES_TO = "lines {first} to {last}"
LINES_FROM = "from line {first} on"
TIMES = "{n} times"
FOR_INSTANCE = "for example"
ALONE = " (“{value}”)"
AMONG = " (“{value}”, for example)"
BECOMES = "; “{value}” becomes “{proposal}”"
EXAMPLE = "; for example “{value}” becomes “{proposal}”"

AMOUNT_NOUN = ("amount", "amounts")
NUMBER_NOUN = ("number", "numbers")

_TEXT_COLUMN = "and make the column one of text"
_BOTH_ENDS = "write the beginning and the end, YYYY-MM-DD/YYYY-MM-DD"
_OR_OTHER = "write the value, or leave the cell empty if the other column ({other}) is filled"
_ONE_OF = "write exactly one of the accepted values ({limit})"

CAUSES = {
    "comma": (
        "{n} {noun} with a comma",
        "{n} {noun} with a comma",
        "write a point instead of the comma",
    ),
    "comma-ambiguous": (
        "{n} {noun} with a comma before three digits",
        "{n} {noun} with a comma before three digits",
        "write a point instead, as in 1.234, or remove it if it separates thousands, as in 1234",
    ),
    "price-dash": (
        "{n} {noun} with a dash instead of cents",
        "{n} {noun} with a dash instead of cents",
        "write the digits alone, 1500 for 1500,-",
    ),
    "multiple": (
        "{n} {noun} in thousands or in millions",
        "{n} {noun} in thousands or in millions",
        "write all the digits, in euros, 12000 for 12 k€",
    ),
    "thousands": (
        "{n} {noun} with a thousands separator",
        "{n} {noun} with a thousands separator",
        "write the digits next to each other",
    ),
    "currency": (
        "{n} {noun} with a unit",
        "{n} {noun} with a unit",
        "write the digits alone, without € or word",
    ),
    "percent": (
        "{n} percentage instead of a share",
        "{n} percentages instead of shares",
        "write a share between 0 and 1, 0.8 for 80%",
    ),
    "date-dmy": (
        "{n} date written day first",
        "{n} dates written day first",
        "write the year first, YYYY-MM-DD",
    ),
    "date-slash": (
        "{n} date written with slashes",
        "{n} dates written with slashes",
        "write hyphens, YYYY-MM-DD",
    ),
    "datetime": ("{n} date followed by a time", "{n} dates followed by a time", "remove the time"),
    "year-only": (
        "{n} year alone instead of a date",
        "{n} years alone instead of dates",
        "write the month and the day too, YYYY-MM-DD",
    ),
    "two-years": (
        "{n} cell with two years instead of a date",
        "{n} cells with two years instead of a date",
        "write a single day, YYYY-MM-DD",
    ),
    "excel-serial": (
        "{n} date turned into a number of days",
        "{n} dates turned into numbers of days",
        "give the column the format YYYY-MM-DD in the spreadsheet before exporting",
    ),
    "period-underscore": (
        "{n} period joined by an underscore",
        "{n} periods joined by an underscore",
        "separate the two dates with a slash",
    ),
    "period-blanks": (
        "{n} period with blanks around the slash",
        "{n} periods with blanks around the slash",
        "take these out",
    ),
    "period-year": (
        "{n} year instead of a period",
        "{n} years instead of periods",
        _BOTH_ENDS,
    ),
    "period-two-years": (
        "{n} cell with two years instead of a period",
        "{n} cells with two years instead of a period",
        _BOTH_ENDS,
    ),
    "period-month": (
        "{n} month instead of a period",
        "{n} months instead of periods",
        _BOTH_ENDS,
    ),
    "period-several": (
        "{n} cell with several periods",
        "{n} cells with several periods",
        "keep a single period, from the first payment to the last",
    ),
    "siret-scientific": (
        "{n} SIRET in scientific notation",
        "{n} SIRETs in scientific notation",
        f"take the 14 digits again from the source, {_TEXT_COLUMN}",
    ),
    "siret-trailing-zero": (
        "{n} SIRET followed by “.0”",
        "{n} SIRETs followed by “.0”",
        f"remove the point and the zero, {_TEXT_COLUMN}",
    ),
    "siret-lost-zero": (
        "{n} SIRET without its leading zero",
        "{n} SIRETs without their leading zero",
        f"write the zero again, {_TEXT_COLUMN}",
    ),
    "siret-blanks": (
        "{n} SIRET with blanks or other signs",
        "{n} SIRETs with blanks or other signs",
        "write the 14 digits next to each other",
    ),
    "siret-siren": (
        "{n} SIREN instead of a SIRET",
        "{n} SIRENs instead of SIRETs",
        "add the 5 digits of the establishment, which the directory of companies gives",
    ),
    "siret-rounded": (
        "{n} SIRET whose end was replaced with zeros",
        "{n} SIRETs whose end was replaced with zeros",
        f"take the 14 digits again from the source, {_TEXT_COLUMN}",
    ),
    "siret-key": (
        "{n} SIRET with a wrong check digit",
        "{n} SIRETs with a wrong check digit",
        "look the 14 digits up in the directory of companies",
    ),
    "boolean-case": (
        "{n} answer with other capitals",
        "{n} answers with other capitals",
        "copy the standard's word[, {yes} or {no}]",
    ),
    "boolean-words": (
        "{n} answer in other words",
        "{n} answers in other words",
        "write one of the standard's words[, {yes} or {no}]",
    ),
    "enum-case": (
        "{n} value with other capitals",
        "{n} values with other capitals",
        _ONE_OF,
    ),
    "enum-blanks": ("{n} value with blanks too many", "{n} values with blanks too many", _ONE_OF),
    "enum-near": (
        "{n} value close to an accepted one",
        "{n} values close to an accepted one",
        _ONE_OF,
    ),
    "rna-case": (
        "{n} RNA number in lower case",
        "{n} RNA numbers in lower case",
        "write a capital W",
    ),
    "rna-local": (
        "{n} RNA number with other letters (Alsace-Moselle, overseas)",
        "{n} RNA numbers with other letters (Alsace-Moselle, overseas)",
        "the standard does not accept them, give the SIRET and leave this cell empty",
    ),
    "too-long": ("{n} text too long", "{n} texts too long", "{limit} characters at most, shorten"),
    "empty": ("{n} empty cell", "{n} empty cells", "a value is required[, such as {example}]"),
    "placeholder": (
        "{n} mention instead of a value",
        "{n} mentions instead of a value",
        "write the value, or leave the cell empty",
    ),
    "placeholder.other": (
        "{n} mention instead of a value",
        "{n} mentions instead of a value",
        _OR_OTHER,
    ),
    "placeholder.required": (
        "{n} mention instead of a required value",
        "{n} mentions instead of a required value",
        "write the value",
    ),
    "blanks": (
        "{n} value with blanks or line ends around it",
        "{n} values with blanks or line ends around them",
        "take these out",
    ),
    "blanks.other": (
        "{n} cell that holds blanks only",
        "{n} cells that hold blanks only",
        _OR_OTHER,
    ),
    "excel-error": (
        "{n} spreadsheet error instead of a value",
        "{n} spreadsheet errors instead of values",
        "correct the formula or the width of the column, then export again",
    ),
    "words": (
        "{n} cell with words where digits are expected",
        "{n} cells with words where digits are expected",
        "write the value alone, and the rest in another column",
    ),
    "misdecoded": (
        "{n} value with damaged accents",
        "{n} values with damaged accents",
        "write the accents again and save the file as UTF-8",
    ),
    "too-short": (
        "{n} text too short",
        "{n} texts too short",
        "{limit} character(s) at least, complete",
    ),
    "code-label": (
        "{n} code followed by its label",
        "{n} codes followed by their label",
        "keep the code alone",
    ),
    "decimals": (
        "{n} number with decimals where a whole number is expected",
        "{n} numbers with decimals where a whole number is expected",
        "write a whole number",
    ),
    "minus-sign": (
        "{n} {noun} with a minus sign written wrong",
        "{n} {noun} with a minus sign written wrong",
        "write a hyphen before the number",
    ),
    "parentheses": (
        "{n} {noun} between parentheses",
        "{n} {noun} between parentheses",
        "write a hyphen before a negative number",
    ),
    "scientific": (
        "{n} {noun} in scientific notation",
        "{n} {noun} in scientific notation",
        "take all the digits from the source",
    ),
    "date-unpadded": (
        "{n} date without its zeros",
        "{n} dates without their zeros",
        "write the month and the day on two digits, YYYY-MM-DD",
    ),
    "date-words": (
        "{n} date in words or among other words",
        "{n} dates in words or among other words",
        "write the date alone, YYYY-MM-DD",
    ),
    "compact": (
        "{n} date with its digits stuck together",
        "{n} dates with their digits stuck together",
        "write hyphens, YYYY-MM-DD",
    ),
    "impossible": (
        "{n} date that does not exist",
        "{n} dates that do not exist",
        "check the month and the day, YYYY-MM-DD",
    ),
    "month-only": (
        "{n} month instead of a date",
        "{n} months instead of dates",
        "write the day too, YYYY-MM-DD",
    ),
    "date-several": (
        "{n} cell with several dates",
        "{n} cells with several dates",
        "keep a single one, YYYY-MM-DD",
    ),
    "period-separator": (
        "{n} period whose two dates are parted wrong",
        "{n} periods whose two dates are parted wrong",
        "part them with a slash",
    ),
    "period-dmy": (
        "{n} period with the day first",
        "{n} periods with the day first",
        "write YYYY-MM-DD/YYYY-MM-DD",
    ),
    "period-words": (
        "{n} period in words or among other words",
        "{n} periods in words or among other words",
        "write YYYY-MM-DD/YYYY-MM-DD",
    ),
    "enum-accents": (
        "{n} value without its accents",
        "{n} values without their accents",
        _ONE_OF,
    ),
    "siret-quote": (
        "{n} SIRET in quotes or after an apostrophe",
        "{n} SIRETs in quotes or after an apostrophe",
        f"write the 14 digits alone, {_TEXT_COLUMN}",
    ),
    "siret-letters-like": (
        "{n} SIRET with letters instead of digits",
        "{n} SIRETs with letters instead of digits",
        "write 0 for O, 1 for l or I",
    ),
    "siret-words": (
        "{n} SIRET among other words",
        "{n} SIRETs among other words",
        "write the 14 digits alone",
    ),
    "siret-several": (
        "{n} cell with several SIRETs",
        "{n} cells with several SIRETs",
        "keep a single one, or make one row per beneficiary",
    ),
    "siret-siren-zeros": (
        "{n} SIREN followed by five zeros",
        "{n} SIRENs followed by five zeros",
        "give the 5 digits of the establishment, as the directory of companies does",
    ),
    "siret-length": (
        "{n} SIRET that has not 14 digits",
        "{n} SIRETs that have not 14 digits",
        "check the 14 digits in the directory of companies",
    ),
    "siret-tva": (
        "{n} VAT number instead of a SIRET",
        "{n} VAT numbers instead of SIRETs",
        "look the SIRET up in the directory of companies",
    ),
    "siret-foreign": (
        "{n} foreign number instead of a SIRET",
        "{n} foreign numbers instead of SIRETs",
        "the standard accepts a SIRET alone, look up that of the body",
    ),
    "siret-rna": (
        "{n} RNA number instead of a SIRET",
        "{n} RNA numbers instead of SIRETs",
        "to be moved to the column of the RNA number",
    ),
    "rna-blanks": (
        "{n} RNA number with blanks or other signs",
        "{n} RNA numbers with blanks or other signs",
        "write W and the 9 digits without anything between",
    ),
    "rna-length": (
        "{n} RNA number that has not 9 digits",
        "{n} RNA numbers that have not 9 digits",
        "check the letter W, then 9 digits",
    ),
    "rna-letter": (
        "{n} RNA number without its letter",
        "{n} RNA numbers without their letter",
        "check that it is an RNA number and write a W before it",
    ),
    "rna-siret": (
        "{n} SIRET instead of an RNA number",
        "{n} SIRETs instead of RNA numbers",
        "to be moved to the column of the SIRET",
    ),
    "rna-siren": (
        "{n} SIREN instead of an RNA number",
        "{n} SIRENs instead of RNA numbers",
        "give the SIRET in its column",
    ),
    "year-decimal": (
        "{n} year followed by decimals",
        "{n} years followed by decimals",
        "write the four digits alone",
    ),
    "year-date": (
        "{n} date instead of a year",
        "{n} dates instead of years",
        "write the year alone, on four digits",
    ),
    "year-words": (
        "{n} year among other words",
        "{n} years among other words",
        "write the four digits alone",
    ),
    "year-several": (
        "{n} cell with several years",
        "{n} cells with several years",
        "keep a single one",
    ),
}
"""By cause: one, many, what to do.  {noun} is one of the nouns above."""

REPEATED = {
    "type-error": ("{n} values written wrong", "correct them[, on the model of {example}]"),
    "type-error.date": ("{n} dates written wrong", "write YYYY-MM-DD[, such as {example}]"),
    "type-error.year": ("{n} years written wrong", "write four digits[, such as {example}]"),
    "type-error.number": (
        "{n} {noun} written wrong",
        "write digits with a point before decimals[, such as {example}]",
    ),
    "type-error.integer": (
        "{n} whole numbers written wrong",
        "write digits alone, without decimals[, such as {example}]",
    ),
    "type-error.boolean": (
        "{n} answers written wrong",
        "write one of the standard's words[, {yes} or {no}]",
    ),
    "constraint-error": (
        "{n} values that break the column's rule ({limit})",
        "correct them[, on the model of {example}]",
    ),
    "constraint-error.required": ("{n} empty cells", "a value is required[, such as {example}]"),
    "constraint-error.enum": ("{n} values that are not accepted", "choose among {limit}"),
    "constraint-error.pattern": (
        "{n} values without the expected form",
        "write them again[, on the model of {example}]",
    ),
    "constraint-error.maxLength": ("{n} texts too long", "{limit} characters at most, shorten"),
    "constraint-error.minLength": (
        "{n} texts too short",
        "{limit} character(s) at least, complete",
    ),
    "constraint-error.minimum": (
        "{n} values too small",
        "{limit} at least[, for example {example}]",
    ),
    "constraint-error.maximum": (
        "{n} values too large",
        "{limit} at most[, for example {example}]",
    ),
    "french-siret-value": (
        "{n} invalid SIRETs",
        "look the 14 digits up in the directory of companies",
    ),
    "totem-personal-data": (
        "{n} annexes that hold personal data",
        "mask them, for instance with “scdl mask”, before publishing this file",
    ),
    "totem-masked": (
        "{n} annexes of which personal data were masked (article L311-7 of the CRPA)",
        "keep your original file",
    ),
    "unique-error": ("{n} values that another row has already", "correct either of them"),
    "primary-key": (
        "{n} rows that have the key of another ({fields})",
        "correct one of the two, or delete that which repeats the other",
    ),
    "primary-key.empty": ("{n} rows without a key ({fields})", "fill these columns"),
    "one-of-required": ("{n} rows with neither {first} nor {second}", "fill at least one of them"),
    "one-of-required.misnamed": (
        "{n} rows with neither {first} nor {second}",
        "“{label}” seems to be the column {name}, rename that one first",
    ),
    "blank-row": ("{n} empty rows", "delete them"),
    "missing-cell": ("{n} missing cells, the rows are too short", "check the number of separators"),
    "total-row": (
        "{n} rows that seem to be totals",
        "delete them, the table only holds data",
    ),
    "note-row": (
        "{n} rows that seem to be notes and no data",
        "delete them, or put them in the description of the dataset",
    ),
    "header-repeated": ("{n} rows that repeat the names of the columns", "delete them"),
    "quote-unclosed": (
        "{n} quotes not closed on their line, what follows is read as one text",
        "close them, or take them out",
    ),
    "extra-cell": (
        "{n} cells too many, the rows are too long",
        "a separator or a decimal comma is probably not quoted",
    ),
    "extra-label": (
        "{n} columns that are not part of the standard",
        "they are not checked, remove them or keep them knowingly",
    ),
    "extra-label.blank": ("{n} columns without a name", "name them or remove them"),
    "amount-nan": (
        "{n} amounts that are none",
        "write them in digits, or correct the computation that gave this",
    ),
    "amount-negative": ("{n} negative amounts", "check that they are repayments or cancellations"),
    "amount-zero": (
        "{n} amounts of zero",
        "check them, and remove the rows where nothing was granted",
    ),
    "amount-unusual": (
        "{n} {noun} that few tools can read",
        "write them in digits, with a point before decimals[, such as {example}]",
    ),
    "period-impossible": (
        "{n} periods that are not in the calendar",
        "check the month and the day, in the order YYYY-MM-DD",
    ),
    "period-reversed": (
        "{n} periods that end before they start",
        "check their two dates, the start comes first",
    ),
    "shares-not-whole": (
        "{n} grants whose shares do not make 1",
        "check the share of each beneficiary, 0.5 for a half",
    ),
    "siret-rounded": (
        "{n} SIRETs whose end was replaced with zeros",
        f"take the 14 digits again from the source, {_TEXT_COLUMN}",
    ),
    "reference-date-like": ("{n} references that look like a date", f"check them, {_TEXT_COLUMN}"),
    "probable-duplicate": ("{n} rows that repeat another", "delete them if it is the same grant"),
    "budget-zero-lost": ("{n} codes that lost their zero", f"correct them, {_TEXT_COLUMN}"),
}
"""By code, and rule where the code has several: many, what to do.  One alone has its sentence."""

EXPECTED = {
    "file-too-large": "{limit} MB at most",
    "totem-siret-invalid": "14 digits, with a right check digit",
    "totem-exercice-invalid": "a four-digit year, such as 2024",
    "totem-etape-unknown": "01, 02, 03, 09 or 10",
    "totem-nomenclature-unknown.slip": "one of the nomenclatures: {known}",
    "totem-code-invalid": "one of the codes: {known}",
    "totem-amount-invalid": "a number with a point, such as 1234.50",
    "totem-text-too-long": "{limit} characters at most",
    "encoding-error": "a text in UTF-8",
    "encoding-not-utf8": "a text in UTF-8",
    "delimiter-not-comma": "the comma",
    "title-lines": "the header on the first line",
    "header-two-rows": "a header of a single row",
    "unmatched-header": "the column names on the first line ({known}…)",
    "missing-label": "a column called {field}",
    "missing-optional-label": "a column called {field}",
    "duplicate-label": "a single column of this name",
    "label-order": "the standard's order",
    "table-without-rows": "at least one row under the header",
    "table-too-long": "{limit} rows at most",
    "cell-too-long": "{limit} characters at most",
    "missing-cell": "as many cells as the header",
    "extra-cell": "as many cells as the header",
    "type-error": "a value of the expected form[, such as {example}]",
    "type-error.date": "a date YYYY-MM-DD[, such as {example}]",
    "type-error.year": "a four-digit year[, such as {example}]",
    "type-error.number": "a number with a point[, such as {example}]",
    "type-error.integer": "a whole number[, such as {example}]",
    "type-error.boolean": "one of the standard's words[, {yes} or {no}]",
    "constraint-error": "{limit}[, such as {example}]",
    "constraint-error.required": "a value[, such as {example}]",
    "constraint-error.enum": "one of the values: {limit}",
    "constraint-error.pattern": "a value of the expected form[, such as {example}]",
    "constraint-error.maxLength": "{limit} characters at most",
    "constraint-error.minLength": "{limit} character(s) at least",
    "constraint-error.minimum": "{limit} at least",
    "constraint-error.maximum": "{limit} at most",
    "french-siret-value": "14 digits, with a right check digit",
    "unique-error": "a value per row, never the same twice",
    "primary-key": "values that no other row has in {fields}",
    "one-of-required": "{first} or {second} filled",
    "one-of-required.misnamed": "a column named {name}",
    "amount-nan": "an amount in digits",
    "amount-unusual": "a number with a point[, such as {example}]",
    "period-impossible": "YYYY-MM-DD, or YYYY-MM-DD/YYYY-MM-DD",
    "period-reversed": "the start before the end",
    "shares-not-whole": "shares that add up to 1",
    "siret-rounded": "14 digits, with a right check digit",
    "several-values": "a single value in the whole column",
    "siret-differs": "{form}, as in the form",
    "exercice-differs": "{form}, as in the form",
    "etape-differs": "{form}, as in the form",
}
"""The expected form as a phrase, by code and rule; none where the sentence alone can tell."""

PATTERNS = {
    r"^\d{14}$": "14 digits",
    r"^W\d{9}$": "the letter W followed by 9 digits",
    r"^[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?$": "YYYY-MM-DD, or YYYY-MM-DD/YYYY-MM-DD",
}
"""The standards' regular expressions, in words."""

LABELS = {
    "title": "Check report",
    "causes": "Causes",
    "to-correct": "To be corrected",
    "to-look-at": "To be looked at",
    "cells": "Finding by finding",
    "reading": "How the file was read",
    "totals": "Totals",
    "level": "Level",
    "code": "Code",
    "count": "Number",
    "row": "Row of the table",
    "line": "Line of the file",
    "first": "First line",
    "last": "Last line",
    "column": "Column",
    "field": "Field",
    "element": "Element",
    "value": "Value",
    "message": "What is wrong and what to do",
    "expected": "Expected form",
    "proposal": "Proposal",
    "name": "File",
    "format": "Format",
    "encoding": "Encoding",
    "delimiter": "Separator",
    "sheet": "Sheet",
    "header_row": "Row of the header",
    "rows": "Rows of data",
    "columns": "Columns",
    "sha256": "SHA-256 digest",
}
"""Titles and column headings of a report."""

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LISTED = "{listed} findings listed out of {all}; the totals count them all."
