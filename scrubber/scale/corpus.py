"""Many shards: one after another with their blocks spread, or spread as wholes; what is done is written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import NamedTuple, Protocol

from scrubber.errors import ScrubberError
from scrubber.scale.journal import Journal, identity_of
from scrubber.scale.pool import Run
from scrubber.scale.shard import Result, attempt
from scrubber.scale.task import STREAM, Done, Shard
from scrubber.scale.worker import go_on

_GROUP = 1 << 20
_MANY = 256


class Watch(Protocol):
    """Is told how a run gets on."""

    def block(self, shard: Shard, read: int, done: Done) -> None:
        """Take note of a block; ``read`` bytes of the input have been read."""

    def finished(self, shard: Shard, result: Result, skipped: bool) -> None:
        """Take note of the end of a shard; ``skipped`` ones were done before."""


class Engine(NamedTuple):
    """What calls are spread with; ``wholes`` says whether shards are spread, or the blocks of one after another."""

    run: Run
    wholes: bool = False


def wholes(shards: Sequence[Shard], jobs: int) -> bool:
    """Return whether there are so many shards that every process has enough whole ones to be busy with."""
    return jobs > 1 and len(shards) >= 4 * jobs


def run_corpus(shards: Sequence[Shard], engine: Engine, watch: Watch, journal: Journal | None = None) -> None:
    """Do the shards that ``journal`` does not count as done. Raises ``ScrubberError`` where none of them can go on."""
    with journal.open() if journal else nullcontext():
        todo: list[Shard] = []
        for shard in shards:
            before = journal.done(shard) if journal else None
            if before is None:
                todo.append(shard)
            else:
                watch.finished(shard, before, True)
        sources = {shard.source: identity_of(shard.source) for shard in todo if journal and os.path.exists(shard.source)}
        each = _as_wholes(todo, engine.run) if engine.wholes else _in_blocks(todo, engine.run, watch.block)
        for shard, result in each:
            if journal and not result.error:
                journal.add(shard, sources[shard.source], result)
            watch.finished(shard, result, False)
            if result.fatal:
                raise ScrubberError(result.error)


def _in_blocks(
    shards: Iterable[Shard], run: Run, block: Callable[[Shard, int, Done], None]
) -> Iterator[tuple[Shard, Result]]:  # fmt: skip
    for shard in shards:
        yield shard, attempt(shard, run, lambda read, done, shard=shard: block(shard, read, done))  # type: ignore[misc]


def _as_wholes(shards: Sequence[Shard], run: Run) -> Iterator[tuple[Shard, Result]]:
    calls = ((group, group) for group in _groups(shards))
    for group, results in run(attempt_all, calls):
        yield from zip(group, results, strict=False)  # after a fatal one there are no more


def attempt_all(shards: Sequence[Shard]) -> list[Result]:
    """Do some shards in this process; after one that is fatal for the others, no more."""
    results: list[Result] = []
    for shard in shards:
        go_on()
        results.append(attempt(shard))
        if results[-1].fatal:
            break
    return results


def _groups(shards: Iterable[Shard]) -> Iterator[tuple[Shard, ...]]:
    """Yield small shards together, large ones alone."""
    group: list[Shard] = []
    held = 0
    for shard in shards:
        group.append(shard)
        held += size_of(shard)
        if held >= _GROUP or len(group) >= _MANY:
            yield tuple(group)
            group, held = [], 0
    if group:
        yield tuple(group)


def size_of(shard: Shard) -> int:
    """Return the size of a shard's input in bytes, 0 if it is not known."""
    try:
        return 0 if shard.source == STREAM else os.stat(shard.source).st_size
    except OSError:
        return 0
