-- Weeks from petition to the first conditional order, by quarter of the order and law.
CREATE TEMP TABLE divorces AS
WITH cases AS (
    SELECT case_id, received_date FROM "case" WHERE case_type = 'divorce' AND source = 'family_court'
), dates AS (
    SELECT case_id, min(event_date) FILTER (event_type = 'petition') AS petition,
        min(event_date) FILTER (event_type = 'conditional_order') AS ordered
    FROM event WHERE event_type IN ('petition', 'conditional_order') GROUP BY case_id
), people AS (
    SELECT case_id, min(coalesce(person_id, -1 - party_id)) FILTER (role = 'applicant') AS applicant,
        min(coalesce(person_id, -1 - party_id)) FILTER (role = 'respondent') AS respondent,
        count(*) FILTER (role = 'applicant') AS applicants
    FROM party SEMI JOIN cases USING (case_id) GROUP BY case_id
)
SELECT case_id, coalesce(petition, received_date) AS begun, ordered, coalesce(applicant, respondent) AS person_key,
    CASE WHEN applicants > 1 AND respondent IS NULL THEN 'joint'
        WHEN applicants = 1 AND respondent IS NOT NULL THEN 'sole' ELSE 'not known' END AS application,
    CASE WHEN coalesce(petition, received_date) < DATE '2022-04-06' THEN 'law before 6 April 2022' ELSE 'law from 6 April 2022' END AS law
FROM cases LEFT JOIN dates USING (case_id) LEFT JOIN people USING (case_id);

CREATE TEMP TABLE unit AS
SELECT *, ordered - begun AS days, year(ordered) || ' Q' || quarter(ordered) AS quarter
FROM divorces WHERE person_key IS NOT NULL AND ordered >= begun;

-- output: attrition
SELECT unnest(range(5)) AS step, unnest([count(*), count(person_key), count(begun) FILTER (person_key IS NOT NULL),
    count(ordered) FILTER (person_key IS NOT NULL AND begun IS NOT NULL),
    count(*) FILTER (person_key IS NOT NULL AND ordered >= begun)]) AS people FROM divorces;

-- output: durations
WITH largest AS (
    SELECT coalesce(quarter, 'all') AS quarter, coalesce(law, 'all') AS law, max(total, 2) AS two
    FROM (
        SELECT quarter, law, sum(days) AS total FROM unit
        GROUP BY GROUPING SETS ((quarter, law, person_key), (quarter, person_key), (law, person_key), (person_key))
    ) GROUP BY 1, 2
), described AS (
    SELECT coalesce(quarter, 'all') AS quarter, coalesce(law, 'all') AS law, count(DISTINCT person_key) AS people,
        count(*) AS divorces, avg(days) / 7 AS mean, median(days) / 7 AS median,
        quantile_disc(days, 0.25) / 7 AS percentile_25, quantile_disc(days, 0.75) / 7 AS percentile_75, sum(days) / 7 AS total
    FROM unit GROUP BY CUBE (quarter, law)
)
SELECT * EXCLUDE two, two[1] / 7 AS largest_1, coalesce(two[2], 0) / 7 AS largest_2
FROM described JOIN largest USING (quarter, law);

-- output: sooner
SELECT coalesce(application, 'all') AS application, count(DISTINCT person_key) AS people, count(*) FILTER (days < 140) AS sooner,
    count(*) AS divorces, count(DISTINCT person_key) FILTER (days < 140) AS people_sooner
FROM unit WHERE law = 'law from 6 April 2022' GROUP BY GROUPING SETS ((application), ());
