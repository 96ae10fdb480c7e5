"""Check a budget XML in one pass, handing each good line to a sink (the SCDL table).

Blocking is only what would make the table invalid or meaningless; what the plan of accounts does
not know is a warning, since real budgets hold such codes.  Imports lxml by way of totem.reader.
"""

from __future__ import annotations

from collections.abc import Callable

from ..conclusion import concluded
from ..intake import Intake
from ..report import Findings, Identity, Kind, Place, Report, Unreadable, error, quote, warning
from ..standards import standard
from ..totem import reader
from ..totem.reader import Block
from .entete import HEADERS, Entete, read_entete
from .etapes import reference_amount
from .imputation import impute
from .lignes import check_line, misdecoded
from .scdl import row

Sink = Callable[[list[str]], None]

MAX_LIGNES = 50_000
"""Lines of one budget, thirty times those of the largest real one met: each repeats the names."""


def check_totem(intake: Intake, sink: Sink | None = None) -> Report:
    """The report of a budget XML; `sink` is given the SCDL cells of every line without error."""
    findings = Findings()
    reading = _Reading(findings, sink)
    kind: Kind | None = "totem"
    try:
        for block in reader.read(intake):
            reading.take(block)
        reading.end()
    except Unreadable as exception:
        findings, kind = Findings(), None
        reading = _Reading(findings, None)
        findings.add(exception.finding)
    intake.drain()
    norm = standard("budget")
    return concluded(norm, intake, kind, reading.lines, reading.identity, findings)


class _Reading:
    """The state of one pass: header blocks until the first line, then lines, then Budget's end."""

    def __init__(self, findings: Findings, sink: Sink | None) -> None:
        self.findings = findings
        self.sink = sink
        self.lines = 0
        self.budgets = 0
        self._met: dict[str, Block] = {}
        self._entete: Entete | None = None
        self._unknown: set[str] = set()
        self._amounts = False
        self._misdecoded = False

    @property
    def identity(self) -> Identity:
        return self._entete.identity if self._entete else Identity()

    def take(self, block: Block) -> None:
        if block.name == "Budget":
            self._budget(block)
        elif block.name in HEADERS:
            self._met.setdefault(block.name, block)
            self._decoding(block, "LibelleColl", "LibelleEtab")
        elif not self.budgets and not block.calculated:
            self._line(block)

    def end(self) -> None:
        if self.budgets == 0:
            self.findings.add(error("budget-missing", Place(element="Budget")))
        elif not self.findings.blocked:
            self._advice()

    def _budget(self, block: Block) -> None:
        self.budgets += 1
        if self.budgets == 2:
            self.findings.add(error("budget-multiple", Place(line=block.line, element="Budget")))
        if self.budgets > 1:
            return
        if self.lines or self._met.keys() & {"EnTeteBudget", "BlocBudget"}:
            self._header(block.line)
        if self.lines == 0:
            self.findings.add(
                error("budget-without-lines", Place(line=block.line, element="Budget"))
            )

    def _header(self, line: int) -> Entete:
        if self._entete is None:
            self._entete = read_entete(self._met, line)
            for finding in self._entete.findings:
                self.findings.add(finding)
        return self._entete

    def _line(self, line: Block) -> None:
        self.lines += 1
        if self.lines > MAX_LIGNES:
            place = Place(line=line.line)
            raise Unreadable(error("xml-oversized", place, rule="lines", limit=MAX_LIGNES))
        entete = self._header(line.line)
        errors = list(check_line(line))
        self._decoding(line, "Operation", "LibCpte")
        for finding in errors:
            self.findings.add(finding)
        if entete.plan is None or errors:
            return
        imputation = impute(line, entete.plan)
        self._amounts |= bool(line.get(reference_amount(entete.identity.etape, entete.projet)))
        if not imputation.known:
            self._nature_unknown(line, imputation.chapitre)
        if self.sink and not self.findings.blocked:
            self.sink(row(line, entete.identity, imputation))

    def _decoding(self, block: Block, *elements: str) -> None:
        """Told once per file: texts that the table repeats and that were declared wrongly."""
        for element in elements:
            if not self._misdecoded and misdecoded(block.get(element)):
                self._misdecoded = True
                value = quote(block.get(element))
                self.findings.add(warning("text-misdecoded", block.place(element), value=value))

    def _nature_unknown(self, line: Block, chapitre: str) -> None:
        """Told once per code: a town may book a hundred lines on an article of its own."""
        nature = line.get("Nature")
        if nature not in self._unknown:
            self._unknown.add(nature)
            place = line.place("Nature")
            params = {"value": quote(nature), "chapitre": quote(chapitre)}
            self.findings.add(warning("nature-unknown", place, **params))

    def _advice(self) -> None:
        entete, bloc = self._entete, self._met["BlocBudget"]
        if entete is None or entete.plan is None:
            return
        identity, plan = entete.identity, entete.plan
        if str(plan.annee) != identity.exercice:
            self.findings.add(
                warning("plan-of-another-year", exercice=identity.exercice or "", annee=plan.annee)
            )
        if entete.projet:
            self.findings.add(warning("projet-de-budget", bloc.place("ProjetBudget")))
        if not self._amounts:
            element = reference_amount(identity.etape, entete.projet)
            place = Place(element=element)
            self.findings.add(warning("amounts-absent", place, etape=identity.etape or ""))
