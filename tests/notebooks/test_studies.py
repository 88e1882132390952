"""Each study runs on a small world, and its run folder is whole, true and released."""

from __future__ import annotations

import ast
import json
import shutil

import nbformat
import pytest

from justice_analysis import disclosure, publishing, studies
from justice_analysis.errors import BookError, ParameterError, StudyError

PROJECT = studies.find_project()
VARIANTS = [(study, v) for study in PROJECT.studies() for v in PROJECT.variants(study)]


def job(tmp_path, warehouse, world, study, variant="default", project=PROJECT):
    return studies.Job(project, study, variant, warehouse, tmp_path / "runs", world / "truth")


@pytest.fixture(scope="module")
def repeat_mothers(small_warehouse, small_world, tmp_path_factory):
    made = job(tmp_path_factory.mktemp("run"), small_warehouse, small_world, "repeat_mothers")
    assert studies.run_one(made).state == "ran"
    return made


@pytest.mark.parametrize(("study", "variant"), VARIANTS)
def test_every_parameter_file_fits_its_notebook(study, variant):
    notebook = nbformat.read(PROJECT.notebook(study), as_version=4)
    from justice_analysis.studies.parameters import declared_parameters, read_variant

    declared = declared_parameters(notebook, name=study)
    read = read_variant(PROJECT.parameter_file(study, variant), declared=declared)
    assert set(read.values) == set(declared)


@pytest.mark.parametrize("study", PROJECT.studies())
def test_a_notebook_is_prose_first_without_outputs_or_definitions(study):
    notebook = nbformat.read(PROJECT.notebook(study), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert notebook.cells[0].cell_type == "markdown"
    assert 8 <= len(notebook.cells) <= 14
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    nodes = {type(node) for cell in code for node in ast.walk(ast.parse(cell.source))}
    assert not nodes & {ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.ListComp}
    assert not any("filterwarnings" in cell.source for cell in code)


def test_a_run_folder_holds_the_notebook_its_candidates_and_a_manifest(repeat_mothers):
    manifest = json.loads((repeat_mothers.folder / "manifest.json").read_text())
    assert manifest["status"] == "complete"
    assert manifest["warehouse"]["is_synthetic"] is True
    named = {output["id"] for output in manifest["outputs"]}
    written = {path.stem for path in (repeat_mothers.folder / "outputs").glob("*.json")}
    assert named == written
    assert {"selection", "headline", "return_over_time"} <= named
    cells = {
        cell["id"]
        for cell in nbformat.read(repeat_mothers.project.notebook("repeat_mothers"), 4).cells
    }
    assert {output["cell"] for output in manifest["outputs"]} <= cells


def test_an_analyst_sees_a_picture_and_a_table_of_each_output(repeat_mothers):
    executed = nbformat.read(repeat_mothers.folder / "executed.ipynb", as_version=4)
    cell = next(cell for cell in executed.cells if cell["id"] == "by-group")
    kinds = [set(output.data) for output in cell.outputs]
    assert sum("image/png" in kind for kind in kinds) == 4
    assert sum("text/html" in kind for kind in kinds) == 4


def test_everything_that_a_study_shows_is_a_candidate(repeat_mothers):
    executed = nbformat.read(repeat_mothers.folder / "executed.ipynb", as_version=4)
    shown = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert len(shown) > 10
    assert all(output.metadata["justice"]["candidate"] for output in shown)


def test_what_is_kept_names_no_path_of_the_machine(repeat_mothers):
    kept = (repeat_mothers.folder / "executed.ipynb").read_text()
    assert str(repeat_mothers.data) not in kept
    assert str(repeat_mothers.project.root) not in kept
    assert '"papermill"' not in kept


def test_a_run_whose_inputs_have_not_changed_is_skipped(repeat_mothers):
    assert studies.run_one(repeat_mothers).state == "unchanged"
    assert studies.status(repeat_mothers) == "complete"


def test_the_calibration_study_recovers_truth_on_a_small_world(
    small_warehouse, small_world, tmp_path
):
    made = job(tmp_path, small_warehouse, small_world, "calibration")
    assert studies.run_one(made).state == "ran"
    report = disclosure.check([made.folder], "open")
    assert {line.id for line in report.passed} == {"targets", "returns", "returns_by_age"}


def test_a_released_run_becomes_pages_and_a_run_that_was_not_cannot(repeat_mothers, tmp_path):
    with pytest.raises(BookError):
        publishing.build_book(
            [repeat_mothers.folder],
            tmp_path / "book",
            book_folder=PROJECT.root / "book",
            notebooks=PROJECT.notebooks,
            parameters=PROJECT.parameters,
        )
    assert not (tmp_path / "book" / "html").exists()


def test_a_study_on_a_warehouse_without_its_datasets_is_refused(
    open_warehouse, small_world, tmp_path
):
    with pytest.raises(StudyError, match="the warehouse lacks cafcass_england"):
        studies.run_one(job(tmp_path, open_warehouse, small_world, "repeat_mothers"))


@pytest.fixture
def toy(tmp_path):
    """A project of one small study, to be broken."""
    root = tmp_path / "project"
    (root / "notebooks").mkdir(parents=True)
    (root / "parameters" / "toy").mkdir(parents=True)
    (root / "parameters" / "toy" / "default.yaml").write_text(
        "study: toy\ntitle: Toy\ndatasets: [rossi]\nparameters: {a: 10}\n"
    )
    return studies.Project(root)


def write_toy(project, *sources, tag="parameters"):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = [tag]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.notebook("toy"))


def test_the_parameters_asked_for_are_those_the_notebook_runs_with(
    toy, open_warehouse, small_world, tmp_path
):
    write_toy(toy, "a = 1", "assert a == 10")
    made = job(tmp_path, open_warehouse, small_world, "toy", project=toy)
    assert studies.run_one(made).state == "ran"


def test_a_run_names_the_variants_that_share_a_dataset_with_it(
    toy, open_warehouse, small_world, tmp_path
):
    write_toy(toy, "a = 1")
    for variant, datasets in (("other", "[rossi, iowa_releases]"), ("apart", "[iowa_releases]")):
        (toy.parameters / "toy" / f"{variant}.yaml").write_text(
            f"study: toy\ntitle: Toy\ndatasets: {datasets}\nparameters: {{a: 10}}\n"
        )
    made = job(tmp_path, open_warehouse, small_world, "toy", project=toy)
    studies.run_one(made)
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert manifest["variants"] == ["default", "other"]


def test_an_untagged_notebook_never_runs(toy, open_warehouse, small_world, tmp_path):
    write_toy(toy, "a = 1", "print(a)", tag="other")
    with pytest.raises(ParameterError, match="one cell tagged parameters"):
        studies.run_one(job(tmp_path, open_warehouse, small_world, "toy", project=toy))


def test_a_failing_cell_is_named_without_its_values_and_nothing_of_it_is_kept(
    toy, open_warehouse, small_world, tmp_path
):
    write_toy(toy, "a = 1", "print('SECRET-77')", "raise ValueError('SECRET-77')")
    made = job(tmp_path, open_warehouse, small_world, "toy", project=toy)
    with pytest.raises(StudyError, match=r"toy stopped in code cell \d \(ValueError\)") as caught:
        studies.run_one(made)
    kept = [path for path in (tmp_path / "runs").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["manifest.json"]
    assert "SECRET-77" not in str(caught.value) + kept[0].read_text()
    assert studies.status(made) == "failed"


def test_an_error_of_ours_keeps_its_sentence(toy, open_warehouse, small_world, tmp_path):
    lines = "from justice_analysis.errors import MetricError\nraise MetricError('needs releases.')"
    write_toy(toy, "a = 1", lines)
    with pytest.raises(StudyError, match=r"code cell \d: needs releases\."):
        studies.run_one(job(tmp_path, open_warehouse, small_world, "toy", project=toy))


def test_a_kernel_that_dies_is_a_failure_that_the_next_run_clears_away(
    toy, open_warehouse, small_world, tmp_path
):
    write_toy(toy, "a = 1", "import os\nos._exit(1)")
    made = job(tmp_path, open_warehouse, small_world, "toy", project=toy)
    with pytest.raises(StudyError, match="its kernel may have died"):
        studies.run_one(made)
    assert studies.status(made) == "failed"
    write_toy(toy, "a = 1", "print(a)")
    studies.run_one(made)
    assert [path.name for path in (tmp_path / "runs" / "toy").iterdir()] == ["default"]


def test_a_failed_run_leaves_the_earlier_one_in_place_but_stale(
    toy, open_warehouse, small_world, tmp_path
):
    write_toy(toy, "a = 1", "print(a)")
    made = job(tmp_path, open_warehouse, small_world, "toy", project=toy)
    studies.run_one(made)
    write_toy(toy, "a = 1", "raise ValueError")
    with pytest.raises(StudyError):
        studies.run_one(made)
    assert (made.folder / "executed.ipynb").is_file()
    assert studies.status(made) == "stale"


def test_a_batch_goes_on_after_a_failure(toy, open_warehouse, small_world, tmp_path):
    write_toy(toy, "a = 1", "raise ValueError")
    shutil.copy(toy.parameters / "toy" / "default.yaml", toy.parameters / "toy" / "second.yaml")
    jobs = studies.plan(toy, [open_warehouse], tmp_path / "runs")
    assert [made.variant for made in jobs] == ["default", "second"]
    assert [outcome.state for outcome in studies.run_all(jobs)] == ["failed", "failed"]
