"""Write the request as a Five Safes RO-Crate, version 0.4: what is asked for and where it stands.

The crate holds what leaves and nothing of what stays. What we did is marked completed; what only
people may do (signing off, the disclosure check itself) is marked as still to be done, and no
person or organisation is named that a run doesn't name. Profile: https://w3id.org/5s-crate/0.4
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from justice_analysis.disclosure.checker import bag
from justice_analysis.disclosure.checker.dossier import Dossier
from justice_analysis.disclosure.checker.workflow import WORKFLOW, workflow_files
from justice_analysis.disclosure.runs import Run

FILE_NAME = "five-safes-crate.zip"
PROFILE = "https://w3id.org/5s-crate/0.4"
CONTEXT = "https://w3id.org/ro/crate/1.2-DRAFT/context"
TERMS = "https://w3id.org/shp#"
SHA_256 = "https://www.iana.org/assignments/named-information#sha-256"
SHA_512 = "https://www.iana.org/assignments/named-information#sha-512"
METADATA = "ro-crate-metadata.json"
Entity = dict[str, Any]


def write(
    checker: Path, request: Path, dossiers: Sequence[Dossier], *, made: datetime, tool: str
) -> Path:
    """Write the crate in the checker's tree and return its path.

    Parameters
    ----------
    request
        The `request/` tree, complete with its checksums.
    made
        When the release was made, with its time zone; the same release made at another time has
        the same identifier.
    """
    runs = list({id(dossier.run): dossier.run for dossier in dossiers}.values())
    payload = {
        f"outputs/{path.relative_to(request).as_posix()}": path.read_bytes()
        for path in sorted(request.rglob("*"))
        if path.is_file()
    }
    payload |= workflow_files(runs, tool)
    graph = _graph(payload, dossiers, runs, made=made, tool=tool)
    described = {"@context": CONTEXT, "@graph": graph}
    text = json.dumps(described, indent=2, allow_nan=False, default=str)
    external = bag.identifier(payload)
    path = checker / FILE_NAME
    bag.write(
        path,
        {METADATA: (text + "\n").encode(), **payload},
        name=f"request-{external}",
        external=external,
    )
    return path


def _graph(
    payload: Mapping[str, bytes],
    dossiers: Sequence[Dossier],
    runs: Sequence[Run],
    *,
    made: datetime,
    tool: str,
) -> list[Entity]:
    project, agents = _project(runs), _agents(runs)
    outputs = [place for place in payload if place.startswith("outputs/")]
    query = _query(payload, runs, outputs, agents)
    parameters = _parameters(runs)
    actions = [query, *_assessments(payload, dossiers, made, project["@id"])]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "Outputs asked for from a secure environment",
        "description": _description(dossiers),
        "conformsTo": _ref(PROFILE),
        "hasPart": [_ref(WORKFLOW), *map(_ref, outputs)],
        "mainEntity": _ref(WORKFLOW),
        "mentions": [_ref(action["@id"]) for action in actions],
        "sourceOrganization": _ref(project["@id"]),
    }
    return [
        _descriptor(),
        root,
        {"@id": PROFILE, "@type": "Profile", "name": "Five Safes RO-Crate profile"},
        _workflow(payload),
        *(_file(place, payload[place]) for place in payload),
        *parameters,
        *actions,
        project,
        *agents,
        _software(tool),
        _algorithm(SHA_256, "sha-256 algorithm"),
        _algorithm(SHA_512, "sha-512 algorithm"),
    ]


def _descriptor() -> Entity:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": _ref("./"),
        "conformsTo": _ref("https://w3id.org/ro/crate/1.2-DRAFT"),
    }


def _workflow(payload: Mapping[str, bytes]) -> Entity:
    parts = [place for place in payload if place.startswith(WORKFLOW)]
    return {
        "@id": WORKFLOW,
        "@type": "Dataset",
        "name": "How the outputs were made",
        "conformsTo": _ref("https://w3id.org/workflowhub/workflow-ro-crate/1.0"),
        "hasPart": [_ref(place) for place in parts],
    }


def _file(place: str, content: bytes) -> Entity:
    kind = mimetypes.guess_type(place)[0] or "application/octet-stream"
    return {
        "@id": place,
        "@type": "File",
        "name": place.split("/", 1)[-1],
        "encodingFormat": kind,
        "contentSize": str(len(content)),
    }


def _query(
    payload: Mapping[str, bytes], runs: Sequence[Run], outputs: list[str], agents: list[Entity]
) -> Entity:
    started = sorted(str(run.manifest["started"]) for run in runs if run.manifest.get("started"))
    finished = sorted(str(run.manifest["finished"]) for run in runs if run.manifest.get("finished"))
    times = {"startTime": started[:1], "endTime": finished[-1:]}
    return {
        "@id": f"#query-{bag.identifier(payload, about='query')}",
        "@type": "CreateAction",
        "name": f"Run {', '.join(run.name for run in runs)}",
        "actionStatus": _status("Completed"),
        "instrument": _ref(WORKFLOW),
        **({"agent": [_ref(agent["@id"]) for agent in agents]} if agents else {}),
        "object": [_ref(entity["@id"]) for entity in _parameters(runs)],
        "result": [_ref(place) for place in outputs],
        **{name: found[0] for name, found in times.items() if found},
    }


def _assessments(
    payload: Mapping[str, bytes], dossiers: Sequence[Dossier], made: datetime, project: str
) -> list[Entity]:
    """Five kinds of check, in the profile's order; a person's are still to be done."""
    ours = {"agent": _ref("#justice_analysis"), "endTime": made.isoformat()}
    statuses = [dossier.status for dossier in dossiers]
    judged = (
        f"Automated disclosure check: {statuses.count('pass')} of {len(statuses)} outputs passed, "
        "and only these are here"
    )
    whole = {"object": _ref("./")}
    signed = {"object": [_ref("./"), _ref(WORKFLOW), _ref(project)]}
    by_hash, by_bag = {"instrument": _ref(SHA_256)}, {"instrument": _ref(SHA_512)}
    described: list[tuple[str, str, str, str, Entity]] = [
        ("check", "CheckValue", "Completed", "Outputs are those the runs recorded", by_hash | ours),
        ("validate", "ValidationCheck", "Potential", "Validation against the profile: to be done",
         {"instrument": _ref(PROFILE)}),
        ("signoff", "SignOff", "Potential", "Sign-off by the environment: to be done", signed),
        ("judged", "DisclosureCheck", "Completed", judged, ours),
        ("disclosure", "DisclosureCheck", "Potential", "Output checker's decision: to be done", {}),
        ("bagit", "GenerateCheckValue", "Completed", "BagIt manifests of the crate written",
         by_bag | ours),
    ]  # fmt: skip
    return [
        {
            "@id": f"#{word}-{bag.identifier(payload, about=word)}",
            "@type": "UpdateAction" if kind == "GenerateCheckValue" else "AssessAction",
            "additionalType": _ref(TERMS + kind),
            "name": name,
            "actionStatus": _status(status),
            **whole,
            **more,
        }
        for word, kind, status, name, more in described
    ]


def _parameters(runs: Sequence[Run]) -> list[Entity]:
    return [
        {
            "@id": f"#parameter-{run.manifest['study']}.{run.manifest['variant']}-{name}",
            "@type": "PropertyValue",
            "name": f"{run.name}: {name}",
            "value": value if isinstance(value, (str, int, float)) else json.dumps(value),
        }
        for run in runs
        for name, value in (run.manifest.get("parameters") or {}).items()
    ]


def _project(runs: Sequence[Run]) -> Entity:
    """The project that a run names; else the work itself, by the titles of its studies."""
    named = next((run.manifest["project"] for run in runs if run.manifest.get("project")), None)
    titles = dict.fromkeys(str(run.manifest.get("title") or run.manifest["study"]) for run in runs)
    given = _named(named, fallback="; ".join(titles))
    return {"@id": "#project", "@type": "Project", **given}


def _agents(runs: Sequence[Run]) -> list[Entity]:
    """People who ran the studies, where the runs name them; none is made up."""
    found: dict[str, Entity] = {}
    for run in runs:
        if agent := run.manifest.get("agent"):
            given = {"@type": "Person", **_named(agent, fallback="")}
            given.setdefault("@id", f"#agent-{len(found)}")
            found.setdefault(str(given.get("name")), given)
    return list(found.values())


def _named(said: object, *, fallback: str) -> Entity:
    """Read a name, or a name with an address that identifies it."""
    if not isinstance(said, Mapping):
        return {"name": str(said or fallback)}
    place = {"@id": str(said["id"])} if said.get("id") else {}
    return {"name": str(said.get("name") or fallback), **place}


def _software(tool: str) -> Entity:
    return {
        "@id": "#justice_analysis",
        "@type": "SoftwareApplication",
        "name": f"justice_analysis {tool}",
        "softwareVersion": tool,
    }


def _algorithm(place: str, name: str) -> Entity:
    return {"@id": place, "@type": "DefinedTerm", "name": name}


def _description(dossiers: Sequence[Dossier]) -> str:
    marked = any(dossier.run.is_synthetic for dossier in dossiers)
    about = "Synthetic data: no number is about people. " if marked else ""
    return f"{about}Tables, figures and their context, after automated disclosure control."


def _status(word: str) -> str:
    return f"http://schema.org/{word}ActionStatus"


def _ref(place: str) -> Entity:
    return {"@id": place}
