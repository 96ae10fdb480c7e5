"""A link to data: fetched by a job, checked as a file is, and published when it conforms."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ckan.tests import factories

from ckanext.scdl import helpers, jobs
from ckanext.scdl.model import FileReport
from ckanext.scdl.publication import present_obstacle
from ckanext.scdl.recheck import look_again
from tests import generate

from .publishing import wanted_now
from .test_masking import XML
from .test_upload import call, file, stored_files

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

GOOD, BAD = generate.subventions_csv(), generate.bad_tables()["montant"].content
HERE = "127.0.0.1"


class Site(BaseHTTPRequestHandler):
    """Serves what the test puts into `files`, with the path's file as its own ETag."""

    def do_GET(self):
        content = self.files.get(self.path)
        tag = f'"{hash(content)}"'
        same = content is not None and self.headers.get("If-None-Match") == tag
        self.sent.append(self.path if not same else "304")
        self.send_response(404 if content is None else 304 if same else 200)
        self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(b"" if same or content is None else content)

    def log_message(self, *words):
        """Nothing on the test's output."""


@pytest.fixture
def site(ckan_config, monkeypatch):
    """A web site that the administrator trusts, on this machine."""
    kind = type("OneSite", (Site,), {"files": {}, "sent": []})
    server = ThreadingHTTPServer((HERE, 0), kind)
    port = server.server_address[1]
    kind.url = f"http://{HERE}:{port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setitem(ckan_config, "ckanext.scdl.allowed_hosts", HERE)
    monkeypatch.setitem(ckan_config, "ckanext.scdl.link_ports", f"{port}")
    yield kind
    server.shutdown()
    server.server_close()


@pytest.fixture
def link(new_dataset, site):
    """A function: what the site serves -> (new dataset, its resource that links to it)."""

    def create(content, path="/aides.csv", kind="subventions"):
        if content is not None:
            site.files[path] = content
        dataset = new_dataset(kind)
        url = site.url + path
        resource = call("resource_create", package_id=dataset["id"], url=url, name="Aides")
        return call("package_show", id=dataset["id"]), resource

    return create


def label(resource, dataset):
    return helpers.scdl_badge(resource, dataset)["label"].split(",")[0]


def obstacle(dataset):
    found = present_obstacle(dataset["id"])
    return found and found.code


@pytest.mark.parametrize(
    ("content", "after", "code"),
    [(GOOD, "Conforme", None), (BAD, "Non conforme", "not_conforming")],
)
def test_waits_for_its_check_and_gets_it(link, run_jobs, storage, content, after, code):
    dataset, resource = link(content)
    assert (label(resource, dataset), obstacle(dataset)) == (
        "En attente de contrôle",
        "link_not_checked",
    )
    run_jobs()
    assert (label(resource, dataset), obstacle(dataset)) == (after, code)
    row = FileReport.get(resource["id"])
    assert (row.url, bool(row.etag), row.report["size"]) == (resource["url"], True, len(content))
    assert stored_files(storage) == []


def test_a_conforming_link_is_published_as_it_is(link, run_jobs):
    dataset, resource = link(GOOD)
    run_jobs()
    (one,) = [w for w in wanted_now() if w.dataset.id == dataset["id"]]
    (published,) = one.dataset.resources
    assert (published.url, published.role) == (resource["url"], "donnees")
    assert published.schema == ("scdl/subventions", "2.1.1")


def test_a_link_that_cannot_be_read_says_why(link, run_jobs, portal, headers):
    dataset, resource = link(None)
    run_jobs()
    assert (label(resource, dataset), obstacle(dataset)) == ("Illisible", "link_not_checked")
    token = factories.SysadminWithToken()["token"]
    page = portal.get(f"/scdl/report/{resource['id']}", headers=headers(token)).text
    assert "le code 404 au lieu de donner le fichier" in page


def test_the_portal_s_own_network_is_not_read(link, run_jobs, site, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.scdl.allowed_hosts", "")
    dataset, resource = link(GOOD)
    run_jobs()
    assert label(resource, dataset) == "Illisible"
    (finding,) = FileReport.get(resource["id"]).report["findings"]
    assert finding["params"] == {"rule": "address", "host": HERE}
    assert site.sent == []


def test_another_address_is_another_file(link, run_jobs, site):
    dataset, resource = link(GOOD)
    run_jobs()
    site.files["/autre.csv"] = BAD
    other = call("resource_patch", id=resource["id"], url=f"{site.url}/autre.csv")
    assert label(other, dataset) == "En attente de contrôle"
    assert FileReport.get(resource["id"]) is None
    run_jobs()
    assert label(other, dataset) == "Non conforme"


def test_a_file_that_becomes_a_link_and_back(link, run_jobs, site):
    dataset, resource = link(GOOD)
    run_jobs()
    stored = call("resource_update", id=resource["id"], name="A", upload=file(GOOD, "aides.csv"))
    assert FileReport.get(resource["id"]).url is None
    assert label(stored, dataset) == "Conforme"
    back = call(
        "resource_update", id=resource["id"], name="A", url=f"{site.url}/aides.csv", url_type=""
    )
    assert label(back, dataset) == "En attente de contrôle"


def test_a_linked_budget_has_no_table_and_is_not_published_with_people(link, run_jobs):
    dataset, resource = link(XML, "/budget.xml", "budget")
    run_jobs()
    jobs.check_stored(resource["id"])
    shown = call("package_show", id=dataset["id"])
    assert [r["id"] for r in shown["resources"]] == [resource["id"]]
    assert FileReport.get(resource["id"]).kind == "totem"
    (one,) = [w for w in wanted_now() if w.dataset.id == dataset["id"]]
    assert one.dataset.resources == ()


def test_a_letter_tells_of_a_bad_file_once_and_of_no_outage(link, run_jobs, site, letters):
    dataset, resource = link(GOOD)
    call("package_patch", id=dataset["id"], maintainer_email="finances@fontargent.test")
    run_jobs()

    def letters_after(content):
        if content is None:
            del site.files["/aides.csv"]
        else:
            site.files["/aides.csv"] = content
        jobs.check_stored(resource["id"])
        return len(letters())

    after = [letters_after(c) for c in (None, GOOD, None, BAD, None, BAD, GOOD, BAD)]
    assert after == [0, 0, 0, 1, 1, 1, 1, 2]


def test_documentation_is_not_fetched(new_dataset, site, run_jobs):
    dataset = new_dataset("subventions")
    url = f"{site.url}/note.pdf"
    resource = call("resource_create", package_id=dataset["id"], url=url)
    run_jobs()
    assert resource["role"] == "documentation"
    assert site.sent == []


def test_recheck_asks_whether_it_changed(link, run_jobs, site):
    dataset, _ = link(GOOD)

    def states():
        looked = look_again(dataset["id"], everything=False, repin=False)
        return [(one.read, one.state) for one in looked]

    run_jobs()
    assert states() == [(True, "conforming")]
    assert site.sent == ["/aides.csv", "304"]
    site.files["/aides.csv"] = BAD
    assert states() == [(True, "not-conforming")]
    del site.files["/aides.csv"]
    assert states() == [(True, "unreadable")]
    site.files["/aides.csv"] = GOOD
    assert states() == [(True, "conforming")]
