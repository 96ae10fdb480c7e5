"""Fictitious budgets and subsidy tables: same arguments, same bytes; standard library only.

Towns, associations and amounts are invented.  Shared by the tests of the library and of the portal
and by the demonstration.

    budget_xml(nom="Commune de Fontargent", exercice="2024")      -> bytes of a balanced TOTEM
    subventions_csv(lignes=40)                                   -> bytes of a subsidy table
    bad_budgets(), bad_tables()                                  -> {name: Bad(content, code)}
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import quoteattr

NAMESPACE = "http://www.minefi.gouv.fr/cp/demat/docbudgetaire"
COMPTABLE_NAMESPACE = "http://www.minefi.gouv.fr/cp/demat/doccomptable"
CFU_NAMESPACE = "http://www.minefi.gouv.fr/cp/demat/doccfu"
ETAPES = {
    "budget primitif": "01",
    "décision modificative": "02",
    "budget supplémentaire": "03",
    "compte administratif": "09",
}
CENT = Decimal("0.01")


def siret(rank: int = 0, *, siren_start: str = "21000") -> str:
    """A SIRET that is Luhn-valid and belongs to nobody known: the rank-th of its kind."""
    establishment, organisation = divmod(rank, 10 ** (8 - len(siren_start)))
    siren = _with_key(f"{siren_start}{organisation:0{8 - len(siren_start)}d}")
    return _with_key(f"{siren}{establishment + 1:04d}")


def _with_key(digits: str) -> str:
    return next(digits + key for key in "0123456789" if luhn(digits + key))


def luhn(digits: str) -> bool:
    """True when the last digit is the Luhn key of the others."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + rank % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@dataclass(frozen=True)
class Ligne:
    """A budget line: nature, chapitre, sens (R or D), ordre, montant voté, and its function."""

    nature: str
    chapitre: str
    sens: str
    montant: Decimal
    fonction: str = ""
    ordre: bool = False
    type_ordre: str = ""
    operation: str = ""

    @property
    def section(self) -> str:
        """ "F" or "I", as the chapters of this module's lines have it."""
        chapitres_f = {"002", "011", "012", "014", "022", "023", "042"}
        return "F" if self.chapitre in chapitres_f or self.chapitre[:1] in "67" else "I"


DEPENSES_F = ("60612", "60632", "6064", "611", "615221", "6156", "6231", "6262", "64111", "64131")
RECETTES_F = ("7062", "7067", "73111", "73211", "752")
DEPENSES_I = ("2051", "2031", "2111", "21318", "2151", "2188", "2313", "2315")
RECETTES_I = ("10222", "1321", "1323")
FONCTIONS = ("01", "020", "211", "212", "311", "312", "411", "510", "20")
SUBVENTION_ARTICLE = {"M14": "6574"}
CHAPITRES = {"60": "011", "61": "011", "62": "011", "64": "012"}


def lignes_budget(
    nombre: int = 60, *, nomenclature: str = "M57-M57_D", seed: int = 1
) -> list[Ligne]:
    """At least `nombre` lines (never fewer than 31), each section balanced to the cent."""
    rng = random.Random(seed)
    libres = max(0, nombre - 16)
    lignes = list(_ordinaires(rng, libres, nomenclature))
    lignes += [
        Ligne("022", "022", "D", _montant(rng, 2000)),
        Ligne("020", "020", "D", _montant(rng, 3000)),
        Ligne("002", "002", "R", _montant(rng, 90000)),
        Ligne("001", "001", "D", _montant(rng, 1000)),
        Ligne("66111", "66", "D", _montant(rng, 8000)),
        Ligne("1641", "16", "D", _montant(rng, 30000)),
    ]
    lignes += _ordres(rng)
    return lignes + _equilibre(lignes)


def _ordinaires(rng: random.Random, nombre: int, nomenclature: str) -> Iterator[Ligne]:
    norme = nomenclature.partition("-")[0]
    subvention = SUBVENTION_ARTICLE.get(norme, "65748")
    natures = [
        *(("D", n) for n in (*DEPENSES_F, subvention)),
        *(("R", n) for n in RECETTES_F),
        *(("D", n) for n in DEPENSES_I),
        *(("R", n) for n in RECETTES_I),
    ]
    for rank in range(max(nombre, 15)):
        sens, nature = natures[rank % len(natures)]
        moyenne = 40000 if sens == "R" and nature[0] == "7" else 12000
        operation = "101" if nature.startswith("23") else ""
        yield Ligne(
            nature,
            _chapitre(nature, norme),
            sens,
            _montant(rng, moyenne),
            FONCTIONS[rank % len(FONCTIONS)],
            operation=operation,
        )


def _chapitre(nature: str, norme: str) -> str:
    if nature == "73111" and norme == "M57":
        return "731"
    return CHAPITRES.get(nature[:2], nature[:2])


def _montant(rng: random.Random, moyenne: int) -> Decimal:
    return Decimal(rng.randrange(moyenne * 50, moyenne * 150)) * CENT


def _ordres(rng: random.Random) -> list[Ligne]:
    dotation, reprise, patrimonial = (_montant(rng, m) for m in (15000, 3000, 5000))
    return [
        Ligne("6811", "042", "D", dotation, ordre=True, type_ordre="2"),
        Ligne("28188", "040", "R", dotation, ordre=True, type_ordre="2"),
        Ligne("777", "042", "R", reprise, ordre=True, type_ordre="2"),
        Ligne("13911", "040", "D", reprise, ordre=True, type_ordre="2"),
        Ligne("2313", "041", "D", patrimonial, ordre=True, type_ordre="1"),
        Ligne("2031", "041", "R", patrimonial, ordre=True, type_ordre="1"),
    ]


def _equilibre(lignes: list[Ligne]) -> list[Ligne]:
    """Taxes so that operations leave a surplus, its transfer 023 = 021, a loan for the rest."""
    virement = Decimal("25000.00")
    impots = _solde(lignes, "F") + virement
    ajout = [
        Ligne("73111", _chapitre("73111", "M57"), "R", max(impots, CENT)),
        Ligne("023", "023", "D", virement + max(CENT - impots, Decimal(0)), ordre=True),
    ]
    virement = ajout[1].montant
    ajout.append(Ligne("021", "021", "R", virement, ordre=True))
    emprunt = _solde([*lignes, *ajout], "I")
    if emprunt >= 0:
        return [*ajout, Ligne("1641", "16", "R", emprunt)]
    return [*ajout, Ligne("2188", "21", "D", -emprunt)]


def _solde(lignes: list[Ligne], section: str) -> Decimal:
    """Dépenses minus recettes of a section."""
    signes = {"D": 1, "R": -1}
    return sum((signes[x.sens] * x.montant for x in lignes if x.section == section), Decimal(0))


def budget_xml(
    *,
    siret_etab: str | None = None,
    nom: str = "COMMUNE DE FONTARGENT",
    etablissement: str = "BUDGET PRINCIPAL",
    exercice: str = "2024",
    etape: str = "budget primitif",
    nomenclature: str = "M57-M57_D",
    lignes: int = 60,
    annexe: bool = False,
    projet: bool = False,
    encoding: str = "ISO-8859-1",
    prefix: str = "",
    seed: int = 1,
    detail: list[Ligne] | None = None,
) -> bytes:
    """A TOTEM document; a third of its lines has no ContNat, as in the files of small towns.

    siret_etab: default `siret()`; etape: a key of ETAPES; prefix: namespace prefix of the elements;
    detail: these lines instead of generated ones.
    """
    detail = detail or lignes_budget(lignes, nomenclature=nomenclature, seed=seed)
    body = "\n".join(
        _ligne_xml(ligne, etape, with_contnat=rank % 3 != 2) for rank, ligne in enumerate(detail)
    )
    text = TEMPLATE.format(
        encoding=encoding,
        namespace=NAMESPACE,
        nom=quoteattr(nom),
        etablissement=quoteattr(etablissement),
        siret=quoteattr(siret_etab or siret()),
        nomenclature=quoteattr(nomenclature),
        natdec=ETAPES.get(etape, etape),
        exercice=quoteattr(exercice),
        projet="true" if projet else "false",
        type_budget="A" if annexe else "P",
        lignes=body,
    )
    return _prefixed(text, prefix).encode(encoding, errors="xmlcharrefreplace")


TEMPLATE = """<?xml version="1.0" encoding="{encoding}"?>
<DocumentBudgetaire xmlns="{namespace}">
   <VersionSchema V="113"/>
   <EnTeteDocBudgetaire>
      <DteStr V="2024-03-28"/>
      <LibellePoste V="TRÉSORERIE FICTIVE"/>
      <IdPost V="000000"/>
      <LibelleColl V={nom}/>
      <IdColl V={siret}/>
      <NatCEPL V="Commune"/>
   </EnTeteDocBudgetaire>
   <Budget>
      <EnTeteBudget>
         <LibelleEtab V={etablissement}/>
         <IdEtab V={siret}/>
         <CodColl V="100"/>
         <CodBud V="00"/>
         <Nomenclature V={nomenclature}/>
      </EnTeteBudget>
      <BlocBudget>
         <NatDec V="{natdec}"/>
         <Exer V={exercice}/>
         <ProjetBudget V="{projet}"/>
         <NatVote V="FcIc"/>
         <BudgPrec V="1"/>
         <ReprRes V="1"/>
         <NatFonc V="3"/>
         <CodTypBud V="{type_budget}"/>
      </BlocBudget>
      <InformationsGenerales>
         <Information Code="PopTot" V="1 234"/>
      </InformationsGenerales>
{lignes}
   </Budget>
</DocumentBudgetaire>
"""


def _ligne_xml(ligne: Ligne, etape: str, *, with_contnat: bool) -> str:
    children = [
        f'<Nature V="{ligne.nature}"/>',
        f'<Fonction V="{ligne.fonction}"/>' if ligne.fonction else "",
        f'<Operation V="{ligne.operation}"/>' if ligne.operation else "",
        f'<ContNat V="{ligne.chapitre}"/>' if with_contnat else "",
        '<ArtSpe V="false"/>',
        f'<CodRD V="{ligne.sens}"/>',
        *_montants(ligne, etape),
        f'<OpBudg V="{int(ligne.ordre)}"/>',
        f'<TypOpBudg V="{ligne.type_ordre}"/>' if ligne.type_ordre else "",
        f'<CaracSup Code="Section" V="{ligne.section}"/>',
    ]
    return f"      <LigneBudget>{''.join(children)}</LigneBudget>"


def _montants(ligne: Ligne, etape: str) -> list[str]:
    """The amounts that an étape fills; the transfers 021 and 023 are voted, never realised."""
    montant = ligne.montant
    if etape not in {"compte administratif", "10"}:
        return [f'<MtPropNouv V="{montant}"/>', f'<MtPrev V="{montant}"/>']
    realise = (montant * Decimal("0.9")).quantize(CENT)
    reel = [] if ligne.chapitre in {"021", "023"} else [f'<MtReal V="{realise}"/>']
    return ['<MtPrev V="0.00"/>', f'<CredOuv V="{montant}"/>', *reel]


def _prefixed(text: str, prefix: str) -> str:
    if not prefix:
        return text
    declared = text.replace(f'xmlns="{NAMESPACE}"', f'xmlns:{prefix}="{NAMESPACE}"')
    closed = declared.replace("</", f"</{prefix}:")
    parts = closed.split("<")
    return "<".join(f"{prefix}:{p}" if p and p[0].isalpha() else p for p in parts)


def cfu_xml(**arguments: object) -> bytes:
    """The same budget inside a CompteFinancierUnique, with a total line that must be skipped."""
    document = budget_xml(etape="10", encoding="UTF-8", **arguments).decode()  # type: ignore[arg-type]
    budget = document.partition("?>\n")[2]
    year = budget.partition('<Exer V="')[2][:4]
    total = '<LigneBudget calculated="true"><ContNat V="011"/><MtReal V="1.00"/></LigneBudget>'
    budget = budget.replace("      <LigneBudget>", f"      {total}\n      <LigneBudget>", 1)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<cfu:CompteFinancierUnique xmlns:cfu="{CFU_NAMESPACE}">\n'
        f'<DocumentComptable xmlns="{COMPTABLE_NAMESPACE}">\n'
        f'<EnteteComptable><Infos><Exercice V="{year}"/>\n'
        f'<Collectivite Siret="{siret()}"/></Infos></EnteteComptable>\n'
        f'<BudgetComptable SIRET="{siret()}"><Nomenclature V="M57_D"/></BudgetComptable>\n'
        "</DocumentComptable>\n"
        f"{budget}</cfu:CompteFinancierUnique>\n"
    ).encode()


COLUMNS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
ASSOCIATIONS = (
    "Les Amis du moulin",
    "Chorale de l'étang",
    "Club d'échecs du préau",
    "Jardins partagés de la Combe",
    "Football loisir de Fontargent",
    "Ludothèque des Trois Chênes",
)
OBJETS = ("Fonctionnement annuel", "Fête d'été", "Achat de matériel", "Ateliers pour les écoles")


def subventions_rows(
    *,
    siret_attribuant: str | None = None,
    nom: str = "Commune de Fontargent",
    exercice: str = "2024",
    lignes: int = 12,
    seed: int = 1,
) -> list[dict[str, str]]:
    """Conforming rows of scdl/subventions 2.1.1; one beneficiary in three has an RNA only."""
    rng = random.Random(seed)
    rows = []
    for rank in range(lignes):
        rna_only = rank % 3 == 2
        jour = f"{exercice}-{1 + rank % 12:02d}-{1 + rank % 28:02d}"
        values = (
            nom,
            siret_attribuant or siret(),
            jour,
            f"DEL-{exercice}-{rank + 1:03d}",
            ASSOCIATIONS[rank % len(ASSOCIATIONS)],
            "" if rna_only else siret(rank, siren_start="21999"),
            f"W{rank:09d}" if rna_only else "",
            OBJETS[rank % len(OBJETS)],
            str(_montant(rng, 2500)),
            "aide en numéraire",
            "unique",
            jour,
            "",
            "non",
            "1",
            "",
        )
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def to_csv(
    rows: list[dict[str, str]],
    *,
    columns: tuple[str, ...] = COLUMNS,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> bytes:
    """Rows as CSV bytes, header first."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode(encoding)


def subventions_csv(*, encoding: str = "utf-8", delimiter: str = ",", **arguments: object) -> bytes:
    """A conforming scdl/subventions table; arguments as for `subventions_rows`."""
    rows = subventions_rows(**arguments)  # type: ignore[arg-type]
    return to_csv(rows, encoding=encoding, delimiter=delimiter)


@dataclass(frozen=True)
class Bad:
    """A bad file and the one finding code that it must get."""

    content: bytes
    code: str


def bad_budgets() -> dict[str, Bad]:
    """Budgets that must be refused, each with exactly one error."""
    good = budget_xml(lignes=31)
    text = good.decode("iso-8859-1")

    def edited(old: str, new: str, count: int = 1) -> bytes:
        assert old in text
        return text.replace(old, new, count).encode("iso-8859-1")

    etab = f'<IdEtab V="{siret()}"/>'
    false_key = siret()[:-1] + str((int(siret()[-1]) + 1) % 10)
    header, _, rest = text.partition("   <Budget>")
    first, last = text.index("      <LigneBudget>"), text.rindex("   </Budget>")
    return {
        "vide": Bad(b"", "file-empty"),
        "pas-xml": Bad(b"Ceci est une lettre.\n", "not-xml"),
        "pdf": Bad(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "not-xml"),
        "zip": Bad(zipped(good), "not-xml"),
        "gzip-coupe": Bad(gzip.compress(good, mtime=0)[:-40], "gzip-malformed"),
        "html": Bad(b"<!DOCTYPE html><html><body>Connexion</body></html>", "not-xml"),
        "coupe": Bad(good[: len(good) // 2], "xml-truncated"),
        "mal-forme": Bad(edited("<CodBud", "<CodBud <"), "xml-malformed"),
        "encodage": Bad(good.replace(b"ISO-8859-1", b"UTF-8"), "xml-encoding"),
        "doctype": Bad(
            edited("<DocumentB", "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<DocumentB"), "xml-doctype"
        ),
        "balise-geante": Bad(edited("<CodBud ", "<CodBud " + 'a="" ' * 80_000), "xml-oversized"),
        "suite": Bad(good + b"<encore/>", "xml-malformed"),
        "entite": Bad(edited("COMMUNE DE", "&Eacute;TANG"), "xml-malformed"),
        "esperluette": Bad(edited("COMMUNE DE", "EAU & GAZ"), "xml-malformed"),
        "autre-espace": Bad(edited("cp/demat/docbudgetaire", "cp/autre"), "xml-other-root"),
        "autre-xml": Bad(b'<?xml version="1.0"?>\n<facture><ligne/></facture>', "xml-other-root"),
        "sans-budget": Bad(
            (header + "</DocumentBudgetaire>").encode("iso-8859-1"), "totem-budget-missing"
        ),
        "deux-budgets": Bad(
            (
                header + "   <Budget>" + rest.replace("   </Budget>", "   </Budget>\n   <Budget/>")
            ).encode("iso-8859-1"),
            "totem-budget-multiple",
        ),
        "sans-ligne": Bad(
            (text[:first] + text[last:]).encode("iso-8859-1"), "totem-budget-without-lines"
        ),
        "siret-court": Bad(edited(etab, f'<IdEtab V="{siret()[:-1]}"/>'), "totem-siret-invalid"),
        "siret-cle": Bad(edited(etab, f'<IdEtab V="{false_key}"/>'), "totem-siret-invalid"),
        "siret-zeros": Bad(edited(etab, f'<IdEtab V="{"0" * 14}"/>'), "totem-siret-invalid"),
        "sans-entete": Bad(
            (
                text[: text.index("      <EnTeteBudget>")]
                + text[text.index("      <BlocBudget>") :]
            ).encode("iso-8859-1"),
            "totem-block-missing",
        ),
        "budget-vide": Bad(
            (header + "   <Budget/></DocumentBudgetaire>").encode("iso-8859-1"),
            "totem-budget-without-lines",
        ),
        "siret-absent": Bad(edited(etab, ""), "totem-element-missing"),
        "exercice": Bad(
            edited('<Exer V="2024"/>', '<Exer V="deux mille"/>'), "totem-exercice-invalid"
        ),
        "exercice-absent": Bad(edited('<Exer V="2024"/>', ""), "totem-element-missing"),
        "etape": Bad(edited('<NatDec V="01"/>', '<NatDec V="77"/>'), "totem-etape-unknown"),
        "nomenclature": Bad(edited("M57-M57_D", "M57-M57_Z"), "totem-nomenclature-unknown"),
        "montant": Bad(edited('<MtPrev V="', '<MtPrev V="env. '), "totem-amount-invalid"),
        "nature-vide": Bad(
            edited('<Nature V="60612"/>', '<Nature V=""/>'), "totem-element-missing"
        ),
        "sens-absent": Bad(edited('<CodRD V="D"/>', ""), "totem-element-missing"),
        "sens": Bad(edited('<CodRD V="D"/>', '<CodRD V="X"/>'), "totem-code-invalid"),
        "type-operation": Bad(edited('<OpBudg V="0"/>', ""), "totem-element-missing"),
        "nature-longue": Bad(edited('V="60612"', 'V="6061200000"'), "totem-text-too-long"),
    }


def zipped(content: bytes, name: str = "budget.xml") -> bytes:
    """A ZIP archive of one file, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def bad_tables() -> dict[str, Bad]:
    """Subsidy tables that must be refused, each with exactly one error."""
    rows = subventions_rows()
    good = to_csv(rows)

    def cell(column: str, value: str) -> bytes:
        return to_csv([{**rows[0], column: value}, *rows[1:]])

    without = tuple(c for c in COLUMNS if c != "montant")
    return {
        "vide": Bad(b"", "file-empty"),
        "blancs": Bad(b" \n\n", "file-empty"),
        "pdf": Bad(b"%PDF-1.4\n", "not-csv"),
        "classeur": Bad(zipped(b"<x/>", "xl/workbook.xml"), "sheet-unreadable"),
        "zip": Bad(zipped(good, "subventions.csv"), "not-csv"),
        "html": Bad(b"<html><table><tr><td>1</td></tr></table></html>", "not-csv"),
        "xml": Bad(budget_xml(), "not-csv"),
        "octets-nuls": Bad(good[:900] + b"\0\0" + good[900:], "not-csv"),
        "octets-abimes": Bad(good + b"Fin \xff\xfe\n", "encoding-error"),
        "une-colonne": Bad(b"Liste\nLes Amis du moulin\n", "unmatched-header"),
        "sans-ligne": Bad(good.partition(b"\n")[0] + b"\n", "table-without-rows"),
        "colonne-absente": Bad(to_csv(rows, columns=without), "missing-label"),
        "casse": Bad(good.replace(b"objet", b"OBJET", 1), "missing-label"),
        "accent": Bad(good.replace(b"montant", "Montànt".encode(), 1), "missing-label"),
        "colonne-double": Bad(to_csv(rows, columns=(*COLUMNS, "objet")), "duplicate-label"),
        "date": Bad(cell("dateConvention", "28/03/2024"), "type-error"),
        "montant": Bad(cell("montant", "2 500,00 €"), "type-error"),
        "obligatoire": Bad(cell("objet", ""), "constraint-error"),
        "nature": Bad(cell("nature", "Numéraire"), "constraint-error"),
        "siret": Bad(cell("idBeneficiaire", "12345678900011"), "french-siret-value"),
        "sans-identifiant": Bad(cell("idBeneficiaire", ""), "one-of-required"),
        "ligne-vide": Bad(good + b"\n", "blank-row"),
        "ligne-longue": Bad(good.rstrip(b"\n") + b",trop\n", "extra-cell"),
        "guillemet": Bad(good + b'"' + b"a,b\n" * 300_000, "cell-too-long"),
    }
