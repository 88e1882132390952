from __future__ import annotations

import re
from pathlib import Path

import pytest

from justice_analysis.disclosure import checksums
from justice_analysis.errors import BookError
from justice_analysis.publishing.released.reader import read_releases
from justice_analysis.publishing.released.table import shown_columns
from tests.unit.publishing.small_book import SmallRelease, write_csv, write_yaml


def sealed(small: SmallRelease) -> list[Path]:
    checksums.write(small.release / "request")
    return [small.release]


def test_reads_every_variant_with_its_released_and_unreleased_outputs(small):
    studies = read_releases([small.release])
    names = [study.name for study in studies]
    assert names == ["release_returns/default", "repeat_mothers/default",
                     "repeat_mothers/from_final_order"]  # fmt: skip
    assert [study.is_synthetic for study in studies] == [False, True, True]
    held_back = studies[0].output("return_by_area")
    assert held_back is not None
    assert not held_back.is_released
    assert held_back.rows == ()


def test_a_run_folder_is_refused_because_nothing_in_it_was_checked(tmp_path):
    run = tmp_path / "runs" / "repeat_mothers"
    (run / "outputs").mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    with pytest.raises(BookError, match="is a run, not a release"):
        read_releases([run])


def test_a_folder_of_runs_says_what_to_do(tmp_path):
    run = tmp_path / "runs" / "repeat_mothers" / "default"
    (run / "outputs").mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    for folder in (run, run.parent, run.parent.parent):
        with pytest.raises(BookError, match=r"justice release bundle RUN") as refused:
            read_releases([folder])
        assert "were not checked" in str(refused.value)


def test_the_checkers_folder_is_refused_by_its_name_and_by_what_it_holds(tmp_path):
    for name in ("checker", "renamed"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "sdc-record.json").write_text("{}")
        (folder / "checksums.txt").write_text("")
        with pytest.raises(BookError, match=r"never leaves.*Give the release folder"):
            read_releases([folder])


def test_a_strangers_file_is_refused(small):
    (small.release / "request" / "notes.txt").write_text("Nothing in particular.")
    with pytest.raises(BookError, match=r"notes.txt is a stranger"):
        read_releases([small.release])


def test_a_flipped_byte_in_a_picture_is_refused(small):
    picture = next((small.release / "request").rglob("*.png"))
    content = bytearray(picture.read_bytes())
    content[-20] ^= 1
    picture.write_bytes(bytes(content))
    with pytest.raises(BookError, match=r"changed after the release|make the release again"):
        read_releases([small.release])


def test_what_the_gate_finds_is_refused_though_the_checksums_hold(small):
    path = small.variant("repeat_mothers") / "provenance.txt"
    path.write_text(path.read_text() + "asked_by: jane.smith@example.org\n")
    with pytest.raises(BookError, match=r"nothing of it is published.*e-mail addresses"):
        read_releases(sealed(small))


def test_an_output_that_waits_for_the_next_request_has_no_files(small):
    index = small.variant("repeat_mothers") / "outputs.csv"
    text = index.read_text()
    index.write_text(text.replace(",pass,", ",not asked,", 1))
    with pytest.raises(BookError, match="was not released, yet the folder holds its files"):
        read_releases(sealed(small))


def test_a_folder_without_a_request_tree_is_refused(tmp_path):
    with pytest.raises(BookError, match="not a release"):
        read_releases([tmp_path])


def test_a_file_changed_after_the_release_is_refused(small):
    table = small.variant("repeat_mothers") / "return_by_age.csv"
    table.write_text(table.read_text().replace("3010", "4010"))
    with pytest.raises(BookError, match=r"return_by_age.csv was changed after the release"):
        read_releases([small.release])


def test_a_file_of_another_kind_is_refused(small):
    (small.variant("repeat_mothers") / "return_by_age.parquet").write_bytes(b"")
    with pytest.raises(BookError, match="a file of data, not of results"):
        read_releases(sealed(small))


def test_files_of_an_output_that_was_not_released_are_refused(small):
    write_csv(small.variant("repeat_mothers") / "return_by_area.csv", [{"area": "1"}])
    with pytest.raises(BookError, match="return_by_area was not released, yet"):
        read_releases(sealed(small))


def test_a_released_output_without_its_table_is_refused(small):
    (small.variant("repeat_mothers") / "return_by_age.csv").unlink()
    with pytest.raises(BookError, match=r"return_by_age\.csv is missing"):
        read_releases(sealed(small))


def test_a_figure_without_alternative_text_is_refused(small):
    context = small.variant("repeat_mothers") / "return_by_time.txt"
    context.write_text(re.sub(r"alt_text: .*\n(  .*\n)*", "", context.read_text()))
    with pytest.raises(BookError, match="return_by_time has no alternative text"):
        read_releases(sealed(small))


@pytest.mark.parametrize("stated", [True, False])
def test_real_and_synthetic_may_not_be_mixed_in_one_variant(small, stated):
    study = "release_returns" if stated else "repeat_mothers"
    path = small.variant(study) / "provenance.txt"
    word = str(stated).lower()
    path.write_text(re.sub(r"synthetic: (true|false)", f"synthetic: {word}", path.read_text()))
    with pytest.raises(BookError, match="disagree on whether data is synthetic"):
        read_releases(sealed(small))


def mark(path: Path, word: str) -> None:
    first, *rest = path.read_text().splitlines()
    path.write_text("\n".join([f"{first},data", *(f"{line},{word}" for line in rest)]) + "\n")


def test_the_mark_of_synthetic_data_in_a_file_is_no_column_for_readers(small):
    before = read_releases([small.release])[1]
    for path in small.variant("repeat_mothers").glob("*.csv"):
        mark(path, "synthetic")
    after = read_releases(sealed(small))[1]
    for one, other in zip(before.released, after.released, strict=True):
        assert one.columns == other.columns
        assert one.rows == other.rows
        assert "data" not in shown_columns(other)


@pytest.mark.parametrize(
    ("study", "word"), [("release_returns", "synthetic"), ("repeat_mothers", "real")]
)
def test_a_file_whose_mark_contradicts_its_description_is_refused(small, study, word):
    mark(small.variant(study) / "return_by_age.csv", word)
    with pytest.raises(BookError, match="disagree on whether data is synthetic"):
        read_releases(sealed(small))


def test_provenance_must_say_whether_data_is_synthetic(small):
    path = small.variant("repeat_mothers") / "provenance.txt"
    write_yaml(path, {"study": "repeat_mothers", "variant": "default"})
    with pytest.raises(BookError, match="must say whether the data is synthetic"):
        read_releases(sealed(small))


def test_one_study_variant_in_two_releases_is_refused(small):
    with pytest.raises(BookError, match="in more than one release"):
        read_releases([small.release, small.release / "request"])


def test_an_id_that_leads_out_of_the_folder_is_refused(small):
    index = small.variant("repeat_mothers") / "outputs.csv"
    index.write_text(index.read_text().replace("return_by_age,", "../other,"))
    with pytest.raises(BookError, match="id must be letters"):
        read_releases(sealed(small))
