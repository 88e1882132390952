"""A profile says what files hold, and nothing that fewer than ten rows share."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from ibis.backends import BaseBackend
from typer.testing import CliRunner

from justice_analysis import contracts, engine
from justice_analysis.cli import app
from justice_analysis.errors import SourceError, UsageError
from justice_analysis.sources.adapter import read_adapter
from justice_analysis.sources.cleaning import clean_extract
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.profile import draft_adapter, profile_folder, render, to_json
from justice_analysis.sources.profile.folder import FolderProfile
from justice_analysis.sources.profile.layouts import find_parts, find_slots, same_columns
from justice_analysis.sources.profile.likeness import likeness, words_of
from justice_analysis.sources.profile.rounding import band, rounded, rule, shown

Profile = Callable[..., FolderProfile]
HASH = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def profile(tmp_path: Path, backend: BaseBackend) -> Profile:
    """Write files (name to text, bytes or a table) and profile the folder."""

    def run(dataset: str | None = None, *, rows: int | None = None, **files: object):
        folder = tmp_path / "unknown"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            _write(folder, name, content)
        return profile_folder(folder, dataset, rows=rows, backend=backend)

    return run


def _write(folder: Path, name: str, content: object) -> None:
    if isinstance(content, pd.DataFrame):
        content.to_parquet(folder / f"{name}.parquet")
    elif isinstance(content, bytes):
        (folder / f"{name}.csv").write_bytes(content)
    else:
        (folder / f"{name}.csv").write_text(str(content), encoding="utf-8")


def csv(header: str, *columns: list[str]) -> str:
    return "\n".join([header, *(",".join(row) for row in zip(*columns, strict=True))]) + "\n"


def column(found: FolderProfile, name: str, file: str = "file"):
    return next(one for one in found.file(file).columns if one.name == name)


# The rule -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "words"),
    [(0, "0"), (1, "<10"), (9, "<10"), (10, "10"), (12, "10"), (13, "15"), (1_002, "1,000")],
)
def test_counts_are_rounded_to_five_and_small_ones_are_not_shown(rows: int, words: str) -> None:
    assert shown(rounded(rows)) == words


@pytest.mark.parametrize(
    ("distinct", "words"),
    [
        (1, "1"),
        (2, "2"),
        (3, "3 to 5"),
        (50, "21 to 50"),
        (51, "51 to 100"),
        (2 * 10**7, "over 10"),
    ],
)
def test_numbers_of_different_values_are_bands(distinct: int, words: str) -> None:
    assert band(distinct).startswith(words)


def test_the_rule_is_stated_with_the_threshold_that_holds(profile: Profile) -> None:
    found = profile(file="a,b\n1,2\n")
    assert "from 1 to 9 they are shown as <10" in rule()
    assert rule(found.threshold) in render(found)
    assert json.loads(to_json(found))["rule"] == rule()


def test_values_that_few_rows_share_are_nowhere(profile: Profile, marker: str) -> None:
    codes = ["A"] * 30 + ["B"] * 12 + [marker] * 9 + ["C"] * 9
    numbers = [str(7_654_321 if n == 0 else n % 100) for n in range(60)]
    dates = ["1871-03-04"] + ["2015-01-02"] * 59
    ids = [f"{HASH[:-2]}{n:02d}" for n in range(60)]
    names = [f"{marker}-{n % 6}" for n in range(60)]
    found = profile(
        "rossi", file=csv("code,number,when,id,name", codes, numbers, dates, ids, names)
    )
    everything = render(found) + to_json(found) + draft_adapter(found, contracts.load("rossi"))
    for secret in (
        f"{marker} ",
        f'"{marker}"',
        "7654321",
        "7,654,321",
        "10,000,000",
        "187",
        HASH[:20],
    ):
        assert secret not in everything
    assert column(found, "code").values == {"A": 30, "B": 10}
    assert column(found, "code").other_values
    assert column(found, "number").size == "below 100"
    assert column(found, "when").size == "2010s"


def test_ids_and_dates_are_never_taken_for_codes(profile: Profile) -> None:
    ids = [HASH] * 30 + [HASH[::-1]] * 30
    found = profile(file=csv("id,day", ids, ["2019-01-01"] * 60))
    assert column(found, "id").kind == "hash"
    assert not column(found, "id").values
    assert not column(found, "day").values
    assert HASH not in render(found)


def test_the_threshold_may_be_raised_and_not_lowered(
    profile: Profile, tmp_path: Path, backend: BaseBackend
) -> None:
    profile(file=csv("code", ["A"] * 30 + ["B"] * 30 + ["C"] * 40))
    found = profile_folder(tmp_path / "unknown", threshold=40, backend=backend)
    assert column(found, "code").values == {"C": 40}
    with pytest.raises(UsageError, match="must be 10 rows or more"):
        profile_folder(tmp_path / "unknown", threshold=9, backend=backend)


# Columns --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["12", "7", "-3"], "integer"),
        (["1.5", "2", "0.25"], "number"),
        (["true", "No", "f"], "boolean"),
        (["2019-01-02", "2020-12-31", "1999-05-05"], "date"),
        (["03/04/2019", "31/12/2019", "05JAN2020"], "date"),
        (["20190102", "20201231", "19990505"], "date"),
        (["2019-01", "12/2020", "Mar-2001"], "month"),
        (["201901", "202012", "199905"], "month"),
        (["201901", "202012", "199977"], "integer"),
        (["C1", "C2", "Leeds"], "text"),
        (["1,5", "2,25", "3"], "text"),
        ([HASH, HASH[::-1], HASH.upper()], "hash"),
    ],
)
def test_a_column_is_what_nearly_all_of_its_values_are(
    profile: Profile, values: list[str], kind: str
) -> None:
    found = profile(file=csv("x;y", [f'"{one}";{n}' for n, one in enumerate(values * 20)]))
    assert column(found, "x").kind == kind


def test_gaps_markers_and_values_that_do_not_fit_are_counted(profile: Profile) -> None:
    values = ["1"] * 500 + [""] * 21 + ["."] * 30 + ["-99"] * 9 + ["many"] * 12
    found = profile(file=csv("x,n", values, [str(n) for n in range(len(values))]))
    held = column(found, "x")
    assert (held.kind, held.missing, held.markers, held.unlike) == ("integer", 20, {".": 30}, 10)
    assert column(found, "n").unique
    assert not held.unique


def test_date_formats_are_counted_as_they_fit(profile: Profile) -> None:
    values = ["31/12/2019"] * 40 + ["03/04/2019"] * 20 + ["2019-01-02"] * 15
    found = profile(file=csv("x,n", values, [str(n) for n in range(75)]))
    assert column(found, "x").formats == {"%Y-%m-%d": 15, "%d/%m/%Y": 60, "%m/%d/%Y": 20}


def test_parquet_tells_its_own_types(profile: Profile) -> None:
    frame = pd.DataFrame(
        {
            "n": range(40),
            "x": [1.5] * 40,
            "b": [True] * 20 + [False] * 20,
            "d": pd.to_datetime(["2019-01-02"] * 40),
            "none": [None] * 40,
        }
    )
    found = profile(file=frame)
    assert [one.kind for one in found.file("file").columns] == [
        "integer",
        "number",
        "boolean",
        "date",
        "empty",
    ]
    assert column(found, "d").size == "2010s"
    assert column(found, "x").size == "below 10"


# Files ----------------------------------------------------------------------------------


def test_delimiter_and_encoding_are_found_out(profile: Profile) -> None:
    rows = "".join(f"{n};Caf\xe9;a,b\n" for n in range(20))
    found = profile(
        bars="n|m\n1|2\n",
        western=("n;name;c\n" + rows).encode("windows-1252"),
        wide=("n\tm\n1\t2\n").encode("utf-16"),
    )
    forms = {one.name: one.form for one in found.files}
    assert forms == {
        "bars": "csv, bars, utf-8",
        "western": "csv, semicolons, windows-1252",
        "wide": "csv, tabs, utf-16",
    }
    assert not found.problems


def test_a_byte_far_from_the_beginning_may_tell_the_encoding(profile: Profile) -> None:
    rows = "".join(f"{n},plain\n" for n in range(20_000)) + "20000,Caf\xe9\n"
    found = profile(file=("n,name\n" + rows).encode("windows-1252"))
    assert found.file("file").encoding == "windows-1252"


def test_parts_zips_and_gzips_are_tables_too(profile: Profile, tmp_path: Path) -> None:
    folder = tmp_path / "unknown"
    folder.mkdir()
    (folder / "packed.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    with zipfile.ZipFile(folder / "held.zip", "w") as archive:
        archive.writestr("inner.csv", "a,b\n1,2\n")
    pd.DataFrame({"a": [1.0, 2.0]}).to_stata(folder / "stata.dta", write_index=False)
    found = profile(people_01="a\n" + "1\n" * 30, people_02="a\n" + "2\n" * 30)
    assert {one.name: (one.parts, one.rows) for one in found.files} == {
        "inner": (1, None),
        "packed": (1, None),
        "people": (2, 60),
        "stata": (1, None),
    }


def test_a_file_whose_first_row_holds_values_is_profiled_without_it(
    profile: Profile, marker: str
) -> None:
    found = profile("rossi", file=f"17,{marker},2019-01-02\n" + "18,x,2019-01-03\n" * 20)
    names = [one.name for one in found.file("file").columns]
    assert names == ["column 1", "column 2", "column 3"]
    assert marker not in render(found) + draft_adapter(found, contracts.load("rossi"))
    assert "seems to hold values, not names" in render(found)


def test_what_cannot_be_read_is_said_and_the_rest_is_profiled(
    profile: Profile, marker: str
) -> None:
    found = profile(good="a,b\n1,2\n", bad=f"a,b\n1,2\n{marker}\n", empty="")
    assert [one.name for one in found.files] == ["good"]
    assert len(found.problems) == 2
    assert marker not in " ".join(found.problems)


def test_a_folder_without_tables_or_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="must hold CSV, Parquet, Stata or zip files"):
        profile_folder(tmp_path)
    with pytest.raises(SourceError, match="there is no folder nowhere"):
        profile_folder(tmp_path / "nowhere")


def test_only_the_first_rows_may_be_looked_at_and_that_is_said(profile: Profile) -> None:
    found = profile(rows=1_000, file="n\n" + "".join(f"{n}\n" for n in range(3_000)))
    assert found.file("file").rows == 1_000
    assert "at most the first 1,000 rows were looked at" in found.file("file").notes


# Layouts and keys -----------------------------------------------------------------------


def test_keys_that_columns_of_other_files_refer_to_are_found(profile: Profile) -> None:
    ids = [f"{HASH[:-3]}{n:03d}" for n in range(100)]
    cases = csv("case_no,size", ids, [str(n) for n in range(100)])
    rows = [*ids[:76], ids[0], *(one[::-1] for one in ids[:23])]
    events = csv("ref,weight", rows, [str(n % 7) for n in range(100)])
    (found,) = profile(cases=cases, events=events).overlaps
    assert (found.file, found.column, found.other_file, found.other_column) == (
        "events",
        "ref",
        "cases",
        "case_no",
    )
    assert found.share == 0.75


def test_signs_of_other_layouts_are_found(profile: Profile) -> None:
    header = "id,offence_1,offence_2,offence_3,born_year,born_month,born_day,code7"
    row = ",a,b,,1999,1,2,x"
    text = header + "\n" + "".join(f"{n}{row}\n" for n in range(20))
    found = profile(north=text, south=text)
    columns = found.file("north").columns
    (slots,) = find_slots(columns)
    assert (slots.name, slots.pattern, slots.count) == ("offence", "offence_*", 3)
    (parts,) = find_parts(columns)
    assert (parts.year, parts.month, parts.day) == ("born_year", "born_month", "born_day")
    assert same_columns({one.name: one.columns for one in found.files}) == (("north", "south"),)
    assert any("may be one table (union)" in note for note in found.notes)
    assert any("which may be rows (unpivot)" in note for note in found.file("north").notes)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("receipt_date", "DateReceived", 0.99, 1.0),
        ("dob", "born", 0.99, 1.0),
        ("case_number_hash", "CASENO", 0.3, 0.7),
        ("gender", "fee", 0.0, 0.5),
        ("", "fee", 0.0, 0.0),
    ],
)
def test_names_are_compared_by_their_words(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(one, other) <= most


def test_names_are_split_into_words() -> None:
    assert words_of("DateReceived_2") == ("date", "received", "2")


# Matches and drafts ---------------------------------------------------------------------

CASES = (
    csv(
        "ref;kind;got;fee;born;extra",
        [
            f"{n};{kind};{day:02d}/{(n % 12) + 1:02d}/2019;{n % 900}.5;{month:02d}/2001;."
            for n, (kind, day, month) in enumerate(
                [("Private law", 31 - n % 3, n % 12 + 1) for n in range(30)]
                + [("1", 13, 5) for n in range(30)]
            )
        ],
    )
    .replace("31/02", "28/02")
    .replace("30/02", "28/02")
    .replace("29/02", "28/02")
)
CASES = CASES.replace("31/04", "30/04").replace("31/09", "30/09").replace("31/11", "30/11")
CASES = CASES.replace("31/06", "30/06")


def test_a_draft_is_an_adapter_that_loads_what_it_was_drafted_from(
    profile: Profile, tmp_path: Path, descriptor: str, backend: BaseBackend
) -> None:
    contract = contracts.load(descriptor)
    found = profile(descriptor, cases_2024=CASES)
    draft = draft_adapter(found, contract)
    file = tmp_path / "draft.yaml"
    file.write_text(draft, encoding="utf-8")
    adapter = read_adapter(file, contract)
    assert adapter.delimiter == ";"
    cases = adapter.table("cases")
    assert cases.files == ("cases_2024",)
    assert dict(cases.columns) == {
        "CASE_NO": "ref",
        "LAW_TYPE": "kind",
        "RECEIVED": "got",
        "BIRTH": "born",
    }
    assert cases.codes == {"LAW_TYPE": {"Private law": "2"}}
    assert cases.date_formats == {"RECEIVED": ("%d/%m/%Y",), "BIRTH": ("%m/%Y",)}
    clean = clean_extract(read_extract(tmp_path / "unknown", descriptor, file), backend)
    rows = engine.execute(clean.tables["cases"])
    assert rows["CASE_NO"].nunique() == 60
    assert rows["LAW_TYPE"].value_counts().to_dict() == {2: 30, 1: 30}
    assert rows["RECEIVED"].notna().all()
    assert "# check: no file looks like hearings (may be absent)" in draft


def test_a_draft_leaves_codes_that_it_cannot_guess_to_the_reader(
    profile: Profile, descriptor: str, tmp_path: Path
) -> None:
    text = csv("CASE_NO,LAW_TYPE", [str(n) for n in range(60)], ["7"] * 40 + ["8"] * 20)
    contract = contracts.load(descriptor)
    draft = draft_adapter(profile(descriptor, cases=text), contract)
    assert '"7": ?  # check: about 40 rows; one of 1 Public law, 2 Private law' in draft
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    assert read_adapter(tmp_path / "draft.yaml", contract).table("cases").codes == {}


def test_a_draft_proposes_unions_joins_slots_and_parts_of_dates(
    profile: Profile, descriptor: str, tmp_path: Path
) -> None:
    keys = [str(n) for n in range(40)]
    first = csv("case_no,court,born_year,born_month", keys, ["C1"] * 40, ["2001"] * 40, ["5"] * 40)
    money = csv("case_no,received,fee", keys, ["2019-01-02"] * 40, [f"{n}.5" for n in range(40)])
    wide = csv("hearing_no,held_1,held_2", keys, ["2019-02-03"] * 40, ["2019-02-04"] * 40)
    contract = contracts.load(descriptor)
    found = profile(descriptor, cases=first, money=money, hearings=wide)
    draft = draft_adapter(found, contract)
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    adapter = read_adapter(tmp_path / "draft.yaml", contract)
    (join,) = adapter.table("cases").joins
    assert (join.file, join.by, join.rows) == ("money", (("case_no", "case_no"),), "one-to-one")
    assert set(join.columns) == {"received", "fee"}
    assert adapter.table("cases").date_parts["BIRTH"].columns == ("born_year", "born_month")
    unpivot = adapter.table("hearings").unpivot
    assert unpivot is not None
    assert dict(unpivot.values) == {"held": "held_*"}


def test_without_a_dataset_the_likeliest_are_named(profile: Profile) -> None:
    frame = {f.name: ["1"] * 20 for f in contracts.load("rossi").tables[0].fields}
    found = profile(men=pd.DataFrame(frame))
    assert found.likely[0][0] == "rossi"
    assert "rossi: " in render(found)


# The command ----------------------------------------------------------------------------


def test_the_command_prints_a_profile_and_writes_a_draft(tmp_path: Path, descriptor: str) -> None:
    folder = tmp_path / "unknown"
    folder.mkdir()
    (folder / "cases.csv").write_text(CASES, encoding="utf-8")
    draft = tmp_path / "draft.yaml"
    arguments = ["data", "profile", str(folder), "--dataset", descriptor]
    done = CliRunner().invoke(app, [*arguments, "--out", str(draft)])
    assert done.exit_code == 0, done.output
    assert "Files for the tables of court_list" in done.output
    assert read_adapter(draft, contracts.load(descriptor)).table("cases").files == ("cases",)
    again = CliRunner().invoke(app, [*arguments, "--out", str(draft)])
    assert isinstance(again.exception, UsageError)
    shown_json = CliRunner().invoke(app, [*arguments, "--json"])
    assert json.loads(shown_json.stdout)["dataset"] == "court_list"
    nameless = CliRunner().invoke(app, ["data", "profile", str(folder), "--out", "new.yaml"])
    assert isinstance(nameless.exception, UsageError)
