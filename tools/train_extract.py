"""Train the model of ``scrubber extract`` on pages with known main content.

    python tools/train_extract.py DIR... [--seeds 1] [--folds 5] [--pred FOLDER] [--out scrubber/structure/model.npz]

Each DIR holds html/NAME.html(.gz) and ground-truth/NAME.json in the layout of WCXB ({"url", "ground_truth":
{"main_content"}, "_internal": {"page_type": {"primary"}}}). With ``--pred`` the pages are split by domain into folds,
and each page's text is written by a model that saw no page of its domain: FOLDER/<DIR's name>.jsonl. With ``--out`` a
model fitted on all of it is stored. Needs numpy and lightgbm.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import itertools
import json
import re
import zlib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from scrubber.formats.dom import read
from scrubber.formats.page import Page
from scrubber.structure.features import features, sizes
from scrubber.structure.forest import Forest
from scrubber.structure.model import Model, summary
from scrubber.structure.rows import NAMES, PAGE_FEATURES

TREES, DEPTH, MOST, LONG, GATES = 240, 6, 150, 5, 3
LESS = 0.4
"""What an article weighs in the forest for all pages: it is asked alone where a page is none."""

_WORD = re.compile(r"\w+")


class Sample(NamedTuple):
    """One page: its matrix, the label and weight of each block, and what is needed to write predictions."""

    folder: str
    name: str
    domain: str
    matrix: Any
    label: Any
    size: Any
    ranges: tuple[list[int], list[int]]
    texts: list[str]
    article: bool
    weight: float = 1.0


def label(page: Page, gold: str) -> Any:
    """Return for each block the share of it that the gold text holds (0 to 1).

    The longest blocks first; words that stand in several short ones are those of the one nearest to a long one.
    """
    words = _WORD.findall(gold.lower())
    left, pairs = Counter(words), set(itertools.pairwise(words))
    lines = {" ".join(_WORD.findall(line.lower())) for line in gold.splitlines()}
    own = [_WORD.findall(spot.text.lower()) for spot in page.spots]
    out = np.zeros(len(own))

    def judge(i: int) -> None:
        nonlocal left
        joined, counted = " ".join(own[i]), Counter(own[i])
        free = sum(min(count, left[word]) for word, count in counted.items()) / len(own[i])
        if len(own[i]) == 1 or joined in lines:
            known = float(joined in lines or (free == 1 and len(own[i][0]) > 3))
        else:
            known = sum(p in pairs for p in itertools.pairwise(own[i])) / (len(own[i]) - 1)
        out[i] = min(free, known)
        if out[i] > 0.5:
            left.subtract(counted)
            left = +left

    size = [len(words) for words in own]
    for i in sorted((i for i in range(len(own)) if size[i] >= LONG), key=lambda i: -size[i]):
        judge(i)
    away = distance(out > 0.5)
    for i in sorted((i for i in range(len(own)) if 0 < size[i] < LONG), key=lambda i: (-size[i], away[i])):
        judge(i)
    return out


def distance(mask: Any) -> Any:
    """Return how far each place is from the nearest where ``mask`` holds; 0 everywhere if there is none."""
    places, order = np.flatnonzero(mask), np.arange(len(mask))
    if not len(places):
        return np.zeros(len(mask))
    at = np.searchsorted(places, order)
    below, above = places[np.minimum(at, len(places) - 1)], places[np.maximum(at - 1, 0)]
    return np.minimum(np.abs(below - order), np.abs(above - order))


def domain(url: str) -> str:
    """Return the host's last two labels."""
    return ".".join((urlsplit(url).hostname or url).split(".")[-2:])


def samples(folder: Path) -> list[Sample]:
    """Return the pages of a folder that have blocks; others come with an empty matrix."""
    out = []
    for path in sorted((folder / "ground-truth").glob("*.json")):
        meta = json.loads(path.read_text("utf-8"))
        plain = folder / "html" / f"{path.stem}.html"
        data = plain.read_bytes() if plain.exists() else gzip.decompress(Path(f"{plain}.gz").read_bytes())
        page = read(data.decode("utf-8", "replace"))
        n = len(page.spots)
        matrix = features(page) if n else np.zeros((len(NAMES), 0), np.float32)
        kind = meta.get("_internal", {}).get("page_type", {}).get("primary")
        out.append(Sample(
            folder.name, path.stem, domain(meta.get("url") or path.stem), matrix,
            label(page, meta["ground_truth"].get("main_content") or ""), sizes(page), page.elements[5:],
            [s.text for s in page.spots], kind == "article",
        ))  # fmt: skip
    return out


def fit(pages: list[Sample], seeds: int) -> Model:
    """Return a model fitted on ``pages``; a forest of blocks is the mean of as many as there are ``seeds``."""
    pages = [p for p in pages if len(p.label)]
    articles = [p for p in pages if p.article]
    gate = np.array([summary(p.matrix, p.size) for p in pages])
    return Model(
        mean([forest(*blocks(others(pages), seed), seed=seed) for seed in range(seeds)]),
        mean([forest(*blocks(level(articles), seed, PAGE_FEATURES), seed=seed) for seed in range(seeds)]),
        mean([forest(gate, np.array([p.article for p in pages], float), None, trees=TREES // 2, seed=seed,
                     learning_rate=0.05, min_data_in_leaf=20, max_depth=4, num_leaves=12, lambda_l2=0.0)
              for seed in range(GATES)]), {},
    )  # fmt: skip


def others(pages: list[Sample]) -> list[Sample]:
    """Return the pages with weights by which those that are no articles count more."""
    return [p._replace(weight=LESS if p.article else 1.0) for p in pages]


def level(pages: list[Sample]) -> list[Sample]:
    """Return the pages with weights by which each folder counts the same."""
    counts = Counter(p.folder for p in pages)
    return [p._replace(weight=len(pages) / len(counts) / counts[p.folder]) for p in pages]


def blocks(pages: list[Sample], seed: int, blind: list[int] | None = None) -> tuple[Any, Any, Any]:
    """Return blocks of all pages: matrix (blocks, features), label and weight, by which large pages do not drown the small.

    Of a page with more than ``MOST`` blocks a random sample stands for all. ``blind`` are the columns to leave empty:
    articles are judged without what is said of the page as a whole.
    """
    chance = np.random.default_rng(seed)
    matrices, labels, weights = [], [], []
    for page in pages:
        n = len(page.label)
        rows = np.sort(chance.choice(n, MOST, replace=False)) if n > MOST else np.arange(n)
        matrices.append(page.matrix[:, rows].T)
        labels.append(page.label[rows])
        weights.append(page.size[rows] / page.size.sum() ** 0.75 * (n / len(rows)) * page.weight)
    matrix = np.concatenate(matrices)
    matrix[:, blind or []] = 0
    return matrix, np.concatenate(labels), np.concatenate(weights)


def forest(matrix: Any, target: Any, weight: Any, trees: int = TREES, **settings: Any) -> Forest:
    """Return boosted trees fitted to ``target`` (0 to 1)."""
    import lightgbm

    base = {
        "objective": "cross_entropy", "learning_rate": 0.08, "max_depth": DEPTH, "num_leaves": 62, "verbose": -1,
        "min_data_in_leaf": 30, "feature_fraction": 0.2, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0,
        "num_threads": 2, "max_bin": 63,
    }  # fmt: skip
    data = lightgbm.Dataset(matrix, target, weight=weight)
    return complete(lightgbm.train(base | settings, data, trees).dump_model())


def mean(forests: list[Forest]) -> Forest:
    """Return the forest whose log-odds are the mean of those given; their trees alternate, so that each part is one too."""
    most = max(len(one.feature) for one in forests)  # fewer where nothing was left to split: trees that say 0 stand in
    even = [[np.pad(part, ((0, most - len(part)), (0, 0))) for part in one] for one in forests]
    feature, threshold, leaf = (np.stack(part, axis=1).reshape(-1, part[0].shape[1]) for part in zip(*even, strict=True))
    return Forest.of(feature, threshold, leaf / len(forests))


def complete(dump: dict[str, Any]) -> Forest:
    """Return LightGBM trees as complete trees."""
    inner = 2**DEPTH - 1
    trees = dump["tree_info"]
    feature = np.zeros((len(trees), inner), np.int64)
    threshold = np.full((len(trees), inner), np.inf, np.float32)
    leaf = np.zeros((len(trees), inner + 1), np.float32)

    def fill(tree: int, at: int, node: dict[str, Any]) -> None:
        if at >= inner:
            leaf[tree, at - inner] = node["leaf_value"]
        elif "leaf_value" in node:
            fill(tree, 2 * at + 1, node)
            fill(tree, 2 * at + 2, node)
        else:
            feature[tree, at], threshold[tree, at] = node["split_feature"], node["threshold"]
            fill(tree, 2 * at + 1, node["left_child"])
            fill(tree, 2 * at + 2, node["right_child"])

    for i, tree in enumerate(trees):
        fill(i, 0, tree["tree_structure"])
    return Forest.of(feature, threshold, leaf)


def predict(model: Model, page: Sample) -> str:
    """Return the text the model keeps of a page."""
    if not len(page.label):
        return ""
    keep = model.judge(page.matrix, page.size, page.ranges).keep
    return "\n".join(text for text, kept in zip(page.texts, keep, strict=True) if kept)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--pred", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    pages = [page for folder in options.dirs for page in samples(folder)]
    print(f"{len(pages)} pages, {sum(len(p.label) for p in pages)} blocks, {len(NAMES)} features")
    if options.pred:
        options.pred.mkdir(parents=True, exist_ok=True)
        rows: dict[str, list[str]] = {folder.name: [] for folder in options.dirs}
        for fold in range(options.folds):
            inside = [zlib.crc32(p.domain.encode()) % options.folds == fold for p in pages]
            model = fit([p for p, held in zip(pages, inside, strict=True) if not held], options.seeds)
            for page, held in zip(pages, inside, strict=True):
                if held:
                    rows[page.folder].append(json.dumps({"id": page.name, "text": predict(model, page)}))
            print(f"fold {fold + 1} of {options.folds} done", flush=True)
        for name, lines in rows.items():
            (options.pred / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    if options.out:
        import lightgbm

        about = {
            "data": [f"{folder.name}: {sum(p.folder == folder.name for p in pages)} pages" for folder in options.dirs],
            "fitted": datetime.date.today().isoformat(), "features": list(NAMES), "trees": TREES, "depth": DEPTH,
            "seeds": options.seeds, "library": f"lightgbm {lightgbm.__version__}",
        }  # fmt: skip
        fit(pages, options.seeds)._replace(about=about).save(options.out)


if __name__ == "__main__":
    main()
