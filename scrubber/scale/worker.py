"""The other end of the pool: a process that does the calls it is sent, until nobody sends any more."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_GRACE = 30.0
"""Seconds that what is under way may take to come to an end when nobody waits for it any more."""

_unwanted = threading.Event()


class Stopped(Exception):
    """Nobody waits for the work any more."""


def go_on() -> None:
    """Raise ``Stopped`` in a worker whose work nobody waits for any more."""
    if _unwanted.is_set():
        raise Stopped


def packed(function: Callable[[Any], Any], sent: Any) -> bytes:
    """Return a call as it is sent."""
    return pickle.dumps((function, sent), pickle.HIGHEST_PROTOCOL)


def serve(calls: Connection, results: Connection) -> None:
    """Answer calls one after another until the pipe they come through is closed. Ctrl-C is left to who sends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    held: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_take, args=(calls, held), daemon=True).start()
    while (call := held.get()) is not None:
        try:
            results.send_bytes(_answer(call))
        except (Stopped, OSError):
            return


def _take(calls: Connection, held: SimpleQueue[bytes | None]) -> None:
    """Take in calls while others are worked on, so that who sends them never waits."""
    try:
        while True:
            held.put(calls.recv_bytes())
    except (EOFError, OSError):  # also when who sends them was killed
        _unwanted.set()
        held.put(None)
        time.sleep(_GRACE)
        os._exit(1)


def _answer(call: bytes) -> bytes:
    """Return the result and None, or None and the error, as they are sent."""
    try:
        function, sent = pickle.loads(call)
        go_on()
        return pickle.dumps((function(sent), None), pickle.HIGHEST_PROTOCOL)
    except Stopped:
        raise
    except Exception as error:  # noqa: BLE001 - raised again where the result is waited for
        return pickle.dumps((None, _portable(error)), pickle.HIGHEST_PROTOCOL)


def _portable(error: Exception) -> Exception:
    """Return the error with the place it comes from, or one that says as much if it cannot be sent."""
    told = "".join(traceback.format_exception(error))
    try:
        error.add_note(told)
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever it is that an error of some library cannot do
        return RuntimeError(told)
    return error
