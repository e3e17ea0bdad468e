"""A cleaner that travels between processes, and a report as one string. Nothing here knows a framework."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from scrubber.cleaner import Cleaned, Cleaner
from scrubber.model import Report, Settings


class Portable:
    """Settings that become a ``Cleaner`` where they are used: rules are compiled once a process and never sent."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    @cached_property
    def cleaner(self) -> Cleaner:
        """The cleaner of this process."""
        return Cleaner(self.settings)

    def clean(self, text: str, url: object = None, name: object = "") -> Cleaned:
        """Return what ``Cleaner.clean`` does; a ``url`` that is no text counts as none."""
        return self.cleaner.clean(text, url if isinstance(url, str) and url else None, name=str(name or ""))

    def __getstate__(self) -> dict[str, Any]:
        return {"settings": self.settings}


def told(report: Report) -> str:
    """Return a report as JSON: its removals, the number of rewrites, why it was refused, and errors.

    One string, because it fits every kind of column and metadata.
    """
    removals = [
        {"rule": r.rules[0], "role": r.role, "start": r.start, "end": r.end, "text": r.text} for r in report.removals
    ]  # fmt: skip
    data = {"removals": removals, "rewrites": len(report.rewrites), "refused": report.refused, "errors": report.errors}
    return json.dumps(data, ensure_ascii=False)
