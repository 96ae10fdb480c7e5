"""Check a budget XML in one pass, handing each good line to a sink (the SCDL table).

Blocking is only what would make the table invalid or meaningless; what the plan of accounts does
not know is a warning, since real budgets hold such codes.  Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..conclusion import concluded
from ..intake import Intake
from ..report import (
    Findings,
    Identity,
    Kind,
    Place,
    Report,
    Source,
    Unreadable,
    error,
    quote,
    warning,
)
from ..standards import BUDGET, standard
from ..totem import reader
from ..totem.people import Scan
from ..totem.reader import Block
from .coherence import coherence
from .comptable import SOURCES, Said, disagreements, of_the_collectivite, said_by
from .cumuls import Cumuls, Poste
from .entete import HEADERS, Entete, read_entete
from .etapes import reference_amount
from .imputation import Imputation, Imputer
from .lignes import LineCheck, misdecoded
from .scdl import RowMaker
from .summary import summary

Sink = Callable[[list[str]], None]

SENS = {"R": "recette", "D": "dépense"}
DOUBTS = {
    "": ("totem-nature-unknown", "Nature"),
    "sens": ("totem-sens-impossible", "Nature"),
    "chapitre": ("totem-chapitre-inattendu", "ContNat"),
}
"""By what the plan says against a line: the code, and the element in doubt."""

MAX_LIGNES = 150_000
"""Lines of one budget, ninety times those of the largest real one met: each repeats the names."""

MAX_SAID = 1000
"""Distinct values by which the comptable's half says whose the account is: two in a good one."""


def check_totem(intake: Intake, sink: Sink | None = None, *, advice: bool = True) -> Report:
    """The report of a budget XML; `sink` is given the SCDL cells of every line without error.

    advice: look also for what an accountant would see, and for personal data; without, the report
    has the errors and what the lines themselves say, and is quicker.
    """
    findings = Findings()
    return _read(intake, _Reading(findings, sink, advice=advice), findings)


def _read(intake: Intake, reading: _Reading, findings: Findings) -> Report:
    kind: Kind | None = "totem"
    try:
        for block in reader.read(intake, reading.scan):
            reading.take(block)
        reading.end()
    except Unreadable as exception:
        findings, kind = Findings(), None
        reading = _Reading(findings, None, advice=False)
        findings.add(exception.finding)
    intake.drain()
    norm = standard(BUDGET)
    return concluded(
        norm, intake, kind, reading.lines, reading.identity, findings, Source(format="xml")
    )


def summarise(intake: Intake) -> tuple[Report, dict[str, Any] | None]:
    """The report of a budget XML and its figures, None when it has errors."""
    findings = Findings()
    reading = _Reading(findings, None, advice=True)
    reading.articles = articles = Cumuls()
    report = _read(intake, reading, findings)
    if not report.conforming or reading.cumuls is None:
        return report, None
    figures = summary(reading.identity, reading.cumuls, reading.lines, reading.calculated, articles)
    return report, figures


class _Reading:
    """The state of one pass: header blocks until the first line, then lines, then Budget's end."""

    def __init__(self, findings: Findings, sink: Sink | None, *, advice: bool) -> None:
        self.findings = findings
        self.sink = sink
        self.lines = self.calculated = self.budgets = 0
        self._met: dict[str, Block] = {}
        self._entete: Entete | None = None
        self._check = LineCheck()
        self._impute: Imputer | None = None
        self._rows: RowMaker | None = None
        self.scan = Scan() if advice else None
        self.cumuls = Cumuls() if advice else None
        self.articles: Cumuls | None = None
        self._said: dict[tuple[str, str], Said] = {}
        self._doubted: set[tuple[str, ...]] = set()
        self._amounts = False
        self._misdecoded = False

    @property
    def identity(self) -> Identity:
        return self._entete.identity if self._entete else Identity()

    def take(self, block: Block) -> None:
        if block.name == "Budget":
            self._budget(block)
        elif block.name in SOURCES:
            for said in said_by(block):
                if len(self._said) < MAX_SAID:
                    self._said.setdefault((said.subject, said.value), said)
        elif block.name in HEADERS:
            self._met.setdefault(block.name, block)
            self._decoding(block, "LibelleColl", "LibelleEtab")
        elif block.calculated:
            self.calculated += not self.budgets
        elif not self.budgets:
            self._line(block)

    def end(self) -> None:
        if self.budgets == 0:
            self.findings.add(error("totem-budget-missing", Place(element="Budget")))
        elif not self.findings.blocked:
            self._advice()
        for finding in self.scan.findings() if self.scan else ():
            self.findings.add(finding)

    def _budget(self, block: Block) -> None:
        self.budgets += 1
        if self.budgets == 2:
            self.findings.add(
                error("totem-budget-multiple", Place(line=block.line, element="Budget"))
            )
        if self.budgets > 1:
            return
        if self.lines or self._met.keys() & {"EnTeteBudget", "BlocBudget"}:
            self._header(block.line)
        if self.lines == 0:
            self.findings.add(
                error("totem-budget-without-lines", Place(line=block.line, element="Budget"))
            )

    def _header(self, line: int) -> Entete:
        if self._entete is None:
            self._entete = read_entete(self._met, line)
            for finding in self._entete.findings:
                self.findings.add(finding)
            if self._entete.plan is not None:
                self._impute = Imputer(self._entete.plan)
                self._rows = RowMaker(self._entete.identity)
        return self._entete

    def _line(self, line: Block) -> None:
        self.lines += 1
        if self.lines > MAX_LIGNES:
            place = Place(line=line.line)
            raise Unreadable(error("xml-oversized", place, rule="lines", limit=MAX_LIGNES))
        entete = self._header(line.line)
        errors = self._check.errors(line)
        self._decoding(line, "Operation", "LibCpte")
        for finding in errors:
            self.findings.add(finding)
        if self._impute is None or self._rows is None or errors:
            return
        imputation = self._impute(line)
        self._amounts |= bool(line.get(reference_amount(entete.identity.etape, entete.projet)))
        if self.cumuls is not None:
            self._sum(self.cumuls, line, imputation)
        if imputation.doubt or not imputation.known:
            self._doubt(line, imputation)
        if self.sink and not self.findings.blocked:
            self.sink(self._rows.row(line, imputation))

    def _decoding(self, block: Block, *elements: str) -> None:
        """Told once per file: texts that the table repeats and that were declared wrongly."""
        for element in elements:
            text = block.get(element)
            if not text.isascii() and not self._misdecoded and misdecoded(text):
                self._misdecoded = True
                place = block.place(element)
                self.findings.add(warning("totem-text-misdecoded", place, value=quote(text)))

    def _sum(self, cumuls: Cumuls, line: Block, imputation: Imputation) -> None:
        get = line.values.get
        poste = Poste(
            imputation.section,
            SENS[get("CodRD", "")],
            get("OpBudg") == "1",
            imputation.chapitre,
            get("ContFon", ""),
            get("Fonction", ""),
        )
        place = partial(line.place, "MtPrev")
        cumuls.add(poste, line.values, self._check.amount, place)
        if self.articles is not None:
            article = Poste(*poste[:3], get("Nature", ""), "", "")
            self.articles.add(article, line.values, self._check.amount, place)

    def _doubt(self, line: Block, imputation: Imputation) -> None:
        """Told once per code: a town may book a hundred lines on an article of its own."""
        code, element = DOUBTS[imputation.doubt]
        nature, sens = line.get("Nature"), SENS[line.get("CodRD")]
        if (code, nature, sens) in self._doubted:
            return
        self._doubted.add((code, nature, sens))
        params = {"value": quote(nature), "chapitre": quote(imputation.chapitre)}
        self.findings.add(warning(code, line.place(element), rule=sens, **params))

    def _advice(self) -> None:
        entete, bloc = self._entete, self._met["BlocBudget"]
        if entete is None or entete.plan is None:
            return
        identity, plan = entete.identity, entete.plan
        if str(plan.annee) != identity.exercice:
            self.findings.add(
                warning(
                    "totem-plan-of-another-year", exercice=identity.exercice or "", annee=plan.annee
                )
            )
        if entete.projet:
            self.findings.add(warning("totem-projet-de-budget", bloc.place("ProjetBudget")))
        others = of_the_collectivite(self._met)
        for finding in disagreements(identity, self._said.values(), others):
            self.findings.add(finding)
        if self.cumuls is not None:
            for finding in coherence(self.cumuls, identity.etape or "", projet=entete.projet):
                self.findings.add(finding)
        if not self._amounts:
            element = reference_amount(identity.etape, entete.projet)
            place = Place(element=element)
            self.findings.add(warning("totem-amounts-absent", place, etape=identity.etape or ""))
