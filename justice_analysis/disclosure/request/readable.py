"""The files that leave: CSV and plain text that anyone can read without our code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from justice_analysis.disclosure.earlier.changes import change_words
from justice_analysis.disclosure.earlier.compared import Compared
from justice_analysis.disclosure.earlier.history import History
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.released import Released
from justice_analysis.disclosure.request import context
from justice_analysis.disclosure.request.context_files import Edited
from justice_analysis.disclosure.runs import Run
from justice_analysis.disclosure.verdict import Judged
from justice_analysis.disclosure.wording import MARK, SYNTHETIC

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


@dataclass(frozen=True)
class Beside:
    """What is told beside the numbers of a request: its history and the researcher's own words."""

    history: History
    compared: Compared
    edited: Edited = field(default_factory=dict)

    def context(
        self, judged: Judged, released: Released, run: Run, profile: Profile
    ) -> dict[str, object]:
        """Gather what a stranger must know of one output."""
        candidate = judged.candidate
        made = context.draft(candidate.output)
        words = self.edited.get((run.name, candidate.id), made)
        return {
            "purpose": words.purpose,
            "question": words.question,
            "definition": words.definition,
            "sub_population": words.sub_population,
            "filters": list(words.filters) or "none",
            "weights": words.weights,
            "unweighted_n": context.unweighted_n(released.table, candidate.output, profile),
            "change_from_last_request": change_words(self.history, run, candidate, profile),
            "columns_hold": context.in_the_table(words, released),
            "not_shown": context.hidden_words(released.table),
            "compared_with": list(self.compared.said) or "nothing that left before",
            "words_edited": "by the researcher" if words != made else None,
        }


def context_txt(
    released: Released,
    beside: Mapping[str, object] | None = None,
    *,
    synthetic: bool,
    has_figure: bool,
) -> str:
    """Write what must be known to read the numbers, as YAML that reads as text.

    What people read comes first; what programs draw and convert by stands at the end.
    """
    said = dict(released.context)
    said.pop("options")  # the filters say them
    for_programs = {"shares": said.pop("shares")}
    hidden = (released.table["shown"] == "suppressed").any()
    first = {name: said.pop(name) for name in ("unit", "population")}
    if said["subtitle"] == first["population"]:
        for_programs["subtitle"] = said.pop("subtitle")
    described = {
        "title": released.title,
        "kind": released.kind,
        "synthetic": synthetic,
        **first,
        **(beside or {}),
        **said,
        "shown": {"yes": "the numbers are shown."} | ({"suppressed": NO_WORD} if hidden else {}),
        "alt_text": alternative_text(released) if has_figure else None,
        **for_programs,
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
            "code_sha256": manifest.get("code_sha256"),
            "interviews_sha256": manifest.get("interviews_sha256"),
            "parameters_sha256": manifest.get("parameters_sha256"),
            "warehouse_fingerprint": manifest["warehouse"].get("fingerprint"),
            "sources": run.sources_read,
        }
    )


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
