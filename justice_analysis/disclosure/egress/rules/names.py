"""What a column says it holds, by its name."""

from __future__ import annotations

import re

LONGEST = 200


def plain(name: str) -> str:
    """Write a column name in one way: small letters, words joined by underscores."""
    joined = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name.strip()[:LONGEST])
    return re.sub(r"[^a-z0-9]+", "_", joined.lower()).strip("_")


SUBJECTS = (
    "person|people|defendant|offender|estimated_offender|prisoner|claimant|respondents?|applicant"
    "|child|mother|father|parent|party|victim|witness|pupil|patient|case|application|record|row"
    "|event|episode|match|xjs|estimated_xjs|alf|alf2|nomis|noms|pnc|cro|crn|nhs|delius|libra"
    "|xhibit|cafcass|subject|participant|hearing|proceeding|unique|pseudo|offence|matter"
)
PERSON_KEY = re.compile(
    rf"(?:.*_)?(?:{SUBJECTS})_?(?:id|ids|key|hash|ref|reference|uid|identifier)"
    r"|(?:.*_)?(?:case|application|prisoner|prison|noms|nomis|nhs|pnc|cro|pupil|defendant|child"
    r"|offender|person|patient|national_insurance|ni|passport|driving_licence|proceeding)"
    r"_?(?:no|num|number)"
    r"|(?:.*_)?(?:nino|national_insurance|pncid|crn|upn|uprn|usrn|uln|chi|alf|alf_p?e|pseudonym"
    r"|hash|hashed|sha256|md5|pseudoid|encrypted)"
    r"|.*(?:id|ref|number)_e|.*_(?:anonymi[sz]ed|pseudonymi[sz]ed|encrypted|hashed)"
)
KEY = re.compile(r"(?:.*_)?(?:id|ids|key|uid|urn|ref|reference|identifier|token|uuid|guid)")
BIRTH = re.compile(
    r"(?:.*_)?(?:dob|d_o_b|birth_?date|birth_?day|date_?of_?birth|birth_month|month_of_birth"
    r"|birth_year_month)(?:_.*)?|born(?:_on|_date)?"
)
COMPLETENESS = re.compile(r".*_(?:recorded|missing|known|unknown|stated|given|share)(?:_share)?")
"""Of these a column counts in how many records something stands, if its values are numbers."""
POSTCODE = re.compile(
    r"(?:.*_)?(?:post_?code|pcd|pcds|pcd2|zip_?code|outcode|outward_code)(?:_.*)?"
)
PERSON_NAME = re.compile(
    r"(?:.*_)?(?:surname|forenames?|first_?name|last_?name|middle_?names?|full_?name|family_name"
    r"|given_names?|maiden_name|alias(?:es)?|known_as|nickname|initials|name_of_(?:person|child"
    r"|mother|defendant)|(?:person|defendant|offender|child|mother|father|victim|claimant|party"
    r"|judge|solicitor|prisoner|patient|participant)_?name|address(?:_line)?(?:_?\d)?|street"
    r"|house_(?:name|number)|telephone|phone|mobile|email|e_mail)"
)
TELLING = re.compile(f"{PERSON_KEY.pattern}|{BIRTH.pattern}|{PERSON_NAME.pattern}")
"""Names of columns that tell about single people, whatever they hold."""
PLACE = re.compile(
    r"(?:.*_)?(?:lat|latitude|lon|lng|long|longitude|easting|eastings|northing|northings|geometry"
    r"|geom|wkt|wkb|grid_ref(?:erence)?|what3words|x_coord(?:inate)?|y_coord(?:inate)?|geohash)"
)
FINE_AREA = {
    "lsoa": "lsoa",
    "msoa": "msoa",
    "oa": "output_area",
    "output_area": "output_area",
    "ward": "ward",
}
NOUNS = (
    "people|persons?|individuals|cases?|events?|families|family|children|mothers|fathers|parents"
    r"|defendants|claimants|respondents|applicants|victims|offenders|prisoners|releases|deaths"
    "|hearings|orders|households|participants|observations|records|rows|organisations|proceedings"
    "|defendant_cases|matters|parties"
)
COUNT = re.compile(
    rf"(?:n|no|nb|num|number|count|counts|freq|frequency|frequencies|nobs|obs|unweighted_n|total_n"
    rf"|at_risk|n_risk|n_event|n_censor|numerator|denominator|censored|returned|excluded|left|kept"
    rf"|tally|population|sample_size|cell_count|{NOUNS}"
    rf"|(?:n|no|num|number|count|total|sum)_(?:of_)?(?:{NOUNS}|risk|events?)"
    rf"|(?:{NOUNS}|events?)_(?:n|count|number|total|excluded|included|set_aside|left|kept)"
    rf"|(?:unweighted|weighted|total|cumulative|all|treated|comparison)_(?:n|count|counts|{NOUNS}))"
)
PEOPLE = re.compile(
    r"n|count|counts|freq|frequency|people|persons?|individuals|nobs|obs|observations|records|rows"
    r"|sample_size|number|number_of_people|n_people|people_count|tally|unweighted_n|unweighted_count"
)
STATISTIC = re.compile(
    r"(?:.*_)?(?:estimate|lower|upper|share|rate|ratio|mean|median|percent|percentage|pct|prop"
    r"|proportion|coef|coefficient|coefficients|se|std_err|std_error|standard_error|p_value|pvalue"
    r"|hr|or|odds_ratio|hazard_ratio|ci_low|ci_high|value|values|total|sum|sd|variance|statistic"
    r"|difference|effect|probability|survival|density|text|definition|meaning|description|reason)"
)
QUANTITY = re.compile(
    r"(?:.*_)?(?:mean|median|average|percentile|percent|rate|ratio|share|score|days|weeks|months"
    r"|years|hours|pounds|amount|cost|age)(?:_.*)?"
)
"""Whole numbers of these are no counts of people, whatever stands beside them."""
PERSONAL = re.compile(
    r"(?:.*_)?(?:sex|gender|age|ethnicity|ethnic_group|ethnicity_group|religion|disability"
    r"|nationality|marital_status|language|plea|verdict|offence|offence_code|sentence"
    r"|sentence_length|remand|outcome|bail_status|diagnosis|pregnant|imd|imd_decile|court|prison"
    r"|duration|duration_days|entry_days|event_observed|start_date|end_date|index_date|event_date"
    r"|offence_date|hearing_date|sentence_date|release_date|admission_date|received_date"
    r"|closed_date|death_date|start|stop|censor_reason|age_at_index|treated|weight)"
)
ROW_MARK = re.compile(
    r"duration_days|event_observed|entry_days|censor_reason|competing_event|person|death_date"
    r"|index_date|admission_date|offence_date|sentence_date|release_date|hearing_date"
)
SET_ASIDE = re.compile(r"(?:.*_)?(?:excluded|set_aside)")
"""Of these a zero says that a step set nobody aside, which is no one's secret."""
LIMIT = re.compile(
    r"(?:min|minimum|max|maximum|threshold|least|most)(?:_.*)?|.*_(?:threshold|min|max)"
)


def is_count(name: str) -> bool:
    """Whether a column is named as a count."""
    return bool(COUNT.fullmatch(name)) and not LIMIT.fullmatch(name)
