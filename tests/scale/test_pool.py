"""Calls in processes: in order, whatever becomes of a process, and as they come."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrubber.errors import ScrubberError
from scrubber.scale.pool import Run, processes

# The calls are expressions, because what is called must be found by its name in the other process.
DIES = "__import__('os')._exit(9)"
ONCE = "open({path!r}, 'x') and __import__('os')._exit(9) if not __import__('os').path.exists({path!r}) else 'there'"
HALF = """[
    open({path!r}, 'x'),
    setattr(
        __import__('multiprocessing.connection').connection.Connection, '_send',
        lambda to, data: (__import__('os').write(to._handle, bytes(data)[: len(data) // 2]), __import__('os')._exit(9)),
    ),
] if not __import__('os').path.exists({path!r}) else 'there'"""


@pytest.fixture(scope="module")
def spread() -> Iterator[Run]:
    with processes(2) as run:
        yield run


def numbered(calls: list[str]) -> list[tuple[str, int]]:
    return [(call, n) for n, call in enumerate(calls)]


def test_results_come_in_order(spread: Run) -> None:
    calls = [f"__import__('time').sleep({0.2 if n == 0 else 0}) or {n}" for n in range(12)]
    assert list(spread(eval, numbered(calls))) == [(n, n) for n in range(12)]


def test_results_come_as_they_are_there() -> None:
    with processes(2, in_order=False) as as_done:
        slow = "__import__('time').sleep(1) or 'slow'"
        found = [result for _, result in as_done(eval, numbered([slow, "1", "2", "3"]))]
    assert sorted(found[:3]) == [1, 2, 3]
    assert found[3] == "slow"


def test_an_error_comes_in_its_turn_and_says_where(spread: Run) -> None:
    results = spread(eval, numbered(["1", "1 / 0", "3"]))
    assert next(results) == (0, 1)
    with pytest.raises(ZeroDivisionError) as caught:
        next(results)
    assert "worker.py" in caught.value.__notes__[0]
    assert list(spread(eval, numbered(["4", "5"]))) == [(0, 4), (1, 5)]


@pytest.mark.parametrize("how", [ONCE, HALF])
def test_a_process_that_dies_is_replaced(spread: Run, tmp_path: Path, how: str) -> None:
    """Also one that dies while it writes its result."""
    deadly = how.format(path=str(tmp_path / "died"))
    calls = [*map(str, range(5)), deadly, *map(str, range(6, 12))]
    assert list(spread(eval, numbered(calls))) == [(n, "there" if n == 5 else n) for n in range(12)]
    assert (tmp_path / "died").exists()


def test_what_kills_every_process_ends_the_run(spread: Run) -> None:
    with pytest.raises(ScrubberError, match="was killed 3 times"):
        list(spread(eval, numbered(["1", DIES, "3"])))
    assert list(spread(eval, numbered(["4"]))) == [(0, 4)]


class Piped:
    """Calls that are there when a pipe says so."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.asked = 0

    def fileno(self) -> int:
        return self.end

    def __iter__(self) -> Piped:
        return self

    def __next__(self) -> tuple[str, int]:
        self.asked += 1
        call = os.read(self.end, 1)
        if not call:
            raise StopIteration
        return call.decode(), self.asked


@pytest.mark.skipif(os.name != "posix", reason="pipes can be waited for on Unix only")
def test_a_result_does_not_wait_for_the_next_call(spread: Run) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"1")
    results = spread(eval, Piped(reader))
    late = threading.Timer(30, os.write, (writer, b"999999"))  # rather than wait for ever
    late.start()
    for n in range(1, 6):
        assert next(results) == (n, n)
        os.write(writer, b"%d" % (n + 1))
    late.cancel()
    os.close(writer)
    assert list(results) == [(6, 6)]
    os.close(reader)
