"""A whole run of the push, as the portal makes one: each item carried out by another client."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any, BinaryIO

from ckanext.scdl.datagouv import Outcome, PortalDataset, Wanted, carry_out, gather, prepare
from ckanext.scdl.datagouv.push import Files
from tests.datagouv.conftest import Udata
from tests.datagouv.examples import through_json, wanted

GATHER = ("now", "forced", "whole")


def run(udata: Udata, ledger: Any, *datasets: PortalDataset, **options: Any) -> list[Outcome]:
    """One run of some datasets; ``options`` of ``gather``, ``files``, or of the profile."""
    return run_all(udata, ledger, wanted(*datasets), **options)


def run_all(udata: Udata, ledger: Any, wishes: Sequence[Wanted], **options: Any) -> list[Outcome]:
    """One run: gather, then each item through JSON and another client."""
    ledger.next_run()
    files = options.pop("files", None)
    asked = {name: options.pop(name) for name in GATHER if name in options}
    with udata.client(**options) as client:
        items = prepare(gather(wishes, client, ledger, **asked).items, client)
    outcomes = []
    for item in items:
        with udata.client(**options) as client:
            outcomes.append(carry_out(through_json(item), client, ledger, files))
    return outcomes


def holding(contents: Mapping[str, bytes]) -> Files:
    """The files that the portal stores, by resource; one that is not among them is lost."""

    def opened(resource: str) -> AbstractContextManager[BinaryIO]:
        if resource not in contents:
            raise FileNotFoundError(resource)
        return BytesIO(contents[resource])

    return opened


def states(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]
