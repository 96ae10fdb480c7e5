"""The French catalogue says all that the code says, and its compiled form is up to date."""

import io
from pathlib import Path

import pytest
from babel.messages import extract, frontend, mofile, pofile

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "ckanext/scdl/i18n/fr/LC_MESSAGES/ckanext-scdl.po"

pytestmark = pytest.mark.portal


@pytest.fixture(scope="module")
def said():
    """Every message of the code, as docs/developpement.md extracts them."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = frontend.parse_mapping(file)
    keywords = {**extract.DEFAULT_KEYWORDS, "tk._": None, "tk.ungettext": (1, 2)}
    found = extract.extract_from_dir(
        str(ROOT),
        method_map=methods,
        options_map=options,
        keywords=keywords,
        directory_filter=lambda folder: Path(folder).name not in (".run", ".git"),
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, *_ in found}


def catalogue():
    with CATALOGUE.open("rb") as file:
        return {m.id if isinstance(m.id, str) else m.id[0]: m for m in pofile.read_po(file) if m.id}


def test_every_message_is_in_french(said):
    french = catalogue()
    assert said - french.keys() == set()
    assert [m.id for m in french.values() if not m.string or m.fuzzy] == []


def test_no_message_is_left_over(said):
    assert catalogue().keys() - said == set()


def test_the_compiled_catalogue_is_up_to_date():
    with CATALOGUE.open("rb") as file:
        fresh = io.BytesIO()
        mofile.write_mo(fresh, pofile.read_po(file))
    assert CATALOGUE.with_suffix(".mo").read_bytes() == fresh.getvalue()
