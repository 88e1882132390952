"""A warehouse appears whole or not at all, and opens as the common model's tables."""

import dataclasses
import json
import os
import shutil
import socket
import subprocess
import sys

import ibis
import pytest

from justice_analysis import contracts, engine, warehouse
from justice_analysis.errors import (
    ContractError,
    LedgerError,
    LinkageError,
    UsageError,
    WarehouseError,
)
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mappings import rossi
from justice_analysis.warehouse import (
    ProceedingsRule,
    accounts,
    common,
    conformity,
    generations,
    loading,
)
from tests.delivered import plain, write_extract
from tests.row_ids import ids, named

MAN = dict.fromkeys(("arrest", "fin", "race", "wexp", "mar", "paro", "prio"), 1)
MEN = [{**MAN, "week": week, "age": 30} for week in (5, 6)]
FAMILY = {
    "cases": [
        {"case_number_hash": "a", "case_type": "public_law", "receipt_date": "2016-02-01"},
        {
            "case_number_hash": "b",
            "case_type": "public_law",
            "receipt_date": "2016-03-01",
            "related_case_number_hash": "a",
        },
    ],
    "events": [
        {
            "event_id": name,
            "case_number_hash": name,
            "event_model": "application",
            "application_type": "care_order",
            "receipt_date": "2016-02-01",
            "error": "true" if name == "x" else "false",
        }
        for name in ("a", "b")
    ],
    "people": [
        {
            "row_id_hash": name,
            "case_number_hash": at,
            "role_model": role,
            "gender": 2,
            "dob": "1990-05",
            "ALF2_PE": alf2,
        }
        for name, at, role, alf2 in (
            ("m1", "a", "respondent", 7),
            ("m2", "b", "respondent", 7),
            ("c1", "a", "child", ""),
        )
    ],
}


@pytest.fixture
def men(tmp_path):
    """An extract of a few men; another number of them is another extract."""

    def make(count=2, nature="synthetic"):
        folder = tmp_path / f"men-{count}-{nature}"
        if not folder.exists():
            write_extract(folder, "rossi", {"men": MEN[:count]}, nature=nature)
        return read_extract(folder)

    return make


@pytest.fixture(scope="session")
def two_men(tmp_path_factory):
    """A warehouse of two men, loaded once a session; tests take copies of it."""
    root = tmp_path_factory.mktemp("men")
    extract = read_extract(write_extract(root / "men", "rossi", {"men": MEN}))
    warehouse.load([extract], root / "warehouse")
    return root / "warehouse"


@pytest.fixture
def standing(two_men, into):
    """A copy of it, to load into; give its fingerprint."""
    shutil.copytree(two_men, into)
    return warehouse.open(into).fingerprint


@pytest.fixture
def family(tmp_path):
    return read_extract(write_extract(tmp_path / "family", "family_court", FAMILY))


@pytest.fixture
def into(tmp_path):
    return tmp_path / "warehouse"


def generation_folders(folder):
    return sorted(path.name for path in folder.glob("gen-*"))


# What a warehouse holds -------------------------------------------------------------------


def test_every_common_table_is_an_attribute_in_the_common_models_columns(two_men):
    loaded = warehouse.open(two_men)
    for table in contracts.common_model().tables:
        assert getattr(loaded, table.name).columns == table.field_names
        kinds = {name: str(kind) for name, kind in getattr(loaded, table.name).schema().items()}
        assert kinds == common.schema_of(table)
    assert engine.count_rows(loaded.person) == 2
    assert engine.count_rows(loaded.episode) == 0
    with pytest.raises(AttributeError, match="no table"):
        _ = loaded.claims


def test_the_manifest_says_what_was_loaded_and_how(two_men):
    loaded = warehouse.open(two_men)
    source = loaded.sources["rossi"]
    assert source["nature"] == "synthetic"
    assert source["extract_date"] == "2024-03-31"
    assert source["rows"] == {"men": 2}
    assert len(source["files"]["men"]["men.csv"]) == 64
    assert loaded.is_synthetic
    assert loaded.manifest["proceedings"]["within_days"] == 14
    frozen = (loaded.generation / "contracts" / "rossi.yaml").read_text("utf-8")
    assert frozen == (contracts.FOLDER / "datasets" / "rossi.yaml").read_text("utf-8")


def test_the_ledger_accounts_for_every_row_and_what_was_set_aside_is_kept(tmp_path, into):
    rows = {**FAMILY, "events": [{**event, "error": "true"} for event in FAMILY["events"]]}
    rows["people"] = [*FAMILY["people"], FAMILY["people"][0]]
    extract = read_extract(write_extract(tmp_path / "messy", "family_court", rows))
    loaded = warehouse.load([extract], into)
    reasons = {
        (entry.table if hasattr(entry, "table") else entry.from_table, reason): count
        for entry in loaded.ledger.entries
        for reason, count in entry.set_aside.items()
    }
    assert reasons == {
        ("people", "exact duplicate row"): 1,
        ("events", "event entered in error"): 2,
    }
    kept_apart = loaded.generation / "quarantine" / "family_court"
    backend = engine.connect()
    assert engine.count_rows(engine.read_parquet(backend, kept_apart / "people" / "check")) == 1
    assert engine.count_rows(engine.read_parquet(backend, kept_apart / "events" / "mapping")) == 2


def test_a_mapping_that_leaves_a_delivered_table_out_is_refused(men, into, monkeypatch):
    whole = rossi.to_common

    def forgetful(*given):
        return dataclasses.replace(whole(*given), accounts=())

    monkeypatch.setattr(rossi, "to_common", forgetful)
    with pytest.raises(LedgerError, match=r"it does not of rossi\.men"):
        warehouse.load([men()], into)


def test_records_become_people_and_what_is_not_linked_has_no_person(family, into):
    loaded = warehouse.load([family], into)
    party = plain(engine.execute(loaded.party.select("party_id", "person_id")))
    assert party == ids([("familyman:c1", None), ("familyman:m1", 1), ("familyman:m2", 1)])
    assert plain(engine.execute(loaded.person.select("person_id", "sex", "birth_month"))) == [
        (1, "female", "1990-05-01")
    ]
    assert loaded.quality["links"]["records_not_linked"] == {"family_court": 1}


def test_consolidated_cases_are_one_set_of_proceedings_unless_the_rule_says_not(family, into):
    first = warehouse.load([family], into)
    columns = ("case_id", "proceeding_id")
    assert plain(engine.execute(first.case.select(*columns))) == ids(
        [
            ("familyman:a", "familyman:a"),
            ("familyman:b", "familyman:a"),
        ]
    )
    rule = ProceedingsRule(merge=("same_proceedings",))
    second = warehouse.load([family], into, proceedings=rule)
    assert plain(engine.execute(second.case.select("proceeding_id"))) == ids(
        [
            ("familyman:a",),
            ("familyman:b",),
        ]
    )
    assert second.fingerprint != first.fingerprint


def test_the_small_world_keeps_every_rule_of_the_common_model(small_warehouse):
    opened = warehouse.open(small_warehouse)
    assert opened.is_synthetic
    sources = engine.execute(opened.case.select("source").distinct())["source"]
    assert set(sources) == {"cafcass_england", "family_court"}
    pairs = opened.case_link.filter(opened.case_link.relation == "same_proceedings")
    assert engine.count_rows(pairs) > 0
    assert engine.count_rows(pairs) == engine.count_rows(pairs.select("case_id").distinct())
    assert engine.count_rows(pairs) == engine.count_rows(pairs.select("related_case_id").distinct())


# Generations ------------------------------------------------------------------------------


def test_the_same_load_again_does_nothing_and_says_so(men, into):
    warehouse.load([men()], into)
    said = []
    again = warehouse.load([men()], into, progress=said.append)
    assert again.is_unchanged
    assert again.fingerprint == warehouse.open(into).fingerprint
    assert "nothing to do" in said[-1]


def test_another_extract_makes_another_generation_and_an_old_one_can_come_back(men, into):
    first = warehouse.load([men(2)], into)
    second = warehouse.load([men(1)], into)
    assert engine.count_rows(first.person) == 2
    assert engine.count_rows(second.person) == 1
    assert len(generation_folders(into)) == 2
    assert warehouse.load([men(2)], into).is_unchanged
    assert warehouse.open(into).fingerprint == first.fingerprint


STAGES = [
    (loading, "clean_extract"),
    (loading, "mapping_of"),
    (loading, "build_spine"),
    (loading, "write_common"),
    (common, "resolve_people"),
    (loading, "check_conformity"),
    (accounts, "count"),
    (accounts, "quarantine"),
    (accounts, "ledger_of"),
    (loading, "_quality"),
    (loading, "_describe"),
    (generations.os, "replace"),
]


@pytest.mark.parametrize(("module", "name"), STAGES, ids=[name for _, name in STAGES])
def test_a_load_that_fails_at_any_point_leaves_the_generation_before_it(
    men, into, standing, monkeypatch, module, name
):
    monkeypatch.setattr(module, name, lambda *arguments, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        warehouse.load([men(1)], into)
    assert warehouse.open(into).fingerprint == standing
    assert not list(into.glob("writing-*"))
    assert not (into / "lock").exists()


def test_an_interrupted_load_leaves_nothing_and_can_be_run_again(men, into, standing, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(loading, "_describe", interrupt)
        with pytest.raises(KeyboardInterrupt):
            warehouse.load([men(1)], into)
    assert warehouse.open(into).fingerprint == standing
    assert engine.count_rows(warehouse.load([men(1)], into).person) == 1


def test_a_failed_first_load_leaves_no_warehouse(men, into, monkeypatch):
    monkeypatch.setattr(loading, "check_conformity", lambda *tables, **known: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        warehouse.load([men()], into)
    with pytest.raises(WarehouseError, match="not a warehouse"):
        warehouse.open(into)


def test_what_a_dead_process_left_half_written_is_ignored_and_cleaned(men, into, standing):
    (into / "writing-gen-0123-99").mkdir()
    (into / "gen-0000000000000000").mkdir()
    assert warehouse.open(into).fingerprint == standing
    warehouse.load([men(1)], into)
    assert not list(into.glob("writing-*"))


# The lock ---------------------------------------------------------------------------------


def test_a_lock_of_a_living_process_refuses_and_names_it(men, into):
    into.mkdir()
    holder = {"pid": os.getpid(), "host": socket.gethostname()}
    (into / "lock").write_text(json.dumps(holder), "utf-8")
    with pytest.raises(WarehouseError, match=f"by process {os.getpid()}"):
        warehouse.load([men()], into)
    assert (into / "lock").exists()


@pytest.mark.parametrize("content", ["", "{}", '{"pid": "x"}'])
def test_a_lock_of_a_dead_process_is_taken_over(into, content):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    )
    into.mkdir()
    holder = {"pid": int(ended.stdout), "host": socket.gethostname()}
    (into / "lock").write_text(content or json.dumps(holder), "utf-8")
    with generations.locked(into):
        assert json.loads((into / "lock").read_text("utf-8"))["pid"] == os.getpid()
    assert not (into / "lock").exists()


def test_a_lock_that_is_just_being_made_is_respected_and_an_old_empty_one_is_not(into):
    into.mkdir()
    lock = into / "lock"
    lock.touch()
    with pytest.raises(WarehouseError, match="by another process"), generations.locked(into):
        pass
    os.utime(lock, (0, 0))
    with generations.locked(into):
        assert lock.read_text("utf-8")


def test_a_lock_from_another_machine_is_respected(men, into):
    into.mkdir()
    (into / "lock").write_text(json.dumps({"pid": 1, "host": "elsewhere"}), "utf-8")
    with pytest.raises(WarehouseError, match="is being written"):
        warehouse.load([men()], into)


# Opening ----------------------------------------------------------------------------------


def test_opening_what_is_no_warehouse_says_so_in_one_sentence(tmp_path, into):
    with pytest.raises(WarehouseError, match="there is no warehouse"):
        warehouse.open(into)
    with pytest.raises(WarehouseError, match="not a warehouse"):
        warehouse.open(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"generation": "gen-none"}'])
@pytest.mark.usefixtures("standing")
def test_a_current_file_that_leads_nowhere_is_one_error(into, content):
    (into / "current.json").write_text(content, "utf-8")
    with pytest.raises(WarehouseError, match="Load the extracts again"):
        warehouse.open(into)


@pytest.mark.parametrize("lost", ["person", "manifest.json", "measure/part-0.parquet"])
@pytest.mark.usefixtures("standing")
def test_a_generation_that_lost_a_part_is_refused(into, lost):
    path = warehouse.open(into).generation / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(WarehouseError, match="not whole"):
        warehouse.open(into)


def test_a_generation_that_lost_a_part_is_loaded_again(men, into):
    loaded = warehouse.load([men(1)], into)
    shutil.rmtree(loaded.generation / "person")
    assert not warehouse.load([men(1)], into).is_unchanged
    assert engine.count_rows(warehouse.open(into).person) == 1


@pytest.mark.usefixtures("standing")
def test_a_generation_of_another_format_is_refused(into):
    file = warehouse.open(into).generation / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**manifest, "format": 99}), "utf-8")
    with pytest.raises(WarehouseError, match="another version"):
        warehouse.open(into)


# What is refused --------------------------------------------------------------------------


def test_synthetic_and_real_sources_are_not_mixed(men, family, into):
    with pytest.raises(WarehouseError, match="family_court is synthetic"):
        warehouse.load([men(nature="open"), family], into)


def test_a_dataset_given_twice_or_no_extract_at_all_is_refused(men, into):
    with pytest.raises(UsageError, match="rossi is given more often"):
        warehouse.load([men(1), men(2)], into)
    with pytest.raises(UsageError, match="at least one"):
        warehouse.load([], into)


def test_links_without_the_records_they_link_are_refused(tmp_path, into):
    links = {
        "xjs_link": [{"row_id_hash": "a", "source_dataset": "familyman", "estimated_xjs_id": "p"}]
    }
    extract = read_extract(write_extract(tmp_path / "links", "cross_justice_linking", links))
    with pytest.raises(WarehouseError, match="links alone"):
        warehouse.load([extract], into)


def test_an_extract_that_breaks_its_contract_writes_nothing(tmp_path, into):
    extract = read_extract(write_extract(tmp_path / "none", "rossi", {}))
    with pytest.raises(ContractError):
        warehouse.load([extract], into)
    assert generation_folders(into) == []


def test_tables_that_break_the_common_model_are_refused_with_every_problem_at_once():
    backend = engine.connect()
    model = contracts.common_model()

    def table(name, **columns):
        schema = common.schema_of(model.table(name))
        rows = len(next(iter(columns.values())))
        return engine.memory_table(
            backend, {column: columns.get(column, [None] * rows) for column in schema}, schema
        )

    source = {"source": ["s"] * 2, "source_table": ["t"] * 2, "source_key": ["k"] * 2}
    tables = {
        "case": table("case", case_id=[1, 1], jurisdiction=["family", "sea"], **source),
        "party": table("party", party_id=[1, 2], case_id=[1, 26], role=["other", None], **source),
    }
    with pytest.raises(WarehouseError) as caught:
        conformity.check_conformity(tables)
    message = str(caught.value)
    assert "case must have one row for each case_id: 1 " in message
    assert "party.role must not be missing: 1 of 2 rows" in message
    assert "party.case_id must be in case: 1 row" in message
    tables["case"] = table("case", case_id=[1, 26], jurisdiction=["family", "sea"], **source)
    tables["party"] = tables["party"].mutate(role=ibis.literal("other"))
    assert conformity.check_conformity(tables) == [
        {"table": "case", "column": "jurisdiction", "rows": 1}
    ]


def test_an_id_that_two_delivered_rows_share_is_refused_and_said_to_be_so():
    backend = engine.connect()
    schema = common.schema_of(contracts.common_model().table("case"))
    held = {"case_id": [7, 7, 8, 8], "source_key": ["a", "b", "c", "c"]}
    held |= {"jurisdiction": ["civil"] * 4, "source": ["s"] * 4, "source_table": ["t"] * 4}
    cases = engine.memory_table(
        backend, {column: held.get(column, [None] * 4) for column in schema}, schema
    )
    said = "2 stand on several rows, 1 of them made from different delivered rows"
    with pytest.raises(WarehouseError, match=said):
        conformity.check_conformity({"case": cases})


def test_an_application_in_two_cases_is_refused():
    backend = engine.connect()
    schema = common.schema_of(contracts.common_model().table("matter"))
    held = {"matter_id": [1, 2, 3], "case_id": [1, 1, 2], "application_id": [5, 6, 6]}
    held |= {name: ["s"] * 3 for name in ("kind", "source", "source_table", "source_key")}
    matters = engine.memory_table(
        backend, {column: held.get(column, [None] * 3) for column in schema}, schema
    )
    with pytest.raises(WarehouseError, match="application_id of matter must have one case_id: 1"):
        conformity.check_conformity({"matter": matters})


# Link levels ------------------------------------------------------------------------------


@pytest.fixture
def levelled(family, into, monkeypatch, request):
    """The family with a sure and an unsure link of its two mothers."""
    whole = loading.mapping_of

    def with_levels(extract):
        to_common = whole(extract)

        def levelled(tables, context):
            mapped = to_common(tables, context)
            link = mapped.tables["record_id_link"]
            sure = link.record_id.isin([named(name) for name in ("familyman:m1", *also_sure)])
            mapped.tables["record_id_link"] = link.mutate(level=sure.ifelse("high", "low"))
            return mapped

        return levelled

    also_sure = getattr(request, "param", ())
    monkeypatch.setattr(loading, "mapping_of", with_levels)
    return warehouse.load([family], into)


def test_a_link_level_derives_people_again_from_surer_links(levelled):
    def people(view):
        return dict(plain(engine.execute(view.party.select("party_id", "person_id"))))

    one, other = named("familyman:m1"), named("familyman:m2")
    assert people(levelled)[one] == people(levelled)[other]
    sure = levelled.at_link_level("high")
    assert people(sure)[other] is None
    assert people(sure)[one] is not None
    assert sure.link_level == "high"
    assert levelled.link_levels == ("high", "low")
    assert sure.event.columns == levelled.event.columns
    for name in ("case", "case_link"):
        held, viewed = getattr(levelled, name), getattr(sure, name)
        assert plain(engine.execute(viewed)) == plain(engine.execute(held))


@pytest.mark.parametrize("levelled", [("familyman:m2",)], indirect=True)
def test_a_view_at_the_only_level_delivered_is_the_warehouse_itself(levelled):
    assert levelled.link_levels == ("high",)
    columns = ("party_id", "person_id")
    view = levelled.at_link_level("medium")
    assert plain(engine.execute(view.party.select(*columns))) == plain(
        engine.execute(levelled.party.select(*columns))
    )
    assert engine.count_rows(view.event) == engine.count_rows(levelled.event)


def test_without_levels_a_view_at_one_is_refused(family, into):
    with pytest.raises(LinkageError, match="alf2"):
        warehouse.load([family], into).at_link_level("high")
