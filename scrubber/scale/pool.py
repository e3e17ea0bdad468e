"""Calls spread over processes: results in the order of the calls, few calls under way at a time.

Every process has pipes of its own. Those of ``concurrent.futures`` share one for results, which no one can read any
more when a process is killed while it writes to it: the run would wait for ever.
"""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from scrubber.errors import ScrubberError
from scrubber.interrupt import uninterrupted
from scrubber.scale.worker import packed, serve

T = TypeVar("T")
R = TypeVar("R")
Run = Callable[[Callable[[Any], Any], Iterable[tuple[Any, Any]]], Iterator[tuple[Any, Any]]]
"""Takes a function and pairs of (call, what stays here); yields (what stayed, result)."""

_TRIES = 3
_AHEAD = 2
"""Calls a worker may have, the one it does included, where calls are small."""
_HELD = 4 << 20
"""Bytes a worker may have waiting for it, beyond the one call it always may have."""


def here(function: Callable[[Any], R], calls: Iterable[tuple[Any, T]]) -> Iterator[tuple[T, R]]:
    """Do the calls in this process, one by one."""
    for call, stays in calls:
        yield stays, function(call)


@contextmanager
def processes(jobs: int, in_order: bool = True) -> Iterator[Run]:
    """Give what spreads calls over ``jobs`` processes, or ``here`` for one. On the way out they all end.

    Calls that have a ``fileno`` come through a pipe: results are yielded while the next call is waited for.
    """
    if jobs <= 1:
        yield here
        return
    pool = Pool(jobs)
    try:
        yield pool.spread if in_order else pool.as_done
    finally:
        pool.close()


class Pool:
    """Processes that are replaced when one of them dies."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.workers: list[_Worker] = []

    def close(self) -> None:
        """End the processes; a shard under way is given up, a block is finished."""
        for worker in self.workers:
            worker.calls.close()
            worker.results.close()
        for worker in self.workers:
            worker.process.join()

    def spread(self, function: Callable[[Any], R], calls: Iterable[tuple[Any, T]]) -> Iterator[tuple[T, R]]:
        """Yield the results in order. At most twice as many calls as processes wait, and few bytes of them."""
        return self._spread(_Row(function, calls, _AHEAD, in_order=True))

    def as_done(self, function: Callable[[Any], R], calls: Iterable[tuple[Any, T]]) -> Iterator[tuple[T, R]]:
        """Yield the results as they come. No call waits behind another one, however long that takes."""
        return self._spread(_Row(function, calls, 1, in_order=False))

    def _spread(self, row: _Row) -> Iterator[tuple[Any, Any]]:
        while len(self.workers) < self.jobs:
            self.workers.append(_Worker())
        try:
            while True:
                while self._room(row) and row.ready() and row.take():
                    self._hand_out(row)
                if not row.waiting:
                    return
                if (call := row.done()) is None:
                    self._wait(row)
                    continue
                result, error = call.answer
                if error is not None:
                    raise error
                yield call.stays, result
        finally:
            for call in row.waiting:
                call.wanted = False

    def _room(self, row: _Row) -> bool:
        held = sum(call.size for call in row.waiting)
        return row.more and len(row.waiting) < 2 * self.jobs and held < self.jobs * _HELD

    def _hand_out(self, row: _Row) -> None:
        """Give calls to the workers that have least to do."""
        while row.todo:
            worker = min(self.workers, key=lambda worker: len(worker.doing))
            if len(worker.doing) >= row.ahead:
                return
            worker.send(row.function, row.todo.popleft())

    def _wait(self, row: _Row) -> None:
        """Wait until a worker answers or dies, or, if there is room for it, another call can be had."""
        from multiprocessing.connection import wait

        busy: dict[Any, _Worker] = {worker.results: worker for worker in self.workers if worker.doing}
        others: list[Any] = [row.calls] if row.through_pipe and os.name == "posix" and self._room(row) else []
        for ready in wait([*busy, *others]):
            worker = busy.get(ready)
            if worker is not None and not worker.receive():
                self._replace(worker, row)
        self._hand_out(row)

    def _replace(self, dead: _Worker, row: _Row) -> None:
        """Start another worker and give back what the dead one had to do; its first call may be what killed it."""
        dead.process.join()
        call = dead.doing[0]
        call.deaths += 1
        if call.deaths == _TRIES and call.wanted:
            killed = f"{getattr(call.sent, 'place', 'a file')}: the process that worked on it was killed {_TRIES} times"
            raise ScrubberError(f"{killed} (too little memory? try a smaller --max-record)")
        row.todo.extendleft(call for call in reversed(dead.doing) if call.wanted)
        self.workers[self.workers.index(dead)] = _Worker()


@dataclass(eq=False, slots=True)
class _Call:
    """A call under way: what is sent, what stays here, and what came of it."""

    sent: Any
    stays: Any
    size: int
    answer: Any = None
    """Result and error, one of them None, once it is there."""
    deaths: int = 0
    """How many processes have died of it."""
    wanted: bool = True


class _Row:
    """Calls that are asked for: those nobody has begun with, those whose results are waited for, and those to come."""

    def __init__(self, function: Any, calls: Iterable[tuple[Any, Any]], ahead: int, in_order: bool) -> None:
        self.function = function
        self.calls = iter(calls)
        self.through_pipe = hasattr(self.calls, "fileno")
        self.ahead = ahead
        self.in_order = in_order
        self.more = True
        self.todo: deque[_Call] = deque()
        self.waiting: deque[_Call] = deque()

    def ready(self) -> bool:
        """Return whether the next call may be asked for, because it is there or nothing else could be done meanwhile."""
        from multiprocessing.connection import wait

        if not self.through_pipe or not self.waiting:
            return True
        return os.name == "posix" and bool(wait([self.calls], 0))  # type: ignore[list-item]

    def take(self) -> bool:
        """Take the next call; return whether there was one."""
        pair = next(self.calls, None)
        if pair is None:
            self.more = False
            return False
        call = _Call(*pair, getattr(pair[0], "size", 0))
        self.todo.append(call)
        self.waiting.append(call)
        return True

    def done(self) -> _Call | None:
        """Return the call whose result is to be yielded next, if it is there, and forget it."""
        if self.in_order:
            return self.waiting.popleft() if self.waiting[0].answer else None
        for call in self.waiting:
            if call.answer:
                self.waiting.remove(call)
                return call
        return None


class _Worker:
    """A process, the pipes to and from it, and the calls it has been sent."""

    def __init__(self) -> None:
        import multiprocessing

        _begin_tracker()
        context = multiprocessing.get_context("spawn")  # no threads or locks come along, and their time is ours
        calls, self.calls = context.Pipe(duplex=False)
        self.results, results = context.Pipe(duplex=False)
        self.doing: deque[_Call] = deque()
        self.process = context.Process(target=serve, args=(calls, results))
        with uninterrupted():
            self.process.start()
        calls.close()
        results.close()

    def send(self, function: Any, call: _Call) -> None:
        """Send a call; that the process is dead is seen when its answer is waited for."""
        data = packed(function, call.sent)
        self.doing.append(call)
        try:
            self.calls.send_bytes(data)
        except OSError:
            pass

    def receive(self) -> bool:
        """Take the answer that is there; return whether there was one, and not the end of a process."""
        try:
            data = self.results.recv_bytes()
        except (EOFError, OSError):
            return False
        call = self.doing.popleft()
        call.answer = pickle.loads(data)
        call.sent = None
        return True


def _begin_tracker() -> None:
    """Start what Python keeps beside spawned processes; where it starts it itself, Ctrl-C no longer waits."""
    if os.name == "posix":
        from multiprocessing.resource_tracker import ensure_running

        ensure_running()
