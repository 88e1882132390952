"""Free words of an output: titles, subtitles and notes can carry numbers past every rule.

A number in words is let pass where it is known without the data: a year, a date of the options,
a number of the options (bounds, horizons, what a rate is per) or the same time in other units, a
number of a dimension's labels, of the profile's own rules, and the level of an interval. Any
other digit is for a person to look at. Numbers spelled out are not seen.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.kinds.model_rows import KEPT_INSIDE
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.errors import UsageError

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|" + ISO_DATE.pattern)
FIRST_YEAR, LAST_YEAR = 1800, 2100
ALWAYS = frozenset({0.0, 1.0, 95.0, 99.0, 100.0})
"""Levels of intervals, whole shares, and none or one."""
DAYS_IN = (7.0, 30.4375, 365.25)
"""Days in a week, an average month and an average year."""
RULES = ("minimum_count", "rounding_base", "survival_step", "degrees_of_freedom")


OF_RULES = (
    *("absorbed", "area", "by", "continuous", "converged", "denominator", "formats", "interval"),
    *("limits", "model", "of", "per", "public_denominator", "quantity", "reference"),
    *("standardised", "statistics", "weights", *KEPT_INSIDE),
)
"""Options that the rules read; they hold definitions, or stay inside."""


def words_problems(output: Output, profile: Profile) -> list[str]:
    """Find words with numbers that nothing but the data could tell.

    Returns
    -------
    list
        Sentences for a review: which words, and how many numbers; never a number itself.
    """
    known, dates = known_numbers(output, profile), _known_dates(output.options)
    problems = []
    for what, words in _words(output):
        written = DATE.findall(words)
        numbers = numbers_in(DATE.sub(" ", words))
        strange = [date for date in written if date not in dates]
        strange += [str(number) for number in numbers if not _is_known(number, known)]
        if strange:
            problems.append(
                f"{what} must hold no numbers but those of the definition: {len(strange)} others "
                "were found. Make them numbers of a text output, or ask a person."
            )
    return problems + _option_problems(output)


def strange_numbers(words: str, output: Output, profile: Profile, *, beside: str = "") -> int:
    """Count the numbers in some words that nothing but the data could tell.

    Parameters
    ----------
    beside
        Words whose numbers are known too: those of the definition.
    """
    known = known_numbers(output, profile) | {*numbers_in(beside)}
    dates = _known_dates(output.options) | {*DATE.findall(beside)}
    written = [date for date in DATE.findall(words) if date not in dates]
    numbers = [one for one in numbers_in(DATE.sub(" ", words)) if not _is_known(one, known)]
    return len(written) + len(numbers)


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
    return frozenset(found)


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
        yield from numbers_in(ISO_DATE.sub(" ", value))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _numbers_of(str(name))
            yield from _numbers_of(item)
    elif isinstance(value, Iterable):
        for item in value:
            yield from _numbers_of(item)


def _option_problems(output: Output) -> list[str]:
    """Options stand beside a release as they are: numbers are those that somebody chose."""
    defined = {*OF_RULES, *_options_of(output.card)}
    strange = [
        name
        for name, value in output.options.items()
        if name not in defined and any(True for _ in _numbers_of(value))
    ]
    if not strange:
        return []
    return [
        f"numbers in options must be those of the metric's card: {', '.join(strange)} are not, "
        "and would leave as they are."
    ]


def _options_of(card: str | None) -> tuple[str, ...]:
    """Names of a metric's options."""
    import justice_analysis.evaluation
    import justice_analysis.metrics  # noqa: F401  (registers the cards)
    from justice_analysis import definitions

    try:
        return tuple(option.name for option in definitions.get(card or "").card.options)
    except UsageError:
        return ()


def _known_dates(options: object) -> frozenset[str]:
    """Dates of the options as they are written there, and as people write them."""
    found = set(ISO_DATE.findall(str(options)))
    for text in tuple(found):
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            continue
        found.add(f"{day.day} {day:%B %Y}")
    return frozenset(found)
