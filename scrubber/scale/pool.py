"""Calls spread over processes: results in the order of the calls, few calls under way at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from scrubber.errors import ScrubberError
from scrubber.interrupt import uninterrupted

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")
Run = Callable[[Callable[[Any], Any], Iterable[tuple[Any, Any]]], Iterator[tuple[Any, Any]]]
"""Takes a function and pairs of (call, what stays here); yields (what stayed, result)."""

_TRIES = 3
_HELD = 4 << 20
"""Bytes a worker may have waiting for it, beyond the one call it always may have."""


def here(function: Callable[[Any], R], calls: Iterable[tuple[Any, T]]) -> Iterator[tuple[T, R]]:
    """Do the calls in this process, one by one."""
    for call, stays in calls:
        yield stays, function(call)


@contextmanager
def processes(jobs: int, in_order: bool = True) -> Iterator[Run]:
    """Give what spreads calls over ``jobs`` processes, or ``here`` for one. On the way out they all end."""
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
        self.executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool

        context = multiprocessing.get_context("spawn")  # no threads or locks come along, and their time is ours
        self.stop = context.Event()
        executor = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_begin, initargs=(self.stop,))
        with suppress(BrokenProcessPool), uninterrupted():
            for _ in range(
                self.jobs
            ):  # a process that is still being started when another dies would be waited for for ever
                executor.submit(_ready)
        return executor

    def close(self) -> None:
        """End the processes; a shard under way is given up, a block is finished."""
        self.stop.set()
        self.executor.shutdown(wait=True, cancel_futures=True)

    def spread(self, function: Callable[[Any], R], calls: Iterable[tuple[Any, T]]) -> Iterator[tuple[T, R]]:
        """Yield the results in order. At most twice as many calls as processes wait, and few bytes of them."""
        return self._spread(function, calls, lambda waiting: 0)

    def as_done(self, function: Callable[[Any], R], calls: Iterable[tuple[Any, T]]) -> Iterator[tuple[T, R]]:
        """Yield the results as they come."""
        return self._spread(function, calls, _first_done)

    def _spread(
        self, function: Callable[[Any], R], calls: Iterable[tuple[Any, T]], pick: Callable[[list[_Call]], int]
    ) -> Iterator[tuple[T, R]]:
        from concurrent.futures.process import BrokenProcessPool

        calls = iter(calls)
        waiting: list[_Call] = []
        more = True
        while True:
            while more and len(waiting) < 2 * self.jobs and _bytes(waiting) < self.jobs * _HELD:
                pair = next(calls, None)
                if pair is None:
                    more = False
                    break
                waiting.append(_Call(*pair, self._submit(function, pair[0])))
            if not waiting:
                return
            at = pick(waiting)
            try:
                result = waiting[at].future.result()
            except BrokenProcessPool:
                waiting = self._again(function, waiting, at)
                continue
            yield waiting.pop(at).stays, result

    def _submit(self, function: Callable[[Any], R], sent: Any) -> Future[R]:
        from concurrent.futures import Future
        from concurrent.futures.process import BrokenProcessPool

        try:
            with uninterrupted():
                return self.executor.submit(_do, function, sent)
        except BrokenProcessPool as error:
            broken: Future[R] = Future()
            broken.set_exception(error)
            return broken

    def _again(self, function: Callable[[Any], R], waiting: list[_Call], at: int) -> list[_Call]:
        """Return the calls with new processes at work on them; the one at ``at`` goes alone, it may be what kills them."""
        from concurrent.futures.process import BrokenProcessPool

        sent = waiting[at].sent
        for _ in range(_TRIES):
            self.executor.shutdown(wait=False, cancel_futures=True)
            self.executor = self._start()
            with uninterrupted():
                alone = self.executor.submit(_do, function, sent)
            if isinstance(alone.exception(), BrokenProcessPool):
                continue
            again = [c if c.well else c._replace(future=self._submit(function, c.sent)) for c in waiting]
            again[at] = waiting[at]._replace(future=alone)
            return again
        killed = f"{getattr(sent, 'place', 'a file')}: the process that worked on it was killed {_TRIES} times"
        raise ScrubberError(f"{killed} (too little memory? try a smaller --max-record)")


class _Call(NamedTuple):
    """A call under way: what was sent, what stayed here, and what will come of it."""

    sent: Any
    stays: Any
    future: Future[Any]

    @property
    def well(self) -> bool:
        """Whether its result is there."""
        return self.future.done() and not self.future.cancelled() and self.future.exception() is None


def _first_done(waiting: list[_Call]) -> int:
    from concurrent.futures import FIRST_COMPLETED, wait

    wait([call.future for call in waiting], return_when=FIRST_COMPLETED)
    return next(at for at, call in enumerate(waiting) if call.future.done())


def _bytes(waiting: Iterable[_Call]) -> int:
    return sum(getattr(call.sent, "size", 0) for call in waiting)


def _ready() -> None:
    """Do nothing, in a process that is there by then."""


def _do(function: Callable[[Any], R], sent: Any) -> R:
    go_on()
    return function(sent)


class Stopped(Exception):
    """The process that asked wants no more."""


_asked: list[Any] = []
"""In a worker: the event that says so."""


def go_on() -> None:
    """Raise ``Stopped`` in a worker whose work nobody waits for any more."""
    if _asked and _asked[0].is_set():
        raise Stopped


def _begin(stop: Any) -> None:
    """Leave Ctrl-C to the process that asked, and end when it is gone."""
    import signal
    import threading
    from multiprocessing import connection, parent_process

    _asked[:] = [stop]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
