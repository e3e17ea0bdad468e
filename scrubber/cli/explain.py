"""``scrubber explain``: every finding, also the spared ones, and the sum behind each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scrubber.cli.options import overrides, rule_options
from scrubber.model import Term
from scrubber.run import format_of


@click.command("explain")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), default="-")
@click.option("--encoding", metavar="NAME", help="Encoding of the input; detected when left out.")
@rule_options
def command(path: Path, **options: Any) -> None:
    """Show what was found in PATH, what goes, what stays, and why."""
    from scrubber.cleaner import Cleaner
    from scrubber.decode import decode
    from scrubber.settings import load, override

    name = str(path)
    data = sys.stdin.buffer.read() if name == "-" else path.read_bytes()
    settings = override(load(options["config"], None if name == "-" else path, options["isolated"]).settings,
                        overrides(options))  # fmt: skip
    cleaner = Cleaner(settings)
    text = decode(data, options["encoding"]).text
    cleaned, decision, middle = cleaner.explain(
        text, options["url"] or None, text_format=format_of(name, options["text_format"])
    )
    bar = cleaner.library.weights[f"bar-{settings.level.value}"]
    report = cleaned.report
    if decision.platforms:
        click.echo(f"platforms: {', '.join(sorted(decision.platforms))}")
    rows = [(r.line, "goes", r.rules, r.terms, r.text, r.reason) for r in report.removals]
    for start, judgement in decision.spared:
        line = middle.count("\n", 0, start) + 1
        shown = middle[start:].partition("\n")[0]
        ids = tuple(rule.id for rule in judgement.rules)
        rows.append((line, f"stays ({judgement.spared})", ids, judgement.terms, shown, judgement.rules[0].why))
    for line, what, rules, terms, shown, why in sorted(rows, key=lambda r: (r[0], r[1])):
        click.echo(f"{name}:{line}: {what}: {shown.strip()[:100]!r}")
        click.echo(f"    {', '.join(rules)}: {why}")
        click.echo(f"    {_sum(terms)} (bar {bar:g} at {settings.level.value})")
    if report.refused:
        click.echo(f"{name}: left unchanged: {report.refused}")
    if not rows:
        click.echo(f"{name}: no rule knows anything in this text")


def _sum(terms: Sequence[Term]) -> str:
    if not terms:
        return "no evidence weighed"
    parts = " ".join(f"{t.name} {t.weight:+g}" for t in terms)
    return f"{parts} = {sum(t.weight for t in terms):g}"
