"""Annexes pass unheard: what is read and found must be what it would be if all were heard."""

from __future__ import annotations

import io
import resource
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.scdl import conformity
from ckanext.scdl.conformity.totem import listening
from tests.support import totem

from .shared import check, codes

CHUNK = 1 << 16
PEOPLE = (
    '<CONCOURS><LibOrgaBenef V="Personne inventée"/></CONCOURS>',
    "<PRET><NomBenefPret>Personne inventée</NomBenefPret></PRET>",
    '<x:TIERS xmlns:x="urn:x"><x:Champ_Editeur V="Personne inventée"/></x:TIERS>',
    "<Signature><X509Data>Personne inventée</X509Data></Signature>",
)
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


@pytest.mark.parametrize("shift", range(0, 40, 3))
def test_a_name_across_two_chunks_is_heard(shift, monkeypatch):
    filling = "<EMPRUNT><A V='1'/></EMPRUNT>"
    start = filled([3 * CHUNK], filling).index(PEOPLE[0].encode())
    content = filled([3 * CHUNK], filling)
    blanks = b" " * (-(start + shift) % CHUNK)
    content = content.replace(b"<Annexes>" + filling.encode(), b"<Annexes>" + blanks, 1)
    assert outcome(content, CHUNK) == heard_whole(content, monkeypatch)


@pytest.mark.parametrize(
    ("before", "part", "rule"),
    [
        ("<CONCOURS>", "<a>" * 300, "depth"),
        ("<LigneBudget>", "<a>" * 300, "depth"),
        ("", "<Budget>" * 300, "depth"),
        ("<LigneBudget>", "".join(f"<n{n}/>" for n in range(30_000)), "names"),
        ("<LigneBudget>", "".join(f"<n{n}/>" for n in range(600)) + "</LigneBudget>", "block"),
    ],
)
def test_what_is_heard_is_neither_deep_nor_of_many_names(before, part, rule):
    document = replace(totem.make("M57-M57_D", 2024, "01"), annexes=before + part)
    (finding,) = check(document.xml(), "budget").errors
    assert (finding.code, finding.params["rule"]) == ("xml-oversized", rule)


@pytest.mark.parametrize("part", [b"<a>", b'<x a1="', b"<a%d/>"])
def test_what_nobody_hears_is_bounded(part):
    """Depth, attributes, names: 60 MB of each would take gigabytes."""
    start = totem.make("M57-M57_D", 2024, "01").xml().partition(b"</Budget>")[0]
    if b"%d" in part:
        rest = b"".join(part % n for n in range(4_000_000))
    elif b"=" in part:
        rest = b"".join(
            b"<x " + b" ".join(b'a%d=""' % (n * 9000 + m) for m in range(9000)) + b"/>"
            for n in range(400)
        )
    else:
        rest = part * 20_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out = io.StringIO()
    with pytest.raises(conformity.NotConvertible) as refused:
        conformity.convert(io.BytesIO(start + rest), out)
    assert codes(refused.value.report) == ["xml-oversized"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


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
