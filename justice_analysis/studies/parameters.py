"""Parameter files, held against the notebook's own declaration before anything runs.

Papermill goes on with defaults where a name is unknown, and runs a notebook without a
tagged cell as if nothing had been asked; here both are refused.
"""

from __future__ import annotations

import ast
import datetime
import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from justice_analysis.definitions.interviews import read_interviews
from justice_analysis.errors import ParameterError, listed

TAG = "parameters"
KEYS = ("study", "title", "datasets", "parameters", "disclosure", "interviews", "prose")


@dataclass(frozen=True)
class Variant:
    """One variant of a study: inert values, every one that the result depends on.

    `datasets` are those it reads: it runs on a warehouse that holds them all. `interviews` are
    what interviews found, as the file has them, checked.
    """

    study: str
    name: str
    title: str
    datasets: tuple[str, ...]
    values: Mapping[str, Any]
    disclosure: Mapping[str, Any] = field(default_factory=dict)
    interviews: Mapping[str, Any] = field(default_factory=dict)

    @property
    def interviews_sha256(self) -> str | None:
        """Hash of what interviews found; missing where there are none."""
        return interviews_sha256(self.interviews)


def read_variant(file: Path, *, declared: Mapping[str, Any]) -> Variant:
    """Read a parameter file and hold it against the notebook's declared parameters.

    Raises
    ------
    ParameterError
        Naming every unknown, missing, wrongly typed or unquoted value at once.
    """
    content = _read(file)
    values = content.get("parameters") or {}
    problems = [*_shape_problems(content, file), *_value_problems(values, declared)]
    if problems:
        raise ParameterError(f"{file.parent.name}/{file.name}: {listed(problems)}")
    if "interviews" in content:
        read_interviews(content["interviews"])
    return Variant(
        study=content["study"],
        name=file.stem,
        title=content["title"],
        datasets=tuple(content["datasets"]),
        values=dict(values),
        disclosure=dict(content.get("disclosure") or {}),
        interviews=dict(content.get("interviews") or {}),
    )


def interviews_sha256(interviews: Mapping[str, Any]) -> str | None:
    """Hash of what a parameter file says that interviews found; missing where there are none."""
    if not interviews:
        return None
    return hashlib.sha256(json.dumps(interviews, sort_keys=True).encode()).hexdigest()


def _read(file: Path) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(f"the parameter file {file.name} does not exist.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise ParameterError(f"{file.name} must be YAML: it cannot be read{where}.") from None
    if not isinstance(content, dict):
        raise ParameterError(f"{file.name} must have the keys {', '.join(KEYS)}: it has none.")
    return content


def _shape_problems(content: Mapping[str, Any], file: Path) -> list[str]:
    problems = [
        f"{key} is not a key here: did you mean {_near(key, KEYS)}?"
        for key in content
        if key not in KEYS
    ]
    if not _are_words(content.get("prose", {})):
        problems.append("prose must give names their words: some are not text.")
    problems += [f"{key} is missing." for key in KEYS[:4] if key not in content]
    if content.get("study", file.parent.name) != file.parent.name:
        problems.append(f"study must be {file.parent.name}, as the folder says.")
    return problems


def _are_words(prose: object) -> bool:
    """Whether what a variant says for itself is text by name; it changes nothing that runs."""
    return isinstance(prose, dict) and all(
        isinstance(name, str) and isinstance(said, str) for name, said in prose.items()
    )


def _value_problems(values: Mapping[str, Any], declared: Mapping[str, Any]) -> list[str]:
    problems = [
        f"the notebook has no parameter {name}: did you mean {_near(name, declared)}?"
        for name in values
        if name not in declared
    ]
    problems += [f"{name} is missing." for name in declared if name not in values]
    for name in values:
        if isinstance(values[name], datetime.date):
            problems.append(f'{name} must be a quoted date, such as "2014-01-01".')
        elif name in declared and not _same_type(values[name], declared[name]):
            problems.append(
                f"{name} must be {type(declared[name]).__name__}, as in the notebook: it is "
                f"{type(values[name]).__name__}."
            )
    return problems


def _same_type(value: Any, default: Any) -> bool:
    if value is None or default is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, int | float) and isinstance(value, int | float):
        return isinstance(default, float) or isinstance(value, int)
    return isinstance(value, type(default))


def _near(name: str, names: Any) -> str:
    return ", ".join(difflib.get_close_matches(name, list(names), n=2) or sorted(names))


def declared_parameters(notebook: Any, *, name: str) -> dict[str, Any]:
    """The parameters a notebook declares: names and literals of its one tagged cell.

    Parameters
    ----------
    notebook
        The notebook as `nbformat` reads it.
    name
        Its file name, for messages.

    Raises
    ------
    ParameterError
        If no cell or more than one is tagged, or the cell holds anything but literals.
    """
    tagged = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise ParameterError(
            f"{name} must have one cell tagged {TAG}: it has {len(tagged)}. "
            "Tag the cell that holds the parameters."
        )
    declared, problems = {}, []
    for statement in _statements(tagged[0].source, name):
        target = _target(statement)
        try:
            declared[target or ""] = ast.literal_eval(statement.value)  # type: ignore[attr-defined]
        except (ValueError, AttributeError):
            problems.append(f"line {statement.lineno} is not a name = literal.")
    if problems or "" in declared:
        raise ParameterError(
            f"the {TAG} cell of {name} may hold literals only, since a derived value would go "
            f"stale: {listed(problems or ['a line assigns to no plain name.'])}"
        )
    return declared


def _statements(source: str, name: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError as error:
        raise ParameterError(
            f"the {TAG} cell of {name} cannot be read: see its line {error.lineno}."
        ) from None


def _target(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return None
