"""Errors a user can act on. Each says where, what and what to do, and carries its exit code."""

from __future__ import annotations


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
