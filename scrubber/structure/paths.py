"""Features of the way from a block to the elements that matter: the best one, the main heading, a row of its like."""

from __future__ import annotations

from typing import Any

import numpy as np

from scrubber.structure.rows import Blocks, Rows
from scrubber.structure.tree import Tree, jumped


def best(rows: Rows, blocks: Blocks, tree: Tree, inside: Any) -> int:
    """Return the element whose paragraphs score best, and say how each block's elements score.

    Source: Arc90's Readability (2009): points for a paragraph go to its parent and half of them to the one above.
    """
    up = tree.parent[blocks.at]
    above = tree.parent[up]
    good = (blocks.size >= 5) & (blocks.link < 0.5)
    points = np.where(good, 1 + np.minimum(blocks.commas, 10) + np.minimum(blocks.size / 15, 3), 0.0)
    score = np.bincount(up, points, len(tree.parent)) + np.bincount(above, points / 2, len(tree.parent))
    score *= 1 - inside[1] / np.maximum(inside[0], 1)
    top = int(score.argmax())
    best = max(score[top], 1e-9)
    rows(score=score[up] / best, score_up=score[above] / best,
         score_best=(blocks.order >= tree.first[top]) & (blocks.order < tree.last[top]))  # fmt: skip
    return top


def main_path(rows: Rows, blocks: Blocks, tree: Tree, inside: Any) -> None:
    """Measure the element by which each block leaves the page's main path, the elements with most of the text."""
    share = (inside[0] - inside[1]) / max(inside[0, 0] - inside[1, 0], 1.0)
    on = share >= 0.5
    on[0] = True
    branch = jumped(np.where(on[tree.parent] | on, np.arange(len(on)), tree.parent))[blocks.at]
    size = np.maximum(inside[0], 1)
    rows(branch_words=np.log1p(inside[0])[branch], branch_links=(inside[1] / size)[branch],
         branch_prose=(inside[2] / size)[branch], branch_blocks=np.log1p(tree.last - tree.first)[branch],
         branch_position=tree.first[branch] / blocks.n, branch_depth=tree.depth[branch],
         branch_repeat=tree.repeat[branch], main_share=share[branch],
         leaves_main=np.minimum(tree.depth[blocks.at] - tree.depth[branch], 12))  # fmt: skip
    rows.bits("branch_", tree.own[branch])


_MANY = 3


def groups(rows: Rows, blocks: Blocks, tree: Tree, inside: Any) -> None:
    """Measure the two nearest elements around each block that have several siblings like them, with those siblings."""
    total, number = max(blocks.sums[0, -1], 1.0), np.arange(len(tree.parent))
    sums = [np.bincount(tree.group, values)[tree.group] for values in (*inside[:3], tree.last - tree.first)]
    size = np.maximum(sums[0], 1)
    share = sums[0] / total
    many = (tree.repeat >= _MANY) & (share > 0)
    nearest = jumped(np.where(many, number, tree.parent))
    values = {
        "repeat": np.log1p(tree.repeat), "share": share, "links": sums[1] / size, "prose": sums[2] / size,
        "mean": np.log1p(sums[0] / tree.repeat), "blocks": sums[3] / tree.repeat,
        "most": share / max(share[many].max(initial=0.0), 1e-9),
    }  # fmt: skip
    here = nearest[blocks.at]
    for prefix in ("group", "outer"):
        rows(**{f"{prefix}_{name}": np.where(many[here], value[here], -1) for name, value in values.items()})
        if prefix == "group":
            rows(group_away=np.where(many[here], tree.depth[blocks.at] - tree.depth[here], -1))
        here = nearest[tree.parent[here]]


def from_heading(rows: Rows, blocks: Blocks, tree: Tree, inside: Any) -> None:
    """Measure the way from each block to the first main heading."""
    if not (blocks.heading == 1).any():
        return
    meet, depth = _meeting(tree, int(blocks.at[int(np.argmax(blocks.heading == 1))]))
    meet = meet[blocks.at]
    rows(h1_up=tree.depth[blocks.at] - tree.depth[meet], h1_down=depth - tree.depth[meet],
         h1_share=inside[0][meet] / max(inside[0, 0], 1.0))  # fmt: skip


def _meeting(tree: Tree, here: int) -> tuple[Any, float]:
    """Return where the way up from each element meets that from one of them, and the depth of that one."""
    lineage, depth = np.zeros(len(tree.parent), dtype=bool), float(tree.depth[here])
    while not lineage[here]:
        lineage[here] = True
        here = int(tree.parent[here])
    return jumped(np.where(lineage, np.arange(len(lineage)), tree.parent)), depth


def from_top(rows: Rows, blocks: Blocks, tree: Tree, top: int, prose: float) -> None:
    """Measure the way from each block to the best element."""
    meet = tree.depth[_meeting(tree, top)[0][blocks.at]]
    depth, order = tree.depth[blocks.at], blocks.order
    apart = np.maximum(np.maximum(tree.first[top] - order, order - tree.last[top] + 1), 0)
    done = (blocks.sums[2, :-1] - blocks.sums[2, tree.first[top]]) / max(prose, 1.0)
    rows(top_up=depth - meet, top_down=tree.depth[top] - meet, top_depth=depth - tree.depth[top],
         top_distance=np.log1p(apart), top_before=np.clip(done, -0.5, 1.5))  # fmt: skip
