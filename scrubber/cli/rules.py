"""``scrubber rules``: what is known, why, and whether it holds."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scrubber.errors import RuleError
from scrubber.model import Pack, Rule


@click.group("rules")
def command() -> None:
    """List, show and test the rules."""


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
    click.echo(f"{rules} rules, {examples} examples, {failed} failed")
    return 1 if failed else 0


def _under(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path == root or root in path.parents for root in roots)
