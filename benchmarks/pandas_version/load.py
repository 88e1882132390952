"""The load of two datasets in plain pandas: magistrates' courts and the cross-justice links.

Read, check by the contract, clean and count, write the common tables, check those. Beside the
package it keeps no ledger, no missing values by year and no fingerprint of files.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.pandas_version.checks import ARROW, EXTRACTED, Tables, broken, clean, parted
from benchmarks.pandas_version.magistrates import (
    DATASET,
    EVENTS,
    SUMMARY,
    charges,
    defendants,
    matters,
    row_id,
    turned,
)
from justice_analysis import contracts

LINKS, BEGINS, STALE_AFTER_DAYS = "cross_justice_linking", pd.Timestamp("2011-01-01"), 730
ATTRIBUTES = ("sex", "birth_month", "ethnicity_group")


def load(world: Path, into: Path) -> dict[str, int]:
    """Load both datasets; give the number of rows of each common table."""
    counts: dict[str, int] = {}
    aside = into / "quarantine"
    checked = {name: clean(world / name, name, aside / name) for name in (DATASET, LINKS)}
    delivered, linking = checked[DATASET][0], checked[LINKS][0]
    people = defendants(delivered["mags_defendant_case"], counts)
    charged = charges(people, delivered["mags_offence"], counts)
    people = people.assign(source=DATASET, source_table=SUMMARY, source_key=people["row_id_hash"])
    people["record_id"], people["sex"] = people["party_id"], people["gender"]
    link = _link(people, linking["xjs_link"], counts)
    people["person_id"] = people["record_id"].map(_person_of(link))
    common = {
        "person": _persons(people),
        "link": link,
        "case": _cases(people, delivered["courts"]),
        "party": people.assign(role="defendant"),
        "event": _events(people),
        "measure": _measures(people),
        **matters(charged),
        **_places(delivered["courts"], people),
    }
    journeys = linking["mags_crown_journey"]
    counts["mags_crown_journey: no case loaded"] = len(journeys)  # No Crown Court case is loaded.
    written = {name: _write(rows, name, into) for name, rows in common.items()}
    _conform(written)
    said = {"checks": {name: found for name, (_, found) in checked.items()}, "cleaning": counts}
    (into / "quality.json").write_text(json.dumps(said, indent=1), encoding="utf-8")
    return {name: len(rows) for name, rows in written.items()}


def _link(people: pd.DataFrame, xjs: pd.DataFrame, counts: dict[str, int]) -> pd.DataFrame:
    """Identifiers of records and the people they lead to: an own id by the link most beside it."""
    ours = xjs[xjs["source_dataset"] == "mags_hocas"]
    linked = ours.assign(record_id=row_id("libra", ours["row_id_hash"]), source=LINKS)
    loaded = linked["record_id"].isin(people["record_id"])
    counts["xjs_link: record not loaded"] = len(xjs) - int(loaded.sum())
    linked = linked[loaded].assign(
        source_table="xjs_link",
        source_key=ours["row_id_hash"],
        id_system="xjs",
        person="xjs|" + ours["estimated_xjs_id"],
    )
    own = people[people["estimated_offender_id"].notna()].assign(id_system="estimated_offender")
    pairs = own[["record_id", "estimated_offender_id"]].merge(
        linked[["record_id", "person"]], on="record_id"
    )
    beside = pairs.groupby(["estimated_offender_id", "person"]).size().reset_index(name="times")
    beside = beside.sort_values(["times", "person"], ascending=[False, True])
    up = beside.drop_duplicates("estimated_offender_id").set_index("estimated_offender_id")
    own["person"] = own["estimated_offender_id"].map(up["person"])
    own["person"] = own["person"].fillna("libra|" + own["estimated_offender_id"])
    link = pd.concat([linked, own], ignore_index=True).assign(level="unstated")
    alone = people[~people["record_id"].isin(link["record_id"])]
    link = pd.concat([link, alone.assign(id_system="record", level="none")], ignore_index=True)
    numbers = pd.Series(pd.factorize(link["person"])[0] + 1, index=link.index, dtype="Int64")
    return link.assign(person_id=numbers.mask(numbers == 0))


def _person_of(link: pd.DataFrame) -> pd.Series:
    """Each record's person: links come first, then the dataset's own ids."""
    return link.drop_duplicates("record_id").set_index("record_id")["person_id"]


def _persons(people: pd.DataFrame) -> pd.DataFrame:
    """Each person's attributes: recorded most often, then last, then the smallest."""
    known = people[people["person_id"].notna()]
    persons = pd.DataFrame(index=pd.Index(known["person_id"].unique(), name="person_id"))
    for name in ATTRIBUTES:
        held = known[known[name].notna()].groupby(["person_id", name])["seen"]
        counted = held.agg(["size", "max"]).reset_index()
        best = counted.sort_values(["size", "max", name], ascending=[False, False, True])
        persons[name] = best.drop_duplicates("person_id").set_index("person_id")[name]
    persons = persons.reset_index().assign(source="linkage", source_table="link")
    return persons.assign(source_key=persons["person_id"].astype("str"))


def _cases(people: pd.DataFrame, courts: pd.DataFrame) -> pd.DataFrame:
    """One row per case: closed when all of its defendants are."""
    rows = people.assign(
        last=people[list(EVENTS.values())].max(axis=1),
        unfinished=people["final_result_date"].isna(),
    )
    cases = rows.groupby("case_id", as_index=False).agg(
        source_key=("case_id_hash", "first"),
        court_code=("court_code", "min"),
        received_date=("arrived", "min"),
        last_activity_date=("last", "max"),
        completed=("final_result_date", "max"),
        unfinished=("unfinished", "any"),
    )
    cases = cases.merge(courts, on="court_code", how="left")
    closed, last = cases["completed"].mask(cases["unfinished"]), cases["last_activity_date"]
    status = pd.Series("unknown", index=cases.index).mask(last.notna(), "open")
    status = status.mask((EXTRACTED - last).dt.days > STALE_AFTER_DAYS, "stale")
    status = status.mask(cases["common_platform_from"] <= EXTRACTED, "migrated")
    return cases.assign(
        proceeding_id=cases["case_id"],
        jurisdiction="criminal",
        case_type="magistrates",
        place_id="libra_court:" + cases["court_code"],
        area_id="libra_area:" + cases["local_justice_area"],
        closed_date=closed.mask(closed < cases["received_date"]),
        status=status.mask(closed.notna(), "closed"),
        source=DATASET,
        source_table=SUMMARY,
    )


def _events(people: pd.DataFrame) -> pd.DataFrame:
    """One row per dated event of a defendant in a case."""
    columns = ["case_id", "party_id", "person_id", "source", "source_table", "source_key"]
    parts = []
    for event, column in EVENTS.items():
        known = people[people[column].notna()]
        rows = known[columns].assign(
            event_id=turned(f"libra_{event}", known["party_id"]),
            event_type=event,
            event_date=known[column],
        )
        if event not in ("offence", "charge"):
            rows["place_id"] = known["place_id"]
        if event == "sent_to_crown":
            rows["value_code"] = known["sent_for"]
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def _measures(people: pd.DataFrame) -> pd.DataFrame:
    """Each ethnicity as recorded, and age where no month of birth is known."""
    age = people["age"].where(people["birth_month"].isna())
    given = {"self_defined": people["said"], "officer_identified": people["saw"]}
    parts = [
        people[code.notna()].assign(concept="recorded_ethnicity", basis=basis, value_code=code)
        for basis, code in given.items()
    ]
    told = people[age.notna()].assign(concept="age", basis="administrative", unit="years")
    parts.append(told.assign(value_number=age.astype("Float64")))
    named = zip((*given, "age"), parts, strict=True)
    parts = [one.assign(measure_id=turned(kind, one["party_id"])) for kind, one in named]
    return pd.concat(parts, ignore_index=True).assign(date=lambda rows: rows["seen"])


def _places(courts: pd.DataFrame, people: pd.DataFrame) -> Tables:
    """`place` and `coverage`: courts, areas and regions, and what was covered of each court."""
    named = people.loc[people["court_code"].notna(), ["court_code"]].drop_duplicates()
    others = named[~named["court_code"].isin(courts["court_code"])].assign(source_table=SUMMARY)
    known = pd.concat([courts.assign(source_table="courts"), others], ignore_index=True)
    area, region = "libra_area:" + known["local_justice_area"], "libra_region:" + known["region"]
    moved = known["common_platform_from"]
    known = known.assign(
        source=DATASET,
        place_id="libra_court:" + known["court_code"],
        kind="court",
        name=known["court_name"].fillna("court " + known["court_code"]),
        parent_id=area.fillna(region),
        source_key=known["court_code"],
        from_date=BEGINS,
        to_date=moved.where(moved < EXTRACTED, EXTRACTED),
        reason="the courts' system, to the extract",
    )
    known["reason"] = known["reason"].mask(moved < EXTRACTED, "migrated to Common Platform")
    name, code = "local justice area " + known["local_justice_area"], known["local_justice_area"]
    areas = known.assign(place_id=area, kind="local_justice_area", parent_id=region)
    areas = areas.assign(name=name, source_key=code)
    regions = known.assign(place_id=region, kind="region", parent_id=None)
    regions = regions.assign(name="region " + known["region"], source_key=known["region"])
    above = [one[one["place_id"].notna()].drop_duplicates("place_id") for one in (areas, regions)]
    covered = known[known["to_date"] > known["from_date"]]
    return {"place": pd.concat([known, *above], ignore_index=True), "coverage": covered}


def _write(rows: pd.DataFrame, name: str, into: Path) -> pd.DataFrame:
    """Write a common table in its contract's columns and types."""
    fields = contracts.common_model().table(name).fields
    schema = pa.schema([(field.name, ARROW[field.type]) for field in fields])
    (into / name).mkdir(parents=True, exist_ok=True)
    columns = [
        pa.array(rows[one.name], type=one.type, from_pandas=True)
        if one.name in rows
        else pa.nulls(len(rows), one.type)
        for one in schema
    ]
    table = pa.Table.from_arrays(columns, schema=schema)
    pq.write_table(table, into / name / "part-0.parquet", compression="zstd")
    return rows[[name for name in schema.names if name in rows]].reset_index(drop=True)


def _conform(tables: Tables) -> None:
    """Check required values, keys and references of the common tables, in the columns filled."""
    problems = []
    for name, rows in tables.items():
        contract = contracts.common_model().table(name)
        filled = dataclasses.replace(
            contract,
            fields=tuple(one for one in contract.fields if one.required or one.name in rows),
            foreign_keys=tuple(key for key in contract.foreign_keys if key.fields[0] in rows),
            date_order=tuple(pair for pair in contract.date_order if {*pair} <= {*rows.columns}),
        )
        lacking = [rule for rule, n in broken(rows, filled) if n and rule.endswith("required")]
        _, aside = parted(rows, filled, tables)
        problems += [f"{name}: {reason}" for reason in (*lacking, *aside["reason"].unique())]
    if problems:
        raise ValueError("; ".join(problems))
