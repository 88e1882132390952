"""The population with identifiers: what stands outside the research data, and never in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.identities.names import forenames, postcodes, surnames
from justice_analysis.synthetic.identities.slips import misdated, typed
from justice_analysis.synthetic.people import MALE, Days, Ints
from justice_analysis.synthetic.tables import Table, Text
from justice_analysis.synthetic.world import World

SOURCES = (
    ("prisoner_custodial_journey", "nomis"),
    ("magistrates_defendant", "mags_defendant_case"),
)
GENDERS = ("Female", "Male")


@dataclass(frozen=True)
class Names:
    """Identifiers by person id (index 0 is nobody); `pnc` is empty where there is none."""

    surname: np.ndarray
    forename: np.ndarray
    birth: Days
    is_male: np.ndarray
    postcode: np.ndarray
    pnc: np.ndarray

    def of(self, person: Ints) -> Names:
        """Identifiers of these people, in this order."""
        columns = (self.surname, self.forename, self.birth, self.is_male, self.postcode, self.pnc)
        return Names(*(column[person] for column in columns))


def names_of(world: World) -> Names:
    """Give everyone a name, a postcode in the home area, and most a number of the police.

    Children bear their mother's surname where she is known.
    """
    stream, rates = world.streams.stream("identities"), world.parameters.identities
    n = len(world.people) + 1
    is_male = np.append(True, world.people.sex == MALE)
    surname = surnames(n, rates.common_surnames, rates.frequency_slope, stream)
    surname = np.where(world.mother_of > 0, surname[world.mother_of], surname)
    forename = forenames(is_male, rates.frequency_slope, stream)
    postcode = postcodes(world.homes, stream)
    number = world.chunk.people_before + np.arange(n)
    pnc = np.array([f"SYN/{one:08d}" for one in number], dtype=object)
    pnc = np.where(stream.random(n) < rates.known_pnc_ids, pnc, "")
    birth = np.append(world.people.birth[:1], world.people.birth)
    return Names(surname, forename, birth, is_male, postcode, pnc)


def population(world: World, delivered: dict[str, Delivered], names: Names) -> tuple[Table, Table]:
    """Identity records of everyone in the prison or magistrates' data, and whose they are.

    Returns
    -------
    (Table, Table)
        One row per identity record: identifiers, and a delivered record of the person; and one
        row per identity record (`population_id`) with its `person_id` (truth).
    """
    stream, rates = world.streams.stream("identity records"), world.parameters.identities
    person, first, last, source = _records(delivered)
    again = stream.random(len(person)) < rates.with_aliases
    record = np.concatenate([first, last[again]])
    table = np.concatenate([source[0], source[1][again]])
    who = np.concatenate([person, person[again]])
    is_alias = np.arange(len(who)) >= len(person)
    own = _aliased(world, names.of(who), is_alias, stream)
    order = stream.permutation(len(who))
    ids = np.array([f"SYNP{one:010d}" for one in world.keys(len(who))], dtype=object)
    rows: Table = {
        "population_id": pa.array(ids, pa.string()),
        "surname": pa.array(own.surname[order], pa.string()),
        "forename": pa.array(own.forename[order], pa.string()),
        "birth_date": own.birth[order],
        "gender": Text(own.is_male[order].astype(np.int64), GENDERS),
        "postcode": _text(own.postcode[order]),
        "pnc_id": _text(own.pnc[order]),
        "source_table": Text(table[order], tuple(name for _, name in SOURCES)),
        "source_key": pa.array(record[order], pa.string()),
    }
    return rows, {"population_id": rows["population_id"], "person_id": who[order]}


def _records(
    delivered: dict[str, Delivered],
) -> tuple[Ints, np.ndarray, np.ndarray, tuple[Ints, Ints]]:
    """Everyone who is in either dataset, with the first and last record and their tables."""
    people, keys, tables = [], [], []
    for position, (dataset, table) in enumerate(SOURCES):
        for name, key, person in delivered[dataset].records:
            if name == table:
                people.append(person)
                keys.append(np.array(pa.array(key).to_pylist(), dtype=object))
                tables.append(np.full(len(person), position))
    person, key, table_of = np.concatenate(people), np.concatenate(keys), np.concatenate(tables)
    order = np.argsort(person, kind="stable")
    known, begins, count = np.unique(person[order], return_index=True, return_counts=True)
    first, last = order[begins], order[begins + count - 1]
    return known, key[first], key[last], (table_of[first], table_of[last])


def _aliased(
    world: World, names: Names, is_alias: np.ndarray, stream: np.random.Generator
) -> Names:
    """Names of which those of second records are spelt in another way."""
    rates, n = world.parameters.identities, len(is_alias)
    in_surname = is_alias & (stream.random(n) < 0.5)
    moved = is_alias & (stream.random(n) < rates.alias_moved)
    elsewhere = postcodes(np.zeros(n, dtype=np.int64), stream)
    postcode = np.where(moved, elsewhere, names.postcode)
    redated = is_alias & (stream.random(n) < rates.alias_birth_dates)
    return Names(
        typed(names.surname, in_surname, stream),
        typed(names.forename, is_alias & ~in_surname, stream),
        misdated(names.birth, redated, stream),
        names.is_male,
        np.where(stream.random(n) < rates.known_postcodes, postcode, ""),
        names.pnc,
    )


def _text(values: np.ndarray) -> pa.Array:
    """Texts, missing where empty."""
    return pa.array(values, pa.string(), mask=(values == "").astype(bool))
