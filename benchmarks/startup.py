"""Start-up: ``echo hi | scrubber`` as a ratio to ``python -c pass``, with the same interpreter.

Runs come in pairs, one of each; the median of the pairs' ratios is printed, with the spread. The first
run, which may write the rule index to the cache, is timed apart.

    python benchmarks/startup.py [--runs 30]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SCRIPT = Path(sys.executable).with_name("scrubber")  # not resolved: a virtual environment's own
BARE = [sys.executable, "-c", "pass"]
SCRUBBER = [sys.executable, str(SCRIPT)]


def main() -> None:
    """Print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=30, help="paired runs (default 30)")
    runs = parser.parse_args().runs
    if not SCRIPT.exists():
        sys.exit(f"{SCRIPT}: no such file (install scrubber into the environment of this interpreter)")
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its byte code
        cold = _seconds(SCRUBBER, environment)
        _seconds(BARE, environment)
        pairs = [(_seconds(BARE, environment), _seconds(SCRUBBER, environment)) for _ in range(runs)]
    ratios = [scrubber / bare for bare, scrubber in pairs]
    bare, scrubber = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    print(f"ratio {statistics.median(ratios):.2f}  ({min(ratios):.2f} to {max(ratios):.2f}, {runs} paired runs)")
    print(f"scrubber {scrubber:.0f} ms   python -c pass {bare:.0f} ms   without cache {cold * 1000:.0f} ms")


def _seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return how long ``command`` takes with ``hi`` on its standard input; exits when it fails."""
    begin = time.perf_counter()
    done = subprocess.run(command, input=b"hi\n", capture_output=True, env=environment, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode:
        sys.exit(done.stderr.decode(errors="replace"))
    return seconds


if __name__ == "__main__":
    main()
