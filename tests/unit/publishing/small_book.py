"""A small release, its notebooks and parameters, as disclosure control would leave them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.disclosure import checksums
from justice_analysis.studies.notebook import code_sha256

CHECKOUT = Path(__file__).parents[3]
PARAMETERS = {"index_from": "2014-01-01", "followup_days": 1826, "look_back_days": None}


@dataclass(frozen=True)
class SmallRelease:
    """Folders that `build_book` is given."""

    release: Path
    notebooks: Path
    parameters: Path
    book: Path

    def variant(self, study: str, variant: str = "default") -> Path:
        return self.release / "request" / study / variant


def make_release(folder: Path) -> SmallRelease:
    """One protocol paper with two variants, and one paper on real data."""
    made = SmallRelease(
        folder / "release", folder / "notebooks", folder / "parameters", folder / "book"
    )
    _write_notebook(made.notebooks / "repeat_mothers.ipynb", PROTOCOL_CELLS)
    _write_notebook(made.notebooks / "release_returns.ipynb", PAPER_CELLS)
    write_book_folder(made.book)
    for variant, title in (
        ("default", None),
        ("from_final_order", "What share of mothers return after the first final order?"),
    ):
        _write_variant(made, "repeat_mothers", variant, synthetic=True, title=title)
    _write_variant(made, "release_returns", "default", synthetic=False, title=None)
    checksums.write(made.release / "request")
    return made


QUESTION = """# What share of mothers return to court?

How often a mother in care proceedings is in a further set, and how soon.

## Why it matters

Courts count cases. A mother in two sets of proceedings is two cases and one person, so the
courts' own counts cannot say how many mothers come back."""
CURVE_PROSE = """## How soon mothers return

Within five years {released}`headline/five_years` of simulated mothers return. The share is
one minus the Kaplan-Meier estimate,

$$\\hat F(t) = 1 - \\prod_{t_i \\le t} \\left(1 - \\frac{d_i}{n_i}\\right),$$

where $d_i$ mothers return on day $t_i$ and $n_i$ are still followed {cite}`example2020`.
Before a {term}`spell` ends there is no return."""
LIMITS = """## Strengths and limitations

A missed link looks like a mother who did not return, as in [calibration](calibration-default.md).
Another clock gives [another answer](repeat_mothers-from_final_order.md)."""
STATEMENT = """# How many men were arrested within a year of release?

Arrest after release, among men in one American state."""
POINTS = """## Main points

- {released}`headline/five_years` were arrested within a year.
- Of those under twenty, {released}`return_by_age/share[age=Under 20]` were."""
SURE = """## How sure we are

Intervals say how far chance could move a share. There are no links, so no link can be wrong."""
POLICY = """## What this means for policy

Help was tried at random, so a difference between groups can be read as its effect."""
STUDY_CODE = (
    ("code", "curve", (), 'study.show("return_by_time", result.output)'),
    ("markdown", "ages", (), "# Who returns\n\nYounger mothers have longer to return in."),
    ("code", "age", (), 'study.show("return_by_age", by_age)'),
    ("code", "area", (), 'study.show("return_by_area", by_area)'),
)
PROTOCOL_CELLS = (
    ("markdown", "title", (), QUESTION),
    ("code", "parameters", ("parameters",), "followup_days = 1826"),
    ("markdown", "points", ("main-points",), POINTS),
    ("markdown", "policy", ("policy",), POLICY),
    ("markdown", "question", (), CURVE_PROSE),
    ("markdown", "limits", (), LIMITS),
    *STUDY_CODE,
    ("markdown", "sure", ("sure",), SURE),
)
PAPER_CELLS = (
    ("markdown", "title", (), STATEMENT),
    ("code", "parameters", ("parameters",), "horizon_days = 365"),
    ("markdown", "points", ("main-points",), POINTS),
    ("markdown", "policy", ("policy",), POLICY),
    ("markdown", "story", (), "## Arrests come steadily\n\nThey are spread over the year."),
    *STUDY_CODE,
    ("markdown", "sure", ("sure",), SURE),
)
FRONT = {
    "status": "draft",
    "version": "0.1",
    "date": "2026-11-23",
    "authors": [{"name": "The example authors"}],
    "topics": ["returns after release"],
    "jurisdiction": ["criminal"],
    "place": "An example state",
    "abstract": "Of all, {released}`headline/five_years` came back.",
    "known": "Of men released, {released}`headline/five_years` were arrested.",
    "not_known": "Whether help kept them away.",
    "headlines": [{"say": "Arrested", "number": "headline/five_years", "trend": "return_by_time"}],
}
WORK = """@article{example2020,
  author = {Example, Anna and Example, Ben},
  title = {An example of a work},
  year = {2020},
}
"""


def write_book_folder(folder: Path) -> None:
    """Pages written by people, front matter and works, as small as they may be."""
    (folder / "papers").mkdir(parents=True)
    words = (CHECKOUT / "book" / "index.md").read_text(encoding="utf-8").splitlines()
    lists = "\n\n".join(line for line in words if line.startswith("% "))
    (folder / "index.md").write_text(f"# The book\n\nWhat it is.\n\n{lists}\n")
    (folder / "references.bib").write_text(WORK)
    for study in ("repeat_mothers", "release_returns"):
        write_yaml(folder / "papers" / f"{study}.yaml", FRONT)
    (folder.parent / "GLOSSARY.md").write_text("# Glossary\n\n**Spell.** A period of one state.\n")


def _write_notebook(path: Path, cells: Sequence[tuple]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [
        {"cell_type": kind, "id": cell, "metadata": {"tags": list(tags)}, "source": source}
        | ({} if kind == "markdown" else {"outputs": [], "execution_count": None})
        for kind, cell, tags, source in cells
    ]
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def _write_variant(
    made: SmallRelease, study: str, variant: str, *, synthetic: bool, title: str | None
) -> None:
    folder = made.variant(study, variant)
    folder.mkdir(parents=True)
    parameters = made.parameters / study / f"{variant}.yaml"
    parameters.parent.mkdir(parents=True, exist_ok=True)
    named = {"title": title} if title else {}
    parameters.write_text(yaml.safe_dump({"study": study, **named, "parameters": PARAMETERS}))
    notebook = made.notebooks / f"{study}.ipynb"
    write_yaml(
        folder / "provenance.txt", _provenance(study, variant, synthetic) | _code_of(notebook)
    )
    lines = [
        _released(folder, "headline", ("Numbers in the text", "", "text"), TEXTS, synthetic),
        _released(folder, "return_by_time", BY_TIME, CURVE, synthetic),
        _released(folder, "return_by_age", ("Return by age", "age", "estimates"), AGES, synthetic),
        {"id": "return_by_area", "kind": "estimates", "title": "Return by area", "cell": "area",
         "status": "review", "reason": "two areas hold fewer than 10 people", "files": ""},
    ]  # fmt: skip
    write_csv(folder / "outputs.csv", lines)
    _draw(folder / "return_by_time.png", synthetic)


def _provenance(study: str, variant: str, synthetic: bool) -> dict[str, Any]:
    nature = "synthetic" if synthetic else "open"
    dataset = "cafcass_england" if synthetic else "rossi"
    return {
        "study": study, "variant": variant, "synthetic": synthetic, "profile": "open",
        "package_version": "0.1.0", "released": "2026-11-22", "run": f"runs/{study}/{variant}",
        "warehouse": {"fingerprint": "5b1f0c9e2d3a4f60"},
        "sources": {dataset: {"nature": nature, "extract_date": "2024-03-31"}},
        "parameters": PARAMETERS,
    }  # fmt: skip


def _code_of(notebook: Path) -> dict[str, str]:
    return {"code_sha256": code_sha256(json.loads(notebook.read_text())["cells"])}


def _released(
    folder: Path, name: str, described: tuple[str, str, str], rows: Sequence[dict], synthetic: bool
) -> dict[str, str]:
    title, cell, kind = described
    write_csv(folder / f"{name}.csv", rows)
    chart = {"form": "curve", "x": "years", "y": "share", "group": "age", "lower": "lower",
             "upper": "upper", "percent": True}  # fmt: skip
    write_yaml(
        folder / f"{name}.txt",
        {
            "title": title, "subtitle": "Mothers whose first set was issued from 2014, by time",
            "kind": kind, "unit": "mothers", "population": "mothers", "card": "recurrence",
            "definition": "A further set of proceedings.", "shares": ["share"],
            "notes": ["Shares from Kaplan-Meier"],
            "alt_text": 'Line chart: the share rises to "24%" by five years: slowly after two.',
            "chart": chart if kind == "survival" else None, "synthetic": synthetic,
            "profile": "open",
        },
    )  # fmt: skip
    return {"id": name, "kind": kind, "title": title, "cell": cell, "status": "pass",
            "reason": "", "files": f"{name}.csv"}  # fmt: skip


BY_TIME = ("Return by time", "curve", "survival")
TEXTS = ({"name": "five_years", "text": "24% (95% interval 23% to 25%)", "estimate": "0.24",
          "lower": "0.23", "upper": "0.25", "shown": "yes"},)  # fmt: skip
CURVE = tuple(
    {"age": age, "years": str(year), "share": f"{factor * year / (year + 10):.6f}",
     "lower": f"{factor * 0.9 * year / (year + 10):.6f}",
     "upper": f"{factor * 1.1 * year / (year + 10):.6f}",
     "people": str(20_000 - 500 * year), "shown": "yes"}
    for age, factor in (("Under 20", 0.8), ("20 and over", 0.5))
    for year in range(1, 11)
)  # fmt: skip
AGES = (
    {"age": "Under 20", "people": "12430", "returned": "3010", "share": "0.242156", "shown": "yes"},
    {"age": "20 to 24", "people": "20380", "returned": "4980", "share": "0.24436", "shown": "yes"},
    {"age": "Not known", "people": "", "returned": "", "share": "", "shown": "suppressed"},
)


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(dict(content), sort_keys=False), encoding="utf-8")


def _draw(path: Path, synthetic: bool) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), dpi=130)
    axes = figure.subplots()
    for age, colour in (("Under 20", "#12436D"), ("20 and over", "#F46A25")):
        rows = [row for row in CURVE if row["age"] == age]
        axes.plot([int(r["years"]) for r in rows], [float(r["share"]) for r in rows], color=colour)
        axes.annotate(age, (10, float(rows[-1]["share"])), color=colour)
    axes.set_title("What share of mothers return? Synthetic data" if synthetic else "Arrests")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)
