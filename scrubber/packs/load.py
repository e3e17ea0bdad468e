"""Rule files become ``Pack`` values here, and only here; what is wrong is said with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scrubber.errors import RuleError
from scrubber.model import Certainty, Level, Pack, Rule, Source

PAGE_KINDS = ("select", "content")
"""The kinds that look at the elements of a page and not at lines of text."""

KINDS = ("phrases", "block", "span", "from", "run", "links", "repeated", *PAGE_KINDS)
"""The key that says what kind of rule it is; each rule has exactly one."""

KEYS = (
    "id", "role", "certainty", "why", "langs", "where", "levels", "needs", "at", "to", "lines", "keep", "drops", "keeps",
    "origin",
)  # fmt: skip
"""The other keys of a rule."""

PACK_KEYS = ("schema", "checked", "hosts", "fingerprints", "uses", "replaces", "rule")
HOLES = ("n", "date", "time", "name", "title", "site")
RUN_SWITCHES = ("items", "alone", "sentences", "bare", "cards")
RUN_KEYS = ("min", "words", "known", "gap", "reach", "prose", *RUN_SWITCHES)
_SHORTEST_TARGET = 4
REPEATED_KEYS = ("min", "words")
LEVELS = tuple(level.value for level in Level)
WHERE = ("anywhere", "head", "tail", "edge")
_BODY = (*KINDS, "needs", "at", "to", "lines")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def load_pack(name: str, path: Path) -> Pack:
    """Return the pack in ``path``. Raises ``RuleError`` with file, line and a hint."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        line = m[1] if (m := re.search(r"at line (\d+)", str(error))) else "1"
        raise RuleError(f"{path}:{line}: not valid TOML: {error}") from error
    _known(data, PACK_KEYS, f"{path}:1")
    if data.get("schema") != 1:
        raise RuleError(f"{path}:1: schema must be 1, the only one there is")
    lines = _rule_lines(text)
    tables = data.get("rule", [])
    rules = tuple(_rule(name, table, Source(path, lines[i] if i < len(lines) else 1)) for i, table in enumerate(tables))
    _unique(rules)
    return Pack(
        name=name,
        path=path,
        rules=rules,
        hosts=_strings(data, "hosts", f"{path}:1"),
        fingerprints=_strings(data, "fingerprints", f"{path}:1"),
        uses=_strings(data, "uses", f"{path}:1"),
        replaces=_strings(data, "replaces", f"{path}:1"),
        checked=str(data.get("checked", "")),
    )


def _rule_lines(text: str) -> list[int]:
    return [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == "[[rule]]"]


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            near = get_close_matches(key, keys, 1)
            hint = f' (did you mean "{near[0]}"?)' if near else f" (known: {', '.join(keys)})"
            raise RuleError(f'{where}: unknown key "{key}"{hint}')


def _strings(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if isinstance(value, str) or not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise RuleError(f'{where}: "{key}" must be a list of strings')
    return tuple(value)


def _rule(pack: str, table: Mapping[str, Any], source: Source) -> Rule:
    name = table.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise RuleError(f'{source}: every rule needs an "id" such as "share-tools"')
    where = f'{source}: rule "{name}"'
    _known(table, (*KINDS, *KEYS), where)
    kinds = [k for k in KINDS if k in table]
    if len(kinds) != 1:
        raise RuleError(f"{where}: needs exactly one of {', '.join(KINDS)} (found {', '.join(kinds) or 'none'})")
    keep = table.get("keep", False)
    for key in ("why", "role"):
        if not isinstance(table.get(key, ""), str) or not (table.get(key) or keep):
            raise RuleError(f'{where}: "{key}" is missing')
    place = table.get("where", "anywhere")
    if place not in WHERE:
        raise RuleError(f'{where}: "where" must be one of {", ".join(WHERE)}')
    levels = _strings(table, "levels", where)
    if set(levels) - set(LEVELS):
        raise RuleError(f'{where}: "levels" must be some of {", ".join(LEVELS)}')
    return Rule(
        id=f"{pack}/{name}",
        kind=kinds[0],
        role=table.get("role", "keep"),
        certainty=_certainty(table, where, keep),
        why=table.get("why", ""),
        body=_body(kinds[0], table, where),
        source=source,
        keep=bool(keep),
        langs=_strings(table, "langs", where),
        drops=_strings(table, "drops", where),
        keeps=_strings(table, "keeps", where),
        where=place,
        levels=levels,
        origin=str(table.get("origin", "")),
    )


def _certainty(table: Mapping[str, Any], where: str, keep: bool) -> Certainty:
    value = table.get("certainty", "certain" if keep else None)
    try:
        return Certainty(value)
    except ValueError:
        raise RuleError(f'{where}: "certainty" must be certain, likely, fair or weak') from None


def _body(kind: str, table: Mapping[str, Any], where: str) -> dict[str, object]:
    body: dict[str, object] = {k: table[k] for k in _BODY if k in table}
    if kind == "phrases":
        body["phrases"] = _phrases(table["phrases"], where)
    elif kind == "from":
        _strings(table, "from", where)
        _strings(table, "to", where)
    elif kind == "repeated":
        repeated = table["repeated"]
        if not isinstance(repeated, dict) or set(repeated) - set(REPEATED_KEYS):
            raise RuleError(f'{where}: "repeated" is a table of {", ".join(REPEATED_KEYS)}')
    elif kind in PAGE_KINDS:
        from scrubber.formats.select import to_xpath

        try:
            body[kind] = [to_xpath(selector) for selector in _strings(table, kind, where)]
        except ValueError as error:
            raise RuleError(f"{where}: {error}") from error
    elif kind == "links":
        if any(len(literal) < _SHORTEST_TARGET for literal in _strings(table, "links", where)):
            raise RuleError(f'{where}: each of "links" needs {_SHORTEST_TARGET} characters of a target or more')
    elif kind == "run":
        run = table["run"]
        if not isinstance(run, dict) or set(run) - set(RUN_KEYS):
            raise RuleError(f'{where}: "run" is a table of {", ".join(RUN_KEYS)}')
    else:
        _pattern(kind, table, where)
    for phrase in (*_all_phrases(body), *_strings(table, "to", where)):
        for hole in re.findall(r"\{([a-z]+)\}", phrase):
            if hole not in HOLES:
                raise RuleError(f'{where}: unknown hole "{{{hole}}}" in "{phrase}" (known: {", ".join(HOLES)})')
    return body


def _phrases(value: object, where: str) -> dict[str, list[str]]:
    by_lang: dict[str, list[str]] = value if isinstance(value, dict) else {"": value}  # type: ignore[dict-item]
    for lang, phrases in by_lang.items():
        if not isinstance(phrases, list) or not all(isinstance(p, str) and p.strip() for p in phrases):
            raise RuleError(f'{where}: "phrases{"." + lang if lang else ""}" must be a list of strings')
    return by_lang


def _all_phrases(body: Mapping[str, object]) -> list[str]:
    phrases = body.get("phrases")
    found = [p for group in phrases.values() for p in group] if isinstance(phrases, dict) else []
    section = body.get("from")
    return found + (list(section) if isinstance(section, list) else [])


def _pattern(kind: str, table: Mapping[str, Any], where: str) -> None:
    if not _strings(table, "needs", where):
        raise RuleError(f'{where}: a {kind} rule "needs" the literals one of which every match contains')
    if kind == "span" and table.get("at", "inside") not in ("start", "end", "inside"):
        raise RuleError(f'{where}: "at" must be start, end or inside')
    import regex

    try:
        regex.compile(str(table[kind]))
    except regex.error as error:
        raise RuleError(f"{where}: {kind}: {error}") from error


def _unique(rules: tuple[Rule, ...]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f'{rule.source}: rule "{rule.id}" is already defined at {seen[rule.id].source}')
        seen[rule.id] = rule
