"""The bytes of the demonstration's files: budgets, subsidies, notices.  Same input, same bytes.

Imports the generator of the tests; nothing of CKAN.
"""

import random
from decimal import Decimal
from zlib import crc32

from dev.demonstration.territory import Budget, Subventions
from tests import generate
from tests.generate import Ligne

ASSOCIATIONS = (
    "{} Échecs",
    "Harmonie {}",
    "Théâtre amateur {}",
    "Ludothèque {}",
    "{} Natation",
    "Jardins partagés {}",
    "{} Basket",
    "Comité des fêtes {}",
    "Radio {}",
)
OBJETS = (
    "Fonctionnement annuel",
    "Fête de la musique",
    "Achat de matériel",
    "Ateliers pour les écoles",
    "Accueil des jeunes",
)

# An annexed water budget (M49): nature, chapitre, sens, montant, type of ordre; both sections even.
EAU = (
    ("6061", "011", "D", "42000.00", ""),
    ("6063", "011", "D", "8500.00", ""),
    ("61523", "011", "D", "31000.00", ""),
    ("6226", "011", "D", "6400.00", ""),
    ("6411", "012", "D", "96000.00", ""),
    ("6451", "012", "D", "34000.00", ""),
    ("66111", "66", "D", "12300.00", ""),
    ("6811", "042", "D", "58000.00", "2"),
    ("023", "023", "D", "40000.00", ""),
    ("70111", "70", "R", "295200.00", ""),
    ("7068", "70", "R", "24000.00", ""),
    ("777", "042", "R", "9000.00", "2"),
    ("139111", "040", "D", "9000.00", "2"),
    ("1641", "16", "D", "38000.00", ""),
    ("21531", "21", "D", "83000.00", ""),
    ("2315", "23", "D", "40000.00", ""),
    ("021", "021", "R", "40000.00", ""),
    ("281531", "040", "R", "58000.00", "2"),
    ("1641", "16", "R", "50000.00", ""),
    ("13111", "13", "R", "22000.00", ""),
)
TRANSFERS = ("021", "023")


def budget_xml(budget: Budget) -> bytes:
    """The TOTEM file of a budget."""
    who, said = budget.collectivite, budget.fichier
    own = who.siret_annexe if budget.annexe else who.siret
    return generate.budget_xml(
        siret_etab=said.siret or own,
        nom=who.nom.upper(),
        etablissement=(budget.annexe or "Budget principal").upper(),
        exercice=said.exercice or budget.exercice,
        etape=budget.etape,
        nomenclature=budget.nomenclature,
        lignes=budget.lignes,
        annexe=bool(budget.annexe),
        seed=_seed(who.slug, budget.etape, budget.exercice, budget.annexe),
        detail=_eau() if budget.nomenclature.startswith("M4-") else None,
    )


def _eau() -> list[Ligne]:
    return [
        Ligne(
            nature,
            chapitre,
            sens,
            Decimal(montant),
            ordre=bool(type_ordre) or chapitre in TRANSFERS,
            type_ordre=type_ordre,
        )
        for nature, chapitre, sens, montant, type_ordre in EAU
    ]


def subventions_csv(subventions: Subventions) -> bytes:
    """The table of a year's subsidies."""
    return generate.to_csv(subventions_rows(subventions))


def subventions_rows(subventions: Subventions) -> list[dict[str, str]]:
    """Its rows: those of the generator, with bodies and amounts of this territory."""
    who = subventions.collectivite
    seed = _seed(who.slug, "subventions", subventions.exercice)
    rng = random.Random(seed)
    rows = generate.subventions_rows(
        siret_attribuant=who.siret,
        nom=who.nom,
        exercice=subventions.exercice,
        lignes=subventions.lignes,
        seed=seed,
    )
    low, high = subventions.montants
    return [
        {
            **row,
            "nomBeneficiaire": ASSOCIATIONS[rank % len(ASSOCIATIONS)].format(who.ville),
            "idBeneficiaire": row["idBeneficiaire"] and _siret_association(who.rang, rank),
            "objet": rng.choice(OBJETS),
            "montant": f"{rng.randrange(low, high, 50)}.00",
        }
        for rank, row in enumerate(rows)
    ]


def _siret_association(town: int, rank: int) -> str:
    """Department 99 has no SIREN of this kind: nobody's number; the same for the same body."""
    return generate.siret(100 * town + rank % len(ASSOCIATIONS), siren_start="21999")


def notice(title: str, nom: str) -> bytes:
    """A page of documentation, as text."""
    return (
        f"{title}\n{'=' * len(title)}\n\n"
        f"Document de démonstration : {nom} n'existe pas et tous les montants sont inventés.\n\n"
        "Les codes (nature, fonction, chapitre, SIRET) sont du texte : ouvrez les tables CSV en\n"
        "important ces colonnes comme du texte, sinon le tableur retire leurs zéros.\n"
    ).encode()


def _seed(*words: str) -> int:
    return crc32("|".join(words).encode())
