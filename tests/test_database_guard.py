"""The tests refuse to start on a database that is not one for tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WITHOUT_CKAN = ("-p", "no:ckan", "-p", "no:ckan_fixtures")


def collect(database: str) -> subprocess.CompletedProcess[str]:
    """Starts pytest as a person would, on this file, with that database in the environment."""
    url = f"postgresql://nobody@127.0.0.1:1/{database}"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", __file__, *WITHOUT_CKAN],
        cwd=ROOT,
        env={**os.environ, "CKAN_SQLALCHEMY_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("database", ["ckan", "ckan_test_old", "test"])
def test_a_real_database_ends_the_run_with_its_name(database: str) -> None:
    run = collect(database)
    assert run.returncode == 2
    assert f"« {database} » n'est pas une base de test" in run.stdout + run.stderr


def test_a_test_database_is_accepted() -> None:
    assert collect("ckan_scdl_test").returncode == 0
