"""The `scdl` command as it is installed: output, exit codes, files left behind."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ckanext.scdl import usage
from ckanext.scdl.command import cli, resolve_standard
from ckanext.scdl.conformity import known_standards
from ckanext.scdl.conformity.standards import standard
from tests import generate
from tests.support import playgrounds

ROOT = Path(__file__).resolve().parents[1]
SHARED = (ROOT / "../shared").resolve()


def scdl(*arguments: object, cwd: Path | None = None, stdin: bytes | None = None):
    command = [sys.executable, "-m", "ckanext.scdl.command", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=cwd, input=stdin, check=False)


def names(folder: Path) -> list[str]:
    """What a folder holds, hidden files included."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def budget(tmp_path):
    path = tmp_path / "budget.xml"
    path.write_bytes(generate.budget_xml())
    return path


@pytest.fixture
def bad_budget(tmp_path):
    path = tmp_path / "mauvais.xml"
    path.write_bytes(generate.bad_budgets()["siret-court"].content)
    return path


def test_a_conforming_budget_exits_0_in_french(budget):
    done = scdl("check", budget)
    assert done.returncode == 0
    assert done.stdout.decode().startswith("Fichier conforme à scdl/budget 0.8.3. 60 lignes lues")
    assert done.stderr == b""


def test_a_refused_budget_exits_1_and_says_why(bad_budget):
    done = scdl("check", bad_budget)
    assert done.returncode == 1
    assert "- Erreur : Ligne 15, élément IdEtab : le SIRET" in done.stdout.decode()


def test_in_english(bad_budget):
    done = scdl("check", "--lang", "en", bad_budget)
    assert "The file does not conform" in done.stdout.decode()
    assert "- Error: Line 15" in done.stdout.decode()


@pytest.mark.parametrize("name", ["check", "convert"])
def test_a_full_disk_exits_2_with_one_line(budget, name):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ckanext.scdl.command", name, str(budget)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert "ne peut pas être écrite" in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", generate.zipped(b"x")])
def test_an_unreadable_file_exits_2(tmp_path, content):
    path = tmp_path / "budget.xml"
    path.write_bytes(content)
    done = scdl("check", path)
    assert done.returncode == 2
    assert "Fichier illisible" in done.stdout.decode()
    assert b"Traceback" not in done.stderr


def test_json_is_one_object_a_file_and_a_line(several, tmp_path):
    done = scdl("check", *several, tmp_path / "absent.xml", tmp_path, "--format", "json")
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(r["source"]["name"]).name for r in reports] == [p.name for p in several]
    assert [r["verdict"] for r in reports] == ["conforming", "not-conforming", "conforming"]
    assert reports[1]["findings"][0]["message"].startswith("Ligne 15")
    assert done.returncode == 2
    assert "absent.xml » n'existe pas" in done.stderr.decode()
    assert "est un dossier" in done.stderr.decode()


@pytest.fixture
def bad_table(tmp_path):
    """Twenty amounts with a comma, two empty cells."""
    rows = generate.subventions_rows(lignes=40)
    for row in rows[::2]:
        row["montant"] = row["montant"].replace(".", ",")
    rows[3]["objet"] = rows[5]["objet"] = ""
    path = tmp_path / "subventions.csv"
    path.write_bytes(generate.to_csv(rows))
    return path


def test_text_gives_the_causes_first_then_the_findings(bad_table):
    lines = scdl("check", bad_table).stdout.decode().splitlines()
    assert lines[0].startswith("Fichier non conforme à scdl/subventions 2.1.1. 40 lignes lues, 22 ")
    assert lines[1].startswith("- Erreur : 20 montants avec une virgule")
    assert "lignes 2 à 40 : " in lines[1]
    assert lines[2].startswith("- Erreur : 2 cellules vides, colonne H (objet), lignes 5 à 7 : ")
    assert lines[3:5] == ["", "Constat par constat :"]
    assert len(lines) == 5 + 22


@pytest.mark.parametrize("limit", [0, 3, 21])
def test_a_limit_bounds_the_findings_and_nothing_else(bad_table, limit):
    done = scdl("check", bad_table, "--format", "json", "--limit", limit)
    report = json.loads(done.stdout)
    assert len(report["findings"]) == limit
    assert sum(total["count"] for total in report["totals"]) == 22
    assert [cause["count"] for cause in report["causes"]] == [20, 2]
    text = scdl("check", bad_table, "--limit", limit).stdout.decode()
    _, _, listed = text.partition("Constat par constat")
    assert listed.count("- Erreur : Ligne ") == limit
    assert (f"{limit} constats listés sur 22" in text) is (limit > 0)


@pytest.mark.parametrize(
    ("name", "start"), [("html", b"<!DOCTYPE html>"), ("xlsx", b"PK"), ("json", b"{")]
)
def test_a_report_goes_to_a_file_or_to_the_standard_output(bad_table, tmp_path, name, start):
    target = tmp_path / "rapport"
    done = scdl("check", bad_table, "--format", name, "-o", target)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    assert target.read_bytes().startswith(start)
    assert scdl("check", bad_table, "--format", name).stdout.startswith(start)


@pytest.mark.parametrize("name", ["html", "xlsx"])
def test_a_page_or_a_workbook_is_not_thrown_at_a_terminal(bad_table, name):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ckanext.scdl.command", "check", str(bad_table)]
    done = subprocess.run(
        [*command, "--format", name], stdout=theirs, stderr=subprocess.PIPE, check=False
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert "indiquez un fichier avec --output" in done.stderr.decode()


@pytest.mark.parametrize(("name", "suffix"), [("html", "html"), ("xlsx", "xlsx"), ("text", "txt")])
def test_several_reports_go_to_a_directory(several, tmp_path, name, suffix):
    folder = tmp_path / "sortie"
    done = scdl("check", *several, tmp_path / "absent.xml", "--format", name, "-d", folder)
    assert done.returncode == 2
    assert names(folder) == [f"{n}-controle.{suffix}" for n in ("autre", "budget", "mauvais")]
    if name == "html":
        assert "le SIRET" in (folder / "mauvais-controle.html").read_text(encoding="utf-8")


def test_several_texts_say_whose_they_are(several, tmp_path):
    target = tmp_path / "rapports.txt"
    assert scdl("check", *several, "-o", target).returncode == 1
    text = target.read_text(encoding="utf-8")
    assert [f"{path} : Fichier " in text for path in several] == [True] * 3


@pytest.mark.parametrize(
    ("content", "code"),
    [(generate.budget_xml(), 0), (generate.subventions_csv(), 0), (b"", 2), (b"a,b\n1,2\n", 1)],
    ids=["budget", "table", "rien", "autre"],
)
def test_the_standard_input_is_a_file_like_others(content, code):
    done = scdl("check", "-", "--format", "json", stdin=content)
    report = json.loads(done.stdout)
    assert done.returncode == code
    assert report["source"]["name"] == "-"
    assert report["source"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_standard_input_is_read_no_further_than_a_check_does():
    code = (
        "from ckanext.scdl import command, conformity\n"
        "small = conformity.Limits(max_bytes=1 << 20)\n"
        "conformity.Limits = lambda: small\n"
        "import sys; sys.argv = ['scdl', 'check', '-']\n"
        "command.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        sent = 0
        try:
            for _ in range(64):  # 64 MB, were they wanted
                sent += process.stdin.write(b"x" * (1 << 20))
        except BrokenPipeError:
            pass
        process.stdin = None
        assert process.wait() == 2
        assert "Fichier illisible" in process.stdout.read().decode()
    assert sent < 8 << 20


@pytest.mark.parametrize(
    ("name", "start"),
    [("r.json", b"{"), ("r.xlsx", b"PK"), ("r.HTML", b"<!DOCTYPE"), ("r.txt", b"Fichier")],
)
def test_the_extension_of_the_output_is_the_format_of_a_report(bad_table, tmp_path, name, start):
    assert scdl("check", bad_table, "-o", tmp_path / name).returncode == 1
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("name", "start"), [("t.json", b"[\n{"), ("t.xlsx", b"PK"), ("t", b"BGT_"), ("t.csv", b"BGT_")]
)
def test_the_extension_of_the_output_is_the_format_of_a_table(budget, tmp_path, name, start):
    assert scdl("convert", budget, "-o", tmp_path / name).returncode == 0
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_sheet_asked_of_a_csv_is_told_not_to_be_one(tmp_path):
    path = tmp_path / "aides.csv"
    path.write_bytes(generate.subventions_csv())
    done = scdl("check", path, "--sheet", "Aides")
    assert done.returncode == 0
    assert "Un fichier CSV n'a pas de feuille, « Aides » n'a pas été" in done.stdout.decode()
    assert "feuille" not in scdl("check", path).stdout.decode()


def test_a_name_that_is_no_text_breaks_no_report(tmp_path, bad_table):
    odd = tmp_path / os.fsdecode(b"ann\xe9e.csv")
    odd.write_bytes(bad_table.read_bytes())
    for name in ("text", "json", "html"):
        done = scdl("check", odd, "--format", name, "-d", tmp_path)
        assert b"Traceback" not in done.stderr
        done = scdl("check", odd, "--format", name)
        assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    "text", ["subventions", "scdl/subventions", "subventions@2.1.1", "scdl/subventions@2.1.1"]
)
def test_a_standard_is_named_with_or_without_its_version(text):
    assert resolve_standard(text, "fr").pinned == "scdl/subventions@2.1.1"


@pytest.mark.parametrize("text", ["", "scdl/", "Budget", "subventions@9.9.9", "autre/budget", "@"])
def test_a_standard_that_is_not_here_is_misuse(text):
    with pytest.raises(click.ClickException):
        resolve_standard(text, "fr")


def test_the_standard_is_guessed_or_given(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(generate.subventions_csv())
    assert scdl("check", path).returncode == 0
    assert scdl("check", path, "--standard", "budget").returncode == 1


def test_a_budget_table_is_recognised_in_any_form(budget, tmp_path):
    """The first bytes of a workbook tell no standard: its header does."""
    book, table = tmp_path / "budget.xlsx", tmp_path / "budget.csv"
    assert scdl("convert", budget, "--format", "xlsx", "-o", book).returncode == 0
    assert scdl("convert", budget, "-o", table).returncode == 0
    rows = table.read_text(encoding="utf-8")
    wide, titled = tmp_path / "large.csv", tmp_path / "titre.csv"
    wide.write_bytes(rows.encode("utf-16"))
    titled.write_text(f"Budget de la commune\n{rows}", encoding="utf-8")
    for path in (book, table, wide, titled):
        done = scdl("check", path)
        assert done.stdout.decode().startswith("Fichier conforme à scdl/budget"), path
        assert done.stderr == b""


def test_a_standard_that_cannot_be_guessed_is_asked_for(tmp_path):
    path = tmp_path / "autre.csv"
    path.write_bytes(b"Ville,Rue\nFontargent,Rue du Moulin\n")
    done = scdl("check", path)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert "scdl/subventions a été essayé ; indiquez le vôtre avec --standard." in (
        done.stderr.decode()
    )
    assert scdl("check", path, "--standard", "subventions").stderr == b""


def test_the_report_of_the_standard_input_has_a_name_in_a_folder(tmp_path):
    scdl("check", "-", "-d", tmp_path, "--format", "html", stdin=generate.subventions_csv())
    assert names(tmp_path) == ["entree-standard-controle.html"]


@pytest.mark.parametrize("source", ["budget_xml", "subventions_csv"])
def test_a_pipe_is_judged_by_its_content(source):
    content = getattr(generate, source)()
    done = scdl("check", "/dev/stdin", stdin=content)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "absent.xml"], "« absent.xml » n'existe pas"),
        (["check", "."], "« . » est un dossier"),
        (["check"], "Il manque l'argument FICHIER. « scdl"),
        (["check", "--couleur", "x"], "L'option --couleur n'existe pas"),
        (["check", "--lang", "de", "x"], "Valeur refusée ; --lang accepte fr, en."),
        (["check", "x", "--lang"], "L'option --lang attend une valeur."),
        (["check", "x", "--limit", "-1"], "--limit attend un nombre entier, 0 ou plus."),
        (["check", "x", "--limit", "dix"], "--limit attend un nombre entier, 0 ou plus."),
        (["check", "--lang", "en"], "The argument FILE is missing. “scdl --help”"),
        (["check", "--couleur", "--lang=en"], "The option --couleur does not exist."),
        (["check", "x", "--lang", "en", "--format", "pdf"], "--format takes text, json, xlsx,"),
        (["standards", "x"], "« x » est de trop. « scdl --help »"),
        (["check", "x", "--standard", ""], "Le standard «  » est inconnu"),
        (["check", "x", "-o", "absent/y"], "(fichier ou dossier inexistant) ; choisissez"),
        (["check", "x", "--standard", "autre"], "parmi : budget, subventions, scdl/budget@0.8.1,"),
        (["check", "x", "--standard", "budget@9"], "Le standard « budget@9 » est inconnu"),
        (["check", "a", "b", "--format", "html"], "demandent un dossier de sortie"),
        (["check", "x", "-o", "r.json", "--format", "text"], "L'extension .json de la sortie"),
        (["check", "x", "-o", "r.csv"], "pas de .csv ; changez l'extension de la sortie (text, "),
        (["convert", "x", "-o", "b.xlsx", "--format", "csv"], "contredit --format csv ; changez"),
        (["convert", "x", "-o", "b.PDF", "--lang", "en"], "writes no .pdf; change the extension"),
        (["check", "x", "-o", "y", "-d", "z"], "Choisissez entre --output et --directory."),
        (["check", "/proc/self/mem"], "« /proc/self/mem » ne peut pas être lu"),
        (["convert", "/proc/self/mem"], "« /proc/self/mem » ne peut pas être lu"),
        (["verifie"], "Cette commande n'existe pas"),
        (["convert", "absent.xml"], "« absent.xml » n'existe pas"),
        (["convert", "--lang", "en", "absent.xml"], "“absent.xml” does not exist"),
    ],
)
def test_misuse_exits_2_with_one_line(tmp_path, arguments, message):
    done = scdl(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_convert_writes_the_table(budget, tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("an older table")
    done = scdl("convert", budget, "-o", target)
    assert done.returncode == 0
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 60
    assert tuple(rows[0]) == standard("budget").field_names
    assert names(tmp_path) == ["budget.xml", "out.csv"]


def test_convert_without_output_goes_to_the_standard_output(budget):
    done = scdl("convert", budget)
    assert done.stdout.count(b"\n") == 61
    assert done.stderr == b""


def test_convert_refuses_and_leaves_no_file(bad_budget, tmp_path):
    target = tmp_path / "out.csv"
    done = scdl("convert", bad_budget, "-o", target)
    assert done.returncode == 1
    assert "le SIRET" in done.stderr.decode()
    assert done.stdout == b""
    assert names(tmp_path) == [bad_budget.name]


def test_convert_keeps_the_older_table_when_it_refuses(bad_budget, tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("an older table")
    scdl("convert", bad_budget, "-o", target)
    assert target.read_text() == "an older table"


@pytest.mark.parametrize("target", ["absent/out.csv", ".", "budget.xml"])
def test_an_output_that_cannot_be_written_exits_2(budget, tmp_path, target):
    before = budget.read_bytes()
    done = scdl("convert", budget, "-o", tmp_path / target)
    assert done.returncode == 2
    assert "sortie" in done.stderr.decode()
    assert budget.read_bytes() == before


def test_a_budget_is_not_masked_over_itself(budget):
    before = budget.read_bytes()
    done = scdl("mask", budget, "-o", budget)
    assert (done.returncode, budget.read_bytes()) == (2, before)
    assert "est le fichier à lire" in done.stderr.decode()


def test_convert_to_a_device_leaves_it_a_device(budget):
    assert scdl("convert", budget, "-o", os.devnull).returncode == 0
    assert not Path(os.devnull).is_file()


def test_converting_a_table_says_that_it_is_not_xml(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(generate.subventions_csv())
    done = scdl("convert", path)
    assert done.returncode == 2
    assert "n'est pas un fichier XML" in done.stderr.decode()


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['scdl', '--help']\n"
        "from ckanext.scdl.command import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'frictionless', 'lxml', 'stdnum', 'ckan', 'ckanext.scdl.conformity'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Contrôle des budgets" in done.stdout.decode()


CLICK_S = ("Usage:", "Options:", "Commands:", "ARGS", "Show ", "[x>=0]", "...")


@pytest.mark.parametrize("command", [[], *([name] for name in cli.commands)], ids=str)
def test_help_is_in_one_language(command):
    french = scdl(*command, "--help").stdout.decode()
    assert french.startswith("Usage : ")
    assert [word for word in CLICK_S if word in french] == []
    english = scdl(*command, "--help", "--lang", "en").stdout.decode()
    assert english.startswith("Usage: ")
    assert [word for word in ("FICHIER", "Affiche", " :", "é", "...") if word in english] == []
    assert scdl("--lang", "en", *command, "-h").stdout.decode() == english


def test_every_word_of_the_help_has_its_english():
    options = [(name, p) for name, sub in cli.commands.items() for p in sub.params]
    told = [(name, text) for name, p in options for text in (getattr(p, "help", None), p.metavar)]
    assert [one for one in told if one[1] and one[1] not in usage.ENGLISH] == []
    shown = [(name, p) for name, p in options if isinstance(p, click.Option)]
    assert [(name, p.opts) for name, p in shown if not p.help] == []
    assert usage.COMMANDS.keys() == {"cli", *cli.commands}


def test_the_language_may_come_before_the_command(bad_budget):
    assert scdl("--lang", "en", "check", bad_budget).stdout == (
        scdl("check", bad_budget, "--lang", "en").stdout
    )


def test_the_library_never_imports_ckan():
    code = (
        "import io, sys\n"
        "from ckanext.scdl import conformity\n"
        "from tests import generate\n"
        "conformity.check(io.BytesIO(generate.budget_xml()), 'budget')\n"
        "conformity.check(io.BytesIO(generate.subventions_csv()), 'subventions')\n"
        "sys.exit('ckan' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files (../shared) are not here")
def test_the_budget_of_the_issue(tmp_path):
    target = tmp_path / "out.csv"
    done = scdl("convert", SHARED / "data/budgets/budget-crach-001.xml", "-o", target)
    assert done.returncode == 0
    assert target.read_bytes().count(b"\n") == 202
    assert scdl("check", target).returncode == 0


def test_a_reader_that_leaves_is_no_error_of_the_budget(budget):
    command = f"{sys.executable} -m ckanext.scdl.command convert {budget} | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False
    )
    assert (done.stdout, done.stderr) == (b"BGT_NATDEC", b"")
    assert done.returncode in (0, 141)  # the whole table may fit in the pipe


def test_alone_it_gives_its_help():
    done = scdl()
    assert done.returncode == 2
    assert done.stdout.decode().startswith("Usage : ")
    assert done.stderr == b""


def test_a_terminal_without_the_euro_sign_loses_nothing_else(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(generate.bad_tables()["montant"].content.replace(b",x,", "€".encode()))
    path.write_text(path.read_text(encoding="utf-8").replace("numéraire", "€", 1), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "ckanext.scdl.command", "check", str(path)]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert "« aide en ? »" in done.stdout.decode("latin-1")


@pytest.fixture
def several(tmp_path, budget, bad_budget):
    """Two good budgets, one of them compressed, and a bad one between."""
    packed = tmp_path / "autre.xml.gz"
    packed.write_bytes(gzip.compress(generate.budget_xml(nom="Commune de Bois-Fictif")))
    (tmp_path / "sortie").mkdir()
    return [budget, bad_budget, packed]


@pytest.mark.parametrize(
    ("words", "suffix", "made"),
    [
        (["convert"], ".csv", b"BGT_NATDEC,"),
        (["convert", "--format", "json"], ".json", b"[\n{"),
        (["convert", "--format", "xlsx"], ".xlsx", b"PK"),
        (["mask"], ".xml", b"<?xml"),
    ],
)
def test_several_files_go_to_a_directory_and_a_bad_one_stops_no_other(
    several, tmp_path, words, suffix, made
):
    done = scdl(*words, *several, "-d", tmp_path / "sortie")
    bad = [] if words == ["mask"] else ["mauvais"]
    assert done.returncode == len(bad)
    assert names(tmp_path / "sortie") == [
        f"{name}{suffix}" for name in ("autre", "budget", "mauvais") if name not in bad
    ]
    assert (tmp_path / "sortie" / f"autre{suffix}").read_bytes().startswith(made)
    assert ("le SIRET" in done.stderr.decode()) is bool(bad)


def test_summaries_are_json_lines_and_the_exit_code_the_worst(several, tmp_path):
    done = scdl("summary", *several, tmp_path / "absent.xml")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(one["file"]).name for one in found] == ["budget.xml", "autre.xml.gz"]
    assert found[0]["lines"] == 60
    assert done.returncode == 2
    assert "n'existe pas" in done.stderr.decode()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.xml", "b.xml"], "--directory"),
        (["a.xml", "b.xml", "-d", "absent"], "n'existe pas"),
        (["a.xml", "x/a.xml", "-d", "."], "Deux fichiers donneraient"),
        (["a.xml", "-o", "x", "-d", "."], "Choisissez entre"),
    ],
)
def test_outputs_that_cannot_be_are_refused_before_anything(tmp_path, words, message):
    done = scdl("convert", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


# --- standards ---


def standards(*arguments: object, folders: str = ""):
    command = [sys.executable, "-m", "ckanext.scdl.command", "standards", *map(str, arguments)]
    environment = {**os.environ, "SCDL_SCHEMAS": folders}
    return subprocess.run(command, capture_output=True, env=environment, check=False)


def test_standards_are_listed_with_their_names():
    done = standards()
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    at = lines.index("scdl/subventions 2.1.1 : Subventions attribuées")
    assert lines[at + 1].split() == [
        *("--standard", "subventions", "ou", "scdl/subventions", "ou", "scdl/subventions@2.1.1")
    ]
    assert "  --standard scdl/budget@0.8.1" in lines
    assert " or scdl/budget or " in standards("--lang", "en").stdout.decode()


def test_standards_added_by_the_variable_are_listed(tmp_path):
    added, empty = tmp_path / "schemas", tmp_path / "vide"
    added.mkdir()
    empty.mkdir()
    playgrounds.drop(added)
    done = standards("--format", "json", folders=os.pathsep.join(map(str, (empty, added))))
    assert (done.returncode, done.stderr) == (0, b"")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(known_standards()) + 1
    assert told[0] == {
        "name": "metropole/aires-de-jeux",
        "version": "1.2.0",
        "title": "Aires de jeux",
        "names": [
            *("aires-de-jeux", "metropole/aires-de-jeux", "metropole/aires-de-jeux@1.2.0"),
        ],
    }


def test_a_refused_schema_is_told_and_the_others_are_listed(tmp_path):
    playgrounds.drop(tmp_path)
    playgrounds.drop(tmp_path, b"{", "metropole_abribus-1.0.json")
    done = standards("--lang", "en", folders=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"{tmp_path}/metropole_abribus-1.0.json: this is not JSON (line 1, character 2); "
        "correct that character, or download the schema again.\n"
    )
    assert b"metropole/aires-de-jeux 1.2.0" in done.stdout


def test_a_standard_is_resolved_with_the_folders_of_the_variable(tmp_path, monkeypatch):
    monkeypatch.setattr("ckanext.scdl.conformity.standards._added", {})
    monkeypatch.setenv("SCDL_SCHEMAS", str(tmp_path))
    playgrounds.drop(tmp_path)
    assert resolve_standard("aires-de-jeux@1.2.0", "fr").pinned == "metropole/aires-de-jeux@1.2.0"
    with pytest.raises(click.ClickException) as caught:
        resolve_standard("irve", "fr")
    assert caught.value.message.startswith(
        "Le standard « irve » est inconnu ; choisissez parmi : aires-de-jeux, budget, subventions, "
    )
