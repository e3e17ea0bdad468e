"""Rule files compiled into look-up tables: each rule is filed under what a line must hold for it to speak."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scrubber.errors import RuleError
from scrubber.fold import HEADS, TAILS, fold_phrase, fold_text, numbers_out
from scrubber.holes import HOLE
from scrubber.language import marks_of
from scrubber.model import Rule
from scrubber.packs.find import data_files
from scrubber.packs.index import BASE, PAGES, PLATFORMS, SITES, Index, Library

_MIDDLE = 4
_WIDEST = 1000


def _digest(files: Sequence[tuple[str, Path]]) -> str:
    """Return a hash of the names and contents of ``files`` and of the weights; the same on every machine."""
    from hashlib import sha256

    digest = sha256()
    for name, path in [*files, *data_files()]:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:24]


def compile_packs(files: Sequence[tuple[str, Path]], gated: bool = True) -> Library:
    """Return the tables of the packs in ``files``, read afresh; all in the base table unless ``gated``."""
    import tomllib

    from scrubber.packs.load import PAGE_KINDS, load_pack

    weights, languages = (tomllib.loads(path.read_text(encoding="utf-8")) for _, path in data_files())
    head: dict[str, Any] = {
        "packs": [],
        "weights": {k: float(v) for k, v in weights["weights"].items()},
        "languages": marks_of(languages),
        "digest": _digest(files),
    }
    tables: dict[str, Index] = {name: Index() for name in (BASE, PAGES, SITES, PLATFORMS)}
    for code, row in languages.items():
        table = tables[code] = Index()
        table.dates = list(row.get("dates", []))
    if not gated:
        tables[BASE].dates = [d for code in languages for d in tables[code].dates]
    for name, path in files:
        pack = load_pack(name, path)
        head["packs"].append(
            {
                "name": name, "hosts": pack.hosts, "uses": pack.uses, "replaces": pack.replaces,
                "prints": bool(pack.fingerprints),
            }
        )  # fmt: skip
        for print_ in pack.fingerprints:
            tables[BASE].fingerprints.setdefault(fold_text(print_), []).append(name)
        everywhere = not gated or bool(pack.hosts) or name.startswith("user/")
        base = BASE if not gated else PLATFORMS if pack.fingerprints else SITES if pack.hosts else BASE
        for rule in pack.rules:
            if rule.kind in PAGE_KINDS:
                _file(tables[PAGES], rule, ())
                continue
            for code, phrases in _by_language(rule, everywhere):
                if code not in tables:
                    known = ", ".join(languages)
                    raise RuleError(f'{rule.source}: "{code}" is no known language (rules/languages.toml has {known})')
                _file(tables[code or base], rule, phrases)
    return Library(head, tables)


def _by_language(rule: Rule, everywhere: bool) -> list[tuple[str, list[str]]]:
    """Return the phrases of a rule by the table they belong to."""
    if rule.kind == "phrases":
        groups: Mapping[str, list[str]] = rule.body["phrases"]  # type: ignore[assignment]
    else:
        phrases: list[str] = list(rule.body.get("from", ()))  # type: ignore[call-overload]
        groups = dict.fromkeys(rule.langs or (BASE,), phrases)
    if everywhere:
        return [(BASE, list(dict.fromkeys(p for group in groups.values() for p in group)))]
    base = [p for code in (BASE, "en") for p in groups.get(code, ())]
    rows = [(code, list(group)) for code, group in groups.items() if code not in (BASE, "en")]
    return [(BASE, base), *rows] if BASE in groups or "en" in groups else rows


def _file(table: Index, rule: Rule, phrases: Sequence[str]) -> None:
    body = {k: v for k, v in rule.body.items() if k not in ("phrases", "from", "needs", "links", "select", "content")}
    counts = any("{n}" in p for p in phrases)
    titled = any("{title}" in p for p in phrases)
    i = len(table.rules)
    table.rules.append(
        [rule.id, rule.kind, rule.role, rule.certainty.value, rule.why, body, str(rule.source.path), rule.source.line,
         rule.keep, rule.where, rule.levels, counts, titled]
    )  # fmt: skip
    if rule.kind == "block":
        table.widths[str(i)] = _widest(str(rule.body["block"]))
    if rule.kind in ("select", "content"):
        from scrubber.formats.required import required

        xpaths: list[str] = rule.body[rule.kind]  # type: ignore[assignment]
        table.selects.append([xpaths, i, [required(xpath) for xpath in xpaths]])
    if rule.kind == "repeated":
        spec: Mapping[str, int] = rule.body["repeated"]  # type: ignore[assignment]
        table.repeated.append([int(spec.get("min", 2)), int(spec.get("words", 3)), i])
    if rule.kind == "links":
        table.links.append([[literal.lower() for literal in rule.body["links"]], i])  # type: ignore[attr-defined]
    for literal in rule.body.get("needs", ()):  # type: ignore[attr-defined]
        table.needs.setdefault(fold_text(literal), []).append(i)
    for phrase in phrases:
        _file_phrase(table, i, fold_phrase(phrase))


def _file_phrase(table: Index, i: int, key: str) -> None:
    holes = set(HOLE.findall(key))
    if holes <= {"n"}:
        filed = numbers_out(key) if holes else key
        known = table.exact.get(filed, ())
        if i not in known:
            table.exact[filed] = (*known, i)
        if holes:
            _file_numbered(table, filed)
        return
    parts = HOLE.split(key)  # literals at even places, names of holes between them
    row = [parts[0], parts[-1], key, i]
    middle = max((p.strip() for p in parts[::2]), key=len)
    if head := _edge(len(parts[0]), HEADS):
        table.heads.setdefault(parts[0][:head], []).append(row)
    elif tail := _edge(len(parts[-1]), TAILS):
        table.tails.setdefault(parts[-1][-tail:], []).append(row)
    elif len(middle) >= _MIDDLE:
        table.middles.setdefault(middle, []).append(row)
    else:
        table.inner.append(row)


def _file_numbered(table: Index, filed: str) -> None:
    """Note how a phrase with numbers starts or ends, so that the words around them tell where to look for it."""
    start, end = filed.partition("{")[0], filed.rpartition("}")[2]
    if head := _edge(len(start), HEADS):
        table.heads.setdefault(start[:head], [])
    elif tail := _edge(len(end), TAILS):
        table.tails.setdefault(end[-tail:], [])


def _edge(length: int, sizes: Sequence[int]) -> int:
    """Return the largest of ``sizes`` that fits into ``length``, or 0."""
    return next((size for size in sizes if size <= length), 0)


def _widest(pattern: str) -> int:
    """Return the most code points ``pattern`` can match, 1000 at most."""
    try:
        width = re._parser.parse(pattern).getwidth()[1]  # type: ignore[attr-defined]
    except re.error:  # what only ``regex`` can read
        return _WIDEST
    return min(int(width), _WIDEST)
