"""The client against the real udata: the profile's check, limits, errors, and the key's secrecy."""

import logging
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from ckanext.scdl.datagouv import (
    Finding,
    Limits,
    carry_out,
    check_catalogue,
    check_connection,
    errors,
    gather,
)
from tests.datagouv.examples import BUDGET, wanted

pytestmark = pytest.mark.udata

UNKNOWN_ORGANIZATION = "ffffffffffffffffffffffff"


def failure(function, *arguments) -> errors.DatagouvError:
    with pytest.raises(errors.DatagouvError) as caught:
        function(*arguments)
    return caught.value


def test_a_good_profile(udata):
    with udata.client() as client:
        check_connection(client)
        assert (client.requests, client.writes) == (2, 0)


def test_a_sysadmin_may_publish_for_anybody(udata):
    with udata.client(api_key=udata.seed["keys"]["sysadmin"]) as client:
        check_connection(client)
        assert client.requests == 2


@pytest.mark.parametrize(
    ("who", "kind", "code"),
    [
        ("partial_editor", errors.Forbidden, "role_too_weak"),
        ("outsider", errors.Forbidden, "not_member"),
    ],
)
def test_an_account_that_may_not_edit(udata, who, kind, code):
    with udata.client(api_key=udata.seed["keys"][who]) as client:
        error = failure(check_connection, client)
    assert (type(error), error.finding.code) == (kind, code)


def test_a_wrong_key(udata):
    with udata.client(api_key="udata_fausse-cle-0123456789") as client:
        assert isinstance(failure(check_connection, client), errors.Unauthorized)


def test_an_unknown_organisation(udata):
    with udata.client(organization=UNKNOWN_ORGANIZATION) as client:
        error = failure(check_connection, client)
    assert (type(error), error.finding.code) == (errors.NotFound, "organization_missing")


def test_no_organisation_at_all(udata):
    with udata.client(organization=None) as client:
        assert failure(check_connection, client).finding.code == "profile_no_organization"


UNFIT = [
    ({"api_key": "udata_fausse-cle-0123456789"}, "key_refused", 1),
    ({"organization": UNKNOWN_ORGANIZATION}, "organization_missing", 2),
    ({"organizations": {"autre-ville": UNKNOWN_ORGANIZATION}}, "organization_missing", 3),
    ({"organization": None}, "profile_no_organization", 0),
]


@pytest.mark.parametrize(("profile", "code", "requests"), UNFIT)
def test_a_run_stops_at_an_unfit_profile(udata, ledger, profile, code, requests):
    with udata.client(**profile) as client:
        assert failure(gather, wanted(), client, ledger).finding.code == code
        assert client.requests == requests


@pytest.mark.parametrize("who", ["partial_editor", "outsider"])
def test_a_run_stops_at_a_role_too_weak(udata, ledger, who):
    with udata.client(api_key=udata.seed["keys"][who]) as client:
        assert isinstance(failure(gather, wanted(), client, ledger), errors.Forbidden)
        assert client.requests == 2


def test_what_the_catalogue_lacks_is_told(udata):
    with udata.client() as client:
        schemas = [("scdl/budget", "0.8.3"), ("scdl/budget", "9.9"), ("scdl/inconnu", "1.0")]
        found = check_catalogue(client, schemas, ["lov2", "etalab-2.0", "wtfpl"])
    assert found == (
        Finding("schema_unknown", {"schema": "scdl/budget", "version": "9.9"}),
        Finding("schema_unknown", {"schema": "scdl/inconnu", "version": "1.0"}),
        Finding("licence_unknown", {"licence": "wtfpl"}),
    )


def test_what_a_plan_costs(udata, ledger):
    """The account, the organisation, its datasets, four lists and one territory."""
    with udata.client() as client:
        gather(wanted(), client, ledger)
        assert (client.requests, client.writes) == (8, 0)


MEMBERS = [
    ("null", "not_json"),
    ("[1]", "not_json"),
    ('{"user": 1}', "not_json"),
    ('[{"user": null}, {"user": 1}, {"user": {"id": 3}}]', "not_member"),
]


@pytest.mark.parametrize(("members", "code"), MEMBERS)
def test_members_of_another_shape(udata, members, code):
    body = f'{{"id": "x", "members": {members}}}'
    udata.fault(method="GET", path="/organizations/", status=200, body=body)
    with udata.client() as client:
        assert failure(check_connection, client).finding.code == code


def test_a_cookie_does_not_outlive_the_key(udata):
    with udata.client() as client:
        client.me()
        http = client._transport._http
        assert list(http.cookies.jar) == []
        http.headers["X-API-KEY"] = "udata_revoquee-0123456789"
        assert isinstance(failure(client.me), errors.Unauthorized)


def test_the_key_is_in_no_text(udata, caplog):
    caplog.set_level(logging.DEBUG)
    key = "udata_cle-secrete-0123456789"
    texts = []
    with udata.client(api_key=key) as client:
        texts += [repr(client), repr(vars(client)), repr(client.profile), str(client.profile)]
        texts.append(_whole(failure(check_connection, client)))
        for fault in ({"drop": True}, {"status": 500}, {"status": 302}, {"body": "<html>"}):
            udata.fault(method="POST", **{"status": 200, **fault})
            texts.append(_whole(failure(client.create_dataset, {"title": "x"})))
    with udata.client(api_key=key, url="http://127.0.0.1:9") as client:
        texts.append(_whole(failure(client.me)))
    assert all(key not in text for text in [*texts, caplog.text])


def test_the_session_cookie_is_in_no_log(udata, caplog):
    caplog.set_level(logging.DEBUG)
    answer = udata.call("GET", "/me/")
    assert "session=" in answer.headers["Set-Cookie"]
    with udata.client() as client:
        client.me()
    assert "/api/1/me/" in caplog.text
    assert "session=" not in caplog.text


def _whole(error: BaseException) -> str:
    """All that a log or an error page might show of an exception."""
    locals_shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    chained = "".join(traceback.format_exception(error))
    return chained + repr(error) + repr(error.args) + "".join(locals_shown.format())


def test_a_get_is_tried_again_and_a_write_is_not(udata):
    udata.fault(method="GET", path="/me/", status=503, times=2)
    udata.fault(method="POST", status=503, times=2)
    with udata.client() as client:
        assert client.me()["first_name"] == "Erin"
        assert client.requests == 3
        error = failure(client.create_dataset, {"title": "x"})
    assert isinstance(error, errors.Unavailable)
    assert error.maybe_committed
    assert udata.received()["POST"] == 1


def test_retry_after_is_heeded_within_reason(udata):
    slept = []
    udata.fault(method="GET", status=429, headers={"Retry-After": 7})
    udata.fault(method="GET", status=429, headers={"Retry-After": 86400})
    client = udata.client()
    client._transport._sleep = slept.append
    with client:
        client.me()
    assert slept == [7, 30]


def test_a_500_to_a_get_is_not_insisted_upon(udata):
    udata.fault(method="GET", status=500, times=5)
    with udata.client() as client:
        assert failure(client.me).finding.code == "server_error"
        assert client.requests == 1


def test_a_redirect_is_never_followed(udata):
    headers = {"Location": "https://www.example.org/api/1/datasets/"}
    udata.fault(method="POST", status=308, headers=headers)
    udata.fault(method="GET", status=301, headers=headers)
    with udata.client() as client:
        for error in (failure(client.create_dataset, {}), failure(client.me)):
            assert isinstance(error, errors.Redirected)
            assert error.finding.params["location"] == headers["Location"]


def test_an_answer_that_is_not_the_api_s(udata):
    udata.fault(
        method="GET", status=200, body="<html>proxy</html>", headers={"Content-Type": "text/html"}
    )
    with udata.client() as client:
        assert failure(client.me).finding.code == "not_json"


@pytest.mark.parametrize("body", ["[]", "null", "{}", '{"id": 1}', '{"data": [1]}', "[" * 5000])
def test_an_answer_of_another_shape(udata, ledger, body):
    udata.fault(method="GET", status=200, body=body, times=20)
    udata.fault(method="POST", status=200, body=body)
    with udata.client(limits=Limits(failures=9)) as client:
        for function, arguments in ((client.me, ()), (gather, (wanted(), client, ledger))):
            assert failure(function, *arguments).finding.code == "not_json"
        error = failure(client.create_dataset, {})
    assert (error.finding.code, error.maybe_committed) == ("not_json", True)


def test_a_list_that_never_ends(udata, monkeypatch):
    monkeypatch.setattr("ckanext.scdl.datagouv.client.MOST_PAGES", 3)
    udata.fault(method="GET", status=200, body='{"data": [], "next_page": "x"}', times=9)
    with udata.client() as client:
        error = failure(list, client.datasets(udata.seed["organization"]))
        assert (error.finding.code, client.requests) == ("answer_too_large", 3)


def test_an_answer_that_is_too_large(udata):
    udata.fault(method="GET", status=200, body="[" + "1," * 100_000 + "1]", times=1)
    with udata.client(limits=Limits(size=100_000)) as client:
        assert failure(client.me).finding.code == "answer_too_large"


def test_a_silent_server_does_not_hold_us(udata):
    udata.fault(method="GET", delay=6)
    with udata.client(limits=Limits(read=0.3, retries=0)) as client:
        start = time.monotonic()
        assert failure(client.me).finding.code == "timeout"
        assert time.monotonic() - start < 5
    udata.settle()


def test_a_large_file_may_take_longer_than_an_answer(udata):
    """The time for an answer begins with it: the server is slow to take what is sent."""
    udata.fault(method="POST", delay=0.6)
    with udata.client(limits=Limits(read=20, total=0.3)) as client:
        created = client.create_dataset({"title": "Lent", "description": "Long à envoyer"})
    assert created["title"] == "Lent"


@pytest.mark.parametrize(("status", "code"), [(413, "too_heavy"), (400, "refused_without_reason")])
def test_a_refusal_that_says_nothing(udata, status, code):
    udata.fault(method="POST", status=status, body="<html>")
    with udata.client() as client:
        error = failure(client.create_dataset, {})
    assert (type(error), error.finding.code) == (errors.Refused, code)
    assert not str(error).rstrip().endswith(":")


def test_another_server_is_told(udata):
    """A live one, which knows no such address."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Nothing) as other:
        threading.Thread(target=other.handle_request, daemon=True).start()
        with udata.client(url=f"http://127.0.0.1:{other.server_port}") as client:
            error = failure(check_connection, client)
    assert error.finding.code == "not_json"


def test_nobody_listens(udata):
    with udata.client(url="http://127.0.0.1:9") as client:
        error = failure(client.create_dataset, {})
    assert (error.finding.code, error.maybe_committed) == ("unreachable", False)


def test_deleted_and_unknown_datasets(udata, ledger):
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
        remote_id = carry_out(item, client, ledger).remote_id
        udata.call("DELETE", f"/datasets/{remote_id}/")
        assert client.dataset(remote_id)["deleted"]
        error = failure(client.update_dataset, remote_id, {"title": "x"})
        assert isinstance(error, errors.Gone)
        error = failure(client.dataset, UNKNOWN_ORGANIZATION)
        assert isinstance(error, errors.NotFound)


def test_a_refusal_names_the_fields(udata):
    body = {"title": "", "resources": [{"title": "r", "filetype": "remote"}]}
    with udata.client() as client:
        error = failure(client.create_dataset, body)
    assert isinstance(error, errors.Refused)
    details = error.finding.params["details"]
    assert "title : " in details
    assert "description : " in details


def test_without_catalogue_of_schemas_nothing_is_planned(udata, ledger):
    udata.fault(method="GET", path="/datasets/schemas/", status=503, times=3)
    with udata.client() as client:
        error = failure(gather, wanted(), client, ledger)
        assert isinstance(error, errors.CatalogueUnavailable)
        assert client.writes == 0


def test_the_catalogue_holds_the_two_standards(udata):
    with udata.client() as client:
        schemas = client.schemas()
    assert "0.8.3" in schemas["scdl/budget"]
    assert "2.1.1" in schemas["scdl/subventions"]


def test_the_user_agent_is_stable(udata):
    with udata.client() as client:
        agent = client._transport._http.headers["User-Agent"]
        client.me()
    assert agent.startswith("ckanext-scdl/")
    (token,) = udata.call("GET", "/me/api_tokens/").json()
    assert agent in token["user_agents"]


def test_the_listing_has_all_that_the_plan_compares(udata, ledger):
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
        remote_id = carry_out(item, client, ledger).remote_id
        (listed,) = client.datasets(udata.seed["organization"])
        whole = client.dataset(remote_id)
    assert listed["id"] == remote_id
    for key, value in listed.items():
        if key not in ("organization", "resources", "created_at"):
            assert value == whole[key], key


def test_the_public_page_shows_what_was_published(udata, ledger):
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
        page = carry_out(item, client, ledger).url
    home = httpx.get(udata.url, trust_env=False)
    shown = httpx.get(page, trust_env=False)
    assert (home.status_code, shown.status_code) == (200, 200)
    assert BUDGET.title in home.text
    assert "scdl/budget 0.8.3" in shown.text
