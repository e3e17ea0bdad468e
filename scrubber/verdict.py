"""From findings to a decision: evidence is added up per block, independent of the order of rules.

A block goes when its sum reaches the bar of the level. Weak blocks need evidence of a kind other
than weak neighbours; protected kinds and ``keep`` rules are never overruled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scrubber.evidence import Evidence
from scrubber.model import UNSURE, Certainty, Level, Rule, Term
from scrubber.scene import Scene
from scrubber.surroundings import ORDER, SAFE_KINDS, among_unknown

TRIMMED = "part of a block"


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

    @property
    def certain(self) -> bool:
        """Whether the line goes by what a certain rule says of it alone."""
        return self.rules[0].certainty is Certainty.CERTAIN and self.terms[0].name == Certainty.CERTAIN.value


class Verdict:
    """The weights and the bar of one level."""

    def __init__(self, weights: Mapping[str, float], level: Level) -> None:
        self.weights = weights
        self.evidence = Evidence(weights)
        self.bar = weights[f"bar-{level.value}"]
        self.shy = {Certainty.WEAK} if level is Level.AGGRESSIVE else UNSURE
        """Certainties that weak neighbours cannot bring to the bar."""
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
        if kind in SAFE_KINDS:
            return Judgement(rules, (), False, f"{kind.name.lower()} is never touched")
        place = scene.place(line)
        fit = [f.rule for f in scene.findings.get(line, ()) if _place_fits(f.rule.where, place)]
        if not fit and shapes:
            return self._sum(rules, [self.evidence.term(s.name) for s in shapes])
        if not fit:
            return Judgement(rules, (), False, f"{rules[0].id} applies to the {rules[0].where} only")
        best = max(fit, key=lambda r: (ORDER[r.certainty], r.role == "ads", r.counts, r.id))
        rules = (best, *(r for r in rules if r is not best))
        company = self.evidence.company(scene, line)
        terms = [self.evidence.term(best.certainty.value), *company]
        marked = any(r.pack in platforms for r in rules)
        if not (whole or shapes or marked) and self._beyond_hope(best, place, terms):
            return Judgement(rules, tuple(terms), False, "too little evidence")
        terms += self.evidence.standing(scene, line, best, place)
        if marked:
            terms.append(self.evidence.term("fingerprint"))
        terms += self.evidence.shaped([s.name for s in shapes], sum(t.weight for t in terms))
        terms += self.evidence.against(scene, line, best, kind)
        if not shapes and self._reached(terms):
            terms += self.evidence.crowd(scene, line, best, kind, sum(t.weight for t in company))
        shy = best.certainty in self.shy and self._reached(terms) and not _vouched(scene, terms)
        if shy and not among_unknown(scene, line)[1]:
            return Judgement(rules, tuple(terms), False, "only weak witnesses")
        return self._sum(rules, terms)

    def _reached(self, terms: Sequence[Term]) -> bool:
        return sum(t.weight for t in terms) >= self.bar - 1e-9

    def _sum(self, rules: tuple[Rule, ...], terms: Sequence[Term]) -> Judgement:
        goes = self._reached(terms)
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
        terms = (self.evidence.term(rule.certainty.value),)
        return Judgement((rule,), terms, self._reached(terms), TRIMMED)


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
