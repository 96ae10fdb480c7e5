"""The package as PyPI would carry it: built from a clean copy, used where CKAN is not."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.generate import budget_xml
from tests.installing import ROOT, fresh_venv, run, sources

pytestmark = pytest.mark.packaging

SCHEMAS = sorted(path.relative_to(ROOT) for path in (ROOT / "schemas").rglob("*.*"))
PACKAGE = ROOT / "ckanext" / "scdl"
CARRIED = [
    path.relative_to(ROOT)
    for folder, pattern in (
        ("templates", "**/*.*"),
        ("assets", "**/*.*"),
        ("migration", "**/*.*"),
        ("i18n", "**/*.mo"),
        (".", "config_declaration.yaml"),
    )
    for path in sorted((PACKAGE / folder).glob(pattern))
    if "__pycache__" not in path.parts
]


DEPLOYED = [p.relative_to(ROOT) for p in sorted((ROOT / "deploy").rglob("*")) if p.is_file()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel, the latter built from the former."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "-o", folder, sources(folder / "sources"))
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    [found] = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a virtualenv that has the wheel and what it asks for, nothing else."""
    programs = fresh_venv(tmp_path_factory.mktemp("clean") / "venv")
    run(programs / "pip", "install", "-q", wheel)
    return programs


@pytest.mark.parametrize("folder", ["templates", "assets", "migration", "i18n"])
def test_the_checkout_has_what_the_next_test_looks_for(folder: str) -> None:
    assert any(folder in path.parts for path in CARRIED)


def test_the_wheel_carries_everything_that_is_not_python(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {f"ckanext/scdl/{path}" for path in SCHEMAS} | {str(path) for path in CARRIED}
    assert wanted - names == set()


def test_the_wheel_carries_nothing_of_the_development(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"ckanext"}


def test_the_sdist_carries_the_schemas_and_the_units(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"ckanext/scdl/{path}" for path in SCHEMAS} - names == set()
    assert {str(path) for path in DEPLOYED} - names == set()


def test_the_units_are_where_the_guide_copies_them_from(programs: Path) -> None:
    """Who installs from PyPI has no clone."""
    guide = (ROOT / "docs" / "administrateur.md").read_text(encoding="utf-8")
    place = Path("share", "ckanext-scdl")
    assert f"cp /usr/lib/ckan/default/{place}/deploy/systemd/ckan-* " in guide
    assert DEPLOYED
    for path in DEPLOYED:
        assert (programs.parent / place / path).read_bytes() == (ROOT / path).read_bytes()


def test_no_ckan_came_along(programs: Path) -> None:
    packages = run(programs / "pip", "list", "--format=freeze").lower().splitlines()
    assert "ckan" not in {row.partition("==")[0] for row in packages}


def test_installed_schemas_are_found_as_resources(programs: Path, tmp_path: Path) -> None:
    code = (
        "from importlib.resources import files; "
        "root = files('ckanext.scdl') / 'schemas'; "
        f"missing = [p for p in {[str(p.relative_to('schemas')) for p in SCHEMAS]!r} "
        "if not (root / p).is_file()]; "
        "assert not missing, missing; print(root)"
    )
    where = run(programs / "python", "-c", code, cwd=tmp_path)
    assert "site-packages" in where


def test_the_command_explains_itself(programs: Path, tmp_path: Path) -> None:
    help_text = run(programs / "scdl", "--help", cwd=tmp_path)
    assert "check" in help_text
    assert "convert" in help_text


def test_a_budget_is_checked_and_converted(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "budget.xml").write_bytes(budget_xml())
    run(programs / "scdl", "check", "budget.xml", cwd=tmp_path)
    run(programs / "scdl", "convert", "budget.xml", "-o", "budget.csv", cwd=tmp_path)
    run(programs / "scdl", "check", "budget.csv", cwd=tmp_path)


def test_a_file_that_is_no_budget_is_refused(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.xml").write_bytes(b"")
    refused = subprocess.run([programs / "scdl", "check", "empty.xml"], cwd=tmp_path, check=False)
    assert refused.returncode == 2
