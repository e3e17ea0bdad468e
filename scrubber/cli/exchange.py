"""``scrubber rules import`` and ``export``: the rules of other programs, read and written."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("import")
@click.argument("kind", type=click.Choice(["ftr", "abp", "lines"]))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Write a rule file a host to this folder."
)
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="Import for this host only.")
@click.option("--generic", is_flag=True, help="abp: take filters for every site too.")
@click.option("--strict", is_flag=True, help="Exit 1 if there are lines nobody knows.")
@click.option("-v", "--verbose", is_flag=True, help="Say of every line that was not imported why.")
def import_rules(
    kind: str, path: Path, output: Path | None, hosts: tuple[str, ...], generic: bool, strict: bool, verbose: bool
) -> int:
    """Import foreign rules: Full-Text RSS site configs (ftr), cosmetic filters of an ad blocker's list (abp), or a phrase
    a line with # before comments and /expressions/ (lines).

    PATH is a file, for ftr also a folder of them. Every line is imported, dropped with a reason, or unknown. The result
    are ordinary rule files; each rule says where it is from and under which licence.
    """
    from collections import Counter

    from scrubber.packs.importers.abp import import_abp
    from scrubber.packs.importers.ftr import LICENCE, import_ftr
    from scrubber.packs.importers.lines import import_lines

    if kind == "lines":
        done, licence = import_lines(path), "not stated"
    else:
        done, licence = (import_ftr(path), LICENCE) if kind == "ftr" else import_abp(path, generic)
    reasons = Counter((line.outcome, line.reason) for line in done.lines if line.outcome != "imported")
    for line in done.lines if verbose else ():
        if line.outcome != "imported":
            click.echo(f"{line.source}:{line.number}: {line.outcome}: {line.reason}", err=True)
    if output is not None:
        written = 0
        output.mkdir(parents=True, exist_ok=True)
        for name, toml in done.packs(licence):
            name = path.stem if kind == "lines" else name
            if not hosts or name in hosts:
                (output / f"{name}.toml").write_text(toml, encoding="utf-8")
                written += 1
        click.echo(f"{written} rule files written to {output}")
    counts = done.counts()
    click.echo(
        f"{counts['imported']} lines imported, {counts['dropped']} dropped, {counts['unknown']} unknown (licence: {licence})"
    )
    for (outcome, reason), number in reasons.most_common(None if verbose else 12):
        click.echo(f"  {number:>6} {outcome}: {reason}")
    return 1 if strict and counts["unknown"] else 0


@click.command("export")
@click.argument("kind", type=click.Choice(["ftr", "abp"]))
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="abp: write this file; ftr: files to this folder.")
def export_rules(kind: str, paths: tuple[Path, ...], output: Path | None) -> int:
    """Write the rules about elements in PATHS as site configs of Full-Text RSS (ftr) or as filters (abp).

    Rules for text, and whatever else the format cannot say, are left out and counted.
    """
    from scrubber.packs.exporters import export_abp, export_ftr

    if kind == "ftr" and output is None:
        raise click.UsageError("ftr is a file a host: say -o FOLDER")
    done = export_ftr(list(paths)) if kind == "ftr" else export_abp(list(paths))
    for name, text in done.files.items():
        if output is None:
            click.echo(text, nl=False)
        else:
            (output if name else output.parent).mkdir(parents=True, exist_ok=True)
            (output / name if name else output).write_text(text, encoding="utf-8")
    click.echo(f"{done.rules} rules exported, {sum(done.left_out.values())} left out", err=True)
    for reason, number in done.left_out.most_common():
        click.echo(f"  {number:>6} {reason}", err=True)
    return 0
