"""Words of a request as files: written for a researcher to edit, read back and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from justice_analysis.disclosure.kinds.words import strange_numbers
from justice_analysis.disclosure.profiles.profile import Profile, load
from justice_analysis.disclosure.request.context import Words, draft
from justice_analysis.disclosure.runs import Run, read_runs
from justice_analysis.errors import DisclosureError, listed

HEADING = """# Words that stand beside {id} in the request. Edit them, then:
#   justice release bundle RUN... --out DIR --context {folder}
# Numbers, controls and what is hidden are added from the release and can't be changed here. Write
# no results: only years and numbers of the definition may stand in words.
"""
FIELDS = tuple(one.name for one in fields(Words))
LONGEST = 2_000
Edited = Mapping[tuple[str, str], Words]
"""Words by run (`study/variant`) and output."""


def write(
    run_folders: Sequence[str | Path], out: str | Path, profile: str | Path | Profile
) -> tuple[Path, ...]:
    """Write `<study>/<variant>/<output>.yaml` for every output of some runs; none is replaced.

    Returns
    -------
    tuple of Path
        The files that were written; those that stood there before are left as they are.

    Raises
    ------
    DisclosureError
        If a run can't be read.
    """
    written = []
    for run in read_runs(run_folders, load(profile)):
        for candidate in run.candidates:
            path = Path(out) / run.name / f"{candidate.id}.yaml"
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            heading = HEADING.format(id=candidate.id, folder=Path(out).name)
            path.write_text(heading + _as_yaml(draft(candidate.output)), encoding="utf-8")
            written.append(path)
    return tuple(written)


def read(folder: str | Path, runs: Sequence[Run]) -> Edited:
    """Read edited words and check them against the outputs that they are about.

    Raises
    ------
    DisclosureError
        With every problem at once: a file of no output asked for, an unknown field or column, a
        number that the definition does not hold, words that are too long.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DisclosureError(
            f"{folder.name} must be a folder of words: make one with justice release context."
        )
    asked = {f"{run.name}/{one.id}.yaml": (run, one) for run in runs for one in run.candidates}
    edited: dict[tuple[str, str], Words] = {}
    problems: list[str] = []
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        if name not in asked:
            problems.append(f"{name} is about no output of the runs given: remove it.")
            continue
        run, candidate = asked[name]
        words, wrong = _read(path, draft(candidate.output))
        wrong = wrong or _numbers(words, candidate.output, run.profile)
        problems += [f"{name}: {problem}" for problem in wrong]
        edited[run.name, candidate.id] = words
    if problems:
        raise DisclosureError(listed(problems))
    return edited


def _as_yaml(words: Words) -> str:
    import yaml

    described = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in ((name, getattr(words, name)) for name in FIELDS)
    }
    described["columns"] = dict(words.columns)
    return str(yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=88))


def _read(path: Path, made: Words) -> tuple[Words, list[str]]:
    import yaml

    try:
        said: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return made, ["it must be readable YAML: mend it, or write it again."]
    if not isinstance(said, Mapping):
        return made, ["it must name fields and words."]
    problems = [
        f"{name} is unknown: only {', '.join(FIELDS)} may be set."
        for name in said
        if name not in FIELDS
    ]
    problems += [p for name, value in said.items() for p in _field(str(name), value, made)]
    if problems:
        return made, problems
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    values["columns"] = {**made.columns, **said.get("columns", {})}
    return replace(made, **values), []


def _field(name: str, value: Any, made: Words) -> list[str]:
    if name not in FIELDS:
        return []
    shape = {"filters": list, "columns": dict}.get(name, str)
    if not isinstance(value, shape):
        asked = {list: "a list of sentences", dict: "columns and their meanings"}
        return [f"{name} must be {asked.get(shape, 'words')}."]
    texts = value if shape is list else value.values() if shape is dict else [value]
    problems = [] if all(isinstance(t, str) for t in texts) else [f"{name} must hold words alone."]
    if not problems and sum(map(len, texts)) > LONGEST:
        problems.append(f"{name} must be shorter than {LONGEST:,} letters.")
    if shape is dict:
        strange = [column for column in value if column not in made.columns]
        problems += [f"{column} is no column of the output." for column in strange]
    return problems


def _numbers(words: Words, output: Any, profile: Profile) -> list[str]:
    """Numbers that neither the definition nor the words made from it hold."""
    made = " ".join(draft(output).said)
    problems = []
    for name in FIELDS:
        value = getattr(words, name)
        texts = value.values() if isinstance(value, Mapping) else value
        text = value if isinstance(value, str) else " ".join(texts)
        strange = strange_numbers(text, output, profile, beside=made)
        if strange:
            others = "1 other was found" if strange == 1 else f"{strange} others were found"
            problems.append(
                f"{name} must hold no numbers but years and those of the definition: {others}. "
                "Take them out: results stand in tables."
            )
    return problems
