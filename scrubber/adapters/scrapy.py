"""An item pipeline for Scrapy: ``ITEM_PIPELINES = {"scrubber.adapters.scrapy.Clean": 300}``.

Settings of the spider: ``SCRUBBER_FIELDS`` (fields that are cleaned, ``["text"]``), ``SCRUBBER_URL_FIELD`` (``"url"``),
``SCRUBBER_CONFIG`` (a settings file such as ``scrubber.toml``), ``SCRUBBER_REPORT`` (a file for the report, as JSON Lines).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Self

from scrubber.adapters.portable import Portable
from scrubber.cleaner import Cleaned
from scrubber.errors import needs
from scrubber.model import Settings
from scrubber.report.jsonl import lines
from scrubber.settings import load

with needs("scrubber.adapters.scrapy", "scrapy"):
    from itemadapter import ItemAdapter


class Clean:
    """Cleans fields of items, counts in the crawl's stats, and writes a report if asked to."""

    def __init__(
        self, fields: list[str], url: str = "url", settings: Settings | None = None, report: str = "", stats: Any = None
    ) -> None:
        self.fields = fields
        self.url = url
        self.portable = Portable(settings)
        self.report = report
        self.stats = stats
        self._sink: BinaryIO | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Return the pipeline the crawler's settings ask for. Raises ``SettingsError`` for a wrong settings file."""
        given = crawler.settings
        config = given.get("SCRUBBER_CONFIG")
        return cls(
            given.getlist("SCRUBBER_FIELDS", ["text"]),
            given.get("SCRUBBER_URL_FIELD", "url"),
            load(Path(config)).settings if config else None,
            given.get("SCRUBBER_REPORT", ""),
            crawler.stats,
        )

    def open_spider(self) -> None:
        """Open the report."""
        if self.report:
            self._sink = open(self.report, "wb")  # noqa: SIM115 - closed with the spider

    def close_spider(self) -> None:
        """Close the report."""
        if self._sink is not None:
            self._sink.close()

    def process_item(self, item: Any) -> Any:
        """Return the item, its fields cleaned; fields that are missing or hold no text are left alone."""
        adapter = ItemAdapter(item)
        for field in self.fields:
            text = adapter.get(field)
            if not isinstance(text, str):
                continue
            url = adapter.get(self.url)
            done = self.portable.clean(text, url, f"{url or 'item'}#{field}")
            adapter[field] = done.text
            self._tell(text, done)
        return item

    def _tell(self, text: str, done: Cleaned) -> None:
        report = done.report
        if self.stats is not None:
            self.stats.inc_value("scrubber/documents")
            self.stats.inc_value("scrubber/changed", int(report.changed))
            self.stats.inc_value("scrubber/removals", len(report.removals))
            self.stats.inc_value("scrubber/refused", int(bool(report.refused)))
        if self._sink is not None:
            self._sink.writelines(lines(report, **_about(text, done.text)))


def _about(before: str, after: str) -> dict[str, Any]:
    from hashlib import sha256

    hashes = [sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in (before, after)]
    return {"encoding": "utf-8", "bom": b"", "sha256_in": hashes[0], "sha256_out": hashes[1],
            "decode_errors": "surrogatepass"}  # fmt: skip
