"""What data.gouv.fr tells back: figures of a real listing, months, and tolerance."""

import datetime as dt
import json
import math

import httpx
import pytest

from ckanext.scdl.datagouv import carry_out, gather, texts
from ckanext.scdl.datagouv.client import LISTED_FIELDS
from ckanext.scdl.datagouv.figures import POINTS, Figures, figures, months
from ckanext.scdl.datagouv.mapping import STAMP_RESOURCE
from tests.datagouv.examples import DATA, GUIDE, wanted

WITH_FIGURES = LISTED_FIELDS.replace("resources{", "metrics,quality,resources{metrics,")


@pytest.fixture
def published(udata, ledger):
    """A dataset pushed to the server, and a function that reads it in the listing."""
    with udata.client() as client:
        for item in gather(wanted(), client, ledger).items:
            carry_out(item, client, ledger)

    def listed():
        path = f"/datasets/?organization={udata.seed['organization']}&page_size=100"
        headers = {
            "X-API-KEY": udata.seed["keys"]["editor"],
            "X-Fields": f"data{{{WITH_FIGURES}}}",
        }
        answer = httpx.get(f"{udata.url}/api/1{path}", headers=headers, trust_env=False)
        (one,) = answer.json()["data"]
        return one

    return listed


@pytest.mark.udata
class TestOnTheRealServer:
    def test_a_new_dataset_has_no_figures_but_a_score(self, published):
        told = figures(published())
        assert (told.views, told.downloads, told.reuses, told.discussions) == (0, 0, 0, 0)
        assert told.url.startswith("http")
        assert told.resources == {DATA: 0, GUIDE: 0}
        assert told.created is not None
        assert 0 < told.quality <= 1

    def test_visits_downloads_reuses_and_discussions(self, udata, published):
        before = published()
        ids = [resource["id"] for resource in before["resources"]]
        udata.lab(
            "metrics",
            dataset=before["id"],
            views=120,
            resources_downloads=34,
            resources={ids[0]: 30, ids[1]: 4},
        )
        subject = {"class": "Dataset", "id": before["id"]}
        comment = {"title": "Une question", "comment": "D'où vient ce total ?", "subject": subject}
        assert udata.call("POST", "/discussions/", json=comment).status_code == 201
        reuse = {
            "title": "Le budget en images",
            "description": "Un dessin.",
            "type": "visualization",
            "url": "https://dessins.exemple.fr/budget",
            "topic": "economy_and_business",
            "datasets": [{"id": before["id"]}],
        }
        assert udata.call("POST", "/reuses/", json=reuse).status_code == 201
        told = figures(published())
        assert (told.views, told.downloads) == (120, 34)
        assert (told.reuses, told.discussions, told.discussions_open) == (1, 1, 1)
        assert told.resources == {DATA: 30, GUIDE: 4}

    def test_the_missing_points_are_those_that_the_score_lacks(self, udata, published):
        one = published()
        emptied = {**udata.call("GET", f"/datasets/{one['id']}/").json()}
        emptied |= {"frequency": "unknown", "temporal_coverage": None, "description": "Court."}
        done = udata.call("PUT", f"/datasets/{one['id']}/", json=emptied)
        assert done.status_code == 200
        told = figures(published())
        assert {"temporal_coverage", "update_frequency", "dataset_description_quality"} <= set(
            told.missing
        )
        assert "license" not in told.missing
        unsaid = {"update_fulfilled_in_time"} - set(told.missing)
        assert round(told.quality * len(POINTS)) == len(POINTS) - len({*told.missing, *unsaid})


@pytest.mark.parametrize("value", [None, 0, {}, [], "x y", 1.5, True])
def test_any_type_anywhere(value):
    names = ("page", "metrics", "quality", "resources", "created_at")
    assert figures(dict.fromkeys(names, value)) == Figures()
    metrics = dict.fromkeys(("views", "reuses", "discussions"), value)
    points = dict.fromkeys(POINTS, value)
    quality = {"score": "haut", **points}
    resources = [value, {"extras": value}, {"extras": {STAMP_RESOURCE: value}}]
    assert figures({"metrics": metrics, "quality": quality, "resources": resources}) == Figures()


@pytest.mark.parametrize("score", [-0.1, 1.1, math.nan, True, "0.5", None])
def test_a_score_out_of_bounds_is_no_score(score):
    assert figures({"quality": {"score": score}}).quality is None


@pytest.mark.parametrize(
    "page",
    [
        "javascript:alert(1)",
        "//autre.example/x",
        "https://",
        "https://a b",
        "https://[",
        "ftp://x/y",
    ],
)
def test_only_web_addresses_are_links(page):
    assert figures({"page": page}).url is None


def test_negative_counts_and_strange_stamps_are_nothing():
    resource = {"extras": {STAMP_RESOURCE: "a\x00b"}, "metrics": {"views": 3}}
    told = figures({"metrics": {"views": -3}, "resources": [resource]})
    assert (told.views, told.resources) == (0, {})


def test_figures_survive_storage():
    one = Figures(
        "https://x.example/d", 3, 2, quality=0.5, missing=("license",), resources={"a": 1}
    )
    one = Figures(**{**vars(one), "created": dt.date(2026, 1, 2)})
    assert Figures.from_dict(json.loads(json.dumps(one.to_dict()))) == one


def month(number, year=2026):
    return dt.date(year, number, 1)


def total(views, downloads, created=None):
    return Figures(views=views, downloads=downloads, created=created)


def test_each_month_has_what_it_added():
    rows = [(month(12, 2025), total(10, 1)), (month(1), total(25, 1)), (month(2), total(30, 4))]
    assert months(reversed(rows)) == [
        (month(12, 2025), None, None),
        (month(1), 15, 0),
        (month(2), 5, 3),
    ]


def test_the_month_of_the_creation_added_it_all():
    assert months([(month(3), total(7, 2, created=dt.date(2026, 3, 9)))]) == [(month(3), 7, 2)]
    assert months([(month(3), total(7, 2, created=dt.date(2026, 2, 9)))]) == [
        (month(3), None, None)
    ]


def test_a_missing_month_is_said_and_not_guessed():
    rows = [(month(1), total(10, 1)), (month(4), total(50, 9)), (month(5), total(51, 9))]
    assert months(rows)[1:] == [
        (month(2), None, None),
        (month(3), None, None),
        (month(4), None, None),
        (month(5), 1, 0),
    ]


def test_a_total_that_went_down_counts_nothing():
    assert months([(month(1), total(10, 5)), (month(2), total(4, 6))])[1] == (month(2), 0, 1)


def test_no_row_no_month():
    assert months([]) == []


@pytest.mark.parametrize("point", POINTS)
def test_each_point_says_what_to_do(point):
    assert texts.quality(point, "fr") != texts.quality(point, "en")
    assert texts.quality(point, "fr").endswith(".")


def test_the_sentences_are_of_the_points():
    assert set(texts.QUALITY) == set(POINTS)
    assert "jamais_vu" in texts.quality("jamais_vu")
