"""Whole files cleaned in whichever process, for those that are not written as shards."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from scrubber.errors import DecodeError
from scrubber.files import mirror_host
from scrubber.model import Settings
from scrubber.run import Request, Result, clean_bytes
from scrubber.scale.tools import cleaner


class File(NamedTuple):
    """A file to be cleaned: its path, or its bytes if they have been read, and the name it goes by."""

    name: str
    settings: Settings
    request: Request
    data: bytes | None = None


class Cleaned(NamedTuple):
    """What became of a file, or what is wrong with it; and the rules that its settings have silenced so far."""

    result: Result | None = None
    error: str = ""
    silenced: tuple[str, ...] = ()


def clean_file(file: File) -> Cleaned:
    """Return what becomes of a file."""
    tool = cleaner(file.settings)
    request = file.request
    if not request.url:
        request = request._replace(url=mirror_host(file.name))
    try:
        data = Path(file.name).read_bytes() if file.data is None else file.data
        result = clean_bytes(tool, data, file.name, request)
    except DecodeError as error:
        return Cleaned(error=f"{file.name}: {error}")
    except OSError as error:
        return Cleaned(error=f"{file.name}: {error.strerror or error}")
    return Cleaned(result, silenced=tuple(tool.engine.selected.silenced))
