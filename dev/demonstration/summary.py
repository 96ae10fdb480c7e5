"""What `make run` prints about the demonstration.  Standard library: it runs outside CKAN."""

from collections.abc import Iterator
from pathlib import Path

from dev.demonstration import account, tryout
from dev.demonstration.territory import AUBECLAIRE, FONTARGENT, ROQUEBRISE
from dev.paths import shown


def lines(portal_folder: Path, url: str) -> Iterator[str]:
    """The contributor's account and what to try, once loaded."""
    contributor = account.read(portal_folder)
    yield f"  Contribution            {contributor['name']} / {contributor['password']}"
    yield ""
    yield "  À essayer"
    yield f"    Budgets et subventions  {url}/organization/"
    yield f"    Des remarques           {url}/organization/{FONTARGENT.slug}"
    yield f"    Un jeu non publié       {url}/organization/{ROQUEBRISE.slug}"
    yield f"    État de la publication  {url}/scdl/publication/ (une fois connecté)"
    yield f"    Déposer un budget       {url}/budget/new ({AUBECLAIRE.nom}, {AUBECLAIRE.siret})"
    yield f"    ou des subventions      {url}/subventions/new"
    yield f"    avec les fichiers de    {shown(portal_folder / tryout.FOLDER)}/"
    for name, effect in tryout.EXPECTED.items():
        yield f"      {name:<30}{effect}"
