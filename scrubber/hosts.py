"""Names by which packs may call a host: itself, the hosts above it, and ``example.*`` for every ending."""

from __future__ import annotations

_SECOND = frozenset("ac co com edu go gob gov ne net nom or org".split())


def above(host: str) -> list[str]:
    """Return the host and those above it, most specific first, then the same with any ending.

    >>> above("www.example.co.uk")
    ['www.example.co.uk', 'example.co.uk', 'co.uk', 'www.example.*', 'example.*']
    """
    labels = host.lower().split(".")
    return [".".join(labels[i:]) for i in range(max(len(labels) - 1, 0))] + entities(host.lower())


def entities(host: str) -> list[str]:
    """Return the names of a host and of those above it whose ending is left open, most specific first.

    Without a list of public suffixes: the last label is the ending, with the one before when that is such as ``co``.
    """
    labels = host.split(".")
    if len(labels) < 2 or labels[-1] == "*" or all(label.isdigit() for label in labels):
        return []
    ending = 2 if len(labels) > 2 and labels[-2] in _SECOND else 1
    return [".".join(labels[i:-ending]) + ".*" for i in range(len(labels) - ending)]
