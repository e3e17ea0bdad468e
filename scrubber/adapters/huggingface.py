"""A function for ``datasets.Dataset.map`` of Hugging Face, streaming data sets included."""

from __future__ import annotations

from typing import Any

from scrubber.adapters.portable import Portable, told
from scrubber.model import Settings


class Clean(Portable):
    """Cleans the column ``text`` of a batch: ``dataset.map(Clean(), batched=True, num_proc=8)``.

    ``url`` names the column with addresses, which may be missing. ``report`` names a column to be added with what was
    done as JSON; nothing is added when it is empty. Values that are no text stay as they are.
    """

    def __init__(self, text: str = "text", url: str = "url", report: str = "", settings: Settings | None = None) -> None:
        super().__init__(settings)
        self.text = text
        self.url = url
        self.report = report

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Return the columns that change."""
        texts = batch[self.text]
        if isinstance(texts, str):
            raise TypeError("scrubber.adapters.huggingface.Clean works on batches: say map(..., batched=True)")
        urls = batch[self.url] if self.url in batch else [None] * len(texts)
        done = [
            self.clean(text, url) if isinstance(text, str) else None for text, url in zip(texts, urls, strict=True)
        ]  # fmt: skip
        columns: dict[str, list[Any]] = {
            self.text: [text if one is None else one.text for text, one in zip(texts, done, strict=True)]
        }
        if self.report:
            columns[self.report] = [None if one is None else told(one.report) for one in done]
        return columns

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "text": self.text, "url": self.url, "report": self.report}
