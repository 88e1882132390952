"""Make a synthetic world, deliver it, and write it whole or not at all."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from justice_analysis.errors import SourceError, UsageError
from justice_analysis.synthetic.criminal.truth import ProgrammeTotals, programme_totals
from justice_analysis.synthetic.deliveries.registry import deliver_all
from justice_analysis.synthetic.family.curves import return_curves
from justice_analysis.synthetic.identities.participants import (
    Participants,
    took_part,
    write_lists,
)
from justice_analysis.synthetic.identities.population import names_of, population
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.parameters import WorldParameters, no_mess
from justice_analysis.synthetic.people import Days, Streams
from justice_analysis.synthetic.rates.identities import no_errors
from justice_analysis.synthetic.simulation import make_world
from justice_analysis.synthetic.tables import Table, check_layout, write_tables
from justice_analysis.synthetic.truth import truth_tables, write_planted
from justice_analysis.synthetic.world import Chunk, World
from justice_analysis.synthetic.writing import add_rows, describe_extracts, put_in_place

FORMATS = ("parquet", "csv")
FEWEST_PEOPLE = 500
CHUNK_PEOPLE = 250_000
IDENTITIES = "identities"
LOOKUPS = ("courts", "criminal_court")


@dataclass(frozen=True)
class WorldReport:
    """What was written: people, sets and rows by dataset and table, planted mess, seconds."""

    folder: Path
    seed: int
    people: int
    mothers: int
    sets: int
    rows: dict[str, dict[str, int]]
    mess: tuple[dict[str, Any], ...]
    seconds: float


def synthesise(
    people: int,
    seed: int,
    out: Path,
    *,
    format: str = "parquet",
    clean: bool = False,
    link_errors: bool = True,
    overwrite: bool = False,
    parameters: WorldParameters | None = None,
    chunk_people: int = CHUNK_PEOPLE,
) -> WorldReport:
    """Make a synthetic world and write each dataset in its delivered layout, truth apart.

    Beside the datasets stand `truth`, and `identities`: who the people would be (names that are
    nobody's, `population`) and the lists of those who took part in the programme
    (`participants/<programme>.csv`). Neither is part of what is delivered.

    Parameters
    ----------
    people
        How many people the world has, adults and children; at least 500.
    seed
        The same seed and people give the same files.
    out
        A folder that does not exist yet: a folder for each dataset, `identities` and `truth`
        are made in it.
    format
        `parquet`, or `csv` with ISO dates; truth is always Parquet.
    clean
        Leave every kind of mess out, link errors and errors of participants' lists too.
    link_errors
        Missed and false links; without them the rest of the mess stays.
    overwrite
        Replace a world that is there already.
    parameters
        Rates other than the default.
    chunk_people
        A larger world is made in chunks of at most so many people, each written as a numbered
        part of every table (`<table>_01.parquet`); families and cases are within a chunk.

    Returns
    -------
    WorldReport
        Rows by dataset and table, and what was planted.

    Raises
    ------
    UsageError
        If a value cannot be used, or `out` is there and `overwrite` is not given.
    """
    started = time.monotonic()
    _refuse(people, seed, out, format, overwrite)
    used = _rates(parameters or WorldParameters(), clean=clean, link_errors=link_errors)
    building = out.with_name(f".{out.name}.{os.getpid()}.building")
    try:
        made = _write_chunks(building, people, seed, used, format, chunk_people)
        put_in_place(building, out)
    except OSError:
        raise SourceError(
            f"the world must be writable to {out.name}: writing failed. Check space and rights."
        ) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    seconds = time.monotonic() - started
    return WorldReport(out, seed, people, made.mothers, made.sets, made.rows, made.mess, seconds)


@dataclass
class _Made:
    """What the chunks written so far hold."""

    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    people: int = 0
    mothers: int = 0
    sets: int = 0
    log: MessLog = field(default_factory=MessLog)
    programme: ProgrammeTotals = field(default_factory=ProgrammeTotals)
    participants: list[Participants] = field(default_factory=list)

    @property
    def mess(self) -> tuple[dict[str, Any], ...]:
        """Planted mess of all chunks."""
        return tuple(self.log.summed())


def _write_chunks(
    folder: Path, people: int, seed: int, used: WorldParameters, file_format: str, most: int
) -> _Made:
    """Make, deliver and write one chunk after the other, so that memory does not grow."""
    made = _Made()
    sizes = chunk_sizes(people, most)
    for number, size in enumerate(sizes):
        part = number + 1 if len(sizes) > 1 else None
        world, deaths = _simulated(size, seed, used, Chunk(number, made.people, seed))
        _write_world(folder, world, deaths, made, file_format, part)
        # The next chunk needs the room.
        del world, deaths
    describe_extracts(folder, tuple(made.rows), used, seed)
    totals, streams = made.programme, Streams(seed)
    write_planted(folder / "truth", used, return_curves(used), made.log, totals, streams)
    lists, truth = folder / IDENTITIES / "participants", folder / "truth" / "participant.parquet"
    write_lists(lists, truth, used, seed, made.participants)
    return made


def _simulated(people: int, seed: int, used: WorldParameters, chunk: Chunk) -> tuple[World, Days]:
    world, _, deaths = make_world(people, chunk_seed(seed, chunk.number), used, chunk)
    return world, deaths


def _write_world(
    folder: Path, world: World, deaths: Days, made: _Made, file_format: str, part: int | None
) -> None:
    """Deliver one chunk and write it with its truth."""
    number = world.chunk.number
    delivered = deliver_all(world, made.log)
    for dataset, tables in ((name, one.tables) for name, one in delivered.items()):
        check_layout(dataset, tables)
        rows = _write_chunk(folder / dataset, tables, number, file_format, part)
        add_rows(made.rows.setdefault(dataset, {}), rows)
    names = names_of(world)
    identities, whose = population(world, delivered, names)
    _write_chunk(folder / IDENTITIES, {"population": identities}, number, "parquet", part)
    truth = {**truth_tables(world, deaths, delivered), "identity": whose}
    _write_chunk(folder / "truth", truth, number, "parquet", part)
    made.participants.append(took_part(world, names))
    made.people += len(world.people)
    made.mothers += int(world.sets.mother.max())
    made.sets += len(world.sets)
    made.programme += programme_totals(world)


def chunk_sizes(people: int, most: int) -> list[int]:
    """Sizes of the chunks of a world: as few as may be, and as equal."""
    number = -(-people // most)
    return [people // number + (at < people % number) for at in range(number)]


def chunk_seed(seed: int, number: int) -> int:
    """Seed of a chunk: the world's for the first, one derived from it for each other."""
    if number == 0:
        return seed
    return int(np.random.SeedSequence(seed, spawn_key=(number,)).generate_state(1, np.uint64)[0])


def _write_chunk(
    folder: Path, tables: dict[str, Table], number: int, file_format: str, part: int | None
) -> dict[str, int]:
    """Write a chunk's part of each table; lookups are the same in all, so they are one file."""
    parts = {name: rows for name, rows in tables.items() if name not in LOOKUPS}
    rows = write_tables(folder, parts, file_format, part)
    if number > 0:
        return rows
    lookups = {name: tables[name] for name in tables if name in LOOKUPS}
    return {**rows, **write_tables(folder, lookups, file_format)}


def _refuse(people: int, seed: int, out: Path, file_format: str, overwrite: bool) -> None:
    if people < FEWEST_PEOPLE:
        raise UsageError(f"people must be at least {FEWEST_PEOPLE}: {people} were asked for.")
    if seed < 0:
        raise UsageError(f"seed must not be negative: it is {seed}.")
    if file_format not in FORMATS:
        raise UsageError(f"format must be one of {', '.join(FORMATS)}: it is {file_format}.")
    if out.exists() and not overwrite:
        raise UsageError(
            f"{out.name} must not exist yet: it does. Say overwrite, or choose another."
        )
    if out.exists() and not (out / "truth" / "planted.json").is_file():
        raise UsageError(
            f"only a synthetic world may be overwritten: {out.name} is not one. Choose another."
        )


def _rates(parameters: WorldParameters, *, clean: bool, link_errors: bool) -> WorldParameters:
    """The parameters with mess, or link errors alone, switched off."""
    if clean:
        return replace(parameters, mess=no_mess(), lists=no_errors())
    if link_errors:
        return parameters
    return replace(parameters, mess=replace(parameters.mess, missed_links=0.0, false_links=0.0))
