"""From findings to a decision: evidence is added up per block, independent of the order of rules.

A block goes when its sum reaches the bar of the level. Weak blocks need evidence of a kind other
than weak neighbours; protected kinds and ``keep`` rules are never overruled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scrubber.model import UNSURE, BlockKind, Certainty, Level, Rule, Term
from scrubber.pattern import pattern
from scrubber.scene import Scene

_ORDER = {Certainty.WEAK: 0, Certainty.FAIR: 1, Certainty.LIKELY: 2, Certainty.CERTAIN: 3}
_LENT = {certainty: f"neighbour-{certainty.value}" for certainty in Certainty}
_SAFE_KINDS = (BlockKind.CODE, BlockKind.MATTER, BlockKind.TABLE, BlockKind.QUOTE)
_COUNT = pattern(r"\d.*[^\W\d_]|[^\W\d_].*\d")
_STEP = pattern(r"^\s*\d{1,3}[.)]\s")
_REACH = 3
_STANZA = 8
_LABELS = 5
_SHORTEST_LABEL = 4
_SENTENCE_WORDS = 4
_WORD_LIST = 6
_ENTRY_WORDS = 8
"""Words of an entry of a word list; entries stand apart, with a blank line between."""
TRIMMED = "part of a block"
_LIST_REACH = 30
_LONG_LINE = 45
_WIDEST = 132
_WRAPPED_WORDS = 7
_INTRODUCTION = 4
_CUE_WORDS = 3


class Shape(NamedTuple):
    """A section or run that takes a line in: the rule that found it and ``section`` or ``run``."""

    rule: Rule
    name: str


class Judgement(NamedTuple):
    """The sum for one line: the rules that spoke, the addends, and whether it goes."""

    rules: tuple[Rule, ...]
    terms: tuple[Term, ...]
    goes: bool
    spared: str = ""

    @property
    def evidence(self) -> float:
        """The sum of all addends, in log-odds."""
        return round(sum(t.weight for t in self.terms), 3)


class Verdict:
    """The weights and the bar of one level."""

    def __init__(self, weights: Mapping[str, float], level: Level) -> None:
        self.weights = weights
        self.bar = weights[f"bar-{level.value}"]
        self.hopeless = self.bar - weights["number"] - weights["capitals"] - 1e-6
        """A weak line between the first and the last prose goes only with more than this, place and looks aside."""
        self.lonely = weights["weak"] + max(weights["head"], weights["tail"]) < self.hopeless
        """Whether a weak line without company stays wherever it stands."""

    def judge(
        self, scene: Scene, line: int, platforms: frozenset[str], shapes: Sequence[Shape] = (), whole: bool = True
    ) -> Judgement:
        """Return the judgement on one line that has findings, or that a section or run takes in.

        Unless ``whole``, terms that cannot change whether the line goes may be left out.
        """
        rules = tuple(dict.fromkeys([f.rule for f in scene.findings.get(line, ())] + [s.rule for s in shapes]))
        if keep := next((r for r in rules if r.keep), None):
            return Judgement(rules, (), False, f"kept by {keep.id}")
        kind = scene.kinds[line]
        if kind in _SAFE_KINDS:
            return Judgement(rules, (), False, f"{kind.name.lower()} is never touched")
        if line not in scene.findings:
            terms = [self._term(s.name) for s in shapes]
            goes = sum(t.weight for t in terms) >= self.bar - 1e-9
            return Judgement(rules, tuple(terms), goes, "" if goes else "too little evidence")
        spoken = [f.rule for f in scene.findings[line]]
        place = scene.place(line)
        fit = [r for r in spoken if _place_fits(r.where, place)]
        if not fit:
            return Judgement(rules, (), False, f"{rules[0].id} applies to the {rules[0].where} only")
        best = max(fit, key=lambda r: (_ORDER[r.certainty], r.role == "ads", r.counts, r.id))
        rules = (best, *(r for r in rules if r is not best))
        terms = [Term(best.certainty.value, self.weights[best.certainty.value])]
        company = self._company(scene, line)
        lent = sum(t.weight for t in company)
        terms += company
        if (
            not whole
            and not shapes
            and self._beyond_hope(best, place, terms)
            and not any(r.pack in platforms for r in rules)
        ):
            return Judgement(rules, tuple(terms), False, "too little evidence")
        terms += self._standing(scene, line, best, place)
        if any(r.pack in platforms for r in rules):
            terms.append(self._term("fingerprint"))
        terms += [Term(f"in-{s.name}", self.weights[f"in-{s.name}"]) for s in shapes]
        terms += self._against(scene, line, best, kind)
        goes = sum(t.weight for t in terms) >= self.bar - 1e-9
        if goes and (crowd := self._crowd(scene, line, best, kind, lent)):
            terms += crowd
            goes = sum(t.weight for t in terms) >= self.bar - 1e-9
        shy = best.certainty in UNSURE and not _vouched(scene, terms)
        if goes and shy and not self._among_unknown(scene, line)[1]:
            return Judgement(rules, tuple(terms), False, "only weak witnesses")
        return Judgement(rules, tuple(terms), goes, "" if goes else "too little evidence")

    def alone(self, rules: Sequence[Rule], platforms: frozenset[str]) -> bool:
        """Return whether the one line of a text that rules know is sure to stay."""
        return self.lonely and all(
            r.certainty is Certainty.WEAK
            and r.kind != "from"
            and r.role not in ("ads", "related")
            and r.pack not in platforms
            for r in rules
        )

    def _beyond_hope(self, best: Rule, place: str, terms: Sequence[Term]) -> bool:
        """Return whether nothing that is still to be asked could bring a weak line inside the text to the bar."""
        if best.certainty is not Certainty.WEAK or place != "body" or best.role in ("ads", "related"):
            return False
        return sum(t.weight for t in terms) < self.hopeless

    def trim(self, rule: Rule) -> Judgement:
        """Return the judgement on a part of a block that ``rule`` found."""
        terms = (self._term(rule.certainty.value),)
        return Judgement((rule,), terms, terms[0].weight >= self.bar - 1e-9, TRIMMED)

    def _term(self, name: str) -> Term:
        return Term(name, self.weights[name])

    def _company(self, scene: Scene, line: int) -> list[Term]:
        """Return what candidate lines nearby lend; the same phrase counts once, the sum is capped."""
        solid, findings, keys, weights = scene.solid, scene.findings, scene.view.keys, self.weights
        seen = {keys[line]}
        lent: list[Term] = []
        own = findings[line]
        same = False
        n = scene.rank(line)
        before = range(n - 1, max(n - _REACH, 0) - 1, -1)
        after = range(n + 1, min(n + _REACH + 1, len(solid)))
        for stretch in (before, after):
            for m in stretch:
                other = solid[m]
                if other not in findings:
                    if scene.content(other) or _sentence(scene, other):
                        break
                    continue
                if keys[other] in seen:
                    continue
                best = _lender(scene, other)
                if best is None:
                    continue
                seen.add(keys[other])
                if (best.kind == "block" or best.counts) and any(f.rule.id == best.id for f in own):
                    continue  # the same shape twice is a list, not company
                name = _LENT[best.certainty]
                lent.append(Term(name, weights[name]))
                same = same or (best.certainty not in UNSURE and any(f.rule.role == best.role for f in own))
        if same:
            lent.append(self._term("neighbour-same-role"))
        if lent:
            total = sum(t.weight for t in lent)
            most = weights["neighbours-most"]
            if total > most:
                lent.append(Term("neighbours-most", most - total))
        return lent

    def _standing(self, scene: Scene, line: int, best: Rule, place: str) -> list[Term]:
        key = scene.view.keys[line]
        before, after = scene.near(line, -1), scene.near(line, 1)
        titled = place == "head" and best.role == "legal"  # on the title page of a book or manual
        first = before is None and after is not None and scene.content(after)  # where a title stands
        titled = titled or (best.certainty in UNSURE and (first or _between_sentences(scene, before, after)))
        terms = [self._term(place)] if place != "body" and not titled else []
        alone = before is not None and after is not None and scene.content(before) and scene.content(after)
        if alone and best.certainty in UNSURE:
            terms.append(self._term("between-prose"))
        count = scene.counts.get(key, 1)
        often = best.role == "related" and best.titled and (best.certainty is not Certainty.WEAK or _shouts(scene, line))
        if place == "body" and often:
            count = scene.rule_counts.get(best.id, 0)
        if count >= 3 and place == "body" and (best.role == "ads" or often):
            terms.append(self._term("repeated-ad"))
        elif best.certainty is Certainty.FAIR and count >= _LABELS and scene.body[1] >= 0:
            terms.append(self._term("repeated-label"))
        elif count >= 2 and place != "body":
            terms.append(self._term("repeated-often" if count >= 4 else "repeated"))
        if best.counts and _COUNT.search(key):
            terms.append(self._term("number"))
        if place == "tail" and after is None and best.role in ("related", "ads"):
            terms.append(self._term("nothing-below"))
        if scene.view.lines[line].isupper() and len(key) >= 4:
            terms.append(self._term("capitals"))
        return terms

    def _against(self, scene: Scene, line: int, best: Rule, kind: BlockKind) -> list[Term]:
        view, terms = scene.view, []
        before, after = scene.near(line, -1), scene.near(line, 1)
        if before is not None and self._continues(scene, before, line, best):
            terms.append(self._term("continues-line"))
        if best.certainty is Certainty.CERTAIN:
            return terms
        if _introduced(scene, line, kind):
            terms.append(self._term("introduced"))
        if kind is BlockKind.HEADING and after is not None and scene.content(after):
            terms.append(self._term("heading-of-prose"))
        elif kind is BlockKind.HEADING and best.certainty in UNSURE:
            terms.append(self._term("heading"))
        elif after is not None and after not in scene.strong and scene.adjacent(line, after):
            if _indent(view.lines[after]) > _indent(view.lines[line]) + 1:
                terms.append(self._term("heading-of-prose"))  # as manual pages set their headings
        if _STEP.match(view.lines[line]):
            terms.append(self._term("numbered-step"))
        return terms

    def _crowd(self, scene: Scene, line: int, best: Rule, kind: BlockKind, lent: float) -> list[Term]:
        """Return what the stanza or list around says; asked last, since it can only spare."""
        if best.certainty not in UNSURE and (kind is not BlockKind.ITEM or best.certainty is Certainty.CERTAIN):
            return []
        unknown, strong = self._among_unknown(scene, line)
        if not unknown:
            return []
        mild = (strong or best.certainty is Certainty.FAIR) and scene.place(line) != "body"
        terms = [self._term("among-unknown-at-edge" if mild else "among-unknown")]
        if not strong and lent and scene.place(line) != "tail":  # in a list of words, one does not vouch for the other
            terms.append(Term("neighbours-most", -lent))
        return terms

    def _continues(self, scene: Scene, before: int, line: int, best: Rule) -> bool:
        """Return whether the line goes on with a sentence that the line right above it began."""
        view = scene.view
        if before in scene.findings or not scene.adjacent(before, line):
            return False
        hangs = scene.kinds[before] is BlockKind.ITEM and view.lines[line][:1].isspace()
        if scene.kinds[line] is not BlockKind.PARAGRAPH or not (hangs or scene.kinds[before] is BlockKind.PARAGRAPH):
            return False
        above = view.lines[before].rstrip()
        if not _LONG_LINE <= len(above) <= _WIDEST or view.words(before) < _WRAPPED_WORDS or view.ends_clause(before):
            return False
        return best.certainty is not Certainty.CERTAIN or view.lines[line].lstrip()[:1].islower()

    def _among_unknown(self, scene: Scene, line: int) -> tuple[bool, bool]:
        """Return whether most lines of the stanza or list around are unknown, and whether a strong rule knows one."""
        lines = _list_around(scene, line, 1)
        unknown = sum(other not in scene.findings for other in lines)
        strong = any(other in scene.strong and not _STEP.match(scene.view.lines[other]) for other in lines)
        if unknown >= max(len(lines) - unknown, 2):
            return True, strong
        lines = _list_around(scene, line, 2)
        unknown = sum(other not in scene.findings for other in lines)
        words = unknown >= _WORD_LIST and 5 * unknown >= 3 * len(lines)
        return words and all(scene.view.words(other) <= _ENTRY_WORDS for other in lines), strong


def _list_around(scene: Scene, line: int, gap: int) -> list[int]:
    """Return the lines that are no prose, each ``gap`` lines from the next, before and after ``line``."""
    solid, order, n, found = scene.solid, scene.order, scene.rank(line), []
    for step in (-1, 1):
        last = line
        for m in range(n + step, n + step * (_STANZA + 1), step):
            if not 0 <= m < len(solid) or abs(order[solid[m]] - order[last]) != gap or scene.content(solid[m]):
                break
            last = solid[m]
            found.append(last)
    return found


def _shouts(scene: Scene, line: int) -> bool:
    """Return whether a line begins with a label in capitals, as a teaser in a text does (``MORE: ...``)."""
    label, colon, _ = scene.view.lines[line].partition(":")
    return bool(colon) and len(label) >= _SHORTEST_LABEL and label.isupper()


def _between_sentences(scene: Scene, before: int | None, after: int | None) -> bool:
    """Return whether the lines around are sentences that no rule knows, long enough to be prose or not."""
    return before is not None and after is not None and _sentence(scene, before) and _sentence(scene, after)


def _sentence(scene: Scene, line: int) -> bool:
    """Return whether a line is a sentence that no rule knows, long enough to be prose or not."""
    return line not in scene.findings and scene.view.words(line) >= _SENTENCE_WORDS and scene.view.ends_sentence(line)


def _introduced(scene: Scene, line: int, kind: BlockKind) -> bool:
    """Return whether a colon, a heading or a speaker's name leads to this line, or to the list it is in."""
    view = scene.view
    above = scene.near(line, -1)
    while kind is BlockKind.ITEM and above is not None and scene.kinds[above] is BlockKind.ITEM:
        if scene.rank(line) - scene.rank(above) > _LIST_REACH:
            return False
        above = scene.near(above, -1)
    if above is None or above in scene.findings:
        return False
    if kind is BlockKind.ITEM and scene.kinds[above] is BlockKind.HEADING and scene.place(line) == "body":
        return True
    if scene.adjacent(above, line) and view.lines[above].isupper() and view.words(above) <= _CUE_WORDS:
        return True  # the name of a speaker
    return view.lines[above].rstrip().endswith((":", "：")) and view.words(above) >= _INTRODUCTION


def _lender(scene: Scene, line: int) -> Rule | None:
    """Return the rule by which a line lends evidence to its neighbours, or None; asked once a scene."""
    if line not in scene.lenders:
        rules = [f.rule for f in scene.findings[line] if not f.rule.keep]
        kind = scene.kinds[line]
        lends = rules and kind not in _SAFE_KINDS and not _STEP.match(scene.view.lines[line])
        lends = lends and not (kind is BlockKind.ITEM and _introduced(scene, line, kind))
        scene.lenders[line] = max(rules, key=lambda r: _ORDER[r.certainty]) if lends else None
    return scene.lenders[line]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _place_fits(where: str, place: str) -> bool:
    return where == "anywhere" or place == where or (where == "edge" and place in ("head", "tail"))


_OTHER = frozenset(
    ("head", "tail", "repeated", "repeated-often", "repeated-ad", "repeated-label", "fingerprint", "number",
     "neighbour-certain", "neighbour-likely", "in-run", "in-section")
)  # fmt: skip


def _vouched(scene: Scene, terms: list[Term]) -> bool:
    """Return whether more than weak neighbours speaks for removal; fair ones do where there is prose to tell them from."""
    names = {t.name for t in terms}
    if names & _OTHER:
        return True
    return "fair" in names and "neighbour-fair" in names and scene.body[1] >= 0
