"""Figures of data.gouv.fr: kept each night, read by the action, shown on the dataset's page."""

import datetime as dt
import logging
import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.scdl import figures
from ckanext.scdl.datagouv.figures import POINTS, Figures
from ckanext.scdl.ledger import portal_id
from ckanext.scdl.model import PushFigures, PushLink

from .test_upload import call

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

PAGE = "https://www.data.gouv.fr/datasets/aides-de-2024/"


def remote(dataset_id, views=5, **more):
    stamps = {"ckanext-scdl:portal": portal_id(), "ckanext-scdl:dataset": dataset_id}
    return {
        "id": "5" * 24,
        "page": PAGE,
        "extras": stamps,
        "metrics": {"views": views, "resources_downloads": 2, "reuses": 1, "discussions": 3},
        "quality": {"score": 0.78, "license": True, "spatial": False, "temporal_coverage": False},
        **more,
    }


@pytest.fixture
def dataset(new_dataset):
    return new_dataset("subventions")


def this_month():
    return dt.datetime.now(dt.timezone.utc).date().replace(day=1)


def keep(dataset_id, month, **told):
    row = PushFigures(
        profile="essai", dataset_id=dataset_id, month=month, figures=Figures(**told).to_dict()
    )
    model.Session.add(row)
    model.Session.commit()


def show(dataset, user=""):
    context = {"user": user, "ignore_auth": False}
    return tk.get_action("scdl_publication_show")(context, {"id": dataset["name"]})


def test_one_row_for_a_dataset_and_a_month(dataset):
    figures.record("essai", [remote(dataset["id"], views=5)])
    figures.record("essai", iter([remote(dataset["id"], views=8)]))
    ((month, told, read),) = figures.of(dataset["id"])["essai"]
    assert (month, told.views) == (this_month(), 8)
    assert dt.datetime.now(dt.timezone.utc) - read < dt.timedelta(minutes=5)


def test_only_datasets_of_this_portal_are_kept(dataset):
    stranger = {"ckanext-scdl:portal": "autre", "ckanext-scdl:dataset": dataset["id"]}
    listed = [
        remote(dataset["id"], extras=extras)
        for extras in (stranger, None, [], {"ckanext-scdl:portal": portal_id()})
    ]
    listed.append(remote("a\x00b"))
    listed.append(remote(dataset["id"], deleted="2026-01-01T00:00:00"))
    figures.record("essai", listed)
    assert figures.of(dataset["id"]) == {}


def test_of_two_with_one_stamp_the_recorded_one_counts(dataset):
    link = {"dataset_id": dataset["id"], "remote_id": "6" * 24}
    model.Session.add(PushLink(profile="essai", dataset_id=dataset["id"], link=link))
    model.Session.commit()
    twice = [remote(dataset["id"], views=1), remote(dataset["id"], views=2, id="6" * 24)]
    figures.record("essai", twice)
    assert figures.of(dataset["id"])["essai"][0].figures.views == 2


def test_a_failure_goes_to_the_log_and_undoes_nothing(dataset, caplog, monkeypatch):
    # CKAN's logging silences what was imported before it
    monkeypatch.setattr(figures.log, "disabled", False)
    monkeypatch.setattr(logging.getLogger("ckanext"), "propagate", True)
    unfinished = PushLink(profile="essai", dataset_id=dataset["id"], link={})
    model.Session.add(unfinished)
    model.Session.flush()
    with caplog.at_level(logging.ERROR):
        figures.record("essai", [remote(dataset["id"]), None])
    assert "could not be kept" in caplog.text
    assert unfinished in model.Session
    model.Session.rollback()
    assert figures.of(dataset["id"]) == {}


def test_the_action_tells_them_to_anybody(dataset):
    figures.record("essai", [remote(dataset["id"])])
    told = show(dataset)
    assert told["dataset_id"] == dataset["id"]
    (one,) = told["published"]
    assert one.pop("read")
    assert one == {
        "profile": "essai",
        "url": PAGE,
        "views": 5,
        "downloads": 2,
        "reuses": 1,
        "discussions": 3,
        "quality": 0.78,
        "resources": {},
        "missing": ["temporal_coverage", "spatial"],
        "months": [{"month": f"{this_month():%Y-%m}", "views": None, "downloads": None}],
    }


def test_nothing_for_a_dataset_that_is_not_there(dataset):
    assert show(dataset)["published"] == []


def test_a_private_dataset_tells_nobody_else(new_dataset):
    private = new_dataset("subventions", private=True)
    figures.record("essai", [remote(private["id"])])
    with pytest.raises(tk.NotAuthorized):
        show(private)


def test_its_page_shows_them(portal, dataset):
    keep(dataset["id"], dt.date(2025, 1, 1), views=1000)
    keep(dataset["id"], dt.date(2025, 2, 1), views=2500, downloads=4, quality=0.5, missing=POINTS)
    figures.record("essai", [remote(dataset["id"], views=99999)])
    page = portal.get(f"/subventions/{dataset['name']}").body
    block = page.partition('<section class="scdl-report scdl-figures">')[2]
    block = block.partition("</section>")[0]
    assert "Sur data.gouv.fr" in block
    assert block.count(f'href="{PAGE}"') == 3
    assert "Discussions : 3" in block.replace("\xa0", " ")
    assert len(re.findall('<th scope="row">', block)) == 12
    assert "inconnu" in block
    assert "qualité" not in block
    assert "style=" not in block


def test_the_score_is_for_who_may_edit(portal, dataset, headers):
    figures.record("essai", [remote(dataset["id"])])
    admin = factories.SysadminWithToken()
    page = portal.get(f"/subventions/{dataset['name']}", headers=headers(admin["token"])).body
    assert re.search(r"qualité sur data.gouv.fr\s:\s78\s%", page)
    assert "Indiquez le territoire couvert dans la fiche du jeu." in page


def test_no_block_without_figures(portal, dataset):
    assert "scdl-figures" not in portal.get(f"/subventions/{dataset['name']}").body


def test_call_by_id(dataset):
    figures.record("essai", [remote(dataset["id"])])
    assert call("scdl_publication_show", id=dataset["id"])["published"]
