"""Options that several commands share, and how they become ``Settings``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from scrubber.run import Fields

F = TypeVar("F", bound=Callable[..., Any])

_LEVELS = ("strict", "standard", "aggressive")
SWITCHES = {
    "invisible": "zero-width, bidi and other invisible characters",
    "nfc": "Unicode NFC",
    "spaces": "no-break and exotic spaces",
    "trailing": "white space at line ends (Markdown hard breaks stay)",
    "blank-lines": "runs of blank lines",
    "inner-spaces": "runs of spaces inside a line",
    "entities": "leftover HTML entities",
    "mojibake": "text decoded with the wrong encoding (needs scrubber[mojibake])",
}


def rule_options(command: F) -> F:
    """Add the options that choose rules and how much evidence they need."""
    for option in reversed(_RULE_OPTIONS):
        command = option(command)
    return command


_RULE_OPTIONS = [
    click.option("--level", type=click.Choice(_LEVELS), help="How much evidence a removal needs. [standard]"),
    click.option("--max-removed", type=click.FloatRange(0, 1), metavar="SHARE",
                 help="Pass a document through unchanged if more than this share of it would go; 1 turns it off."),
    click.option("--rules", "rules", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH",
                 help="Add a rule file or a folder of them."),
    click.option("--disable", multiple=True, metavar="ID",
                 help="Turn a rule, a pack or a role off, e.g. core/share or newsletter."),
    click.option("--url", default="", metavar="URL", help="Where the text came from; selects site rules."),
    click.option("--site", default="", metavar="HOST", help="The same by host name only."),
    click.option("--text-format", type=click.Choice(["auto", "text", "markdown", "html"]), default="auto",
                 help="What the text is; auto guesses, conservatively."),
    click.option("--config", "config", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
                 help="Read settings from FILE only."),
    click.option("--isolated", is_flag=True, help="Ignore every settings file."),
]  # fmt: skip


SCHEMAS = {
    "c4": Fields("text", "id", "url"),
    "dolma": Fields("text", "id", "metadata.url"),
    "datatrove": Fields("text", "id", "metadata.url"),
    "trafilatura": Fields("text", "id", "source"),
}


def fields_of(options: dict[str, Any]) -> Fields:
    """Return the fields of a record: those named, else those of the schema, else the usual ones."""
    usual = SCHEMAS.get(options["schema"] or "", Fields())
    return Fields(*(options[f"{key}_field"] or value for key, value in zip(("text", "id", "url"), usual, strict=True)))


def record_options(command: F) -> F:
    """Add the options that say where the texts of records are, and what becomes of bad ones."""
    for option in reversed(_RECORD_OPTIONS):
        command = option(command)
    return command


_RECORD_OPTIONS = [
    click.option("--schema", type=click.Choice([*SCHEMAS]), help="Fields as this tool or corpus names them."),
    click.option("--text-field", metavar="NAME", help="Field or column with the text; dots go down. [text]"),
    click.option("--id-field", metavar="NAME", help="Field that names a record. [id]"),
    click.option("--url-field", metavar="NAME", help="Field with a record's URL. [url]"),
    click.option("--on-error", type=click.Choice(["stop", "skip", "quarantine"]),
                 help="A bad record stops the run, passes unchanged, or goes to --quarantine; each makes the exit status 2. "
                 "[skip]"),
    click.option("--quarantine", type=click.Path(), metavar="FILE",
                 help="Take bad records out and write them here, with what is wrong; a folder if -o is one."),
    click.option("--max-record", type=click.IntRange(min=1), default=16, metavar="MIB",
                 help="A longer record is a bad one. [16]"),
]  # fmt: skip


def scale_options(command: F) -> F:
    """Add the options for many cores, machines and files."""
    for option in reversed(_SCALE_OPTIONS):
        command = option(command)
    return command


_SCALE_OPTIONS = [
    click.option("-j", "--jobs", default="1", metavar="N", callback=lambda _c, _p, value: _jobs(value),
                 help="Work in N processes, or auto: one a core. The result is the same. [1]"),
    click.option("--engine", metavar="NAME", default="local", callback=lambda _c, _p, value: _engine(value),
                 help="local, or ray[=ADDRESS]: a file a task on a Ray cluster. [local]"),
    click.option("--resume", is_flag=True, help="With -o FOLDER: leave what an earlier run has done."),
    click.option("--restart", is_flag=True, help="With --resume: do anew what was done with other rules or settings."),
]  # fmt: skip


def _jobs(value: str) -> int:
    if value == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not (value.isascii() and value.isdigit() and int(value)):
        raise click.BadParameter("a number of processes from 1 up, or auto")
    return int(value)


def _engine(value: str) -> str:
    if value != "local" and value != "ray" and not value.startswith("ray="):
        raise click.BadParameter("local, ray, or ray=ADDRESS")
    return value


def normaliser_options(command: F) -> F:
    """Add one switch a normaliser."""
    for name, what in reversed(SWITCHES.items()):
        command = click.option(f"--{name}/--no-{name}", name.replace("-", "_"), default=None, help=f"Normalise {what}.")(
            command
        )
    command = click.option("--ellipses", type=click.Choice(["keep", "dots", "character"]), help="[keep]")(command)
    command = click.option("--dashes", type=click.Choice(["keep", "hyphen", "unicode"]), help="[keep]")(command)
    command = click.option("--tabs", type=click.IntRange(0, 16), default=None, help="Expand tabs to this width. [0: keep]")(
        command
    )
    return click.option("--quotes", type=click.Choice(["straight", "curly", "keep"]), help="[straight]")(command)


def overrides(options: dict[str, Any]) -> dict[str, Any]:
    """Return the settings given on the command line, the ones left out left out."""
    keys = ("level", "max_removed", "rules", "disable", "url", "site", "quotes", "dashes", "ellipses", "tabs",
            *(s.replace("-", "_") for s in SWITCHES))  # fmt: skip
    return {k: options[k] for k in keys if options.get(k) not in (None, "", ())}
