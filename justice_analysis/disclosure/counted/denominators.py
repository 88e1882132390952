"""What stands below a rate: people, their time, a public number, or another count."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.definitions.output import Output

DENOMINATORS = ("people", "person_time", "public", "count")
RATE_FORMATS = ("rate", "ratio")


def denominator_of(output: Output) -> str | None:
    """Return what an output's denominator is, one of `DENOMINATORS`; None where it is not said."""
    if output.options.get("public_denominator") is True:
        return "public"
    said = output.options.get("denominator")
    return said if isinstance(said, str) and said in DENOMINATORS else None


def option_of(output: Output, option: str, name: str) -> object:
    """Return an option of one number of a text: one for all of them, or given by name."""
    said = output.options.get(option)
    return said.get(name) if isinstance(said, Mapping) else said


def holds_people(output: Output) -> bool:
    """Whether the numerator is part of the denominator, as with people or what they did.

    Time, public numbers and the other side of a ratio do not hold it. In a text each row may
    have another denominator, and the rules for texts look at each by itself.
    """
    formats = output.options.get("formats")
    if output.kind == "text" and isinstance(formats, Mapping):
        return not {*RATE_FORMATS} & {*formats.values()}
    return denominator_of(output) in (None, "people")
