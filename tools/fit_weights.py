"""Count how often each signal speaks on debris and on content, and fit the log-odds of ``rules/weights.toml``.

    python tools/fit_weights.py --lines labelled.jsonl --pages dumps.jsonl gold.jsonl [--harmless prose.jsonl]
                                [--out rules/weights.toml]

``--lines``: records {"lines": [{"text", "label"}]}, label D for debris and C for content, anything else left out.
``--pages``: records {"id", "text"} and the main content of the same pages, {"id", "gold"}; a line is content when the
gold text holds it, debris when it shares nothing with it, and left out when that is unclear. Such labels are good
enough to weigh signals by, not to place the levels.
``--harmless``: records {"text"} in which every line is content.

What the certainty classes weigh is their meaning (a likely line alone reaches the standard bar, a weak one does not)
and stays. The fit of the rest is a logistic regression on the terms of the first look at each line some rule knows,
with the hand-set weights as prior (``--prior`` is its strength). What speaks against removal guards kinds of text
that pages rarely hold (plays, manuals, word lists), so it only gets stricter. Levels are then placed so that the
share of content lines that go stays below a stated rate. Needs numpy.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scrubber import Cleaner, Settings
from scrubber.engine import Decision
from scrubber.formats.text import looks_markdown, markdown_kinds, text_kinds
from scrubber.packs.find import bundled


class Sample(NamedTuple):
    """A line some rule knows: its evidence, what it is, the first rule, and how it bears on the bars.

    ``sure`` labels were set by hand; a line that is not ``open`` stays whatever its sum.
    """

    terms: Counter[str]
    debris: bool
    rule: str
    sure: bool
    open: bool


CAP = "neighbours-most"
LEVELLERS = (CAP, "as-unknown")
"""Terms that only even out others."""

CLASSES = ("certain", "likely", "fair", "weak")
FIXED = (*CLASSES, "neighbour-weak")
"""What has a meaning of its own: one weak neighbour and a place must not be enough for a weak line."""

RATES = {"strict": 0.0005, "standard": 0.004, "aggressive": 0.1}
"""Per level, the share of content lines among known lines that may go in the data."""

_SURE = 10.0
_TOKEN = re.compile(r"\w+")


def main() -> None:
    """Print the counts; write the table with ``--out``."""
    args = _arguments()
    cleaner = Cleaner(Settings(max_removed=1.0))
    samples = [s for text, labels, sure in _labelled(args) for s in _samples(cleaner, text, labels, sure)]
    debris = sum(s.debris for s in samples)
    if not debris or debris == len(samples):
        sys.exit("the data needs lines of both kinds that some rule knows")
    print(f"{len(samples)} known lines: {debris} debris, {len(samples) - debris} content")
    prior = dict(cleaner.library.weights)
    names = [n for n in prior if not n.startswith("bar-") and n not in (CAP, "section", "run")]
    _print_counts(samples, names, prior)
    if args.rules:
        _print_rules(samples)
    fitted = _fit([s for s in samples if s.open], names, prior, args.prior)
    judged = [s for s in samples if s.sure]
    scores, before = (np.array([_score(s, table, prior[CAP]) for s in judged]) for table in (fitted, prior))
    truth = np.array([s.debris for s in judged])
    bars = {level: _bar(scores, truth, rate) for level, rate in RATES.items()}
    bars["standard"] = min(bars["standard"], round(prior["likely"] - 0.1, 2))  # what likely means
    print("\nas fitted: " + ", ".join(f"{n} {fitted[n]:g}" for n in names))
    _print_levels(scores, truth, bars, "fitted")
    _print_levels(before, truth, {level: prior[f"bar-{level}"] for level in RATES}, "as it was")
    if args.out:
        _write(
            args.out, fitted, bars, prior, f"{len(samples)} known lines ({debris} debris) of labelled web pages and prose"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--pages", type=Path, nargs=2, action="append", default=[], metavar=("DUMPS", "GOLD"))
    parser.add_argument("--harmless", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--prior", type=float, default=20.0, help="how many lines the hand-set weights are worth (20)")
    parser.add_argument("--limit", type=int, default=1 << 30, help="read at most this many records of each file")
    parser.add_argument("--rules", action="store_true", help="print the counts of every rule as well")
    parser.add_argument("--out", type=Path, help="write the table here")
    return parser.parse_args()


def _records(path: Path, limit: int) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as handle:
        for number, line in enumerate(handle):
            if number >= limit:
                return
            yield json.loads(line)


def _labelled(args: argparse.Namespace) -> Iterator[tuple[str, list[str], bool]]:
    """Yield texts with one label a line (D, C or nothing), and whether a person set them."""
    for path in args.lines:
        for record in _records(path, args.limit):
            rows = record["lines"]
            yield "\n".join(r["text"] for r in rows), [r["label"] if r["label"] in "DC" else "" for r in rows], True
    for dumps, gold in args.pages:
        golden = {r["id"]: str(r["gold"]) for r in _records(gold, 1 << 30)}
        for record in _records(dumps, args.limit):
            text = str(record["text"])
            if golden.get(record["id"]):
                yield text, _labels(text, golden[record["id"]]), False
    for path in args.harmless:
        for record in _records(path, args.limit):
            text = str(record["text"])
            yield text, ["C"] * (text.count("\n") + 1), True


def _labels(text: str, gold: str) -> list[str]:
    """Return one label a line by looking for its words in the gold text; short lines must be a line there."""
    lines = {" ".join(_TOKEN.findall(x.lower())) for x in gold.split("\n")}
    whole = " ".join(_TOKEN.findall(gold.lower()))
    padded = f" {whole} "
    out = []
    for line in text.split("\n"):
        tokens = _TOKEN.findall(line.lower())
        joined = " ".join(tokens)
        if not tokens:
            out.append("")
        elif joined in lines or (len(tokens) >= 6 and f" {joined} " in padded):
            out.append("C")
        elif len(tokens) <= 3:
            out.append("" if f" {joined} " in padded else "D")
        else:
            pairs = {" ".join(tokens[i : i + 3]) for i in range(len(tokens) - 2)}
            out.append("" if any(f" {p} " in padded for p in pairs) else "D")
    return out


def _samples(cleaner: Cleaner, text: str, labels: Sequence[str], sure: bool) -> Iterator[Sample]:
    base = Decision(explain=True)
    cleaner.engine.decide(text, markdown_kinds if looks_markdown(text) else text_kinds, base=base)
    at = 0
    for number, line in enumerate(text.split("\n")):
        judgement = base.first.get(at)
        at += len(line) + 1
        if judgement is None or not labels[number]:
            continue
        terms = Counter(t.name for t in judgement.terms if t.name not in LEVELLERS)
        if sum(terms[c] for c in CLASSES) == 1:
            free = judgement.spared in ("", "too little evidence")
            yield Sample(terms, labels[number] == "D", judgement.rules[0].id, sure, free)


def _score(sample: Sample, weights: dict[str, float], most: float) -> float:
    terms = sample.terms
    if not sample.open:
        return -99.0
    lent = sum(weights[n] * k for n, k in terms.items() if n.startswith("neighbour-"))
    rest = sum(weights[n] * k for n, k in terms.items() if not n.startswith("neighbour-"))
    return rest + min(lent, most)


def _fit(samples: Sequence[Sample], names: Sequence[str], prior: dict[str, float], strength: float) -> dict[str, float]:
    """Return the weights of a logistic regression that keeps the signs of ``prior`` and leans towards it."""
    column = {n: i for i, n in enumerate(names)}
    x = np.zeros((len(samples), len(names)), dtype=np.float64)
    y = np.array([s.debris for s in samples], dtype=np.float64)
    for row, sample in enumerate(samples):
        for name, count in sample.terms.items():
            x[row, column[name]] = min(count, 3)
    weight = np.where(y == 1, 1.0, max(y.sum() / max(len(y) - y.sum(), 1), 1.0))  # both kinds count alike
    weight *= np.array([_SURE if s.sure else 1.0 for s in samples])
    weight *= len(y) / weight.sum()
    start = np.array([prior[n] for n in names])
    sign = np.sign(start)
    fixed = np.array([n in FIXED for n in names])
    w = start.copy()
    offset = prior["bar-standard"]
    for _ in range(100):  # Newton's method; the prior keeps it from running away
        p = 1 / (1 + np.exp(-(x @ w - offset)))
        gradient = x.T @ (weight * (y - p)) - strength * (w - start)
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + strength * np.eye(len(names))
        step = np.linalg.solve(hessian, gradient)
        w = w + 0.5 * step
        w = np.where(sign > 0, np.maximum(w, 0), np.minimum(w, start))  # a guard only gets stricter
        w = np.where(fixed, start, w)
        if np.abs(step).max() < 1e-4:
            break
    return {n: round(float(v), 2) for n, v in zip(names, w, strict=True)}


def _bar(scores: np.ndarray, truth: np.ndarray, rate: float) -> float:
    """Return the lowest bar at which at most ``rate`` of the content lines go."""
    content = np.sort(scores[~truth])[::-1]
    allowed = int(rate * len(content))
    return round(float(content[min(allowed, len(content) - 1)]) + 0.05, 2)


def _print_counts(samples: Sequence[Sample], names: Sequence[str], prior: dict[str, float]) -> None:
    debris, content = Counter[str](), Counter[str]()
    for sample in samples:
        (debris if sample.debris else content).update(sample.terms.keys())
    total = sum(s.debris for s in samples), sum(not s.debris for s in samples)
    print(f"{'signal':24} {'debris':>8} {'content':>8} {'log odds':>9} {'table':>7}")
    for name in names:
        odds = np.log((debris[name] + 0.5) / (total[0] + 1)) - np.log((content[name] + 0.5) / (total[1] + 1))
        print(f"{name:24} {debris[name]:8} {content[name]:8} {odds:9.2f} {prior[name]:7.2f}")


def _print_rules(samples: Sequence[Sample]) -> None:
    rows: dict[str, list[int]] = {}
    for sample in samples:
        rows.setdefault(sample.rule, [0, 0])[not sample.debris] += 1
    for rule, (debris, content) in sorted(rows.items(), key=lambda r: -r[1][1]):
        print(f"{rule:50} {debris:7} {content:7}")


def _print_levels(scores: np.ndarray, truth: np.ndarray, bars: dict[str, float], title: str) -> None:
    print(f"\n{title:12} {'bar':>6} {'debris gone':>12} {'content gone':>13}")
    for level, bar in bars.items():
        gone = scores >= bar
        print(f"{level:12} {bar:6.2f} {gone[truth].mean():12.1%} {gone[~truth].mean():13.3%}")


def _write(out: Path, fitted: dict[str, float], bars: dict[str, float], prior: dict[str, float], what: str) -> None:
    """Write the table in the order and with the comments of the one that ships."""
    source = (bundled() / "weights.toml").read_text(encoding="utf-8").split("\n")
    new = {**prior, **fitted, **{f"bar-{level}": bar for level, bar in bars.items()}}
    lines = []
    for line in source:
        name = line.partition("=")[0].strip()
        if line.startswith("# Provenance:"):
            line = f"# Provenance: fitted by tools/fit_weights.py on {datetime.date.today()}, {what}."
        lines.append(f"{name} = {new[name]}" if name in new else line)
    text = "\n".join(lines)
    tomllib.loads(text)
    out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
