"""Lists of those who took part, as a charity would hold them: with errors, and the truth apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from justice_analysis.synthetic.identities.names import forenames, postcodes, surnames
from justice_analysis.synthetic.identities.population import GENDERS, Names
from justice_analysis.synthetic.identities.slips import misdated, transposed, typed
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import NO_DATE, Days, Ints, Streams, days, region_of
from justice_analysis.synthetic.tables import NULL, Column, Text, to_arrow
from justice_analysis.synthetic.world import World

WHOLE = "steady_steps"
COLUMNS = (
    "surname", "forename", "birth_date", "gender", "postcode", "intervention_date", "pnc_id"
)  # fmt: skip
_ROWS = ("participant", "duplicate", "never_in_the_data")


@dataclass(frozen=True)
class Participants:
    """Who took part in one chunk, with ids of the whole world: one entry per person.

    `started` is the day on which the programme began, `segment` the stay in custody in which it
    did, `region` that of the home area.
    """

    person: Ints
    segment: Ints
    started: Days
    region: Ints
    names: Names


def took_part(world: World, names: Names) -> Participants:
    """Everyone of a chunk who began the programme by the extract."""
    rows = world.lives.programme
    return Participants(
        rows.person + world.chunk.people_before,
        rows.segment + world.first_key,
        rows.started,
        region_of(world.homes[rows.person]),
        names.of(rows.person),
    )


def write_lists(
    folder: Path, truth: Path, parameters: WorldParameters, seed: int, chunks: list[Participants]
) -> None:
    """Write a CSV file for each programme, and who is who in `participant.parquet` of the truth.

    The truth has one row per row of a list: `programme`, `row_number` (from 1, in the file's
    order), `row` (participant, duplicate, never_in_the_data), `person_id` and `segment_id`
    (missing where never in the data), `started_date`, and which errors stand in the row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = _together(chunks)
    stream = Streams(seed).stream("participants")
    table = _listed(parameters, known, stream)
    parts = []
    for programme, chosen in _programmes().items():
        rows = table.filter(pa.array(chosen(table)))
        pyarrow.csv.write_csv(rows.select(COLUMNS), folder / f"{programme}.csv")
        number = pa.array(np.arange(1, rows.num_rows + 1))
        truths = rows.drop_columns([*COLUMNS, "region"])
        truths = truths.add_column(0, "row_number", number)
        named = pa.array([programme] * rows.num_rows, pa.string())
        parts.append(truths.add_column(0, "programme", named))
    pyarrow.parquet.write_table(pa.concat_tables(parts), truth, compression="zstd")


def _programmes() -> dict[str, Callable[[pa.Table], np.ndarray]]:
    """Lists by name: the whole programme, thirds of the country, and years; one is small."""
    return {
        WHOLE: lambda rows: np.ones(rows.num_rows, dtype=bool),
        f"{WHOLE}_north": lambda rows: _between(rows, "region", 1, 3),
        f"{WHOLE}_middle": lambda rows: _between(rows, "region", 4, 6),
        f"{WHOLE}_south": lambda rows: _between(rows, "region", 7, 9),
        f"{WHOLE}_2014_to_2016": lambda rows: _years(rows, "2014", "2016"),
        f"{WHOLE}_2017_to_2019": lambda rows: _years(rows, "2017", "2019"),
        f"{WHOLE}_first_year": lambda rows: _years(rows, "2014", "2014"),
    }


def _between(rows: pa.Table, column: str, low: int, high: int) -> np.ndarray:
    values = rows.column(column).to_numpy()
    return (values >= low) & (values <= high)


def _years(rows: pa.Table, first: str, last: str) -> np.ndarray:
    years = rows.column("intervention_date").to_numpy().astype("datetime64[Y]")
    return (years >= np.datetime64(first)) & (years <= np.datetime64(last))


def _together(chunks: list[Participants]) -> Participants:
    """The participants of all chunks."""
    joined = Names(
        *(
            np.concatenate([getattr(chunk.names, item.name) for chunk in chunks])
            for item in fields(Names)
        )
    )
    person, segment, started, region = (
        np.concatenate([getattr(chunk, name) for chunk in chunks])
        for name in ("person", "segment", "started", "region")
    )
    return Participants(person, segment, started, region, joined)


def _listed(
    parameters: WorldParameters, known: Participants, stream: np.random.Generator
) -> pa.Table:
    """The whole programme's list with truth beside each row, in no order that says anything."""
    rates, n = parameters.lists, len(known.person)
    again = np.flatnonzero(stream.random(n) < rates.duplicates)
    strangers = round(n * rates.never_in_the_data)
    at = np.concatenate([np.arange(n), again])
    names = _with_strangers(parameters, known.names.of(at), strangers, stream)
    none = np.full(strangers, NULL)
    sizes = (n, len(again), strangers)
    of_nobody = np.datetime64("2014-01-01") + days(stream.uniform(0, 3_000, strangers))
    started = np.concatenate([known.started[at], of_nobody])
    columns: dict[str, Column] = {
        **_with_errors(parameters, names, stream),
        "intervention_date": started,
        "row": Text(np.repeat(np.arange(3), sizes), _ROWS),
        "person_id": np.concatenate([known.person[at], none]),
        "segment_id": np.concatenate([known.segment[at], none]),
        "started_date": started,
        "region": np.concatenate([known.region[at], stream.integers(1, 10, strangers)]),
    }
    rows = pa.table({name: to_arrow(column) for name, column in columns.items()})
    return rows.take(pa.array(stream.permutation(rows.num_rows)))


def _with_strangers(
    parameters: WorldParameters, names: Names, n: int, stream: np.random.Generator
) -> Names:
    """Names of participants, then of people who are in no data."""
    slope = parameters.identities.frequency_slope
    is_male = stream.random(n) < parameters.crime.male_share
    birth = np.datetime64("1960-01-01") + days(stream.uniform(0, 13_000, n))
    others = Names(
        surnames(n, parameters.identities.common_surnames, slope, stream),
        forenames(is_male, slope, stream),
        birth,
        is_male,
        postcodes(np.zeros(n, dtype=np.int64), stream),
        np.full(n, "", dtype=object),
    )
    pairs = ((getattr(names, f.name), getattr(others, f.name)) for f in fields(Names))
    return Names(*(np.concatenate(pair) for pair in pairs))


def _with_errors(
    parameters: WorldParameters, names: Names, stream: np.random.Generator
) -> dict[str, Column]:
    """Columns of a list with their errors, and which rows have which."""
    rates, n = parameters.lists, len(names.surname)

    def hit(rate: float) -> np.ndarray:
        return stream.random(n) < rate

    in_surname, in_forename = hit(rates.typed_surnames), hit(rates.typed_forenames)
    first = typed(names.surname, in_surname, stream, twice=rates.typed_twice)
    second = typed(names.forename, in_forename, stream, twice=rates.typed_twice)
    swapped = hit(rates.swapped_names)
    surname, forename = np.where(swapped, second, first), np.where(swapped, first, second)
    birth = transposed(names.birth, hit(rates.transposed_birth_dates))
    birth = misdated(birth, hit(rates.typed_birth_dates), stream)
    undated = hit(rates.missing_birth_dates)
    in_postcode, no_postcode = hit(rates.typed_postcodes), hit(rates.missing_postcodes)
    postcode = typed(names.postcode, in_postcode, stream)
    gender = np.where(hit(rates.missing_genders), -1, names.is_male.astype(np.int64))
    return {
        "surname": _blank(surname, hit(rates.missing_surnames)),
        "forename": _blank(forename, hit(rates.missing_forenames)),
        "birth_date": np.where(undated, NO_DATE, birth),
        "gender": Text(gender, GENDERS),
        "postcode": _blank(postcode, no_postcode),
        "pnc_id": _blank(names.pnc, hit(rates.missing_pnc_ids)),
        "has_typed_names": in_surname | in_forename,
        "has_swapped_names": swapped,
        "has_wrong_birth_date": birth != names.birth,
        "has_no_birth_date": undated,
        "has_wrong_postcode": in_postcode & ~no_postcode,
        "has_no_postcode": no_postcode,
    }


def _blank(values: np.ndarray, hit: np.ndarray) -> pa.Array:
    """Texts of which those hit, and those that are empty, are missing."""
    return pa.array(values, pa.string(), mask=hit | (values == "").astype(bool))
