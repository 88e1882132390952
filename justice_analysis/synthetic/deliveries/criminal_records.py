"""What both criminal court deliveries need: a register's ids, people's columns, and its mess."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_analysis.codes import ETHNICITY_GROUP_OF, ETHNICITY_GROUPS
from justice_analysis.synthetic.criminal.lives import CourtRegister
from justice_analysis.synthetic.mess import Desk, link_risk, spoil_links
from justice_analysis.synthetic.people import (
    DEFENDANT,
    FEMALE,
    Bools,
    Days,
    Ints,
    completed_years,
    region_of,
)
from justice_analysis.synthetic.tables import NULL, Column, Table, Text, hashes
from justice_analysis.synthetic.world import World

PLACEHOLDER_DATE = np.datetime64("1900-01-01")
PLACEHOLDER_AGE = 999
_IMPOSSIBLE_AGES = np.array([0, 3, 150])
_TYPO_CENTURIES = np.array([1800, 2200, 2900, 7900])
NOT_STATED, UNKNOWN_CODE = "NS", "ZZ"
# The self-defined codes of each of the five groups, the commonest first, and their shares.
_GROUPS = tuple(ETHNICITY_GROUPS)
_SELF_DEFINED = tuple(
    tuple(code for code, group in ETHNICITY_GROUP_OF.items() if group == name and code != "O1")
    for name in _GROUPS
)
SELF_DEFINED_LABELS = (*(code for codes in _SELF_DEFINED for code in codes), NOT_STATED)
# Officers have no code for mixed: it is seen as white or black.
_OFFICER = (("1", "2"), ("1", "3"), ("4", "5"), ("3", "3"), ("6", "5"))
OFFICER_LABELS = ("1", "2", "3", "4", "5", "6", "9")


@dataclass(frozen=True)
class Register:
    """The rows of one court's delivery: who, when first seen, and where to write what is wrong."""

    world: World
    desk: Desk
    table: str
    person: Ints
    seen: Days

    def __len__(self) -> int:
        return len(self.person)

    def missing(self, column: str, rule: str, rate: float) -> Bools:
        """Draw the rows in which a column has no value, and note how many."""
        hit = self.desk.drawn(len(self), rate)
        self.desk.note(self.table, column, rule, hit.sum())
        return hit


def people_columns(register: Register, *, officer: str) -> Table:
    """Sex, month of birth, age and both ethnicities, as recorded."""
    return {
        "estimated_offender_id": offender_ids(register),
        "gender": varied(register.desk, register.table, "gender", _gender(register)),
        "birth_month": _birth_months(register),
        "age": _ages(register),
        **_ethnicities(register, officer),
    }


def offender_ids(register: Register) -> pa.Array:
    """Id within the dataset: one a person, but for links missed and links that are wrong."""
    world, person = register.world, register.person
    _, own = np.unique(person, return_inverse=True)
    young = (register.seen - world.people.birth[person - 1]).astype(np.int64) < 20 * 365
    young &= world.people.kind[person - 1] == DEFENDANT
    home = world.homes[person] if len(world.homes) > 1 else np.zeros(len(person), dtype=np.int64)
    estimated = spoil_links(
        register.desk,
        register.table,
        "estimated_offender_id",
        own=own.astype(np.int64),
        alike=world.people.sex[person - 1].astype(np.int64),
        risk=link_risk(world.rates, young, region_of(home), world.moved[person]),
        missed_value=len(own) + np.arange(len(own)),
    )
    return hashes(2 * len(own), register.desk.stream).take(pa.array(estimated))


def _gender(register: Register) -> Text:
    sex = register.world.people.sex[register.person - 1]
    none = register.missing("gender", "missing_gender", register.world.rates.court_missing_gender)
    return Text(np.where(none, -1, np.where(sex == FEMALE, 0, 1)), ("F", "M"))


def _birth_months(register: Register) -> np.ndarray:
    """Months of birth: some missing, some a century or more out."""
    desk, rates = register.desk, register.world.rates
    month = register.world.people.birth[register.person - 1].astype("datetime64[M]")
    none = register.missing("birth_month", "missing_birth_month", rates.court_missing_birth_month)
    typo = desk.drawn(len(month), rates.century_typos) & ~none
    desk.note(register.table, "birth_month", "century_typos", typo.sum())
    # 18xx and 79xx stand for 19xx, 22xx and 29xx for 20xx.
    is_old = month < np.datetime64("2000-01")
    pick = desk.stream.integers(0, 2, len(month))
    century = np.where(is_old, _TYPO_CENTURIES[[0, 3]][pick], _TYPO_CENTURIES[[1, 2]][pick])
    years = month.astype("datetime64[Y]").astype(np.int64) + 1970
    shift = (century + years % 100 - years) * 12
    wrong = month + np.where(typo, shift, 0).astype("timedelta64[M]")
    return np.where(none, np.datetime64("NaT", "M"), wrong)


def _ages(register: Register) -> Ints:
    """Ages when first seen: some placeholders, some that cannot be."""
    desk, rates = register.desk, register.world.rates
    age = completed_years(register.seen, register.world.people.birth[register.person - 1])
    age = np.where(np.isnat(register.seen), NULL, age)
    placeholder = desk.drawn(len(age), rates.court_placeholders)
    impossible = desk.drawn(len(age), rates.court_impossible_ages) & ~placeholder
    desk.note(register.table, "age", "placeholders", placeholder.sum())
    desk.note(register.table, "age", "impossible_ages", impossible.sum())
    odd = desk.stream.choice(_IMPOSSIBLE_AGES, len(age))
    return np.where(placeholder, PLACEHOLDER_AGE, np.where(impossible, odd, age))


def _ethnicities(register: Register, officer: str) -> Table:
    """What the defendant said (one code a person) and what an officer saw (a code a row)."""
    desk, rates, person = register.desk, register.world.rates, register.person
    group = register.world.people.ethnicity[person - 1].astype(np.int64) - 1
    own = own_ethnicity(register.world, person, group)
    none = register.missing(
        "ethnicity_self_defined", "missing_self_defined", rates.court_missing_self_defined
    )
    not_stated = none & (desk.stream.random(len(register)) < 0.5)
    own = np.where(not_stated, len(SELF_DEFINED_LABELS) - 1, np.where(none, -1, own))
    seen_as = np.where(
        desk.drawn(len(register), rates.court_other_ethnicity),
        desk.stream.integers(0, len(_GROUPS), len(register)),
        group,
    )
    second = (desk.stream.random(len(register)) < 0.15).astype(np.int64)
    code = np.array([[OFFICER_LABELS.index(one) for one in pair] for pair in _OFFICER])
    unseen = register.missing(officer, "unknown_officer", rates.court_missing_officer)
    said = Text(own, SELF_DEFINED_LABELS)
    return {
        "ethnicity_self_defined": varied(desk, register.table, "ethnicity_self_defined", said),
        officer: Text(np.where(unseen, 6, code[seen_as, second]), OFFICER_LABELS),
    }


def own_ethnicity(world: World, person: Ints, group: Ints) -> Ints:
    """Detailed code of each person within the group: the same in every row and dataset."""
    sizes = np.array([len(codes) for codes in _SELF_DEFINED])
    starts = np.cumsum(sizes) - sizes
    draw = world.streams.shared("self-defined ethnicity").random(len(world.people) + 1)[person]
    # The first code of a group is by far the commonest, so squares of draws serve.
    within = np.floor(draw**2 * sizes[group]).astype(np.int64)
    return starts[group] + within


# Mess ------------------------------------------------------------------------------------


def varied(desk: Desk, table: str, column: str, text: Text) -> Text:
    """A column of codes of which some are written in other letters."""
    hit = desk.drawn(len(text.code), desk.rates.court_code_variants) & (text.code >= 0)
    has_letters = np.array([label.lower() != label.upper() for label in text.labels])
    hit &= has_letters[text.code]
    desk.note(table, column, "code_variants", hit.sum())
    other = tuple(_other_way(label) for label in text.labels)
    return Text(np.where(hit, text.code + len(text.labels), text.code), (*text.labels, *other))


def _other_way(label: str) -> str:
    return label.swapcase().replace("_", " ")


def strange(desk: Desk, table: str, column: str, text: Text) -> Text:
    """A column of codes of which some are in no list."""
    hit = desk.drawn(len(text.code), desk.rates.court_unknown_codes) & (text.code >= 0)
    desk.note(table, column, "unknown_codes", hit.sum())
    return Text(np.where(hit, len(text.labels), text.code), (*text.labels, UNKNOWN_CODE))


def with_placeholders(desk: Desk, table: str, column: str, date: Days) -> Days:
    """Dates of which some are the day that the system writes for none."""
    hit = desk.drawn(len(date), desk.rates.court_placeholders) & ~np.isnat(date)
    desk.note(table, column, "placeholders", hit.sum())
    return np.where(hit, PLACEHOLDER_DATE, date)


def swapped(desk: Desk, table: str, column: str, first: Days, final: Days) -> tuple[Days, Days]:
    """First and final dates of which some are entered the wrong way round."""
    hit = desk.drawn(len(first), desk.rates.court_swapped_dates)
    hit &= ~np.isnat(first) & ~np.isnat(final) & (final > first)
    desk.note(table, column, "swapped_dates", hit.sum())
    return np.where(hit, final, first), np.where(hit, first, final)


# Courts and keys --------------------------------------------------------------------------


def court_text(court: Ints) -> pa.Array:
    """Codes of courts as text; missing where there is none."""
    return pa.array(court, mask=court <= 0).cast(pa.string())


def court_table(courts: CourtRegister, name: str, *, with_area: bool) -> Table:
    """The list of courts, with neutral names and the day of migration."""
    number = np.arange(1, len(courts) + 1)
    area: Table = {"local_justice_area": court_text(courts.area)} if with_area else {}
    return {
        "court_code": court_text(number),
        "court_name": pa.array([f"{name} {one:03d}" for one in number], pa.string()),
        **area,
        "region": court_text(region_of(courts.area)),
        "common_platform_from": courts.unseen_from,
    }


def keys_by_position(n: int, at: Ints, key: pa.Array) -> np.ndarray:
    """Delivered keys by position in the world's table; None where not delivered."""
    keys = np.full(n, None, dtype=object)
    keys[at] = np.array(key.to_pylist(), dtype=object)
    return keys


def case_keys(case: Ints, stream: np.random.Generator) -> tuple[pa.Array, np.ndarray]:
    """A hash for each row's case, and the keys by case number."""
    distinct, position = np.unique(case, return_inverse=True)
    hashed = hashes(len(distinct), stream)
    by_number = keys_by_position(int(case.max(initial=-1)) + 1, distinct, hashed)
    return hashed.take(pa.array(position)), by_number


def before_migration(received: Days, unseen_from: Days) -> Bools:
    """Whether a case was received before its court's new cases went to Common Platform."""
    return np.isnat(unseen_from) | (received < unseen_from)


def days_or_null(length: Ints) -> Ints:
    """Lengths of sentences; none is missing, not 0."""
    return np.where(length > 0, length, NULL)


def code_column(code: Ints, labels: tuple[str, ...]) -> Column:
    """A column of codes as positions in labels."""
    return Text(code.astype(np.int64), labels)
