"""Selectors: CSS or XPath in a rule file, XPath 1.0 on a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree

_FUNCTIONS = frozenset(
    "last position count id local-name namespace-uri name string concat starts-with contains substring-before "
    "substring-after substring string-length normalize-space translate boolean not true false lang number sum floor "
    "ceiling round text node comment processing-instruction and or mod div".split()
)  # libxml2 looks a function up only when it gets there, which on most pages is never
_CALL = re.compile(r"([\w-]+)\s*\(")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_NO_ELEMENT = re.compile(r"/(?:@[\w-]+|text\(\)|comment\(\))\s*\Z")


def to_xpath(selector: str) -> str:
    """Return a selector as XPath; what starts with ``/``, ``(`` or ``./`` is XPath already.

    Raises ``ValueError`` for what is neither, or selects no elements.
    """
    selector = selector.strip()
    if selector.startswith(("/", "(", "./")):
        xpath = selector
    else:
        from cssselect import HTMLTranslator, SelectorError

        try:
            xpath = HTMLTranslator().css_to_xpath(selector, prefix="//")
        except SelectorError as error:
            raise ValueError(f'not a CSS selector: "{selector}": {error}') from error
    unknown = set(_CALL.findall(_QUOTED.sub("", xpath))) - _FUNCTIONS
    if unknown or _NO_ELEMENT.search(xpath):
        raise ValueError(f'"{selector}": ' + (f"no function {min(unknown)}()" if unknown else "selects no elements"))
    try:
        if not isinstance(_compiled(xpath)(etree.Element("html")), list):
            raise ValueError(f'"{selector}" selects no elements')
    except etree.XPathError as error:
        raise ValueError(f'not XPath 1.0: "{selector}": {error}') from error
    return xpath


@lru_cache(maxsize=4000)
def _compiled(xpath: str) -> Any:
    return etree.XPath(xpath, smart_strings=False)


def select(tree: Any, xpaths: Iterable[str]) -> list[Any]:
    """Return the elements that any of the expressions finds, in no order; text and attributes count as their element."""
    if tree is None:
        return []
    found: dict[Any, None] = {}
    for xpath in xpaths:
        try:
            nodes = _compiled(xpath)(tree)
        except etree.XPathError:
            continue
        found.update(dict.fromkeys(node for node in nodes if isinstance(node, etree._Element)))
    return list(found)


class Facts:
    """What stands in a page, worked out when asked for."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree

    @cached_property
    def tokens(self) -> set[str]:
        """The words of every class and id."""
        return set(" ".join(_compiled("//@class")(self.tree) + _compiled("//@id")(self.tree)).split())

    @cached_property
    def names(self) -> set[str]:
        """The names of the elements, and those of the attributes after ``@``."""
        tags: set[str] = set()
        attributes: set[str] = set()
        for element in self.tree.iter(etree.Element):
            tags.add(element.tag)
            attributes.update(element.keys())
        return tags.union("@" + name for name in attributes)

    @cached_property
    def values(self) -> str:
        """The values of all attributes, one after the other."""
        return "\n".join(_compiled("//@*")(self.tree))
