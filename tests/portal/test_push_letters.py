"""Letters about the publication on data.gouv.fr: who is told what, and how often."""

import datetime as dt
import json
import smtplib
import uuid

import pytest
from ckan import model
from ckan.tests import factories

from ckanext.scdl import push_letters
from ckanext.scdl.datagouv import texts
from ckanext.scdl.model import PushItem, PushProfile, PushRun, PushTold

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

CLERK = "finances@fontargent.test"
CHIEF = "administration@fontargent.test"
REFUSED = {"code": "refused", "params": {"status": "400", "details": "title"}}


def finding(code, **params):
    return {"code": code, "params": params}


BAD_FILE = finding("not_conforming", resource="aides.csv")


@pytest.fixture
def dataset(new_dataset):
    return new_dataset("subventions", title="Aides\nde 2024", maintainer_email=CLERK)


@pytest.fixture
def night(letters, ckan_config, monkeypatch, mail_server):
    """A function: items and problem of a run -> the letters that it gave rise to.

    items: dataset -> (state, finding or None).
    """
    monkeypatch.setitem(ckan_config, "email_to", CHIEF)
    profile = f"p{uuid.uuid4().hex[:8]}"

    def run(*items, problem=None, kind="run", source=None, whole=True):
        run = PushRun(profile=profile, kind=kind, problem=problem, source_id=source, whole=whole)
        run.started = dt.datetime.now(dt.timezone.utc)
        model.Session.add(run)
        model.Session.flush()
        for one, state, found in items:
            outcome = {"state": state, "finding": found}
            model.Session.add(
                PushItem(run_id=run.id, dataset_id=one["id"], state=state, plan={}, outcome=outcome)
            )
        model.Session.commit()
        mail_server.clear_smtp_messages()
        push_letters.after_run(run)
        model.Session.expire_all()
        return letters()

    run.profile = profile
    return run


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("flagged", BAD_FILE),
        ("archived", finding("not_conforming", resource="aides.csv")),
        ("hidden", finding("private")),
        ("conflict", finding("harvested", page="https://www.data.gouv.fr/x")),
        ("left_out", BAD_FILE),
        *[("left_out", finding(code)) for code in push_letters.LASTING],
    ],
)
def test_what_asks_somebody_to_act_is_told_once(night, dataset, state, found):
    ((to, subject, body),) = night((dataset, state, found))
    assert to == [CLERK]
    assert subject == "data.gouv.fr : des jeux de données à suivre"
    assert "« Aides de 2024 »" in body
    assert "“Aides de 2024”" in body
    assert f"http://test.ckan.net/dataset/{dataset['name']}" in body
    for lang in ("fr", "en"):
        assert push_letters.STATES[state][lang] in body
        assert texts.sentence(texts.Finding.from_dict(found), lang) in body
    assert "http://test.ckan.net/scdl/publication/" in body
    assert night((dataset, state, found)) == []


@pytest.mark.parametrize("state", push_letters.HEALTHY)
def test_a_healthy_dataset_is_no_news(night, dataset, state):
    assert night((dataset, state, None)) == []
    assert night((dataset, state, None)) == []


@pytest.mark.parametrize("code", ["not_checked", "table_pending", "unsettled", "private"])
def test_what_passes_or_is_meant_is_no_news(night, dataset, code):
    assert night((dataset, "left_out", finding(code))) == []


def test_every_reason_that_lasts_is_a_reason():
    assert set(push_letters.LASTING) <= set(texts.SENTENCES)
    assert {*push_letters.PASSING, *push_letters.OF_THE_RUN} <= set(texts.SENTENCES)


def test_a_failed_night_is_told_to_nobody_and_the_second_once(night, dataset):
    assert night((dataset, "failed", REFUSED)) == []
    ((_, _, body),) = night((dataset, "failed", REFUSED))
    assert "Deux passages de suite" in body
    assert night((dataset, "failed", REFUSED)) == []


def test_a_run_that_did_not_meet_it_is_no_night_between(night, dataset, new_dataset):
    """Somebody pushed another dataset by hand, or another source had its turn."""
    other = new_dataset("subventions", maintainer_email="autre@fontargent.test")
    assert night((dataset, "failed", REFUSED)) == []
    assert night((other, "created", None), whole=False) == []
    assert night((other, "unchanged", None), source="autre") == []
    assert len(night((dataset, "failed", REFUSED))) == 1


def test_tries_within_minutes_are_no_nights(night, dataset):
    """A job that hides tries again and again."""
    assert night((dataset, "failed", REFUSED)) == []
    assert night((dataset, "failed", REFUSED), whole=False) == []
    assert len(night((dataset, "failed", REFUSED))) == 1


def test_failures_with_a_good_night_between_are_no_news(night, dataset):
    for state, found in [("failed", REFUSED), ("unchanged", None), ("failed", REFUSED)]:
        assert night((dataset, state, found)) == []


def test_a_failure_of_data_gouv_fr_is_not_the_clerks(night, dataset):
    for _ in range(3):
        assert night((dataset, "failed", finding("circuit_open", failures="5"))) == []


def test_it_is_told_when_it_is_over(night, dataset):
    night((dataset, "flagged", BAD_FILE))
    ((_, _, body),) = night((dataset, "updated", None))
    assert "Il est de nouveau publié" in body
    assert "It is published again" in body
    assert night((dataset, "unchanged", None)) == []
    assert len(night((dataset, "flagged", BAD_FILE))) == 1


def test_the_same_reason_in_another_quiet_state_is_no_news(night, dataset):
    night((dataset, "flagged", BAD_FILE))
    assert night((dataset, "left_out", BAD_FILE)) == []
    assert night((dataset, "flagged", BAD_FILE)) == []
    assert len(night((dataset, "archived", BAD_FILE))) == 1


def test_another_reason_is_news(night, dataset):
    night((dataset, "left_out", BAD_FILE))
    assert len(night((dataset, "left_out", finding("no_licence")))) == 1


def test_one_letter_for_a_person_and_a_run(night, new_dataset, dataset):
    second = new_dataset("subventions", title="Aides de 2023", maintainer_email=CLERK.upper())
    other = new_dataset("subventions", title="Le reste", maintainer_email="autre@fontargent.test")
    letters = night(
        (dataset, "left_out", BAD_FILE),
        (second, "conflict", finding("harvested", page="x")),
        (other, "left_out", BAD_FILE),
    )
    assert sorted(to[0].lower() for to, _, _ in letters) == ["autre@fontargent.test", CLERK]
    mine = next(body for to, _, body in letters if to[0].lower() == CLERK)
    assert "Aides de 2024" in mine
    assert "Aides de 2023" in mine
    assert "Le reste" not in mine


@pytest.mark.parametrize("change", [{"private": True}, {"state": "deleted"}])
def test_a_private_dataset_is_named_by_its_address_alone(night, dataset, change):
    package = model.Package.get(dataset["id"])
    for name, value in change.items():
        setattr(package, name, value)
    model.repo.commit()
    ((_, subject, body),) = night((dataset, "hidden", BAD_FILE))
    assert f"http://test.ckan.net/dataset/{dataset['id']}" in body
    for secret in (dataset["title"], "Aides", dataset["name"], "aides.csv"):
        assert secret not in subject + body


def test_nobody_to_write_to(night, new_dataset):
    nobody = new_dataset("subventions")
    assert night((nobody, "left_out", BAD_FILE)) == []


def test_a_portal_without_mail_writes_nothing(night, dataset, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "")
    assert night((dataset, "left_out", BAD_FILE), problem=finding("key_refused")) == []
    assert model.Session.query(PushTold).filter_by(profile=night.profile).count() == 0


def test_a_plan_that_is_only_shown_writes_nothing(night, dataset):
    problem = finding("key_refused")
    assert night((dataset, "left_out", BAD_FILE), problem=problem, kind="dry") == []


def test_a_letter_that_could_not_be_sent_is_sent_by_the_next_run(night, dataset, monkeypatch):
    def refuse(*address):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(smtplib, "SMTP", refuse)
        assert night((dataset, "left_out", BAD_FILE), problem=finding("key_refused")) == []
    letters = night((dataset, "left_out", BAD_FILE), problem=finding("key_refused"))
    assert sorted(to for to, _, _ in letters) == [[CHIEF], [CLERK]]


def test_a_dead_mail_server_is_not_asked_for_ever(night, new_dataset, monkeypatch):
    asked = []

    def refuse(*letter):
        asked.append(letter)
        raise OSError

    monkeypatch.setattr(push_letters.mailer, "mail_recipient", refuse)
    many = [
        new_dataset("subventions", maintainer_email=f"agent{i}@fontargent.test") for i in range(5)
    ]
    assert night(*[(one, "left_out", BAD_FILE) for one in many]) == []
    assert len(asked) == 3


def test_an_address_that_is_refused_keeps_no_letter_back(night, new_dataset, monkeypatch):
    """Three people left the town hall: the server refuses them, and takes all the others."""
    send, refused = smtplib.SMTP.sendmail, {"agent0", "agent2"}

    def sendmail(sender, addresses, message):
        addresses[0].encode("ascii")  # as smtplib does
        if addresses[0].partition("@")[0] in refused:
            raise smtplib.SMTPRecipientsRefused({addresses[0]: (550, b"unknown")})
        return send(sender, addresses, message)

    monkeypatch.setattr(smtplib.SMTP, "sendmail", sendmail)
    names = [f"agent{i}@fontargent.test" for i in range(4)]
    many = [new_dataset("subventions", maintainer_email=name) for name in names]
    # by another way than the form, which refuses it
    model.Package.get(many[1]["id"]).maintainer_email = "agent\u00e9@fontargent.test"
    model.Session.commit()
    told = night(*[(one, "left_out", BAD_FILE) for one in many], problem=finding("key_refused"))
    assert [to for to, _, _ in told] == [[CHIEF], ["agent3@fontargent.test"]]


@pytest.mark.parametrize("state", ["archived", "hidden"])
def test_what_was_taken_back_while_no_letter_left_is_told_later(night, dataset, state, monkeypatch):
    reason = finding("withdrawn" if state == "archived" else "private")
    with monkeypatch.context() as broken:
        broken.setattr(push_letters, "after_run", lambda run: None)  # the process was killed
        assert night((dataset, state, reason)) == []
    ((to, _, body),) = night((dataset, "left_out", reason))
    assert to == [CLERK]
    assert push_letters.STATES[state]["fr"] in body
    assert night((dataset, "left_out", reason)) == []
    assert len(night((dataset, "restored", finding("unarchived")))) == 1
    assert night((dataset, "left_out", finding("private"))) == []


def test_what_came_back_meanwhile_is_told_no_more(night, dataset, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(push_letters, "after_run", lambda run: None)
        night((dataset, "archived", finding("deleted")))
    assert night((dataset, "restored", finding("unarchived"))) == []
    assert night((dataset, "unchanged", None)) == []
    assert night((dataset, "left_out", finding("withdrawn"))) == [], "in its grace delay"


def test_what_was_taken_back_long_ago_is_no_news(night, dataset, ckan_config, monkeypatch):
    """The portal sends letters since today."""
    with monkeypatch.context() as silent:
        silent.setitem(ckan_config, "smtp.mail_from", "")
        night((dataset, "archived", finding("deleted")))
    item = model.Session.query(PushItem).filter_by(dataset_id=dataset["id"]).one()
    item.updated -= dt.timedelta(days=8)
    model.Session.commit()
    assert night((dataset, "left_out", finding("deleted"))) == []


class TestAdministrators:
    def test_one_who_was_written_to_is_not_again_because_of_others(
        self, night, ckan_config, monkeypatch
    ):
        monkeypatch.setitem(ckan_config, "email_to", "")
        for _ in range(4):
            factories.Sysadmin(email=f"{uuid.uuid4().hex}@fontargent.test")
        asked = []

        def one_only(name, address, *letter):
            asked.append(address)
            if len(asked) > 1:
                raise OSError

        monkeypatch.setattr(push_letters.mailer, "mail_recipient", one_only)
        night(problem=finding("key_refused"))
        night(problem=finding("key_refused"))
        assert len(asked) == 4

    def test_a_problem_is_told_once_and_when_it_is_over(self, night):
        ((to, subject, body),) = night(problem=finding("key_refused"))
        assert to == [CHIEF]
        assert subject == f"Publication sur data.gouv.fr arrêtée (profil {night.profile})"
        for lang in ("fr", "en"):
            assert texts.sentence(texts.Finding("key_refused"), lang) in body
        assert night(problem=finding("key_refused")) == []
        ((_, subject, _),) = night()
        assert subject == f"Publication sur data.gouv.fr rétablie (profil {night.profile})"
        assert night() == []
        assert model.Session.get(PushProfile, night.profile).told is None

    def test_another_problem_is_news(self, night):
        night(problem=finding("key_refused"))
        assert len(night(problem=finding("not_member", organization="Fontargent"))) == 1

    def test_the_same_problem_with_other_figures_is_no_news(self, night):
        night(problem=finding("brake", count="30"))
        assert night(problem=finding("brake", count="31")) == []

    def test_one_night_of_data_gouv_fr_is_told_to_nobody(self, night):
        assert night(problem=finding("unreachable")) == []
        assert night() == []
        assert night(problem=finding("unreachable")) == []
        assert len(night(problem=finding("timeout"))) == 1

    def test_each_source_has_its_own_troubles(self, night):
        """The good night of one does not tell that the other's trouble is over."""
        assert len(night(problem=finding("key_refused"), source="un")) == 1
        assert night(source="deux") == []
        assert night(problem=finding("key_refused"), source="un") == []
        ((_, subject, _),) = night(source="un")
        assert "rétablie" in subject
        assert night(problem=finding("unreachable"), source="un") == []
        assert night(problem=finding("unreachable"), source="deux") == []
        assert len(night(problem=finding("unreachable"), source="un")) == 1

    def test_a_push_by_hand_says_nothing_of_the_nights(self, night):
        assert night(problem=finding("unreachable")) == []
        assert night(whole=False) == []
        assert night(problem=finding("key_refused"), whole=False) == []
        assert len(night(problem=finding("unreachable"))) == 1

    def test_an_outage_that_changes_its_name_is_told_once(self, night):
        night(problem=finding("timeout"))
        assert len(night(problem=finding("unreachable"))) == 1
        assert night(problem=finding("gateway_error")) == []
        assert len(night()) == 1

    def test_another_run_under_way_says_nothing_of_the_problem(self, night):
        night(problem=finding("key_refused"))
        assert night(problem=finding("busy")) == []
        assert night(problem=finding("key_refused")) == []

    def test_else_the_sysadmins_who_have_an_address(self, night, ckan_config, monkeypatch):
        monkeypatch.setitem(ckan_config, "email_to", "")
        admin = factories.Sysadmin(email=f"{uuid.uuid4().hex}@fontargent.test")
        left = factories.Sysadmin(email=f"{uuid.uuid4().hex}@fontargent.test")
        model.User.get(left["id"]).state = "deleted"
        model.Session.commit()
        told = [to for to, _, _ in night(problem=finding("key_refused"))]
        assert [admin["email"]] in told
        assert [left["email"]] not in told


def test_no_letter_holds_the_key(night, dataset, ckan_config, monkeypatch):
    key = "udata_cle-de-test-0123456789"
    monkeypatch.setitem(ckan_config, f"ckanext.scdl.profile.{night.profile}.api_key", key)
    letters = night((dataset, "left_out", BAD_FILE), problem=finding("key_refused"))
    assert len(letters) == 2
    assert key not in json.dumps(letters)
