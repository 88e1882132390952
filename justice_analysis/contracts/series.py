"""Descriptors of published official series: small tables of totals by period, never of people.

A file of series may also be a dataset of the same name, which holds titles and units alike; it is
loaded into a warehouse of its own and never joined to rows about people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.errors import ContractError, SourceError, UsageError, listed

FOLDER = files("justice_analysis.contracts") / "series"
PERIODS = ("quarter",)
NAMED_BY = ("start", "end")
_NEEDED = ("name", "title", "description", "geography", "publication", "period", "series")
_NEEDED_OF_SERIES = ("name", "title", "unit", "source")


@dataclass(frozen=True)
class OneSeries:
    """One column of totals: what it counts, in which unit, and who publishes it."""

    name: str
    title: str
    unit: str
    source: str


@dataclass(frozen=True)
class SeriesContract:
    """What a file of series holds.

    Attributes
    ----------
    name, title, description, geography, publication, licence
        What it is, of where, and where it was published.
    period_type
        `quarter`.
    period_column
        The column that names the period, as YYYY-MM.
    names_end
        Whether that is the period's last month, rather than its first.
    series
        One per column of values.
    missing_values
        Texts that stand for a value that is not published.
    minimum
        Least value that can be; None where there is none.
    """

    name: str
    title: str
    description: str
    geography: str
    publication: str
    licence: str
    period_type: str
    period_column: str
    names_end: bool
    series: tuple[OneSeries, ...]
    missing_values: tuple[str, ...] = ("",)
    minimum: float | None = None

    @property
    def series_names(self) -> tuple[str, ...]:
        """The columns of values, in the contract's order."""
        return tuple(one.name for one in self.series)


def series_names() -> tuple[str, ...]:
    """List the files of series that the package has a descriptor for."""
    held = (entry.name for entry in FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in held if name.endswith(".yaml")))


def load_series_contract(name_or_path: str | Path) -> SeriesContract:
    """Get a descriptor of series by name, or read a user's own from a file.

    Raises
    ------
    UsageError
        If there is none of that name.
    SourceError
        If the file cannot be read.
    ContractError
        If it is not a descriptor of series; all problems at once.
    """
    name = str(name_or_path)
    if name in series_names():
        return _shipped(name)
    if Path(name).suffix not in (".yaml", ".yml"):
        raise UsageError(
            f"there is no series file called {name!r}. There are {', '.join(series_names())}."
        )
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SourceError(
            f"the descriptor {Path(name).name} cannot be read; check the path."
        ) from None
    return parse_series_contract(text, where=Path(name).name)


@cache
def _shipped(name: str) -> SeriesContract:
    return parse_series_contract((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), where=name)


def parse_series_contract(text: str, *, where: str = "descriptor") -> SeriesContract:
    """Read a descriptor of series from text; `where` names it in messages."""
    try:
        held = yaml.safe_load(text)
    except yaml.YAMLError:
        raise SourceError(f"{where} is not readable YAML.") from None
    problems = list(_problems(held))
    if problems:
        raise ContractError(listed([f"{where}: {problem}" for problem in problems]))
    period = held["period"]
    return SeriesContract(
        name=str(held["name"]),
        title=str(held["title"]),
        description=str(held["description"]),
        geography=str(held["geography"]),
        publication=str(held["publication"]),
        licence=str(held.get("licence", "")),
        period_type=str(period["type"]),
        period_column=str(period["column"]),
        names_end=period.get("names", "end") == "end",
        series=tuple(
            OneSeries(*(str(one[part]) for part in _NEEDED_OF_SERIES)) for one in held["series"]
        ),
        missing_values=tuple(str(one) for one in held.get("missing_values", [""])),
        minimum=None if held.get("minimum") is None else float(held["minimum"]),
    )


def _problems(held: Any) -> Iterator[str]:
    if not isinstance(held, Mapping):
        yield "it must be a mapping of properties such as name and series."
        return
    lacking = [part for part in _NEEDED if not held.get(part)]
    if lacking:
        yield f"it must have {', '.join(lacking)}."
        return
    yield from _period_problems(held["period"])
    yield from _series_problems(held["series"])


def _period_problems(period: Any) -> Iterator[str]:
    if not isinstance(period, Mapping) or not period.get("column"):
        yield "period must name its column."
        return
    if period.get("type") not in PERIODS:
        yield f"period.type must be one of {', '.join(PERIODS)}."
    if period.get("names", "end") not in NAMED_BY:
        yield f"period.names must be one of {', '.join(NAMED_BY)}."


def _series_problems(series: Any) -> Iterator[str]:
    if not isinstance(series, Sequence) or isinstance(series, str):
        yield "series must be a list."
        return
    lacking = sum(
        not isinstance(one, Mapping) or not all(one.get(part) for part in _NEEDED_OF_SERIES)
        for one in series
    )
    if lacking:
        yield f"each series must have {', '.join(_NEEDED_OF_SERIES)}: {lacking} do not."
        return
    names = [one["name"] for one in series]
    if len(set(names)) < len(names):
        yield f"names of series must differ: {len(names) - len(set(names))} repeat."
