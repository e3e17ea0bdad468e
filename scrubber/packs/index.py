"""All packs compiled into look-up tables, kept on disk as JSON.

A table answers "which rules know this line?" at constant cost, however many phrases there are.
The base table holds what applies to every document; each language has a table of its own, which
is read when a document shows that language.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from scrubber.errors import RuleError
from scrubber.fold import HEADS, TAILS, fold_phrase, fold_text, numbers_out
from scrubber.holes import HOLE
from scrubber.language import Guesser
from scrubber.model import Certainty, Rule, Source
from scrubber.packs.find import bundled, pack_places

if TYPE_CHECKING:
    from scrubber.matchers.pages import PageRules

VERSION = 18
BASE = ""
"""The name of the table that applies to every document."""

PAGES = "pages"
"""The name of the table with the rules for elements of pages."""

_MIDDLE = 4
_WIDEST = 1000
_KEPT_FOLDERS = 6
_KEPT = (
    "rules", "inner", "links", "repeated", "middles", "heads", "tails", "needs", "widths", "fingerprints", "dates",
    "selects",
)  # fmt: skip


class Index:
    """Rules of one table by what they match. Treat as read-only; ``rule(i)`` builds the ``Rule`` on demand.

    ``exact`` maps a key to rule numbers. Phrases with holes are rows of [literal start, literal end, phrase, rule],
    filed by their first characters in ``heads``, by their last in ``tails``, or by a literal in their ``middles``; the
    few without are ``inner``.
    ``needs`` maps a required literal to rules, ``fingerprints`` a literal to names of packs; ``links`` are rows of
    [parts of link targets, rule], ``repeated`` of [how often, how many words at least, rule];
    ``selects`` of [XPath expressions, rule, what each requires of a page].
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        data = data or {}
        self.rules: list[list[Any]] = data.get("rules", [])
        self.inner: list[list[Any]] = data.get("inner", [])
        self.links: list[list[Any]] = data.get("links", [])
        self.repeated: list[list[int]] = data.get("repeated", [])
        self.exact: dict[str, Sequence[int]] = {}
        for numbers, keys in data.get("exact", {}).items():
            self.exact.update(dict.fromkeys(keys.split("\n"), tuple(map(int, numbers.split()))))
        self.heads: dict[str, list[list[Any]]] = data.get("heads", {})
        self.tails: dict[str, list[list[Any]]] = data.get("tails", {})
        self.middles: dict[str, list[list[Any]]] = data.get("middles", {})
        self.needs: dict[str, list[int]] = data.get("needs", {})
        self.widths: dict[str, int] = data.get("widths", {})
        self.fingerprints: dict[str, list[str]] = data.get("fingerprints", {})
        self.dates: list[str] = data.get("dates", [])
        self.selects: list[list[Any]] = data.get("selects", [])
        self._built: dict[int, Rule] = {}

    def data(self) -> dict[str, Any]:
        """Return what is kept on disk: the keys of ``exact`` joined by rule, which is quicker to read than a table."""
        exact: dict[str, list[str]] = {}
        for key, numbers in self.exact.items():
            exact.setdefault(" ".join(map(str, numbers)), []).append(key)
        kept = {name: getattr(self, name) for name in _KEPT}
        return {**kept, "exact": {numbers: "\n".join(keys) for numbers, keys in exact.items()}}

    def rule(self, i: int) -> Rule:
        """Return rule number ``i`` (its phrases and examples stay in the rule file)."""
        found = self._built.get(i)
        if found is None:
            identity, kind, role, certainty, why, body, path, line, keep, where, levels, counts, titled = self.rules[i]
            found = self._built[i] = Rule(
                identity, kind, role, Certainty(certainty), why, body, Source(Path(path), line),
                keep, (), (), (), where, tuple(levels), counts, titled,
            )  # fmt: skip
        return found

    def own(self, rule: Rule) -> bool:
        """Return whether a rule is one of those that come with scrubber."""
        return rule.source.path.is_relative_to(bundled())


class Library:
    """The tables of one set of rule files: ``base``, and one a language.

    ``packs`` lists name, hosts and uses of every pack; ``digest`` is a hash of all rule files.
    """

    def __init__(
        self,
        head: Mapping[str, Any],
        tables: Mapping[str, Index],
        cache: Path | None = None,
        places: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.head = head
        self.packs: list[dict[str, Any]] = head["packs"]
        self.weights: dict[str, float] = head["weights"]
        self.digest: str = head["digest"]
        self.base = tables[BASE]
        self.guesser = Guesser(head["languages"])
        self._tables = dict(tables)
        self._cache = cache
        self._places = places

    def language(self, code: str) -> Index:
        """Return the table of a language, or ``PAGES``; one without rules is empty."""
        found = self._tables.get(code)
        if found is None and self._cache is not None:
            try:
                found = Index(json.loads((self._cache / f"{code}.json").read_bytes()))
            except (OSError, ValueError, TypeError, AttributeError):
                self._tables = {**compile_packs(_files(self._places)).tables(), **self._tables}
                found = self._tables.get(code)
        found = self._tables[code] = found or Index()
        return found

    @cached_property
    def page_rules(self) -> PageRules:
        """The rules for elements of pages, filed."""
        from scrubber.matchers.pages import PageRules

        return PageRules(self.language(PAGES))

    def tables(self) -> dict[str, Index]:
        """Return every table that has been read, by language."""
        return self._tables


def load_library(paths: Iterable[Path] = ()) -> Library:
    """Return the tables of the bundled packs, the user's and those in ``paths``; cached on disk.

    A cache that cannot be read or written is only slower. Raises ``RuleError`` for a bad rule file.
    """
    places = pack_places(paths)
    signature = _signature(places)
    cache = _cache_folder() / f"index-{VERSION}-{crc32(signature.encode('utf-8', 'surrogateescape')):08x}"
    try:
        data = json.loads((cache / "base.json").read_bytes())
        if data["signature"] == signature:
            return Library(data["head"], {BASE: Index(data["table"])}, cache, places)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    library = compile_packs(_files(places))
    _store(cache, library, signature)
    return library


def _signature(places: Sequence[tuple[str, str]]) -> str:
    """Return names, places, sizes and times of change of rule files: cheaper than reading them, and as telling."""
    rows = []
    for name, path in [*places, *((name, str(path)) for name, path in _data_files())]:
        stat = os.stat(path)
        rows.append(f"{name} {path} {stat.st_size} {stat.st_mtime_ns}")
    return "\n".join(rows)


def _files(places: Iterable[tuple[str, str]]) -> list[tuple[str, Path]]:
    return [(name, Path(place)) for name, place in places]


def _data_files() -> list[tuple[str, Path]]:
    """Return the files that are no packs."""
    return [(name, bundled() / f"{name}.toml") for name in ("weights", "languages")]


def _digest(files: Sequence[tuple[str, Path]]) -> str:
    """Return a hash of the names and contents of ``files`` and of the weights; the same on every machine."""
    from hashlib import sha256

    digest = sha256()
    for name, path in [*files, *_data_files()]:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:24]


def _cache_folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if os.path.isabs(cache) else Path.home() / ".cache") / "scrubber"


def _store(folder: Path, library: Library, signature: str) -> None:
    """Write every table to ``folder``, the base last; all but the newest few folders go."""
    try:
        _forget(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        for code, table in library.tables().items():
            if code != BASE:
                _write(folder / f"{code}.json", table.data())
        _write(folder / "base.json", {"signature": signature, "head": library.head, "table": library.base.data()})
    except (OSError, UnicodeEncodeError):
        pass


def _forget(cache: Path) -> None:
    """Remove the folders of rule sets that have not been compiled for longest."""
    if not cache.is_dir():
        return
    folders = sorted(cache.glob("index-*"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    for folder in folders[_KEPT_FOLDERS - 1 :]:
        for file in folder.glob("*.json*"):
            file.unlink(missing_ok=True)
        folder.rmdir()


def _write(path: Path, data: object) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def compile_packs(files: Sequence[tuple[str, Path]], gated: bool = True) -> Library:
    """Return the tables of the packs in ``files``, read afresh; all in the base table unless ``gated``."""
    import tomllib

    from scrubber.packs.load import PAGE_KINDS, load_pack

    weights, languages = (tomllib.loads(path.read_text(encoding="utf-8")) for _, path in _data_files())
    head: dict[str, Any] = {
        "packs": [],
        "weights": {k: float(v) for k, v in weights["weights"].items()},
        "languages": {code: {"script": row["script"], "words": row.get("words", [])} for code, row in languages.items()},
        "digest": _digest(files),
    }
    tables: dict[str, Index] = {BASE: Index(), PAGES: Index()}
    for code, row in languages.items():
        table = tables[code] = Index()
        table.dates = list(row.get("dates", []))
    if not gated:
        tables[BASE].dates = [d for code in languages for d in tables[code].dates]
    for name, path in files:
        pack = load_pack(name, path)
        head["packs"].append({"name": name, "hosts": pack.hosts, "uses": pack.uses, "prints": bool(pack.fingerprints)})
        for print_ in pack.fingerprints:
            tables[BASE].fingerprints.setdefault(fold_text(print_), []).append(name)
        everywhere = not gated or bool(pack.hosts) or name.startswith("user/")
        for rule in pack.rules:
            if rule.kind in PAGE_KINDS:
                _file(tables[PAGES], rule, ())
                continue
            for code, phrases in _by_language(rule, everywhere):
                if code not in tables:
                    known = ", ".join(languages)
                    raise RuleError(f'{rule.source}: "{code}" is no known language (rules/languages.toml has {known})')
                _file(tables[code], rule, phrases)
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
