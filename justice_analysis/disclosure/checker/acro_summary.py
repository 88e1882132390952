"""The session summary of an ACRO folder: which outputs use which variables."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

from justice_analysis.disclosure.checker import acro_words as words


def session_summary(results: Mapping[str, Mapping[str, Any]], *, timestamp: str) -> dict[str, Any]:
    """List the outputs, count them by status and type, and say which variables each uses."""
    outputs = [
        {
            "uid": uid,
            "output_type": result["type"],
            "dependent_variables": result["fair"].get("dependent", "unknown"),
            "independent_variables": result["fair"].get("independent", []),
            "analysis_name": result["properties"].get("method", "custom"),
        }
        for uid, result in results.items()
    ]
    used = {output["uid"]: _variables(output) for output in outputs}
    every = sorted(set().union(*used.values()))
    return {
        "metadata": {
            "version": words.IMITATED_VERSION,
            "timestamp": timestamp,
            "total_outputs": len(results),
            "status_counts": dict(Counter(result["status"] for result in results.values())),
            "type_counts": dict(Counter(result["type"] for result in results.values())),
        },
        "outputs": outputs,
        "variable_matrix": {
            uid: {name: int(name in names) for name in every} for uid, names in used.items()
        },
    }


def _variables(output: Mapping[str, Any]) -> set[str]:
    return {*output["independent_variables"], output["dependent_variables"]} - {"unknown"}


def as_csv(summary: Mapping[str, Any]) -> str:
    """Write the same as one line per output, a column per variable."""
    matrix = summary["variable_matrix"]
    first = ("uid", "output_type", "analysis_name", "dependent_variables", "independent_variables")
    written = io.StringIO()
    rows = [
        {**output, "independent_variables": "; ".join(output["independent_variables"])}
        | matrix[output["uid"]]
        for output in summary["outputs"]
    ]
    names = dict.fromkeys((*first, *(name for row in matrix.values() for name in row)))
    writer = csv.DictWriter(written, list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()
