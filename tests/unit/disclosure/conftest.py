"""Fixtures of the disclosure tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import Output


@pytest.fixture
def srs() -> disclosure.Profile:
    return disclosure.load("ons-srs")


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Path]:
    """Write a complete run folder of some outputs."""

    def make(
        outputs: dict[str, Output],
        *,
        study: str = "repeat_mothers",
        variant: str = "default",
        nature: str = "synthetic",
        **changes: object,
    ) -> Path:
        folder = tmp_path / "runs" / study / variant
        synthetic = nature == "synthetic"
        stated = []
        for id, output in outputs.items():
            file = disclosure.write_candidate(output, id, folder / "outputs", synthetic=synthetic)
            stated.append({"id": id, "sha256": disclosure.digest_of(file), "cell": f"cell-{id}"})
        manifest = {
            "study": study,
            "variant": variant,
            "title": "Repeat mothers",
            "parameters": {"followup_days": 1826},
            "package_version": "0.1.0",
            "warehouse": {
                "fingerprint": "f" * 16,
                "is_synthetic": synthetic,
                "sources": {"cafcass_england": {"nature": nature}},
            },
            "outputs": stated,
            "status": "complete",
            **changes,
        }
        (folder / "manifest.json").write_text(json.dumps(manifest))
        return folder

    return make
