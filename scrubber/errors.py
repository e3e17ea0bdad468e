"""Errors a user can act on. Each says where, what and what to do, and carries its exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class ScrubberError(Exception):
    """Base of every error scrubber raises on purpose; ``exit_code`` is what the shell sees."""

    exit_code = 2


class RuleError(ScrubberError):
    """A rule file is wrong; the message starts with ``path:line:``."""


class SettingsError(ScrubberError):
    """A settings file or option is wrong."""


class DecodeError(ScrubberError):
    """Bytes could not be read as text; the message names the offset."""


class RestoreError(ScrubberError):
    """The report does not fit the text it should be undone on."""


class RecordError(ScrubberError):
    """A record of a container is malformed; the message starts with ``file:line:``."""


class ContainerError(ScrubberError):
    """A file that holds records cannot be read or written as a whole; the message starts with its name."""


class ResumeError(ScrubberError):
    """What was begun with other rules or settings cannot be gone on with."""


@contextmanager
def needs(what: str, extra: str) -> Iterator[None]:
    """Turn a failed import inside the block into a ``SettingsError`` that gives the line to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError(f"{what} needs the package {error.name}: pip install 'scrubber[{extra}]'") from error
