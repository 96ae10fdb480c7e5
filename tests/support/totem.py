"""Budget XML of fictitious towns: every norm, every étape, any size, chosen defects.

Built from the plans of accounts themselves, so that a document without defect has no finding.  Same
arguments, same bytes.  `DEFECTS` names what can be wrong and the one code that must say so.

    document = make("M57-M57_D", 2024, "01", lignes=40, seed=3, defect="virement")
    document.xml()         -> bytes;  document.lignes -> what the table must hold, line by line
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from ckanext.scdl.conformity.budget import nomenclature
from ckanext.scdl.conformity.budget.nomenclature import Plan
from tests.generate import NAMESPACE, siret

NOMENCLATURES = tuple(sorted(set(nomenclature._index().values())))
ETAPES = {
    "01": "budget primitif",
    "02": "décision modificative",
    "03": "budget supplémentaire",
    "09": "compte administratif",
    "10": "compte administratif",
}
COMPTES = {"09", "10"}
ZERO = Decimal(0)
KINDS = {("D", "R"): "DR", ("R", "R"): "RR"}
RESERVED = {"001", "002", "021", "023", "040", "041", "042", "043", "951", "952", "953", "954"}
PEOPLE = (
    '<Annexes><DATA_CONCOURS><CONCOURS><LibOrgaBenef V="Personne inventée"/><MtSubv V="10.00"/>'
    "</CONCOURS></DATA_CONCOURS></Annexes>"
)


@dataclass(frozen=True)
class Ligne:
    """A line to write, and where it must be found again."""

    nature: str
    chapitre: str
    section: str
    sens: str
    montant: Decimal
    ordre: str = ""
    fonction: str = ""
    written: str | None = None
    operation: str = ""
    others: dict[str, Decimal] = field(default_factory=dict)

    def more(self, amount: Decimal) -> Ligne:
        return replace(self, montant=self.montant + amount)


@dataclass(frozen=True)
class Document:
    """A whole document."""

    nomenclature: str
    exercice: int
    etape: str
    lignes: Sequence[Ligne]
    nom: str = "COMMUNE DE VAL-FICTIF"
    projet: str = "false"
    with_chapters: bool = True
    prefix: str = ""
    encoding: str = "UTF-8"
    annexes: str = ""
    column: str = ""

    @property
    def is_account(self) -> bool:
        return self.etape in COMPTES

    def amounts(self, ligne: Ligne) -> dict[str, Decimal]:
        """The amounts of a line, by their element."""
        column = self.column or ("MtReal" if self.is_account else "MtPrev")
        given = {column: ligne.montant}
        if self.is_account and column == "MtReal":
            given["CredOuv"] = ligne.montant + Decimal("10.00")
        elif column == "MtPrev":
            given["MtPropNouv"] = ligne.montant
        return given | ligne.others

    def xml(self) -> bytes:
        """The document in its encoding."""
        p = self.prefix
        body = "\n".join(map(self._ligne, self.lignes))
        text = f"""<?xml version="1.0" encoding="{self.encoding}"?>
<DocumentBudgetaire xmlns="{NAMESPACE}">
<VersionSchema V="95"/>
<EnTeteDocBudgetaire><LibelleColl V={quoteattr(self.nom)}/><NatCEPL V="03"/></EnTeteDocBudgetaire>
<Budget>
<EnTeteBudget><LibelleEtab V="BUDGET PRINCIPAL"/><IdEtab V="{siret()}"/><CodColl V="1"/>
<CodBud V="00"/><Nomenclature V="{self.nomenclature}"/></EnTeteBudget>
<BlocBudget><NatDec V="{self.etape}"/><Exer V="{self.exercice}"/>
<ProjetBudget V="{self.projet}"/><CodTypBud V="P"/></BlocBudget>
{body}
{self.annexes}
</Budget>
</DocumentBudgetaire>
"""
        if p:
            text = text.replace("</", f"</{p}:").replace("<", f"<{p}:").replace(f"<{p}:/", "</")
            text = text.replace(f"<{p}:?xml", "<?xml").replace(" xmlns=", f" xmlns:{p}=")
        return text.encode(self.encoding, "xmlcharrefreplace")

    def _ligne(self, ligne: Ligne) -> str:
        written = ligne.chapitre if ligne.written is None else ligne.written
        cells = {
            "Nature": ligne.nature,
            "Fonction": ligne.fonction,
            "Operation": ligne.operation,
            "ContNat": written if self.with_chapters or ligne.written else "",
            "CodRD": ligne.sens,
            **{name: f"{amount:.2f}" for name, amount in self.amounts(ligne).items()},
            "OpBudg": "1" if ligne.ordre else "0",
            "TypOpBudg": {"OES": "2", "OIS": "1"}.get(ligne.ordre, ""),
        }
        inside = "".join(f"<{k} V={quoteattr(v)}/>" for k, v in cells.items() if v)
        return f"<LigneBudget>{inside}</LigneBudget>"


def make(
    name: str,
    exercice: int,
    etape: str,
    *,
    lignes: int = 30,
    seed: int = 0,
    defect: str = "",
    **options: object,
) -> Document:
    """A document without any finding, or with the one of the defect.  ValueError if the defect has
    no meaning at that étape."""
    plan = nomenclature.find_plan(name, exercice)
    assert plan is not None
    builder = _Builder(plan, random.Random(f"{name}{exercice}{etape}{lignes}{seed}"))
    document = Document(name, exercice, etape, builder.lignes(lignes), **options)
    return _with(document, defect, builder) if defect else document


class _Builder:
    """Lines that the plan allows, and that balance."""

    def __init__(self, plan: Plan, rng: random.Random) -> None:
        self.plan, self.rng = plan, rng
        self.real = {
            (section, sens): self._accounts(section, sens)
            for section in ("fonctionnement", "investissement")
            for sens in "DR"
        }
        # those of a budget voted by nature: one voted by function has a ContFon on each line
        self.fonctions = [code for code in plan.fonctions if code[:1] != "9"] or [""]

    def _accounts(self, section: str, sens: str) -> list[tuple[str, str]]:
        """Nature and chapter of the réel accounts on that side."""
        found = []
        for compte in self.plan.comptes.values():
            chapitre = self.plan.chapitres.get(compte.chapitres.get(f"{sens}R", ""))
            if chapitre and chapitre.section == section and chapitre.code not in RESERVED:
                found.append((compte.code, chapitre.code))
        return sorted(account for account in found if len(account[0]) <= 9)

    def amount(self) -> Decimal:
        return Decimal(self.rng.randint(1, 9_999_999)) / 100

    def one(self, section: str, sens: str, montant: Decimal) -> Ligne:
        nature, chapitre = self.rng.choice(self.real[section, sens])
        fonction = self.rng.choice(self.fonctions)
        return Ligne(nature, chapitre, section, sens, montant, fonction=fonction)

    def lignes(self, number: int) -> list[Ligne]:
        sides = list(self.real)
        lignes = [self.one(*self.rng.choice(sides), self.amount()) for _ in range(number)]
        lignes += self._ordres()
        for section in ("fonctionnement", "investissement"):
            lignes += self._balancing(lignes, section)
        return lignes

    def _balancing(self, lignes: Sequence[Ligne], section: str) -> list[Ligne]:
        gap = sum((signed(x) for x in lignes if x.section == section), ZERO)
        extra = [self.one(section, "R" if gap < 0 else "D", abs(gap))] if gap else []
        # there is always a line on each side to hang a defect on
        both = [self.one(section, sens, Decimal("500.00")) for sens in "DR"]
        return extra + both

    def _ordres(self) -> list[Ligne]:
        virement = self.amount()
        return [
            Ligne("023", "023", "fonctionnement", "D", virement, ordre="OES"),
            Ligne("021", "021", "investissement", "R", virement, ordre="OES"),
            *self._pair("OES", ("D", "042", "fonctionnement"), ("R", "040", "investissement")),
            *self._pair("OES", ("R", "042", "fonctionnement"), ("D", "040", "investissement")),
            *self._pair("OIS", ("D", "041", "investissement"), ("R", "041", "investissement")),
            *self._pair("OIS", ("D", "043", "fonctionnement"), ("R", "043", "fonctionnement")),
        ]

    def _pair(self, kind: str, *sides: tuple[str, str, str]) -> list[Ligne]:
        natures = [
            [c.code for c in self.plan.comptes.values() if c.chapitres.get(sens + kind) == chapitre]
            for sens, chapitre, _ in sides
        ]
        if not all(natures):
            return []
        amount = self.amount()
        return [
            Ligne(self.rng.choice(sorted(codes)), chapitre, section, sens, amount, ordre=kind)
            for codes, (sens, chapitre, section) in zip(natures, sides, strict=True)
        ]


def signed(ligne: Ligne) -> Decimal:
    return ligne.montant if ligne.sens == "R" else -ligne.montant


# Defects: each changes one thing, and keeps right all that another check would see.

TEN = Decimal("10.00")
Change = Callable[[list[Ligne], "_Builder"], list[Ligne]]


def _shift(lignes: list[Ligne], by: dict[int, Decimal]) -> list[Ligne]:
    return [ligne.more(by.get(at, ZERO)) for at, ligne in enumerate(lignes)]


def _at(lignes: Sequence[Ligne], **wanted: str) -> int:
    for at in reversed(range(len(lignes))):
        if all(getattr(lignes[at], name) == value for name, value in wanted.items()):
            return at
    raise ValueError(f"no such line: {wanted}")


def _unbalanced(section: str, sens: str) -> Change:
    def change(lignes: list[Ligne], _builder: _Builder) -> list[Ligne]:
        return _shift(lignes, {_at(lignes, section=section, sens=sens, ordre=""): Decimal("0.01")})

    return change


def _unpaired(chapitre: str, sens: str, section: str) -> Change:
    """The chapter's side grows, a réel line of the same section and sense shrinks as much."""

    def change(lignes: list[Ligne], _builder: _Builder) -> list[Ligne]:
        grown = _at(lignes, chapitre=chapitre, sens=sens)
        shrunk = _at(lignes, section=section, sens=sens, ordre="")
        return _shift(lignes, {grown: TEN, shrunk: -TEN})

    return change


def _impossible_side(lignes: list[Ligne], builder: _Builder) -> list[Ligne]:
    """A dépense of an account that only has recettes."""
    plan = builder.plan
    for nature, chapitre in builder.real["fonctionnement", "R"]:
        senses = plan.comptes[nature].chapitres
        if "DR" not in senses and plan.chapitres[chapitre].section == "fonctionnement":
            wrong = Ligne(nature, chapitre, "fonctionnement", "D", TEN)
            right = builder.one("fonctionnement", "R", TEN)
            return [*lignes, wrong, right]
    raise ValueError("every account of this plan has both sides")


def _other_chapter(lignes: list[Ligne], builder: _Builder) -> list[Ligne]:
    at = _at(lignes, section="fonctionnement", sens="D", ordre="")
    ligne, plan = lignes[at], builder.plan
    allowed = set(plan.comptes[ligne.nature].chapitres.values())
    others = [
        c.code
        for c in plan.chapitres.values()
        if c.section == ligne.section and c.code not in allowed | RESERVED
    ]
    moved = replace(ligne, chapitre=others[0], written=others[0])
    return [*lignes[:at], moved, *lignes[at + 1 :]]


def _unknown_nature(lignes: list[Ligne], builder: _Builder) -> list[Ligne]:
    at = _at(lignes, section="fonctionnement", sens="D", ordre="")
    unknown = replace(lignes[at], nature="69999999", written=lignes[at].chapitre)
    assert "69999999" not in builder.plan.comptes
    return [*lignes[:at], unknown, *lignes[at + 1 :]]


def _overspent(lignes: list[Ligne], _builder: _Builder) -> list[Ligne]:
    at = _at(lignes, section="fonctionnement", sens="D", ordre="")
    chapitre = lignes[at].chapitre
    return [
        replace(x, others={"CredOuv": x.montant - TEN})
        if (x.chapitre, x.sens, x.ordre) == (chapitre, "D", "")
        else x
        for x in lignes
    ]


def _realised(lignes: list[Ligne], _builder: _Builder) -> list[Ligne]:
    at = _at(lignes, section="fonctionnement", sens="D", ordre="")
    return [replace(x, others={"MtReal": TEN}) if n == at else x for n, x in enumerate(lignes)]


@dataclass(frozen=True)
class Defect:
    """code: what must be found; change: of the lines; fields: of the document; where it applies."""

    code: str
    change: Change | None = None
    fields: dict[str, object] = field(default_factory=dict)
    accounts: bool | None = None


F, INV = "fonctionnement", "investissement"
DEFECTS = {
    "desequilibre-f": Defect("totem-desequilibre", _unbalanced(F, "R"), accounts=False),
    "desequilibre-i": Defect("totem-desequilibre", _unbalanced(INV, "D"), accounts=False),
    "virement": Defect("totem-virement", _unpaired("023", "D", F), accounts=False),
    "ordre-sections": Defect("totem-ordre-sections", _unpaired("042", "D", F), accounts=False),
    "ordre-retour": Defect("totem-ordre-sections", _unpaired("040", "D", INV), accounts=False),
    "ordre-interne": Defect("totem-ordre-interne", _unpaired("041", "D", INV), accounts=False),
    "sens": Defect("totem-sens-impossible", _impossible_side),
    "chapitre": Defect("totem-chapitre-inattendu", _other_chapter, {"with_chapters": True}),
    "nature": Defect("totem-nature-unknown", _unknown_nature),
    "depassement": Defect("totem-depassement", _overspent, accounts=True),
    "realise": Defect("totem-realise-au-budget", _realised, accounts=False),
    "projet": Defect("totem-projet-de-budget", fields={"projet": "true"}, accounts=False),
    "colonne": Defect("totem-amounts-absent", fields={"column": "MtRAR3112"}, accounts=True),
    "annee": Defect("totem-plan-of-another-year", fields={"exercice": 2031}),
    "encodage": Defect("totem-text-misdecoded", fields={"nom": "COMMUNE D'Ã‰TANG"}),
    "personnes": Defect("totem-personal-data", fields={"annexes": PEOPLE}),
}


def applies(defect: str, etape: str) -> bool:
    """Does this defect have a meaning at this étape?"""
    accounts = DEFECTS[defect].accounts
    return accounts is None or accounts is (etape in COMPTES)


def _with(document: Document, name: str, builder: _Builder) -> Document:
    defect = DEFECTS[name]
    if not applies(name, document.etape):
        raise ValueError(f"{name} means nothing at étape {document.etape}")
    lignes = list(document.lignes)
    if defect.change:
        lignes = defect.change(lignes, builder)
    return replace(document, lignes=lignes, **defect.fields)
