"""A Sphinx extension: mathematics as MathML, which browsers show without any script."""

from __future__ import annotations

import html
from typing import Any


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer under the name `mathml`."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_inline, None), block_renderers=(_block, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    translator.body.append(to_mathml(node.astext(), display="inline"))
    raise SkipNode


def _block(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    formula = to_mathml(node.astext(), display="block")
    translator.body.append(
        f'<div class="math" role="group" aria-label="Formula" tabindex="0">{formula}</div>'
    )
    raise SkipNode


def to_mathml(latex: str, *, display: str) -> str:
    """Turn LaTeX into MathML that carries its LaTeX as alternative text."""
    from latex2mathml.converter import convert

    formula: str = convert(latex, display=display)
    alternative = html.escape(" ".join(latex.split()), quote=True)
    return formula.replace("<math ", f'<math alttext="{alternative}" ', 1)
