-- Sides of family court cases with a representative, by year of receipt and type of case.
CREATE TEMP TABLE adults AS
SELECT case_id, role, represented, coalesce(person_id, -1 - party_id) AS person_key, received_date,
    CASE WHEN case_type IN ('care_proceedings', 'public_law_other') THEN 'public law' WHEN case_type = 'private_law' THEN 'private law'
        WHEN case_type = 'family_law_act' THEN 'Family Law Act' ELSE case_type END AS case_type
FROM party JOIN "case" USING (case_id)
WHERE "case".source = 'family_court' AND role IN ('applicant', 'respondent') AND organisation_id IS NULL
    AND case_type IN ('care_proceedings', 'public_law_other', 'private_law', 'divorce', 'adoption', 'family_law_act');

CREATE TEMP TABLE cases AS
WITH sides AS (
    SELECT case_id, case_type, received_date, min(person_key) AS person_key,
        bool_or(role = 'applicant') AS has_applicant, bool_or(role = 'respondent') AS has_respondent,
        bool_or(role = 'applicant' AND represented IS TRUE) AS applicant, bool_or(role = 'respondent' AND represented IS TRUE) AS respondent,
        bool_or(role = 'applicant' AND represented IS NULL) AS blank_applicant, bool_or(role = 'respondent' AND represented IS NULL) AS blank_respondent
    FROM adults GROUP BY ALL
), assumed AS (
    -- From October 2016 the public body that applies in public law is taken to be represented.
    SELECT *, case_type = 'public law' AND NOT has_applicant AND coalesce(received_date >= DATE '2016-10-01', FALSE) AS body FROM sides
)
SELECT case_id, case_type, person_key, received_date, CASE
    WHEN NOT ((has_applicant OR body) AND has_respondent) THEN 'no party of one side recorded'
    WHEN NOT (applicant OR body) AND blank_applicant OR NOT respondent AND blank_respondent THEN 'not known'
    WHEN (applicant OR body) AND respondent THEN 'applicant and respondent' WHEN applicant OR body THEN 'applicant only'
    WHEN respondent THEN 'respondent only' ELSE 'neither' END AS represented
FROM assumed;

-- output: attrition
SELECT unnest(range(2)) AS step, unnest([count(*), count(received_date)]) AS people FROM cases;

-- output: cases
WITH counted AS (
    SELECT coalesce(year, 'all') AS year, coalesce(case_type, 'all') AS case_type, coalesce(represented, 'all') AS represented,
        count(DISTINCT person_key) AS people, count(*) AS cases
    FROM (SELECT *, 'in ' || year(received_date) AS year FROM cases WHERE received_date IS NOT NULL) GROUP BY CUBE (year, case_type, represented)
)
SELECT *, max(cases) OVER same AS cases_of_group, cases / max(cases) OVER same AS estimate, max(people) OVER same AS people_of_group
FROM counted WINDOW same AS (PARTITION BY year, case_type);

-- output: parties
SELECT coalesce(year, 'all') AS year, coalesce(case_type, 'all') AS case_type, coalesce(role, 'all') AS role,
    count(DISTINCT person_key) AS people, count(*) FILTER (represented) AS represented, count(*) AS parties,
    count(*) FILTER (represented) / count(*) AS estimate, count(DISTINCT person_key) FILTER (represented) AS people_represented
FROM (SELECT *, 'in ' || year(received_date) AS year FROM adults WHERE received_date IS NOT NULL AND represented IS NOT NULL)
GROUP BY CUBE (year, case_type, role);
