"""From a row of the territory to a dataset of the portal: form fields and files.  Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from slugify import slugify

from dev.demonstration import files, territory
from dev.demonstration.territory import Budget, Collectivite, Subventions

FICTION = "Données de démonstration : cette collectivité et ces montants sont inventés."
OVER_THRESHOLD = ", pour les conventions de plus de 23\u202f000\u00a0€"


@dataclass(frozen=True)
class Resource:
    """A file to upload, or a link.  `content` makes the bytes when they are needed."""

    fields: dict[str, str]
    filename: str = ""
    content: Callable[[], bytes] = field(default=bytes, repr=False)


@dataclass(frozen=True)
class Dataset:
    """A dataset to create, with its resources in the order of their upload."""

    fields: dict[str, Any]
    resources: tuple[Resource, ...]

    @property
    def name(self) -> str:
        return str(self.fields["name"])


def datasets() -> Iterator[Dataset]:
    """All those of the demonstration."""
    yield from map(_budget, territory.BUDGETS)
    yield from map(_subventions, territory.SUBVENTIONS)


def _budget(budget: Budget) -> Dataset:
    who = budget.collectivite
    subject = f"{budget.annexe}, " if budget.annexe else ""
    title = f"{budget.etape.capitalize()} {budget.exercice}, {subject}{who.nom}"
    fields = {
        "type": "budget",
        "name": slugify(f"{budget.etape} {budget.exercice} {budget.annexe} {who.slug}"),
        "notes": f"{who.nom} : {budget.etape} {budget.exercice}, voté par nature, tel que transmis "
        f"au contrôle de légalité. {FICTION}",
        "siret": who.siret_annexe if budget.annexe else who.siret,
        "exercice": budget.exercice,
        "etape": budget.etape,
        "nomenclature": budget.nomenclature.partition("-")[0],
        "type_budget": "annexe" if budget.annexe else "principal",
        "tag_string": f"budget,finances locales,{budget.etape}",
        "private": budget.prive,
    }
    data = _link(budget.lien) if budget.lien else _source(budget, f"{fields['name']}.xml")
    return _dataset(title, who, fields, data, with_notice=budget.notice)


def _source(budget: Budget, filename: str) -> Resource:
    name = f"{budget.etape.capitalize()} {budget.exercice} (XML)"
    fields = {"name": name, "role": "source", "format": "XML"}
    return Resource(fields, filename, lambda: files.budget_xml(budget))


def _link(url: str) -> Resource:
    name = "Budget (sur le site de la commune)"
    return Resource({"name": name, "role": "donnees", "format": "XML", "url": url})


def _subventions(subventions: Subventions) -> Dataset:
    who = subventions.collectivite
    title = f"Subventions {subventions.exercice}, {who.nom}"
    limited = subventions.seuil != "toutes"
    fields = {
        "type": "subventions",
        "name": f"subventions-{subventions.exercice}-{who.slug}",
        "notes": f"{who.nom} : subventions attribuées aux associations en {subventions.exercice}"
        f"{OVER_THRESHOLD if limited else ''}. {FICTION}",
        "siret": who.siret,
        "exercice": subventions.exercice,
        "seuil": subventions.seuil,
        "tag_string": "subventions,associations",
    }
    table = Resource(
        {"name": "Subventions (CSV)", "role": "donnees", "format": "CSV"},
        f"{fields['name']}.csv",
        lambda: files.subventions_csv(subventions),
    )
    return _dataset(title, who, fields, table, with_notice=subventions.notice)


def _dataset(
    title: str, who: Collectivite, fields: dict[str, Any], data: Resource, *, with_notice: bool
) -> Dataset:
    common = {
        "title": title,
        "owner_org": who.slug,
        "collectivite": who.nom,
        "license_id": "lov2",
        "frequency": "annual",
        "zone": who.zone,
        "maintainer": f"Service des finances, {who.nom}",
        "maintainer_email": who.courriel,
    }
    notice = Resource(
        {"name": "Notice de lecture", "role": "documentation", "format": "TXT"},
        "notice.txt",
        lambda: files.notice(title, who.nom),
    )
    # The notice first: a budget's table is added while the next upload would rewrite the dataset.
    return Dataset({**common, **fields}, (notice, data) if with_notice else (data,))
