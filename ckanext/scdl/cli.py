"""`ckan scdl`: what an administrator does from a shell with the portal's files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click
from ckan import model

if TYPE_CHECKING:
    from ckanext.scdl.recheck import Looked

NOT_CONFORMING, UNREADABLE = 1, 2
"""Exit codes; 0 when every file conforms."""

_STATES = {
    "conforming": "conforme",
    "partial": "contrôlé en partie",
    "not-conforming": "non conforme",
    "unreadable": "illisible",
    "pending": "en attente",
    None: "perdu",
}


@click.group("scdl", short_help="Contrôle des budgets et subventions du portail.")
def scdl() -> None:
    """Contrôle des budgets et subventions du portail."""


@scdl.command("recheck")
@click.argument("datasets", metavar="[JEU]…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Relit tous les fichiers, même inchangés.")
@click.option(
    "--repin",
    is_flag=True,
    help="Contrôle d'après la version du standard que le type de jeu nomme aujourd'hui, au lieu de "
    "celle que le jeu a gardée.",
)
@click.pass_context
def recheck(
    context: click.Context, datasets: tuple[str, ...], everything: bool, repin: bool
) -> None:
    """Contrôle de nouveau les fichiers des jeux nommés (adresse ou identifiant), ou de tous.

    Sont relus les liens, et les fichiers dont la date, la taille ou l'empreinte ont changé, ou
    contrôlés par une autre version du standard ou de l'extension.

    Code de sortie : 0 tout est conforme, 1 un fichier ne l'est pas, n'est contrôlé
    qu'en partie ou attend, 2 un fichier est
    illisible ou perdu, ou un jeu inconnu.
    """
    from ckanext.scdl import recheck as checks
    from ckanext.scdl.dataset_types import dataset_types

    with context.meta["flask_app"].test_request_context():
        packages = {name: model.Package.get(name) for name in datasets}
        ours = [p.id for p in packages.values() if p is not None and p.type in dataset_types()]
        unknown = [n for n, p in packages.items() if p is None or p.type not in dataset_types()]
        looked = []
        for package_id in ours if datasets else checks.package_ids():
            for one in checks.look_again(package_id, everything=everything, repin=repin):
                click.echo(_line(one))
                looked.append(one)
    for name in unknown:
        click.echo(f"{name} : aucun jeu contrôlé ne porte ce nom.", err=True)
    click.echo(_summary(looked))
    context.exit(UNREADABLE if unknown else _exit_code(looked))


def _line(one: Looked) -> str:
    how = "lu" if one.read else "inchangé"
    ending = f" : {one.problem}" if one.problem else ""
    return f"{one.dataset} / {one.resource} : {_STATES[one.state]} ({one.standard}, {how}){ending}"


def _summary(looked: list[Looked]) -> str:
    states = Counter(_STATES[one.state] for one in looked)
    counted = ", ".join(f"{name} : {states[name]}" for name in _STATES.values() if states[name])
    read = sum(one.read for one in looked)
    return f"Fichiers : {len(looked)}, dont lus : {read}." + (f" {counted}." if counted else "")


def _exit_code(looked: list[Looked]) -> int:
    states = {one.state for one in looked}
    if states & {"unreadable", None}:
        return UNREADABLE
    return NOT_CONFORMING if states - {"conforming"} else 0
