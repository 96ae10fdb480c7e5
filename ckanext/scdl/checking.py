"""A check as this portal makes it: within its limits, and against its own budgets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, BinaryIO

from ckan import model

from ckanext.scdl import conformity
from ckanext.scdl.config import table_limits
from ckanext.scdl.conformity import BudgetFigures, NotConvertible, Report
from ckanext.scdl.model import FileReport
from ckanext.scdl.storage import stored_file

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

_ETAPES = ("compte administratif", "budget primitif")
"""Of several budgets of one year, the one whose credits are the last word comes first."""


def checked(stream: BinaryIO, standard: str, filename: str | None) -> Report:
    """The report of a file; grants are held against the public budget of the same year, if any."""
    start, limits = stream.tell(), table_limits()
    report = conformity.check(stream, standard, filename=filename, limits=limits)
    figures = _figures(report)
    if figures is None:
        return report
    stream.seek(start)
    return conformity.check(stream, standard, filename=filename, limits=limits, budget=figures)


def _figures(report: Report) -> BudgetFigures | None:
    """What the budget of the collectivité and year of these grants opens for them."""
    if report.standard != "scdl/subventions" or not report.conforming:
        return None
    siret, exercice = report.identity.siret, report.identity.exercice
    if not (siret and exercice):
        return None
    for resource in _budgets(siret, exercice):
        try:
            with stored_file(resource.as_dict()) as file:
                figures = BudgetFigures.of(conformity.summary(file))
        except (OSError, NotConvertible):
            log.warning("The budget %s cannot be held against grants", resource.id, exc_info=True)
            continue
        if figures.total is not None:
            return figures
    return None


def _budgets(siret: str, exercice: str) -> Iterator[model.Resource]:
    """The published budget XML of a collectivité for a year, the most telling étape first."""
    identity = FileReport.report["identity"]
    found = (
        model.Session.query(model.Resource, identity["etape"].astext)
        .join(FileReport, FileReport.resource_id == model.Resource.id)
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .filter(
            FileReport.conforming,
            FileReport.report["kind"].astext == "totem",
            identity["siret"].astext == siret,
            identity["exercice"].astext == exercice,
            model.Resource.state == "active",
            model.Resource.url_type == "upload",
            model.Package.state == "active",
            model.Package.private.is_(False),
        )
        .order_by(model.Resource.created)
        .all()
    )
    for etape in _ETAPES:
        yield from (resource for resource, its_etape in found if its_etape == etape)
