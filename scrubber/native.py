"""The compiled loops, where they were built; without them the Python they stand in for does the same, slower.

``SCRUBBER_PURE=1`` in the environment leaves them out.
"""

from __future__ import annotations

import os
from typing import Any


def _load() -> Any:
    if os.environ.get("SCRUBBER_PURE", "0") not in ("", "0"):
        return None
    try:
        import scrubber._native as built
    except ImportError:
        return None
    return built


native: Any = _load()
"""The module ``_native``, or None."""
