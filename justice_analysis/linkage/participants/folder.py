"""The participants folder: written aside and then put in place, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from justice_analysis import engine
from justice_analysis.errors import SourceError, UsageError
from justice_analysis.linkage.participants.alike import sha256_of
from justice_analysis.linkage.participants.links import PEOPLE, ParticipantLinks
from justice_analysis.linkage.participants.pictures import write_charts
from justice_analysis.linkage.participants.review import is_release, write_review

if TYPE_CHECKING:
    import pandas as pd

RECORD, PEOPLE_FILE, MODEL = "links.json", "people.parquet", "model.json"
TABLES = ("attrition", "match_rates", "thresholds")
FORMAT = 1


def write_links(links: ParticipantLinks, folder: Path | str, *, synthetic: bool = False) -> Path:
    """Write a participants folder.

    Parameters
    ----------
    links
        What a linkage gave.
    folder
        A new folder, or a participants folder to be replaced.
    synthetic
        Mark the charts as of synthetic data.

    Raises
    ------
    UsageError
        If the folder holds something else, or is part of a release: it holds identifiers.
    """
    target = Path(folder)
    if is_release(target / RECORD):
        raise UsageError(
            "a participants folder holds identifiers and must not leave: the place named is part "
            "of a release. Name another one inside."
        )
    if target.exists() and not _may_replace(target):
        raise UsageError(f"{target.name} holds something else. Name a new folder.")
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.parent / f".{target.name}.writing-{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        _write(links, aside, synthetic)
        engine.swap_in(aside, target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return target


def _may_replace(target: Path) -> bool:
    if not target.is_dir():
        return False
    return (target / RECORD).is_file() or not any(target.iterdir())


def _write(links: ParticipantLinks, aside: Path, synthetic: bool) -> None:
    _write_people(links.people, aside / PEOPLE_FILE)
    for name in TABLES:
        table = getattr(links, name)
        if table is not None:
            table.to_csv(aside / f"{name}.csv", index=False)
    if links.model:
        _write_json(links.model, aside / MODEL)
    if links.review is not None:
        write_review(links.review, aside / "review.csv")
    write_charts(links, aside / "charts", synthetic=synthetic)
    files = sorted(path for path in aside.rglob("*") if path.is_file())
    hashes = {str(path.relative_to(aside).as_posix()): sha256_of(path) for path in files}
    record = {"format": FORMAT, "name": links.name, **links.record, "files": hashes}
    _write_json(record, aside / RECORD)


def _write_json(content: Any, file: Path) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    file.write_text(text + "\n", encoding="utf-8")


def _write_people(people: pd.DataFrame, file: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"int64": pa.int64(), "string": pa.string(), "float64": pa.float64()}
    schema = pa.schema([(name, types.get(kind, pa.date32())) for name, kind in PEOPLE.items()])
    pq.write_table(pa.Table.from_pandas(people, schema=schema, preserve_index=False), file)


def read_links(folder: Path | str) -> ParticipantLinks:
    """Read a participants folder; the sample for review is left where it is.

    Raises
    ------
    SourceError
        If the folder is missing, is none, or its files were changed since.
    """
    import pandas as pd

    place = Path(folder)
    record = _read_record(place)
    people = pd.read_parquet(place / PEOPLE_FILE)
    tables = {
        name: pd.read_csv(place / f"{name}.csv", keep_default_na=True)
        for name in TABLES
        if (place / f"{name}.csv").is_file()
    }
    model = place / MODEL
    return ParticipantLinks(
        name=str(record["name"]),
        people=people[list(PEOPLE)],
        attrition=tables["attrition"],
        match_rates=tables["match_rates"],
        record=record,
        model=json.loads(model.read_text(encoding="utf-8")) if model.is_file() else {},
        thresholds=tables.get("thresholds"),
    )


def _read_record(place: Path) -> dict[str, Any]:
    if not place.is_dir():
        raise SourceError(f"there is no participants folder at {place.name}. Link a list into it.")
    try:
        record = dict(json.loads((place / RECORD).read_text(encoding="utf-8")))
        files = dict(record["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise SourceError(
            f"{place.name} is no participants folder: its {RECORD} is missing or unreadable. "
            "Link the list again."
        ) from None
    if record.get("format") != FORMAT:
        raise SourceError(
            f"{place.name} was written by another version of this package. Link the list again."
        )
    changed = [
        name
        for name, known in files.items()
        if name != "review.csv"
        and not ((place / name).is_file() and sha256_of(place / name) == known)
    ]
    if changed:
        raise SourceError(
            f"{place.name} is not as it was written: {', '.join(changed[:5])} is missing or "
            "changed. Link the list again."
        )
    return record
