"""Regular expressions that are compiled when they are first used, so that starting costs nothing."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split", "pattern", "flags")


class _Lazy:
    """Becomes a compiled pattern, method by method, at the first look."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return the compiled ``source``; compiling, and an error in it, wait for the first use."""
    return cast("re.Pattern[str]", _Lazy(source, flags))
