"""The nested Workflow RO-Crate of a request: the commands and values that make it again."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import Any

from justice_analysis.disclosure.runs import Run

WORKFLOW = "workflow/"
RECIPE = "run.sh"
HASHES = ("notebook_sha256", "parameters_sha256", "package_sha256")


def workflow_files(runs: Sequence[Run], tool: str) -> dict[str, bytes]:
    """Make the files of `workflow/` by their place in the crate.

    The studies' notebooks stay where they are and are named by their hash: a run folder holds
    them executed, with what they printed.
    """
    content = {
        f"{run.manifest['study']}.{run.manifest['variant']}.json": _as_json(_described(run))
        for run in runs
    }
    content[RECIPE] = _recipe(runs, tool)
    content["ro-crate-metadata.json"] = _as_json(
        {
            "@context": "https://w3id.org/ro/crate/1.1/context",
            "@graph": _graph(sorted(content), tool),
        }
    )
    return {f"{WORKFLOW}{name}": content[name] for name in sorted(content)}


def _described(run: Run) -> dict[str, object]:
    manifest = run.manifest
    return {
        "study": manifest["study"],
        "variant": manifest["variant"],
        "title": manifest.get("title"),
        "parameters": manifest.get("parameters") or {},
        "disclosure": manifest.get("disclosure") or {},
        "package": manifest.get("package_version"),
        **{name: manifest[name] for name in HASHES if manifest.get(name)},
        "warehouse_fingerprint": manifest["warehouse"].get("fingerprint"),
    }


def _recipe(runs: Sequence[Run], tool: str) -> bytes:
    lines = [
        "#!/bin/sh",
        f"# Makes the outputs again with justice_analysis {tool}, where WAREHOUSE names the data.",
        "# Each run's values and the hash of its notebook stand in the file beside this one.",
        "set -eu",
    ]
    for run in runs:
        study, variant = (shlex.quote(str(run.manifest[name])) for name in ("study", "variant"))
        lines.append(f'justice study run {study} --variant {variant} --data "$WAREHOUSE"')
    return ("\n".join(lines) + "\n").encode()


def _graph(names: Sequence[str], tool: str) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = [
        {"@id": name, "@type": "File", "name": name, "encodingFormat": "application/json"}
        for name in names
        if name != RECIPE
    ]
    return [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": [
                {"@id": "https://w3id.org/ro/crate/1.1"},
                {"@id": "https://w3id.org/workflowhub/workflow-ro-crate/1.0"},
            ],
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": "How the outputs were made",
            "description": "The commands of the runs, and their parameters.",
            "mainEntity": {"@id": RECIPE},
            "hasPart": [{"@id": name} for name in names],
            "license": {"@id": "https://spdx.org/licenses/MIT"},
        },
        {
            "@id": RECIPE,
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
            "name": "Commands that make the outputs again",
            "programmingLanguage": {"@id": "#sh"},
        },
        *files,
        {
            "@id": "#sh",
            "@type": "ComputerLanguage",
            "name": "POSIX shell",
            "url": "https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html",
        },
        {
            "@id": "#justice_analysis",
            "@type": "SoftwareApplication",
            "name": f"justice_analysis {tool}",
            "softwareVersion": tool,
        },
        {
            "@id": "https://spdx.org/licenses/MIT",
            "@type": "CreativeWork",
            "name": "MIT License",
        },
    ]


def _as_json(described: object) -> bytes:
    return (json.dumps(described, indent=1, allow_nan=False, default=str) + "\n").encode()
