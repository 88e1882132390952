-- Claims by year of issue and kind, and where they stand.
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
SELECT *, 'in ' || year(issued) AS year, CASE WHEN judged IS NOT NULL THEN 'judgment'
        WHEN status = 'closed' THEN 'ended without a judgment' WHEN status = 'migrated' THEN 'gone to another court'
        WHEN status IN ('stale', 'open') THEN status ELSE 'not known' END AS state
FROM claims WHERE person_key IS NOT NULL AND issued IS NOT NULL;

-- output: attrition
SELECT unnest(range(3)) AS step, unnest([count(*), count(person_key), count(issued) FILTER (person_key IS NOT NULL)]) AS people FROM claims;

-- output: claims
WITH counted AS (
    SELECT coalesce(year, 'all') AS year, coalesce(kind, 'all') AS kind, count(DISTINCT person_key) AS people, count(*) AS claims
    FROM unit GROUP BY CUBE (year, kind)
), bodies AS (
    SELECT coalesce(year, 'all') AS year, coalesce(kind, 'all') AS kind, count(*) AS organisations, max(people, 2) AS two
    FROM (
        SELECT year, kind, count(DISTINCT person_key) AS people FROM unit WHERE body IS NOT NULL
        GROUP BY GROUPING SETS ((year, kind, body), (year, body), (kind, body), (body))
    ) GROUP BY 1, 2
)
SELECT * EXCLUDE two REPLACE (coalesce(organisations, 0) AS organisations), coalesce(two[1], 0) AS largest_organisation_1,
    coalesce(two[2], 0) AS largest_organisation_2
FROM counted LEFT JOIN bodies USING (year, kind);

-- output: states
WITH counted AS (
    SELECT coalesce(year, 'all') AS year, coalesce(kind, 'all') AS kind, coalesce(state, 'all') AS state,
        count(DISTINCT person_key) AS people, count(*) AS claims FROM unit GROUP BY CUBE (year, kind, state)
)
SELECT *, max(claims) OVER same AS claims_of_group, claims / max(claims) OVER same AS estimate,
    max(people) OVER same AS people_of_group
FROM counted WINDOW same AS (PARTITION BY year, kind);
