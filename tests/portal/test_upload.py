"""The gate: every way in, refused with nothing written, or stored with its report."""

import io
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import jobs as queues
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.scdl import jobs
from ckanext.scdl.derived import derived_id
from ckanext.scdl.model import FileReport
from ckanext.scdl.storage import stored_file
from tests import generate

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

GENERATED = {name: bad.content for name, bad in generate.bad_budgets().items()}
MALFORMED = Path(__file__).parents[2] / "../shared/data/budgets/malformed"
REAL = {path.stem: path.read_bytes() for path in sorted(MALFORMED.glob("*.xml"))}
BAD = {name: GENERATED[name] for name in ("pas-xml", "vide", "coupe", "zip", "pdf")} | REAL


def call(action, /, **data):
    return tk.get_action(action)({"ignore_auth": True, "user": ""}, data)


def file(content, name):
    return FileStorage(io.BytesIO(content), name)


def sentence_of(refused):
    errors = refused.value.error_dict
    errors = next((e for e in errors.get("resources", []) if e), errors)
    (sentence,) = errors["url"]
    # pages have no-break spaces, test_i18n.py looks at them
    return sentence.replace("\xa0", " ")


def stored_resources(package_id):
    rows = model.Session.query(model.Resource).filter_by(package_id=package_id)
    return [(r.id, r.url, r.hash, r.state) for r in rows.order_by(model.Resource.id)]


def stored_files(storage):
    return sorted(p for p in Path(storage).rglob("*") if p.is_file())


WAYS = (
    "resource_create",
    "resource_update",
    "resource_patch",
    "package_update",
    "package_revise",
    "package_revise_new",
)


def send(way, dataset, resource, upload):
    """The upload by each action of CKAN that takes one."""
    if way == "resource_create":
        return call(way, package_id=dataset["id"], upload=upload, name="Un autre")
    if way in ("resource_update", "resource_patch"):
        return call(way, id=resource["id"], upload=upload)
    if way == "package_update":
        dataset["resources"][0]["upload"] = upload
        return call(way, **dataset)
    if way == "package_revise":
        return call(
            way,
            **{
                "match__id": dataset["id"],
                f"update__resources__{resource['id'][:8]}__upload": upload,
            },
        )
    return call(
        "package_revise",
        match__id=dataset["id"],
        update__resources__extend=[{"name": "Nouveau", "upload": upload}],
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_refused_and_nothing_written(way, name, budget, storage):
    dataset, resource = budget(generate.budget_xml())
    before = stored_resources(dataset["id"]), stored_files(storage)

    with pytest.raises(tk.ValidationError) as refused:
        send(way, dataset, resource, file(BAD[name], f"{name}.xml"))

    assert sentence_of(refused).startswith(f"Le fichier « {name}.xml » est refusé")
    model.Session.rollback()
    assert (stored_resources(dataset["id"]), stored_files(storage)) == before
    assert FileReport.get(resource["id"]).conforming


@pytest.mark.parametrize("name", sorted(GENERATED.keys() - BAD.keys()))
def test_every_other_damage_is_refused_too(name, budget):
    dataset, _ = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError) as refused:
        send("resource_create", dataset, None, file(GENERATED[name], "budget.xml"))
    assert sentence_of(refused).startswith("Le fichier « budget.xml » est refusé")


def test_like_errors_hide_no_other(new_dataset):
    rows = generate.subventions_rows(lignes=42)
    for row in rows:
        row["montant"] = row["montant"].replace(".", ",")
    rows[40]["dateConvention"] = "28/03/2024"
    dataset = new_dataset("subventions")
    with pytest.raises(tk.ValidationError) as refused:
        send("resource_create", dataset, None, file(generate.to_csv(rows), "aides.csv"))
    head, amounts, date = sentence_of(refused).split("\n")
    assert head.startswith("Le fichier « aides.csv » est refusé")
    assert amounts.startswith("42 montants ")
    assert "lignes 2 à 43 :" in amounts
    assert date.startswith("1 date écrite le jour d'abord, colonne C (dateConvention), ligne 42")


def test_errors_that_one_gesture_mends_are_not_counted_among_those_left(new_dataset):
    """A row too short has many errors, told as one; nothing else is left to look for."""
    content = generate.subventions_csv() + b"Commune,21560046100010,2024-03-28\n"
    dataset, upload = new_dataset("subventions"), file(content, "aides.csv")
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_create", package_id=dataset["id"], upload=upload)
    assert "autres erreurs" not in sentence_of(refused)
    assert len(sentence_of(refused).split("\n")) == 3


def test_the_refusal_is_an_http_409(budget, portal, headers):
    dataset, _ = budget(generate.budget_xml())
    answer = portal.post(
        "/api/3/action/resource_create",
        headers=headers(factories.SysadminWithToken()["token"]),
        data={"package_id": dataset["id"], "upload": (io.BytesIO(b"non"), "b.xml")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 409
    assert "est refusé" in answer.json["error"]["url"][0]


@pytest.mark.parametrize("way", WAYS)
def test_a_good_file_is_stored_with_its_report(way, budget):
    dataset, resource = budget(generate.budget_xml())
    other = generate.budget_xml(nom="Commune de Bois-Fictif")

    send(way, dataset, resource, file(other, "autre.xml"))

    reports = FileReport.of_package(dataset["id"])
    stored = call("package_show", id=dataset["id"])["resources"]
    mine = next(r for r in stored if r["url"].endswith("autre.xml"))
    assert reports[mine["id"]].conforming
    assert reports[mine["id"]].sha256 == mine["hash"]
    assert mine["role"] == "source"


def test_the_report_is_refused_to_a_resource_that_only_claims_the_hash(budget):
    dataset, resource = budget(generate.budget_xml())
    link = call(
        "resource_create",
        package_id=dataset["id"],
        url="https://example.com/x.csv",
        role="donnees",
        hash=resource["hash"],
    )
    assert FileReport.get(link["id"]) is None


@pytest.mark.parametrize(
    "data", [{}, {"url": ""}, {"role": "donnees"}, {"role": "source", "url": ""}]
)
def test_a_resource_without_file_or_link_is_refused(budget, data):
    dataset, _ = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_create", package_id=dataset["id"], name="Vide", **data)
    assert refused.value.error_dict["url"] == [
        "Choisissez un fichier\xa0: rien ne peut être publié sans lui."
    ]


@pytest.mark.parametrize(
    "data", [{"name": "rien"}, {"url": " "}, {"url": "budget.xml", "url_type": "upload"}]
)
@pytest.mark.parametrize("action", ["package_create", "package_update", "package_patch"])
def test_nor_by_the_actions_on_a_whole_dataset(budget, action, data):
    """It would make every later save of the dataset fail, the readable table's included."""
    dataset, _ = budget(generate.budget_xml())
    if action == "package_create":
        whole = {**dataset, "id": "", "name": factories.Dataset.stub().name, "resources": []}
    else:
        whole = dataset if action == "package_update" else {"id": dataset["id"]}
    whole["resources"] = [*whole.get("resources", dataset["resources"]), data]
    with pytest.raises(tk.ValidationError) as refused:
        call(action, **whole)
    (errors,) = [error for error in refused.value.error_dict["resources"] if error]
    assert errors["url"] == ["Choisissez un fichier\xa0: rien ne peut être publié sans lui."]


def test_a_draft_without_file_is_not_published(new_dataset):
    dataset = new_dataset("budget", state="draft")
    with pytest.raises(tk.ValidationError) as refused:
        call("package_patch", id=dataset["id"], state="active")
    assert "Choisissez un fichier" in refused.value.error_dict["url"][0]
    assert call("package_show", id=dataset["id"])["state"] == "draft"


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7 notice", "notice.pdf"), (b'<?xml version="1.0"?><svg/>', "logo.svg")],
)
def test_documentation_passes_unread(budget, content, name):
    dataset, _ = budget(generate.budget_xml())
    resource = call(
        "resource_create", package_id=dataset["id"], name="Notice", upload=file(content, name)
    )
    assert resource["role"] == "documentation"
    assert FileReport.get(resource["id"]) is None


@pytest.mark.parametrize(
    ("kind", "content", "name", "words"),
    [
        ("subventions", generate.budget_xml(), "budget.xml", "Ajouter un budget"),
        ("budget", generate.subventions_csv(), "aides.csv", "Ajouter des subventions"),
    ],
)
def test_a_file_of_the_other_type_is_told_where_to_go(new_dataset, kind, content, name, words):
    dataset = new_dataset(kind)
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_create", package_id=dataset["id"], upload=file(content, name))
    assert words in sentence_of(refused)


def test_after_a_refusal_the_form_asks_for_a_file_again(new_dataset):
    """CKAN's form shows a greyed box for what it takes for an upload."""
    data = {"package_id": new_dataset("budget")["id"], "url_type": "upload", "url": ""}
    data["upload"] = file(BAD["pas-xml"], "budget.xml")
    with pytest.raises(tk.ValidationError):
        tk.get_action("resource_create")({"ignore_auth": True, "user": ""}, data)
    assert (data["url"], data["url_type"]) == ("", "")


def test_xml_is_never_documentation(budget):
    dataset, _ = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError):
        call(
            "resource_create",
            package_id=dataset["id"],
            role="documentation",
            upload=file(BAD["pas-xml"], "budget.xml"),
        )


@pytest.mark.parametrize("way", ["resource_update", "resource_patch"])
@pytest.mark.parametrize("package_id", ["x", ""])
def test_a_package_id_that_a_caller_writes_opens_no_way(way, package_id, budget):
    _, resource = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError) as refused:
        call(way, id=resource["id"], package_id=package_id, upload=file(b"a,b", "secret.csv"))
    assert "est refusé" in sentence_of(refused)


def test_a_new_file_of_package_revise_cannot_name_another_dataset(budget, new_dataset):
    dataset, _ = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError) as refused:
        call(
            "package_revise",
            match__id=dataset["id"],
            update__resources__extend=[{"package_id": "x", "upload": file(b"a,b", "secret.csv")}],
        )
    assert "est refusé" in sentence_of(refused)


def test_the_id_of_a_deleted_resource_opens_no_way(budget, organization):
    """CKAN lets another dataset take it."""
    other = call("package_create", name=factories.Dataset.stub().name, owner_org=organization["id"])
    gone = call("resource_create", package_id=other["id"], url="https://example.com/x")
    call("resource_delete", id=gone["id"])
    dataset, _ = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError) as refused:
        call(
            "resource_create",
            package_id=dataset["id"],
            id=gone["id"],
            upload=file(b"a,b", "secret.csv"),
        )
    assert "est refusé" in sentence_of(refused)


def test_a_link_becomes_a_file_by_an_upload_only(budget):
    """The XML that a link replaced is still stored: it cannot come back under another role."""
    _, resource = budget(generate.budget_xml())
    link = {"id": resource["id"], "url": "https://ville.example/notice.pdf", "url_type": ""}
    assert call("resource_update", **link, role="documentation")["role"] == "documentation"

    back = {"id": resource["id"], "url": "notice.txt", "url_type": "upload"}
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_update", **back, role="documentation")
    assert "Choisissez un fichier" in refused.value.error_dict["url"][0]

    notice = file(b"%PDF-1.7 notice", "notice.pdf")
    assert call("resource_update", **back, upload=notice)["url_type"] == "upload"


def test_rights_are_asked_before_the_file_is_read(budget):
    dataset, _ = budget(generate.budget_xml(), private=True)
    dataset["resources"][0]["upload"] = file(b"non", "b.xml")
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("package_update")({"user": ""}, dataset)


@pytest.mark.parametrize("action", ["package_create", "package_update"])
def test_the_portal_may_still_allow_anonymous_datasets(portal, ckan_config, monkeypatch, action):
    """CKAN's option is read by its own auth functions, which ours must let be asked."""
    monkeypatch.setitem(ckan_config, "ckan.auth.anon_create_dataset", True)
    monkeypatch.setitem(ckan_config, "ckan.auth.create_dataset_if_not_in_organization", True)
    monkeypatch.setitem(ckan_config, "ckan.auth.create_unowned_dataset", True)
    dataset = call("package_create", name=factories.Dataset.stub().name)
    data = {"id": dataset["id"]} if action == "package_update" else {"name": "x"}
    assert tk.check_access(action, {"user": ""}, data)


@pytest.mark.parametrize("role", ["documentation", "donnees"])
def test_a_budget_xml_remains_a_source(budget, run_jobs, role):
    dataset, resource = budget(generate.budget_xml())
    run_jobs()
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_patch", id=resource["id"], role=role)
    assert refused.value.error_dict["role"] == [
        "Ce fichier est un budget XML\xa0: son rôle est «\xa0Source XML\xa0»."
    ]
    assert len(call("package_show", id=dataset["id"])["resources"]) == 2


def test_an_update_that_says_no_role_keeps_it(budget, run_jobs):
    dataset, resource = budget(generate.budget_xml())
    run_jobs()
    call("resource_patch", id=derived_id(resource["id"]), name="Mon nom")
    call("resource_update", id=resource["id"], url=resource["url"], url_type="upload", name="Autre")
    names = [r["name"] for r in call("package_show", id=dataset["id"])["resources"]]
    assert names == ["Autre", "Mon nom"]


def test_other_dataset_types_are_left_alone(portal, organization):
    dataset = call("package_create", name="divers", owner_org=organization["id"])
    resource = call(
        "resource_create",
        package_id=dataset["id"],
        url="x",
        upload=file(b"not a table", "divers.xml"),
    )
    assert FileReport.get(resource["id"]) is None


def test_the_report_of_a_deleted_resource_is_forgotten(budget):
    _, resource = budget(generate.budget_xml())
    call("resource_delete", id=resource["id"])
    assert FileReport.get(resource["id"]) is None


def test_the_report_of_a_purged_dataset_is_forgotten(budget):
    dataset, resource = budget(generate.budget_xml())
    call("dataset_purge", id=dataset["id"])
    assert FileReport.get(resource["id"]) is None


class TestDerivedTable:
    def test_is_one_sibling_with_its_own_report(self, budget, run_jobs):
        dataset, resource = budget(generate.budget_xml())
        run_jobs()
        run_jobs(resource["id"])

        resources = call("package_show", id=dataset["id"])["resources"]
        (table,) = [r for r in resources if r["role"] == "donnees"]
        assert table["id"] == derived_id(resource["id"])
        assert FileReport.get(table["id"]).report["kind"] == "table"
        assert FileReport.get(table["id"]).conforming

    def test_is_made_once_for_a_file(self, budget, run_jobs):
        """Storing the table must not ask for the table again, nor a second job write it again."""
        dataset, resource = budget(generate.budget_xml())
        jobs.derive(resource["id"])
        made = call("package_show", id=dataset["id"])
        queues.get_queue().empty()
        jobs.derive(resource["id"])
        assert queues.get_queue().jobs == []
        assert call("package_show", id=dataset["id"]) == made

    def test_is_replaced_in_place(self, budget, run_jobs):
        dataset, resource = budget(generate.budget_xml())
        run_jobs()
        before = call("resource_show", id=derived_id(resource["id"]))
        call("resource_patch", id=before["id"], name="Mon nom")
        call(
            "resource_patch",
            id=resource["id"],
            upload=file(generate.budget_xml(nom="Commune de Bois-Fictif"), "nouveau.xml"),
        )
        run_jobs()

        after = call("resource_show", id=before["id"])
        assert after["hash"] != before["hash"]
        assert after["name"] == "Mon nom"
        assert len(call("package_show", id=dataset["id"])["resources"]) == 2

    def test_is_named_after_its_xml(self, budget, run_jobs):
        _, resource = budget(generate.budget_xml())
        run_jobs()
        other = file(generate.budget_xml(nom="Commune de Bois-Fictif"), "nouveau.xml")
        call("resource_patch", id=resource["id"], name="Budget 2024", upload=other)
        run_jobs()
        table = call("resource_show", id=derived_id(resource["id"]))
        assert table["name"] == "Budget 2024 – table lisible (CSV)"

    def test_is_made_again_when_replaced_by_hand(self, budget, run_jobs):
        _, resource = budget(generate.budget_xml())
        run_jobs()
        made = call("resource_show", id=derived_id(resource["id"]))
        with stored_file(made) as stored:
            by_hand = stored.read().replace(b"FONTARGENT", b"AILLEURS")
        call("resource_patch", id=made["id"], upload=file(by_hand, "a-la-main.csv"))
        assert call("resource_show", id=made["id"])["hash"] != made["hash"]
        run_jobs()
        assert call("resource_show", id=made["id"])["hash"] == made["hash"]

    def test_never_overwrites_a_resource_of_another_dataset(self, budget, new_dataset):
        _, resource = budget(generate.budget_xml())
        other = new_dataset("budget")
        call(
            "resource_create",
            package_id=other["id"],
            id=derived_id(resource["id"]),
            upload=file(b"%PDF-1.7 notice", "notice.pdf"),
        )
        with pytest.raises(jobs.ForeignTable):
            jobs.derive(resource["id"])

    def test_goes_with_its_source(self, budget, run_jobs):
        dataset, resource = budget(generate.budget_xml())
        run_jobs()
        call("resource_delete", id=resource["id"])
        assert call("package_show", id=dataset["id"])["resources"] == []

    @pytest.mark.parametrize("clear", [{"clear_upload": "true"}, {"url_type": ""}])
    def test_goes_when_the_source_becomes_a_link(self, budget, run_jobs, clear):
        dataset, resource = budget(generate.budget_xml())
        run_jobs()
        link = {"url": "https://ville.example/budget.xml", "role": "source"}
        call("resource_update", id=resource["id"], **link, **clear)
        (only,) = call("package_show", id=dataset["id"])["resources"]
        assert only["id"] == resource["id"]

    def test_goes_when_the_source_becomes_a_table(self, budget, run_jobs):
        dataset, resource = budget(generate.budget_xml())
        run_jobs()
        with stored_file(call("resource_show", id=derived_id(resource["id"]))) as stored:
            table = stored.read()
        call("resource_update", id=resource["id"], name="CSV", upload=file(table, "budget.csv"))
        (only,) = call("package_show", id=dataset["id"])["resources"]
        assert (only["id"], only["role"]) == (resource["id"], "donnees")


def test_a_role_that_becomes_checked_gets_its_report(budget, run_jobs):
    dataset, _ = budget(generate.budget_xml())
    resource = call(
        "resource_create",
        package_id=dataset["id"],
        role="documentation",
        name="Brouillon",
        upload=file(b"a,b\n1,2\n", "table.csv"),
    )
    call("resource_patch", id=resource["id"], role="donnees")
    run_jobs()
    assert not FileReport.get(resource["id"]).conforming
