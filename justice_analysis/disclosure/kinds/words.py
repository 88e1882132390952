"""Free words of an output: titles, subtitles and notes can carry numbers past every rule.

A number in words is let pass where it is known without the data: a year or a date, a number of
the options (bounds, horizons, what a rate is per) or the same time in other units, a number of
the metric's card, of a dimension's labels, of the profile's own rules, and the level of an
interval. Any other digit is for a person to look at. Numbers spelled out are not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.profiles import Profile

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
FIRST_YEAR, LAST_YEAR = 1800, 2100
ALWAYS = frozenset({0.0, 1.0, 95.0, 99.0, 100.0})
"""Levels of intervals, whole shares, and none or one."""
DAYS_IN = (7.0, 30.4375, 365.25)
"""Days in a week, an average month and an average year."""
RULES = ("minimum_count", "rounding_base", "survival_step", "degrees_of_freedom")


def words_problems(output: Output, profile: Profile) -> list[str]:
    """Find words with numbers that nothing but the data could tell.

    Returns
    -------
    list
        Sentences for a review: which words, and how many numbers; never a number itself.
    """
    known = known_numbers(output, profile)
    problems = []
    for what, words in _words(output):
        strange = [number for number in numbers_in(words) if not _is_known(number, known)]
        if strange:
            problems.append(
                f"{what} must hold no numbers but those of the definition: {len(strange)} others "
                "were found. Make them numbers of a text output, or ask a person."
            )
    return problems


def known_numbers(output: Output, profile: Profile) -> frozenset[float]:
    """Return numbers that are known without the data."""
    found = {float(getattr(profile, name)) for name in RULES} | ALWAYS
    for stated in _numbers_of(output.options):
        found.add(stated)
        found |= {round(stated / unit, 0) for unit in DAYS_IN}
    for name in output.dimensions:
        for value in output.table[name].unique():
            found |= set(numbers_in(str(value)))
    for group, above in (pair for groups in output.hierarchy.values() for pair in groups.items()):
        found |= {*numbers_in(group), *numbers_in(above)}
    return frozenset(found | set(_of_card(output.card)))


def numbers_in(words: str) -> Iterator[float]:
    """Numbers written in digits, without the commas between thousands."""
    for found in NUMBER.findall(words):
        yield float(found.replace(",", ""))


def _is_known(number: float, known: frozenset[float]) -> bool:
    is_year = number % 1 == 0 and FIRST_YEAR <= number <= LAST_YEAR
    return is_year or number in known


def _words(output: Output) -> Iterator[tuple[str, str]]:
    yield "the title", output.title
    yield "the subtitle", output.subtitle
    yield "the population", output.population
    yield "the unit", output.unit
    for note in output.notes:
        yield "a note", note
    if output.chart:
        yield "the chart's words", f"{output.chart.x_title} {output.chart.y_title}"
        yield "the alternative text", output.chart.alt_text


def _numbers_of(value: object) -> Iterator[float]:
    """Numbers anywhere in options."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float)):
        yield abs(float(value))
    elif isinstance(value, str):
        yield from numbers_in(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _numbers_of(str(name))
            yield from _numbers_of(item)
    elif isinstance(value, Iterable):
        for item in value:
            yield from _numbers_of(item)


def _of_card(name: str | None) -> Iterator[float]:
    """Numbers in the words of the metric's card."""
    from dataclasses import fields

    import justice_analysis.metrics  # noqa: F401  (registers the cards)
    from justice_analysis import definitions
    from justice_analysis.errors import UsageError

    if name is None:
        return
    try:
        card = definitions.get(name).card
    except UsageError:
        return
    for part in fields(card):
        value = getattr(card, part.name)
        words = (
            value
            if isinstance(value, str)
            else " ".join(map(str, value))
            if isinstance(value, tuple)
            else ""
        )
        yield from numbers_in(words)
