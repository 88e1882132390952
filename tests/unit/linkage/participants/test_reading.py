"""Lists and populations are read whole: what they lack is counted, who is twice is once."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.errors import SourceError, UsageError
from justice_analysis.linkage import participants as linking
from justice_analysis.linkage.participants.headers import find_columns

HEADER = "Surname,First Name,D.O.B.,Sex,Post code,Intervention Start Date,PNC ID"
ADA = "Marlow,Ada,13/05/1988,F,ZZ1 1AA,14/03/2015,"


@pytest.fixture
def read(tmp_path, backend):
    def run(*rows, header=HEADER, **options):
        file = tmp_path / "list.csv"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return linking.read_participants(file, backend=backend, **options)

    return run


def test_names_of_columns_may_be_spelt_in_many_ways(read):
    listed = read(ADA)
    assert (listed.submitted, listed.usable, listed.distinct) == (1, 1, 1)
    assert listed.index_name == "Intervention Start Date"


def test_every_missing_column_is_named_and_nothing_of_the_file_is_shown():
    with pytest.raises(SourceError) as refused:
        find_columns(["Marlow", "DOB"], file="list.csv", needed=["surname", "birth_date", "gender"])
    said = str(refused.value)
    assert "2 problems" in said
    assert "surname must be a column" in said
    assert "gender must be a column" in said
    assert "Marlow" not in said


def test_two_columns_for_one_field_are_refused():
    with pytest.raises(SourceError, match="surname must be one column: 2 columns"):
        find_columns(["surname", "Last name"], file="list.csv", needed=["surname"])


def test_missing_fields_are_counted(read):
    listed = read(ADA, "Lewin,,14/05/1988,,,15/03/2015,")
    assert listed.missing["forename"] == 1
    assert listed.missing["postcode"] == 1
    assert listed.missing["pnc_id"] == 2
    assert listed.missing["index_date"] == 0


def test_a_row_is_usable_with_an_index_date_and_two_fields_or_a_pnc_id(read):
    listed = read(
        ADA,
        "Lewin,Finn,14/05/1988,M,,,",
        "Thornby,,,M,,15/03/2015,",
        ",,,M,,16/03/2015,98/123A",
        "Hartley,Kit,14/05/1999,M,,17/03/1990,",
    )
    assert (listed.submitted, listed.usable) == (5, 2)


def test_someone_on_the_list_twice_is_kept_with_the_earliest_date(read):
    listed = read(
        "MARLOW,ada,13/05/1988,F,ZZ1 1AA,20/03/2016,",
        ADA,
        "Marlow,Ada,13/05/1988,,,14/03/2015,",
        "Lewin,Finn,14/05/1988,M,,15/03/2015,98/123A",
        "Lewyn,Fin,15/05/1988,M,,16/03/2015,98/123a",
    )
    assert (listed.usable, listed.distinct) == (5, 2)
    kept = engine.execute(listed.kept.order_by("participant"))
    assert list(kept["participant"]) == [2, 4]


def test_rows_without_a_name_are_not_taken_for_one_person(read):
    listed = read(
        ",Ada,13/05/1988,F,,14/03/2015,",
        ",Ada,13/05/1988,F,,14/03/2015,",
    )
    assert listed.distinct == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty"),
        (HEADER + "\n", "a row at least"),
        (HEADER + "\nMarlow,Ada\n", "must have as many columns|truncated"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, backend, content, said):
    file = tmp_path / "list.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        linking.read_participants(file, backend=backend)


def test_a_file_that_is_not_there_or_in_another_encoding_is_refused(tmp_path, backend):
    with pytest.raises(SourceError, match="there is none of that name"):
        linking.read_participants(tmp_path / "none.csv", backend=backend)
    file = tmp_path / "list.csv"
    file.write_bytes((HEADER + "\n" + ADA.replace("Ada", "Zoë") + "\n").encode("windows-1252"))
    with pytest.raises(SourceError, match="must be in utf-8"):
        linking.read_participants(file, backend=backend)
    read = linking.read_participants(file, backend=backend, encoding="windows-1252")
    assert engine.execute(read.kept)["forename"].iloc[0] == "ZOE"


def test_extra_columns_must_not_be_fields(read):
    with pytest.raises(UsageError, match="extra columns"):
        read(ADA, extra=("surname",))


def test_a_population_may_be_parquet_with_dates_and_numbers(tmp_path, backend, lists):
    import pandas as pd

    people = pd.read_csv(lists.population)
    people["birth_date"] = pd.to_datetime(people["birth_date"])
    people.to_parquet(tmp_path / "people.parquet")
    parquet = linking.read_population(tmp_path / "people.parquet", backend=backend)
    csv = linking.read_population(lists.population, backend=backend)
    assert (parquet.people, parquet.records) == (csv.people, csv.records) == (2_000, 2_200)
    both = [
        engine.execute(each.table.order_by("source_key")).drop(columns="record")
        for each in (parquet, csv)
    ]
    pd.testing.assert_frame_equal(*both)


def test_a_population_without_keys_is_refused_with_counts(tmp_path, backend, lists):
    import pandas as pd

    people = pd.read_csv(lists.population, dtype=str)
    people.loc[:4, "source_key"] = None
    people.to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(SourceError, match="source_key must be filled, and 5 of 2,200 rows"):
        linking.read_population(tmp_path / "people.csv", backend=backend)
