"""The request as a Five Safes RO-Crate 0.4: held against its profile by a validator of our own."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
from datetime import datetime

import pytest

from justice_analysis.disclosure.checker import bag, crate
from tests.unit.disclosure.checker.conftest import MADE

STATUSES = {
    f"http://schema.org/{word}ActionStatus"
    for word in ("Potential", "Active", "Completed", "Failed")
}


def opened(path) -> tuple[str, dict[str, bytes]]:
    """The one folder of a bag, and its files by their place in it."""
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        (folder,) = {name.split("/")[0] for name in names}
        return folder, {name.removeprefix(f"{folder}/"): packed.read(name) for name in names}


def bag_problems(files: dict[str, bytes]) -> list[str]:
    """Hold a bag against RFC 8493 and the profile's demands on it."""
    problems = []
    if files.get("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        problems.append("bagit.txt")
    payload = {name for name in files if name.startswith("data/")}
    tags = {name for name in files if "/" not in name and not name.startswith("tagmanifest-")}
    for manifest, wanted in (("manifest-sha512.txt", payload), ("tagmanifest-sha512.txt", tags)):
        listed = dict(
            reversed(line.split("  ", 1)) for line in files[manifest].decode().splitlines()
        )
        if set(listed) != wanted:
            problems.append(f"{manifest} lists other files")
        problems += [
            f"{name} has another checksum"
            for name, digest in listed.items()
            if hashlib.sha512(files.get(name, b"")).hexdigest() != digest
        ]
    info = dict(line.split(": ", 1) for line in files["bag-info.txt"].decode().splitlines())
    if uuid.UUID(info["External-Identifier"].removeprefix("urn:uuid:")).version != 5:
        problems.append("External-Identifier")
    if info["Payload-Oxum"] != f"{sum(len(files[n]) for n in payload)}.{len(payload)}":
        problems.append("Payload-Oxum")
    return problems


def crate_problems(files: dict[str, bytes]) -> list[str]:
    """Hold the metadata against RO-Crate and the Five Safes profile."""
    described = json.loads(files["data/ro-crate-metadata.json"])
    graph = {entity["@id"]: entity for entity in described["@graph"]}
    root, about = graph["./"], graph["ro-crate-metadata.json"]
    problems = [] if len(graph) == len(described["@graph"]) else ["an @id stands twice"]
    if described["@context"] != "https://w3id.org/ro/crate/1.2-DRAFT/context":
        problems.append("@context")
    if about["conformsTo"] != {"@id": "https://w3id.org/ro/crate/1.2-DRAFT"}:
        problems.append("version of RO-Crate")
    if root["conformsTo"] != {"@id": "https://w3id.org/5s-crate/0.4"}:
        problems.append("profile")
    problems += [f"{name} names nothing" for name in _dangling(graph)]
    problems += [f"{i} has no @type" for i, entity in graph.items() if "@type" not in entity]
    if graph[root["sourceOrganization"]["@id"]]["@type"] != "Project":
        problems.append("sourceOrganization")
    workflow = graph[root["mainEntity"]["@id"]]
    if workflow["@type"] != "Dataset" or "workflow-ro-crate" not in workflow["conformsTo"]["@id"]:
        problems.append("mainEntity")
    mentioned = [graph[reference["@id"]] for reference in root["mentions"]]
    (query,) = (action for action in mentioned if action["@type"] == "CreateAction")
    if query["instrument"] != root["mainEntity"]:
        problems.append("the run's instrument must be the workflow")
    if not {r["@id"] for r in query["result"]} <= {part["@id"] for part in root["hasPart"]}:
        problems.append("hasPart must hold every result")
    problems += [a["@id"] for a in mentioned if a["actionStatus"] not in STATUSES]
    parts = {f"data/{entity['@id']}" for entity in graph.values() if entity["@type"] == "File"}
    kept = {name for name in files if name.startswith("data/")} - {"data/ro-crate-metadata.json"}
    return problems if parts == kept else [*problems, "files and entities differ"]


def _dangling(graph: dict) -> set[str]:
    """References within the crate, to entities it doesn't hold."""
    found: set[str] = set()

    def walk(value):
        if isinstance(value, dict):
            if set(value) == {"@id"} and not value["@id"].startswith("https://w3id.org/"):
                found.add(value["@id"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(list(graph.values()))
    return found - set(graph)


def actions(files: dict[str, bytes]) -> list[tuple[str, str]]:
    graph = json.loads(files["data/ro-crate-metadata.json"])["@graph"]
    return [
        (entity["additionalType"]["@id"].split("#")[1],
         entity["actionStatus"].removeprefix("http://schema.org/"))
        for entity in graph
        if "additionalType" in entity
    ]  # fmt: skip


@pytest.fixture
def packed(release):
    return release() / "checker" / crate.FILE_NAME


@pytest.fixture
def files(packed):
    return opened(packed)[1]


def test_the_bag_holds_by_its_own_checksums(files):
    assert bag_problems(files) == []


def test_a_changed_byte_of_the_bag_is_found(files):
    name = next(name for name in files if name.endswith("by_age.csv"))
    assert bag_problems({**files, name: files[name] + b"\n"}) == [
        f"{name} has another checksum",
        "Payload-Oxum",
    ]


def test_the_metadata_keep_to_the_five_safes_profile(files):
    assert crate_problems(files) == []


def test_the_nested_workflow_is_a_crate_with_commands_that_make_the_outputs_again(files):
    nested = json.loads(files["data/workflow/ro-crate-metadata.json"])["@graph"]
    graph = {entity["@id"]: entity for entity in nested}
    main = graph[graph["./"]["mainEntity"]["@id"]]
    assert set(main["@type"]) == {"File", "SoftwareSourceCode", "ComputationalWorkflow"}
    assert main["programmingLanguage"]["@id"] in graph
    assert "license" in graph["./"]
    for part in graph["./"]["hasPart"]:
        assert f"data/workflow/{part['@id']}" in files
    assert b"justice study run repeat_mothers --variant default" in files["data/workflow/run.sh"]


def test_what_people_must_do_is_left_to_them(files):
    assert actions(files) == [
        ("CheckValue", "CompletedActionStatus"),
        ("ValidationCheck", "PotentialActionStatus"),
        ("SignOff", "PotentialActionStatus"),
        ("DisclosureCheck", "CompletedActionStatus"),
        ("DisclosureCheck", "PotentialActionStatus"),
        ("GenerateCheckValue", "CompletedActionStatus"),
    ]


def test_no_person_or_organisation_is_made_up(files):
    graph = json.loads(files["data/ro-crate-metadata.json"])["@graph"]
    assert not [entity for entity in graph if entity["@type"] in ("Person", "Organization")]
    (project,) = (entity for entity in graph if entity["@type"] == "Project")
    assert project["name"] == "Repeat mothers"


def test_people_and_project_that_a_run_names_stand_in_the_crate(decided, release):
    run = decided[0][0]
    run.manifest["agent"] = {"name": "A. Analyst", "id": "https://orcid.org/0000-0000-0000-0000"}
    run.manifest["project"] = {"name": "Project 81", "id": "#project-81"}
    files = opened(release() / "checker" / crate.FILE_NAME)[1]
    graph = json.loads(files["data/ro-crate-metadata.json"])["@graph"]
    assert crate_problems(files) == []
    (query,) = (entity for entity in graph if entity["@type"] == "CreateAction")
    assert query["agent"] == [{"@id": "https://orcid.org/0000-0000-0000-0000"}]
    assert next(e for e in graph if e["@type"] == "Project")["@id"] == "#project-81"


def test_only_what_is_asked_for_is_in_it(files, packed):
    request = packed.parents[1] / "request"
    asked = {path.relative_to(request).as_posix() for path in request.rglob("*") if path.is_file()}
    held = {name.removeprefix("data/outputs/") for name in files if "/outputs/" in name}
    assert held == asked
    assert not any(b"163" in files[f"data/outputs/{name}"] for name in held if "csv" in name)


def test_the_same_release_gives_the_same_bytes(release):
    first, second = (release(name) / "checker" / crate.FILE_NAME for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()


def test_the_identifier_follows_from_the_content_alone():
    one = bag.identifier({"a": b"1", "b": b"2"})
    assert one == bag.identifier({"b": b"2", "a": b"1"})
    assert one != bag.identifier({"a": b"1", "b": b"3"})
    assert one != bag.identifier({"a": b"1", "c": b"2"})


def test_times_carry_a_zone(files):
    graph = json.loads(files["data/ro-crate-metadata.json"])["@graph"]
    ends = [entity["endTime"] for entity in graph if "endTime" in entity]
    assert MADE.isoformat() in ends
    assert all(datetime.fromisoformat(end).tzinfo for end in ends)
