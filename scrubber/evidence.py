"""The addends for and against a line that rules know: its company, its place, its kind, the text around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scrubber.model import UNSURE, BlockKind, Certainty, Rule, Term
from scrubber.pattern import pattern
from scrubber.scene import Scene
from scrubber.surroundings import among_unknown, between_sentences, continues, introduced, lender, sentence, step

_LENT = {certainty: f"neighbour-{certainty.value}" for certainty in Certainty}
_COUNT = pattern(r"\d.*[^\W\d_]|[^\W\d_].*\d")
_REACH = 3
_LABELS = 5
_SHORTEST_LABEL = 4


class Evidence:
    """What signals weigh, and the questions that find them."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights

    def term(self, name: str) -> Term:
        """Return one addend by name."""
        return Term(name, self.weights[name])

    def company(self, scene: Scene, line: int) -> list[Term]:
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
                    if scene.content(other) or sentence(scene, other):
                        break
                    continue
                if keys[other] in seen:
                    continue
                best = lender(scene, other)
                if best is None:
                    continue
                seen.add(keys[other])
                if (best.kind == "block" or best.counts) and any(f.rule.id == best.id for f in own):
                    continue  # the same shape twice is a list, not company
                name = _LENT[best.certainty]
                lent.append(Term(name, weights[name]))
                same = same or (best.certainty not in UNSURE and any(f.rule.role == best.role for f in own))
        if same:
            lent.append(self.term("neighbour-same-role"))
        if lent:
            total = sum(t.weight for t in lent)
            most = weights["neighbours-most"]
            if total > most:
                lent.append(Term("neighbours-most", most - total))
        return lent

    def standing(self, scene: Scene, line: int, best: Rule, place: str) -> list[Term]:
        key = scene.view.keys[line]
        before, after = scene.near(line, -1), scene.near(line, 1)
        titled = place == "head" and best.role == "legal"  # on the title page of a book or manual
        first = before is None and after is not None and scene.content(after)  # where a title stands
        titled = titled or (best.certainty in UNSURE and (first or between_sentences(scene, before, after)))
        terms = [self.term(place)] if place != "body" and not titled else []
        alone = before is not None and after is not None and scene.content(before) and scene.content(after)
        if alone and best.certainty in UNSURE:
            terms.append(self.term("between-prose"))
        count = scene.counts.get(key, 1)
        often = best.role == "related" and best.titled and (best.certainty is not Certainty.WEAK or _shouts(scene, line))
        if place == "body" and often:
            count = scene.rule_counts.get(best.id, 0)
        if count >= 3 and place == "body" and (best.role == "ads" or often):
            terms.append(self.term("repeated-ad"))
        elif best.certainty is Certainty.FAIR and count >= _LABELS:
            terms.append(self.term("repeated-label"))
        elif count >= 2 and place != "body":
            terms.append(self.term("repeated-often" if count >= 4 else "repeated"))
        if best.counts and _COUNT.search(key):
            terms.append(self.term("number"))
        if place == "tail" and after is None and best.role in ("related", "ads"):
            terms.append(self.term("nothing-below"))
        if scene.view.lines[line].isupper() and len(key) >= 4:
            terms.append(self.term("capitals"))
        return terms

    def shaped(self, names: Sequence[str], others: float) -> list[Term]:
        """Return what sections and runs add to ``others``: a known line never has less for it than an unknown one."""
        if not names:
            return []
        terms = [self.term(f"in-{name}") for name in names]
        short = sum(self.weights[name] for name in names) - others - sum(t.weight for t in terms)
        return [*terms, Term("as-unknown", round(short, 3))] if short > 0 else terms

    def against(self, scene: Scene, line: int, best: Rule, kind: BlockKind) -> list[Term]:
        view, terms = scene.view, []
        before, after = scene.near(line, -1), scene.near(line, 1)
        if before is not None and continues(scene, before, line, best):
            terms.append(self.term("continues-line"))
        if best.certainty is Certainty.CERTAIN:
            return terms
        if introduced(scene, line, kind):
            terms.append(self.term("introduced"))
        if kind is BlockKind.HEADING and after is not None and scene.content(after):
            terms.append(self.term("heading-of-prose"))
        elif kind is BlockKind.HEADING and best.certainty in UNSURE:
            terms.append(self.term("heading"))
        elif after is not None and after not in scene.strong and scene.adjacent(line, after):
            listed = scene.kinds[after] is BlockKind.ITEM and not scene.content(after)  # as menus nest
            if not listed and _indent(view.lines[after]) > _indent(view.lines[line]) + 1:
                terms.append(self.term("heading-of-prose"))  # as manual pages set their headings
        if step(scene, line):
            terms.append(self.term("numbered-step"))
        return terms

    def crowd(self, scene: Scene, line: int, best: Rule, kind: BlockKind, lent: float) -> list[Term]:
        """Return what the stanza or list around says; asked last, since it can only spare."""
        if best.certainty not in UNSURE and (kind is not BlockKind.ITEM or best.certainty is Certainty.CERTAIN):
            return []
        unknown, strong = among_unknown(scene, line)
        if not unknown:
            return []
        mild = (strong or best.certainty is Certainty.FAIR) and scene.place(line) != "body"
        terms = [self.term("among-unknown-at-edge" if mild else "among-unknown")]
        if not strong and lent and scene.place(line) != "tail":  # in a list of words, one does not vouch for the other
            terms.append(Term("neighbours-most", -lent))
        return terms


def _shouts(scene: Scene, line: int) -> bool:
    """Return whether a line begins with a label in capitals, as a teaser in a text does (``MORE: ...``)."""
    label, colon, _ = scene.view.lines[line].partition(":")
    return bool(colon) and len(label) >= _SHORTEST_LABEL and label.isupper()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
