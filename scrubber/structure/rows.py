"""The rows of the matrix of features, and the blocks of a page as arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scrubber.structure.names import GROUPS
from scrubber.structure.tree import TAGS

NAMES: tuple[str, ...] = tuple(
    "words links stop commas symbols depth place from_end from_h1 dup_text same_shape same_shape_words "
    "same_shape_mean word_length own_p own_div in_article in_main in_footer near_comment near_image wide_footer "
    "wide_comment wide_cookie above_footer above_comment above_cookie above_exact levels_exact levels_content "
    "levels_post levels_comment levels_card up1_words up1_share up1_links up1_mean up1_prose up1_repeat up2_words "
    "up2_share up2_links up2_blocks up2_mean up2_position up2_prose up3_words up3_share up3_links up3_blocks up3_mean "
    "up3_prose up3_repeat up4_words up4_share up4_links up4_blocks up4_mean up4_prose up4_repeat words-1 depth-2 "
    "depth-1 depth+2 near3_words near3_links near3_prose near10_words near10_links near10_prose before_words "
    "after_words before_prose after_prose section_words section_links section_prose section_blocks section_at "
    "section_level score score_up score_best branch_words branch_links branch_prose branch_blocks branch_position "
    "branch_depth branch_repeat leaves_main main_share branch_cookie top_up top_down top_depth top_distance "
    "top_before prose_before prose_after heading hidden in_form in_figure in_table in_li near_meta near_box "
    "near_hidden above_nav above_live levels_related heading-1 links+1 same_before section_head_words up3_position "
    "up2_repeat group_repeat group_share group_links group_prose group_mean group_blocks group_most group_away "
    "outer_repeat outer_share outer_links outer_prose outer_mean outer_most h1_up h1_down h1_share digits "
    "section_head_links section_h1 page_blocks page_words page_links page_prose page_articles page_og_article "
    "page_items page_says_article page_says_forum page_says_product page_slug page_h1".split()
)

PAGE_FEATURES = [i for i, name in enumerate(NAMES) if name.startswith("page_")]
"""Rows that are the same for every block of a page."""

HEADING, LINKS = NAMES.index("heading"), NAMES.index("links")
"""The rows with a heading's level (0 for other blocks) and with the share of words in links."""

ROW = {name: i for i, name in enumerate(NAMES)}
GROUP = {name: i for i, name in enumerate(GROUPS)}
_TAG = {name: i for i, name in enumerate(TAGS, len(GROUPS))}
_BITS = {
    prefix: [(ROW[prefix + name], bit) for name, bit in bits.items() if prefix + name in ROW]
    for prefix, bits in (("in_", _TAG), ("near_", GROUP), ("wide_", GROUP), ("above_", GROUP), ("branch_", GROUP))
}
"""For each prefix the rows it fills, and the bit of the names or tags that each takes."""


class Blocks(NamedTuple):
    """The blocks of a page as arrays; ``at`` are their elements, ``order`` is 0, 1, 2 …"""

    n: int
    order: Any
    at: Any
    size: Any
    link: Any
    prose: Any
    """The size of blocks that read like prose, 0 for others."""
    commas: Any
    heading: Any
    sums: Any
    """Running sums, with 0 in front, of size, link words, prose, and blocks of prose."""

    def within(self, first: Any, last: Any) -> Any:
        """Return the four sums over half-open ranges of blocks."""
        return self.sums[:, last] - self.sums[:, first]


class Rows:
    """The matrix while it is filled; what ``NAMES`` does not list is left out."""

    def __init__(self, blocks: int) -> None:
        self.matrix = np.zeros((len(NAMES), blocks), dtype=np.float32)

    def __call__(self, **given: Any) -> None:
        for name, value in given.items():
            row = ROW.get(name)
            if row is not None:
                self.matrix[row] = value

    def bits(self, prefix: str, bits: Any) -> None:
        """Fill the rows that ask for one bit of many."""
        for row, shift in _BITS[prefix]:
            self.matrix[row] = (bits >> shift) & 1
