"""The plans of accounts: built from the official files, found by year, quick to load."""

from __future__ import annotations

import importlib.util
import statistics
import time

import pytest

from ckanext.scdl.conformity import resources
from ckanext.scdl.conformity.budget import nomenclature

from .shared import ROOT, SHARED, needs_shared

PLANS = [name for name in resources.names("nomenclatures") if name.endswith(".json.z")]


@pytest.fixture(scope="module")
def builder():
    spec = importlib.util.spec_from_file_location("build", ROOT / "dev/nomenclatures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_shared
@pytest.mark.parametrize("name", ["M4-M43", "M57-M57_D"])
def test_a_rebuilt_plan_is_the_one_in_the_project(builder, tmp_path, name):
    source = SHARED / "nomenclatures/planDeCompte"
    folder = tmp_path / "planDeCompte"
    for path in source.glob(f"*/{name.replace('-', '/')}/planDeCompte.xml"):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True)
        target.symlink_to(path)
    (written,) = builder.build(folder, tmp_path)
    rebuilt = builder.json.loads(builder.zlib.decompress(written.read_bytes()))
    assert rebuilt == nomenclature._load(name)


@needs_shared
def test_every_official_plan_is_known():
    paths = list((SHARED / "nomenclatures/planDeCompte").glob("2024/*/*"))
    assert paths
    for path in paths:
        plan = nomenclature.find_plan(f"{path.parent.name}-{path.name}", 2024)
        assert (plan.norme, plan.declinaison, plan.annee) == (path.parent.name, path.name, 2024)


def test_labels_hold_no_control_character_and_no_stray_blank():
    for name in PLANS:
        plan = nomenclature._plan(name.removesuffix(".json.z"), 2024)
        for compte in plan.comptes.values():
            assert compte.libelle.isprintable()
            assert compte.libelle == compte.libelle.strip()


@pytest.mark.parametrize(
    ("name", "year", "declinaison", "found"),
    [
        ("M57-M57_A", 2023, "M57_A", 2023),
        ("M57_A", 2023, "M57_A", 2023),
        ("M57-M57", 2018, "M57", 2018),
        ("M57-M57", 2024, "M57_D", 2024),
        ("M4-M43_D", 2022, "M43", 2022),
        ("M4-M43_D", 2020, "M43_D", 2020),
        ("M14-M14_COM_SUP3500", 2030, "M14_COM_SUP3500", 2024),
        ("M14-M14_COM_SUP3500", 2009, "M14_COM_SUP3500", 2013),
    ],
)
def test_the_plan_of_the_year_else_the_renamed_one_else_the_nearest(name, year, declinaison, found):
    plan = nomenclature.find_plan(name, year)
    assert (plan.declinaison, plan.annee) == (declinaison, found)


def test_an_unknown_nomenclature_has_no_plan():
    assert nomenclature.find_plan("M57-M57_Z", 2024) is None
    assert not nomenclature.known("")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("M57-M57_Z", "M57-M57_D"),
        ("M5-M57_A", "M57-M57_A"),
        ("M49", "M4-M49_A"),
        ("m14_com", "M14-M14_COM_SUP3500"),
    ],
)
def test_a_slip_is_told_what_was_meant(name, meant):
    assert meant in nomenclature.closest(name)


@pytest.mark.parametrize("name", ["M22-M22", "M21", "", "x" * 5000])
def test_another_norm_is_not_taken_for_a_slip(name):
    """Hospitals and care homes have their own: no near name would be theirs."""
    assert nomenclature.closest(name) == []


def test_codes_with_leading_zeros_are_other_chapters():
    chapitres = nomenclature.find_plan("M14-M14_COM_SUP3500", 2022).chapitres
    for short, long in (("10", "010"), ("13", "013"), ("20", "020"), ("21", "021")):
        assert chapitres[short].libelle != chapitres[long].libelle


def test_a_code_of_another_year_keeps_its_meaning():
    """6518 was dropped from the plans of transport and is still booked."""
    plan = nomenclature.find_plan("M4-M43", 2024)
    every_year = {row[1] for row in nomenclature._load("M4-M43")["comptes"]}
    assert set(plan.comptes) == every_year


def test_a_plan_loads_in_milliseconds():
    times = []
    for _ in range(7):
        nomenclature._load.cache_clear()
        nomenclature._plan.cache_clear()
        start = time.process_time()
        nomenclature.find_plan("M14-M14_COM_SUP3500", 2022)
        times.append(time.process_time() - start)
    assert statistics.median(times) < 0.1  # some 10 ms on an idle machine
