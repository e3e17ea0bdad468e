"""All packs compiled into one look-up table, kept on disk as JSON under the hash of what it was made from.

The table answers "which rules know this line?" at constant cost, however many phrases there are.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrubber.fold import fold_phrase, fold_text, numbers_out
from scrubber.holes import HOLE
from scrubber.model import Certainty, Rule, Source
from scrubber.packs.find import bundled, pack_files

VERSION = 6


@dataclass(slots=True)
class Index:
    """Rules by what they match. Treat as read-only; ``rule(i)`` builds the ``Rule`` on demand."""

    rules: list[list[Any]] = field(default_factory=list)
    packs: list[dict[str, Any]] = field(default_factory=list)
    exact: dict[str, list[int]] = field(default_factory=dict)
    first: dict[str, list[list[Any]]] = field(default_factory=dict)
    last: dict[str, list[list[Any]]] = field(default_factory=dict)
    inner: list[list[Any]] = field(default_factory=list)
    needs: dict[str, list[int]] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    fingerprints: dict[str, list[int]] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    digest: str = ""
    built: dict[int, Rule] = field(default_factory=dict)

    def rule(self, i: int) -> Rule:
        """Return rule number ``i`` (its examples stay in the rule file)."""
        found = self.built.get(i)
        if found is None:
            identity, kind, role, certainty, why, body, path, line, keep, langs, where, _ = self.rules[i]
            found = Rule(
                identity, kind, role, Certainty(certainty), why, body, Source(Path(path), line), keep,
                tuple(langs), (), (), where, "{n}" in str(body.get("phrases", "")),
            )  # fmt: skip
            self.built[i] = found
        return found

    def pack_of(self, i: int) -> int:
        """Return the number of the pack rule ``i`` stands in."""
        return int(self.rules[i][11])


def load_index(paths: Iterable[Path] = ()) -> Index:
    """Return the index of the bundled packs, the user's and those in ``paths``; cached on disk.

    A cache that cannot be read or written is only slower. Raises ``RuleError`` for a bad rule file.
    """
    files = pack_files(paths)
    digest = _digest(files)
    cache = _cache_folder() / f"index-{VERSION}-{digest}.json"
    try:
        data = json.loads(cache.read_bytes())
        if data["digest"] == digest:
            return Index(**data)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    index = build(files)
    index.digest = digest
    _store(cache, index)
    return index


def _digest(files: Sequence[tuple[str, Path]]) -> str:
    """Return a hash of the names and contents of ``files`` and of the weights."""
    digest = hashlib.sha256()
    for name, path in [*files, ("weights", bundled() / "weights.toml")]:
        content = path.read_bytes()
        digest.update(f"{name}\0{path}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:24]


def _cache_folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if os.path.isabs(cache) else Path.home() / ".cache") / "scrubber"


def _store(path: Path, index: Index) -> None:
    keys = (
        "rules",
        "packs",
        "exact",
        "first",
        "last",
        "inner",
        "needs",
        "widths",
        "fingerprints",
        "weights",
        "digest",
    )
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({k: getattr(index, k) for k in keys}, ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, path)
    except (OSError, UnicodeEncodeError):
        temporary.unlink(missing_ok=True)


def build(files: Sequence[tuple[str, Path]]) -> Index:
    """Return the index of the packs in ``files``, read afresh."""
    import tomllib

    from scrubber.packs.load import load_pack

    index = Index()
    with open(bundled() / "weights.toml", "rb") as handle:
        index.weights = {k: float(v) for k, v in tomllib.load(handle)["weights"].items()}
    for name, path in files:
        pack = load_pack(name, path)
        number = len(index.packs)
        index.packs.append({"name": name, "hosts": pack.hosts, "fingerprints": pack.fingerprints, "uses": pack.uses})
        for print_ in pack.fingerprints:
            index.fingerprints.setdefault(fold_text(print_), []).append(number)
        for rule in pack.rules:
            index.rules.append(
                [rule.id, rule.kind, rule.role, rule.certainty.value, rule.why, rule.body, str(rule.source.path),
                 rule.source.line, rule.keep, rule.langs, rule.where, number]
            )  # fmt: skip
            _file(index, len(index.rules) - 1, rule)
    return index


def _file(index: Index, i: int, rule: Rule) -> None:
    if rule.kind in ("block", "span"):
        if rule.kind == "block":
            index.widths[str(i)] = _widest(str(rule.body["block"]))
        for literal in rule.body["needs"]:  # type: ignore[attr-defined]
            index.needs.setdefault(fold_text(literal), []).append(i)
        return
    phrases: list[str] = []
    if rule.kind == "phrases":
        phrases = [p for group in rule.body["phrases"].values() for p in group]  # type: ignore[attr-defined]
    elif rule.kind == "from":
        phrases = list(rule.body["from"])  # type: ignore[call-overload]
    for phrase in phrases:
        _file_phrase(index, i, fold_phrase(phrase))


def _file_phrase(index: Index, i: int, key: str) -> None:
    holes = set(HOLE.findall(key))
    if holes <= {"n"}:
        known = index.exact.setdefault(numbers_out(key) if holes else key, [])
        if i not in known:
            known.append(i)
        return
    words = key.split(" ")
    if "{" not in words[0]:
        index.first.setdefault(words[0], []).append([key, i])
    elif "{" not in words[-1]:
        index.last.setdefault(words[-1], []).append([key, i])
    elif len(stem := words[0].partition("{")[0]) >= 2:
        index.first.setdefault(stem[:2], []).append([key, i])
    else:
        index.inner.append([key, i])


def _widest(pattern: str) -> int:
    """Return the most code points ``pattern`` can match, 1000 at most."""
    width = re._parser.parse(pattern).getwidth()[1]  # type: ignore[attr-defined]
    return min(int(width), 1000)
