"""Main content: CPU time a page and metadata, scrubber beside its peers, on pages laid out like WCXB.

    python benchmarks/extract.py DIR [--every 10] [--rounds 3]

DIR holds html/NAME.html(.gz) and ground-truth/NAME.json ({"url", "ground_truth": {"title", "author", "publish_date"}}).
Peers are used if they are installed (trafilatura, resiliparse). Every round runs all of them on the same pages, one
after the other; the figure is the median over rounds of CPU milliseconds a page, with the ratio to trafilatura's.
A field counts as right when it equals the given one, letters and digits only; pages where it is not given are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from scrubber.extract import Extractor

Page = tuple[str, str, dict[str, Any]]


def pages(folder: Path, every: int) -> list[Page]:
    """Return (html, url, ground truth) of every so-many-th page."""
    out: list[Page] = []
    for path in sorted((folder / "ground-truth").glob("*.json"))[::every]:
        meta = json.loads(path.read_text("utf-8"))
        plain = folder / "html" / f"{path.stem}.html"
        data = plain.read_bytes() if plain.exists() else gzip.decompress(Path(f"{plain}.gz").read_bytes())
        out.append((data.decode("utf-8", "replace"), meta.get("url") or "", meta["ground_truth"]))
    return out


def runners() -> dict[str, Callable[[str, str], object]]:
    """Return what turns a page into its main content, by name."""
    full, bare = Extractor(), Extractor(rules=False)
    found: dict[str, Callable[[str, str], object]] = {
        "scrubber": lambda html, url: full.extract(html, url),
        "scrubber without rules": lambda html, url: bare.extract(html, url),
    }
    if find_spec("trafilatura"):
        import trafilatura

        found["trafilatura"] = lambda html, url: trafilatura.extract(html, url=url or None)
    if find_spec("resiliparse"):
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree

        found["resiliparse"] = lambda html, url: extract_plain_text(HTMLTree.parse(html), main_content=True)
    return found


def cpu(run: Callable[[str, str], object], sample: list[Page]) -> float:
    """Return the CPU milliseconds a page takes."""
    start = time.process_time()
    for html, url, _ in sample:
        run(html, url)
    return (time.process_time() - start) * 1000 / len(sample)


def metadata(sample: list[Page]) -> None:
    """Print the share of right titles, authors and dates."""
    from scrubber.formats.dom import read
    from scrubber.formats.metadata import metadata as ours

    fields = {"title": "title", "author": "author", "publish_date": "date"}
    readers: dict[str, Callable[[str, str], Any]] = {"scrubber": lambda html, url: ours(read(html), url)}
    if find_spec("trafilatura"):
        import trafilatura

        readers["trafilatura"] = lambda html, url: trafilatura.extract_metadata(html, default_url=url or None)
    print(f"\n{'metadata right':<24}" + "".join(f"{f:>14}" for f in fields))
    for name, reader in readers.items():
        right, given = dict.fromkeys(fields, 0), dict.fromkeys(fields, 0)
        for html, url, truth in sample:
            found = reader(html, url)
            for field, attribute in fields.items():
                if truth.get(field):
                    given[field] += 1
                    right[field] += key(getattr(found, attribute, "")) == key(truth[field])
        print(f"{name:<24}" + "".join(f"{right[f] / max(given[f], 1):>8.1%} {given[f]:>5}" for f in fields))


def key(value: object) -> str:
    """Return what of a value counts when two are compared."""
    return "".join(filter(str.isalnum, str(value or "").split("T")[0].lower()))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sample = pages(options.dir, options.every)
    every = runners()
    took: dict[str, list[float]] = {name: [] for name in every}
    for _ in range(options.rounds):
        for name, run in every.items():
            took[name].append(cpu(run, sample))
    base = median(took["trafilatura"]) if "trafilatura" in took else 0.0
    print(f"{len(sample)} pages, {options.rounds} rounds\n{'CPU':<24}{'ms a page':>10}{'times trafilatura':>20}")
    for name, values in took.items():
        print(f"{name:<24}{median(values):>10.1f}{(f'{base / median(values):.1f}' if base else '-'):>20}")
    metadata(sample)


if __name__ == "__main__":
    main()
