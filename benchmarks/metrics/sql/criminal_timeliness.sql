-- Offence to completion in magistrates' courts, by quarter of the end.
CREATE TEMP TABLE stages AS
WITH people AS (
    SELECT party_id, case_id, coalesce(person_id, -1 - party_id) AS person_key, "case".place_id, "case".source
    FROM party JOIN "case" USING (case_id) WHERE role = 'defendant' AND case_type = 'magistrates'
), dates AS (
    SELECT party_id, min(event_date) FILTER (event_type = 'offence') AS offence,
        min(event_date) FILTER (event_type = 'completed') AS ended,
        min(event_date) FILTER (event_type = 'sent_to_crown') AS sent
    FROM event WHERE event_type IN ('offence', 'completed', 'sent_to_crown') AND party_id IS NOT NULL GROUP BY party_id
), principal AS (
    SELECT DISTINCT matter_id FROM decision
    WHERE is_principal AND decision_type IN ('plea', 'verdict', 'sentence', 'remand')
), charged AS (
    SELECT party_id, min(kind) FILTER (only_one OR matter_id = chosen) = 'application' AS is_breach
    FROM (
        SELECT party_id, matter_id, kind, count(*) OVER of_party = 1 AS only_one,
            min(CASE WHEN principal.matter_id IS NOT NULL THEN matter.matter_id END) OVER of_party AS chosen
        FROM matter_party JOIN matter USING (matter_id) LEFT JOIN principal USING (matter_id)
        WHERE part = 'defendant' WINDOW of_party AS (PARTITION BY party_id)
    ) GROUP BY party_id
), moved AS (
    SELECT place_id, source, max(to_date) AS moved FROM coverage
    WHERE reason = 'migrated to Common Platform' AND place_id IS NOT NULL GROUP BY ALL
)
SELECT people.*, sent, ended, moved, coalesce(is_breach, FALSE) AS is_breach, ended - offence AS days
FROM people LEFT JOIN dates USING (party_id) LEFT JOIN charged USING (party_id) LEFT JOIN moved USING (place_id, source);

CREATE TEMP TABLE unit AS
SELECT year(ended) || ' Q' || quarter(ended) AS quarter, person_key, case_id, days
FROM stages
WHERE NOT is_breach AND sent IS NULL AND ended IS NOT NULL AND (moved IS NULL OR ended < moved) AND days >= 0;

-- output: attrition
SELECT unnest(range(7)) AS step, unnest([count(*), count(*) FILTER (NOT is_breach),
    count(*) FILTER (NOT is_breach AND sent IS NULL), count(*) FILTER (NOT is_breach AND sent IS NULL AND ended IS NOT NULL),
    count(*) FILTER (NOT is_breach AND sent IS NULL AND ended < coalesce(moved, DATE 'infinity')),
    count(*) FILTER (NOT is_breach AND sent IS NULL AND ended < coalesce(moved, DATE 'infinity') AND days IS NOT NULL),
    count(*) FILTER (NOT is_breach AND sent IS NULL AND ended < coalesce(moved, DATE 'infinity') AND days >= 0)]) AS people
FROM stages;

-- output: durations
WITH largest AS (
    SELECT coalesce(quarter, 'all') AS quarter, max(total, 2) AS two
    FROM (
        SELECT quarter, sum(days) AS total FROM unit
        GROUP BY GROUPING SETS ((quarter, person_key), (person_key))
    ) GROUP BY 1
), described AS (
    SELECT coalesce(quarter, 'all') AS quarter, count(DISTINCT person_key) AS people, count(*) AS defendants,
        avg(days) AS mean, median(days) AS median, quantile_disc(days, [0.25, 0.75, 0.9]) AS q, sum(days) AS total,
        count(DISTINCT case_id) AS groups
    FROM unit GROUP BY GROUPING SETS ((quarter), ())
)
SELECT * EXCLUDE (q, two), q[1] AS percentile_25, q[2] AS percentile_75, q[3] AS percentile_90,
    two[1] AS largest_1, coalesce(two[2], 0) AS largest_2
FROM described JOIN largest USING (quarter);
