"""Charts kept with a linkage: PNG files that need no network, and show no one's record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from justice_analysis import charts
from justice_analysis.charts.waterfall import draw_waterfall

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.linkage.participants.links import ParticipantLinks

_NAMES = {"pnc_id": "PNC id", "birth_date": "birth date"}


@dataclass(frozen=True)
class _Example:
    """A made-up pair: for each field the words of its level, and two made-up values."""

    file: str
    title: str
    levels: Mapping[str, tuple[str, str, str]]


_EXAMPLES = (
    _Example(
        "example_moved_house",
        "A made-up pair: the same person, who moved within the district",
        {
            "forename": ("the same", "ROSALIND", "ROSALIND"),
            "surname": ("almost the same", "ASHDOWNE", "ASHDOWN"),
            "birth_date": ("the same", "1988-04-17", "1988-04-17"),
            "gender": ("the same", "female", "female"),
            "postcode": ("the same district", "ZZ7 3AB", "ZZ7 9QT"),
        },
    ),
    _Example(
        "example_swapped_names",
        "A made-up pair: names swapped, day and month crossed",
        {
            "forename": ("forename and surname swapped", "MARLOW", "LEWIN"),
            "birth_date": ("day and month crossed", "1979-03-08", "1979-08-03"),
            "gender": ("the same", "male", "male"),
            "postcode": ("the same", "ZZ2 1CD", "ZZ2 1CD"),
        },
    ),
    _Example(
        "example_two_people",
        "A made-up pair: two people who share a surname and a postcode",
        {
            "forename": ("different", "ELIAS", "MIRIAM"),
            "surname": ("the same", "THORNBY", "THORNBY"),
            "birth_date": ("different", "1991-11-02", "1965-02-20"),
            "gender": ("different", "male", "female"),
            "postcode": ("the same", "ZZ4 6EF", "ZZ4 6EF"),
        },
    ),
)


def write_charts(links: ParticipantLinks, folder: Path, *, synthetic: bool = False) -> list[str]:
    """Draw every chart that this linkage has numbers for, into a new folder; their names."""
    folder.mkdir()
    figures: dict[str, Any] = {
        "attrition": _attrition(links.attrition, synthetic),
        "match_rates": _match_rates(links.match_rates, synthetic),
    }
    if links.model:
        figures["match_weights"] = _match_weights(links.model, synthetic)
        figures |= {
            example.file: figure
            for example in _EXAMPLES
            if (figure := _waterfall(links.model, example)) is not None
        }
    if links.thresholds is not None:
        figures["thresholds"] = _thresholds(links.thresholds, synthetic)
    for name, figure in figures.items():
        charts.save_png(figure, folder / f"{name}.png", dpi=130)
    return list(figures)


def _attrition(table: pd.DataFrame, synthetic: bool) -> Any:
    spec = {"form": "flow", "x": "step", "y": "people"}
    return charts.draw(table, spec, title="From the list to people", synthetic=synthetic)


def _match_rates(rates: pd.DataFrame, synthetic: bool) -> Any:
    words = rates.assign(
        of=[
            group if kind == "all" else f"{_words(kind)}: {group}"
            for kind, group in zip(rates["characteristic"], rates["group"], strict=True)
        ]
    )
    spec = {
        "form": "dots",
        "x": "of",
        "y": "match_rate",
        "lower": "lower",
        "upper": "upper",
        "percent": True,
        "y_title": "matched, of distinct participants",
    }
    return charts.draw(words, spec, title="Share matched, by group", synthetic=synthetic)


def _words(name: str) -> str:
    bare = name.removesuffix("_filled")
    return _NAMES.get(bare, bare.replace("_", " "))


def _match_weights(model: Mapping[str, Any], synthetic: bool) -> Any:
    import pandas as pd

    rows = pd.DataFrame(
        [
            {"level": f"{_words(each['field'])}: {level['words']}", "weight": level["weight"]}
            for each in model["comparisons"]
            for level in each["levels"]
        ]
    )
    spec = {"form": "bars", "x": "level", "y": "weight", "y_title": "match weight, bits"}
    return charts.draw(
        rows,
        spec,
        title="What each level of agreement is worth",
        note="Above 0 speaks for one person, below 0 for two. A bit doubles or halves the odds. "
        "Rare names and postcodes are worth more than is shown, common ones less.",
        synthetic=synthetic,
    )


def _waterfall(model: Mapping[str, Any], example: _Example) -> Any:
    """The weights of a made-up pair, added up; missing where a field was not compared."""
    import math

    held = {each["field"]: each["levels"] for each in model["comparisons"]}
    if not set(example.levels) <= held.keys():
        return None
    odds = model["probability_two_random_records_match"]
    steps = [("to begin with: a random pair", math.log2(odds / (1 - odds)))]
    for field, (level, left, right) in example.levels.items():
        weight = next(one["weight"] for one in held[field] if one["words"] == level)
        steps.append((f"{_words(field)}, {level}: {left} / {right}", weight))
    return draw_waterfall(
        steps,
        title=example.title,
        subtitle="Match weight, bits: above 0 the pair is more likely one person than two",
        note="Values are made up. Term frequencies are left out.",
        total="all together",
    )


def _thresholds(table: pd.DataFrame, synthetic: bool) -> Any:
    import pandas as pd

    names = [f"{threshold:g}" for threshold in table["threshold"]]
    if "precision" not in table.columns:
        rows = pd.DataFrame({"threshold": names, "links": table["links"]})
        spec = {"form": "bars", "x": "threshold", "y": "links", "y_title": "people linked"}
        return charts.draw(rows, spec, title="Links at each threshold", synthetic=synthetic)
    wrong = pd.DataFrame({"threshold": names, "share": 1 - table["precision"], "of": "wrong"})
    missed = pd.DataFrame({"threshold": names, "share": 1 - table["recall"], "of": "missed"})
    lines: dict[str, Any] = {
        "form": "lines",
        "x": "threshold",
        "y": "share",
        "group": "of",
        "percent": True,
        "x_title": "match probability at and above which a pair is linked",
    }
    return charts.draw(
        pd.concat([wrong, missed], ignore_index=True),
        lines,
        title="Wrong and missed links at each threshold",
        subtitle="Wrong: of people linked (1 - precision). Missed: of people there (1 - recall).",
        synthetic=synthetic,
    )
