"""The files that leave: CSV and plain text that anyone can read without our code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from justice_analysis.disclosure.compared import Compared
from justice_analysis.disclosure.released import Released
from justice_analysis.disclosure.runs import Run
from justice_analysis.disclosure.wording import MARK, SYNTHETIC
from justice_analysis.errors import UsageError

NO_WORD = "suppressed: the numbers of this row are not shown, to protect people."


def table_csv(released: Released, *, synthetic: bool) -> str:
    """Write the table: dimensions, statistics, `shown`; a hidden cell is empty.

    A file travels alone, so where data is synthetic every row says so, in a last column.
    """
    table = released.table
    if synthetic:
        table = table.assign(**{MARK: SYNTHETIC})
    return str(table.to_csv(index=False, lineterminator="\n", float_format="%.8g"))


def index_csv(lines: Iterable[Mapping[str, str]], *, synthetic: bool) -> str:
    """Write one line per output asked for, released or not; synthetic data says so."""
    mark = {MARK: SYNTHETIC} if synthetic else {}
    columns = ("id", "kind", "title", "cell", "status", "reason", "files", *mark)
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**line, **mark} for line in lines)
    return written.getvalue()


def context_txt(released: Released, *, synthetic: bool, has_figure: bool) -> str:
    """Write what must be known to read the numbers, as YAML that reads as text."""
    context = dict(released.context)
    card = context.pop("card")
    hidden = (released.table["shown"] == "suppressed").any()
    described = {
        "title": released.title,
        "kind": released.kind,
        "synthetic": synthetic,
        **context,
        "card": card,
        "definition": definition(str(card)) if card else None,
        "shown": {"yes": "the numbers are shown."} | ({"suppressed": NO_WORD} if hidden else {}),
        "alt_text": alternative_text(released) if has_figure else None,
        "chart": asdict(released.chart) if has_figure and released.chart else None,
    }
    return as_yaml(described)


def provenance_txt(run: Run, *, profile: str, released: str, compared: Compared) -> str:
    """Say where the numbers of one run come from, and what they were compared with."""
    manifest = run.manifest
    return as_yaml(
        {
            "study": manifest["study"],
            "variant": manifest["variant"],
            "title": manifest.get("title"),
            "synthetic": run.is_synthetic,
            "parameters": manifest.get("parameters") or {},
            "disclosure": manifest.get("disclosure") or {},
            "profile": profile,
            "released": released,
            "compared": list(compared.said),
            "not_compared": list(compared.not_said),
            "run": f"finished {manifest['finished']}" if manifest.get("finished") else None,
            "package_version": manifest.get("package_version"),
            "package_sha256": manifest.get("package_sha256"),
            "notebook_sha256": manifest.get("notebook_sha256"),
            "parameters_sha256": manifest.get("parameters_sha256"),
            "warehouse_fingerprint": manifest["warehouse"].get("fingerprint"),
            "sources": run.sources,
        }
    )


def definition(card: str) -> str | None:
    """Return the card's definition, where the metric is registered."""
    import justice_analysis.metrics  # noqa: F401  (registers the cards)
    from justice_analysis import definitions

    try:
        return definitions.get(card).card.definition
    except UsageError:
        return None


def alternative_text(released: Released) -> str:
    """Return the author's alternative text, or the chart and its released numbers in words."""
    from justice_analysis import charts

    assert released.chart is not None
    if released.chart.alt_text.strip():
        return released.chart.alt_text
    return charts.alternative_text(released.table, released.chart, released.title)


def as_yaml(described: Mapping[str, Any]) -> str:
    """Write a mapping as YAML in its own order, without empty fields."""
    import yaml

    kept = {name: value for name, value in described.items() if value not in (None, "", [], {})}
    return yaml.safe_dump(_plain(kept), sort_keys=False, allow_unicode=True, width=88)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
