"""A thousand datasets over three organisations: what a first run and a quiet night cost."""

import math
import time
from dataclasses import replace

import pytest

from ckanext.scdl.datagouv import Wanted, carry_out, gather, prepare
from ckanext.scdl.datagouv.client import PAGE_SIZE
from tests.datagouv.examples import BUDGET

pytestmark = pytest.mark.udata

SHARES = {"ville-de-labo": 500, "metropole-de-labo": 333, "commune-de-labo-le-vieux": 167}


def test_a_thousand_datasets(udata, ledger, figure):
    organizations = udata.seed["organizations"]
    assert set(organizations) == set(SHARES)
    wishes = [
        Wanted(replace(BUDGET, id=f"{slug}-{n}", owner_org=slug, title=f"Budget {n} de {slug}"))
        for slug, share in SHARES.items()
        for n in range(share)
    ]
    assert len(wishes) == 1000

    def night() -> tuple[list[str], int, int, float]:
        """One run with one client: states, requests, writes and seconds."""
        ledger.next_run()
        start = time.monotonic()
        with udata.client(organization=None, organizations=organizations) as client:
            items = prepare(gather(wishes, client, ledger).items, client)
            ends = [carry_out(item, client, ledger).state for item in items]
            return ends, client.requests, client.writes, time.monotonic() - start

    ends, requests, writes, seconds = night()
    figure(f"1 000 datasets, first run: {requests} requests, {writes} writes, {seconds:.0f} s")
    assert set(ends) == {"created"}
    assert writes == udata.writes() == 1000

    received = sum(udata.received().values())
    ends, requests, writes, seconds = night()
    figure(f"1 000 datasets, second run: {requests} requests, {writes} writes, {seconds:.1f} s")
    assert set(ends) == {"unchanged"}
    assert writes == 0
    assert udata.writes() == 1000
    assert sum(udata.received().values()) == received + requests
    most = sum(math.ceil(share / PAGE_SIZE) + 2 for share in SHARES.values())
    assert requests <= most
    # The account once, each organisation, and its pages.
    assert requests == 1 + 3 + sum(math.ceil(share / PAGE_SIZE) for share in SHARES.values())
