"""Files in and out: equal on every engine, whole or not at all, and no value in a message."""

from __future__ import annotations

import gzip
import traceback

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from justice_analysis import engine
from justice_analysis.errors import EngineError, SourceError, UsageError

SCHEMA = {"id": "int64", "day": "date", "share": "float64", "name": "string", "yes": "boolean"}
CONTENT = {
    "id": [1, 2, None],
    "day": ["2020-02-29", None, "1899-12-31"],
    "share": [0.1, float("nan"), None],
    "name": ['Zoë, "the\n2nd"', "", None],
    "yes": [True, False, None],
}


def small(backend):
    return engine.memory_table(backend, CONTENT, SCHEMA)


def csv(folder, content: bytes, name="people.csv"):
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def test_a_table_is_the_same_after_writing_and_reading(backend, rows, tmp_path):
    table = small(backend)
    assert engine.write_table(table, tmp_path / "people", step="writing people") == 3
    again = engine.read_parquet(backend, tmp_path / "people", schema=SCHEMA)
    assert dict(again.schema()) == dict(table.schema())
    assert rows(again) == rows(table)


def test_a_written_folder_holds_parts_only(backend, tmp_path):
    engine.write_table(small(backend), tmp_path / "people")
    names = {path.name for path in (tmp_path / "people").iterdir()}
    assert names == {f"part-{number}.parquet" for number in range(len(names))}


def test_an_empty_table_keeps_its_columns(backend, tmp_path):
    table = small(backend)
    assert engine.write_table(table.filter(table.id > 99), tmp_path / "none") == 0
    again = engine.read_parquet(backend, tmp_path / "none", schema=SCHEMA)
    assert engine.count_rows(again) == 0
    assert again.columns == tuple(SCHEMA)


def test_the_footers_count_missing_values_except_of_floats(backend, tmp_path):
    engine.write_table(small(backend), tmp_path / "people")
    counts = engine.missing_counts(tmp_path / "people")
    assert counts == {"id": 1, "day": 1, "name": 1, "yes": 1}


def test_a_footer_without_counts_gives_none(tmp_path):
    pq.write_table(pa.table({"id": [1, None]}), tmp_path / "a.parquet", write_statistics=False)
    assert engine.missing_counts(tmp_path) is None


def test_sums_are_written_as_whole_numbers(backend, rows, tmp_path):
    table = small(backend)
    total = table.agg(total=table.id.sum())
    engine.write_table(total, tmp_path / "total", schema={"total": "int64"})
    again = engine.read_parquet(backend, tmp_path / "total")
    assert str(again.schema()["total"]) == "int64"
    assert rows(again) == [(3,)]


def test_a_schema_chooses_columns_and_widens_types(backend, rows, tmp_path):
    engine.write_table(small(backend), tmp_path / "people")
    again = engine.read_parquet(backend, tmp_path / "people", schema={"id": "float64"})
    assert rows(again) == [(None,), (1.0,), (2.0,)]


def test_a_schema_that_could_lose_values_is_refused_with_every_column(backend, tmp_path):
    engine.write_table(small(backend), tmp_path / "people")
    with pytest.raises(EngineError) as caught:
        engine.read_parquet(
            backend, tmp_path / "people", schema={"name": "int64", "share": "int64", "age": "int64"}
        )
    message = str(caught.value)
    assert "3 problems" in message
    assert "column age is missing" in message
    assert "column name must be int64, and is string" in message


def test_a_folder_that_is_there_is_not_written_to(backend, tmp_path):
    with pytest.raises(EngineError, match="is already there"):
        engine.write_table(small(backend), tmp_path)


def test_a_failed_write_leaves_nothing_and_says_no_value(backend, tmp_path):
    table = engine.memory_table(backend, {"big": [9223372036854775807, 1]}, {"big": "int64"})
    doubled = table.mutate(big=table.big * 2)
    with pytest.raises(EngineError) as caught:
        engine.write_table(doubled, tmp_path / "big", step="writing big")
    assert not (tmp_path / "big").exists()
    assert "9223372036854775807" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_a_truncated_parquet_file_is_refused(backend, tmp_path):
    engine.write_table(small(backend), tmp_path / "people")
    part = tmp_path / "people" / "part-0.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(SourceError, match=r"part-0.parquet is not a whole Parquet file"):
        engine.read_parquet(backend, part)


def test_a_missing_file_is_refused(backend, tmp_path):
    with pytest.raises(SourceError, match="none is there"):
        engine.read_parquet(backend, tmp_path / "no.parquet")
    with pytest.raises(SourceError, match="none is there"):
        engine.read_delimited(backend, tmp_path)
    with pytest.raises(SourceError, match="at least one file"):
        engine.read_parquet(backend, [])


def test_a_small_table_takes_nan_as_missing(backend, rows):
    table = small(backend)
    assert rows(table.filter(table.share.isnull()).select("id")) == [(None,), (2,)]


@pytest.mark.parametrize("width", ["float32", "float64"])
def test_nan_in_a_parquet_file_is_missing(backend, rows, tmp_path, width):
    content = pa.table({"x": pa.array([1.0, float("nan"), None], getattr(pa, width)())})
    pq.write_table(content, tmp_path / "x.parquet")
    table = engine.read_parquet(backend, tmp_path / "x.parquet")
    assert rows(table.agg(missing=table.x.isnull().sum(), total=table.x.sum())) == [(2, 1.0)]


def test_a_small_table_needs_its_columns(backend):
    with pytest.raises(UsageError, match="must have day"):
        engine.memory_table(backend, {"id": [1]}, {"id": "int64", "day": "date"})


def test_a_materialised_table_is_computed_once(backend, rows, tmp_path):
    engine.write_table(small(backend), tmp_path / "people")
    kept = engine.materialise(engine.read_parquet(backend, tmp_path / "people"), step="keeping")
    (tmp_path / "people" / "part-0.parquet").unlink()
    assert rows(kept) == rows(small(backend))


# Delimited ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["people.csv", "people.csv.gz"])
def test_delimited_files_are_read_as_text_under_exact_names(backend, rows, tmp_path, name):
    content = (
        'id ,Full Name,note\r\n007,"Zoë ""Z"" O\'Hara","a,b\nc"\r\n 8 ,,""\r\n\r\n9,\\,x"y\r\n'
    )
    table = engine.read_delimited(backend, csv(tmp_path, content.encode(), name))
    assert table.columns == ("id ", "Full Name", "note")
    assert {str(kind) for kind in table.schema().values()} == {"string"}
    assert rows(table) == [
        (" 8 ", None, None), ("007", "Zoë \"Z\" O'Hara", "a,b\nc"), ("9", "\\", 'x"y'),
    ]  # fmt: skip


def test_a_byte_order_mark_is_not_part_of_the_first_name(backend, rows, tmp_path):
    table = engine.read_delimited(backend, csv(tmp_path, b"\xef\xbb\xbfid,n\n1,2\n"))
    assert table.columns == ("id", "n")
    assert rows(table) == [("1", "2")]


def test_other_delimiters_and_encodings_are_read(backend, rows, tmp_path):
    content = "id|name\n1|Zoë\n2|£5 “paid”\n".encode("cp1252")
    table = engine.read_delimited(backend, csv(tmp_path, content), delimiter="|", encoding="cp1252")
    assert rows(table) == [("1", "Zoë"), ("2", "£5 “paid”")]


def test_several_files_with_one_header_are_one_table(backend, rows, tmp_path):
    csv(tmp_path, b"a,b\n1,2\n", "one.csv")
    csv(tmp_path, b"a,b\n3,4\n", "two.csv.gz")
    assert rows(engine.read_delimited(backend, tmp_path)) == [("1", "2"), ("3", "4")]


def test_files_with_different_headers_are_not_one_table(backend, tmp_path):
    csv(tmp_path, b"a,b\n1,2\n", "one.csv")
    csv(tmp_path, b"b,a\n3,4\n", "two.csv")
    with pytest.raises(SourceError, match=r"two.csv must have the header of one.csv"):
        engine.read_delimited(backend, tmp_path)


def test_a_header_alone_is_an_empty_table(backend, tmp_path):
    table = engine.read_delimited(backend, csv(tmp_path, b"a,b\n"))
    assert engine.count_rows(table) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b"a,A\n1,2\n", "differ in more than case"),
        (b"a,\n1,2\n", "must be filled"),
        (b"a,b\n1,2\nsecret\n4,5\n", "as many columns as the header"),
        (b"a,b\n1,2\nsecret,4,5\n4,5\n", "as many columns as the header"),
        (b'a,b\n1,"secret\n2,3\n', "as many columns as the header"),
        (b"a,b\n1,2\nsecret,\xff\xfe\n", "in utf-8"),
    ],
)
def test_a_broken_delimited_file_is_refused_in_one_plain_sentence(
    backend, tmp_path, content, message
):
    with pytest.raises(SourceError, match=message) as caught:
        engine.read_delimited(backend, csv(tmp_path, content))
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert "\n" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_ragged_row_deep_in_a_wide_file_is_found(backend, tmp_path):
    header = ",".join(f"c{number}" for number in range(12))
    line = ",".join("x" * 12)
    lines = [header, *[line] * 60_000, line[:-2], *[line] * 60_000]
    with pytest.raises(SourceError, match="as many columns as the header"):
        engine.read_delimited(backend, csv(tmp_path, "\n".join(lines).encode()))


def test_a_truncated_gzip_file_is_refused(backend, tmp_path):
    path = csv(
        tmp_path, b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(50_000)), "x.csv.gz"
    )
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(SourceError, match=r"x.csv.gz is not a whole gzip file"):
        engine.read_delimited(backend, path)
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(SourceError, match=r"x.csv.gz is not a whole gzip file"):
        engine.read_delimited(backend, path)


def test_delimiters_and_encodings_that_mean_nothing_are_refused(backend, tmp_path):
    path = csv(tmp_path, b"a,b\n1,2\n")
    with pytest.raises(UsageError, match="delimiter must be one character"):
        engine.read_delimited(backend, path, delimiter="||")
    with pytest.raises(UsageError, match="encoding must be one that Python knows"):
        engine.read_delimited(backend, path, encoding="klingon")
