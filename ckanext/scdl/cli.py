"""`ckan scdl`: what an administrator does from a shell with the portal's files."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.scdl.datagouv import Outcome, PlannedItem
    from ckanext.scdl.model import PushRun
    from ckanext.scdl.recheck import Looked
    from ckanext.scdl.source import Source

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


@click.group("scdl", short_help="Contrôle et publication des budgets et subventions du portail.")
def scdl() -> None:
    """Contrôle et publication des budgets et subventions du portail."""


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


# Publication on data.gouv.fr

NOT_ALL, STOPPED = 1, 2
"""Exit codes of `publish`; 0 when every dataset ended well or was left out on purpose."""

_BAD = ("failed", "uncertain", "conflict")


@scdl.command("publish")
@click.option("--profile", "profile_id", metavar="PROFIL", help="Ce profil seul ; sinon tous.")
@click.option("--dry-run", "dry", is_flag=True, help="Montre ce qui serait fait, et n'envoie rien.")
@click.option(
    "--force",
    is_flag=True,
    help="Archive même plus de jeux que le frein n'en admet. Regardez d'abord --dry-run.",
)
@click.option(
    "--dataset",
    "datasets",
    metavar="JEU",
    multiple=True,
    help="Ce jeu seul (adresse ou identifiant) ; plusieurs fois pour plusieurs jeux.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Écrit, au lieu du tableau et du résumé, une liste JSON : un objet par passage, son "
    "résumé et, dans « items », chaque jeu avec son plan et sa fin (« outcome »).",
)
@click.pass_context
def publish(
    context: click.Context,
    profile_id: str | None,
    dry: bool,
    force: bool,
    datasets: tuple[str, ...],
    as_json: bool,
) -> None:
    """Publie sur data.gouv.fr, tout de suite, ce que les passages de la nuit publieraient.

    Chaque jeu est écrit dès qu'il est fini, une ligne avec son plan, sa raison et, s'il n'a pas pu
    être suivi, comment il a fini ; puis, sur la dernière ligne, un résumé en JSON. Avec --dry-run
    le même plan est fait et rien n'est envoyé.

    Code de sortie : 0 tout est fait, ou laissé de côté exprès, 1 un jeu a échoué ou attend que
    quelqu'un tranche, 2 le passage n'a pas pu se faire ou s'est arrêté.
    """
    from ckanext.scdl import runs

    with context.meta["flask_app"].test_request_context():
        only = _package_ids(context, datasets) if datasets else None
        codes, told = [0], []
        found = list(_sources(context, profile_id))
        for source_id, source in found:
            if len(found) > 1 and not as_json:
                with suppress(OSError, UnicodeError):
                    click.echo(f"{_named(source_id)} (profil {source.profile_id})")
            run, items = runs.whole(
                source,
                source_id=source_id,
                dry=dry,
                forced=force,
                only=only,
                tell=None if as_json else _say_item,
            )
            codes.append(_publish_code(run))
            if as_json:
                told.append(_run_dict(run, items))
                continue
            with suppress(OSError, UnicodeError):  # the next source has its turn all the same
                _say_problem(run)
                click.echo(json.dumps(runs.summary(run), ensure_ascii=False))
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    context.exit(max(codes))


def _sources(context: click.Context, profile_id: str | None) -> Iterator[tuple[str | None, Source]]:
    """The harvest sources of the profiles; a profile that no source names goes as it is."""
    from ckanext.scdl import config
    from ckanext.scdl.source import published_by

    known = config.profiles()
    if not known or (profile_id is not None and profile_id not in known):
        named = ", ".join(known) or "aucun"
        click.echo(f"Profil inconnu de la configuration du portail. Profils : {named}.", err=True)
        context.exit(STOPPED)
    for name in [profile_id] if profile_id else known:
        found = published_by(name)
        if not found:
            click.echo(
                f"{name} : la configuration d'une source de moissonnage ne se lit pas, rien n'est "
                "envoyé. Corrigez-la.",
                err=True,
            )
            context.exit(STOPPED)
        yield from found


def _named(source_id: str | None) -> str:
    """Which of several sources the lines below are of."""
    package = model.Package.get(source_id) if source_id else None
    return f"Source « {package.title} »" if package else "Sans source"


def _package_ids(context: click.Context, names: tuple[str, ...]) -> list[str]:
    from ckanext.scdl.dataset_types import dataset_types

    found = []
    for name in names:
        package = model.Package.get(name)
        if package is None or package.type not in dataset_types():
            click.echo(f"{name} : aucun jeu contrôlé ne porte ce nom.", err=True)
            context.exit(STOPPED)
        found.append(package.id)
    return found


def _run_dict(run: PushRun, items: list[PlannedItem]) -> dict[str, Any]:
    from ckanext.scdl import runs

    ends = {key: outcome.to_dict() for key, outcome in runs.outcomes(run).items()}
    told = [item.to_dict() | {"outcome": ends.get(item.dataset_id)} for item in items]
    sentence = _sentence(run)
    return runs.summary(run) | ({"sentence": sentence} if sentence else {}) | {"items": told}


def _sentence(run: PushRun) -> str | None:
    """What kept the whole run, or part of it, from taking place."""
    from ckanext.scdl.datagouv import Finding, texts

    return texts.sentence(Finding.from_dict(run.problem)) if run.problem else None


def _say_problem(run: PushRun) -> None:
    if run.problem:
        click.echo(_sentence(run), err=True)


def _say_item(item: PlannedItem, outcome: Outcome | None) -> None:
    """As soon as it has ended: a thousand of them take a while."""
    for line in (*_item_lines(item), *_end_lines(item, outcome)):
        click.echo(line)


def _end_lines(item: PlannedItem, outcome: Outcome | None) -> Iterator[str]:
    """`→ Échec : …` of an item that did not end as it was planned to; nothing of the others."""
    from ckanext.scdl.datagouv import texts

    if outcome and outcome.state != item.action and outcome.state in (*_BAD, "left_out"):
        said = f" : {texts.sentence(outcome.finding)}" if outcome.finding else ""
        yield f"    → {texts.state(outcome.state)}{said}"


def _item_lines(item: PlannedItem) -> Iterator[str]:
    """`À créer : Budget 2026 (id)`, then what changes and why, indented."""
    from ckanext.scdl.datagouv import texts

    title = f"{item.title} ({item.dataset_id})" if item.title else item.dataset_id
    yield f"{texts.action(item.action)} : {title}"
    for change in item.changes:
        yield f"    {texts.change(change)}"
    for finding in (item.reason, *item.notes):
        if finding is not None:
            yield f"    {texts.sentence(finding)}"


def _publish_code(run: PushRun) -> int:
    from ckanext.scdl import runs

    # a plan that is only shown is one even while the profile is paused
    if run.problem and not (run.kind == "dry" and run.problem["code"] == "paused"):
        return STOPPED
    states = runs.summary(run)["states"]
    return NOT_ALL if any(states.get(state) for state in _BAD) else 0


def _act(context: click.Context, action: str, data: dict[str, str]) -> dict[str, Any]:
    """Call an action as the portal itself; what it refuses is said in one line."""
    import ckan.plugins.toolkit as tk

    with context.meta["flask_app"].test_request_context():
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        try:
            done: dict[str, Any] = tk.get_action(action)({"user": user, "ignore_auth": True}, data)
        except tk.ObjectNotFound as error:
            click.echo(str(error), err=True)
            context.exit(STOPPED)
        return done


@scdl.command("pause")
@click.argument("profile_id", metavar="PROFIL")
@click.pass_context
def pause(context: click.Context, profile_id: str) -> None:
    """Suspend un profil : ses passages n'envoient plus rien."""
    _act(context, "scdl_push_pause", {"profile": profile_id})
    click.echo(f"Profil {profile_id} suspendu. Pour reprendre : ckan scdl resume {profile_id}")


@scdl.command("resume")
@click.argument("profile_id", metavar="PROFIL")
@click.pass_context
def resume(context: click.Context, profile_id: str) -> None:
    """Reprend un profil suspendu, à partir du prochain passage.

    Ce qui ne doit plus être lu et attendait la reprise devient privé par une tâche, tout de suite.
    """
    _act(context, "scdl_push_resume", {"profile": profile_id})
    click.echo(f"Profil {profile_id} repris.")


@scdl.command("withdraw")
@click.argument("dataset", metavar="JEU")
@click.option(
    "--personal-data",
    is_flag=True,
    help="Le jeu contient des données personnelles : il devient privé sur data.gouv.fr et ses "
    "fichiers y sont supprimés, tout de suite.",
)
@click.pass_context
def withdraw(context: click.Context, dataset: str, personal_data: bool) -> None:
    """Retire un jeu de data.gouv.fr ; il reste sur le portail.

    Il est archivé là-bas après le délai de grâce du profil, ou rendu privé tout de suite avec
    --personal-data.
    """
    reason = "personal_data" if personal_data else "withdrawn"
    done = _act(context, "scdl_push_withdraw", {"id": dataset, "reason": reason})
    if done["reason"] != reason:
        click.echo("Il l'était déjà pour des données personnelles, et il le reste.")
    if personal_data:
        with context.meta["flask_app"].test_request_context():
            _hide_now(context, dataset)
    click.echo(f"Jeu {dataset} retiré. Pour le publier de nouveau : ckan scdl restore {dataset}")


def _hide_now(context: click.Context, dataset: str) -> None:
    """Here rather than by the job, which may wait: the administrator sees how it ends.

    By every profile, whatever one of them meets.
    """
    from ckanext.scdl import push_jobs, runs
    from ckanext.scdl.source import all_sources

    package, codes = model.Package.get(dataset), [0]
    dataset_id = package.id if package else dataset
    for source_id, source in all_sources(taking_back=True):
        run, _ = runs.whole(source, source_id=source_id, only=[dataset_id], tell=_say_item)
        codes.append(_publish_code(run))
        with suppress(OSError, UnicodeError):  # the next source has its turn all the same
            _say_problem(run)
    missing = _missing_profiles(dataset_id)
    if missing and push_jobs.may_be_read(dataset_id):
        click.echo(
            f"Ce jeu a été publié par un profil que la configuration ne nomme plus ({missing}) : "
            "il y est sans doute encore lisible. Remettez ce profil, puis relancez la commande.",
            err=True,
        )
        codes.append(STOPPED)
    if max(codes):
        click.echo(
            "Le retrait est noté : il sera fait dès que possible, à la reprise si le profil est "
            "suspendu.",
            err=True,
        )
        context.exit(max(codes))


def _missing_profiles(dataset_id: str) -> str:
    """Profiles that sent the dataset and can no longer take it back."""
    from ckanext.scdl import config
    from ckanext.scdl.model import PushLink

    links = model.Session.query(PushLink.profile).filter_by(dataset_id=dataset_id)
    return ", ".join(sorted({profile for (profile,) in links} - set(config.profiles())))


@scdl.command("restore")
@click.argument("dataset", metavar="JEU")
@click.pass_context
def restore(context: click.Context, dataset: str) -> None:
    """Publie de nouveau un jeu retiré par « withdraw », par une tâche."""
    done = _act(context, "scdl_push_restore", {"id": dataset})
    if done["reason"] is None:
        click.echo(f"Jeu {dataset} : il n'était pas retiré, rien n'a changé.")
    else:
        click.echo(f"Jeu {dataset} rendu à la publication : une tâche l'envoie.")


@scdl.command("bind")
@click.argument("profile_id", metavar="PROFIL")
@click.pass_context
def bind(context: click.Context, profile_id: str) -> None:
    """Attache un profil à l'adresse actuelle du portail, après un vrai déménagement.

    Une base copiée garde l'adresse de l'original et ne publie rien : ne l'attachez pas.
    """
    from ckanext.scdl import config, runs
    from ckanext.scdl.datagouv import DatagouvError

    try:
        profile = config.profile(profile_id)
    except (config.UnknownProfile, DatagouvError) as error:
        click.echo(str(error), err=True)
        context.exit(STOPPED)
    runs.bind(profile)
    click.echo(f"Profil {profile_id} attaché à {profile.portal_url}.")


# Is everything there?

_MARKS = {
    "fr": {"ok": "bon    ", "warning": "à voir ", "error": "erreur "},
    "en": {"ok": "ok     ", "warning": "warning", "error": "error  "},
}


@scdl.command("doctor")
@click.option("--profile", "profile_id", metavar="PROFIL", help="Ce profil seul ; sinon tous.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON au lieu de phrases.")
@click.option(
    "--lang", type=click.Choice(["fr", "en"]), default="fr", help="Langue des phrases (fr, en)."
)
@click.pass_context
def doctor(context: click.Context, profile_id: str | None, as_json: bool, lang: str) -> None:
    """Vérifie la configuration, les services et les profils, et dit qui doit faire quoi.

    Code de sortie : 0 tout est bon, 1 quelque chose est à voir, 2 une erreur empêche de publier.
    """
    from ckanext.scdl import doctor as checks

    with context.meta["flask_app"].test_request_context():
        found = []
        for check in checks.examine(profile_id):
            found.append(check)
            if not as_json:
                click.echo(f"{_MARKS[lang][check.level]} {check.sentence(lang)}")
    worst = checks.worst(found)
    if as_json:
        told = {"level": worst, "checks": [check.to_dict(lang) for check in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    context.exit(checks.LEVELS.index(worst))
