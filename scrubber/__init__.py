"""scrubber takes the web's debris out of text and says exactly what it removed and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Cleaned", "Cleaner", "Extracted", "Extractor", "Level", "Report", "Settings", "clean", "extract"]

if TYPE_CHECKING:
    from scrubber.cleaner import Cleaned, Cleaner, clean
    from scrubber.extract import Extracted, Extractor, extract
    from scrubber.model import Level, Report, Settings


def __getattr__(name: str) -> Any:
    """Return a public name; imported on first use so that the command line starts in a blink."""
    if name in ("Cleaned", "Cleaner", "clean"):
        from scrubber import cleaner

        return getattr(cleaner, name)
    if name in ("Extracted", "Extractor", "extract"):
        from importlib import import_module

        return getattr(import_module("scrubber.extract"), name)
    if name in ("Level", "Report", "Settings"):
        from scrubber import model

        return getattr(model, name)
    raise AttributeError(f"module 'scrubber' has no attribute {name!r}")
