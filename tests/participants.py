"""Made-up lists of participants, with the errors of typing, and the people that they are of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

FORENAMES = (
    "Ada",
    "Bea",
    "Cleo",
    "Dora",
    "Elsa",
    "Finn",
    "Gus",
    "Hal",
    "Ivo",
    "Jude",
    "Kit",
    "Lena",
    "Milo",
    "Nell",
    "Otto",
    "Pia",
)
STARTS = (
    "Ash",
    "Bram",
    "Cold",
    "Dun",
    "East",
    "Fen",
    "Green",
    "Hart",
    "Iver",
    "Kings",
    "Lang",
    "Marl",
    "Nor",
    "Oak",
    "Pen",
    "Raven",
)
ENDS = (
    "bury",
    "ford",
    "ham",
    "ley",
    "low",
    "mere",
    "more",
    "side",
    "thorpe",
    "ton",
    "wick",
    "worth",
)


@dataclass(frozen=True)
class Lists:
    """Files of a list and its population, and who is who."""

    participants: Path
    population: Path
    truth: pd.DataFrame


def people(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """People with identifiers; every tenth has a second record with another postcode."""
    days = rng.integers(0, 365 * 40, count)
    born = pd.Timestamp("1960-01-01") + pd.to_timedelta(days, unit="D")
    rows = pd.DataFrame(
        {
            "population_id": range(1, count + 1),
            "surname": [
                rng.choice(STARTS) + str(rng.choice(ENDS)) + str(rng.choice(["", "s", "e"]))
                for _ in range(count)
            ],
            "forename": rng.choice(FORENAMES, count),
            "birth_date": born.strftime("%Y-%m-%d"),
            "gender": rng.choice(["F", "M"], count),
            "postcode": [_postcode(rng) for _ in range(count)],
            "pnc_id": [f"99/{number:06d}{rng.choice(list('ABCDE'))}" for number in range(count)],
            "source_table": "nomis",
            "source_key": [f"key-{number}" for number in range(count)],
        }
    )
    again = rows.iloc[::10].assign(
        postcode=[_postcode(rng) for _ in range(len(rows.iloc[::10]))],
        source_key=lambda one: one["source_key"] + "-second",
    )
    return pd.concat([rows, again], ignore_index=True)


def _postcode(rng: np.random.Generator) -> str:
    letters = rng.choice(list("ABDEFGHJLNPQRSTUWXYZ"), 2)
    return f"ZZ{rng.integers(1, 60)} {rng.integers(0, 10)}{letters[0]}{letters[1]}"


def make_lists(
    folder: Path, *, seed: int = 1, known: int = 200, population: int = 2_000, strangers: int = 10
) -> Lists:
    """A list as dirty as FEBRL's: slips of typing, swapped names, missing postcodes."""
    rng = np.random.default_rng(seed)
    everyone = people(population, rng)
    chosen = everyone.iloc[rng.choice(population, known, replace=False)]
    nobody = people(strangers, rng).iloc[:strangers].assign(population_id=None)
    nobody = nobody.assign(surname=nobody["surname"] + "xq", pnc_id="")
    rows = pd.concat([chosen, nobody], ignore_index=True)
    truth = pd.DataFrame(
        {"participant": range(1, len(rows) + 1), "population_id": rows["population_id"]}
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / "steps.csv", folder / "people.csv"
    _with_errors(rows, rng).to_csv(files[0], index=False)
    everyone.to_csv(files[1], index=False)
    return Lists(*files, truth)


def _with_errors(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    def hit(share: float) -> np.ndarray:
        return rng.random(len(rows)) < share

    forename = rows["forename"].where(~hit(0.15), [_slip(x, rng) for x in rows["forename"]])
    surname = rows["surname"].where(~hit(0.2), [_slip(x, rng) for x in rows["surname"]])
    swapped, crossed = hit(0.05), hit(0.05)
    born = pd.to_datetime(rows["birth_date"])
    able = crossed & (born.dt.day <= 12)
    return pd.DataFrame(
        {
            "Last Name": surname.where(~swapped, forename).str.upper(),
            "First name": forename.where(~swapped, surname),
            "DOB": born.dt.strftime("%d/%m/%Y").where(~able, born.dt.strftime("%m/%d/%Y")),
            "Sex": rows["gender"].map({"F": "Female", "M": "Male"}).where(~hit(0.02), ""),
            "Postcode": rows["postcode"].str.replace(" ", "").where(~hit(0.2), ""),
            "Intervention date": pd.Timestamp("2016-05-13").strftime("%d/%m/%Y"),
            "PNC": rows["pnc_id"].where(~hit(0.7), ""),
        }
    )


def _slip(text: str, rng: np.random.Generator) -> str:
    """One letter left out, doubled, or exchanged with the next."""
    at = int(rng.integers(1, len(text) - 1))
    kind = int(rng.integers(0, 3))
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
