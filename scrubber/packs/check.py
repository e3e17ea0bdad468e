"""A rule's own examples, run as tests: ``drops`` it must find, ``keeps`` must come through untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from scrubber.fold import fold_line, fold_phrase, fold_text
from scrubber.formats.text import text_kinds
from scrubber.matchers.scan import Scanner
from scrubber.model import Rule
from scrubber.packs.compile import compile_packs
from scrubber.packs.load import PAGE_KINDS, load_pack
from scrubber.view import View


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: ``missing`` (a drop not found), ``noisy`` (a keep found) or ``none given``."""

    rule: Rule
    kind: str
    example: str

    def __str__(self) -> str:
        what = {
            "missing": "does not find its own drop",
            "noisy": "finds its own keep",
            "no drops": "has no drops",
            "no keeps": "has no keeps",
        }[self.kind]
        return f"{self.rule.source}: {self.rule.id} {what}{': ' + repr(self.example) if self.example else ''}"

    def diff(self) -> list[str]:
        """Return the folded line against the nearest phrase of the rule, for a drop that was not found."""
        groups: Any = self.rule.body.get("phrases", {})
        phrases = [fold_phrase(p) for group in groups.values() for p in group]
        if self.kind != "missing" or not phrases:
            return []
        from difflib import get_close_matches, ndiff

        key = fold_line(fold_text(self.example))
        near = get_close_matches(key, phrases, 1, 0.0)
        return [line.rstrip("\n") for line in ndiff([near[0]], [key])]


def check_packs(files: Iterable[tuple[str, Path]]) -> Iterator[tuple[Rule, list[Failure]]]:
    """Yield every rule of the packs with its failures (none: it holds). Raises ``RuleError``."""
    for name, path in files:
        scanner = Scanner(compile_packs([(name, path)], gated=False).base)
        for rule in load_pack(name, path).rules:
            finder = partial(_selects, rule) if rule.kind in PAGE_KINDS else partial(finds, scanner, rule.id)
            yield rule, list(_failures(finder, rule))


def _selects(rule: Rule, html: str) -> bool:
    from scrubber.formats.html import parse
    from scrubber.formats.select import select

    return bool(select(parse(html).tree, rule.body[rule.kind]))  # type: ignore[arg-type]


def _failures(finds: Callable[[str], bool], rule: Rule) -> Iterator[Failure]:
    if rule.kind == "run" or (rule.origin and not rule.drops):
        return
    if not rule.drops:
        yield Failure(rule, "no drops", "")
    if not rule.keeps:
        yield Failure(rule, "no keeps", "")
    for example in rule.drops:
        if not finds(example):
            yield Failure(rule, "missing", example)
    for example in rule.keeps:
        if finds(example):
            yield Failure(rule, "noisy", example)


def finds(scanner: Scanner, identity: str, text: str) -> bool:
    """Return whether the rule called ``identity`` finds anything in ``text``."""
    matches = scanner.scan(View(text, text_kinds))
    found = [rule for rules in matches.lines.values() for rule in rules] + [span[3] for span in matches.spans]
    return any(rule.id == identity for rule in found)
