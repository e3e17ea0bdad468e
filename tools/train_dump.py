"""Train the model of ``scrubber extract`` for dumps: whole pages as text, with known main content.

    python tools/train_dump.py GOLD DUMP... [--folds 5] [--pred FOLDER] [--out scrubber/structure/dump.npz]

GOLD is JSON Lines of {"id", "gold"}, each DUMP JSON Lines of {"id", "url", "text"}: the same pages as one program wrote
them. With ``--pred`` the pages are split by domain into folds, and each page's text is written by a model that saw no
page of its domain: FOLDER/<DUMP's name>. With ``--out`` a model fitted on all of it is stored. Needs numpy, lightgbm and
rapidfuzz.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from scrubber.cleaner import Cleaner
from scrubber.model import Settings
from scrubber.structure.dump import DumpModel, sizes
from scrubber.structure.dump_features import Witness, columns
from scrubber.structure.lines import Lines

TREES = 150
_WORD = re.compile(r"\w+")
_RUN = 3
_cleaner: list[Cleaner] = []


class Sample(NamedTuple):
    """One dump: its matrix, the label and size of each line, and what is needed to write predictions."""

    dump: str
    name: str
    domain: str
    matrix: Any
    label: Any
    size: Any
    texts: list[str]


def label(texts: Sequence[str], gold: str) -> Any:
    """Return for each line the share of its words that the gold text has at this place, or has moved (0 to 1)."""
    from rapidfuzz.distance import LCSseq

    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(w, len(numbers)) for w in _WORD.findall(t.lower())] for t in texts]
    source = [w for row in rows for w in row]
    target = [numbers.setdefault(w, len(numbers)) for w in _WORD.findall(gold.lower())]
    line = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    hit, used = np.zeros(len(source), bool), np.zeros(len(target), bool)
    for op in LCSseq.opcodes(source, target) if source and target else ():
        a, b = op.src_start, op.src_end
        if op.tag == "equal" and (
            b - a >= _RUN or any(a <= starts[n] and starts[n + 1] <= b for n in range(line[a], line[b - 1] + 1))
        ):
            hit[a:b] = True
            used[op.dest_start : op.dest_end] = True
    share = np.array([hit[starts[i] : starts[i + 1]].mean() if row else 0.0 for i, row in enumerate(rows)])
    return moved(rows, share, target, Counter(w for w, taken in zip(target, used, strict=True) if not taken))


def moved(rows: Sequence[Sequence[int]], share: Any, target: Sequence[int], left: Counter[int]) -> Any:
    """Return ``share`` with lines that explain words of the gold text which nothing at its place does."""
    pairs = set(itertools.pairwise(target))
    for i in sorted(range(len(rows)), key=lambda k: -len(rows[k])):
        own = rows[i]
        if share[i] < 0.5 and len(own) >= 4:
            free = sum(min(count, left[word]) for word, count in Counter(own).items()) / len(own)
            known = sum(p in pairs for p in itertools.pairwise(own)) / (len(own) - 1)
            if min(free, known) > 0.8:
                share[i] = min(free, known)
                left = +(left - Counter(own))
    return share


def sample(job: tuple[str, dict[str, Any], str]) -> Sample:
    """Return one dump as a sample."""
    dump, record, gold = job
    if not _cleaner:
        _cleaner.append(Cleaner(Settings(max_removed=1.0)))
    text, url = record["text"], record.get("url") or ""
    lines = Lines.of(text)
    host = ".".join((urlsplit(url).hostname or url).split(".")[-2:])
    if not len(lines.starts):
        return Sample(dump, record["id"], host, None, np.zeros(0), np.zeros(0), [])
    said = _cleaner[0].witnesses(text, url or None)
    witnesses = {n: w for n, judgement in said.items() if (w := Witness.of(judgement))}
    table = np.column_stack(list(columns(lines, witnesses, url).values())).astype(np.float32)
    return Sample(dump, record["id"], host, table, label(lines.texts, gold), sizes(lines), lines.texts)


def samples(gold: Path, dumps: Sequence[Path]) -> list[Sample]:
    """Return every page of every dump that the gold file knows."""
    known = {row["id"]: row["gold"] for row in read(gold)}
    jobs = [(path.name, row, known[row["id"]]) for path in dumps for row in read(path) if row["id"] in known]
    with Pool(2) as pool:
        return pool.map(sample, jobs, chunksize=16)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def fit(pages: Sequence[Sample]) -> DumpModel:
    """Return a model fitted on ``pages``; large pages do not drown the small."""
    import lightgbm
    from train_extract import DEPTH, complete

    pages = [p for p in pages if len(p.label)]
    table, target = np.concatenate([p.matrix for p in pages]), np.concatenate([p.label for p in pages])
    weight = np.concatenate([np.maximum(p.size, 0.3) / max(p.size.sum(), 1) ** 0.75 for p in pages])
    settings = {
        "objective": "cross_entropy", "learning_rate": 0.1, "max_depth": DEPTH, "num_leaves": 2**DEPTH, "verbose": -1,
        "min_data_in_leaf": 300, "feature_fraction": 0.3, "bagging_fraction": 0.6, "bagging_freq": 1, "lambda_l2": 5.0,
        "seed": 1, "num_threads": 2, "max_bin": 63, "force_col_wise": True,
    }  # fmt: skip
    booster = lightgbm.train(settings, lightgbm.Dataset(table, target, weight=weight), TREES)
    return DumpModel(complete(booster.dump_model()), {})


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("dumps", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--pred", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    pages = samples(options.gold, options.dumps)
    print(f"{len(pages)} dumps, {sum(len(p.label) for p in pages)} lines", flush=True)
    if options.pred:
        options.pred.mkdir(parents=True, exist_ok=True)
        rows: dict[str, list[str]] = {path.name: [] for path in options.dumps}
        for fold in range(options.folds):
            inside = [zlib.crc32(p.domain.encode()) % options.folds == fold for p in pages]
            model = fit([p for p, held in zip(pages, inside, strict=True) if not held])
            for page in itertools.compress(pages, inside):
                rows[page.dump].append(json.dumps({"id": page.name, "text": predict(model, page)}))
            print(f"fold {fold + 1} of {options.folds} done", flush=True)
        for name, lines in rows.items():
            (options.pred / name).write_text("\n".join(lines) + "\n", "utf-8")
    if options.out:
        fit(pages)._replace(about=about(options.dumps, pages)).save(options.out)


def predict(model: DumpModel, page: Sample) -> str:
    """Return the text the model keeps of a dump."""
    if not len(page.label):
        return ""
    return "\n".join(itertools.compress(page.texts, model.judge(page.matrix, page.size).keep))


def about(dumps: Sequence[Path], pages: Sequence[Sample]) -> dict[str, Any]:
    """Return where a model is from."""
    import lightgbm

    names = list(columns(Lines.of("one line"), {}))
    return {
        "data": [f"{path.parent.name}/{path.name}: {sum(p.dump == path.name for p in pages)} dumps" for path in dumps],
        "fitted": datetime.date.today().isoformat(), "features": names, "trees": TREES,
        "library": f"lightgbm {lightgbm.__version__}",
    }  # fmt: skip


if __name__ == "__main__":
    main()
