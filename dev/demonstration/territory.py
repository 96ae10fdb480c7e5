"""The fictitious territory as data: who publishes what.  No place of these names exists in France.

SIRET numbers follow from the ranks: department 00 has none, so they belong to nobody.
Imports the generator of the tests for those numbers only.
"""

from dataclasses import dataclass

from tests import generate


@dataclass(frozen=True)
class Collectivite:
    """A local authority.  `nom` is its legal name, `rang` draws its SIRET."""

    slug: str
    ville: str
    nom: str
    rang: int
    presentation: str
    zone: str = "country:fr"

    @property
    def siret(self) -> str:
        return generate.siret(self.rang)

    @property
    def siret_annexe(self) -> str:
        """The number of its annexed budget: same SIREN, second establishment."""
        return generate.siret(self.rang + 1000)

    @property
    def courriel(self) -> str:
        return f"finances@{self.slug}.example"


METROPOLE = Collectivite(
    "hautebrume-metropole",
    "Hautebrume",
    "Hautebrume Métropole",
    1,
    "Intercommunalité fictive de six communes, qui publie leurs données avec les siennes.",
)
AUBECLAIRE = Collectivite(
    "aubeclaire", "Aubeclaire", "Commune d’Aubeclaire", 2, "Ville fictive de 18 000 habitants."
)
CLAIRMONTEL = Collectivite(
    "clairmontel", "Clairmontel", "Commune de Clairmontel", 3, "Ville fictive de 9 400 habitants."
)
FONTARGENT = Collectivite(
    "fontargent", "Fontargent", "Commune de Fontargent", 4, "Ville fictive de 6 100 habitants."
)
MONTAURIVE = Collectivite(
    "montaurive",
    "Montaurive",
    "Commune de Montaurive",
    5,
    "Commune fictive de 3 800 habitants.",
    zone="fr:commune:99005",  # unknown to data.gouv.fr: published without it, with a note
)
ROQUEBRISE = Collectivite(
    "roquebrise", "Roquebrise", "Commune de Roquebrise", 6, "Commune fictive de 2 700 habitants."
)
SAINT_YLVAIN = Collectivite(
    "saint-ylvain", "Saint-Ylvain", "Commune de Saint-Ylvain", 7, "Village fictif de 640 habitants."
)
COLLECTIVITES = (
    METROPOLE,
    AUBECLAIRE,
    CLAIRMONTEL,
    FONTARGENT,
    MONTAURIVE,
    ROQUEBRISE,
    SAINT_YLVAIN,
)


@dataclass(frozen=True)
class Fichier:
    """What the file says where it contradicts the form."""

    exercice: str = ""
    siret: str = ""


@dataclass(frozen=True)
class Budget:
    """One étape of one budget.

    `annexe` names an annexed budget; `lien`, the address of a file that the portal does not hold;
    `fichier`, what the file says otherwise than the form.
    """

    collectivite: Collectivite
    etape: str
    exercice: str
    nomenclature: str = "M57-M57_D"
    annexe: str = ""
    lignes: int = 70
    notice: bool = False
    prive: bool = False
    lien: str = ""
    fichier: Fichier = Fichier()


@dataclass(frozen=True)
class Subventions:
    """The subsidies of a year.  `montants`: smallest and largest, in euros."""

    collectivite: Collectivite
    exercice: str
    seuil: str
    montants: tuple[int, int]
    lignes: int = 18
    notice: bool = False


BP, BS = "budget primitif", "budget supplémentaire"
DM, CA = "décision modificative", "compte administratif"

BUDGETS = (
    Budget(METROPOLE, BP, "2024", "M57-M57", lignes=240, notice=True),
    Budget(METROPOLE, CA, "2023", "M57-M57", lignes=240),
    Budget(METROPOLE, BP, "2024", "M4-M49_D", annexe="eau potable"),
    Budget(AUBECLAIRE, BP, "2024", lignes=120),
    Budget(AUBECLAIRE, DM, "2024", lignes=40),
    Budget(CLAIRMONTEL, BP, "2022", "M14-M14_COM_SUP3500"),
    Budget(CLAIRMONTEL, CA, "2022", "M14-M14_COM_SUP3500"),
    # The wrong file: last year's, of another body.  It conforms; the form and it disagree.
    Budget(FONTARGENT, BS, "2024", fichier=Fichier("2023", FONTARGENT.siret_annexe)),
    Budget(MONTAURIVE, CA, "2023", notice=True),
    Budget(MONTAURIVE, BP, "2024", annexe="lotissement des Ormes", lignes=40),
    # Left out of data.gouv.fr: nobody can vouch for a file that the portal does not hold.
    Budget(ROQUEBRISE, BP, "2024", lien="https://www.roquebrise.example/finances/bp2024.xml"),
    # Left out too: not public yet.
    Budget(SAINT_YLVAIN, DM, "2024", lignes=35, prive=True),
    Budget(SAINT_YLVAIN, BP, "2024", lignes=50),
)
SUBVENTIONS = (
    Subventions(METROPOLE, "2024", "plus-de-23000", (23_500, 180_000), notice=True),
    Subventions(AUBECLAIRE, "2024", "toutes", (300, 46_000), lignes=30),
    Subventions(ROQUEBRISE, "2023", "toutes", (150, 4_000), lignes=9),
)
