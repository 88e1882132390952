from __future__ import annotations

import dataclasses

from justice_analysis import metrics
from justice_analysis.definitions import Gap
from justice_analysis.publishing.pages.definitions import card_markdown, definition_files

CARD = metrics.get("recurrence").card
MISSING = dataclasses.replace(
    CARD,
    name="hearings_by_video",
    title="Hearings by video",
    gap=Gap("how each hearing was held", "The courts service", "a request"),
)


def index(*cards) -> str:
    return definition_files(cards)["definitions/index.md"]


def test_definitions_stand_under_their_subject():
    shown = index(CARD, metrics.get("completeness").card)
    assert shown.index("## Family courts") < shown.index(CARD.title)
    assert shown.index(CARD.title) < shown.index("## Data and links")


def test_what_nothing_backs_stands_apart_with_its_gap():
    shown = index(CARD, MISSING)
    assert shown.index("## Not answerable yet") < shown.index("Hearings by video")
    page = card_markdown(MISSING)
    assert "Why it is not computed" in page
    assert "how each hearing was held" in page
    assert "Why it is not computed" not in card_markdown(CARD)


def test_every_card_has_a_page():
    cards = [metrics.get(name).card for name in metrics.names()]
    files = definition_files(cards)
    assert {f"definitions/{card.name}.md" for card in cards} < set(files)
