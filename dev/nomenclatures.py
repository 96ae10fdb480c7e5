"""Build schemas/nomenclatures from the official planDeCompte.xml files of the DGCL.

    python dev/nomenclatures.py FOLDER        FOLDER/<année>/<norme>/<déclinaison>/planDeCompte.xml

One compact file (JSON, zlib) per (norme, déclinaison): each row carries the years in which it holds
as a bit mask (bit 0 = 2013), so that a plan of any year, or of the nearest one, is read from a
single small file.  Of all the plans together, `zeros.json`: the codes that a spreadsheet turns into
others when it drops their zeros.  Imports nothing of the project and no CKAN.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

FIRST_YEAR = 2013
TARGET = Path(__file__).resolve().parents[1] / "schemas" / "nomenclatures"
SENSES = ("DR", "DOES", "DOIS", "RR", "ROES", "ROIS")
Row = tuple[str, ...]
Tables = dict[str, list[Row]]


def read_plan(path: Path) -> tuple[str, Tables]:
    """The exercice that a plan declares, and its rows by table, in document order."""
    root = etree.parse(str(path)).getroot()
    fonction = root.find("Fonction")
    return root.get("Exer", ""), {
        "chapitres": list(_chapitres(root.iterfind("Nature/Chapitres/Chapitre"))),
        "comptes": list(_comptes(root.iterfind("Nature/Comptes//Compte"))),
        "fonctions": list(_libelles(root.iterfind("Fonction/RefFonctionnelles//RefFonc"))),
        "chapitres_fonction": list(_chapitres(root.iterfind("Fonction/Chapitres/Chapitre"))),
        "comptes_fonction": list(_libelles(fonction.iterfind("Comptes//Compte")))
        if fonction is not None
        else [],
    }


def _libelles(elements: Iterable[etree._Element]) -> Iterator[Row]:
    for element in elements:
        yield element.get("Code", ""), _text(element.get("Libelle"))


def _chapitres(elements: Iterable[etree._Element]) -> Iterator[Row]:
    for element in elements:
        yield element.get("Code", ""), _text(element.get("Libelle")), element.get("Section", "")


def _comptes(elements: Iterable[etree._Element]) -> Iterator[Row]:
    for element in elements:
        senses = (element.get(name, "") for name in SENSES)
        yield element.get("Code", ""), _text(element.get("Libelle")), *senses


def _text(value: str | None) -> str:
    """Labels are published with stray blanks (« Environnement » in M14) and with Windows-1252
    punctuation read as ISO-8859-1 (« CNFPT – Formation » in M57)."""
    text = "".join(_repair(c) if "\x80" <= c <= "\x9f" else c for c in value or "")
    return " ".join(text.split())


def _repair(character: str) -> str:
    return character.encode("latin-1").decode("cp1252", errors="replace")


def merge(plans: dict[int, Tables]) -> dict[str, object]:
    """Plans of one déclinaison by year -> tables of [years mask, code, …]."""
    merged: dict[str, object] = {"annees": sorted(plans)}
    for table in next(iter(plans.values())):
        masks: dict[Row, int] = defaultdict(int)
        for year in sorted(plans):
            for row in plans[year][table]:
                masks[row] |= 1 << (year - FIRST_YEAR)
        merged[table] = [[mask, *row] for row, mask in sorted(masks.items())]
    return merged


def collect(folder: Path) -> dict[tuple[str, str], dict[int, Tables]]:
    """All plans under folder, stale copies (another exercice than their folder's) left out."""
    found: dict[tuple[str, str], dict[int, Tables]] = defaultdict(dict)
    for path in sorted(folder.glob("*/*/*/planDeCompte.xml")):
        year, norme, declinaison = path.relative_to(folder).parts[:3]
        exercice, tables = read_plan(path)
        if exercice == year:
            found[norme, declinaison][int(year)] = tables
    return found


def pack(content: dict[str, object]) -> bytes:
    """The same JSON for the same plans, compressed."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 9)


def build(folder: Path, target: Path = TARGET) -> list[Path]:
    """Write one file per (norme, déclinaison) and return their paths."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for (norme, declinaison), plans in sorted(collect(folder).items()):
        path = target / f"{norme}-{declinaison}.json.z"
        path.write_bytes(pack({"norme": norme, "declinaison": declinaison, **merge(plans)}))
        written.append(path)
    return written


def zeros(plans: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Of all plans, the codes that start with a zero and those that they become without, with all
    their labels; `natures`: what is booked in a chapter whose code without zeros is another chapter
    of the same section."""
    chapitres: dict[str, dict[str, Any]] = {}
    comptes: dict[str, dict[str, Any]] = {}
    fonctions: dict[str, set[str]] = defaultdict(set)
    natures: dict[str, set[str]] = defaultdict(set)
    for plan in plans:
        for _, code, libelle, section in plan["chapitres"]:
            chapitres.setdefault(code, {"section": section, "libelles": set()})["libelles"].add(
                libelle
            )
        for _, code, libelle, *booked in plan["comptes"]:
            compte = comptes.setdefault(code, {"libelles": set(), "sens": {}})
            compte["libelles"].add(libelle)
            for sens, chapitre in zip(SENSES, booked, strict=True):
                if chapitre:
                    compte["sens"].setdefault(sens, set()).add(chapitre)
                    natures[chapitre].add(code)
        for _, code, libelle in plan["fonctions"]:
            fonctions[code].add(libelle)
    twins = [
        (code, bare)
        for code in chapitres
        if (bare := _bare(code)) != code
        and bare in chapitres
        and chapitres[bare]["section"] == chapitres[code]["section"]
    ]
    return {
        "chapitres": _zeroed(chapitres),
        "comptes": _zeroed(comptes),
        "fonctions": _zeroed(fonctions),
        "natures": {code: natures[code] - natures[bare] for code, bare in twins},
    }


def _bare(code: str) -> str:
    """As a spreadsheet leaves it."""
    return code.lstrip("0") or code


def _zeroed(codes: Mapping[str, Any]) -> dict[str, Any]:
    """Those that start with a zero, and those that they become."""
    wanted = {code for code in codes if _bare(code) != code}
    wanted |= {_bare(code) for code in wanted}
    return {code: value for code, value in codes.items() if code in wanted}


def write_zeros(folder: Path = TARGET) -> Path:
    """Write zeros.json from the plans that are there."""
    paths = sorted(folder.glob("*.json.z"))
    content = zeros(json.loads(zlib.decompress(path.read_bytes())) for path in paths)
    target = folder / "zeros.json"
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=sorted)
    target.write_text(text + "\n", encoding="utf-8")
    return target


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    files = [*build(Path(sys.argv[1])), write_zeros()]
    print(f"{len(files)} fichiers, {sum(path.stat().st_size for path in files)} octets")
