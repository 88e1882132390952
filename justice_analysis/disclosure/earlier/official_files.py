"""The files of a published table: a description (YAML) and the numbers (CSV) beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from justice_analysis.disclosure.earlier.official import NOT_PUBLISHED, Official
from justice_analysis.errors import DisclosureError, listed

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("title", "source", "date", "counts", "population", "table", "columns")
MAY_STAND = ("rounded_to", "groups", "not_published", "population_hash", "matches")
NAMED_IN_A_MATCH = ("study", "variant", "output")


def read(path: str | Path) -> Official:
    """Read a published table: a YAML file that describes a CSV file beside it.

    Parameters
    ----------
    path
        The YAML: `title`, `source`, `date`, `counts` (what is counted), `population` (in words),
        `table` (the CSV), `columns` (its columns, and ours), and where they apply `rounded_to`,
        `groups` (for a column of ours: its words, and ours; `all` is the total),
        `not_published` (marks that stand for a hidden number), and `population_hash` or
        `matches` (`study`, `output`, `variant`), which say what of ours counts the same people.

    Raises
    ------
    DisclosureError
        If a file cannot be read, or the description is not complete; all problems at once.
    """
    path = Path(path)
    described = _read_yaml(path)
    problems = _description_problems(described)
    if problems:
        raise DisclosureError(f"{path.name}: {listed(problems)}")
    return Official(
        **{name: str(described[name]) for name in NEEDED[:5]},
        table=_read_table(path, described),
        rounded_to=described.get("rounded_to", 1),
        population_hash=described.get("population_hash"),
        matches={name: str(value) for name, value in described.get("matches", {}).items()},
        not_published=(*NOT_PUBLISHED, *map(str, described.get("not_published", ()))),
    )


def _read_yaml(path: Path) -> dict[str, Any]:
    import yaml

    try:
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise DisclosureError(
            f"{path.name} must be a readable YAML file that describes a published table."
        ) from None
    if not isinstance(described, dict):
        raise DisclosureError(f"{path.name} must describe a published table, field by field.")
    return described


def _description_problems(described: Mapping[str, Any]) -> list[str]:
    problems = [f"{name} is missing." for name in NEEDED if not described.get(name)]
    problems += [
        f"{name} is not a field of a published table."
        for name in described
        if name not in (*NEEDED, *MAY_STAND)
    ]
    base = described.get("rounded_to", 1)
    if not isinstance(base, int) or isinstance(base, bool) or base < 1 or base == 2:
        problems.append("rounded_to must be 1 (exact) or a whole number of 3 or more.")
    for name in ("columns", "groups", "matches"):
        if not isinstance(described.get(name, {}), Mapping):
            problems.append(f"{name} must give names: what they call it, and what we do.")
    matches = described.get("matches", {})
    if isinstance(matches, Mapping) and matches:
        if not {"study", "output"} <= set(matches) <= set(NAMED_IN_A_MATCH):
            problems.append("matches must name study and output, and may name variant.")
        if described.get("population_hash"):
            problems.append("either population_hash or matches must say what it is compared with.")
    return problems


def _read_table(path: Path, described: Mapping[str, Any]) -> pd.DataFrame:
    """Read the CSV under our names: text groups, whole counts, missing where not published."""
    import pandas as pd

    columns = {str(name): str(ours) for name, ours in described["columns"].items()}
    try:
        read = pd.read_csv(path.parent / str(described["table"]), dtype=str, keep_default_na=False)
    except (OSError, ValueError):
        raise DisclosureError(
            f"{path.name} must have its table beside it: {described['table']} cannot be read."
        ) from None
    missing = [name for name in columns if name not in read.columns]
    if missing:
        raise DisclosureError(
            f"{described['table']} must have the columns its description names: "
            f"{', '.join(missing)} is missing."
        )
    table = read[list(columns)].rename(columns=columns)
    for name, words in described.get("groups", {}).items():
        if name in table:
            table[name] = (
                table[name]
                .str.strip()
                .replace({str(word): str(ours) for word, ours in words.items()})
            )
    return table
