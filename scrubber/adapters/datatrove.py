"""A step for pipelines of datatrove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scrubber.adapters.portable import Portable, told
from scrubber.errors import needs
from scrubber.model import Settings

with needs("scrubber.adapters.datatrove", "datatrove"):
    from datatrove.pipeline.base import PipelineStep


class Clean(PipelineStep):
    """Cleans the text of documents; none is dropped.

    ``url`` names the entry of ``metadata`` with the address. ``report`` names one to be added to documents that
    changed, with what was done as JSON; nothing is added when it is empty.
    """

    name = "scrubber"
    type = "✂️ - FORMAT"

    def __init__(self, url: str = "url", report: str = "", settings: Settings | None = None) -> None:
        super().__init__()
        self.url = url
        self.report = report
        self.portable = Portable(settings)

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Yield every document of ``data``, cleaned."""
        for document in data:
            with self.track_time():
                done = self.portable.clean(document.text, document.metadata.get(self.url), document.id)
            report = done.report
            self.stat_update("total")
            if report.refused:
                self.stat_update("refused")
            if report.changed:
                self.stat_update("changed")
                self.stat_update("removed characters", value=sum(r.end - r.start for r in report.removals))
                document.text = done.text
                if self.report:
                    document.metadata[self.report] = told(report)
            yield document
