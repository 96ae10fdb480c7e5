"""`ckan scdl publish` and what else an administrator decides, from a terminal and a browser."""

import html
import json
import re

import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckanext.harvest.model import HarvestSource
from flask import g

from ckanext.scdl import runs
from ckanext.scdl.model import PushProfile, PushRun, PushWithdrawal
from ckanext.scdl.source import Source

from .publishing import PREFIX, call, fault, harvest, remote_datasets, writes

pytestmark = [pytest.mark.portal, pytest.mark.udata]


@pytest.fixture
def scdl(cli):
    """A function: the command's words -> its result."""
    return lambda *words: cli.invoke(ckan, ["scdl", *words])


def summary(result):
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_a_dry_run_says_what_the_real_one_does(scdl, source, table, udata):
    dry = scdl("publish", "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert f"À créer : {table['title']}" in dry.stdout
    assert (remote_datasets(udata), writes()) == ([], 0)
    real = scdl("publish")
    assert real.exit_code == 0, real.output
    assert real.stdout.splitlines()[:-1] == dry.stdout.splitlines()[:-1]
    assert summary(real)["states"] == {"created": 1}
    assert summary(dry)["kind"] == "dry"
    assert len(remote_datasets(udata)) == 1


def test_what_changes_is_shown(scdl, source, table, udata):
    scdl("publish")
    call("package_patch", id=table["id"], title="Budget primitif 2024")
    shown = scdl("publish", "--dry-run").stdout
    assert "À mettre à jour : Budget primitif 2024" in shown
    assert f"titre : « {table['title']} » → « Budget primitif 2024 »" in shown


def test_as_json(scdl, source, table, udata):
    ((planned,), (done,)) = (
        json.loads(scdl("publish", *words, "--json").stdout) for words in (["--dry-run"], [])
    )
    assert (planned["kind"], planned["states"]) == ("dry", {"planned": 1})
    assert (done["kind"], done["states"]) == ("run", {"created": 1})
    for run, state in ((planned, None), (done, "created")):
        (item,) = run["items"]
        assert (item["dataset_id"], item["action"]) == (table["id"], "create")
        assert (item["outcome"] or {"state": None})["state"] == state


def test_of_several_sources_each_is_named(scdl, new_source, table, udata):
    new_source(types=["subventions"])
    assert "Source «" not in scdl("publish", "--dry-run").output
    new_source(types=["budget"])
    told = scdl("publish", "--dry-run").output
    assert told.count("Source « Vers data.gouv.fr » (profil essai)") == 2


def test_each_dataset_is_written_as_soon_as_it_has_ended(scdl, source, table, udata, monkeypatch):
    said = []

    def carried(run, dataset_id, one):
        said.append(("carried", dataset_id))
        return carry(run, dataset_id, one)

    carry = runs.carried
    monkeypatch.setattr(runs, "carried", carried)
    _, planned = runs.whole(Source("essai"), tell=lambda *told: said.append(told))
    assert [one[0] for one in said] == ["carried", *planned]
    assert said[1][1].state == "created"


def test_what_could_not_be_done_is_said_where_one_looks(scdl, source, table, udata):
    fault(method="POST", path="/api/1/datasets/", status=400, body='{"errors": {"title": ["x"]}}')
    result = scdl("publish")
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if "→" in line]
    assert line.startswith("    → Échec : ")
    assert "refuse ce jeu" in line


def test_a_withdrawal_that_could_not_be_done_says_so(scdl, source, table, udata):
    scdl("publish")
    fault(method="PUT", path="/api/1/datasets/", status=500, times=9)
    result = scdl("withdraw", table["id"], "--personal-data")
    assert result.exit_code == 1
    assert "prochain passage" in result.output
    assert "retiré. Pour" not in result.output


def test_exit_codes(scdl, source, table, udata, ckan_config, monkeypatch):
    fault(method="POST", path="/api/1/datasets/", status=400, body='{"errors": {"title": ["x"]}}')
    assert scdl("publish").exit_code == 1
    monkeypatch.setitem(ckan_config, f"{PREFIX}.api_key", "udata_fausse-clef-0123456789")
    result = scdl("publish")
    assert result.exit_code == 2
    assert "clé" in result.output
    assert "fausse-clef" not in result.output
    assert scdl("publish", "--profile", "inconnu").exit_code == 2
    assert scdl("publish", "--dataset", "inconnu").exit_code == 2


def test_one_dataset_only(scdl, source, table, new_dataset, udata):
    scdl("publish", "--dataset", table["name"])
    (remote,) = remote_datasets(udata)
    assert remote["extras"]["ckanext-scdl:dataset"] == table["id"]
    other = new_dataset("budget")
    scdl("publish", "--dataset", other["name"])
    assert [one["archived"] for one in remote_datasets(udata)] == [None], "others are not gone"


def test_pause_and_resume(scdl, source, table, udata):
    assert scdl("pause", "essai").exit_code == 0
    stopped = scdl("publish")
    assert (stopped.exit_code, writes()) == (2, 0)
    assert "suspendue" in stopped.output
    shown = scdl("publish", "--dry-run")
    assert (shown.exit_code, "suspendue" in shown.output, "À créer" in shown.output) == (0, 1, 1)
    assert scdl("resume", "essai").exit_code == 0
    assert scdl("publish").exit_code == 0
    unknown = scdl("pause", "inconnu")
    assert unknown.exit_code == 2
    assert "essai" in unknown.output


def test_asking_writes_nothing(scdl, portal, profile):
    model.Session.query(PushProfile).delete()
    model.Session.commit()
    assert [one["profile"] for one in call("scdl_push_profiles")] == ["essai"]
    assert model.Session.query(PushProfile).count() == 0


def test_withdraw_for_personal_data_acts_at_once(scdl, source, table, udata):
    scdl("publish")
    result = scdl("withdraw", table["name"], "--personal-data")
    assert result.exit_code == 0, result.output
    assert remote_datasets(udata)[0]["private"]
    assert model.Session.get(PushWithdrawal, table["id"]).reason == "personal_data"
    assert "il le reste" in scdl("withdraw", table["name"]).output
    assert "une tâche l'envoie" in scdl("restore", table["name"]).output
    assert "n'était pas retiré" in scdl("restore", table["name"]).output
    scdl("publish")
    assert not remote_datasets(udata)[0]["private"]


def test_a_profile_that_cannot_keeps_no_other_from_hiding(
    scdl, source, table, udata, ckan_config, monkeypatch
):
    scdl("publish")
    monkeypatch.setitem(ckan_config, "ckanext.scdl.profile.ailleurs.url", "https://nulle-part.test")
    result = scdl("withdraw", table["name"], "--personal-data")
    assert (result.exit_code, "ailleurs" in result.output) == (2, True), result.output
    assert remote_datasets(udata)[0]["private"]


def test_what_was_purged_may_still_be_withdrawn(scdl, source, table, udata):
    """Who finds personal data deletes first; the copy over there is still read."""
    scdl("publish")
    call("dataset_purge", id=table["id"])
    assert scdl("withdraw", table["id"]).exit_code == 2
    result = scdl("withdraw", table["id"], "--personal-data")
    assert result.exit_code == 0, result.output
    assert remote_datasets(udata)[0]["private"]
    assert scdl("withdraw", "inconnu", "--personal-data").exit_code == 2


def test_bind(scdl, source, table, udata, ckan_config, monkeypatch):
    scdl("publish")
    new = "https://opendata.exemple-sur-loire.fr"
    monkeypatch.setitem(ckan_config, f"{PREFIX}.portal_url", new)
    assert scdl("publish").exit_code == 2
    assert scdl("bind", "essai").exit_code == 0
    assert scdl("publish").exit_code == 0
    assert PushProfile.of("essai").portal_url == new


def test_a_source_that_cannot_be_read_does_not_open_the_gates(scdl, source, table, udata):
    """Its filters are unknown: nothing goes rather than everything."""
    HarvestSource.get(source["id"]).config = '{"profile": "essai", "types": ["disparu"]}'
    model.Session.commit()
    result = scdl("publish")
    assert (result.exit_code, writes()) == (2, 0)
    assert "source" in result.output


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("command", ["publish", "withdraw"])
def test_a_reader_that_goes_away_keeps_no_source_back(
    scdl, new_source, table, udata, monkeypatch, command, paused
):
    new_source(types=["budget"])
    new_source(types=["subventions"])
    runs.whole(Source("essai"))
    before = model.Session.query(PushRun).count()
    if paused:
        call("scdl_push_pause", profile="essai")

    def gone(*told, **how):
        raise BrokenPipeError

    monkeypatch.setattr("ckanext.scdl.cli.click.echo", gone)
    scdl(command, *(["--personal-data", table["name"]] if command == "withdraw" else []))
    model.Session.expire_all()
    ended = model.Session.query(PushRun).order_by(PushRun.started)[before:]
    assert [bool(run.finished) for run in ended] == [True, True]


# In a browser


@pytest.fixture
def as_person(portal, headers):
    """A function that posts to one of our pages as somebody; the answer."""

    def send(user, address, method="post"):
        return getattr(portal, method)(
            address, headers=headers(user["token"]), follow_redirects=False
        )

    return send


def test_the_pages_of_an_administrator(as_person, source, table, udata, run_jobs):
    harvest(source)
    admin = factories.SysadminWithToken()
    page = as_person(admin, "/scdl/publication/", "get")
    assert "Suspendre la publication" in page.body
    assert "Source de moissonnage : Vers data.gouv.fr" in text_of(page)
    assert as_person(admin, "/scdl/publication/profile/essai/pause").status_code == 302
    assert PushProfile.of("essai").paused
    page = as_person(admin, "/scdl/publication/", "get")
    assert "Reprendre la publication" in page.body
    as_person(admin, "/scdl/publication/profile/essai/resume")
    assert not PushProfile.of("essai").paused
    dataset = as_person(admin, f"/budget/{table['name']}", "get")
    assert "Retirer de data.gouv.fr" in dataset.body
    as_person(admin, f"/scdl/publication/dataset/{table['id']}/withdraw")
    assert model.Session.get(PushWithdrawal, table["id"]).reason == "withdrawn"
    assert "Retiré depuis" in as_person(admin, f"/budget/{table['name']}", "get").body
    as_person(admin, f"/scdl/publication/dataset/{table['id']}/restore")
    run_jobs()
    assert model.Session.query(PushWithdrawal).count() == 0


def test_without_redis_what_is_asked_for_now_is_refused_in_words(
    as_person, source, table, udata, no_redis
):
    answer = as_person(
        factories.SysadminWithToken(), f"/scdl/publication/dataset/{table['id']}/again"
    )
    assert answer.status_code == 503
    assert "Redis ne répond pas" in text_of(answer)


def test_withdrawn_for_personal_data_by_a_profile_that_is_no_more(
    scdl, source, table, udata, ckan_config, monkeypatch
):
    runs.whole(Source("essai"))
    for name in [name for name in ckan_config if name.startswith(f"{PREFIX}.")]:
        monkeypatch.delitem(ckan_config, name)
    result = scdl("withdraw", table["name"], "--personal-data")
    assert result.exit_code == 2
    assert "ne nomme plus (essai)" in result.output


def test_a_source_with_filters_can_be_edited(as_person, new_source, organization):
    """ckanext-harvest copies the keys of the configuration onto the source's page."""
    source = new_source(
        types=["budget"],
        portal_organizations=[organization["name"]],
        portal_tags=["budget"],
        organizations={},
    )
    page = as_person(factories.SysadminWithToken(), f"/harvest/edit/{source['name']}", "get")
    assert page.status_code == 200


def test_a_forged_post_decides_nothing(portal, source, monkeypatch):
    """CKAN 2.11 leaves extensions out of its protection unless told otherwise."""
    admin, browser = factories.Sysadmin(password="un-long-secret"), portal.test_client()

    def browse(method, address, **data):
        for name in ("_login_user", "login_via_auth_header"):
            g.pop(name, None)  # Flask shares `g` with the surrounding request
        return getattr(browser, method)(address, data=data or None)

    browse("post", "/user/login", login=admin["name"], password="un-long-secret")
    monkeypatch.setitem(portal.flask_app.config, "WTF_CSRF_ENABLED", True)
    pause = "/scdl/publication/profile/essai/pause"
    assert browse("post", pause).status_code == 400
    assert not PushProfile.of("essai").paused

    page = browse("get", "/scdl/publication/").text
    token = re.search(r'name="_csrf_token"[^>]*value="([^"]+)"', page)[1]
    assert browse("post", pause, _csrf_token=token).status_code == 200
    assert PushProfile.of("essai").paused


def text_of(page):
    """With plain spaces: French binds some words to their neighbours."""
    return html.unescape(page.body).replace("\u00a0", " ")


def test_each_decision_says_what_follows(portal, headers, source, table, udata):
    admin, dataset = factories.SysadminWithToken(), f"dataset/{table['id']}"

    def said(decision):
        address = f"/scdl/publication/{decision}"
        return text_of(portal.post(address, headers=headers(admin["token"])))

    for decision, sentence in (
        ("profile/essai/pause", "La publication est suspendue"),
        ("profile/essai/resume", "La publication reprend, à partir du prochain passage"),
        (f"{dataset}/restore", "Le jeu n’était pas retiré"),
        (f"{dataset}/withdraw", "il sera archivé là-bas après le délai de grâce"),
        (f"{dataset}/hide", "Le jeu est retiré pour données personnelles"),
        # what somebody has hidden meanwhile stays so
        (f"{dataset}/withdraw", "Le jeu est retiré pour données personnelles"),
        (f"{dataset}/restore", "Une tâche publie de nouveau le jeu"),
        (f"{dataset}/again", "Une tâche envoie le jeu vers data.gouv.fr"),
    ):
        assert sentence in said(decision), decision


def test_the_page_shows_nights_and_older_ones(as_person, source, table, udata):
    admin = factories.SysadminWithToken()
    for _ in range(4):
        runs.whole(Source("essai"))
    runs.whole(Source("essai"), only=[table["id"]])

    def shown(address):
        return text_of(as_person(admin, f"/scdl/publication/{address}", "get"))

    assert "/scdl/publication/" in as_person(admin, "/dashboard/datasets", "get").body
    first, older = shown(""), shown("?page=2")
    assert (first.count("(profil essai)"), older.count("(profil essai)")) == (3, 1)
    assert "Pour ces jeux seulement" not in first
    assert ("page=2" in first, "page=3" in older) == (True, False)
    assert ("Passages plus récents" in first, "Passages plus récents" in older) == (False, True)
    assert "Pour ces jeux seulement" in shown("?all=1")
    assert shown("?page=9").count("Il n’y a pas de passage plus ancien") == 1
    assert as_person(admin, "/scdl/publication/?page=x", "get").status_code == 400
    assert "pas de passage plus ancien" in shown(f"?page={10**23}")


def test_the_page_of_a_dataset_that_must_be_hidden(as_person, source, table, udata, run_jobs):
    admin = factories.SysadminWithToken()
    runs.whole(Source("essai"))

    def shown():
        return text_of(as_person(admin, f"/budget/{table['name']}", "get"))

    assert "Le voir sur data.gouv.fr" in shown()
    call("scdl_push_withdraw", id=table["id"], reason="personal_data")
    assert "Il est peut-être encore lisible" in shown()
    assert "ses fichiers restent tels quels" in shown()
    call("scdl_push_pause", profile="essai")
    run_jobs()
    assert "Il est peut-être encore lisible" in shown()
    call("scdl_push_resume", profile="essai")
    run_jobs()
    after = shown()
    assert "Il est peut-être encore lisible" not in after
    assert "Le voir sur data.gouv.fr" not in after
    (told,) = call("scdl_publication_show", id=table["id"])["published"]
    assert told["url"] is None
    call("scdl_push_pause", profile="essai")
    call("scdl_push_restore", id=table["id"])
    assert "Il peut de nouveau être lu" in shown()


def test_a_withdrawn_dataset_may_still_be_found_to_hold_personal_data(
    as_person, source, table, udata
):
    admin = factories.SysadminWithToken()
    runs.whole(Source("essai"))
    call("scdl_push_withdraw", id=table["id"])
    page = text_of(as_person(admin, f"/budget/{table['name']}", "get"))
    assert "il contient des données personnelles" in page
    assert "Un administrateur a retiré ce jeu de data.gouv.fr. Pour le publier" in page


def test_the_line_of_what_was_purged_leads_nowhere(as_person, source, table, udata):
    admin = factories.SysadminWithToken()
    runs.whole(Source("essai"))
    call("dataset_purge", id=table["id"])
    page = text_of(as_person(admin, "/scdl/publication/", "get"))
    assert table["title"] in page
    assert f"/dataset/{table['id']}" not in page


def test_nobody_else_decides(as_person, source, table, udata, organization):
    editor = factories.UserWithToken()
    member = {"id": organization["id"], "username": editor["name"], "role": "admin"}
    call("organization_member_create", **member)
    for what in ("profile/essai/pause", f"dataset/{table['id']}/withdraw"):
        assert as_person(editor, f"/scdl/publication/{what}").status_code == 403
    assert "Retirer de data.gouv.fr" not in as_person(editor, f"/budget/{table['name']}", "get")
    assert PushProfile.of("essai").paused is None


def test_a_link_is_not_enough_to_decide(as_person, source, table, udata):
    admin = factories.SysadminWithToken()
    answer = as_person(admin, "/scdl/publication/profile/essai/pause", "get")
    assert answer.status_code in (404, 405)
    assert PushProfile.of("essai").paused is None


def test_a_saved_source_shows_its_first_plan(as_person, source, table, udata, run_jobs):
    admin = factories.SysadminWithToken()
    run_jobs()
    assert (writes(), model.Session.query(PushRun).one().kind) == (0, "dry")
    page = as_person(admin, f"/harvest/admin/{source['name']}", "get")
    assert "À créer" in page.body
    assert table["title"] in html.unescape(page.body)


def test_the_job_page_leads_to_our_report(as_person, source, table, udata):
    _, job = harvest(source)
    job_id = job.id
    admin = factories.SysadminWithToken()
    page = as_person(admin, f"/harvest/{source['name']}/job/{job_id}", "get")
    assert f"/scdl/publication/job/{job_id}" in page.body
    report = as_person(admin, f"/scdl/publication/job/{job_id}", "get")
    assert "Créé" in report.body


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("udata_fausse-clef-0123456789", "refuse la clé"),
        ("partial_editor", "éditeur"),
        ("outsider", "membre"),
    ],
)
def test_a_source_that_cannot_work_is_not_saved(
    new_source, udata, ckan_config, monkeypatch, key, said
):
    import ckan.plugins.toolkit as tk

    monkeypatch.setitem(ckan_config, f"{PREFIX}.api_key", udata["keys"].get(key, key))
    with pytest.raises(tk.ValidationError) as refused:
        new_source()
    assert said in str(refused.value)
    assert "fausse-clef" not in str(refused.value)


@pytest.mark.parametrize(
    "configuration",
    [
        {"types": ["dataset"]},
        {"portal_organizations": ["inconnue"]},
        {"organizations": {"inconnue": "0" * 24}},
        {"portal_tags": "budget"},
        {"api_key": "secret"},
    ],
)
def test_nor_one_whose_configuration_is_wrong(new_source, configuration):
    import ckan.plugins.toolkit as tk

    with pytest.raises(tk.ValidationError):
        new_source(**configuration)


def test_filters(new_source, table, new_dataset, udata, organization):
    other = new_source(types=["subventions"])
    items, _ = harvest(other)
    assert items == {}
    items, _ = harvest(new_source(types=["budget"], portal_organizations=[organization["name"]]))
    assert items[table["id"]].state == "created"
    items, _ = harvest(other)
    assert items == {}, "the other source sends it"
    items, _ = harvest(new_source(portal_tags=["transports"]))
    assert items == {}
