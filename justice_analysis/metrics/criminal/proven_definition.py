"""What proven reoffending is: the options and the card, apart from the computation."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.metrics.person_groups import check_window

COHORTS = ("adults", "juveniles")


@dataclass(frozen=True)
class ProvenOptions:
    """Options of `proven_reoffending`; each names the rule it settles."""

    index_from: str | None = choice(None, "index date on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "index date before this day")
    cohort: str = choice(
        "all", "whom to count by age on the index date: under 18, or 18 and over", "all", *COHORTS
    )
    by: str | None = choice(
        None, "groups to show apart", None, "cohort", "index_event", "sex", "ethnicity"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.index_from, self.index_to)


CARD = Card(
    name="proven_reoffending",
    title="Proven reoffending within a year",
    question=(
        "What share of people cautioned, sentenced or released commit an offence within a year "
        "that is proven, how often and how soon?"
    ),
    definition=(
        "A proven reoffence is an offence committed in the 12 months from the index date that "
        "leads to a caution or a court conviction within those months or 6 more. The index date "
        "is the day of a caution, of a court sentence other than custody, or of release from "
        "custody."
    ),
    counting_unit="people, each once: at the first index date in the window; and reoffences",
    population=(
        "People of the linked Police National Computer records with an index date in the "
        "window, while those records were covered for 18 months more. In the MoJ-DfE share they "
        "are former pupils: children and young adults alone, so the rate is not that of all adults"
    ),
    clock=(
        "From the index date (that day included) to the day of the offence: 12 calendar months, "
        "the last day excluded"
    ),
    does_not_count=(
        "an offence committed before the index date, however late it is proven",
        "an offence of the record that gave the index date",
        "an offence proven later than 18 months after the index date",
        "an offence whose day is not recorded, or is after the day on which it was proven",
        "an offence that led to no caution and no conviction",
        "offences that are not recordable: the Police National Computer does not hold them",
        "a custodial sentence whose release is not recorded: it gives no index date",
    ),
    censoring=(
        "None: people are counted whose records were covered until 18 months after the index "
        "date; the others are set aside, and counted"
    ),
    known_breaks=(
        "The published method changed in October 2017; published cohorts are of three months "
        "and enter at every index date of a cohort once",
        "Releases are found in the prison data by the person: without these, people with "
        "custodial sentences alone are left out",
        "Deaths and moves abroad are not recorded: those people count as not reoffending",
    ),
    needs=(
        Need("moj_dfe", "pnc_offences", "offence_date"),
        Need("moj_dfe", "pnc_offences", "disposal_date"),
        Need("moj_dfe", "pnc_offences", "disposal"),
        Need("moj_dfe", "pnc_offences", "disposal_event_id"),
        Need("moj_dfe", "pnc_people", "pupil_reference_anonymised"),
        Need("prisoner_custodial_journey", "nomis", "journey_end_date"),
    ),
    source=(
        "Proven reoffending statistics (Ministry of Justice): as published, an offence within "
        "12 months that leads to a conviction or caution within those or a further 6 months, "
        "from release, court sentence or caution",
        "Justice Data Lab reports (Ministry of Justice), for the measures: rate, frequency, days "
        "to the first reoffence of reoffenders, court outcome, custody",
    ),
    options_type=ProvenOptions,
    subject="criminal courts",
)
