"""A study for one new variant, outside the project's own folders of parameters."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from justice_analysis.errors import ParameterError, StudyError
from justice_analysis.studies.catalogue import DEFAULT, Project


def one_variant(
    project: Project,
    study: str,
    variant: str,
    *,
    into: Path,
    title: str,
    values: Mapping[str, Any],
    parameters: Path | None = None,
) -> Project:
    """Write a project that holds one study in one variant: its notebook, and its parameters.

    Parameters
    ----------
    project
        Where the study is.
    variant
        Name of the new parameter file, without its ending.
    into
        Folder of the new project; what it holds of the same names is written again.
    title, values
        Title, and the values to be put in the place of those of the parameter file.
    parameters
        The parameter file to start from; the study's default one, without its interviews, if
        left out.

    Returns
    -------
    Project
        To be run like any other: the runner holds the parameters against the notebook.

    Raises
    ------
    ParameterError
        If the parameter file cannot be read.
    StudyError
        If the new project would be written over the one it is made from.
    """
    import yaml

    if into.resolve() == project.root.resolve():
        raise StudyError("a study of one variant needs a folder of its own: name another.")
    file = parameters or project.parameter_file(study, DEFAULT)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        content["parameters"] = {**content["parameters"], **values}
    except (OSError, yaml.YAMLError, TypeError, KeyError):
        raise ParameterError(
            f"{file.name} must be a parameter file of {study}: it cannot be read as one."
        ) from None
    if parameters is None:  # interviews of another programme
        content.pop("interviews", None)
    content |= {"study": study, "title": title}
    made = Project(into.resolve())
    made.notebooks.mkdir(parents=True, exist_ok=True)
    (made.parameters / study).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(project.notebook(study), made.notebook(study))
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    (made.parameters / study / f"{variant}.yaml").write_text(text, encoding="utf-8")
    return made
