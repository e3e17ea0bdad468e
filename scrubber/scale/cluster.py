"""Calls spread over a Ray cluster: each is done again elsewhere when a node is lost. All nodes see the same files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from scrubber.errors import ScrubberError, needs
from scrubber.scale.pool import Run

T = TypeVar("T")
R = TypeVar("R")
_WINDOW = 1000
_TRIES = 3


@contextmanager
def nodes(address: str = "", jobs: int | None = None) -> Iterator[Run]:
    """Give what spreads calls over the cluster at ``address``, or over one of ``jobs`` processes on this machine.

    A call is given to another node up to three times. Raises ``ScrubberError`` when it is lost for good.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    with needs("--engine ray", "ray"):
        import ray
    ours = not ray.is_initialized()
    if ours:
        _reachable(address)
        own = {"num_cpus": jobs, "include_dashboard": False} if not address else {"address": address}
        try:
            ray.init(log_to_driver=False, logging_level=30, **own)
        except ConnectionError as error:
            raise ScrubberError(f"no Ray cluster at {address}: {error}") from error
    try:
        yield spread
    finally:
        if ours:
            ray.shutdown()


def _reachable(address: str) -> None:
    """Raise ``ScrubberError`` if nothing listens at ``host:port``; Ray would try for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon or "://" in address or not port.isdigit():
        return
    import socket

    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except OSError as error:
        raise ScrubberError(f"no Ray cluster at {address}: {error.strerror or error}") from error


def spread(function: Callable[[Any], R], calls: Iterable[tuple[Any, T]]) -> Iterator[tuple[T, R]]:
    """Yield the results as they come; up to a thousand calls are under way."""
    import ray

    remote: Any = ray.remote(max_retries=_TRIES, scheduling_strategy="SPREAD")(_there)
    waiting: dict[Any, T] = {}
    calls = iter(calls)
    while True:
        while len(waiting) < _WINDOW and (pair := next(calls, None)) is not None:
            waiting[remote.remote(os.getcwd(), function, pair[0])] = pair[1]
        if not waiting:
            return
        for reference in ray.wait(list(waiting))[0]:
            yield waiting.pop(reference), _result(reference)


def _result(reference: Any) -> Any:
    import ray

    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError:  # an error of ours
        raise
    except ray.exceptions.RayError as error:
        raise ScrubberError(f"the cluster lost the same work {_TRIES + 1} times: {error}") from error


def _there(folder: str, function: Callable[[Any], R], call: Any) -> R:
    """Do a call where the paths in it mean the same as here."""
    os.chdir(folder)
    return function(call)
