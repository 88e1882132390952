"""A paper with every kind of block, for tests of writers."""

from __future__ import annotations

from pathlib import Path

from justice_analysis.publishing.paper.blocks import (
    Box,
    Bullets,
    Cite,
    Code,
    Emphasis,
    Facts,
    Figure,
    Files,
    Formula,
    Given,
    Heading,
    Link,
    Math,
    NotReleased,
    Number,
    Paragraph,
    Quotation,
    Quotations,
    Strong,
    Table,
    Term,
    Text,
)
from justice_analysis.publishing.paper.front import Author, Front, Headline
from justice_analysis.publishing.paper.paper import HeadlineFigure, Paper
from justice_analysis.publishing.paper.references import Reference

NUMBER = Number(
    reference="headline/five_years",
    text="24% (95% interval 23% to 25%)",
    what="What share come back?",
    release="Released 2026-11-22 under open, from study release_returns/default.",
    definition="recurrence",
    definition_title="Return to court",
    people="12,430 people",
)
HEADLINE = HeadlineFigure(
    "Came back within five years",
    NUMBER,
    trend=(("1", 0.05), ("2", None), ("3", 0.2), ("5", 0.24)),
    trend_title="Share who came back, by years since release",
)
WORK = Reference(
    key="example2020",
    short="Example and others, 2020",
    full="Example, A., Example, B. and Example, C. (2020) An example of a work. "
    "Journal of Examples 4(3).",
    address="https://doi.org/10.1000/example",
    bibtex="@article{example2020,\n  title = {An example of a work}\n}",
)
FIRST, SECOND = ((Paragraph((Text(said),)),) for said in ("first", "second"))
AGES = Table(
    caption="Return by age",
    headings=("Age", "People", "Share (%)"),
    rows=(("Under 20", "12,430", "24.2"), ("20 & over <50", "20,380", "[c]")),
    numeric=(False, True, True),
    label="Table: Return by age",
    notes=("[c]: hidden to protect confidentiality.",),
    source="return_by_age",
)


def sample_paper(folder: Path, *, is_synthetic: bool = False, title: str | None = None) -> Paper:
    """A paper whose picture is drawn in the folder."""
    picture = folder / "return_by_time.png"
    draw_picture(picture)
    figure = Figure(
        source="return_by_time",
        file=picture,
        name="example-default-return_by_time.png",
        alt='Line chart: the share rises to "24%" by five years.',
        caption="Men released, by time since release. Shares from Kaplan-Meier.",
        numbers=AGES,
    )
    points = Bullets(((Paragraph((NUMBER, Text(" came back within five years."))),),))
    protocol = Box("A protocol, not a finding", "protocol", (Paragraph((Text("Simulated."),)),))
    summary = Box("Main points", "main-points", (points,))
    return Paper(
        study="example",
        variant="default",
        chapter="protocols" if is_synthetic else "papers",
        slug="example-default",
        kind="Protocol paper" if is_synthetic else "Paper",
        is_synthetic=is_synthetic,
        title=title or "One in four came back: a <script>title</script> with $signs$ & #marks",
        description=(Text("Men in one state, "), Emphasis((Text("followed"),)), Text(" a year.")),
        abstract=(Text("An abstract with "), NUMBER, Text(".")),
        front=Front(
            status="draft",
            version="1.0",
            date="2026-11-23",
            authors=(Author("The example authors", "0000-0002-1825-0097", "An example body"),),
            topics=("returns after release",),
            jurisdiction=("criminal",),
            place="An example state",
            headlines=(Headline("Came back", "headline/five_years", "return_by_time"),),
        ),
        blocks=(
            protocol if is_synthetic else summary,
            Heading(2, (Text("How soon"),)),
            Paragraph(
                (
                    Text("Words with "), Strong((Text("strong"),)), Text(", "),
                    Code("a_name"), Text(", "), Link((Text("a definition"),),
                    "definitions/recurrence"), Text(", "),
                    Link((Text("an address"),), "https://example.org/a?b=c&d"), Text(", "),
                    Math(r"\hat F(t)"), Text(", a "), Term("spell", "Spell", "A period."),
                    Text(" and "), Given("32%", "example2020"),
                    Cite(("example2020",), "Example and others, 2020"), Text("."),
                )
            ),
            Formula(r"\hat F(t) = 1 - \prod_{t_i \le t} \left(1 - \frac{d_i}{n_i}\right)"),
            figure,
            Heading(3, (Text("By age"),)),
            AGES,
            NotReleased("return_by_area", "Return by area", "two areas hold too few people."),
            Quotations("quoted", (Quotation("It helped.", "someone who took part", "Help"),)),
            Bullets((FIRST, SECOND), ordered=True),
            Heading(2, (Text("Data"),)),
            Files((("Return by age", (("CSV", "example-default-return_by_age.csv"),)),)),
            Heading(2, (Text("Provenance"),)),
            Facts((("Study", (Text("example"),)), ("Run", (Text("finished 2026-11-22"),)))),
        ),
        known=() if is_synthetic else (NUMBER, Text(" came back.")),
        not_known=() if is_synthetic else (Text("Whether help keeps them away."),),
        headlines=() if is_synthetic else (HEADLINE,),
        references=(WORK,),
        citation="The example authors (2026) One in four came back. Paper, version 1.0.",
        released="2026-11-22",
    )  # fmt: skip


def draw_picture(path: Path) -> None:
    """A small picture in a file."""
    from matplotlib.figure import Figure as Drawn

    figure = Drawn(figsize=(4, 2), dpi=80)
    figure.subplots().plot([0, 1, 2], [0.0, 0.2, 0.24])
    figure.savefig(path, metadata={"Software": None})
