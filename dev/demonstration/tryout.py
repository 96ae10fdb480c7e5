"""Files to try by hand, written beside the portal's configuration: one good, three bad.

Standard library and the generator of the tests.
"""

from pathlib import Path

from dev.demonstration import files
from dev.demonstration.territory import AUBECLAIRE, DM, Budget, Subventions
from tests import generate

FOLDER = "a-essayer"

EXPECTED = {
    "budget-correct.xml": "accepté ; la table lisible apparaît quelques secondes après",
    "budget-siret-faux.xml": "refusé : la clé du SIRET est fausse",
    "budget-tronque.xml": "refusé : le fichier s'arrête au milieu",
    "subventions-avec-erreurs.csv": "refusé : date, montant, SIRET, objet et nature à corriger",
}
"""What happens with each file."""


def write(portal_folder: Path) -> Path:
    """Writes the files and returns their folder."""
    folder = portal_folder / FOLDER
    folder.mkdir(exist_ok=True)
    for name, content in _contents().items():
        (folder / name).write_bytes(content)
    return folder


def _contents() -> dict[str, bytes]:
    good = files.budget_xml(Budget(AUBECLAIRE, DM, "2024", lignes=45))
    right, wrong = AUBECLAIRE.siret, _with_wrong_key(AUBECLAIRE.siret)
    contents = (
        good,
        good.replace(right.encode(), wrong.encode()),
        good[: len(good) // 2],
        _bad_subsidies(),
    )
    return dict(zip(EXPECTED, contents, strict=True))


def _with_wrong_key(siret: str) -> str:
    return siret[:-1] + str((int(siret[-1]) + 1) % 10)


def _bad_subsidies() -> bytes:
    rows = files.subventions_rows(Subventions(AUBECLAIRE, "2024", "toutes", (300, 9_000), lignes=9))
    rows[0]["dateConvention"] = "28/03/2024"
    rows[1]["montant"] = "2 500,00 €"
    rows[3]["idBeneficiaire"] = _with_wrong_key(rows[3]["idBeneficiaire"])
    rows[4]["objet"] = ""
    rows[6]["nature"] = "Numéraire"
    return generate.to_csv(rows)
