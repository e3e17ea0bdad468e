"""Throughput of ``clean``: its time as a ratio to the least a Python program can do with the same text.

The least is: read the records, split each text into lines, join them, write the records. Runs come
in pairs, one of each; the median of the pairs' ratios is printed, with the spread.

    python benchmarks/throughput.py --data records.jsonl [--data more/] [--runs 5] [--level standard]
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from scrubber import Cleaner, Settings
from scrubber.model import Level

Clean = Callable[[str, str], str]


def main() -> None:
    """Print the ratios."""
    args = _arguments()
    lines = read(args.data, args.megabytes * 1_000_000)
    if not lines:
        sys.exit(f"{', '.join(map(str, args.data))}: no records with text")
    size = sum(len(line) for line in lines) / 1e6
    cleaner = Cleaner(Settings(level=Level(args.level)))

    def clean(text: str, url: str) -> str:
        return cleaner.clean(text, url=url).text

    texts = [json.loads(line)["text"] for line in lines]
    print(f"{len(lines)} records, {size:.1f} MB, level {args.level}, {args.runs} paired runs")
    _show(
        "records",
        size,
        _pairs(lambda: _records(lines, _split_join), lambda: _records(lines, clean), args.runs),
    )
    _show("bare text", size, _pairs(lambda: _bare(texts, _split_join), lambda: _bare(texts, clean), args.runs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a .jsonl file or a folder of them")
    parser.add_argument("--runs", type=int, default=5, help="paired runs (default 5)")
    parser.add_argument("--level", default="standard", choices=[level.value for level in Level])
    parser.add_argument("--megabytes", type=int, default=20, help="read at most this much (default 20)")
    return parser.parse_args()


def read(paths: Sequence[Path], most: int) -> list[bytes]:
    """Return the lines of the JSON Lines files in ``paths`` that hold a text, up to ``most`` bytes."""
    files = [f for p in paths for f in (sorted(p.rglob("*.jsonl")) if p.is_dir() else [p])]
    lines: list[bytes] = []
    for file in files:
        with file.open("rb") as handle:
            for line in handle:
                if most <= 0:
                    return lines
                if isinstance(json.loads(line).get("text"), str):
                    lines.append(line)
                    most -= len(line)
    return lines


def _split_join(text: str, url: str) -> str:
    return "\n".join(list(text.split("\n")))


def _records(lines: Sequence[bytes], work: Clean) -> int:
    """Read, work on and write JSON Lines, all in memory."""
    source, target = io.BytesIO(b"".join(lines)), io.BytesIO()
    for line in source:
        record = json.loads(line)
        record["text"] = work(record["text"], record.get("url") or "")
        target.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return target.tell()


def _bare(texts: Sequence[str], work: Clean) -> int:
    """Work on texts that are already strings and write them: no JSON on either side."""
    target = io.BytesIO()
    for text in texts:
        target.write(work(text, "").encode("utf-8", "surrogatepass"))
    return target.tell()


def _pairs(least: Callable[[], int], clean: Callable[[], int], runs: int) -> list[tuple[float, float]]:
    """Return the seconds of each pair of runs, after one of each that is not counted."""
    least()
    clean()
    return [(_seconds(least), _seconds(clean)) for _ in range(runs)]


def _seconds(work: Callable[[], int]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _show(name: str, size: float, pairs: Sequence[tuple[float, float]]) -> None:
    ratios = [clean / least for least, clean in pairs]
    least, clean = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"{name:<10} ratio {statistics.median(ratios):5.2f}  ({min(ratios):.2f} to {max(ratios):.2f})   "
        f"clean {size / clean:7.1f} MB/s   read, split, join, write {size / least:7.1f} MB/s"
    )


if __name__ == "__main__":
    main()
