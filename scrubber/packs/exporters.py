"""Rules about the elements of pages written in other programs' formats; what those cannot say is left out, with a reason."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scrubber.formats.select import to_xpath
from scrubber.packs.importers.ftr import class_or_id
from scrubber.packs.load import PAGE_KINDS

_ID = re.compile(r"//\*\[@id ?= ?['\"]([\w-]+)['\"]\]")
_WORD = re.compile(r"contains\(concat\(' ', normalize-space\(@class\), ' '\), ['\"] ([\w-]+) ['\"]\)")
_TAG = re.compile(r"//(\*|[a-z][a-z0-9]*)\[")


class Export(NamedTuple):
    """Files by name ("" for a single one), how many rules they hold, and why others are left out, with counts."""

    files: dict[str, str]
    rules: int
    left_out: Counter[str]


def export_ftr(paths: list[Path]) -> Export:
    """Return a Full-Text RSS site config for each host that the packs in ``paths`` name."""
    files: dict[str, list[str]] = {}
    left_out: Counter[str] = Counter()
    rules = 0
    for hosts, rule in _rules(paths, left_out):
        hosts = [host for host in hosts if "*" not in host]
        if not hosts:
            left_out["for every site, or every ending of a name"] += 1
            continue
        lines = list(_ftr(rule))
        if not lines:
            left_out["a keep rule that is more than a class or id"] += 1
            continue
        rules += 1
        for host in hosts:
            files.setdefault(f"{host}.txt", []).extend(lines)
    return Export({name: "\n".join(lines) + "\n" for name, lines in sorted(files.items())}, rules, left_out)


def export_abp(paths: list[Path], title: str = "scrubber") -> Export:
    """Return one list of cosmetic filters for the packs in ``paths``."""
    lines = ["[Adblock Plus 2.0]", f"! Title: {title}"]
    left_out: Counter[str] = Counter()
    rules = 0
    for hosts, rule in _rules(paths, left_out):
        if "content" in rule:
            left_out["filters cannot say where the main content is"] += 1
            continue
        rules += 1
        mark = "#@#" if rule.get("keep") else "##"
        lines += [f"{','.join(hosts)}{mark}{_css(selector)}" for selector in rule["select"]]
    return Export({"": "\n".join(lines) + "\n"}, rules, left_out)


def _rules(paths: list[Path], left_out: Counter[str]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield hosts and table of every rule about elements, in the order of files."""
    for path in (f for p in paths for f in (sorted(p.rglob("*.toml")) if p.is_dir() else [p])):
        pack = tomllib.loads(path.read_text(encoding="utf-8"))
        for rule in pack.get("rule", []):
            if pack.get("fingerprints"):
                left_out["for a publishing system, not a host"] += 1
            elif not any(kind in rule for kind in PAGE_KINDS):
                left_out["about text, not about elements"] += 1
            else:
                yield pack.get("hosts", []), rule


def _ftr(rule: dict[str, Any]) -> Iterator[str]:
    selectors: list[str] = rule.get("select") or rule["content"]
    if token := _token(selectors):
        if "select" in rule:
            yield f"{'skip' if rule.get('keep') else 'strip'}_id_or_class: {token}"
            return
    if not rule.get("keep"):
        yield from (f"{'strip' if 'select' in rule else 'body'}: {to_xpath(selector)}" for selector in selectors)


def _token(selectors: list[str]) -> str:
    """Return the class or id that the selectors stand for as the importer writes them, or nothing."""
    match = re.search(r'@id="([^"]+)"', selectors[-1])
    return match[1] if match and class_or_id(match[1]) == selectors else ""


def _css(selector: str) -> str:
    """Return a selector as CSS where it is short, else as ``:xpath()``."""
    if not selector.startswith(("/", "(", "./")):
        return selector
    tag = _TAG.match(selector)
    name = tag[1].replace("*", "") if tag else ""
    for css in ([f"#{m[1]}"] if (m := _ID.fullmatch(selector)) else []) + [f"{name}.{'.'.join(_WORD.findall(selector))}"]:
        try:
            if to_xpath(css) == selector:
                return css
        except ValueError:
            pass
    return f":xpath({selector})"
