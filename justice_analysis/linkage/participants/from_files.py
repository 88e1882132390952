"""From the files of a list and a population to the links of its people, in one call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from justice_analysis import engine
from justice_analysis.linkage.participants.found import with_found
from justice_analysis.linkage.participants.known import known_people
from justice_analysis.linkage.participants.linking import link_participants
from justice_analysis.linkage.participants.links import ParticipantLinks
from justice_analysis.linkage.participants.population import read_population
from justice_analysis.linkage.participants.reading import read_participants
from justice_analysis.linkage.participants.settings import LinkSettings

if TYPE_CHECKING:
    import pandas as pd
    from ibis.backends import BaseBackend


def _silent(step: str) -> None:
    """Nobody watches."""


def link_list(
    file: Path,
    population: Path | None,
    *,
    backend: BaseBackend | None = None,
    warehouse: Any = None,
    settings: LinkSettings | None = None,
    seed: int = 0,
    truth: pd.DataFrame | Path | str | None = None,
    date_format: str | None = None,
    encoding: str = "utf-8",
    say: Callable[[str], None] = _silent,
) -> ParticipantLinks:
    """Read a list, link it, and count who is found in the data.

    Parameters
    ----------
    file
        As `read_participants` takes it; without a population, as `known_people` does.
    population
        As `read_population` takes it; missing where the list has keys of delivered records.
    backend
        The engine to link on; DuckDB unless given.
    warehouse
        In which the people are sought, if there is one.
    settings, seed, truth
        As in `link_participants`.
    date_format, encoding
        Of the files, as in `read_participants`.
    say
        Told each step as it begins.

    Raises
    ------
    SourceError, UsageError, LinkageError
        As the functions that this one calls.
    """
    held = backend or engine.connect()
    say("reading the list")
    if population is None:
        links = known_people(
            file, backend=held, date_format=date_format, settings=settings, encoding=encoding
        )
    else:
        listed = read_participants(file, backend=held, date_format=date_format, encoding=encoding)
        say("reading the population")
        people = read_population(population, backend=held, encoding=encoding)
        say("training the model and comparing")
        links = link_participants(listed, people, settings=settings, seed=seed, truth=truth)
    if warehouse is None:
        return links
    say("finding people in the data")
    return with_found(links, warehouse)
