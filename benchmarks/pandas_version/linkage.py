"""Records as people, and case rows as sets of proceedings, in plain pandas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.pandas_version.columns import found_in

PRECEDENCE = ("alf", "alf2", "cafcass_person", "xjs")
ATTRIBUTES = ("sex", "birth_month", "ethnicity_group")
SHARED_ROLES = ("applicant", "respondent", "subject")
WITHIN_DAYS = 14


def spine(records: pd.DataFrame, identifiers: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Carry each identifier up to the highest system that it is recorded with.

    Returns
    -------
    tuple
        The common table `link`, and `person_id` by `record_id`.
    """
    ordered = identifiers.sort_values("identifier")
    used = ordered.drop_duplicates(["record_id", "id_system"])
    wide = _wide(used)
    roots = _roots(wide)
    each = used[["id_system", "identifier"]].drop_duplicates()
    root = pd.Series(roots).reindex(pd.MultiIndex.from_frame(each))
    own = each["id_system"] + "|" + each["identifier"]
    people = pd.Series(root.to_numpy(), index=each.index).fillna(own)
    each["person_id"] = pd.factorize(people)[0] + 1
    link = used.merge(each, on=["id_system", "identifier"], validate="many_to_one")
    link["level"] = "unstated"
    alone = records.loc[~found_in(records["record_id"], identifiers["record_id"])]
    alone = alone[["record_id", "source", "source_table", "source_key"]]
    link = pd.concat([link, alone.assign(id_system="record", level="none")], ignore_index=True)
    rank = link["id_system"].map({name: n for n, name in enumerate(PRECEDENCE)})
    highest = link.assign(rank=rank).dropna(subset="person_id").sort_values("rank")
    highest = highest.drop_duplicates("record_id")
    person = highest.set_index("record_id")["person_id"].astype("Int64")
    return link.drop(columns="identifier"), person


def _wide(used: pd.DataFrame) -> pd.DataFrame:
    """One row per record, a column per id system."""
    columns = [
        used.loc[used["id_system"] == name].set_index("record_id")["identifier"].rename(name)
        for name in PRECEDENCE
    ]
    return pd.concat(columns, axis=1)


def _roots(wide: pd.DataFrame) -> pd.Series:
    """Where each identifier that is carried up ends, by id system and identifier."""
    pieces: list[pd.Series] = []
    for place, system in enumerate(PRECEDENCE[1:], start=1):
        higher = list(PRECEDENCE[:place])
        rows = wide[wide[system].notna() & wide[higher].notna().any(axis=1)]
        first = rows[higher].notna().to_numpy().argmax(axis=1)
        up = rows[higher[0]]
        for name in higher[1:]:
            up = up.fillna(rows[name])
        pairs = pd.DataFrame({"identifier": rows[system], "place": first, "up": up})
        counted = pairs.value_counts().rename("times").reset_index()
        counted = counted.sort_values(["place", "times", "up"], ascending=[True, False, True])
        best = counted.drop_duplicates("identifier")
        up_system = best["place"].map(dict(enumerate(PRECEDENCE)))
        root = up_system + "|" + best["up"]
        if pieces:
            known = pd.concat(pieces)
            above = pd.MultiIndex.from_arrays([up_system, best["up"]])
            carried = pd.Series(known.reindex(above).to_numpy(), index=root.index)
            root = carried.fillna(root)
        index = pd.MultiIndex.from_arrays([[system] * len(best), best["identifier"]])
        pieces.append(pd.Series(root.to_numpy(), index=index))
    return pd.concat(pieces)


def resolve(records: pd.DataFrame, person: pd.Series) -> pd.DataFrame:
    """Each person's attributes: recorded most often, then last, then the smallest."""
    columns = ["record_id", "recorded_date", *ATTRIBUTES]
    joined = records[columns].assign(person_id=records["record_id"].map(person))
    joined = joined[joined["person_id"].notna()]
    people = pd.DataFrame({"person_id": joined["person_id"].unique()}).set_index("person_id")
    for name in ATTRIBUTES:
        people[name] = _most_often(joined, name)
    people = people.reset_index().assign(death_date=pd.NaT, source="linkage", source_table="link")
    return people.assign(source_key=people["person_id"].astype("str"))


def _most_often(joined: pd.DataFrame, name: str) -> pd.Series:
    known = joined.loc[joined[name].notna(), ["person_id", name, "recorded_date"]]
    distinct = known[["person_id", name]].drop_duplicates()
    disagree = distinct.loc[distinct.duplicated("person_id", keep=False), "person_id"].unique()
    agreed = distinct[~distinct["person_id"].isin(disagree)].set_index("person_id")[name]
    rest = known[known["person_id"].isin(disagree)]
    counted = rest.groupby(["person_id", name])["recorded_date"].agg(["size", "max"]).reset_index()
    counted = counted.sort_values(["size", "max", name], ascending=[False, False, True])
    chosen = counted.drop_duplicates("person_id").set_index("person_id")[name]
    return pd.concat([agreed, chosen])


def same_proceedings(cases: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Pair Cafcass and family court cases: same type, near dates, a shared person."""
    people = parties.loc[
        parties["role"].isin(SHARED_ROLES) & parties["person_id"].notna(), ["case_id", "person_id"]
    ].drop_duplicates()
    dated = cases.loc[
        cases["received_date"].notna(), ["case_id", "case_type", "received_date", "source"]
    ]
    met = people.merge(dated, on="case_id")
    one = met[met["source"] == "cafcass_england"]
    other = met[met["source"] == "family_court"]
    both = one.merge(other, on=["person_id", "case_type"], suffixes=("", "_other"))
    gap = (both["received_date"] - both["received_date_other"]).dt.days.abs()
    near = both.assign(gap=gap)[gap <= WITHIN_DAYS]
    pairs = near.groupby(["case_id", "case_id_other"], sort=False).agg(
        score=("person_id", "nunique"), gap=("gap", "min")
    )
    pairs = pairs.reset_index().rename(columns={"case_id_other": "related_case_id"})
    return _one_to_one(pairs)


def _one_to_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """Take pairs from the strongest down, each case once: in rounds, not row by row."""
    order = ["score", "gap", "case_id", "related_case_id"]
    left = pairs.sort_values(order, ascending=[False, True, True, True], ignore_index=True)
    taken = []
    while len(left):
        best = left[~left.duplicated("case_id") & ~left.duplicated("related_case_id")]
        taken.append(best)
        left = left[
            ~found_in(left["case_id"], best["case_id"])
            & ~found_in(left["related_case_id"], best["related_case_id"])
        ]
    found = pd.concat(taken) if taken else left
    found = found.assign(relation="same_proceedings", source="linkage", source_table="case")
    return found.assign(source_key=found["case_id"]).drop(columns="gap")


def proceedings(case_ids: pd.Series, ties: pd.DataFrame) -> np.ndarray:
    """The smallest case id of all cases that ties lead to."""
    ordered = pd.Index(case_ids.sort_values())
    ends: Sequence[np.ndarray] = [
        ordered.get_indexer(ties[name]) for name in ("case_id", "related_case_id")
    ]
    size = len(ordered)
    graph = coo_array((np.ones(len(ties), dtype="int8"), ends), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    smallest = pd.Series(np.arange(size)).groupby(label).transform("min").to_numpy()
    return ordered[smallest].to_numpy()[ordered.get_indexer(case_ids)]
