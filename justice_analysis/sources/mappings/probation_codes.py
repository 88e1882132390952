"""Words of the probation data, and what the common model calls them."""

from __future__ import annotations

from collections.abc import Mapping

# Sentence types of the source systems, as they stand in public code of the Ministry of Justice
# that works with nDelius and OASys; the values of the research release are not published. The
# last two are assumed: supervision delivered as an event of its own.
_ORDERS = (
    "ORA Community Order",
    "CJA2003 - Community Order",
    "SA2020 Community Order",
    "ORA Suspended Sentence Order",
    "CJA2003 - Suspended Sentence Order",
    "SA2020 Suspended Sentence Order",
    "ORA Youth Rehabilitation Order",
)
_CUSTODY = (
    "ORA Adult Custody (inc PSS)",
    "ORA Adult Custody (not PSS)",
    "CJA2003 - Standard Determinate Sentence of 12 months or more",
    "Extended Determinate Sentence",
    "Life",
    "Licence",
)
DISPOSALS: Mapping[str, str] = {
    **dict.fromkeys(_ORDERS, "probation"),
    **dict.fromkeys(_CUSTODY, "licence"),
    "Post Sentence Supervision": "post_sentence_supervision",
}
# Two of the words are published (alcohol abstinence, alcohol treatment); the others are assumed.
REQUIREMENTS: Mapping[str, str] = {
    "Unpaid Work": "unpaid_work",
    "Rehabilitation Activity Requirement (RAR)": "rehabilitation_activity",
    "Accredited Programme": "accredited_programme",
    "Alcohol Treatment": "alcohol_treatment",
    "Alcohol Abstinence & Electronic Monitoring (AAMR)": "alcohol_abstinence",
    "Drug Rehabilitation": "drug_rehabilitation",
    "Mental Health Treatment": "mental_health_treatment",
    "Curfew": "curfew",
}
# The unit of a length depends on the requirement and is not delivered. Two units are published
# (alcohol abstinence, alcohol treatment); unpaid work is ordered in hours and rehabilitation
# activity in days by law (Sentencing Act 2020, Schedule 9). Of the others none is known.
REQUIREMENT_UNITS: Mapping[str, str] = {
    "alcohol_abstinence": "days",
    "alcohol_treatment": "months",
    "unpaid_work": "hours",
    "rehabilitation_activity": "days",
}
# The first two are published; the others are assumed.
REQUIREMENT_ENDS: Mapping[str, str] = {
    "Requirement Completed": "completed",
    "Expired (Normal)": "expired",
    "Revoked (Breach)": "revoked_breach",
    "Revoked (Good Progress)": "revoked_good_progress",
}
