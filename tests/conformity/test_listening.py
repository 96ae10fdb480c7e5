"""Annexes pass unheard: what is read and found must be what it would be if all were heard."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.scdl import conformity
from ckanext.scdl.conformity.intake import Intake
from ckanext.scdl.conformity.magic import HEAD
from ckanext.scdl.conformity.report import Unreadable
from ckanext.scdl.conformity.totem import listening, reader
from ckanext.scdl.conformity.totem.people import Scan
from tests import generate
from tests.support import totem

from .shared import check, codes

CHUNK = 1 << 16
PEOPLE = (
    '<CONCOURS><LibOrgaBenef V="Personne inventée"/></CONCOURS>',
    "<PRET><NomBenefPret>Personne inventée</NomBenefPret></PRET>",
    '<x:TIERS xmlns:x="urn:x"><x:Champ_Editeur V="Personne inventée"/></x:TIERS>',
    "<Signature><X509Data>Personne inventée</X509Data></Signature>",
)
ALONE = '<NomPJ V="Personne inventée"/>'
"""Named once: the end tag of another would wake who has missed its start."""

FILLINGS = ("<EMPRUNT><A V='1'/><B V='2'/></EMPRUNT>\n", "un texte\n", "<!-- rien -->", "\n" * 50)


class Slow(io.BytesIO):
    """Gives at most so many bytes at a time."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self.most = most

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.most if size is None or size < 0 else min(size, self.most))


def filled(lengths, filling):
    """A document whose parts stand apart by so many bytes of annexes, around its lines."""
    document = totem.make("M57-M57_D", 2024, "01", lignes=30)
    parts = [filling * (length // len(filling)) + PEOPLE[n % 4] for n, length in enumerate(lengths)]
    text = replace(document, annexes=f"<Annexes>{''.join(parts)}</Annexes>").xml().decode()
    early = f"<Annexes>{filling * (lengths[0] // len(filling))}</Annexes>\n"
    return text.replace("<EnTeteBudget>", early + "<EnTeteBudget>", 1).encode()


def outcome(content, most):
    report = conformity.check(Slow(content, most), "budget", filename="x.xml")
    table = io.StringIO(newline="")
    conformity.convert(Slow(content, most), table)
    return report, table.getvalue()


def heard_whole(content, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(listening.Listening, "choose", lambda _self, _data: None)
        return outcome(content, CHUNK)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 3 * CHUNK), min_size=1, max_size=5),
    st.sampled_from(FILLINGS),
    st.sampled_from((CHUNK, 4099, 997)),
)
def test_nothing_is_missed(lengths, filling, most):
    content = filled(lengths, filling)
    with pytest.MonkeyPatch.context() as patch:
        expected = heard_whole(content, patch)
    assert outcome(content, most) == expected
    assert "totem-personal-data" in codes(expected[0])


@pytest.mark.parametrize("shift", range(9))
def test_a_name_across_two_chunks_is_heard(shift, monkeypatch):
    filling = "<EMPRUNT><A V='1'/></EMPRUNT>"
    content = filled([3 * CHUNK], filling).replace(PEOPLE[0].encode(), ALONE.encode())
    start = content.index(ALONE.encode())
    blanks = b" " * (HEAD - (start + shift) % CHUNK + CHUNK)
    content = content.replace(b"<Annexes>", b"<Annexes>" + blanks, 1)
    at = content.index(ALONE.encode())
    assert (at + shift) % CHUNK == HEAD  # where a chunk ends: the first is the head
    assert outcome(content, CHUNK) == heard_whole(content, monkeypatch)


@pytest.mark.parametrize(
    ("before", "part", "rule"),
    [
        ("<CONCOURS>", "<a>" * 300, "depth"),
        ("<LigneBudget>", "<a>" * 300, "depth"),
        ("", "<Budget>" * 300, "depth"),
        ("<CONCOURS>", "".join(f"<n{n}/>" for n in range(30_000)), "names"),
        ("<LigneBudget>", "".join(f"<n{n}/>" for n in range(600)) + "</LigneBudget>", "block"),
    ],
)
def test_what_is_heard_is_neither_deep_nor_of_many_names(before, part, rule):
    document = replace(totem.make("M57-M57_D", 2024, "01"), annexes=before + part)
    (finding,) = check(document.xml(), "budget").errors
    assert (finding.code, finding.params["rule"]) == ("xml-oversized", rule)


HOSTILE = {
    "nested rows": b"<CONCOURS>" * 240 + b"<a/>" * 300_000 + b"</CONCOURS>" * 240,
    "row": b"<CONCOURS>" + b'<a V="1234567"/>' * 3_800_000,
    "comment": b"<!--" + (b"x" * 200_000 + b"<") * 310 + b"-->",
    "instruction": b"<?x " + (b"x" * 200_000 + b"<") * 310 + b"?>",
    "comments": b"<!---->" * 9_000_000,
    "orphans": b'<Champ_Editeur V="x"/>' * 2_900_000,
    "seals": b"<Signature/>" * 5_000_000,
    "depth": b"<a>" * 20_000_000,
    "names": b"".join(b"<a%d/>" % n for n in range(5_000_000)),
    "attributes": b"".join(
        b"<x " + b" ".join(b'a%d=""' % n for n in range(n, n + 9000)) + b"/>"
        for n in range(0, 4_000_000, 9000)
    ),
    "prefixes": (b"<a" + b"".join(b' xmlns:a%d="u"' % n for n in range(12_000)) + b"/>") * 250,
    "children": b"<LigneBudget>" + b"".join(b'<CaracSup Code="%d"/>' % n for n in range(2_200_000)),
    "values": b"<LigneBudget>"
    + b"".join(b'<z%d V="\xf0\x9f\x98\x80%s"/>' % (n, b"a a " * 62_000) for n in range(250)),
    "lines": b"<LigneBudget/>" * 4_000_000,
    "totals": b'<LigneBudget calculated="1"/>' * 2_000_000,
    "headers": b"<BlocBudget/>" * 4_500_000,
    "budgets": b"<Budget/>" * 6_000_000,
}
MEASURED = """
import io, os, resource, sys
from ckanext.scdl import conformity
def peak():  # not ru_maxrss, which starts from that of the process that started this one
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
def convert(stream): conformity.convert(stream, io.StringIO())
def mask(stream): conformity.mask(stream, open(os.devnull, "wb"))
def check(stream):
    report = conformity.check(stream, "budget", filename="x.xml")
    if not report.conforming:
        raise conformity.NotConvertible(report)
job = {"check": check, "convert": convert, "mask": mask}[sys.argv[1]]
stream = open(sys.argv[2], "rb")
before = peak()
try:
    job(stream)
    codes = []
except conformity.NotConvertible as refused:
    codes = [f.code for f in refused.report.errors]
cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime
print(*codes, (peak() - before) // 1024, round(cpu, 1))
"""


@pytest.mark.parametrize("job", ["check", "convert", "mask"])
@pytest.mark.parametrize("name", HOSTILE)
def test_sixty_megabytes_of_it_are_bounded(name, job, tmp_path):
    start = totem.make("M57-M57_D", 2024, "01").xml().partition(b"</Budget>")[0]
    path = tmp_path / "x.xml"
    path.write_bytes(start + b"<Annexes>" + HOSTILE[name])
    run = [sys.executable, "-c", MEASURED, job, path]
    done = subprocess.run(run, capture_output=True, check=True)
    path.unlink()
    *told, megabytes, seconds = done.stdout.decode().split()
    assert len(told) == 1
    assert told[0] in {"xml-oversized", "xml-truncated", "xml-malformed", "totem-budget-multiple"}
    assert int(megabytes) < 200
    assert float(seconds) < 15


def test_invalid_utf_16_is_an_error_for_the_masking_too():
    content = totem.make("M57-M57_D", 2024, "01", encoding="UTF-16").xml()
    at = content.index("<CodRD".encode("utf-16-le"))
    content = content[:at] + b"\x00\xd8" + content[at:]
    assert codes(check(content, "budget")) == ["xml-encoding"]
    with pytest.raises(conformity.NotConvertible) as refused:
        conformity.mask(io.BytesIO(content), io.BytesIO())
    assert codes(refused.value.report) == ["xml-encoding"]


@pytest.mark.parametrize("name", ["utf8", "latin1", "cp1252", "iso8859-15"])
def test_the_names_that_expat_does_not_know_are_masked_too(name):
    document = totem.make("M57-M57_D", 2024, "01", defect="personnes", encoding=name)
    out = io.BytesIO()
    assert conformity.mask(io.BytesIO(document.xml()), out) == {"CONCOURS": 1}
    assert codes(check(document.xml(), "budget")) == ["totem-personal-data"]


NAMES = (
    *("Budget", "LigneBudget", "BlocBudget", "Infos", "BudgetComptable", "CONCOURS", "PRET"),
    *("AUTRE_ENGAGEMENT", "NomBenefPret", "ObjSubv", "NomOrgaBenef", "CodNatJurBenefCA", "Gestion"),
    *("Champ_Editeur", "Signature", "X509Data", "RemunAgent", "NomPJ", "Nature", "CaracSup"),
    *("a", "b", "EMPRUNT") * 6,
)
VALUES = ("Jean", "", "P1", " z ", "Occultation Article L311-7 CRPA", "&#74;", "a&gt;b", ">")
ASIDES = ("texte", "\n" * 40, "<!-- <LigneBudget> :PRET -->", "<![CDATA[<Budget>]]>", "<?p <PRET?>")


def tree(chance: random.Random, depth: int = 0) -> str:
    """Any elements in each other, prefixed or not, with blanks wherever XML allows them."""
    name, blanks = chance.choice(NAMES), chance.choice(("", " ", "\n \t"))
    tag = chance.choice(("", "", "d:", "x:")) + name
    attribute = chance.choice((" V", " NomComptable", " Siret", " Code", " x:V"))
    attributes = f'{attribute}="{chance.choice(VALUES)}"' if chance.random() < 0.8 else ""
    inside = ""
    for _ in range(chance.randint(0, 4) if depth < 7 else 0):
        aside = chance.choice(ASIDES)
        inside += tree(chance, depth + 1) if chance.random() < 0.5 else aside
    return f"<{tag}{attributes}{blanks}>{inside}</{tag}{blanks}>"


def heard(content, most):
    scan = Scan()
    try:
        blocks = list(reader.read(Intake(Slow(content, most)), scan))
    except Unreadable as exception:
        return exception.finding, None, None
    return blocks, scan.counts, scan.places


@pytest.mark.parametrize("seed", range(150))
def test_whatever_the_document_nothing_is_missed_nor_left(seed, monkeypatch):
    chance = random.Random(seed)
    encoding = chance.choice(("UTF-8", "ISO-8859-1", "windows-1252", "UTF-16"))
    body = "".join(tree(chance) for _ in range(chance.randint(1, 40)))
    content = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<!--{"é" * chance.randint(0, 4100)}-->'
        f'<DocumentBudgetaire xmlns="{generate.NAMESPACE}" xmlns:d="{generate.NAMESPACE}" '
        f'xmlns:x="urn:x">\n{" " * 4100}{body}</DocumentBudgetaire>'
    ).encode(encoding)
    found = heard(content, chance.choice((7, 13, 64, 999)))
    with monkeypatch.context() as patch:
        patch.setattr(listening.Listening, "choose", lambda _self, _data: None)
        assert found == heard(content, CHUNK)

    masked, again = io.BytesIO(), io.BytesIO()
    assert conformity.mask(io.BytesIO(content), masked) == found[1]
    assert conformity.mask(io.BytesIO(masked.getvalue()), again) == {}
    assert again.getvalue() == masked.getvalue()
    if not found[1]:
        assert masked.getvalue() == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<CodRD V=“R”/>", "xml-malformed"),
        ("<CodRD V='R'/><!-- \ufffe -->", "xml-malformed"),
        ("<x:a/>", "xml-malformed"),
        ("<a", "xml-truncated"),
        ('<a xmlns="urn:{x}"/>', "totem-budget-missing"),
    ],
)
def test_what_stops_the_reading_has_its_own_name(content, code):
    text = f'<DocumentBudgetaire xmlns="{generate.NAMESPACE}">{content}'
    text += "" if code == "xml-truncated" else "</DocumentBudgetaire>"
    assert codes(check(text.encode(), "budget")) == [code]


def test_an_account_cut_after_its_budget_is_truncated():
    content = generate.cfu_xml().partition(b"</cfu:CompteFinancierUnique>")[0]
    assert codes(check(content, "budget")) == ["xml-truncated"]


def test_the_masking_refuses_another_document_as_the_check_does():
    content = b"<!--" + b"x" * 5000 + b'--><Facture><NomPJ V="Jean"/></Facture>'
    with pytest.raises(conformity.NotConvertible) as refused:
        conformity.mask(io.BytesIO(content), io.BytesIO())
    assert codes(refused.value.report) == codes(check(content, "budget")) == ["xml-other-root"]


@pytest.mark.parametrize(
    "annexes",
    [
        '<PRET><NomBenefPret xmlns:x="urn:x" x:V="Jean"/></PRET>',
        '<Edition xmlns:x="urn:x" x:Utilisateur="Jean"/>',
        '<PRET><NomBenefPret V="a"/><?note Jean?></PRET>',
        '<CONCOURS><x><CodNatJurBenefCA V="P1"/></x><ObjSubv V="Jean"/></CONCOURS>',
        '<V:PRET xmlns:V="urn:v"><V:NomBenefPret V="Jean" xmlns:W="urn:w"/></V:PRET>',
    ],
)
def test_other_ways_of_writing_a_name(annexes):
    content = replace(totem.make("M57-M57_D", 2024, "01"), annexes=annexes).xml()
    out = io.BytesIO()
    counts = conformity.mask(io.BytesIO(content), out)
    assert sum(counts.values()) == 1
    assert b"Jean" not in out.getvalue()
    assert out.getvalue().count(b"urn:") == content.count(b"urn:")
    assert codes(check(out.getvalue(), "budget")) == []


def test_the_annexe_told_is_short_and_they_are_few():
    parents = "".join(f'<n{n}><Champ_Editeur V="x"/></n{n}>' for n in range(300))
    long = f'<{"n" * 5000}><Champ_Editeur V="x"/></{"n" * 5000}>'
    content = replace(totem.make("M57-M57_D", 2024, "01"), annexes=long + parents).xml()
    findings = [f for f in check(content, "budget").findings if f.code == "totem-personal-data"]
    assert len(findings) == 101
    assert sum(int(f.params["number"]) for f in findings) == 301
    assert all(len(str(f.params["annexe"])) <= 40 for f in findings)
    assert conformity.mask(io.BytesIO(content), io.BytesIO()) == {
        f.params["annexe"]: f.params["number"] for f in findings
    }
