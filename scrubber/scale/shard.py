"""One input becomes one output: the unit that is done or not, whoever does it and however often.

A file appears under its final name only when it is whole; doing a shard again gives the same bytes.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import NamedTuple

from scrubber.errors import ContainerError, RecordError
from scrubber.scale.outputs import Outputs
from scrubber.scale.pool import Run, here
from scrubber.scale.source import opened
from scrubber.scale.task import Done, Shard, Sums
from scrubber.scale.work import work
from scrubber.scale.worker import go_on


class Result(NamedTuple):
    """What became of a shard: its sums, how many records had problems, some of these, and what made it fail."""

    sums: Sums = Sums()
    failed: int = 0
    problems: tuple[str, ...] = ()
    error: str = ""
    fatal: bool = False
    """Whether other shards would fail in the same way, or the user said that one is enough."""


Tell = Callable[[int, Done], None]
"""Is told of every block that is done: how many bytes of the input are read by then, and what came of it."""


def run_shard(shard: Shard, run: Run = here, tell: Tell = lambda _read, _done: None) -> Sums:
    """Do a shard and return its sums.

    Raises ``ContainerError`` if the input cannot be read to its end, ``RecordError`` for a bad record that is to stop
    the run, ``OSError`` if an output cannot be written. No output is there under its name then.
    """
    with opened(shard) as source, Outputs(shard, source) as outputs:
        sums = Sums()
        for rest, done in run(work, source.tasks()):
            outputs.write(rest, done)
            sums = sums.plus(done.sums)
            tell(source.read(), done)
            if done.stopped:
                raise RecordError(done.problems[-1])
            go_on()
        outputs.finish(bool(sums.totals.changed))
    return sums


def attempt(shard: Shard, run: Run = here, tell: Tell | None = None) -> Result:
    """Do a shard and return what came of it, errors included. Without ``tell`` problems are in the result."""
    problems: list[str] = []
    failed = 0

    def note(read: int, done: Done) -> None:
        nonlocal failed
        failed += len(done.problems) - done.stopped
        if tell is not None:
            tell(read, done)
        else:
            problems.extend(done.problems[: max(0, _TOLD - len(problems))])

    try:
        return Result(run_shard(shard, run, note), failed, tuple(problems))
    except RecordError as error:
        return Result(Sums(), failed, tuple(problems), str(error), fatal=True)
    except ContainerError as error:
        return Result(Sums(), failed, tuple(problems), str(error), fatal=shard.job.on_error == "stop")
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        what = f"{error.filename or shard.source}: {error.strerror or error}"
        return Result(Sums(), failed, tuple(problems), what, fatal=error.errno in _FULL)


_TOLD = 1000
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
