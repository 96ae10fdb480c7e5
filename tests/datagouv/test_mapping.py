"""From a portal dataset to data.gouv.fr's: values, limits, what is dropped, what stops it."""

import json
from dataclasses import replace

import pytest

from ckanext.scdl.datagouv import mapping
from tests.datagouv.examples import (
    BUDGET,
    DATA,
    DATASET,
    PORTAL,
    PROFILE,
    VOCABULARY,
    codes,
    with_data,
)


def test_the_whole_body():
    body = mapping.to_datagouv(BUDGET)
    description = body.pop("description")
    data, guide = body.pop("resources")
    assert body == {
        "title": "Budget primitif 2024 de Exemple-sur-Loire",
        "license": "lov2",
        "private": False,
        "frequency": "annual",
        "tags": ["budget", "finances-publiques"],
        "temporal_coverage": {"start": "2024-01-01", "end": "2024-12-31"},
        "spatial": {"zones": ["fr:commune:44109"], "granularity": "fr:commune"},
        "extras": {mapping.STAMP_PORTAL: PORTAL, mapping.STAMP_DATASET: DATASET},
    }
    assert description.startswith("Le budget voté, section par section.")
    assert BUDGET.page in description
    assert data == {
        "title": "Budget primitif 2024 (SCDL)",
        "description": "Toutes les lignes du budget.",
        "url": "https://opendata.exemple-sur-loire.fr/dataset/budget/bp-2024.csv",
        "filetype": "remote",
        "type": "main",
        "format": "csv",
        "mime": "text/csv",
        "filesize": 1234,
        "checksum": {"type": "sha256", "value": "ab" * 32},
        "schema": {"name": "scdl/budget", "version": "0.8.3", "url": None},
        "extras": {mapping.STAMP_RESOURCE: DATA},
    }
    assert (guide["type"], guide["schema"], guide["checksum"]) == ("documentation", None, None)


def test_the_body_is_json():
    assert json.loads(json.dumps(mapping.to_datagouv(BUDGET))) == mapping.to_datagouv(BUDGET)


def test_nothing_optional_is_invented():
    bare = replace(BUDGET, frequency="", tags=(), temporal=None, zones=())
    body = mapping.to_datagouv(bare)
    assert not {"frequency", "tags", "temporal_coverage", "spatial"} & set(body)


@pytest.mark.parametrize("kind", ["budget", "subventions", "type-ajoute"])
def test_an_empty_description_still_informs(kind):
    body = mapping.to_datagouv(replace(BUDGET, type=kind, description="  "))
    assert len(body["description"]) > 100  # udata's threshold for its quality score
    assert BUDGET.page in body["description"]


def test_a_long_title_is_cut_between_words():
    title = "Budget annexe de l’assainissement " * 20
    cleaned, notes = mapping.usable(replace(BUDGET, title=title), VOCABULARY, PROFILE)
    sent = mapping.to_datagouv(cleaned)["title"]
    assert len(sent) <= 350
    assert sent.endswith("…")
    assert title.startswith(sent[:-1])
    assert codes(notes) == ["title_cut"]


def test_a_description_fits_with_its_origin():
    body = mapping.to_datagouv(replace(BUDGET, description="mot " * 40_000))
    assert len(body["description"]) <= 100_000
    assert BUDGET.page in body["description"]


def test_brackets_in_the_title_do_not_break_the_link():
    body = mapping.to_datagouv(replace(BUDGET, title="Budget [2024](http://ailleurs.example)"))
    assert r"\[2024\]" in body["description"]


@pytest.mark.parametrize(
    ("tag", "slug"),
    [
        ("Équipements Sportifs", "equipements-sportifs"),
        ("Œuvres", "oeuvres"),
        ("un, deux", "un-deux"),
        ("budget_2024", "budget-2024"),
    ],
)
def test_tags_are_sent_as_udata_would_write_them(tag, slug):
    assert mapping.to_datagouv(replace(BUDGET, tags=(tag,)))["tags"] == [slug]


def test_tags_are_sorted_and_each_once():
    tags = ("Santé", "budget", "sante", "SANTÉ")
    assert mapping.to_datagouv(replace(BUDGET, tags=tags))["tags"] == ["budget", "sante"]


@pytest.mark.parametrize("tag", ["", "a", "!!!", "n.", "x" * 97])
def test_a_tag_out_of_bounds_is_dropped_and_told(tag):
    cleaned, notes = mapping.usable(replace(BUDGET, tags=("budget", tag)), VOCABULARY, PROFILE)
    assert cleaned.tags == ("budget",)
    assert codes(notes) == ["tag_refused"]


@pytest.mark.parametrize("bad", ["2024", "31/12/2024", "2024-02-30", "", "2024-01", "+2024-1-1"])
def test_a_date_that_is_not_full_is_never_sent(bad):
    cleaned, notes = mapping.usable(
        replace(BUDGET, temporal=("2024-01-01", bad)), VOCABULARY, PROFILE
    )
    assert cleaned.temporal is None
    assert codes(notes) == ["temporal_unreadable"]


def test_a_period_turned_round_is_put_right():
    body = mapping.to_datagouv(replace(BUDGET, temporal=("2024-12-31", "2024-01-01")))
    assert body["temporal_coverage"] == {"start": "2024-01-01", "end": "2024-12-31"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"zones": ("fr:commune:44109", "fr:commune:99999")}, "zone_unknown"),
        ({"frequency": "realtime"}, "frequency_unknown"),
        ({"granularity": "fr:canton"}, "granularity_unknown"),
    ],
)
def test_an_unknown_value_is_dropped_and_told(changes, code):
    cleaned, notes = mapping.usable(replace(BUDGET, **changes), VOCABULARY, PROFILE)
    assert codes(notes) == [code]
    again, silence = mapping.usable(cleaned, VOCABULARY, PROFILE)
    assert (again, silence) == (cleaned, ())


@pytest.mark.parametrize("schema", [("scdl/budget", "9.9"), ("scdl/inconnu", "1.0")])
def test_an_unknown_schema_is_dropped_and_told(schema):
    cleaned, notes = mapping.usable(with_data(schema=schema), VOCABULARY, PROFILE)
    assert cleaned.resources[0].schema is None
    assert [note.to_dict() for note in notes] == [
        {"code": "schema_unknown", "params": {"schema": schema[0], "version": schema[1]}}
    ]


@pytest.mark.parametrize(
    ("dataset", "code"),
    [
        (BUDGET, None),
        (replace(BUDGET, private=True), "private"),
        (replace(BUDGET, title="  "), "no_title"),
        (replace(BUDGET, licence_id=""), "no_licence"),
        (replace(BUDGET, licence_id="LOV2"), "licence_unknown"),
        (replace(BUDGET, resources=()), "no_data"),
        (replace(BUDGET, resources=BUDGET.resources[1:]), "no_data"),
        (with_data(url=""), "url_unusable"),
        (with_data(url="file:///etc/passwd"), "url_unusable"),
        (with_data(url="/dataset/bp.csv"), "url_unusable"),
        (with_data(url="https://exemple.fr/a b.csv"), "url_unusable"),
        (with_data(url="https://[exemple.fr/a.csv"), "url_unusable"),
        (with_data(url="https://moi:secret@exemple.fr/a.csv"), "url_credentials"),
    ],
)
def test_what_stops_a_dataset(dataset, code):
    found = mapping.obstacle(dataset, VOCABULARY, PROFILE)
    assert (found.code if found else None) == code


def test_a_password_in_an_address_is_not_repeated():
    found = mapping.obstacle(
        with_data(url="https://moi:secret@exemple.fr/a.csv"), VOCABULARY, PROFILE
    )
    assert "secret" not in str(found.to_dict())


@pytest.mark.parametrize(
    "zone", ["fr:commune:44109", "country:fr", "fr:epci:244400404", "country-group:ue"]
)
def test_identifiers_of_territories(zone):
    assert mapping.ZONE_ID.fullmatch(zone)


@pytest.mark.parametrize("zone", ["../me", "fr:commune:44109/../..", "", "fr:commune:1?x=1", "é"])
def test_what_is_no_identifier_is_never_asked_for(zone):
    assert not mapping.ZONE_ID.fullmatch(zone)
