"""What is wrong, doubtful or stale in rule files, beyond what stops them from loading. Pure: reads and tells."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from scrubber.errors import RuleError
from scrubber.fold import fold_line, fold_phrase, fold_text, numbers_out
from scrubber.formats.text import text_kinds
from scrubber.holes import HOLE
from scrubber.matchers.scan import TIME_LIMIT, Scanner
from scrubber.model import UNSURE, Certainty, Pack, Rule
from scrubber.packs.compile import compile_packs
from scrubber.packs.find import bundled
from scrubber.packs.load import load_pack
from scrubber.view import View

CODES = {
    "R001": "the file cannot be loaded",
    "R002": "the same phrase stands in two rules of a pack",
    "R003": "a wider pack finds the phrase already, at least as surely",
    "R004": "a sure rule finds a line that ordinary texts hold",
    "R005": "a phrase is made of wide holes",
    "R006": "a regular expression may take very long",
    "R007": "drops are missing",
    "R008": "keeps are missing",
    "R009": "nobody has checked the pack for long",
    "R010": "a required literal stands in none of the rule's drops",
    "R011": "a pack that is used or replaced is not there",
}
WARNINGS = frozenset(("R002", "R003", "R009", "R010", "R011"))
"""Codes that do not make the exit status 1 on their own."""

STALE = 400
_WIDE = ("title", "name", "site")
_ORDER = {Certainty.WEAK: 0, Certainty.FAIR: 1, Certainty.LIKELY: 2, Certainty.CERTAIN: 3}
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_LONG = 2000
_TAILS = (" " + "a " * (_LONG // 2) + "!", " " + "a" * _LONG + "!")


class Problem(NamedTuple):
    """One finding: where, which of ``CODES``, and what in particular."""

    path: Path
    line: int
    code: str
    message: str

    @property
    def warning(self) -> bool:
        """Whether it may stay."""
        return self.code in WARNINGS

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code} {self.message}"


def lint(
    files: Sequence[tuple[str, Path]], context: Iterable[tuple[str, Path]] = (), today: datetime.date | None = None
) -> list[Problem]:
    """Return the problems of the packs in ``files``; those in ``context`` are only compared with them."""
    problems: list[Problem] = []
    packs: list[Pack] = []
    context = list(context)
    names = {name for name, _ in (*context, *files)}
    for name, path in files:
        try:
            packs.append(load_pack(name, path))
        except RuleError as error:
            problems.append(_unloadable(path, str(error)))
    own = {os.path.abspath(path) for _, path in files}
    others = [load_pack(name, path) for name, path in context if os.path.abspath(path) not in own]
    core = _known_phrases([p for p in (*others, *packs) if not p.hosts and not p.fingerprints])
    lines = common_lines()
    for pack in packs:
        problems += _stale(pack, today or datetime.datetime.now(tz=datetime.UTC).date())
        problems += _repeated(pack)
        problems += _strangers(pack, names)
        for rule in pack.rules:
            problems += _examples(rule)
            problems += _phrases(rule)
            problems += _expressions(rule)
            if pack.hosts or pack.name.startswith("user/"):  # a fingerprint is evidence of its own
                problems += _shadowed(rule, core)
        problems += _broad(pack, lines)
    return sorted(problems, key=lambda p: (str(p.path), p.line, p.code))


def common_lines() -> list[str]:
    """Return the lines of ordinary texts that sure rules must not find."""
    text = (bundled() / "lint" / "common-lines.txt").read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def _strangers(pack: Pack, names: set[str]) -> Iterator[Problem]:
    for key, named in (("uses", pack.uses), ("replaces", pack.replaces)):
        for name in named:
            if name not in names:
                near = get_close_matches(name, names, 1)
                yield Problem(
                    pack.path, 1, "R011", f'"{key}": no pack "{name}"' + (f" (did you mean {near[0]}?)" if near else "")
                )


def _unloadable(path: Path, message: str) -> Problem:
    match = re.match(r".*?:(\d+): (.*)", message, re.S)
    return Problem(path, int(match[1]) if match else 1, "R001", match[2] if match else message)


def _texts(rule: Rule) -> list[tuple[str, str]]:
    """Return (language, phrase) for every phrase of a rule."""
    groups: Any = rule.body.get("phrases", {})
    rows = [(lang, phrase) for lang, phrases in groups.items() for phrase in phrases]
    section: Any = rule.body.get("from", ())
    return rows + [("", phrase) for phrase in section]


def _known_phrases(packs: Iterable[Pack]) -> dict[tuple[str, str], Rule]:
    """Return the surest rule for every phrase, by language and key."""
    known: dict[tuple[str, str], Rule] = {}
    for pack in packs:
        for rule in pack.rules:
            if rule.kind != "phrases" or rule.keep:
                continue
            for lang, phrase in _texts(rule):
                key = (lang, _key(phrase))
                if key not in known or _ORDER[rule.certainty] > _ORDER[known[key].certainty]:
                    known[key] = rule
    return known


def _key(phrase: str) -> str:
    return numbers_out(fold_phrase(phrase))


def _stale(pack: Pack, today: datetime.date) -> Iterator[Problem]:
    try:
        age = (today - datetime.date.fromisoformat(pack.checked)).days
    except ValueError:
        yield Problem(pack.path, 1, "R009", 'no "checked" date: the day somebody last saw this debris')
        return
    if age > STALE:
        yield Problem(pack.path, 1, "R009", f"last checked {age} days ago ({pack.checked})")


def _repeated(pack: Pack) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Rule] = {}
    for rule in pack.rules:
        if rule.kind != "phrases" or rule.keep:
            continue
        for lang, phrase in _texts(rule):
            first = seen.setdefault((lang, _key(phrase)), rule)
            if first is not rule:
                yield _problem(rule, "R002", f'"{phrase}" is in {first.id} (line {first.source.line}) as well')


def _shadowed(rule: Rule, core: dict[tuple[str, str], Rule]) -> Iterator[Problem]:
    if rule.kind != "phrases" or rule.keep:
        return
    for lang, phrase in _texts(rule):
        wider = core.get((lang or "en", _key(phrase))) or core.get(("", _key(phrase)))
        if wider is not None and wider.pack != rule.pack and _ORDER[wider.certainty] >= _ORDER[rule.certainty]:
            yield _problem(rule, "R003", f'"{phrase}" is found by {wider.id} ({wider.certainty.value}) everywhere')


def _examples(rule: Rule) -> Iterator[Problem]:
    if rule.kind == "run" or (rule.origin and not rule.drops):
        return
    if not rule.drops:
        yield _problem(rule, "R007", f"{rule.id} has no drops: lines it must find")
    if not rule.keeps:
        yield _problem(rule, "R008", f"{rule.id} has no keeps: innocent lines it must not find")
    literals: Any = rule.body.get("needs", ())
    drops = fold_text("\n".join(rule.drops))
    for literal in literals:
        if rule.drops and len(literals) <= len(rule.drops) and fold_text(literal) not in drops:
            yield _problem(rule, "R010", f'{rule.id}: no drop shows "{literal}"')


def _phrases(rule: Rule) -> Iterator[Problem]:
    for _, phrase in _texts(rule):
        key = fold_phrase(phrase)
        holes = HOLE.findall(key)
        words = re.findall(r"[^\W\d_]{2,}", HOLE.sub(" ", key))
        if not re.search(r"\w", HOLE.sub("", key)) and not holes:
            yield _problem(rule, "R005", f'"{phrase}" holds no word')
        open_ends = key.startswith(tuple(f"{{{h}}}" for h in _WIDE)) and key.endswith(tuple(f"{{{h}}}" for h in _WIDE))
        if open_ends and len(words) < 2 and rule.certainty not in UNSURE:
            yield _problem(rule, "R005", f'"{phrase}" begins and ends with a wide hole and says too little between')


def _broad(pack: Pack, lines: Sequence[str]) -> Iterator[Problem]:
    sure = [r for r in pack.rules if r.certainty not in UNSURE and not r.keep and r.kind in ("phrases", "block")]
    if not sure or pack.hosts or pack.fingerprints:
        return
    scanner = Scanner(compile_packs([(pack.name, pack.path)], gated=False).base)
    identities = {rule.id: rule for rule in sure}
    for line in lines:
        found = scanner.scan(View(line, text_kinds)).lines.get(0, ())
        for identity in {r.id for r in found if r.id in identities}:
            rule = identities[identity]
            yield _problem(rule, "R004", f'{rule.id} is {rule.certainty.value} and finds "{line}", a line of many texts')


def _expressions(rule: Rule) -> Iterator[Problem]:
    if rule.kind not in ("block", "span"):
        return
    source = str(rule.body[rule.kind])
    if _runs_away(source):
        yield _problem(rule, "R006", f"{rule.id} repeats what is repeated inside, as in (a+)+")
        return
    import regex

    compiled = regex.compile(source)
    ends = [f" {'a ' * (_LONG // 2)}1 {drop[-6:]}" for drop in rule.drops]
    for literal in rule.body.get("needs", ()):  # type: ignore[attr-defined]
        for tail in (f" {literal}" * (_LONG // (len(literal) + 1)), *_TAILS, *ends):
            try:
                line = fold_line(fold_text(literal + tail)) if rule.kind == "block" else literal + tail
                (compiled.fullmatch if rule.kind == "block" else compiled.search)(line, timeout=TIME_LIMIT)
            except TimeoutError:
                yield _problem(rule, "R006", f'{rule.id} takes longer than {TIME_LIMIT} s on a long line of "{literal}"')
                return


def _runs_away(source: str) -> bool:
    """Return whether repeats are nested; False as well where only ``regex`` can read the expression."""
    try:
        return _nested(re._parser.parse(source), False)  # type: ignore[attr-defined]
    except re.error:
        return False


def _nested(tree: Any, repeated: bool) -> bool:
    """Return whether an unbounded repeat holds nothing but another one, which makes matching exponential."""
    alone = repeated and len(tree) == 1
    for operation, argument in tree:
        name = str(operation)
        if name in _REPEATS:
            endless = argument[1] == re._constants.MAXREPEAT  # type: ignore[attr-defined]
            if (endless and alone) or _nested(argument[2], endless):
                return True
        branches = [argument[3]] if name == "SUBPATTERN" else argument[1] if name == "BRANCH" else []
        if any(_nested(branch, alone) for branch in branches):
            return True
    return False


def _problem(rule: Rule, code: str, message: str) -> Problem:
    return Problem(rule.source.path, rule.source.line, code, message)
