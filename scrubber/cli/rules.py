"""``scrubber rules``: what is known, why, and whether it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from scrubber.cli.exchange import export_rules, import_rules
from scrubber.errors import RuleError
from scrubber.model import Pack, Rule


@click.group("rules")
def command() -> None:
    """List, show, test, check and write the rules."""


def _packs(paths: tuple[Path, ...] = ()) -> list[Pack]:
    from scrubber.packs.find import pack_files
    from scrubber.packs.load import load_pack

    return [load_pack(name, path) for name, path in pack_files(paths)]


@command.command("list")
@click.argument("prefix", default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule.")
@click.option("--rules", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH")
def list_rules(prefix: str, as_json: bool, paths: tuple[Path, ...]) -> None:
    """List the rules whose id starts with PREFIX (default: all)."""
    rules = [r for p in _packs(paths) for r in p.rules if r.id.startswith(prefix)]
    if not rules:
        raise RuleError(f'no rule starts with "{prefix}" (scrubber rules list names them all)')
    width = max(len(r.id) for r in rules)
    for rule in rules:
        if as_json:
            click.echo(json.dumps(_as_json(rule), ensure_ascii=False))
        else:
            click.echo(f"{rule.id:<{width}}  {rule.certainty.value:<7}  {rule.role:<14}  {rule.why}")


def _as_json(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id, "kind": rule.kind, "role": rule.role, "certainty": rule.certainty.value, "why": rule.why,
        "keep": rule.keep, "source": str(rule.source),
    }  # fmt: skip


@command.command("show")
@click.argument("identity", metavar="ID")
@click.option("--rules", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH")
def show(identity: str, paths: tuple[Path, ...]) -> None:
    """Show one rule: why it exists, what it matches, its examples and where it is written."""
    from difflib import get_close_matches

    packs = _packs(paths)
    rules = {r.id: (p, r) for p in packs for r in p.rules}
    if identity not in rules:
        near = get_close_matches(identity, rules, 3, 0.5) or [i for i in rules if i.endswith("/" + identity)]
        hint = f" (did you mean {', '.join(near)}?)" if near else " (scrubber rules list names them all)"
        raise RuleError(f'no rule "{identity}"{hint}')
    pack, rule = rules[identity]
    click.secho(rule.id, bold=True)
    click.echo(rule.why)
    click.echo(f"\nkind       {rule.kind}\nrole       {rule.role}\ncertainty  {rule.certainty.value}")
    click.echo(f"where      {rule.where}\nsource     {rule.source}")
    if pack.hosts or pack.fingerprints:
        click.echo(f"applies    {'on ' + ', '.join(pack.hosts) if pack.hosts else 'where a fingerprint is seen'}")
    for key, value in rule.body.items():
        _show_value(key, value)
    for key, examples in (("drops", rule.drops), ("keeps", rule.keeps)):
        for example in examples:
            click.echo(f"{key:<10} {example!r}")


def _show_value(key: str, value: object) -> None:
    if isinstance(value, dict):
        for name, entry in value.items():
            _show_value(f"{key}.{name}" if name else key, entry)
    elif isinstance(value, list):
        click.echo(f"\n{key}")
        for entry in value:
            click.echo(f"  {entry}")
    else:
        click.echo(f"{key:<10} {value}")


@command.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def test(paths: tuple[Path, ...]) -> int:
    """Run the examples of the rules in PATHS (default: all known) as tests; exit 1 if one fails."""
    from scrubber.packs.check import check_packs
    from scrubber.packs.find import pack_files

    files = [(n, p) for n, p in pack_files(paths) if not paths or _under(p, paths)]
    examples = failed = rules = 0
    for rule, failures in check_packs({str(p): (n, p) for n, p in files}.values()):
        rules += 1
        examples += len(rule.drops) + len(rule.keeps)
        failed += len(failures)
        for failure in failures:
            click.echo(str(failure))
            for line in failure.diff():
                click.secho(f"    {line}", fg={"-": "red", "+": "green"}.get(line[:1]))
    click.echo(f"{rules} rules, {examples} examples, {failed} failed")
    return 1 if failed else 0


def _under(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path == root or root in path.parents for root in roots)


@command.command("new")
@click.argument("host")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it here; never over a file.")
def new(host: str, output: Path | None) -> None:
    """Print a first rule file for the site HOST, to be filled in."""
    import datetime

    from scrubber.packs.scaffold import scaffold

    text = scaffold(host, datetime.datetime.now(tz=datetime.UTC).date())
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        raise RuleError(f"{output}: exists already; nothing written") from None
    click.echo(f"Wrote {output}")


@command.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings make the exit status 1, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
def lint(paths: tuple[Path, ...], strict: bool, as_json: bool) -> int:
    """Check the rule files in PATHS (default: all known); exit 1 if something is wrong."""
    from scrubber.packs.find import pack_files
    from scrubber.packs.lint import lint as check

    known = pack_files(paths)
    files = list({str(p): (n, p) for n, p in known if not paths or _under(p, paths)}.values())
    problems = check(files, known)
    for problem in problems:
        if as_json:
            row = {"path": str(problem.path), "line": problem.line, "code": problem.code, "message": problem.message,
                   "warning": problem.warning}  # fmt: skip
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.secho(str(problem), fg="yellow" if problem.warning else "red")
    errors = sum(not p.warning for p in problems)
    if not as_json:
        click.echo(f"{len(files)} files, {errors} errors, {len(problems) - errors} warnings")
    return 1 if errors or (strict and problems) else 0


@command.command("which")
@click.argument("targets", nargs=-1, required=True, metavar="URL|FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a pack.")
def which(targets: tuple[str, ...], as_json: bool) -> None:
    """Say which packs apply to a URL or a file beyond those for every document, and why."""
    from scrubber.cleaner import Cleaner

    cleaner = Cleaner()
    for target in targets:
        path = Path(target)
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        rows = cleaner.packs_for(text, None if path.is_file() else target)
        if not as_json and len(targets) > 1:
            click.secho(target, bold=True)
        for name, why in rows:
            click.echo(json.dumps({"target": target, "pack": name, "why": why}) if as_json else f"{name:<36} {why}")
        if not rows and not as_json:
            click.echo("only the packs for every document (rules/core)")


@command.command("stats")
@click.argument("corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--never", is_flag=True, help="List the rules that found nothing instead.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule.")
@click.option("--text-field", default="text", metavar="NAME", help="Field of a record that holds the text. [text]")
@click.option("--level", type=click.Choice(["strict", "standard", "aggressive"]), default="standard")
def stats(corpus: tuple[Path, ...], never: bool, as_json: bool, text_field: str, level: str) -> None:
    """Count how often each rule speaks, and removes, in the files and JSON Lines of CORPUS."""
    from collections import Counter

    from scrubber.cleaner import Cleaner
    from scrubber.model import Level, Settings

    cleaner = Cleaner(Settings(level=Level(level), max_removed=1.0))
    found, removed, documents = Counter[str](), Counter[str](), 0
    for text, url in _corpus(corpus, text_field):
        documents += 1
        spoke, went = cleaner.spoken(text, url)
        found.update(spoke)
        removed.update(went)
    if never:
        for rule in sorted(r.id for p in _packs() for r in p.rules if r.id not in found):
            click.echo(rule)
        return
    for identity, count in found.most_common():
        if as_json:
            click.echo(json.dumps({"rule": identity, "found": count, "removed": removed[identity]}))
        else:
            click.echo(f"{count:8} {removed[identity]:8}  {identity}")
    if not as_json:
        click.echo(f"{documents} documents; columns: lines found, lines removed, rule")


def _corpus(paths: tuple[Path, ...], field: str) -> Iterator[tuple[str, str | None]]:
    """Yield text and URL of every record of JSON Lines files, and the text of every other file."""
    from scrubber.containers.jsonl import Record, records
    from scrubber.run import value_of

    for path in (f for p in paths for f in (sorted(p.rglob("*.*")) if p.is_dir() else [p])):
        if path.suffix in (".jsonl", ".ndjson"):
            with path.open("rb") as stream:
                for record in records(stream, str(path)):
                    text = value_of(record.data, field) if isinstance(record, Record) else None
                    if isinstance(text, str) and isinstance(record, Record):
                        url = record.data.get("url")
                        yield text, url if isinstance(url, str) else None
        elif path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace"), None


@command.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of rule files, for editors."""
    from scrubber.packs.schema import schema

    click.echo(json.dumps(schema(), indent=2))


command.add_command(import_rules)
command.add_command(export_rules)
