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
    "not-conforming": "The file does not conform to {standard} {version}.",
    "unreadable": "The file is unreadable: it could not be checked.",
}
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
_UPLOAD_CSV = "save the table as CSV UTF-8 and upload that file."

SENTENCES = {
    "file-empty": "the file is empty; check the export and upload a file that holds the data.",
    "file-too-large": "the file exceeds {limit} MB; split it, or check that it is the right file.",
    "gzip-malformed": "the compressed file (gzip) is damaged or cut; make it again, or upload the XML uncompressed.",
    "gzip-oversized": "the compressed file (gzip) holds more than {limit} times its size, which no budget does; upload the XML uncompressed.",
    "not-xml": f"the file is not an XML file; {_UPLOAD_XML}",
    "not-xml.pdf": f"the file is a PDF, whatever its name says; {_UPLOAD_XML}",
    "not-xml.zip": "the file is a ZIP archive; unpack it and upload the XML file that it contains.",
    "not-xml.gzip": "the file is compressed (gzip); unpack it and upload the XML file.",
    "not-xml.spreadsheet": f"the file is a spreadsheet or an office document; {_UPLOAD_XML}",
    "not-xml.office": f"the file is an old Office document; {_UPLOAD_XML}",
    "not-xml.image": f"the file is an image; {_UPLOAD_XML}",
    "not-xml.html": f"the file is a web page (HTML); {_UPLOAD_XML}",
    "not-csv": f"the file is not a CSV table; {_UPLOAD_CSV}",
    "not-csv.pdf": f"the file is a PDF, which cannot be checked; for a budget, upload the XML export of your software, else {_UPLOAD_CSV}",
    "not-csv.zip": "the file is a ZIP archive; unpack it and upload the XML or CSV file that it contains.",
    "not-csv.gzip": "the file is compressed (gzip); unpack it and upload the XML or CSV file.",
    "not-csv.spreadsheet": f"the file is a spreadsheet (Excel, LibreOffice); {_UPLOAD_CSV}",
    "not-csv.office": f"the file is an old Office document (.xls, .doc); {_UPLOAD_CSV}",
    "not-csv.image": f"the file is an image; {_UPLOAD_CSV}",
    "not-csv.html": f"the file is a web page (HTML), whatever its name says; {_UPLOAD_CSV}",
    "not-csv.xml": f"the file is an XML file; {_UPLOAD_CSV}",
    "not-csv.utf-16": f"the file is encoded in UTF-16 (Excel's “Unicode text”); {_UPLOAD_CSV}",
    "not-csv.binary": f"the file contains null bytes, it is not text; {_UPLOAD_CSV}",
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
    "totem-desequilibre": "the section of {section} does not balance, its recettes make {recettes} and its dépenses {depenses}, a difference of {ecart}; check that no line is missing from the export.",
    "totem-desequilibre.deficit": "the section of {section} does not balance, its dépenses ({depenses}) exceed its recettes ({recettes}) by {ecart}; check that no line is missing from the export.",
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
    "encoding-not-utf8": "the file is encoded in {value}; it was read, but rather save it as UTF-8 so that accents survive everywhere.",
    "delimiter-not-comma": "columns are separated by “{value}”; the file was read, but the standard recommends the comma.",
    "header-unrecognised": "the first line is not the header of the standard {standard} (columns recognised: {number}); put the column names ({known}…) on the first line, with no title above.",
    "header-missing": "this required column is missing; add it and fill it on every row.",
    "header-missing-optional": "this optional column is missing; you may add it, even empty.",
    "header-misspelt": "“{value}” must be written exactly “{field}”; rename the column.",
    "header-duplicate": "this column name appears several times; keep one column of this name.",
    "header-extra": "“{value}” is not part of the standard; the column is not checked, remove it or keep it knowingly.",
    "header-extra.blank": "column number {position} has no name; name it or remove it.",
    "header-order": "the columns are not in the standard's order; they were read by name, reorder them if possible.",
    "table-without-rows": "the file has no data row under its header; check the export.",
    "table-too-long": "the file exceeds {limit} rows, the check stopped here; split the file.",
    "cell-too-long": "this row exceeds {limit} characters; look for a quote never closed, or for repeated separators, and correct it.",
    "blank-row": "the row is empty; delete it.",
    "missing-cell": "the row is too short, this cell is missing; check the number of separators.",
    "extra-cell": "the row has one cell too many (“{value}”); a separator or a decimal comma is probably not quoted.",
    "type-error": "“{value}” does not have the expected form; a valid example: {example}.",
    "type-error.date": "“{value}” is not a date written YYYY-MM-DD; write for example {example}.",
    "type-error.year": "“{value}” is not a four-digit year; write for example {example}.",
    "type-error.number": "“{value}” is not a number; use a point before decimals, without blanks or unit, such as {example}.",
    "type-error.boolean": "“{value}” is not an accepted answer; write oui or non, in lower case.",
    "constraint-error": "“{value}” breaks this column's rule ({limit}); a valid example: {example}.",
    "constraint-error.required": "the cell is empty but required; fill it, for example: {example}.",
    "constraint-error.enum": "“{value}” is not an accepted value; choose among: {limit}.",
    "constraint-error.pattern": "“{value}” does not have the expected form; write for example {example}.",
    "constraint-error.maxLength": "the text has {length} characters, the maximum is {limit}; shorten it.",
    "constraint-error.minLength": "the text is too short, at least {limit} character(s) are needed; complete it.",
    "constraint-error.minimum": "“{value}” is too small, the minimum is {limit}; correct this value, for example: {example}.",
    "constraint-error.maximum": "“{value}” is too large, the maximum is {limit}; correct this value, for example: {example}.",
    "french-siret-value": "“{value}” is not a valid SIRET (14 digits and check digit); look it up in the directory of companies.",
    "one-of-required": "neither {first} nor {second} is filled; fill at least one of them.",
    "amount-unusual": "“{value}” is a number that few tools can read; write it in digits, with a point before decimals, such as {example}.",
    "several-values": "the column holds {number} different values, among them “{value}”; a file should be about a single budget.",
    "siret-differs": "the file's SIRET ({file}) is not the form's ({form}); correct either.",
    "exercice-differs": "the file's exercice ({file}) is not the form's ({form}); correct either.",
    "etape-differs": "the file's stage ({file}) is not the form's ({form}); correct either.",
}
