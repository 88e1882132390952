"""What a notebook holds: the warehouse, and the way its results become candidates."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from justice_analysis import disclosure, warehouse
from justice_analysis.definitions.interviews import read_interviews
from justice_analysis.errors import StudyError

if TYPE_CHECKING:
    from IPython.display import Image

    from justice_analysis.definitions import Output
    from justice_analysis.linkage.participants import ParticipantLinks
    from justice_analysis.warehouse import Warehouse

WAREHOUSE, RUN, TRUTH = "JUSTICE_WAREHOUSE", "JUSTICE_RUN", "JUSTICE_TRUTH"
PARTICIPANTS = "JUSTICE_PARTICIPANTS"
INTERVIEWS = "JUSTICE_INTERVIEWS"


MOST_ROWS_SHOWN = 24


@dataclass(frozen=True)
class Session:
    """A study as it runs: its data, and the folder its candidates are written to."""

    study: str
    warehouse: Warehouse
    outputs: Path

    @property
    def truth(self) -> Path:
        """The truth of the synthetic world that the warehouse was loaded from."""
        named = os.environ.get(TRUTH)
        folder = Path(named) if named else self.warehouse.path.parent / "data" / "truth"
        if not folder.is_dir():
            raise StudyError(
                f"this study compares with a synthetic world's truth: there is none. Set {TRUTH}."
            )
        return folder

    def interviews(self) -> None:
        """Set what interviews found beside the numbers, where the parameter file has any."""
        named = os.environ.get(INTERVIEWS)
        if not named:
            return
        found = read_interviews(json.loads(Path(named).read_text("utf-8")))
        self.show("themes", found.themes_output())
        if (quoted := found.quotations_output()) is not None:
            self.show("quotations", quoted)

    @property
    def truth_if_any(self) -> Path | None:
        """The truth of the synthetic world; missing where there is none, as on real data."""
        if not self.warehouse.is_synthetic:
            return None
        try:
            return self.truth
        except StudyError:
            return None

    def participants(self, name: str) -> ParticipantLinks:
        """A programme's participants, linked: a participants folder of this name.

        Folders are sought in `JUSTICE_PARTICIPANTS`, else in `participants` beside the warehouse.
        """
        from justice_analysis.linkage.participants import read_links

        named = os.environ.get(PARTICIPANTS)
        folder = Path(named) if named else self.warehouse.path.parent / "participants"
        if not (folder / name).is_dir():
            raise StudyError(
                f"this study needs the linked participants of {name}: there is no such folder. "
                f"Link them with justice participants link, or set {PARTICIPANTS}."
            )
        return read_links(folder / name)

    def show_each(self, outputs: Mapping[str, Output]) -> None:
        """Show several outputs, each under its name: those that the data allowed to be made."""
        for id, output in outputs.items():
            self.show(id, output)

    def show(self, id: str, output: Output) -> None:
        """Keep an output as a candidate for release, and show it to the analyst.

        What is shown here is unrounded and never published: the page builder puts the
        released object in its place.
        """
        from IPython.display import display

        file = disclosure.write_candidate(
            output, id, self.outputs, synthetic=self.warehouse.is_synthetic
        )
        mark = {"justice": {"candidate": id, "sha256": disclosure.digest_of(file)}}
        for shown in _views(output, synthetic=self.warehouse.is_synthetic):
            display(shown, metadata=mark)


def begin(study: str) -> Session:
    """Start a study inside a notebook.

    The runner says where data and outputs are. In JupyterLab, without the runner, the
    warehouse of the demo is used (or `JUSTICE_WAREHOUSE`) and outputs go to a folder that
    is never released.
    """
    data = os.environ.get(WAREHOUSE)
    run = os.environ.get(RUN)
    if data is None:
        data = str(_demo_warehouse())
    folder = Path(run) if run else Path(data).parent / "runs" / ".interactive" / study
    return Session(study, warehouse.open(Path(data)), folder / "outputs")


def _demo_warehouse() -> Path:
    for folder in [Path.cwd(), *Path.cwd().parents]:
        if (folder / "demo" / "warehouse").is_dir():
            return folder / "demo" / "warehouse"
    raise StudyError(
        "a study needs a warehouse: none was named and there is no demo here. "
        f"Run make demo, or set {WAREHOUSE}."
    )


def _views(output: Output, *, synthetic: bool) -> list[object]:
    """The chart, where there is one, and the table."""
    rows = output.table.round(4)
    if len(rows) > MOST_ROWS_SHOWN:  # a curve: its picture says more than its days
        rows = rows.iloc[:: -(-len(rows) // MOST_ROWS_SHOWN)]
    if output.chart is None:
        return [rows]
    return [_picture(output, synthetic=synthetic), rows]


def _picture(output: Output, *, synthetic: bool) -> Image:
    """Draw the chart as a picture: a figure made without pyplot does not show itself."""
    from IPython.display import Image

    from justice_analysis import charts

    figure = charts.draw(
        output.table,
        output.chart,
        title=output.title,
        subtitle=output.subtitle,
        note=" ".join(output.notes),
        synthetic=synthetic,
    )
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=100)
    return Image(
        data=drawn.getvalue(), alt=charts.alternative_text(output.table, output.chart, output.title)
    )
