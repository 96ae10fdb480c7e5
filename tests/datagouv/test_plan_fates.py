"""What becomes of a dataset that is not to be read over there as before: decided without server."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ckanext.scdl.datagouv import Finding, Link, PlannedItem, Profile, Wanted, in_order, mapping
from ckanext.scdl.datagouv.plan import brake_limit, plan
from tests.datagouv.examples import (
    BUDGET,
    DATASET,
    NOW,
    ORGANIZATION,
    PROFILE,
    codes,
    through_json,
)
from tests.datagouv.test_plan import LINK, REMOTE_ID, against, planned, remote_of, whats

DELETED = Finding("deleted")
NOT_CONFORMING = Finding("not_conforming", {"resource": "Budget"})
MONTHLY = replace(BUDGET, frequency="monthly")
LONG_AGO = (NOW - timedelta(days=8)).isoformat()


def decided(wish: Wanted, *remote, links=(LINK,), **context) -> PlannedItem:
    (item,) = plan([wish], against(*remote, links=links, **context))
    assert through_json(item) == item
    return item


def gone(dataset=BUDGET, reason=DELETED) -> Wanted:
    return Wanted(dataset, reason, "archive")


def changed(**options) -> Profile:
    return replace(PROFILE, **options)


# Archived, after a grace


def test_a_deleted_dataset_has_a_grace():
    item = decided(gone(), remote_of())
    assert (item.action, item.reason.code, item.requests) == ("left_out", "deleted", ())
    assert item.absent == NOW.isoformat()
    assert item.notes == (Finding("grace", {"date": "2026-12-02"}),)


@pytest.mark.parametrize(("days", "action"), [(6, "left_out"), (7, "archive"), (30, "archive")])
def test_it_is_archived_when_the_grace_is_over(days, action):
    since = (NOW - timedelta(days=days)).isoformat()
    item = decided(gone(), remote_of(), links=[replace(LINK, absent=since)])
    assert (item.action, item.absent) == (action, since)


def test_without_grace_it_is_archived_at_once():
    item = decided(gone(), remote_of(), profile=changed(grace_days=0))
    assert (item.action, item.requests) == ("archive", ("dataset",))


def test_one_that_comes_back_is_no_longer_absent():
    item = planned(remote_of(), links=[replace(LINK, absent=LONG_AGO)])
    assert (item.action, item.absent) == ("unchanged", None)


@pytest.mark.parametrize("there", [{"archived": "2026-01-01"}, {"deleted": "2026-01-01"}])
def test_what_is_hidden_from_readers_already_is_left(there):
    item = decided(gone(), remote_of(**there), links=[replace(LINK, absent=LONG_AGO)])
    assert (item.action, item.requests) == ("left_out", ())


def test_what_was_never_there_is_not_spoken_of():
    assert plan([gone()], against()) == []
    assert plan([Wanted(BUDGET, fate="ignore")], against()) == []


def test_what_was_taken_back_by_hand_is_spoken_of():
    item = decided(gone(reason=Finding("withdrawn")), links=())
    assert (item.action, item.reason.code) == ("left_out", "withdrawn")


def test_what_the_filters_leave_out_stays_as_it_is():
    item = decided(Wanted(BUDGET, Finding("filtered"), "ignore"), remote_of())
    assert (item.action, item.reason.code, codes(item.notes)) == (
        "left_out",
        "filtered",
        ["still_published"],
    )


def test_archived_by_us_it_is_restored():
    extras = {**remote_of()["extras"], mapping.MARK_ARCHIVED: "deleted"}
    item = planned(remote_of(archived="2026-01-01", extras=extras))
    assert (item.action, item.reason.code, whats(item)) == ("restore", "unarchived", ["archived"])


def test_archived_by_somebody_else_it_stays_archived():
    item = planned(remote_of(archived="2026-01-01"), dataset=MONTHLY)
    assert (item.action, whats(item)) == ("update", ["frequency"])


def test_one_given_to_another_organisation_is_not_archived():
    twin = remote_of(organization={"id": "f" * 24})
    item = decided(gone(), twin, links=[replace(LINK, absent=LONG_AGO)])
    assert (item.action, item.reason.code) == ("conflict", "other_organization")


# The brake


def many(number: int) -> tuple[list[Wanted], list[dict], list[Link]]:
    """So many published datasets, all of them wanted, and their links."""
    wishes, remote, links = [], [], []
    for n in range(number):
        dataset = replace(BUDGET, id=f"{n:036}")
        twin = remote_of(dataset, id=f"{n:024}")
        wishes.append(Wanted(dataset))
        remote.append(twin)
        links.append(replace(LINK, dataset_id=dataset.id, remote_id=twin["id"], absent=LONG_AGO))
    return wishes, remote, links


def actions_without(gone_number: int, number: int, **context) -> list[PlannedItem]:
    wishes, remote, links = many(number)
    wishes[:gone_number] = [gone(wish.dataset) for wish in wishes[:gone_number]]
    return plan(wishes, against(*remote, links=links, **context))


@pytest.mark.parametrize(
    ("count", "percent", "published", "limit"),
    [(20, 10, 100, 10), (20, 10, 1000, 20), (20, 10, 3, 1), (5, 50, 100, 5), (20, 100, 7, 7)],
)
def test_how_many_a_day(count, percent, published, limit):
    assert brake_limit(changed(brake_count=count, brake_percent=percent), published) == limit


def test_up_to_the_limit_they_are_archived():
    items = actions_without(2, 20)
    assert [item.action for item in items].count("archive") == 2


def test_above_the_limit_none_is():
    items = actions_without(3, 20)
    held = items[:3]
    assert {item.action for item in items} == {"left_out", "unchanged"}
    assert [item.reason for item in held] == [Finding("braked", {"count": "3", "limit": "2"})] * 3
    assert [codes(item.notes) for item in held] == [["deleted"]] * 3
    assert {item.requests for item in held} == {()}
    assert {item.absent for item in held} == {LONG_AGO}  # the grace is not begun again


def test_a_single_one_always_passes():
    assert [item.action for item in actions_without(1, 1)] == ["archive"]


def test_the_brake_is_released_by_force():
    assert [item.action for item in actions_without(20, 20, forced=True)] == ["archive"] * 20


def test_what_was_archived_in_the_day_counts():
    items = actions_without(2, 20, archived_lately={"autre"})
    assert items[0].reason == Finding("braked", {"count": "3", "limit": "2"})


def test_what_another_run_is_about_to_archive_counts_once():
    """Purged: each source of the profile plans it, and the first has it in its queue."""
    (item,) = (i for i in actions_without(1, 1) if i.action == "archive")
    again = actions_without(1, 1, archived_lately={item.dataset_id})
    assert [one.action for one in again] == ["archive"]


def test_the_brake_holds_what_stops_conforming_where_it_is_archived():
    wishes, remote, links = many(20)
    wishes = [Wanted(wish.dataset, NOT_CONFORMING) for wish in wishes]
    profile = changed(not_conforming="archive")
    items = plan(wishes, against(*remote, links=links, profile=profile))
    assert {item.reason.code for item in items} == {"braked"}


def test_the_brake_does_not_hold_privacy():
    wishes, remote, links = many(20)
    wishes = [Wanted(wish.dataset, Finding("personal_data"), "hide") for wish in wishes]
    items = plan(wishes, against(*remote, links=links))
    assert {item.action for item in items} == {"hide"}


# Hidden


def test_hidden_at_once_with_its_files():
    resources = [
        {"id": "h", "title": "x", "filetype": "file", "extras": {mapping.STAMP_RESOURCE: "a"}},
        {"id": "l", "title": "x", "filetype": "remote", "extras": {mapping.STAMP_RESOURCE: "b"}},
        {"id": "f", "title": "à eux", "filetype": "file", "extras": {}},
    ]
    wish = Wanted(BUDGET, Finding("personal_data"), "hide")
    item = decided(wish, remote_of(resources=resources))
    assert (item.action, item.reason.code) == ("hide", "personal_data")
    assert item.requests == ("dataset", "delete")


def test_a_private_title_is_in_no_plan():
    wish = Wanted(replace(BUDGET, private=True), Finding("private"), "hide")
    item = decided(wish, remote_of())
    assert BUDGET.title not in str(item.to_dict())


@pytest.mark.parametrize("there", [{"private": True}, {"deleted": "2026-01-01"}])
def test_hidden_once(there):
    item = decided(Wanted(BUDGET, Finding("private"), "hide"), remote_of(**there))
    assert (item.action, item.requests) == ("left_out", ())


def test_a_file_left_behind_is_deleted_even_so():
    """The worker died between the two requests."""
    resources = [{"id": "h", "filetype": "file", "extras": {mapping.STAMP_RESOURCE: "a"}}]
    twin = remote_of(private=True, resources=resources)
    item = decided(Wanted(BUDGET, Finding("private"), "hide"), twin)
    assert (item.action, item.requests) == ("hide", ("delete",))


SECOND = {"id": "b" * 24, "created_at": "2025-01-01T00:00:00+00:00"}
HIDE = Wanted(BUDGET, Finding("personal_data"), "hide")


@pytest.mark.parametrize("there", [{}, {"archived": "2026-01-01"}])
def test_every_copy_is_hidden(there):
    """A second one may have been archived long ago: whoever has its address reads it."""
    item = decided(HIDE, remote_of(), remote_of(**SECOND, **there))
    assert (item.action, item.remote_id, item.duplicates) == ("hide", REMOTE_ID, ("b" * 24,))
    assert item.requests == ("dataset", "dataset")


def test_a_copy_is_hidden_even_if_the_recorded_one_is():
    item = decided(HIDE, remote_of(private=True), remote_of(**SECOND))
    assert (item.action, item.duplicates, item.requests) == ("hide", ("b" * 24,), ("dataset",))


def test_a_copy_that_is_hidden_already_is_left():
    item = decided(HIDE, remote_of(), remote_of(**SECOND, private=True))
    assert (item.duplicates, item.requests) == ((), ("dataset",))


def test_a_copy_of_ours_is_hidden_though_the_recorded_one_was_given_away():
    """What is another organisation's is told by identifier: its page says the title."""
    away = remote_of(organization={"id": "f" * 24})
    item = decided(HIDE, away, remote_of(**SECOND))
    told = (Finding("other_organization", {"page": REMOTE_ID}),)
    assert (item.action, item.remote_id, item.duplicates) == ("hide", REMOTE_ID, ("b" * 24,))
    assert (item.requests, item.notes, item.organization) == (("dataset",), told, ORGANIZATION)
    item = decided(HIDE, away, remote_of(**SECOND, private=True))
    assert (item.action, item.reason, item.notes) == ("conflict", told[0], ())
    item = decided(HIDE, {**away, "private": True})
    assert (item.action, item.reason) == ("left_out", HIDE.obstacle)


def test_the_living_copies_are_archived_with_the_dataset():
    link = replace(LINK, absent=LONG_AGO)
    item = decided(gone(), remote_of(), remote_of(**SECOND), links=[link])
    assert (item.action, item.duplicates) == ("archive", ("b" * 24,))
    assert item.requests == ("dataset", "archive")
    item = decided(gone(), remote_of(archived="2026-01-01"), remote_of(**SECOND), links=[link])
    assert (item.action, item.requests) == ("archive", ("archive",))


def test_what_goes_is_under_the_lock_of_where_it_is():
    """The portal's organisation may be in no table any more."""
    profile = changed(organization=None, organizations={"autre": ORGANIZATION})
    for wish in (HIDE, gone()):
        item = decided(wish, remote_of(), links=[replace(LINK, absent=LONG_AGO)], profile=profile)
        assert (item.action, item.organization) == (wish.fate, ORGANIZATION)


def test_a_purged_one_that_must_not_be_read_is_hidden_without_its_title():
    secret = replace(BUDGET, private=True, owner_org="", title="", resources=())
    wish = Wanted(secret, Finding("purged_private"), "hide")
    item = decided(wish, remote_of())
    assert (item.action, item.reason.code, item.title) == ("hide", "purged_private", "")
    assert item.url is None, "it is made from the title"
    assert plan([wish], against()) == []


def test_an_orphan_that_we_had_hidden_has_no_title_and_stays_hidden():
    extras = {**remote_of()["extras"], mapping.MARK_HIDDEN: "private"}
    items = plan([Wanted(OTHER)], against(remote_of(private=True, extras=extras)))
    assert [(item.action, item.title) for item in items[1:]] == [("left_out", "")]
    items = plan([Wanted(OTHER)], against(remote_of(extras=extras)))
    assert [(item.action, item.title) for item in items[1:]] == [("hide", "")]


def test_what_somebody_made_private_there_stays_so():
    item = planned(remote_of(private=True))
    assert (item.action, item.reason.code, item.requests) == ("conflict", "hidden_there", ())


@pytest.mark.parametrize("link", [LINK, None])
def test_a_creation_cut_short_is_no_such_thing(link):
    extras = {**remote_of()["extras"], mapping.MARK_PENDING: "upload"}
    twin = remote_of(private=True, extras=extras)
    item = planned(twin, links=[link] if link else [])
    assert item.action in ("update", "adopt")
    assert "private" in whats(item)


def test_a_mark_of_a_creation_is_taken_away():
    extras = {**remote_of()["extras"], mapping.MARK_PENDING: "upload"}
    assert whats(planned(remote_of(extras=extras))) == ["extras"]


def test_public_again():
    extras = {**remote_of()["extras"], mapping.MARK_HIDDEN: "private"}
    item = planned(remote_of(private=True, extras=extras))
    assert (item.action, item.reason.code, whats(item)) == ("restore", "public_again", ["private"])


def test_what_hides_goes_first():
    items = [PlannedItem("a", "", "create"), PlannedItem("b", "", "hide")]
    assert [item.dataset_id for item in in_order(items)] == ["b", "a"]


def test_what_failed_lately_goes_last():
    """Three datasets that always fail must not keep the others back every night."""
    items = [PlannedItem(name, "", action) for name, action in zip("abcd", ACTIONS, strict=True)]
    ordered = in_order(items, last={"a", "b"})
    assert [item.dataset_id for item in ordered] == ["d", "b", "c", "a"]


@pytest.mark.parametrize("mark", [mapping.MARK_HIDDEN, mapping.MARK_ARCHIVED])
def test_a_mark_that_stayed_is_taken_away(mark):
    """It would later tell as ours what somebody hid or archived by hand."""
    extras = {**remote_of()["extras"], mark: "private"}
    item = planned(remote_of(extras=extras))
    assert (item.action, "extras" in whats(item)) == ("update", True)


def test_without_a_record_the_live_one_wins_over_its_archived_copy():
    old = {"id": "b" * 24, "created_at": "2020-01-01T00:00:00+00:00", "archived": "2025-01-01"}
    item = decided(Wanted(BUDGET), remote_of(**old), remote_of(), links=[])
    assert item.remote_id == REMOTE_ID


ACTIONS = ("create", "hide", "update", "hide")


# No longer conforming


@pytest.mark.parametrize(("mode", "words"), [("link", "en cours de"), ("upload", "la dernière")])
def test_readers_are_told(mode, words):
    item = decided(Wanted(BUDGET, NOT_CONFORMING), remote_of(), profile=changed(mode=mode))
    assert (item.action, item.reason, item.requests) == ("flag", NOT_CONFORMING, ("dataset",))
    body = item.payload
    assert words in body["description"]
    assert "25/11/2026" in body["description"]
    assert body["description"].startswith(remote_of()["description"])
    assert body["extras"][mapping.MARK_FLAGGED] == "not_conforming"
    assert body["tags"] == remote_of()["tags"]
    assert not {"resources", "archived", "title"} & body.keys()


@pytest.mark.parametrize("mode", ["link", "upload"])
def test_what_is_checked_in_part_is_not_said_to_break_the_standard(mode):
    reason = Finding("partly_checked", {"resource": "Budget"})
    item = decided(Wanted(BUDGET, reason), remote_of(), profile=changed(mode=mode))
    assert "n'est contrôlé qu'en partie" in item.payload["description"]
    assert "ne suit p" not in item.payload["description"]


def test_what_has_no_data_left_is_told_to_readers():
    """Its links lead nowhere, or to a file that nobody checked."""
    item = decided(Wanted(replace(BUDGET, resources=()), Finding("no_data")), remote_of())
    assert (item.action, item.reason.code) == ("flag", "no_data")
    assert "n'a plus de fichier de données" in item.payload["description"]


def test_in_upload_mode_the_files_that_were_sent_stay():
    extras = {**remote_of()["extras"], mapping.MARK_FLAGGED: "not_conforming"}
    wish, remote = Wanted(BUDGET, NOT_CONFORMING), remote_of(extras=extras)
    item = decided(wish, remote, profile=changed(mode="upload"))
    assert codes(item.notes) == ["still_published_files", "flagged_there"]


def test_told_once():
    extras = {**remote_of()["extras"], mapping.MARK_FLAGGED: "not_conforming"}
    item = decided(Wanted(BUDGET, NOT_CONFORMING), remote_of(extras=extras))
    assert (item.action, item.requests) == ("left_out", ())
    assert codes(item.notes) == ["still_published", "flagged_there"]


def test_the_flag_is_taken_away():
    extras = {**remote_of()["extras"], mapping.MARK_FLAGGED: "not_conforming"}
    twin = remote_of(extras=extras, description="Avec un avertissement")
    item = planned(twin)
    assert (item.action, whats(item)) == ("update", ["description", "flag"])


@pytest.mark.parametrize(("mode", "action"), [("link", "archive"), ("upload", "flag")])
def test_archived_instead_where_the_profile_says_so(mode, action):
    profile = changed(mode=mode, not_conforming="archive")
    item = decided(Wanted(BUDGET, NOT_CONFORMING), remote_of(), profile=profile)
    assert item.action == action


@pytest.mark.parametrize("code", ["not_checked", "table_pending", "no_licence"])
def test_other_reasons_touch_nothing(code):
    assert decided(Wanted(BUDGET, Finding(code)), remote_of()).action == "left_out"


def test_never_published_and_not_conforming():
    item = decided(Wanted(BUDGET, NOT_CONFORMING), links=())
    assert (item.action, item.reason) == ("left_out", NOT_CONFORMING)


def test_a_description_that_is_not_ours_is_left():
    profile = changed(owned_fields=PROFILE.owned_fields - {"description"})
    item = decided(Wanted(BUDGET, NOT_CONFORMING), remote_of(), profile=profile)
    assert "description" not in item.payload
    assert mapping.MARK_FLAGGED in item.payload["extras"]


# Orphans


OTHER = replace(BUDGET, id=f"{DATASET[:-1]}2")


def test_what_the_portal_no_longer_knows_is_archived_after_the_grace():
    """Purged, or an old backup put back: our tables know nothing of it."""
    items = plan([Wanted(OTHER)], against(remote_of()))
    assert [(item.dataset_id, item.action) for item in items] == [
        (OTHER.id, "create"),
        (DATASET, "left_out"),
    ]
    assert (items[1].reason.code, items[1].remote_id) == ("purged", REMOTE_ID)
    assert items[1].absent == NOW.isoformat()
    links = [replace(LINK, absent=LONG_AGO)]
    assert plan([Wanted(OTHER)], against(remote_of(), links=links))[1].action == "archive"


def test_what_our_tables_alone_know_is_archived_too():
    bare = remote_of(extras={})
    items = plan([Wanted(OTHER)], against(bare, links=[replace(LINK, absent=LONG_AGO)]))
    assert [item.action for item in items] == ["create", "archive"]


def test_another_portal_s_dataset_is_no_orphan():
    stranger = remote_of(extras={mapping.STAMP_PORTAL: "autre", mapping.STAMP_DATASET: DATASET})
    assert [item.action for item in plan([Wanted(OTHER)], against(stranger))] == ["create"]


def test_a_run_of_some_datasets_only_sees_no_orphan():
    assert len(plan([Wanted(OTHER)], against(remote_of(), whole=False))) == 1


def test_orphans_are_under_the_brake():
    wishes, remote, links = many(20)
    items = plan(wishes[:10], against(*remote, links=links))
    assert {item.reason.code for item in items[10:]} == {"braked"}


# Fields that the portal does not own


def remembered(**changes) -> Link:
    from ckanext.scdl.datagouv.compare import digests

    return replace(LINK, digests=digests(remote_of(**changes)))


def test_an_edit_over_there_is_told_and_set_again():
    item = planned(remote_of(title="À eux"), links=[remembered()])
    assert (item.action, whats(item)) == ("update", ["title"])
    assert item.notes == (Finding("edited_there", {"field": "title"}),)
    assert (item.changes[0].before, item.changes[0].after) == ("À eux", BUDGET.title)


def test_a_change_of_ours_is_no_edit_over_there():
    item = planned(remote_of(), dataset=MONTHLY, links=[remembered()])
    assert (whats(item), item.notes) == (["frequency"], ())


def test_a_field_that_is_not_owned_is_kept_and_told():
    profile = changed(owned_fields=PROFILE.owned_fields - {"tags", "title"})
    item = planned(remote_of(tags=["a-eux"]), links=[remembered()], profile=profile)
    assert (item.action, item.requests) == ("unchanged", ())
    assert item.notes == (Finding("kept_there", {"field": "tags"}),)
    item = planned(remote_of(tags=["a-eux"]), dataset=MONTHLY, profile=profile)
    assert whats(item) == ["frequency"]


# Another harvester


def harvested(**harvest) -> dict:
    return {**remote_of(id="c" * 24, extras={}), "harvest": {"remote_id": "x", **harvest}}


def test_an_organisation_that_data_gouv_harvests_gets_nothing():
    twin = harvested(domain="opendata.exemple-sur-loire.fr")
    item = planned(twin, links=())
    assert (item.action, item.reason.code) == ("conflict", "organization_harvested")
    assert item.reason.params == {"domain": "opendata.exemple-sur-loire.fr"}


def test_a_harvest_of_another_site_is_no_obstacle():
    assert planned(harvested(domain="autre.fr"), links=()).action == "create"


def test_the_address_of_the_profile_counts():
    twin = harvested(domain="portail.exemple.fr")
    profile = changed(portal_url="https://Portail.Exemple.fr")
    assert planned(twin, links=(), profile=profile).reason.code == "organization_harvested"


def test_what_is_harvested_is_adopted_where_the_profile_says_so():
    twin = harvested(remote_id=DATASET, domain="opendata.exemple-sur-loire.fr")
    item = planned(twin, links=(), profile=changed(harvested="adopt"))
    assert (item.action, item.remote_id, item.reason.code) == ("adopt", "c" * 24, "adopted")
    assert "extras" in whats(item)


def test_privacy_does_not_wait_for_a_conflict_to_be_settled():
    twin = remote_of(harvest={"remote_id": DATASET, "domain": "opendata.exemple-sur-loire.fr"})
    item = decided(Wanted(BUDGET, Finding("private"), "hide"), twin)
    assert item.action == "hide"
