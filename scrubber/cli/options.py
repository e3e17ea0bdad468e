"""Options that several commands share, and how they become ``Settings``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

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
