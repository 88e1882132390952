-- Weeks from the issue of a claim to its first judgment, by quarter of the judgment and kind.
CREATE TEMP TABLE claims AS
WITH bodies AS (
    -- A number for each organisation, below every key of a person.
    SELECT organisation_id, -4611686018427387904 - row_number() OVER (ORDER BY organisation_id) AS body_key
    FROM (SELECT DISTINCT organisation_id FROM party WHERE source = 'civil_county_court' AND organisation_id IS NOT NULL)
), people AS (
    SELECT case_id, coalesce(
            min(coalesce(person_id, -1 - party_id)) FILTER (organisation_id IS NULL AND role = 'defendant'),
            min(coalesce(person_id, -1 - party_id)) FILTER (organisation_id IS NULL AND role = 'claimant'),
            max(body_key)) AS person_key,
        min(organisation_id) FILTER (role = 'claimant') AS body
    FROM party LEFT JOIN bodies USING (organisation_id)
    WHERE source = 'civil_county_court' AND role IN ('claimant', 'defendant') GROUP BY case_id
), judgments AS (
    SELECT case_id, min(decision_date) AS judged FROM decision JOIN matter USING (matter_id)
    WHERE decision_type = 'judgment' AND decision.source = 'civil_county_court' GROUP BY case_id
)
SELECT case_id, received_date AS issued, status, person_key, body, judged,
    CASE case_type WHEN 'money_claim' THEN 'money' WHEN 'damages_claim' THEN 'damages'
        WHEN 'possession_claim' THEN 'possession' WHEN 'other_claim' THEN 'other' ELSE 'not known' END AS kind
FROM "case" LEFT JOIN people USING (case_id) LEFT JOIN judgments USING (case_id)
WHERE source = 'civil_county_court';

CREATE TEMP TABLE unit AS
SELECT *, year(judged) || ' Q' || quarter(judged) AS quarter, judged - issued AS days
FROM claims WHERE person_key IS NOT NULL AND judged >= issued;

-- output: attrition
SELECT unnest(range(5)) AS step, unnest([count(*), count(person_key), count(issued) FILTER (person_key IS NOT NULL),
    count(*) FILTER (person_key IS NOT NULL AND issued IS NOT NULL AND (judged IS NULL OR judged >= issued)),
    count(*) FILTER (person_key IS NOT NULL AND judged >= issued)]) AS people FROM claims;

-- output: durations
WITH largest AS (
    SELECT coalesce(quarter, 'all') AS quarter, coalesce(kind, 'all') AS kind, max(total, 2) AS two
    FROM (
        SELECT quarter, kind, sum(days) AS total FROM unit
        GROUP BY GROUPING SETS ((quarter, kind, person_key), (quarter, person_key), (kind, person_key), (person_key))
    ) GROUP BY 1, 2
), bodies AS (
    SELECT coalesce(quarter, 'all') AS quarter, coalesce(kind, 'all') AS kind, count(*) AS organisations, max(total, 2) AS most
    FROM (
        SELECT quarter, kind, sum(days) AS total FROM unit WHERE body IS NOT NULL
        GROUP BY GROUPING SETS ((quarter, kind, body), (quarter, body), (kind, body), (body))
    ) GROUP BY 1, 2
), described AS (
    SELECT coalesce(quarter, 'all') AS quarter, coalesce(kind, 'all') AS kind, count(DISTINCT person_key) AS people,
        count(*) AS claims, avg(days) / 7 AS mean, median(days) / 7 AS median,
        quantile_disc(days, 0.25) / 7 AS percentile_25, quantile_disc(days, 0.75) / 7 AS percentile_75, sum(days) / 7 AS total
    FROM unit GROUP BY CUBE (quarter, kind)
)
SELECT * EXCLUDE (two, most) REPLACE (coalesce(organisations, 0) AS organisations), two[1] / 7 AS largest_1, coalesce(two[2], 0) / 7 AS largest_2,
    coalesce(most[1], 0) / 7 AS largest_organisation_1, coalesce(most[2], 0) / 7 AS largest_organisation_2
FROM described JOIN largest USING (quarter, kind) LEFT JOIN bodies USING (quarter, kind);
