"""`justice lab`: JupyterLab on the notebooks, with this environment's kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer


def lab(
    data: Annotated[
        Path | None, typer.Option(help="Warehouse for the notebooks; the demo's if none.")
    ] = None,
) -> None:
    """Open JupyterLab on the notebooks."""
    from justice_analysis import studies

    project = studies.find_project()
    environment = dict(os.environ)
    if data is not None:
        environment["JUSTICE_WAREHOUSE"] = str(data.resolve())
    command = [sys.executable, "-P", "-m", "jupyterlab", f"--notebook-dir={project.root}"]
    command += [f"--LabApp.default_url=/lab/tree/{project.notebooks.name}"]
    # A closed network has no news and no updates: JupyterLab would ask for both.
    command += ["--LabApp.news_url=None"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    raise typer.Exit(subprocess.call(command, env=environment))
