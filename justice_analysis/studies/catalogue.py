"""Studies on disk: notebooks, and the parameter files that make their variants."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from justice_analysis.errors import StudyError, UsageError

DEFAULT = "default"


@dataclass(frozen=True)
class Project:
    """A folder with `notebooks/` and `parameters/`; the checkout unless said otherwise."""

    root: Path

    @property
    def notebooks(self) -> Path:
        """Folder of the study notebooks."""
        return self.root / "notebooks"

    @property
    def parameters(self) -> Path:
        """Folder with one folder of parameter files per study."""
        return self.root / "parameters"

    def studies(self) -> tuple[str, ...]:
        """Names of all studies: notebooks that have a folder of parameter files."""
        found = (path.stem for path in self.notebooks.glob("*.ipynb"))
        return tuple(sorted(name for name in found if (self.parameters / name).is_dir()))

    def variants(self, study: str) -> tuple[str, ...]:
        """Names of one study's variants, `default` first."""
        if study not in self.studies():
            near = difflib.get_close_matches(study, self.studies(), n=3) or self.studies()
            raise UsageError(f"there is no study {study!r}. Did you mean {', '.join(near)}?")
        names = sorted(path.stem for path in (self.parameters / study).glob("*.yaml"))
        return tuple(sorted(names, key=lambda name: name != DEFAULT))

    def notebook(self, study: str) -> Path:
        """The study's notebook."""
        return self.notebooks / f"{study}.ipynb"

    def parameter_file(self, study: str, variant: str) -> Path:
        """The variant's parameter file."""
        if variant not in self.variants(study):
            raise UsageError(
                f"study {study} has no variant {variant!r}: it has "
                f"{', '.join(self.variants(study))}."
            )
        return self.parameters / study / f"{variant}.yaml"


def find_project(start: Path | None = None) -> Project:
    """Find the project: `JUSTICE_PROJECT`, or the nearest folder above with notebooks."""
    named = os.environ.get("JUSTICE_PROJECT")
    places = [Path(named)] if named else [*_upwards(start or Path.cwd()), _checkout()]
    for place in places:
        if (place / "notebooks").is_dir() and (place / "parameters").is_dir():
            return Project(place.resolve())
    raise StudyError(
        "a project has the folders notebooks and parameters: none was found here or above. "
        "Change into the project, or set JUSTICE_PROJECT."
    )


def _upwards(folder: Path) -> list[Path]:
    return [folder, *folder.resolve().parents]


def _checkout() -> Path:
    return Path(__file__).parent.parent.parent
