"""The `scdl` command: the library from a shell, without CKAN.

Exit codes: 0 conforming, 1 not conforming, 2 unreadable or misuse.  Whatever is heavy is imported
where it is used, so that `scdl --help` answers at once (bench/startup.py).  Imports click.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from . import usage

if TYPE_CHECKING:
    from .conformity import Format, Report, Standard

_Command = TypeVar("_Command", bound=Callable[..., Any])

EXIT_CODES = {"conforming": 0, "not-conforming": 1, "unreadable": 2}
MISUSE = 2
NOT_ITS_HEADER = "unmatched-header"
OTHER = {"budget": "subventions", "subventions": "budget"}
"""Tried when the standard guessed from the first bytes is not that of the header."""
SHOWN = 50
"""Findings printed on a terminal, after the causes; a file or a program is given LISTED."""
LISTED = 1000
FORMATS = ("text", "json", "xlsx", "html")
PAGES = ("xlsx", "html")
"""Formats of one file each, not lines for a terminal."""
SUFFIXES = {"text": "txt"}
NAMED = {
    ".txt": "text",
    ".json": "json",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".xml": "xml",
    ".xls": "xls",
    ".ods": "ods",
    ".pdf": "pdf",
}
"""The format that the extension of an output names, be it one that we do not write."""
TABLES = ("csv", "json", "xlsx")
HEAD = 4096
CHUNK = 1 << 20
STDIN = "-"
STDIN_NAMES = {"fr": "entree-standard", "en": "standard-input"}
"""What its report is called in a folder."""
COLONS = {"fr": " : ", "en": ": "}
OR = {"fr": " ou ", "en": " or "}
SCHEMAS_VARIABLE = "SCDL_SCHEMAS"
"""Folders of Table Schemas to add, separated as in PATH."""

lang_option = click.option(
    "--lang", type=click.Choice(["fr", "en"]), default="fr", help="Langue des messages."
)


@click.group(
    cls=usage.Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    subcommand_metavar="COMMANDE …",
)
@click.version_option(package_name="ckanext-scdl", prog_name="scdl", help="Affiche la version.")
@lang_option
@click.pass_context
def cli(context: click.Context, lang: str) -> int | None:
    """Contrôle des budgets et subventions aux formats TOTEM et SCDL.

    Code de sortie : 0 conforme, 1 non conforme, 2 illisible ou commande mal formée.
    """
    context.default_map = {name: {"lang": lang} for name in cli.commands}
    if context.invoked_subcommand:
        return None
    click.echo(context.get_help())
    return MISUSE


def format_option(names: Sequence[str]) -> Callable[[_Command], _Command]:
    """--format, the first by default; an output's extension stands for it."""
    told = f"Format à écrire ; sinon celui de l'extension de SORTIE, sinon {names[0]}."
    return click.option("--format", "name", type=click.Choice(names), help=told)


files_argument = click.argument("files", metavar="FICHIER…", nargs=-1, required=True)


def output_option(metavar: str) -> Callable[[_Command], _Command]:
    """--output, a file for one input."""
    told = "Fichier à écrire ; sinon la sortie standard."
    return click.option("-o", "--output", metavar=metavar, help=told)


directory_option = click.option(
    "-d", "--directory", metavar="DOSSIER", help="Dossier où écrire, sous le nom de chaque fichier."
)


@cli.command("check")
@files_argument
@click.option(
    "--standard",
    metavar="NOM[@VERSION]",
    help="Standard à appliquer ; deviné d'après le contenu s'il n'est pas donné.",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    help="Constats listés par fichier (1000, ou 50 en texte) ; les totaux restent exacts.",
)
@format_option(FORMATS)
@click.option("--sheet", metavar="NOM", help="Feuille à lire d'un classeur.")
@output_option("SORTIE")
@directory_option
@lang_option
def check_command(
    files: tuple[str, ...],
    standard: str | None,
    sheet: str | None,
    limit: int | None,
    name: str | None,
    output: str | None,
    directory: str | None,
    lang: str,
) -> int:
    """Contrôle un budget (XML TOTEM ou tableau) ou un tableau (CSV, XLSX, XLS, ODS).

    « - » lit l'entrée standard. En JSON, un objet par fichier et par ligne.
    """
    name = _format(name, output, FORMATS, lang)
    chosen = None if standard is None else resolve_standard(standard, lang).pinned
    if limit is None:
        limit = SHOWN if name == "text" else LISTED

    def one(file: str, out: IO[bytes]) -> int:
        report = _checked(file, chosen, sheet, lang)
        if name == "text" and len(files) > 1:
            out.write(f"{file}{COLONS[lang]}".encode(_encoding(out), "replace"))
        _render(report, out, name, lang, limit)
        return EXIT_CODES[report.verdict]

    def alone(file: str, target: str | None) -> int:
        with _writing(target, lang, binary=True) as out:
            return one(file, out)

    if name in PAGES or directory:
        targets = _targets(files, output, directory, f"-controle.{SUFFIXES.get(name, name)}", lang)
        if targets == [None] and sys.stdout.isatty():
            _fail("terminal", lang)
        return _each(files, targets, alone, lang)
    if output and any(_same_file(file, output) for file in files):
        _fail("same-file", lang, output)
    with _writing(output, lang, binary=True) as out:
        return _each(files, [None] * len(files), lambda file, _: one(file, out), lang)


def _checked(file: str, chosen: str | None, sheet: str | None, lang: str) -> Report:
    """The report of a file, under the name that the caller gave it."""
    from .conformity import check, guess_standard
    from .conformity.table import helpers

    helpers.allow()
    with _spooled(lang) if file == STDIN else _reading(file, lang) as stream:
        head = stream.peek(HEAD)
        standard = chosen or guess_standard(head, file)
        report = check(stream, standard, filename=file, sheet=sheet)
        if chosen is None and NOT_ITS_HEADER in report.counts and stream.seekable():
            stream.seek(0)
            other = check(stream, OTHER[standard], filename=file, sheet=sheet)
            report = max(report, other, key=_fits)
    if chosen is None and NOT_ITS_HEADER in report.counts and report.source.header_row is None:
        _note("guessed", lang, file, report.standard)
    return replace(report, source=replace(report.source, name=file))


def _fits(report: Report) -> tuple[bool, bool]:
    """How well a guessed standard fits: by the exact names of its columns, else by likeness."""
    return NOT_ITS_HEADER not in report.counts, report.source.header_row is not None


def _render(report: Report, out: IO[bytes], name: str, lang: str, limit: int) -> None:
    """Write a report in one of FORMATS."""
    from .conformity import rendering

    if name == "xlsx":
        rendering.write_xlsx(report, out, lang, limit)
        return
    if name == "json":
        text = json.dumps(rendering.to_json(report, lang, limit), ensure_ascii=False) + "\n"
    elif name == "html":
        text = rendering.to_html(report, lang, limit)
    else:
        text = rendering.to_text(report, lang, limit) + "\n"
    encoding = _encoding(out) if name == "text" else "utf-8"
    out.write(text.encode(encoding, "replace"))  # a file's name may hold anything


def _encoding(out: IO[bytes]) -> str:
    """The terminal's own, UTF-8 in a file."""
    return sys.stdout.encoding if out is sys.stdout.buffer else "utf-8"


@cli.command("convert")
@files_argument
@output_option("SORTIE")
@directory_option
@format_option(TABLES)
@lang_option
def convert_command(
    files: tuple[str, ...], output: str | None, directory: str | None, name: str | None, lang: str
) -> int:
    """Tire d'un budget XML (TOTEM) son tableau scdl/budget, en CSV, JSON ou XLSX.

    Un fichier de sortie déjà présent est remplacé en une fois, jamais écrit à moitié.
    """
    form = cast("Format", _format(name, output, TABLES, lang))

    def one(file: str, target: str | None) -> int:
        from .conformity import convert

        with _reading(file, lang) as stream, _writing(target, lang, binary=form == "xlsx") as out:
            report = convert(stream, out, format=form)
        if report.warnings or target:
            _tell(report, lang)
        return 0

    return _each(files, _targets(files, output, directory, f".{form}", lang), one, lang)


@cli.command("mask")
@files_argument
@output_option("SORTIE.xml")
@directory_option
@lang_option
def mask_command(
    files: tuple[str, ...], output: str | None, directory: str | None, lang: str
) -> int:
    """Masque ce qu'un budget XML (TOTEM) dit des personnes, et rien d'autre."""

    def one(file: str, target: str | None) -> int:
        from .conformity import mask, texts

        with _reading(file, lang) as stream, _writing(target, lang, binary=True) as out:
            counts = mask(stream, out)
        click.echo(f"{file}{COLONS[lang]}{texts.masked(counts, lang)}", err=True)
        return 0

    return _each(files, _targets(files, output, directory, ".xml", lang), one, lang)


@cli.command("summary")
@files_argument
@click.option(
    "--format",
    type=click.Choice(["json"]),
    default="json",
    expose_value=False,
    help="Format à écrire.",
)
@lang_option
def summary_command(files: tuple[str, ...], lang: str) -> int:
    """Donne les totaux d'un budget XML (TOTEM), par section, chapitre et fonction.

    Un objet JSON par fichier et par ligne, dans l'ordre des fichiers lus.
    """

    def one(file: str, _target: str | None) -> int:
        from .conformity import summary

        with _reading(file, lang) as stream:
            figures = summary(stream)
        click.echo(json.dumps({"file": file, **figures}, ensure_ascii=False).encode())
        return 0

    return _each(files, [None] * len(files), one, lang)


@cli.command("standards")
@click.option(
    "--format",
    "name",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Format à écrire.",
)
@lang_option
def standards_command(name: str, lang: str) -> int:
    """Liste les standards que « check » connaît, et comment les nommer.

    Ceux que l'extension apporte, puis ceux des dossiers de SCDL_SCHEMAS.
    """
    from .conformity import known_standards

    refused = _register_folders(lang)
    for standard in known_standards():
        click.echo(_listed_json(standard) if name == "json" else _listed(standard, lang))
    return 1 if refused else 0


def _listed(standard: Standard, lang: str) -> str:
    from .conformity.report import quote
    from .conformity.standards import names_of

    names = OR[lang].join(names_of(standard))
    title = quote(standard.title)
    return f"{standard.name} {standard.version}{COLONS[lang]}{title}\n  --standard {names}"


def _listed_json(standard: Standard) -> bytes:
    from .conformity.standards import names_of

    told = {
        "name": standard.name,
        "version": standard.version,
        "title": standard.title,
        "names": names_of(standard),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def resolve_standard(text: str, lang: str) -> Standard:
    """The standard that --standard names, folders of SCDL_SCHEMAS included; misuse for another."""
    from .conformity import UnknownStandard, standard_named

    _register_folders(lang)
    try:
        return standard_named(text)
    except UnknownStandard as unknown:
        _fail("unknown-standard", lang, unknown.text, ", ".join(_names()))


def _names() -> list[str]:
    """What --standard accepts: the shortest name of each standard, then its pinned ones."""
    from .conformity import known_standards
    from .conformity.standards import names_of

    names = [names_of(known) for known in known_standards()]
    short = [first for first, *others in names if others]
    return [*short, *(pinned for *_, pinned in names)]


def _register_folders(lang: str) -> bool:
    """Add the standards of SCDL_SCHEMAS; whether some are refused, which is told."""
    from .conformity import register_standards, texts

    folders = filter(None, os.environ.get(SCHEMAS_VARIABLE, "").split(os.pathsep))
    refused = [one for folder in folders for one in register_standards(Path(folder))]
    for one in refused:
        click.echo(texts.refusal(one, lang), err=True)
    return bool(refused)


def _format(name: str | None, output: str | None, known: Sequence[str], lang: str) -> str:
    """The format asked for, or else the one that the output's extension names."""
    extension = Path(output or "").suffix.lower()
    named = NAMED.get(extension)
    if named is None or named == name:
        return name or known[0]
    if named not in known:
        _fail("extension", lang, extension, ", ".join(known))
    if name is not None:
        _fail("two-formats", lang, extension, name)
    return named


def _targets(
    files: tuple[str, ...], output: str | None, directory: str | None, suffix: str, lang: str
) -> list[str | None]:
    """Where each file goes: the one output, the directory, or nowhere (standard output)."""
    if output and directory:
        _fail("two-outputs", lang)
    if directory is None:
        if len(files) > 1:
            _fail("no-directory", lang)
        if output and _same_file(files[0], output):
            _fail("same-file", lang, output)
        return [output]
    if not Path(directory).is_dir():
        _fail("no-such-directory", lang, directory)
    names = [STDIN_NAMES[lang] if f == STDIN else Path(f).name.removesuffix(".gz") for f in files]
    targets = [Path(directory, Path(name).stem + suffix) for name in names]
    for file, target in zip(files, targets, strict=True):
        if targets.count(target) > 1:
            _fail("same-name", lang, target.name)
        if _same_file(file, str(target)):
            _fail("same-file", lang, str(target))
    return [str(target) for target in targets]


def _each(
    files: tuple[str, ...],
    targets: Sequence[str | None],
    one: Callable[[str, str | None], int],
    lang: str,
) -> int:
    """Each file in turn; one that fails is told and stops no other.  The worst exit code."""
    from .conformity import NotConvertible

    worst = 0
    for file, target in zip(files, targets, strict=True):
        try:
            code = one(file, target)
        except NotConvertible as refusal:
            if len(files) > 1:
                click.echo(f"{file}{COLONS[lang]}", err=True)
            _tell(refusal.report, lang)
            code = EXIT_CODES[refusal.report.verdict]
        except click.ClickException as exception:
            if len(files) == 1:
                raise
            click.echo(_misuse(exception, lang), err=True)
            code = MISUSE
        worst = max(worst, code)
    return worst


def main() -> NoReturn:
    """Entry point: messages of misuse in the language asked for, like the rest."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # numpy would start threads that we never use
    # `scdl convert … | head` ends as any other program does
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show every character
    lang = asked_language(sys.argv[1:])
    try:
        code = cli.main(standalone_mode=False, obj=lang)
        sys.stdout.flush()
    except click.ClickException as exception:
        click.echo(_misuse(exception, lang), err=True)
        sys.exit(MISUSE)
    except click.Abort:
        _give_up()
    except OSError as exception:
        _note("output", lang, _cause(exception, lang))
        _give_up()
    sys.exit(code or 0)


def _give_up() -> NoReturn:
    """Leave without the last flush of an output that is broken or full, which would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(MISUSE)


MISUSES = {
    "missing": (
        "« {} » n'existe pas ; vérifiez le chemin du fichier.",
        "“{}” does not exist; check the path of the file.",
    ),
    "directory": (
        "« {} » est un dossier ; indiquez un fichier.",
        "“{}” is a directory; give a file.",
    ),
    "read": (
        "« {} » ne peut pas être lu ({}) ; vérifiez le fichier, son support et vos droits.",
        "“{}” cannot be read ({}); check the file, its device and your rights.",
    ),
    "write": (
        "« {} » ne peut pas être écrit ({}) ; choisissez un autre fichier de sortie.",
        "“{}” cannot be written ({}); choose another output file.",
    ),
    "output": (
        "La sortie ne peut pas être écrite ({}) ; libérez de la place ou choisissez-en une autre.",
        "The output cannot be written ({}); make room or choose another one.",
    ),
    "standard-input": (
        "L'entrée standard ne peut pas être lue ou gardée ({}) ; donnez le fichier par son nom.",
        "The standard input cannot be read or kept ({}); give the file by its name.",
    ),
    "terminal": (
        "Ce format ne s'affiche pas dans un terminal ; indiquez un fichier avec --output.",
        "This format cannot be shown on a terminal; give a file with --output.",
    ),
    "two-outputs": (
        "Choisissez entre --output et --directory.",
        "Choose between --output and --directory.",
    ),
    "two-formats": (
        "L'extension {} de la sortie contredit --format {} ; changez l'une ou ôtez l'autre.",
        "The extension {} of the output contradicts --format {}; change one or drop the other.",
    ),
    "extension": (
        "Cette commande n'écrit pas de {} ; changez l'extension de la sortie ({}).",
        "This command writes no {}; change the extension of the output ({}).",
    ),
    "no-directory": (
        "Plusieurs fichiers demandent un dossier de sortie ; indiquez-le avec --directory.",
        "Several files need an output directory; give it with --directory.",
    ),
    "no-such-directory": (
        "Le dossier « {} » n'existe pas ; créez-le d'abord.",
        "The directory “{}” does not exist; create it first.",
    ),
    "same-name": (
        "Deux fichiers donneraient « {} » ; traitez-les séparément.",
        "Two files would give “{}”; treat them separately.",
    ),
    "unknown-standard": (
        "Le standard « {} » est inconnu ; choisissez parmi : {}.",
        "Standard “{}” is unknown; choose among: {}.",
    ),
    "guessed": (
        "« {} » ne dit pas son standard, {} a été essayé ; indiquez le vôtre avec --standard.",
        "“{}” does not tell its standard, {} was tried; give yours with --standard.",
    ),
    "same-file": (
        "« {} » est le fichier à lire ; choisissez un autre fichier de sortie.",
        "“{}” is the file to read; choose another output file.",
    ),
}


def _fail(misuse: str, lang: str, *details: str) -> NoReturn:
    raise click.ClickException(MISUSES[misuse][lang == "en"].format(*details))


def _note(misuse: str, lang: str, *details: str) -> None:
    """The same words where nothing has to stop."""
    click.echo(MISUSES[misuse][lang == "en"].format(*details), err=True)


CLICK = {
    "option": ("L'option {} n'existe pas.", "The option {} does not exist."),
    "argument": ("Il manque l'argument {}.", "The argument {} is missing."),
    "value": ("L'option {} attend une valeur.", "The option {} takes a value."),
    "number": (
        "Valeur refusée ; {} attend un nombre entier, {} ou plus.",
        "Value refused; {} takes a whole number, {} or more.",
    ),
    "choice": ("Valeur refusée ; {} accepte {}.", "Value refused; {} takes {}."),
    "refused": ("Valeur refusée ; {}", "Value refused; {}"),
    "command": (
        "Cette commande n'existe pas ; les commandes sont {}.",
        "This command does not exist; the commands are {}.",
    ),
    "extra": ("« {} » est de trop.", "“{}” is one too many."),
    "usage": ("Commande mal formée : {}", "Malformed command: {}"),
}
"""click's own misuses."""

USAGE = ("« scdl --help » donne l'usage.", "“scdl --help” gives the usage.")
EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def asked_language(arguments: Sequence[str]) -> str:
    """The language that a command line asks for, which click has not always read when it fails."""
    english = "--lang=en" in arguments or ("--lang", "en") in pairwise(arguments)
    return "en" if english else "fr"


def _misuse(exception: click.ClickException, lang: str) -> str:
    """click's own misuses in our words; what it does not tell apart keeps its own."""
    if not isinstance(exception, click.UsageError):
        return exception.format_message()
    misuse, details = _told_apart(exception, lang)
    at = lang == "en"
    return f"{CLICK[misuse][at].format(*details)} {USAGE[at]}"


def _told_apart(exception: click.UsageError, lang: str) -> tuple[str, tuple[object, ...]]:
    """A key of CLICK, and what its sentence names."""
    if isinstance(exception, click.NoSuchOption):
        return "option", (exception.option_name,)
    if isinstance(exception, click.MissingParameter):
        name = exception.param.human_readable_name if exception.param else ""
        return "argument", ((usage.ENGLISH[name] if lang == "en" else name).rstrip("…"),)
    if isinstance(exception, click.BadOptionUsage):
        return "value", (exception.option_name,)
    if isinstance(exception, click.BadParameter):
        return _bad_value(exception)
    if exception.message.startswith("No such command"):
        return "command", (", ".join(cli.commands),)
    if extra := EXTRA.fullmatch(exception.message):
        return "extra", (extra[1],)
    return "usage", (exception.format_message(),)


def _bad_value(exception: click.BadParameter) -> tuple[str, tuple[object, ...]]:
    param = exception.param
    if param is not None and isinstance(param.type, click.IntRange):
        return "number", (param.opts[-1], param.type.min)
    if param is not None and isinstance(param.type, click.Choice):
        return "choice", (param.opts[-1], ", ".join(map(str, param.type.choices)))
    return "refused", (exception.format_message(),)


class _Input(io.RawIOBase):
    """The bytes of a file; a failure to read them is told as such, not as one of the output."""

    def __init__(self, raw: io.RawIOBase, name: str, lang: str) -> None:
        self._raw, self._name, self._lang = raw, name, lang

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        try:
            return self._raw.readinto(buffer)
        except OSError as exception:
            _fail("read", self._lang, self._name, _cause(exception, self._lang))


@contextmanager
def _reading(file: str, lang: str) -> Iterator[io.BufferedReader]:
    path = Path(file)
    try:
        raw = path.open("rb", buffering=0)
    except FileNotFoundError:
        _fail("missing", lang, file)
    except IsADirectoryError:
        _fail("directory", lang, file)
    except (OSError, ValueError) as exception:
        _fail("read", lang, file, _cause(exception, lang))
    with raw:
        yield io.BufferedReader(_Input(raw, file, lang))


@contextmanager
def _spooled(lang: str) -> Iterator[Any]:
    """The standard input in a temporary file, up to hardly more than what a check reads."""
    from .conformity import Limits

    with tempfile.TemporaryFile() as spool:
        try:
            with os.fdopen(0, "rb", closefd=False) as stdin:
                while spool.tell() <= Limits().max_bytes and (data := stdin.read(CHUNK)):
                    spool.write(data)
            spool.seek(0)
        except OSError as exception:
            _fail("standard-input", lang, _cause(exception, lang))
        yield spool


@contextmanager
def _writing(output: str | None, lang: str, *, binary: bool = False) -> Iterator[IO[Any]]:
    """The output, as UTF-8 text unless binary; a regular file appears whole, or not at all."""
    if output is None:
        if binary:
            yield sys.stdout.buffer
            return
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield out
        finally:
            out.detach()
        return
    path = Path(output)
    special = path.exists() and not path.is_file()
    part = path if special else path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") if binary else part.open("w", encoding="utf-8", newline="") as out:
            yield out
        if not special:
            part.replace(path)
    except OSError as exception:
        _fail("write", lang, output, _cause(exception, lang))
    finally:
        if not special:
            part.unlink(missing_ok=True)


CAUSES = {
    errno.ENOENT: "fichier ou dossier inexistant",
    errno.ENOTDIR: "l'un des dossiers du chemin est un fichier",
    errno.EISDIR: "c'est un dossier",
    errno.EACCES: "droits insuffisants",
    errno.EPERM: "opération interdite",
    errno.EROFS: "support en lecture seule",
    errno.ENOSPC: "plus de place",
    errno.EDQUOT: "quota atteint",
    errno.EFBIG: "fichier trop gros pour ce support",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "lien qui tourne en rond",
    errno.EIO: "erreur du support",
    errno.EBADF: "flux fermé",
    errno.EMFILE: "trop de fichiers ouverts",
}
"""What the system says in English, in French; of another error, its number."""


def _cause(exception: Exception, lang: str) -> str:
    number = getattr(exception, "errno", None)
    if number is None:
        return type(exception).__name__
    if lang == "en":
        return os.strerror(number)
    return CAUSES.get(number, f"erreur n° {number} du système")


def _same_file(file: str, output: str) -> bool:
    return Path(output).exists() and Path(file).exists() and Path(file).samefile(output)


def _tell(report: Report, lang: str) -> None:
    from .conformity.rendering import to_text

    click.echo(to_text(report, lang, SHOWN), err=True)


if __name__ == "__main__":
    main()
