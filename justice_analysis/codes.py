"""Code lists that are ours: what the values of the common model mean, each with its source.

Codes as delivered stand in the contracts; the mapping of a dataset turns them into these.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

Code = TypeVar("Code", bound=Hashable)
Meaning = TypeVar("Meaning")

DESIGN = "design of the common model"
PEARSON = (
    "Pearson, doctoral thesis on mothers in recurrent care proceedings, University College "
    "London: published analysis code, chapters 4 and 7"
)
FAMILY_LAW = (
    "Children Act 1989; Adoption and Children Act 2002; Family Law Act 1996; Divorce, Dissolution "
    "and Separation Act 2020"
)
FAMILY_STATISTICS = "code and footnotes of the Family Court Statistics Quarterly"
HOME_OFFICE = "Home Office offence classification, in the groups of criminal justice statistics"


@dataclass(frozen=True, eq=False)
class CodeList(Mapping[Code, Meaning], Generic[Code, Meaning]):
    """Codes and what each stands for, in a stated order, with the source of the list.

    Parameters
    ----------
    source
        Where the list comes from.
    entries
        Code to meaning; copied, so that the list cannot change.
    """

    source: str
    entries: Mapping[Code, Meaning]

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))

    def __getitem__(self, code: Code) -> Meaning:
        return self.entries[code]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


@dataclass(frozen=True)
class AgeBand:
    """Ages from `from_age` (included) to `below` (excluded; None: no end), in `unit`."""

    label: str
    from_age: int | None
    below: int | None
    unit: str = "years"


# --- Cases and the people in them -----------------------------------------------------------

JURISDICTIONS = CodeList(
    DESIGN,
    {
        "family": "Family courts",
        "criminal": "Criminal courts, prisons and probation",
        "civil": "Civil courts",
    },
)
CASE_TYPES = CodeList(
    f"{FAMILY_LAW}; the kinds of case in the Data First records of the courts, and in the MoJ-DfE "
    "share",
    {
        "care_proceedings": "Care proceedings: a local authority asks for a care or "
        "supervision order (section 31)",
        "public_law_other": "Public law: other applications by a local authority",
        "private_law": "Private law: family members ask for orders",
        "adoption": "Adoption",
        "divorce": "Divorce",
        "magistrates": "Criminal case in a magistrates' court",
        "crown_trial": "Crown Court: sent for trial",
        "crown_sentence": "Crown Court: committed for sentence",
        "crown_appeal": "Crown Court: appeal from a magistrates' court",
        "family_law_act": "Family Law Act: protection from domestic abuse",
        "money_claim": "Claim for a sum of money that is stated",
        "damages_claim": "Claim for damages, of which the sum is not stated",
        "possession_claim": "Claim for possession of a home or land",
        "other_claim": "Other civil claim",
        "pnc_record": "Police National Computer: offences dealt with on one occasion",
        "unknown": "Not recorded, or of an unknown kind",
    },
)
CASE_STATUSES = CodeList(
    DESIGN,
    {
        "open": "Open",
        "closed": "Closed",
        "migrated": "Moved to another system",
        "stale": "Open in the record, with no activity for long",
        "unknown": "Unknown",
    },
)
PARTY_ROLES = CodeList(
    DESIGN,
    {
        "applicant": "Applicant",
        "respondent": "Respondent",
        "subject": "Subject: a child whom the case is about",
        "defendant": "Defendant",
        "claimant": "Claimant",
        "other": "Other",
        "unclear": "Unclear: the record gives roles that contradict each other",
    },
)
RELATIONSHIP_KINDS = CodeList(
    "relationship types of Cafcass England, where they are published",
    {
        "parent": "Parent",
        "sibling": "Sibling",
        "half_sibling": "Half sibling",
        "step_sibling": "Step sibling",
        "step": "Other step relative",
        "partner": "Partner",
        "other": "Other",
    },
)
SEXES = CodeList("as recorded by the sources", {"female": "Female", "male": "Male"})
# Refused, unknown and not recorded are missing, not groups.
ETHNICITY_GROUPS = CodeList(
    "five groups of the census of England and Wales",
    {
        "white": "White",
        "mixed": "Mixed or multiple ethnic groups",
        "asian": "Asian or Asian British",
        "black": "Black or Black British",
        "other": "Other ethnic group",
    },
)
SELF_DEFINED = (
    "self-defined ethnicity codes used by the police in England and Wales (18+1, after the "
    "census of 2011)"
)
# NS (not stated) is missing, not a group. O1 is how Chinese was coded before A4 (16+1).
SELF_DEFINED_ETHNICITIES = CodeList(
    SELF_DEFINED,
    {
        "W1": "White: British",
        "W2": "White: Irish",
        "W3": "White: Gypsy or Irish Traveller",
        "W9": "White: any other background",
        "M1": "Mixed: White and Black Caribbean",
        "M2": "Mixed: White and Black African",
        "M3": "Mixed: White and Asian",
        "M9": "Mixed: any other background",
        "A1": "Asian: Indian",
        "A2": "Asian: Pakistani",
        "A3": "Asian: Bangladeshi",
        "A4": "Asian: Chinese",
        "A9": "Asian: any other background",
        "B1": "Black: Caribbean",
        "B2": "Black: African",
        "B9": "Black: any other background",
        "O2": "Other: Arab",
        "O9": "Other: any other ethnic group",
        "O1": "Asian: Chinese (older code)",
    },
)
ETHNICITY_GROUP_OF = CodeList(
    f"{SELF_DEFINED}; the first letter is the group, and Chinese is Asian as in the census",
    {
        code: "asian"
        if code == "O1"
        else {"W": "white", "M": "mixed", "A": "asian", "B": "black", "O": "other"}[code[0]]
        for code in SELF_DEFINED_ETHNICITIES
    },
)
# Unknown (9) is missing, not a group.
OFFICER_ETHNICITIES = CodeList(
    "identity codes used by the police in England and Wales (6+1)",
    {
        "1": "White: North European",
        "2": "White: South European",
        "3": "Black",
        "4": "Asian",
        "5": "Chinese, Japanese or other South East Asian",
        "6": "Arab or North African",
    },
)
# An officer's code has no mixed group. Codes 5 and 6 are counted as other, as in Statistics on
# Ethnicity and the Criminal Justice System, so Chinese people stand elsewhere than in the
# self-defined groups.
OFFICER_ETHNICITY_GROUP_OF = CodeList(
    "identity codes (6+1), grouped as in Statistics on Ethnicity and the Criminal Justice System",
    {"1": "white", "2": "white", "3": "black", "4": "asian", "5": "other", "6": "other"},
)

# --- Links ----------------------------------------------------------------------------------

# From the surest down; `unstated` and `none` are not on the scale.
LINK_LEVELS = CodeList(
    DESIGN,
    {
        "high": "High",
        "medium": "Medium",
        "low": "Low",
        "unstated": "Delivered without a level",
        "none": "Not linked: the record stands for itself",
    },
)
STATED_LEVELS = ("high", "medium", "low")
ID_SYSTEMS = CodeList(
    "identifiers named in the contracts",
    {
        "xjs": "Cross-justice person id (xjs_link)",
        "xjs_2022": "Person id of the criminal courts, prisons and probation linking of 2022",
        "alf": "Anonymised linking field of the Cafcass tables",
        "alf2": "Linking field between Cafcass and the family court",
        "cafcass_person": "Person id within one Cafcass system",
        "estimated_offender": "Person id within one court, prison or probation dataset",
        "own_splink": "Our own linkage with Splink",
        "moj_dfe": "Linked pupil of the MoJ-DfE share",
        "record": "The record itself: no identifier was delivered",
    },
)

# --- Charges, pleas, verdicts and sentences -------------------------------------------------

OFFENCE_GROUPS = CodeList(
    HOME_OFFICE,
    {
        "violence_against_the_person": "Violence against the person",
        "sexual_offences": "Sexual offences",
        "robbery": "Robbery",
        "theft": "Theft offences",
        "criminal_damage_and_arson": "Criminal damage and arson",
        "drug_offences": "Drug offences",
        "possession_of_weapons": "Possession of weapons",
        "public_order": "Public order offences",
        "miscellaneous_crimes_against_society": "Miscellaneous crimes against society",
        "fraud": "Fraud offences",
        "summary_non_motoring": "Summary offences other than motoring",
        "summary_motoring": "Summary motoring offences",
    },
)
PLEAS = CodeList(
    DESIGN,
    {"guilty": "Guilty", "not_guilty": "Not guilty", "none_entered": "No plea entered"},
)
# Guilty by plea or by finding; not guilty also where the charge was dismissed or withdrawn.
VERDICTS = CodeList(
    DESIGN,
    {
        "guilty": "Guilty",
        "not_guilty": "Not guilty",
        "no_verdict": "Ended in this court without a verdict, such as when sent to another",
    },
)
# From the most severe down.
DISPOSALS = CodeList(
    "Sentencing Act 2020, in the groups of criminal justice statistics",
    {
        "immediate_custody": "Immediate custody",
        "suspended_sentence": "Suspended sentence",
        "community_sentence": "Community sentence",
        "fine": "Fine",
        "discharge": "Absolute or conditional discharge",
        "other_disposal": "Other disposal",
    },
)
REMAND_STATUSES = CodeList(
    "Bail Act 1976",
    {"custody": "Remanded in custody", "bail": "Bailed", "not_remanded": "Not remanded"},
)
BREACH = "breach"
# What a criminal court's matter can be about: its cases also hold what is no offence in law.
CRIMINAL_MATTERS = CodeList(
    HOME_OFFICE,
    {**OFFENCE_GROUPS, BREACH: "Breach or civil-order application that is no offence in law"},
)
CRIMINAL_DECISIONS = CodeList(DESIGN, {**PLEAS, **VERDICTS, **DISPOSALS, **REMAND_STATUSES})
# What columns of several datasets name, so that those datasets join through it.
SHARED_IDENTIFIERS = CodeList(
    "identifiers named in the contracts",
    {
        "xjs": "Linked record: a person",
        "alf": "Linking field ALF: a person",
        "alf2": "Linking field ALF2: a person",
        "mags_case": "Case in the magistrates' courts",
        "crown_case": "Case in the Crown Court",
        "pupil": "Linked pupil",
    },
)

# --- Custody, probation and assessments -----------------------------------------------------

CUSTODY_STATUSES = CodeList(
    "Bail Act 1976; Sentencing Act 2020; Criminal Justice Act 2003",
    {"remand": "Remand", "sentence": "Sentence", "recall": "Recall"},
)
SUPERVISIONS = CodeList(
    "Sentencing Act 2020; Offender Rehabilitation Act 2014",
    {
        "probation": "Probation",
        "licence": "Licence",
        "post_sentence_supervision": "Post-sentence supervision",
    },
)
REQUIREMENTS = CodeList(
    "Sentencing Act 2020, Schedule 9, the requirements of community orders",
    {
        "unpaid_work": "Unpaid work",
        "rehabilitation_activity": "Rehabilitation activity",
        "accredited_programme": "Accredited programme",
        "alcohol_treatment": "Alcohol treatment",
        "alcohol_abstinence": "Alcohol abstinence and monitoring",
        "drug_rehabilitation": "Drug rehabilitation",
        "mental_health_treatment": "Mental health treatment",
        "curfew": "Curfew",
    },
)
REQUIREMENT_ENDS = CodeList(
    "termination reasons of the Data First probation data: the first two published, the others "
    "assumed",
    {
        "completed": "Completed",
        "expired": "Expired at its end",
        "revoked_breach": "Revoked after a breach",
        "revoked_good_progress": "Revoked for good progress",
    },
)
OASYS = "items of OASys as the Ministry of Justice quotes the catalogue of November 2025"
OASYS_SCALE = CodeList(
    OASYS, {"0": "No problems", "1": "Some problems", "2": "Significant problems"}
)
# The items that metrics and pages read; the contract lists more.
OASYS_ITEMS = CodeList(
    OASYS,
    {
        "question_1_10": "Number of previous custodial sentences",
        "question_1_12": "Number of kinds of offence",
        "question_3_3": "No fixed abode",
        "question_3_4": "Suitability of accommodation",
        "question_3_tot": "Accommodation: total of the section, 0 to 8",
        "question_5_2": "Financial situation",
        "question_5_tot": "Finance: total of the section, 0 to 9",
        "question_8_1": "Ever misused drugs",
        "question_2_10_alcho": "Alcohol as a disinhibitor at the offence",
        "question_10_5": "Self-harm, attempted suicide, or thoughts of it",
        "question_10_6": "Current psychiatric problems",
        "question_bcs28": "Age at first conviction",
        "question_bcs39": "Has somewhere to live on release",
        "question_bcs81": "Current problem with drugs",
        "question_bcs82": "Alcohol is a problem",
    },
)
OASYS_PREFIX = "oasys:"

# --- Applications and orders ----------------------------------------------------------------

APPLICATION_TYPES = CodeList(
    FAMILY_LAW,
    {
        "care_order": "Care order (section 31)",
        "supervision_order": "Supervision order (section 31)",
        "placement_order": "Placement order",
        "emergency_protection_order": "Emergency protection order",
        "discharge_of_care_order": "Discharge of a care order",
        "child_arrangements_order": "Child arrangements order",
        "specific_issue_order": "Specific issue order",
        "prohibited_steps_order": "Prohibited steps order",
        "adoption_order": "Adoption order",
        "non_molestation_order": "Non-molestation order",
        "occupation_order": "Occupation order",
        "divorce": "Divorce",
        "other": "Other",
    },
)
LEGAL_ORDERS = CodeList(
    FAMILY_LAW,
    {
        "order_refused_or_dismissed": "Order refused or application dismissed",
        "no_order": "No order",
        "family_assistance_order": "Family assistance order",
        "supervision_order": "Supervision order",
        "residence_order": "Residence order",
        "special_guardianship_order": "Special guardianship order",
        "child_arrangements_order": "Child arrangements order",
        "emergency_protection_order": "Emergency protection order",
        "care_order": "Care order",
        "secure_accommodation_order": "Secure accommodation order",
        "placement_order": "Placement order",
        "interim_care_order": "Interim care order",
        "interim_supervision_order": "Interim supervision order",
        "case_management_direction": "Case management direction",
        "application_withdrawn": "Application withdrawn",
        "specific_issue_order": "Specific issue order",
        "prohibited_steps_order": "Prohibited steps order",
        "adoption_order": "Adoption order",
        "non_molestation_order": "Non-molestation order",
        "occupation_order": "Occupation order",
        "conditional_order": "Conditional order of divorce; before April 2022 decree nisi",
        "final_order": "Final order of divorce; before April 2022 decree absolute",
    },
)
# Disposals as official statistics derive them; a direction is none of them.
DISPOSAL_TYPES = CodeList(
    FAMILY_STATISTICS,
    {
        1: "Order made",
        2: "Interim order",
        3: "Application withdrawn",
        4: "Order refused",
        5: "No order",
    },
)
ORDER_MADE, INTERIM_ORDER = 1, 2
_OTHER_DISPOSALS: Mapping[str, int | None] = {
    "interim_care_order": INTERIM_ORDER,
    "interim_supervision_order": INTERIM_ORDER,
    "application_withdrawn": 3,
    "order_refused_or_dismissed": 4,
    "no_order": 5,
    "case_management_direction": None,
    "conditional_order": None,
}
DISPOSAL_TYPE_OF_ORDER = CodeList(
    f"{FAMILY_STATISTICS}; that a direction and a conditional order dispose of nothing is ours",
    {
        order: kind
        for order in LEGAL_ORDERS
        if (kind := _OTHER_DISPOSALS.get(order, ORDER_MADE)) is not None
    },
)
# Disposals that end a child's application for a care or supervision order in the published
# durations. A child arrangements order is in no published list that we saw: it took the place
# of the residence order in April 2014, and stands for it here.
VALID_CARE_DISPOSALS = (
    "care_order",
    "supervision_order",
    "residence_order",
    "child_arrangements_order",
    "special_guardianship_order",
    "order_refused_or_dismissed",
    "no_order",
    "application_withdrawn",
)
ORDER_GROUP_LABELS = CodeList(
    PEARSON,
    {
        "adoption": "Placed for adoption",
        "out_of_home": "Out-of-home care",
        "extended_family": "Extended family",
        "home": "Remained at or returned home",
    },
)
# The most serious first. A child with several final orders takes the first group that any of
# them is in, and so does a case with several children. The order follows the published flags
# of final orders (dismissed or none, assistance or supervision, residence or guardianship,
# care, placement), which rise in that way; that it is a precedence is our reading.
ORDER_GROUP_PRECEDENCE = ("adoption", "out_of_home", "extended_family", "home")
# Interim orders and directions are in no group. Withdrawn applications are not named in the
# source: the child stays where it was, so they are put with orders refused.
ORDER_GROUPS = CodeList(
    PEARSON,
    {
        "order_refused_or_dismissed": "home",
        "no_order": "home",
        "family_assistance_order": "home",
        "supervision_order": "home",
        "application_withdrawn": "home",
        "residence_order": "extended_family",
        "special_guardianship_order": "extended_family",
        "child_arrangements_order": "extended_family",
        "emergency_protection_order": "out_of_home",
        "care_order": "out_of_home",
        "secure_accommodation_order": "out_of_home",
        "placement_order": "adoption",
    },
)


def most_serious_group(orders: Iterable[str]) -> str | None:
    """The order group of a child, or of a case, with several final orders.

    Parameters
    ----------
    orders
        Final orders of one child or one case, as in `LEGAL_ORDERS`.

    Returns
    -------
    str or None
        The most serious group among them; None if none of the orders is in a group.
    """
    groups = {ORDER_GROUPS[order] for order in orders if order in ORDER_GROUPS}
    return next((group for group in ORDER_GROUP_PRECEDENCE if group in groups), None)


# --- Civil claims and judgments -------------------------------------------------------------

CIVIL_CLAIMS = CodeList(
    "kinds of claim named by ADR UK for the Data First civil court data; words of the Guide to "
    "Civil Justice Statistics, Ministry of Justice",
    {
        "money": "Money",
        "damages": "Damages",
        "possession": "Possession of a home or land",
        "other": "Other",
    },
)
CIVIL_JUDGMENTS = CodeList(
    "Guide to Civil Justice Statistics, Ministry of Justice",
    {
        "default_judgment": "Judgment by default: no defence was filed",
        "judgment_by_admission": "Judgment by admission",
        "judgment_after_hearing": "Judgment after a hearing or trial",
        "possession_order": "Possession order, outright",
        "suspended_possession_order": "Possession order, suspended",
        "claim_dismissed": "Claim dismissed or struck out",
    },
)

# --- Cautions, schooling and social care ----------------------------------------------------

# Reprimands and warnings were given to children until 2013, youth cautions since.
CAUTIONS = CodeList(
    "Crime and Disorder Act 1998; Legal Aid, Sentencing and Punishment of Offenders Act 2012",
    {
        "youth_caution": "Youth caution, reprimand or warning",
        "adult_caution": "Caution of an adult",
    },
)
SCHOOL_TYPES = CodeList(
    DESIGN,
    {
        "mainstream": "State-funded mainstream school",
        "special": "Special school",
        "alternative_provision": "Alternative provision, such as a pupil referral unit",
    },
)
SPECIAL_EDUCATIONAL_NEEDS = CodeList(
    "Special educational needs and disability code of practice, England",
    {
        "none": "No special educational need",
        "support": "School action, school action plus or SEN support",
        "statement_or_plan": "Statement, or education, health and care plan",
    },
)
SCHOOL_EXCLUSIONS = CodeList(
    "Education Act 2002, section 51A",
    {
        "fixed_period": "Fixed period (a suspension)",
        "permanent": "Permanent",
        "lunchtime": "Lunchtime",
    },
)
CARE_LEGAL_STATUSES = CodeList(
    "Children looked after return (SSDA903), England: groups of its legal status codes",
    {
        "interim_care_order": "Interim care order",
        "care_order": "Full care order",
        "placement_order": "Placement order",
        "voluntary": "By agreement (Children Act 1989, section 20)",
        "youth_justice": "Through the youth justice system",
        "protection": "Emergency or police protection",
    },
)

# --- Ages -----------------------------------------------------------------------------------

# Completed years on the day of issue.
AGE_BANDS_OF_PARENTS = (
    AgeBand("under 20", None, 20),
    AgeBand("20 to 24", 20, 25),
    AgeBand("25 to 29", 25, 30),
    AgeBand("30 and over", 30, None),
)
AGE_BANDS_OF_DEFENDANTS = (
    AgeBand("under 18", None, 18),
    AgeBand("18 to 20", 18, 21),
    AgeBand("21 to 24", 21, 25),
    AgeBand("25 to 29", 25, 30),
    AgeBand("30 to 39", 30, 40),
    AgeBand("40 to 49", 40, 50),
    AgeBand("50 and over", 50, None),
)
# The bands meet without gaps although their units differ: 364 days are 52 weeks, and a child
# of 364 days or more who is not yet one year old is in the band before 1 to 4 years.
AGE_BANDS_OF_CHILDREN = (
    AgeBand("unborn", None, 0, "days"),
    AgeBand("0 to 27 days", 0, 28, "days"),
    AgeBand("28 days to 51 weeks", 28, 365, "days"),
    AgeBand("1 to 4 years", 1, 5),
    AgeBand("5 to 9 years", 5, 10),
    AgeBand("10 to 15 years", 10, 16),
    AgeBand("16 years and over", 16, None),
)

# --- Places ---------------------------------------------------------------------------------

REGION_COUNT = 9
AREA_COUNT = 152
# The code list of local authorities is not published. The numbers of areas and regions are
# those of England; which area lies in which region is assumed, in blocks of nearly equal
# size, and no number stands for a real authority.
REGION_OF_AREA = CodeList(
    "assumed: areas 1 to 152 in nine blocks; no real authority is meant",
    {area: (area - 1) * REGION_COUNT // AREA_COUNT + 1 for area in range(1, AREA_COUNT + 1)},
)


def area_name(area: int) -> str:
    """Name an area neutrally: `area 007`."""
    return f"area {area:03d}"


def region_name(region: int) -> str:
    """Name a region neutrally: `region 3`."""
    return f"region {region}"
