"""Whether a stream gets colours. How things are coloured is decided where they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Stream(Protocol):
    """Anything that knows whether a person is at the other end."""

    def isatty(self) -> bool:
        """Return whether it is a terminal."""


def use_colour(choice: str, stream: Stream | None, env: Mapping[str, str]) -> bool:
    """Return whether to write colours to ``stream``; ``choice`` is ``auto``, ``always`` or ``never``.

    A choice beats the environment. There, ``NO_COLOR`` (not empty) beats ``FORCE_COLOR`` and
    ``CLICOLOR_FORCE`` (neither empty nor ``0``), which beat ``CLICOLOR=0``, ``TERM=dumb`` and a stream that
    is no terminal.
    See https://no-color.org, https://force-color.org and https://bixense.com/clicolors.
    """
    if choice != "auto":
        return choice == "always"
    if env.get("NO_COLOR"):
        return False
    if any(env.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if env.get("CLICOLOR") == "0" or env.get("TERM") == "dumb":
        return False
    return stream is not None and stream.isatty()
