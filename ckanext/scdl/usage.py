"""The help of `scdl`, in French and in English: click's own is in English, and cuts sentences.

The language is the `obj` of the root context.  Imports click.
"""

from __future__ import annotations

import inspect
from typing import Any

import click

ENGLISH = {
    "Options": "Options",
    "Commandes": "Commands",
    "COMMANDE …": "COMMAND …",
    "FICHIER…": "FILE…",
    "NOM[@VERSION]": "NAME[@VERSION]",
    "NOM": "NAME",
    "N": "N",
    "SORTIE": "OUTPUT",
    "SORTIE.xml": "OUTPUT.xml",
    "DOSSIER": "DIRECTORY",
    "Affiche cette aide.": "Shows this help.",
    "Affiche la version.": "Shows the version.",
    "Langue des messages.": "Language of the messages.",
    "Fichier à écrire ; sinon la sortie standard.": (
        "File to write; otherwise the standard output."
    ),
    "Dossier où écrire, sous le nom de chaque fichier.": (
        "Directory to write in, under the name of each file."
    ),
    "Standard à appliquer ; deviné d'après le contenu s'il n'est pas donné.": (
        "Standard to apply; guessed from the content when it is not given."
    ),
    "Constats listés par fichier (1000, ou 50 en texte) ; les totaux restent exacts.": (
        "Findings listed for each file (1000, or 50 as text); totals stay exact."
    ),
    "Feuille à lire d'un classeur.": "Sheet to read of a workbook.",
    "Format à écrire.": "Format to write.",
    "Format à écrire ; sinon celui de l'extension de SORTIE, sinon text.": (
        "Format to write; otherwise that of OUTPUT's extension, otherwise text."
    ),
    "Format à écrire ; sinon celui de l'extension de SORTIE, sinon csv.": (
        "Format to write; otherwise that of OUTPUT's extension, otherwise csv."
    ),
}
"""What a help is made of, by the French words."""

COMMANDS = {
    "cli": """Checks budgets and subsidies in the TOTEM and SCDL formats.

        Exit code: 0 conforming, 1 not conforming, 2 unreadable or malformed command.""",
    "check": """Checks a budget (TOTEM XML or table) or a table (CSV, XLSX, XLS, ODS).

        “-” reads the standard input. As JSON, an object for each file and line.""",
    "convert": """Derives the scdl/budget table of a budget XML (TOTEM), as CSV, JSON or XLSX.

        An output file that is already there is replaced at once, never half written.""",
    "mask": "Masks what a budget XML (TOTEM) tells of people, and nothing else.",
    "standards": """Lists the standards that “check” knows, and how to name them.

        Those that the extension brings, then those of the directories of SCDL_SCHEMAS.""",
    "summary": """Gives the totals of a budget XML (TOTEM), by section, chapter and function.

        A JSON object for each file and line, in the order of the files read.""",
}
"""What each command says of itself; the French is its docstring."""

HEADINGS = {"fr": "{} :", "en": "{}:"}
USAGE = {"fr": "Usage : ", "en": "Usage: "}


def language(context: click.Context) -> str:
    """That of the whole command line."""
    return "en" if context.find_root().obj == "en" else "fr"


def said(context: click.Context, french: str) -> str:
    """These words in the language of the command line."""
    return ENGLISH.get(french, french) if language(context) == "en" else french


class _Formatter(click.HelpFormatter):
    """Headings and usage line of one language."""

    lang = "fr"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or USAGE[self.lang])

    def write_heading(self, heading: str) -> None:
        self.write(HEADINGS[self.lang].format(heading) + "\n")


class _Context(click.Context):
    def make_formatter(self) -> click.HelpFormatter:
        formatter = _Formatter(width=self.terminal_width, max_width=self.max_content_width)
        formatter.lang = language(self)
        return formatter


class Command(click.Command):
    """A command whose help is in one language."""

    context_class = _Context

    def told(self, context: click.Context) -> str:
        """What the command says of itself."""
        text = COMMANDS[self.name or ""] if language(context) == "en" else self.help
        return inspect.cleandoc(text or "")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [said(ctx, piece) for piece in super().collect_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self.told(ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        with formatter.section(said(ctx, "Options")):
            formatter.write_dl([(_named(ctx, one), said(ctx, one.help or "")) for one in options])


class Group(Command, click.Group):
    """The same, and the first sentence of each of its commands, whole."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _first(self.commands[name], ctx)) for name in self.list_commands(ctx)]
        with formatter.section(said(ctx, "Commandes")):
            formatter.write_dl(rows)


def _first(command: Any, context: click.Context) -> str:
    return str(command.told(context)).partition("\n\n")[0]


def _named(context: click.Context, option: click.Option) -> str:
    """An option and what it takes."""
    names = ", ".join(sorted(option.opts, key=len))
    if option.is_flag:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} [{'|'.join(map(str, option.type.choices))}]"
    return f"{names} {said(context, option.metavar or '')}"
