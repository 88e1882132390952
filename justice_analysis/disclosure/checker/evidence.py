"""Show what the judgement recorded, whatever it is: lists, tables, names and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from justice_analysis.disclosure.checker.dossier import Dossier
from justice_analysis.disclosure.checker.markup import Html, bullets, el, facts, more, table
from justice_analysis.disclosure.profiles.words import WORDS

ATTACK = ("attacker", "attack", "ranges", "audit", "unsafe", "scope")
EARLIER = ("differencing", "pairs", "past", "history", "earlier", "official", "versions", "change")
SHOWN_ELSEWHERE = ("hidden", "rules", "why")
MOST_ROWS = 200
NAMES = {
    "attack_method": "How it was attacked",
    "unsafe": "Told already by what left before, with the rows that are about it",
    "scope": "What this attacker knows, and does not",
    "earlier": "What left before and counts the same people",
    "earlier_releases": "What it was compared with",
    "differencing_pairs": "Pairs of counts that differ by too few people",
}
RESULTS = {"pass": "✓ holds", "look": "? look", "review": "? review", "fail": "✕ broken"}
CLASSES = {"pass": "holds", "look": "look", "review": "look", "fail": "broken"}


def attacker(dossier: Dossier) -> Html:
    """What someone with everything released can work out of the hidden numbers."""
    found = _of(dossier, ATTACK)
    rows = found.get("attacker")
    if _is_table(rows):
        assert isinstance(rows, Sequence)
        return el("div", _ranges(dossier, rows), _beside(found))
    if rows:
        return el("div", render(rows), _beside(found))
    if not dossier.profile.protects(dossier.output.kind):
        said = "Nothing is protected under this profile."
    elif dossier.status != "pass":
        said = "Not tried: the output did not get that far."
    elif dossier.hidden:
        said = "No range was recorded for the hidden rows of this output."
    else:
        said = "No number of this output is hidden and none needed protection."
    return el("div", el("p", said), _beside(found))


def earlier(dossier: Dossier) -> Html | None:
    """What was recorded of earlier releases and of outputs that differ by a few people."""
    found = _of(dossier, EARLIER)
    empty = [name for name, value in found.items() if value in (None, [], {}, ())]
    none = [el("p", f"{heading(name)}: none.") for name in empty]
    return el("div", _others(found), none) if found else None


def rest(dossier: Dossier) -> Html | None:
    """Anything else that was recorded."""
    named = {name for name in dossier.evidence if _belongs(name, (*ATTACK, *EARLIER))}
    left = {
        name: value
        for name, value in dossier.evidence.items()
        if name not in named and name not in SHOWN_ELSEWHERE and value not in (None, [], {}, ())
    }
    return more("Other evidence recorded", _others(left)) if left else None


def doubts(dossier: Dossier) -> list[str]:
    """What of the evidence a person should look at first, in a few words each."""
    unsafe, pairs = (dossier.evidence.get(name) for name in ("unsafe", "differencing_pairs"))
    said = []
    if isinstance(unsafe, Sequence) and unsafe:
        said.append(f"Counts that what left before gives away: {len(unsafe)}.")
    if isinstance(pairs, Sequence) and pairs:
        said.append(f"Pairs of counts that differ by too few people: {len(pairs)}.")
    return said


def judged_rules(dossier: Dossier) -> Html | None:
    """Each rule as the judgement recorded it."""
    rules = dossier.evidence.get("rules")
    if not rules:
        return None
    if not _is_table(rules):
        return render(rules)
    assert isinstance(rules, Sequence)
    rows = [
        (
            _rule_words(rule.get("rule")),
            rule.get("detail"),
            el(
                "span",
                RESULTS.get(str(rule.get("status")), rule.get("status")),
                class_=CLASSES.get(str(rule.get("status"))),
            ),
        )
        for rule in rules
    ]
    label = f"Rules as judged, {dossier.key}"
    shown = table("As judged", ("Rule", "Found", "Result"), rows, label=label)
    holds = sum(rule.get("status") == "pass" for rule in rules)
    return more(f"As judged: {holds} of {len(rules)} hold", shown, open=holds < len(rules))


def heading(name: object) -> str:
    """A heading for a name in the evidence."""
    said = NAMES.get(str(name), words(name))
    return f"{said[:1].upper()}{said[1:]}"


def _rule_words(name: object) -> str:
    return WORDS.get(str(name), heading(name))


def render(value: object) -> Html:
    """Show one recorded value."""
    if isinstance(value, Mapping):
        return facts((words(name), render(inner)) for name, inner in value.items())
    if _is_table(value):
        assert isinstance(value, Sequence)
        return _as_table(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return bullets([render(item) for item in value]) if value else el("span", "none")
    if isinstance(value, float):
        return el("span", f"{value:,.6g}")
    return el("span", "not known" if value is None else value)


def words(name: object) -> str:
    """A name in the evidence as people would write it."""
    return str(name).replace("_", " ")


def _ranges(dossier: Dossier, rows: Sequence[Mapping[str, Any]]) -> Html:
    """Each protected count: its true value, and the range that an attacker is left with."""
    least = dossier.profile.minimum_count
    lines = [
        (
            cell_words(row.get("cell", row.get("name", ""))),
            render(row.get("true")),
            _number(row.get("low"), "0"),
            _number(row.get("high"), "no limit"),
            _needed(row),
            "yes" if _is_safe(row, least) else el("strong", "no", class_="broken"),
            row.get("proof", ""),
        )
        for row in rows[:MOST_ROWS]
    ]
    unsafe = sum(not _is_safe(row, least) for row in rows)
    counts = "1 protected count" if len(rows) == 1 else f"{len(rows)} protected counts"
    told = f"{unsafe} can be told too closely." if unsafe else "none can be told too closely."
    return el(
        "div",
        el("p", f"{counts}; {told}"),
        table(
            "Range that an attacker is left with (never leaves)",
            ("Protected count", "True", "From", "To", "Must allow", "Safe", "Proof"),
            lines,
            label=f"Attacker's ranges, {dossier.key}",
            numeric=(1, 2, 3, 4),
        ),
        _cut(len(rows)),
    )


def _needed(row: Mapping[str, Any]) -> str:
    low, high = row.get("needed_low"), row.get("needed_high")
    return "" if low is None or high is None else f"{low:g} to {high:g}"


def _is_safe(row: Mapping[str, Any], least: int) -> bool:
    if isinstance(row.get("safe"), bool):
        return bool(row["safe"])
    low, high = row.get("low"), row.get("high")
    return (low is None or float(low) <= 1 + 1e-6) and (high is None or float(high) >= least - 1e-6)


def cell_words(cell: object) -> str:
    """A count's name: lists and mappings joined; a name in code is left as it is."""
    if isinstance(cell, Mapping):
        return ", ".join(f"{words(name)}: {value}" for name, value in cell.items())
    if isinstance(cell, (list, tuple)):
        return ", ".join(cell_words(item) for item in cell)
    return str(cell)


def _number(value: object, missing: str) -> str:
    return f"{value:,.6g}" if isinstance(value, (int, float)) else missing


def _of(dossier: Dossier, names: Sequence[str]) -> dict[str, object]:
    return {name: v for name, v in dossier.evidence.items() if _belongs(name, names)}


def _belongs(name: str, names: Sequence[str]) -> bool:
    return name not in SHOWN_ELSEWHERE and any(word in str(name).lower() for word in names)


def _beside(found: Mapping[str, object]) -> Html:
    """What was given away before, in sight; how the attack was made, on request."""
    unsafe = {name: value for name, value in found.items() if name == "unsafe"}
    method = {name: v for name, v in found.items() if name not in ("attacker", "unsafe") and v}
    how = more("How the attack was made", _others(method)) if method else None
    return el("div", _others(unsafe), how)


def _others(found: Mapping[str, object]) -> Html:
    return el(
        "div",
        [
            el("div", el("h4", heading(name)), render(value))
            for name, value in found.items()
            if value not in (None, [], {}, ())
        ],
    )


def _is_table(value: object) -> bool:
    if not isinstance(value, (list, tuple)) or not value:
        return False
    return all(isinstance(row, Mapping) for row in value)


def _as_table(rows: Sequence[Mapping[str, Any]]) -> Html:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [[_cell(row.get(name)) for name in names] for row in rows[:MOST_ROWS]]
    content = table(
        f"{len(rows)} recorded",
        [words(name).capitalize() for name in names],
        lines,
        label="Recorded evidence",
    )
    return el("div", content, _cut(len(rows)))


def _cell(value: object) -> object:
    if value is None:
        return ""
    return value if isinstance(value, (str, int)) else render(value)


def _cut(count: int) -> Html | None:
    if count <= MOST_ROWS:
        return None
    return el("p", f"The first {MOST_ROWS} of {count:,}; all stand in evidence.json.")
