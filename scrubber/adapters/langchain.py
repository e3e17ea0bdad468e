"""A document transformer for LangChain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrubber.adapters.portable import Portable, told
from scrubber.errors import needs
from scrubber.model import Settings

with needs("scrubber.adapters.langchain", "langchain"):
    from langchain_core.documents import BaseDocumentTransformer, Document


class Clean(BaseDocumentTransformer):
    """Returns documents with clean text; the ones handed in stay as they are.

    ``url`` names the entry of ``metadata`` with the address. ``report`` names one to be added to documents that
    changed, with what was done as JSON; nothing is added when it is empty.
    """

    def __init__(self, url: str = "source", report: str = "", settings: Settings | None = None) -> None:
        self.url = url
        self.report = report
        self.portable = Portable(settings)

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> Sequence[Document]:
        """Return the documents in order; one without a change is the very one handed in."""
        return [self._cleaned(document) for document in documents]

    def _cleaned(self, document: Document) -> Document:
        done = self.portable.clean(document.page_content, document.metadata.get(self.url))
        if not done.report.changed:
            return document
        more = {self.report: told(done.report)} if self.report else {}
        return document.model_copy(update={"page_content": done.text, "metadata": {**document.metadata, **more}})
