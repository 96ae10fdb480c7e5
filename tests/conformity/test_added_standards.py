"""Standards that an administrator adds: a third one that works, and drops that are refused."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, get_args

import frictionless
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.scdl.conformity import (
    Standard,
    UnknownStandard,
    known_standards,
    register_standards,
    standard_named,
    texts,
)
from ckanext.scdl.conformity.patterns import Rule
from ckanext.scdl.conformity.schema_check import (
    CONSTRAINTS,
    FORMATS,
    MAX_BYTES,
    SchemaRefused,
    reasons_to_refuse,
)
from ckanext.scdl.conformity.standards import BUDGET, names_of
from ckanext.scdl.conformity.texts import en, fr
from tests.support import playgrounds

from .shared import check
from .test_texts import fields as parameters


@pytest.fixture(autouse=True)
def _nothing_added(monkeypatch):
    monkeypatch.setattr("ckanext.scdl.conformity.standards._added", {})


def added(folder: Path) -> Standard:
    assert register_standards(folder) == []
    return standard_named(playgrounds.NAME)


def refusals(folder: Path) -> list[SchemaRefused]:
    refused = register_standards(folder)
    for one in refused:
        for lang in ("fr", "en"):
            sentence = texts.refusal(one, lang)
            assert sentence.startswith(str(folder))
            assert sentence.endswith(".")
            assert "?" not in sentence.replace("(?", "")
    return refused


# --- a third standard ---


def test_a_third_standard_is_found_by_its_names(tmp_path):
    playgrounds.drop(tmp_path)
    third = added(tmp_path)
    assert third.pinned == "metropole/aires-de-jeux@1.2.0"
    assert names_of(third) == ("aires-de-jeux", "metropole/aires-de-jeux", third.pinned)
    for name in (*names_of(third), "aires-de-jeux@1.2.0"):
        assert standard_named(name) is third
    assert [one.name for one in known_standards()] == sorted(o.name for o in known_standards())
    assert third in known_standards()


def test_the_words_for_yes_and_no_are_the_standard_s(tmp_path):
    words = {"name": "ouvert", "type": "boolean", "trueValues": ["VRAI"], "falseValues": ["FAUX"]}
    playgrounds.drop(tmp_path, {"fields": [words, {"name": "lieu"}]})
    added(tmp_path)
    report = check(b"ouvert,lieu\nvrai,a\nVRAY,b\n", playgrounds.NAME)
    case, slip = map(texts.sentence, report.errors)
    assert case.endswith("« vrai », réponse aux majuscules différentes ; écrivez « VRAI ».")
    assert slip.endswith("; écrivez l'un des mots du standard, VRAI ou FAUX.")


def test_the_default_format_of_dates_written_out_is_the_default(tmp_path):
    schema = {"fields": [{"name": "le", "type": "date", "format": "%Y-%m-%d"}]}
    schema["fields"].append({"name": "places", "type": "integer", "example": 7})
    playgrounds.drop(tmp_path, schema)
    added(tmp_path)
    report = check(b"le,places\n23/02/2017,3.5\n", playgrounds.NAME)
    day, places = report.errors
    assert (day.params["cause"], day.params["proposal"]) == ("date-dmy", "2017-02-23")
    assert "nombre à décimales là où un nombre entier est attendu" in texts.sentence(places)
    assert texts.expected(places) == "un nombre entier, comme 7"


def test_a_third_standard_says_all_that_its_schema_says(tmp_path):
    playgrounds.drop(tmp_path)
    third = added(tmp_path)
    assert third.title == "Aires de jeux"
    assert third.missing_values == ("", "n.c.")
    assert third.descriptor == playgrounds.schema()
    assert [check.params for check in third.checks] == [{"column": "siret_gestionnaire"}]
    told = {f.name: (f.type, f.format, f.example) for f in third.fields}
    assert told["nom"] == ("string", "default", "")
    assert told["agrandie_le"] == ("date", "%d/%m/%Y", "02/05/2023")
    assert told["jeux"] == ("integer", "default", "7")
    surface = third.field("surface")
    assert (surface.decimal_char, surface.group_char, surface.bare_number) == (",", " ", True)
    assert third.field("siret_gestionnaire").missing_values == ("", "-")
    assert third.field("position").missing_values == ("", "n.c.")


def test_a_third_standard_is_checked(tmp_path):
    playgrounds.drop(tmp_path)
    third = added(tmp_path)
    report = check(playgrounds.CSV.encode(), third.pinned)
    assert (report.conforming, report.standard, report.version) == (True, third.name, "1.2.0")
    bad = (
        playgrounds.CSV.replace("AJ-0002", "AJ-2")
        .replace("02/05/2023", "2023-05-02")
        .replace("6-12 ans", "tous")
        .replace(",12,90,", ",0,90.5,")
        .replace("21000001400014", "21000001400015")
    )
    found = {(f.code, f.place.row, f.place.field) for f in check(bad.encode(), third.pinned).errors}
    assert found == {
        ("type-error", 2, "agrandie_le"),
        ("french-siret-value", 2, "siret_gestionnaire"),
        ("constraint-error", 3, "identifiant"),
        ("constraint-error", 3, "ages"),
        ("constraint-error", 3, "jeux"),
        ("type-error", 3, "surface"),
    }


def test_versions_are_numbers(tmp_path):
    for version in ("0.9", "0.10", "0.10.1", "1.0"):
        schema = {**playgrounds.schema(), "version": version}
        playgrounds.drop(tmp_path, schema, f"metropole_aires-de-jeux-{version}.json")
    assert added(tmp_path).version == "1.0"
    assert [one.version for one in known_standards() if one.name == playgrounds.NAME] == [
        *("0.9", "0.10", "0.10.1", "1.0")
    ]


def test_a_version_to_come_is_named_as_its_publisher_does(tmp_path):
    for version in ("v2.9.0", "v3.0.0-rc.1", "v3.0.0-rc.2", "v3.0.0", "3.1.0-beta"):
        schema = {**playgrounds.schema(), "version": version}
        playgrounds.drop(tmp_path, schema, f"metropole_aires-de-jeux-{version}.json")
    assert added(tmp_path).version == "3.0.0"
    assert [one.version for one in known_standards() if one.name == playgrounds.NAME] == [
        *("2.9.0", "3.0.0-rc.1", "3.0.0-rc.2", "3.0.0", "3.1.0-beta")
    ]
    for named in ("aires-de-jeux@3.0.0-rc.1", "aires-de-jeux@v3.0.0-rc.1"):
        assert standard_named(named).pinned == "metropole/aires-de-jeux@3.0.0-rc.1"


def test_a_number_in_a_name_is_no_version(tmp_path):
    schema = {**playgrounds.schema(), "name": "jeux-2-beta"}
    playgrounds.drop(tmp_path, schema, "metropole_jeux-2-beta-1.2.0.json")
    assert register_standards(tmp_path) == []
    assert standard_named("jeux-2-beta").version == "1.2.0"


# --- what comes once only ---

KEYED: dict[str, Any] = {
    "fields": [
        {"name": "code", "constraints": {"unique": True}},
        {"name": "rue"},
        {"name": "jour", "type": "date"},
    ],
    "primaryKey": ["rue", "jour"],
    "missingValues": ["", "n.c."],
}
KEYED_ROWS = [
    *("A,Moulin,2024-01-01", "B,Moulin,2024-01-02", "A,Tilleuls,2024-01-02"),
    *("n.c.,Moulin,2024-01-01", "n.c.,Gare,2024-01-03", ",Quai,2024-01-03", "C,,", "A,Port,"),
]


def keyed(folder: Path, **properties: Any) -> None:
    playgrounds.drop(folder, {**KEYED, **properties})
    assert register_standards(folder) == []


def test_what_comes_once_only_is_checked(tmp_path):
    keyed(tmp_path)
    content = "\n".join(["code,rue,jour", *KEYED_ROWS, ""]).encode()
    report = check(content, playgrounds.NAME)
    found = [(f.code, f.place.row, f.place.field, f.params.get("line")) for f in report.errors]
    assert found == [
        ("unique-error", 4, "code", 2),
        ("unique-error", 9, "code", 2),
        ("primary-key", 5, None, 2),
        ("primary-key", 8, None, None),
    ]
    assert "la même clé (rue, jour) que la ligne 2" in texts.sentence(report.errors[2])
    assert "aucune colonne de la clé (rue, jour) n'est remplie" in texts.sentence(report.errors[3])
    assert texts.cause(report.causes[0]).startswith("2 valeurs déjà prises par une autre ligne,")


def test_what_comes_once_only_is_that_of_frictionless(tmp_path):
    keyed(tmp_path)
    schema = frictionless.Schema.from_descriptor(KEYED)
    content = "\n".join(["code,rue,jour", *KEYED_ROWS, ""]).encode()
    theirs = frictionless.Resource(content, format="csv", schema=schema).validate()
    expected = {(e.row_number, e.type) for task in theirs.tasks for e in task.errors}
    report = check(content, playgrounds.NAME)
    assert {(f.place.row, f.code) for f in report.errors} == expected


def test_many_lines_of_one_key_are_counted_over_blocks(tmp_path):
    keyed(tmp_path, primaryKey="code")
    rows = [f"N{number % 30_000},Rue du moulin long,2024-01-01" for number in range(60_000)]
    report = check("\n".join(["code,rue,jour", *rows]).encode(), playgrounds.NAME)
    assert report.counts == {"unique-error": 30_000, "primary-key": 30_000}
    assert len(report.errors) == 1000
    assert report.errors[0].place.row == 30_002


def test_a_column_of_the_key_may_not_be_absent(tmp_path):
    """As for frictionless with schema_sync."""
    keyed(tmp_path)
    (finding,) = check(b"code,rue\nA,Moulin\nB,Moulin\n", playgrounds.NAME).errors
    assert (finding.code, finding.place.field) == ("missing-label", "jour")


def test_a_schema_with_too_many_rules_of_uniqueness_is_refused(tmp_path):
    fields = [{"name": f"c{n}", "constraints": {"unique": True}} for n in range(4)]
    playgrounds.drop(tmp_path, {**KEYED, "fields": fields, "primaryKey": "c1"})
    assert [(one.rule, one.params["limit"]) for one in refusals(tmp_path)] == [
        ("unique-too-many", 4)
    ]


def test_a_later_budget_becomes_the_latest_but_not_that_of_the_xml(tmp_path):
    schema = {**playgrounds.schema(), "name": "budget", "version": "v1.0"}
    playgrounds.drop(tmp_path, schema, "scdl_budget-1.0.0.json")
    register_standards(tmp_path)
    assert standard_named("budget").version == "1.0.0"
    assert standard_named(BUDGET).version == "0.8.3"


def test_a_short_name_is_ours_first_and_never_ambiguous(tmp_path):
    for group in ("metropole", "departement"):
        playgrounds.drop(tmp_path, None, f"{group}_aires-de-jeux-1.2.0.json")
    budget = {**playgrounds.schema(), "name": "budget"}
    playgrounds.drop(tmp_path, budget, "metropole_budget-1.2.0.json")
    assert register_standards(tmp_path) == []
    assert standard_named("budget").name == "scdl/budget"
    assert names_of(standard_named("metropole/budget")) == (
        *("metropole/budget", "metropole/budget@1.2.0"),
    )
    with pytest.raises(UnknownStandard):
        standard_named("aires-de-jeux")


def test_a_folder_registered_again_replaces_what_it_gave(tmp_path):
    path = playgrounds.drop(tmp_path)
    assert added(tmp_path) is not added(tmp_path)
    path.unlink()
    assert register_standards(tmp_path) == []
    with pytest.raises(UnknownStandard):
        standard_named(playgrounds.NAME)


# --- refused: the file ---


def test_what_is_refused_stops_no_other(tmp_path):
    playgrounds.drop(tmp_path)
    playgrounds.drop(tmp_path, b"{", "metropole_abribus-1.0.json")
    (tmp_path / "LISEZMOI.txt").write_text("rien")
    (one,) = refusals(tmp_path)
    assert Path(one.file).name == "metropole_abribus-1.0.json"
    assert standard_named(playgrounds.NAME).version == "1.2.0"


def test_a_folder_that_is_not_there_is_told(tmp_path):
    (tmp_path / "fichier").write_text("")
    for folder in (tmp_path / "absent", tmp_path / "fichier"):
        assert refusals(folder) == [SchemaRefused(str(folder), "folder-missing")]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not-json"),
        (b"name,version\n", "not-json"),
        (b"\xff\xfe\xfd", "not-json.text"),
        ('{"nom": "é"}'.encode("latin-1"), "not-json.text"),
        (b"[" * 100_000, "not-json.text"),
        (b" " * (MAX_BYTES + 1), "file-too-large"),
        ([], "not-table-schema"),
        ("fields", "not-table-schema"),
        ({}, "not-table-schema"),
        ({"fields": {}}, "not-table-schema"),
        ({"fields": []}, "not-table-schema"),
    ],
)
def test_what_is_no_table_schema_is_refused(tmp_path, content, rule):
    playgrounds.drop(tmp_path, content)
    assert [(one.rule, one.field) for one in refusals(tmp_path)] == [(rule, None)]


@pytest.mark.parametrize("name", ["schema.json", "aires-de-jeux-1.2.0.json", "a_b-vieux.json"])
def test_a_file_name_that_is_none_is_refused(tmp_path, name):
    playgrounds.drop(tmp_path, None, name)
    assert [one.rule for one in refusals(tmp_path)] == ["file-name"]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("metropole_jeux-1.2.0.json", "name-differs"),
        ("metropole_aires-de-jeux-1.2.1.json", "version-differs"),
    ],
)
def test_a_file_that_contradicts_its_schema_is_refused(tmp_path, name, rule):
    playgrounds.drop(tmp_path, None, name)
    assert [one.rule for one in refusals(tmp_path)] == [rule]


def test_a_standard_that_exists_is_refused(tmp_path):
    first, second = tmp_path / "un", tmp_path / "deux"
    for folder in (first, second):
        folder.mkdir()
        playgrounds.drop(folder)
    ours = dict(standard_named("subventions").descriptor)
    playgrounds.drop(second, ours, "scdl_subventions-2.1.1.json")
    assert register_standards(first) == []
    assert [one.params["name"] for one in refusals(second)] == [
        *("metropole/aires-de-jeux@1.2.0", "scdl/subventions@2.1.1")
    ]


def test_what_cannot_be_read_is_refused(tmp_path):
    (tmp_path / playgrounds.FILE).mkdir()
    os.mkfifo(tmp_path / "metropole_tube-1.0.json")
    (tmp_path / "metropole_lien-1.0.json").symlink_to(tmp_path / "absent")
    assert [one.rule for one in refusals(tmp_path)] == ["file-unreadable"] * 3


# --- refused: a field ---

FIELDS = [
    ({"type": "entier"}, "unknown-type"),
    ({"type": ["string"]}, "unknown-type"),
    ({"type": None}, "unknown-type"),
    ({"type": "integer", "constraints": {"pattern": "^a$"}}, "unknown-constraint"),
    ({"constraints": {"minimum": 1}}, "unknown-constraint"),
    ({"type": "integer", "constraints": {"exclusiveMinimum": 0}}, "unknown-constraint"),
    ({"constraints": {"obligatoire": True}}, "unknown-constraint"),
    ({"constraints": {"unique": "oui"}}, "bad-value"),
    ({"constraints": ["required"]}, "bad-value"),
    ({"constraints": {"required": "oui"}}, "bad-value"),
    ({"constraints": {"maxLength": "9"}}, "bad-value"),
    ({"constraints": {"minLength": -1}}, "bad-value"),
    ({"constraints": {"pattern": 12}}, "bad-value"),
    ({"constraints": {"enum": []}}, "bad-value"),
    ({"constraints": {"enum": "a|b"}}, "bad-value"),
    ({"constraints": {"enum": ["1", 2]}}, "bad-value"),
    ({"type": "integer", "constraints": {"enum": [1, "deux"]}}, "bad-value"),
    ({"type": "boolean", "constraints": {"enum": ["oui"]}}, "bad-value"),
    ({"type": "number", "constraints": {"minimum": "1,5"}}, "bad-value"),
    ({"type": "number", "constraints": {"minimum": "NaN"}}, "bad-value"),
    ({"type": "number", "constraints": {"minimum": None}}, "bad-value"),
    ({"type": "date", "constraints": {"minimum": "01/02/2024"}}, "bad-value"),
    ({"type": "integer", "constraints": {"minimum": "1.0"}}, "bad-value"),
    ({"type": "number", "decimalChar": ",", "constraints": {"minimum": "0.5"}}, "bad-value"),
    ({"type": "number", "constraints": {"minimum": float("nan")}}, "bad-value"),
    ({"type": "year", "constraints": {"minimum": 2024.0}}, "bad-value"),
    ({"type": "year", "constraints": {"minimum": True}}, "bad-value"),
    ({"type": "date", "constraints": {"minimum": 2024}}, "bad-value"),
    ({"type": "datetime", "constraints": {"minimum": "2024-01- 5T00:00:00"}}, "bad-value"),
    ({"type": "time", "constraints": {"minimum": "12:00:00Z"}}, "bad-value"),
    ({"type": "time", "constraints": {"minimum": "12:00:60"}}, "bad-value"),
    ({"type": "date", "format": "AAAA-MM-JJ"}, "unknown-format.date"),
    ({"type": "date", "format": "%Y-%Q"}, "unknown-format.date"),
    ({"format": "telephone"}, "unknown-format"),
    ({"type": "geopoint", "format": "lat,lon"}, "unknown-format"),
    ({"format": 1}, "bad-value"),
    ({"missingValues": "-"}, "bad-value"),
    ({"missingValues": [0]}, "bad-value"),
    ({"type": "boolean", "trueValues": "oui"}, "bad-value"),
    ({"type": "boolean", "trueValues": []}, "bad-value"),
    ({"type": "boolean", "trueValues": ["oui", "non"], "falseValues": ["non"]}, "true-and-false"),
    ({"type": "number", "decimalChar": ""}, "bad-value"),
    ({"type": "number", "bareNumber": "non"}, "bad-value"),
    ({"type": "number", "decimalChar": ",", "groupChar": ","}, "same-characters"),
    ({"type": "number", "constraints": {"minimum": 10, "maximum": "9.5"}}, "crossed"),
    ({"type": "year", "constraints": {"minimum": 2025, "maximum": 2020}}, "crossed"),
    (
        {"type": "date", "constraints": {"minimum": "2024-02-01", "maximum": "2024-01-01"}},
        "crossed",
    ),
    ({"constraints": {"minLength": 5, "maxLength": 4}}, "crossed"),
    ({"required": True}, "required-misplaced"),
    ({"constraints": {"pattern": "(?=a)b"}}, "pattern.lookaround"),
    ({"constraints": {"pattern": r"(a)\1"}}, "pattern.backreference"),
    ({"constraints": {"pattern": r"\bmot\b"}}, "pattern.boundary"),
    ({"constraints": {"pattern": "(?i)mot"}}, "pattern.flags"),
    ({"constraints": {"pattern": "mot("}}, "pattern.invalid"),
    ({"constraints": {"pattern": "a{2000}"}}, "pattern.too-large"),
    ({"constraints": {"pattern": "a" * 5000}}, "pattern.too-long"),
]


@pytest.mark.parametrize(("properties", "rule"), FIELDS)
def test_a_field_that_cannot_be_checked_is_refused_by_its_name(tmp_path, properties, rule):
    schema = playgrounds.schema()
    schema["fields"].append({"name": "observations", **properties})
    playgrounds.drop(tmp_path, schema)
    assert [(one.rule, one.field) for one in refusals(tmp_path)] == [(rule, "observations")]


@pytest.mark.parametrize(
    ("properties", "rule"),
    [
        ({"primaryKey": "numéro"}, "bad-value"),
        ({"primaryKey": ["identifiant", "numéro"]}, "bad-value"),
        ({"primaryKey": {"identifiant": 1}}, "bad-value"),
        ({"foreignKeys": [{"fields": "nom"}]}, "not-checked"),
        ({"missingValues": "n.c."}, "bad-value"),
        ({"custom_checks": {}}, "bad-value"),
        ({"custom_checks": [{"name": []}]}, "bad-value"),
        ({"custom_checks": [{"name": "french-siret-value"}]}, "check-without-column"),
        (
            {"custom_checks": [{"name": "french-siret-value", "params": {"column": "siret"}}]},
            "check-without-column",
        ),
    ],
)
def test_a_rule_of_the_table_that_cannot_be_checked_is_refused(tmp_path, properties, rule):
    playgrounds.drop(tmp_path, {**playgrounds.schema(), **properties})
    assert [(one.rule, one.field) for one in refusals(tmp_path)] == [(rule, None)]


def test_each_reason_is_told(tmp_path):
    schema = playgrounds.schema()
    schema["fields"] += [{"name": "nom"}, {"title": "Sans nom"}, "texte", {"name": "x", "type": ""}]
    playgrounds.drop(tmp_path, schema)
    found = [(one.rule, one.field, one.params.get("position")) for one in refusals(tmp_path)]
    assert found == [
        ("field-repeated", "nom", None),
        ("field-without-name", None, 11),
        ("field-without-name", None, 12),
        ("unknown-type", "x", None),
    ]


def test_both_languages_have_the_same_refusals_and_parameters():
    assert {f"pattern.{rule}" for rule in get_args(Rule)} <= set(fr.REFUSALS)
    assert set(fr.REFUSALS) == set(en.REFUSALS)
    for rule, template in fr.REFUSALS.items():
        assert parameters(template) == parameters(en.REFUSALS[rule]), rule


def test_a_refusal_names_the_file_and_the_remedy():
    refused = SchemaRefused("/schemas/a_b-1.0.json", "not-checked", None, {"key": "foreignKeys"})
    assert texts.refusal(refused) == (
        "/schemas/a_b-1.0.json : « foreignKeys » n'est pas contrôlé ici ; "
        "retirez-le du schéma en connaissance de cause."
    )
    assert texts.refusal(refused, "en").startswith("/schemas/a_b-1.0.json: “foreignKeys”")


def test_a_large_schema_is_read_in_bounded_time(tmp_path):
    schema = playgrounds.schema()
    pattern = "[a-z]{1,1000}" * 19
    schema["fields"] += [{"name": f"c{n}", "constraints": {"enum": ["a"]}} for n in range(5000)]
    schema["fields"].append({"name": "motif", "constraints": {"pattern": pattern}})
    playgrounds.drop(tmp_path, schema)
    start = time.process_time()
    assert register_standards(tmp_path) == []
    assert time.process_time() - start < 5


# --- what frictionless knows ---


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_types_have_the_constraints_of_frictionless(kind):
    field = frictionless.Field.from_descriptor({"name": "x", "type": kind})
    theirs = set(field.supported_constraints)
    assert theirs - {"exclusiveMinimum", "exclusiveMaximum"} == {"required", *CONSTRAINTS[kind]}


@pytest.mark.parametrize("kind", FORMATS)
def test_formats_are_among_those_of_frictionless(kind):
    for name in FORMATS[kind]:
        frictionless.Field.from_descriptor({"name": "x", "type": kind, "format": name})


def test_what_is_accepted_is_a_schema_for_frictionless(tmp_path):
    playgrounds.drop(tmp_path)
    frictionless.Schema.from_descriptor(dict(added(tmp_path).descriptor))


# --- generated schemas ---

VALUES = st.sampled_from(
    [
        *(0, 1, 1.0, 1.5, True, None, -5, 2024, 9999, 10000, [], {}, ["1"], "", "1", "1.0", "1,5"),
        *("2024", "2024-01-01", "01/02/2024", "2024-02", "12:00:00", "12:00:00Z", "1e3", "NaN"),
        *(
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00Z",
            "1_0",
            "٣",
            " 1",
            "1.5",
            ".5",
            "a+",
            "(?=a)",
        ),
    ]
)
PROPERTIES = [
    *("format", "missingValues", "trueValues", "falseValues", "decimalChar", "groupChar"),
    *("bareNumber", "constraints", "title", "example", "examples", "required"),
]
LIMITS = ["minimum", "maximum", "minLength", "maxLength", "pattern", "enum", "required", "unique"]
CELLS = ["", "a", "1", "2024", "2024-01", "2024-01-01", "12:00:00", "2024-01-01T00:00:00", "1,2"]


def _sound_field(kind: str) -> st.SearchStrategy[dict]:
    names = st.sampled_from(CONSTRAINTS[kind])
    return st.fixed_dictionaries(
        {
            "name": st.just("colonne"),
            "type": st.just(kind),
            "constraints": st.dictionaries(names, VALUES, max_size=1),
        },
        optional={
            "format": st.sampled_from(["default", "any", "%d/%m/%Y", "fmt:%Y"]),
            "decimalChar": st.sampled_from([".", ","]),
            "groupChar": st.sampled_from(["", " ", ".", "0"]),
            "bareNumber": st.booleans(),
        },
    )


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(sorted(CONSTRAINTS)).flatmap(_sound_field))
def test_frictionless_can_check_whatever_is_accepted(field):
    if not list(reasons_to_refuse({"fields": [field]})):
        (theirs,) = frictionless.Schema.from_descriptor({"fields": [field]}).fields
        for cell in CELLS:
            theirs.read_cell(cell)


@settings(max_examples=1000, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["fields", "missingValues", "custom_checks", "primaryKey"]),
        st.one_of(
            VALUES,
            st.lists(
                st.dictionaries(
                    st.sampled_from(["name", "type", "params", *PROPERTIES]),
                    VALUES | st.dictionaries(st.sampled_from(LIMITS), VALUES),
                ),
                max_size=3,
            ),
        ),
    )
)
def test_whatever_a_schema_holds_its_refusal_has_words(data):
    for reason in reasons_to_refuse(data):
        refused = SchemaRefused("schema.json", *reason)
        assert texts.refusal(refused).endswith(".")
        assert texts.refusal(refused, "en").endswith(".")
