"""The French catalogue says all that the code says, and its compiled form is up to date."""

import io
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import yaml
from babel.messages import extract, frontend, mofile, pofile

from ckanext.scdl import helpers
from ckanext.scdl.conformity import Report
from ckanext.scdl.conformity.rendering.typography import bound
from ckanext.scdl.model import FileReport
from tests import generate

from .test_upload import call, file

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


def french(schema):
    """What a form shows in French: under a key `fr`, or in a placeholder."""
    if isinstance(schema, list):
        return [text for one in schema for text in french(one)]
    if not isinstance(schema, dict):
        return []
    here = [schema[key] for key in ("fr", "form_placeholder") if isinstance(schema.get(key), str)]
    return here + french(list(schema.values()))


def test_no_line_breaks_where_french_has_none():
    """« and the like hold to their neighbour, in the catalogue and in the forms."""
    shown = [
        text
        for message in catalogue().values()
        for text in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    for name in ("budget", "subventions", "presets"):
        path = ROOT / f"schemas/datasets/{name}.yaml"
        shown += french(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert len(shown) > 100
    assert [text for text in shown if bound(text, "fr") != text] == []


def test_nor_in_a_refusal_and_a_report(portal, new_dataset, ckan_config, monkeypatch):
    rows = generate.subventions_rows()
    rows[0]["montant"] = "1,5"
    dataset, upload = new_dataset("subventions"), file(generate.to_csv(rows), "aides.csv")
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_create", package_id=dataset["id"], upload=upload)
    (told,) = refused.value.error_dict["url"]
    monkeypatch.setitem(ckan_config, "ckanext.scdl.mode", "warn")
    upload = file(generate.to_csv(rows), "aides.csv")
    resource = call("resource_create", package_id=dataset["id"], upload=upload)
    report = Report.from_dict(FileReport.get(resource["id"]).report)
    sentences = [told, *helpers._causes(report, "error")]
    assert [
        text for text in sentences if "«\xa01,5\xa0»" not in text or bound(text, "fr") != text
    ] == []


def test_no_message_is_left_over(said):
    assert catalogue().keys() - said == set()


def test_the_compiled_catalogue_is_up_to_date():
    """Message by message: the header names the version of the tool, each CKAN having its own."""
    with CATALOGUE.open("rb") as file:
        fresh = io.BytesIO()
        mofile.write_mo(fresh, pofile.read_po(file))
    fresh.seek(0)
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        assert messages(mofile.read_mo(compiled)) == messages(mofile.read_mo(fresh))


def messages(catalogue):
    return [(message.id, message.string) for message in catalogue if message.id]
