-- Weeks from a child's application for a care or supervision order to the first valid disposal.
CREATE TEMP TABLE applied AS
WITH ranked AS (
    SELECT case_id, case_type, coalesce(proceeding_id, -1 - case_id) AS proceeding_id,
        list_position(['family_court', 'cafcass_england', 'cafcass_cymru'], source) AS rank
    FROM "case" WHERE jurisdiction = 'family'
), cases AS (
    SELECT case_id, case_type, proceeding_id FROM ranked
    WHERE rank IS NOT NULL
    QUALIFY rank = min(rank) OVER (PARTITION BY proceeding_id)
), care AS (SELECT case_id, proceeding_id FROM cases WHERE case_type = 'care_proceedings'),
children AS (
    SELECT DISTINCT matter_id, coalesce(person_id, -1 - party_id) AS person_key
    FROM matter_party JOIN party USING (party_id) WHERE part = 'subject'
), asked AS (
    SELECT proceeding_id, person_key, code, min(received_date) AS received
    FROM matter JOIN care USING (case_id) JOIN children USING (matter_id)
    WHERE code IN ('care_order', 'supervision_order') GROUP BY ALL
), made AS (
    SELECT proceeding_id, person_key, decision_date
    FROM decision JOIN matter USING (matter_id) JOIN care USING (case_id) JOIN children USING (matter_id)
    WHERE decision_type = 'legal_order' AND decision IN ('care_order', 'supervision_order', 'residence_order',
        'child_arrangements_order', 'special_guardianship_order', 'order_refused_or_dismissed', 'no_order', 'application_withdrawn')
)
SELECT proceeding_id, person_key, code, any_value(received) AS received, min(decision_date) AS any_disposal,
    min(decision_date) FILTER (decision_date >= received) AS disposed
FROM asked LEFT JOIN made USING (proceeding_id, person_key) GROUP BY ALL;

CREATE TEMP TABLE unit AS
SELECT year(disposed) || ' Q' || quarter(disposed) AS quarter, person_key, proceeding_id, disposed - received AS days
FROM applied WHERE disposed IS NOT NULL;

-- output: attrition
SELECT unnest(range(4)) AS step, unnest([count(*), count(received), count(any_disposal) FILTER (received IS NOT NULL), count(disposed)]) AS people
FROM applied;

-- output: weeks
WITH largest AS (
    SELECT coalesce(quarter, 'all') AS quarter, max(total, 2) AS two
    FROM (SELECT quarter, sum(days) AS total FROM unit GROUP BY GROUPING SETS ((quarter, person_key), (person_key)))
    GROUP BY 1
), described AS (
    SELECT coalesce(quarter, 'all') AS quarter, count(DISTINCT person_key) AS people, count(*) AS orders_applied_for,
        avg(days) / 7 AS mean, median(days) / 7 AS median, quantile_disc(days, 0.25) / 7 AS percentile_25,
        quantile_disc(days, 0.75) / 7 AS percentile_75, sum(days) / 7 AS total, count(DISTINCT proceeding_id) AS groups
    FROM unit GROUP BY GROUPING SETS ((quarter), ())
)
SELECT * EXCLUDE two, two[1] / 7 AS largest_1, coalesce(two[2], 0) / 7 AS largest_2 FROM described JOIN largest USING (quarter);

-- output: within
SELECT coalesce(quarter, 'all') AS quarter, count(DISTINCT person_key) AS people, count(*) AS orders_applied_for,
    count(*) FILTER (days <= 182) AS within, count(*) FILTER (days <= 182) / count(*) AS estimate,
    count(DISTINCT proceeding_id) AS groups, count(DISTINCT person_key) FILTER (days <= 182) AS people_within,
    count(DISTINCT proceeding_id) FILTER (days <= 182) AS groups_within
FROM unit GROUP BY GROUPING SETS ((quarter), ());
