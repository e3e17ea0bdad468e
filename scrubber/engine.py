"""The engine: look, decide, act once. Text in, one list of edits and the reasons for them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scrubber.edits import MARK, apply, compose
from scrubber.matchers.scan import Matches, Scanner
from scrubber.matchers.shapes import runs, sections
from scrubber.model import UNSURE, BlockKind, Edit, Finding, Rule
from scrubber.scene import Scene
from scrubber.selection import Selection
from scrubber.verdict import TRIMMED, Judgement, Shape, Verdict
from scrubber.view import Classifier, View

_ROUNDS = 6
_FROZEN = (BlockKind.CODE, BlockKind.MATTER, BlockKind.TABLE, BlockKind.QUOTE)


class Decision:
    """The judgement behind each removal, the platforms seen, and what went wrong.

    With ``explain``, ``spared`` and ``first`` (all of the first look) hold judgements by the offset of their line.
    """

    __slots__ = ("errors", "explain", "first", "judgements", "platforms", "spared")

    def __init__(self, explain: bool = False) -> None:
        self.judgements: list[Judgement] = []
        self.spared: list[tuple[int, Judgement]] = []
        self.first: dict[int, Judgement] = {}
        self.errors: list[str] = []
        self.platforms: frozenset[str] = frozenset()
        self.explain = explain


class Engine:
    """One rule set at one level, compiled once and used for any number of texts."""

    def __init__(self, library: Any, verdict: Verdict, selected: Selection) -> None:
        self.library = library
        self.verdict = verdict
        self.selected = selected
        self.scanner = Scanner(library.base)
        self.scanners: dict[str, Scanner] = {}

    def fingerprints(self, text: str, classify: Classifier) -> dict[str, str]:
        """Return the packs whose fingerprint a text shows, and where: ``"literal", line n``."""
        view = View(text, classify)
        seen = self.scanner.scan(view).fingerprints
        rows: dict[str, str] = {}
        for literal, packs in self.library.base.fingerprints.items():
            for name in seen.intersection(packs):
                line = next((n for n, folded in enumerate(view.folded_lines, 1) if literal in folded), 0)
                if line:
                    rows.setdefault(name, f'fingerprint "{literal}", line {line}')
        return rows

    def _scan(self, view: View, languages: Sequence[str], hosts: Sequence[str], platforms: frozenset[str]) -> Matches:
        """Return what the rules for every document and those for this one's languages, hosts and platforms find."""
        found = self.scanner.scan(view)
        for code in (*languages, *self.library.gated(hosts, platforms | found.fingerprints)):
            scanner = self.scanners.get(code)
            if scanner is None:
                scanner = self.scanners[code] = Scanner(self.library.language(code))
            if scanner.index.rules:
                scanner.scan(view, found)
        return found

    def decide(self, text: str, classify: Classifier, hosts: Sequence[str] = (), *, base: Decision) -> list[Edit]:
        """Return what goes from ``text``; reasons and fingerprints are added to ``base``.

        Deciding again on the result, with the same ``base``, finds nothing more to do.
        """
        edits: list[Edit] = []
        current = text
        asked: set[str] = set()
        for _ in range(_ROUNDS):
            view = View(current, classify)
            languages = self.library.guesser.guess(view.folded)
            trimmed = any(j.spared == TRIMMED for j in base.judgements)
            if edits and not trimmed and asked.issuperset(languages):
                break  # what is left shows no other language than the whole did
            asked.update(languages)
            matches = self._scan(view, languages, hosts, base.platforms)
            base.platforms |= matches.fingerprints
            base.errors += [e for e in matches.errors if e not in base.errors]
            step = self._look(view, matches, hosts, base)
            if not step:
                break
            edits = compose(text, edits, step)
            current = apply(text, edits)
        return edits

    def _look(self, view: View, matches: Matches, hosts: Sequence[str], base: Decision) -> list[Edit]:
        active = self.selected.active(self.library.packs, base.platforms, hosts)
        findings = self._findings(matches, active)
        names = base.platforms
        if not findings and not matches.spans:
            return []
        tables = (self.library.base, *map(self.library.language, self.library.gated(hosts, names)))
        run_rules = [rule for table in tables for rule in table.runs if self.selected.on(rule, active)]
        if len(findings) == 1 and not matches.spans and not base.explain and not any(map(_of_one, run_rules)):
            if self.verdict.alone([f.rule for found in findings.values() for f in found], names):
                return []
        alive: list[int] = list(range(len(view.lines)))
        gone: dict[int, Judgement] = {}
        while True:
            scene = Scene(view, alive, findings)
            going, spared = self._round(scene, names, run_rules, base.explain)
            if base.explain and not gone:
                base.spared += [(view.starts[i], j) for i, j in spared.items()]
                base.first = base.first or {view.starts[i]: j for i, j in (spared | going).items()}
            if not going:
                break
            gone |= going
            alive = _survivors(view, alive, going.keys())
            if not any(i in findings and i not in gone for i in alive):
                break
        spans = self._spans(view, matches, active, gone)
        return _write(view, alive, gone, spans, base)

    def _findings(self, matches: Matches, active: frozenset[str]) -> dict[int, list[Finding]]:
        found: dict[int, list[Finding]] = {}
        for line, rules in matches.lines.items():
            rows = [Finding(rule, line, line) for rule in dict.fromkeys(rules) if self.selected.on(rule, active)]
            if rows:
                found[line] = sorted(rows, key=lambda f: f.rule.id) if len(rows) > 1 else rows
        return found

    def _round(
        self, scene: Scene, platforms: frozenset[str], run_rules: list[Rule], whole: bool
    ) -> tuple[dict[int, Judgement], dict[int, Judgement]]:
        shapes: dict[int, list[Shape]] = sections(scene)
        for line, taken in runs(scene, run_rules).items():
            shapes.setdefault(line, []).extend(taken)
        going: dict[int, Judgement] = {}
        spared: dict[int, Judgement] = {}
        for line in sorted({*scene.spoken, *shapes}) if shapes else scene.spoken:
            judgement = self.verdict.judge(scene, line, platforms, shapes.get(line, ()), whole)
            (going if judgement.goes else spared)[line] = judgement
        _followers(scene, going)
        return going, spared

    def _spans(
        self, view: View, matches: Matches, active: frozenset[str], gone: Mapping[int, Judgement]
    ) -> list[tuple[int, int, Judgement]]:
        """Return ranges inside surviving lines, white space at the cut included; each leaves text behind."""
        out: list[tuple[int, int, Judgement]] = []
        for line, start, end, rule in sorted(matches.spans, key=lambda s: (*s[:3], s[3].id)):
            if line in gone or not self.selected.on(rule, active):
                continue
            if view.kinds[line] in _FROZEN or rule.keep or rule.certainty in UNSURE:
                continue
            judgement = self.verdict.trim(rule)
            cut = _trim(view.lines[line], start, end, str(rule.body.get("at", "inside")))
            if cut and judgement.goes:
                at = view.starts[line]
                if not out or out[-1][1] <= at + cut[0]:
                    out.append((at + cut[0], at + cut[1], judgement))
        return out


def _of_one(rule: Rule) -> bool:
    """Return whether a run may be a single line."""
    spec: Mapping[str, Any] = rule.body["run"]  # type: ignore[assignment]
    return int(spec.get("min", 2)) < 2


def _followers(scene: Scene, going: dict[int, Judgement]) -> None:
    """Add lines without a word (underlines, lone marks) that have nothing left to belong to."""
    if not going:
        return
    for n, line in enumerate(scene.solid):
        if not scene.view.wordless(line) or scene.kinds[line] in _FROZEN:
            continue
        before = scene.solid[n - 1] if n else None
        after = next((i for i in scene.solid[n + 1 : n + 12] if not scene.view.wordless(i)), None)
        if before is None or before not in going or line in scene.findings:
            continue
        owned = scene.kinds[line] is BlockKind.HEADING and scene.adjacent(before, line)
        if owned or (after in going and scene.kinds[line] is not BlockKind.HEADING):
            going[line] = going[before]


def _trim(line: str, start: int, end: int, at: str) -> tuple[int, int] | None:
    """Return the range to cut so that the rest of the line reads on, or None if the rule may not cut here."""
    before, after = line[:start], line[end:]
    if not (before + after).strip():
        return None
    if (at == "end" and after.strip()) or (at == "start" and before.strip()):
        return None
    if not after.strip():
        return len(before.rstrip()), end
    if not before.strip():
        return start, end + len(after) - len(after.lstrip())
    if before[-1].isspace() and after[0].isspace():
        return start, end + len(after) - len(after.lstrip())
    return start, end


def _survivors(view: View, alive: Sequence[int], going: Iterable[int]) -> list[int]:
    """Return the lines left once ``going`` and the blank lines they make surplus are gone."""
    going = set(going)
    out: list[int] = []
    group = False
    gap: list[int] = []  # blank lines since the last surviving line
    before: list[int] = []  # blank lines that stood before the group
    for line in alive:
        if line in going:
            if not group:
                before, group = gap, True
            gap = []
        elif view.blank(line):
            gap.append(line)
        else:
            if group:
                gap = (before if len(before) > len(gap) else gap) if out else before
            out += gap
            out.append(line)
            gap, group = [], False
    return out + (_last(view, alive, gap, before) if group else gap)


def _last(view: View, alive: Sequence[int], gap: list[int], before: list[int]) -> list[int]:
    """Return what stays of the blank lines at the end: the final line break, if there was one."""
    final = len(view.lines) - 1
    return [final] if gap and gap[-1] == final and not view.lines[final] else []


def _write(
    view: View,
    alive: Sequence[int],
    gone: Mapping[int, Judgement],
    spans: Sequence[tuple[int, int, Judgement]],
    base: Decision,
) -> list[Edit]:
    """Return one edit a removed line (its surplus blank lines with it) and one a span."""
    staying = set(alive)
    removed = [i for i in range(len(view.lines)) if i not in staying]
    rows: list[tuple[int, int, Judgement]] = list(spans)
    for first, last in _stretches(removed):
        rows += _cuts(view, first, last, gone)
    edits: list[Edit] = []
    for start, end, judgement in sorted(rows, key=lambda r: (r[0], r[1])):
        edits.append(Edit(start, end, "", f"{MARK}{len(base.judgements)}"))
        base.judgements.append(judgement)
    return edits


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for i in numbers:
        if out and out[-1][1] == i - 1:
            out[-1] = (out[-1][0], i)
        else:
            out.append((i, i))
    return out


def _cuts(view: View, first: int, last: int, gone: Mapping[int, Judgement]) -> list[tuple[int, int, Judgement]]:
    """Return touching ranges for lines ``first`` to ``last``, one for each that a judgement removed."""
    begin, stop = view.starts[first], view.starts[last] + len(view.lines[last])
    if last + 1 < len(view.lines):
        stop += 1
    elif first:
        begin -= 2 if view.lines[first - 1].endswith("\r") else 1
    solid = [i for i in range(first, last + 1) if i in gone]
    if not solid:  # blank lines that an earlier round made surplus belong to the line before
        return [(begin, stop, _nearest(gone, first))] if stop > begin else []
    shift = view.starts[first] - begin
    edges = [begin, *(view.starts[i] - shift for i in solid[1:]), stop]
    return [(edges[n], edges[n + 1], gone[i]) for n, i in enumerate(solid)]


def _nearest(gone: Mapping[int, Judgement], line: int) -> Judgement:
    return gone[min(gone, key=lambda i: (abs(i - line), i))]
