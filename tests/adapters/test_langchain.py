"""The document transformer for LangChain."""

from __future__ import annotations

import asyncio
import json

import pytest

pytest.importorskip("langchain_core")

from langchain_core.documents import BaseDocumentTransformer, Document

from scrubber.adapters.langchain import Clean


def test_documents_are_cleaned_and_those_handed_in_stay(dirty: str, clean: str) -> None:
    given = [Document(page_content=dirty, metadata={"source": "https://a.example/"}, id="1"), Document(page_content="x")]
    transformer = Clean(report="scrubber")
    assert isinstance(transformer, BaseDocumentTransformer)
    first, second = transformer.transform_documents(given)
    assert (first.page_content, first.id, first.metadata["source"]) == (clean, "1", "https://a.example/")
    assert len(json.loads(first.metadata["scrubber"])["removals"]) == 2
    assert second is given[1]
    assert given[0] == Document(page_content=dirty, metadata={"source": "https://a.example/"}, id="1")
    assert asyncio.run(transformer.atransform_documents(given)) == [first, second]
