"""Fictitious subsidy tables of any size: same number of rows, same bytes.  Standard library only,
and xlsxwriter for the spreadsheet.

Town, association and amount are invented.  In each hundred rows one, drawn at random, has one bad
cell, of a kind of KINDS in turn.  Nothing else is amiss: references are distinct but within a
shared grant, whose parts sum to 1; identifiers have their Luhn key.

    python -m bench.tables.generate FOLDER [NAME…]      # the files of INPUTS that are not there yet
"""

from __future__ import annotations

import csv
import itertools
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.generate import COLUMNS, siret

SEED = 20240328
HUNDRED = 100
BATCH = 20_000
"""Rows drawn at once."""

Row = list[str]
AT = {name: position for position, name in enumerate(COLUMNS)}

ATTRIBUANTS = (
    "Ville de Fontargent",
    "Ville d'Élanval",
    "Ville de L'Étang",
    "Commune de Préau",
    "CC du Haut-Préau",
    "Agglomération des Trois Chênes",
    "Département de la Brévenne",
    "Région des Combes",
    "Métropole de Valmaure",
)
SORTES = (
    "Amis de {}",
    "Comité des fêtes de {}",
    "Chorale de {}",
    "Club d'échecs de {}",
    "FC {}",
    "US {}",
    "Ludothèque de {}",
    "Harmonie de {}",
    "Jardins de {}",
    "Foyer rural de {}",
    "Tennis club de {}",
    "Judo {}",
    "Théâtre de {}",
    "MJC {}",
    "Secours de {}",
    'Compagnie "La Bascule", {}',
)
LIEUX = tuple(
    f"{debut}{fin}"
    for debut in ("Font", "Mont", "Val", "Roch", "Saint-V", "Cham", "Brév", "Pr", "Ch", "Ang")
    for fin in (
        *("argent", "maure", "oise", "brune", "eline", "elan", "ondes", "igny", "érac", "essac"),
        *("ault", "enne", "onville", "aumont", "eix", "ières", "âtel", "ançon", "oëlle", "écourt"),
        *("evilliers", "ombes", "auge", "ezat", "ignac", "oudre", "elong", "ussy", "arey", "ival"),
        *("ompierre", "elune", "avray", "oncourt", "isles", "ormont", "estre", "œuil", "ancy", "y"),
    )
)
ACTIONS = (
    "Fonctionnement",
    "Fête d'été",
    "Achat de matériel",
    "Ateliers des écoles",
    "Aide à la création",
    "Rénovation du local",
    "Stages d'été",
    "Transport des équipes",
    "Formation des bénévoles",
    "Emploi d'un animateur",
    "Aide exceptionnelle",
    "Tournoi",
    "Concerts",
    "Matériel, mobilier et instruments",
    'Festival "Les Nuits du moulin"',
)
PUBLICS = (
    *("", "", "", ""),
    " (jeunes)",
    " (aînés)",
    " – 1re tranche",
    " – solde",
    " (familles du quartier)",
    " dans le cadre du contrat de ville",
)
CONDITIONS = ("unique",) * 7 + ("échelonné",) * 2 + ("70 % à la signature, solde sur bilan",)
NATURES = ("aide en numéraire",) * 9 + ("aide en nature", "aide en numéraire;aide en nature")
DISPOSITIFS = ("",) * 7 + ("soutien-vie-associative", "contrat-de-ville-2024", "plan-sport")
RAE = ("",) * 19 + ("10234",)
PARTS = {
    1: (("1",),),
    2: (("0.5", "0.5"), ("0.6", "0.4"), ("0.75", "0.25")),
    3: (("0.5", "0.3", "0.2"), ("0.4", "0.4", "0.2"), ("0.34", "0.33", "0.33")),
}
SIZES = (1,) * 24 + (2, 2, 3)
"""Beneficiaries of a grant: about one row in five is of a shared one."""
LONGEST = 256
"""Characters of an objet."""


@dataclass(frozen=True)
class Kind:
    """A kind of bad cell: its column, how a good cell is spoilt, the codes of its errors."""

    column: str
    spoil: Callable[[str], str]
    codes: tuple[str, ...]


def _comma(cell: str) -> str:
    return cell.replace(".", ",")


def _euros(cell: str) -> str:
    return f"{float(cell):,.0f} €".replace(",", " ")


def _slashes(cell: str) -> str:
    return "/".join(reversed(cell.split("-")))


def _other_key(cell: str) -> str:
    """A SIRET whose last digit is not its key; a row without one gets one."""
    number = cell or siret(7)
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def _too_long(cell: str) -> str:
    return f"{cell} ".ljust(LONGEST + 44, "…")


TYPE, CONSTRAINT, SIRET = ("type-error",), ("constraint-error",), ("french-siret-value",)
KINDS = (
    Kind("montant", _comma, TYPE),
    Kind("dateConvention", _slashes, TYPE),
    Kind("idBeneficiaire", _other_key, SIRET),
    Kind("objet", lambda _: "", CONSTRAINT),
    Kind("nature", str.capitalize, CONSTRAINT),
    Kind("datesPeriodeVersement", lambda cell: f"{cell[:10]}_{cell[:10]}", CONSTRAINT),
    Kind("objet", _too_long, CONSTRAINT),
    Kind("pourcentageSubvention", lambda _: "80", CONSTRAINT),
    Kind("montant", _euros, TYPE),
    Kind("idAttribuant", lambda cell: cell[:13], CONSTRAINT + SIRET),
    Kind("nomBeneficiaire", lambda _: "", CONSTRAINT),
    Kind("rnaBeneficiaire", lambda _: "W12345", CONSTRAINT),
    Kind("dateConvention", lambda cell: f"{cell[:4]}-02-30", TYPE),
    Kind("notificationUE", str.capitalize, TYPE),
    Kind("idBeneficiaire", lambda _: "8,03E+13", SIRET),
    Kind("pourcentageSubvention", lambda _: "0,5", TYPE),
    Kind("idRAE", lambda _: "sans objet", CONSTRAINT),
    Kind("montant", lambda _: "", CONSTRAINT),
)


@dataclass(frozen=True)
class _Pools:
    """What rows are drawn from."""

    attribuants: list[tuple[str, str]]
    """Name and SIRET."""
    beneficiaires: list[tuple[str, str, str]]
    """Name, SIRET and RNA: one of the two may be empty."""
    objets: list[str]
    montants: list[str]
    dates: list[tuple[str, str]]
    """A day, and the payment or payments that follow it."""


def _pools(rng: random.Random) -> _Pools:
    names = [sorte.format(lieu) for sorte in SORTES for lieu in LIEUX]
    rounds = [f"{rng.randrange(1, 400) * 50}.00" for _ in range(3000)]
    cents = [f"{rng.randrange(10_000, 9_000_000) / 100:.2f}" for _ in range(17_000)]
    return _Pools(
        [(name, siret(rank)) for rank, name in enumerate(ATTRIBUANTS)],
        [(name, *_identifiers(rank)) for rank, name in enumerate(names)],
        [f"{action} {annee}{suite}" for action in ACTIONS for annee in range(2015, 2025)
         for suite in PUBLICS],
        rounds + cents,
        [_dates(rng) for _ in range(3000)],
    )  # fmt: skip


def _identifiers(rank: int) -> tuple[str, str]:
    """SIRET and RNA: in ten associations six have both, two a SIRET only, two an RNA only."""
    number, rna = siret(rank, siren_start="2199"), f"W{100_000_000 + rank * 7919}"
    return ("" if rank % 10 in {3, 7} else number), ("" if rank % 10 in {1, 5} else rna)


def _dates(rng: random.Random) -> tuple[str, str]:
    year, month, day = rng.randrange(2015, 2025), rng.randrange(1, 12), rng.randrange(1, 29)
    paid = f"{year}-{rng.randrange(month + 1, 13):02d}-{rng.randrange(1, 29):02d}"
    last = f"{year + 1}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    return f"{year}-{month:02d}-{day:02d}", rng.choice((paid, paid, f"{paid}/{last}"))


def good_rows(number: int, seed: int = SEED) -> Iterator[Row]:
    """Rows that conform, in the order of COLUMNS; each grant is there with all its parts."""
    rng = random.Random(seed)
    pools = _pools(rng)
    left = number
    for rank in itertools.count():
        if rank % BATCH == 0:
            draws = _draws(rng, pools)
        size, who, *draw = next(draws)
        parts = rng.choice(PARTS[size if size <= left else 1])
        for part, share in enumerate(parts):
            yield _row(rank, draw, pools.beneficiaires[who - part], share)
        left -= len(parts)
        if not left:
            return


def _draws(rng: random.Random, pools: _Pools) -> Iterator[tuple[Any, ...]]:
    """BATCH grants: number and rank of the beneficiaries, then what `_row` takes."""
    columns = (SIZES, range(len(pools.beneficiaires)), pools.attribuants, pools.dates, pools.objets)
    more = (pools.montants, NATURES, CONDITIONS, RAE, DISPOSITIFS)
    return zip(*(rng.choices(pool, k=BATCH) for pool in (*columns, *more)), strict=True)


def _row(rank: int, draw: list[Any], beneficiaire: tuple[str, str, str], share: str) -> Row:
    (nom, numero), (jour, verse), objet, montant, nature, condition, rae, aide = draw
    reference = f"DEL-{jour[:4]}-{rank:07d}"
    notified = "oui" if rae else "non"
    return [
        *(nom, numero, jour, reference, *beneficiaire, objet, montant, nature),
        *(condition, verse, rae, notified, share, aide),
    ]


def bad_cells(number: int, seed: int = SEED) -> dict[int, Kind]:
    """Of a table of so many rows, the bad ones (0 is the first after the header) and their kind."""
    rng = random.Random(-seed)
    drawn = (block * HUNDRED + rng.randrange(HUNDRED) for block in range(number // HUNDRED))
    return {row: KINDS[rank % len(KINDS)] for rank, row in enumerate(drawn)}


def errors(number: int, seed: int = SEED) -> int:
    """How many errors a table of so many rows has."""
    return sum(len(kind.codes) for kind in bad_cells(number, seed).values())


def rows(number: int, seed: int = SEED) -> Iterator[Row]:
    """As `good_rows`, one row in a hundred spoilt."""
    bad = bad_cells(number, seed)
    for rank, row in enumerate(good_rows(number, seed)):
        if kind := bad.get(rank):
            at = AT[kind.column]
            row[at] = kind.spoil(row[at])
        yield row


def write_csv(path: Path, table: Iterable[Row]) -> None:
    """UTF-8, commas, a line feed after each row; quotes only where they are needed."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(table)


def write_xlsx(path: Path, table: Iterable[Row]) -> None:
    """Amounts and parts are numbers where they can be, all the rest is text."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    numbers = {AT["montant"], AT["pourcentageSubvention"]}
    for at, row in enumerate([list(COLUMNS), *table]):
        for column, cell in enumerate(row):
            if column in numbers and cell.replace(".", "").isdigit():
                sheet.write_number(at, column, float(cell))
            elif cell:
                sheet.write_string(at, column, cell)
    book.close()


def middle(path: Path, source: Path, spoil: Callable[[bytes], bytes]) -> None:
    """A copy of a CSV of which one row, the first without a quote in the second half, is spoilt."""
    content = source.read_bytes()
    start = content.index(b"\n", len(content) // 2) + 1
    while b'"' in content[start : (end := content.index(b"\n", start))]:
        start = end + 1
    with path.open("wb") as out:
        out.write(content[:start])
        out.write(spoil(content[start:end]))
        out.write(content[end:])


def shortened(line: bytes) -> bytes:
    """Without its last two cells."""
    return line.rsplit(b",", 2)[0]


def opened(line: bytes) -> bytes:
    """A quote at the start of its first cell, that nothing closes there."""
    return b'"' + line


def inner(line: bytes) -> bytes:
    """A quote in the middle of its first cell, which is a character like another."""
    return line.replace(b" ", b' "', 1)


@dataclass(frozen=True)
class Input:
    """A file to check: its name, its rows, the file of the same folder it is a spoilt copy of."""

    name: str
    rows: int
    source: str | None = None
    spoil: Callable[[bytes], bytes] = bytes


MILLION = Input("million.csv", 1_000_000)
RAGGED = Input("ligne-courte.csv", 1_000_000, MILLION.name, shortened)
OPENED = Input("guillemet-ouvert.csv", 1_000_000, MILLION.name, opened)
INNER = Input("guillemet-interne.csv", 1_000_000, MILLION.name, inner)
SPREADSHEET = Input("tableur.xlsx", 100_000)
HUNDRED_THOUSAND = Input("cent-mille.csv", 100_000)
THOUSAND = Input("mille.csv", 1_000)
SMALL = Input("petit.csv", 20)
TEN_MILLION = Input("dix-millions.csv", 10_000_000)
INPUTS = {
    each.name: each
    for each in (
        *(MILLION, RAGGED, OPENED, INNER, SPREADSHEET),
        *(HUNDRED_THOUSAND, THOUSAND, SMALL, TEN_MILLION),
    )
}


def make(folder: Path, wanted: Input) -> None:
    """Writes the file unless it is there; it appears whole, or not at all."""
    path = folder / wanted.name
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    if wanted.source:
        make(folder, INPUTS[wanted.source])
        middle(part, folder / wanted.source, wanted.spoil)
    elif path.suffix == ".xlsx":
        write_xlsx(part, rows(wanted.rows))
    else:
        write_csv(part, rows(wanted.rows))
    part.replace(path)


if __name__ == "__main__":
    for name in sys.argv[2:] or INPUTS:
        make(Path(sys.argv[1]), INPUTS[name])
