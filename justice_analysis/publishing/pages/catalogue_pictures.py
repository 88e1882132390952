"""Pictures of the catalogue: how datasets join, and what years each covers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from justice_analysis import charts
from justice_analysis.charts import save_png
from justice_analysis.codes import SHARED_IDENTIFIERS
from justice_analysis.contracts import Contract, joins

JOINS, COVERAGE = "joins.png", "coverage.png"
_STAMP = "drawn.txt"


def draw_catalogue(contracts: Sequence[Contract], folder: Path) -> dict[str, str]:
    """Draw the pictures that have something to show; returns alternative text by file.

    Pictures of the same contracts, drawn by the same code, are left as they are.
    """
    shown = {}
    if joins.joined_by(contracts):
        shown[JOINS] = joins_text(contracts)
    if any(one.covers_from for one in contracts):
        shown[COVERAGE] = coverage_text(contracts)
    stamp, digest = folder / _STAMP, _digest(contracts)
    there = all((folder / name).is_file() for name in shown)
    if not (there and stamp.is_file() and stamp.read_text(encoding="utf-8") == digest):
        folder.mkdir(parents=True, exist_ok=True)
        for name in shown:
            _DRAW[name](contracts, folder / name)
        stamp.write_text(digest, encoding="utf-8")
    return shown


def _digest(contracts: Sequence[Contract]) -> str:
    """Digest of the contracts and of the code that draws them."""
    digest = hashlib.sha256(repr(contracts).encode())
    code = sorted(Path(charts.__file__).parent.rglob("*.py"))
    for path in (*code, Path(__file__)):
        digest.update(path.read_bytes())
    digest.update(metadata.version("matplotlib").encode())
    return digest.hexdigest()


def _draw_joins(contracts: Sequence[Contract], path: Path) -> None:
    import pandas as pd

    from justice_analysis.charts.joins import draw_joins

    shared = joins.joined_by(contracts)
    held = [one for one in joins.holdings(contracts) if one.identifier in shared]
    titles = {contract.name: contract.short_title for contract in contracts}
    order = {contract.name: at for at, contract in enumerate(contracts)}
    table = pd.DataFrame(
        {
            "dataset": [titles[one.dataset] for one in held],
            "identifier": [SHARED_IDENTIFIERS[one.identifier] for one in held],
            "is_published": [one.name_status != "assumed" for one in held],
            "at": [order[one.dataset] for one in held],
        }
    )
    columns = ["dataset", "identifier"]
    # One dot a dataset: filled if any of its columns of that identifier has a published name.
    table = table.sort_values(["is_published"], ascending=False).drop_duplicates(columns)
    rows = sorted(set(table["at"]))
    ranks = table["at"].map({at: rank for rank, at in enumerate(rows)})
    identifiers = list(SHARED_IDENTIFIERS.values())
    table = table.assign(rank=ranks, column=table["identifier"].map(identifiers.index))
    figure = draw_joins(
        table.sort_values(["column", "rank"]),
        title="What joins the datasets",
        subtitle="Datasets with a dot on one line name the same people or cases",
        note="A hollow dot: the name of the column is not published, and assumed here.",
        rows=[contracts[at].short_title for at in rows],
    )
    save_png(figure, path, description=joins_text(contracts))


def joins_text(contracts: Sequence[Contract]) -> str:
    """What the picture of joins shows, in words."""
    titles = {contract.name: contract.short_title for contract in contracts}
    parts = [
        f"{SHARED_IDENTIFIERS[identifier]}: {', '.join(titles[name] for name in datasets)}."
        for identifier, datasets in joins.joined_by(contracts).items()
    ]
    return f"A grid of datasets and the identifiers that join them. {' '.join(parts)}"


def _draw_coverage(contracts: Sequence[Contract], path: Path) -> None:
    from justice_analysis.charts.coverage import CoveredPeriod, draw_coverage

    periods = [
        CoveredPeriod(
            one.short_title,
            one.covers_from,
            one.covers_to,
            tuple((found.from_date, found.to_date) for found in one.breaks if found.from_date),
        )
        for one in contracts
    ]
    figure = draw_coverage(
        periods,
        title="What years each dataset covers",
        subtitle="As published; the page of each dataset says which release",
        note="A line across a bar is a break in the data from then on; a hatched part is a break "
        "that ended. A pale bar has no published end.",
    )
    save_png(figure, path, description=coverage_text(contracts))


def coverage_text(contracts: Sequence[Contract]) -> str:
    """What the picture of coverage shows, in words."""
    parts = [_covered(one) for one in contracts]
    return f"Bars of the years that each dataset covers. {' '.join(parts)}"


def _covered(contract: Contract) -> str:
    name = contract.short_title
    if contract.covers_from is None:
        return f"{name}: not published."
    end = contract.covers_to.year if contract.covers_to else "an end that is not published"
    return f"{name}: {contract.covers_from.year} to {end}."


_DRAW: Mapping[str, Callable[[Sequence[Contract], Path], None]] = {
    JOINS: _draw_joins,
    COVERAGE: _draw_coverage,
}
