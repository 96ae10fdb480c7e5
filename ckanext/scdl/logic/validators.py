"""Validators of the dataset forms, named in schemas/datasets/*.yaml."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.scheming.validation import scheming_validator
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret

_EXERCICE = re.compile(r"(19|20)\d{2}")
_ZONE = re.compile(
    r"country:[a-z]{2}|fr:(region|departement|epci|canton|iris|commune):[0-9A-Za-z]+"
)
_TEMPORAL = {"start": "{}-01-01", "end": "{}-12-31"}


def scdl_siret(value: str) -> str:
    """14 digits with a right check key; spaces are taken out."""
    try:
        number = siret.validate(value)
    except StdnumError:
        raise tk.Invalid(
            tk._("“{value}” is not a SIRET number: 14 digits, the last one a check digit.").format(
                value=value
            )
        ) from None
    return str(number)


def scdl_exercice(value: str) -> str:
    """A year of four digits."""
    if not _EXERCICE.fullmatch(value):
        raise tk.Invalid(
            tk._("“{value}” is not a year: write four digits, for example 2026.").format(
                value=value
            )
        )
    return value


def scdl_zone(value: str) -> str:
    """A data.gouv.fr territory identifier; whether it exists is asked when publishing."""
    if value and not _ZONE.fullmatch(value):
        raise tk.Invalid(
            tk._("“{value}” is not a territory: write for example fr:commune:38185.").format(
                value=value
            )
        )
    return value


@scheming_validator
def scdl_choice(field: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value of the field's list; an empty one is for the validators before to judge.

    ckanext-scheming leaves this to a validator of core's whose sentence cannot be translated.
    """
    values = [str(choice["value"]) for choice in field["choices"]]

    def choose(value: Any) -> Any:
        if not value or value in values:
            return value
        message = tk._("“{value}” is not in the list: choose one of {choices}.")
        raise tk.Invalid(message.format(value=value, choices=", ".join(values)))

    return choose


def scdl_temporal(bound: str) -> Any:
    """Fill an empty coverage date in from the exercice: its first or its last day."""

    def fill_in(key: Any, data: Any, errors: Any, context: Any) -> None:
        exercice = data.get(("exercice",))
        known = isinstance(exercice, str) and _EXERCICE.fullmatch(exercice)
        if not data.get(key):
            # empty, not missing, which core's isodate takes for a bad date
            data[key] = _TEMPORAL[bound].format(exercice) if known else ""

    return fill_in


def scdl_temporal_order(key: Any, data: Any, errors: Any, context: Any) -> None:
    """The period covered does not end before it starts."""
    start, end = _date(data.get(("temporal_start",))), _date(data.get(key))
    if start and end and end < start:
        errors[key].append(tk._("The period covered ends before it starts."))


def scdl_awaits_file(key: Any, data: Any, errors: Any, context: Any) -> None:
    """Leave an empty field of a draft without file to the budget that will fill it in.

    The validators that follow, which would refuse it or give it a default, are for later.
    """
    if not data.get(key) and _awaits_file(data, context):
        data[key] = ""
        raise tk.StopOnError


def _awaits_file(data: Any, context: Any) -> bool:
    """A draft has to be complete as soon as it has a file.

    CKAN 2.11 answers with an error page when a dataset cannot be published that took its file.
    """
    package = context.get("package")
    if any(key[0] == "resources" for key in data) or (package and package.resources):
        return False
    return _state(data, context).startswith("draft")


def _state(data: Any, context: Any) -> str:
    """The state that the dataset will have: CKAN drops one that the user may not choose."""
    key, package = ("state",), context.get("package")
    asked = {key: data.get(key)}
    tk.get_validator("ignore_not_package_admin")(key, asked, {}, context)
    return asked.get(key) or (package.state if package else "active")


def scdl_file_required(key: Any, data: Any, errors: Any, context: Any) -> None:
    """A resource without file or link is refused: it would be published empty.

    So is one that is said to be a file, and brings none.
    """
    from ckanext.scdl import gate

    value = data.get(key)
    named = isinstance(value, str) and value.strip()
    is_file = data.get((*key[:-1], "url_type")) == "upload"
    if named and not (is_file and not gate.holds_file(data.get((*key[:-1], "id")))):
        return
    data[key] = value if named else ""
    errors[key].append(tk._("Choose a file: nothing can be published without one."))
    raise tk.StopOnError


def scdl_role(key: Any, data: Any, errors: Any, context: Any) -> None:
    """An empty role follows from the name: what has none of ours is data, hence checked.

    A file known to be a budget XML is a source, whatever is asked: it may name people.
    """
    from ckanext.scdl import conformity, gate

    value = data.get(key)
    resource_id = data.get((*key[:-1], "id"))
    is_file = data.get((*key[:-1], "url_type")) == "upload"
    known = is_file and isinstance(resource_id, str)
    imposed = gate.expected_role(resource_id) if known else None
    if imposed and value not in (imposed, None, "", tk.missing):
        errors[key].append(tk._("This file is a budget XML: its role is “XML source”."))
        raise tk.StopOnError
    if imposed:
        data[key] = imposed
        return
    if not value or value is tk.missing:
        url = data.get((*key[:-1], "url"))
        name = url.rsplit("/", 1)[-1] if isinstance(url, str) else None
        data[key] = conformity.detect_role(name, b"")


def _date(value: Any) -> str | None:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()[:10]
    return value[:10] if isinstance(value, str) and value else None
