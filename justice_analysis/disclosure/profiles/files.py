"""Read a profile's YAML file strictly: nothing is guessed, and every rule has its source."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from justice_analysis.disclosure.profiles import checks
from justice_analysis.errors import DisclosureError

if TYPE_CHECKING:
    import yaml

    from justice_analysis.disclosure.profiles.profile import Profile

STATUSES = ("confirmed", "recalled", "ours")
LARGEST_FILE = 1_000_000
"""Bytes; a profile is a page or two."""
TWICE = "a name that stands twice"
PLAIN = (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("tag:yaml.org,2002:float", r"-?(0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
    ("tag:yaml.org,2002:null", r"null|~|", ["n", "~", ""]),
)


def read_yaml(path: Path) -> Any:
    """Read a YAML file in which a name may stand once and nothing is guessed.

    `no` stays text (plain YAML makes it false), `010` stays text (plain YAML makes it 8), and so
    do dates; only `true`, `false`, plain decimal numbers and `null` are more than text.

    Raises
    ------
    DisclosureError
        If the file can't be read, is no YAML, or names something twice.
    """
    import yaml

    unreadable = f"{path.name} must be a YAML file of text in UTF-8: it cannot be read"
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DisclosureError(f"{unreadable}, since it is larger than a profile can be.")
        text = path.read_text(encoding="utf-8-sig")
        return yaml.load(text, Loader=_loader())
    except (OSError, UnicodeDecodeError, RecursionError):
        raise DisclosureError(f"{unreadable}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        twice = isinstance(error, yaml.constructor.ConstructorError) and error.context == TWICE
        why = ": a name stands twice" if twice else ""
        raise DisclosureError(f"{unreadable}{why}{line}.") from None


def _loader() -> type[yaml.SafeLoader]:
    import yaml

    class StrictLoader(yaml.SafeLoader):
        yaml_implicit_resolvers: dict[str, Any] = {}

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
            names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            if len(set(names)) < len(names):
                raise yaml.constructor.ConstructorError(
                    TWICE, node.start_mark, None, node.start_mark
                )
            return super().construct_mapping(node, deep=deep)

    for tag, pattern, first in PLAIN:
        whole = re.compile(rf"^(?:{pattern})$")
        StrictLoader.add_implicit_resolver(tag, whole, list(first))
    return StrictLoader


def description_problems(
    described: Mapping[Any, Any], *, names: Sequence[str], base: Profile | None
) -> list[str]:
    """Every problem of a described profile's heading and of each of its rules by itself.

    Parameters
    ----------
    described
        `name`, `title`, `rules`, perhaps `based_on`.
    names
        The rules that there are.
    base
        The profile it is based on, where it can be read.
    """
    rules = described["rules"]
    problems = _heading_problems(described)
    for name, rule in rules.items():
        if name not in names:
            problems.append(f"rule {name} is unknown: remove it or correct its name.")
        else:
            problems += _rule_problems(name, rule, base)
    if "based_on" not in described:
        problems += [f"rule {name} is missing." for name in names if name not in rules]
    return problems


def _heading_problems(described: Mapping[Any, Any]) -> list[str]:
    known = ("name", "title", "rules", "based_on")
    problems = [f"{name} is not a field of a profile." for name in described if name not in known]
    return problems + [
        f"{name} is missing: it must be text."
        for name in ("name", "title")
        if not _is_text(described.get(name))
    ]


def _rule_problems(name: str, rule: object, base: Profile | None) -> list[str]:
    if not isinstance(rule, Mapping) or not _is_sourced(rule):
        return [
            f"rule {name} must have a value, a status (one of {', '.join(STATUSES)}) and a "
            "source in words."
        ]
    if mistyped := checks.type_problems(name, rule["value"]):
        return mistyped
    said = rule["status"] == "confirmed" and "looser_because" in rule
    if base and not said and checks.is_looser(name, rule["value"], getattr(base, name)):
        return [
            f"rule {name} is looser than in profile {base.name}: its status must be confirmed "
            "and looser_because must say who allows it and why."
        ]
    return []


def _is_sourced(rule: Mapping[Any, Any]) -> bool:
    needed = {"value", "status", "source"}
    return (
        needed <= {*rule} <= needed | {"looser_because"}
        and rule["status"] in STATUSES
        and _is_text(rule["source"])
        and _is_text(rule.get("looser_because", "-"))
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
