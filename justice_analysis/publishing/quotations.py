"""Quotations from interviews on a study's page: under their theme, with the role who spoke."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from justice_analysis.publishing.markup import escape
from justice_analysis.publishing.released_reader import ReleasedOutput


def quotations_html(output: ReleasedOutput) -> str:
    """Write released quotations as block quotes; hidden ones leave a line that says so."""
    themes = list(dict.fromkeys(row["theme"] for row in output.rows))
    return "\n".join(
        line
        for theme in themes
        for line in _theme(theme, [row for row in output.rows if row["theme"] == theme])
    )


def _theme(theme: str, rows: list[Mapping[str, str]]) -> Iterator[str]:
    yield f'<p class="theme"><strong>{escape(theme)}</strong></p>'
    for row in rows:
        if row["shown"] != "yes":
            yield '<p class="not-released">A quotation is hidden for confidentiality.</p>'
            continue
        yield (
            f'<blockquote class="quotation"><p>{escape(row["quotation"])}</p>'
            f"<footer>{escape(row['speaker'])}</footer></blockquote>"
        )
