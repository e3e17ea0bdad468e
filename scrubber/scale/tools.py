"""What is made ready once in a process and used for all its records."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scrubber.cleaner import Cleaner
from scrubber.model import Settings

if TYPE_CHECKING:
    from scrubber.extract import Extractor


@lru_cache(maxsize=64)
def cleaner(settings: Settings) -> Cleaner:
    """Return the cleaner for settings; a process keeps some."""
    return Cleaner(settings)


@lru_cache(maxsize=16)
def extractor(settings: Settings, use_rules: bool) -> Extractor:
    """Return the extractor for settings; a process keeps some."""
    from scrubber.extract import Extractor

    return Extractor(settings, rules=use_rules)
