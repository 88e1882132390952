-- Sets of public-law proceedings by period of the first application and of the last disposal.
CREATE TEMP TABLE sets AS
WITH ranked AS (
    SELECT case_id, case_type, received_date, coalesce(proceeding_id, -1 - case_id) AS proceeding_id,
        list_position(['family_court', 'cafcass_england', 'cafcass_cymru'], source) AS rank
    FROM "case" WHERE jurisdiction = 'family'
), cases AS (
    SELECT * FROM ranked WHERE rank IS NOT NULL QUALIFY rank = min(rank) OVER (PARTITION BY proceeding_id)
), chosen AS (SELECT case_id, proceeding_id, received_date FROM cases WHERE case_type IN ('care_proceedings', 'public_law_other')),
matters AS (SELECT matter_id, case_id, proceeding_id, matter.received_date AS applied FROM matter JOIN chosen USING (case_id)),
of_case AS (SELECT case_id, min(applied) AS applied FROM matters GROUP BY case_id),
begun AS (
    SELECT proceeding_id, min(coalesce(applied, received_date)) AS started
    FROM chosen LEFT JOIN of_case USING (case_id) GROUP BY proceeding_id
), last AS (
    SELECT proceeding_id, max(decision_date) AS disposal FROM decision JOIN matters USING (matter_id)
    WHERE decision_type = 'legal_order' AND decision NOT IN (
        'interim_care_order', 'interim_supervision_order', 'case_management_direction', 'conditional_order')
    GROUP BY proceeding_id
), children AS (
    SELECT proceeding_id, list(DISTINCT coalesce(person_id, -1 - party_id)) AS people
    FROM matters JOIN matter_party USING (matter_id) JOIN party USING (party_id) WHERE part = 'subject' GROUP BY proceeding_id
)
SELECT proceeding_id, started, disposal, CASE WHEN disposal >= started THEN disposal END AS disposed, coalesce(people, [NULL]) AS people
FROM begun LEFT JOIN last USING (proceeding_id) LEFT JOIN children USING (proceeding_id);

CREATE TEMP TABLE child AS
SELECT proceeding_id, year(started) || ' Q' || quarter(started) AS start_quarter, 'in ' || year(started) AS start_year,
    year(disposed) || ' Q' || quarter(disposed) AS end_quarter, 'in ' || year(disposed) AS end_year, unnest(people) AS person_key
FROM sets;

-- output: attrition
SELECT unnest(range(4)) AS step, unnest([count(*), count(started), count(disposal) FILTER (started IS NOT NULL), count(disposed)]) AS people FROM sets;

-- output: starts_by_quarter
SELECT coalesce(start_quarter, 'all') AS quarter, count(DISTINCT person_key) AS children, count(DISTINCT proceeding_id) AS proceedings
FROM child WHERE start_quarter IS NOT NULL GROUP BY GROUPING SETS ((start_quarter), ());

-- output: starts_by_year
SELECT coalesce(start_year, 'all') AS year, count(DISTINCT person_key) AS children, count(DISTINCT proceeding_id) AS proceedings
FROM child WHERE start_year IS NOT NULL GROUP BY GROUPING SETS ((start_year), ());

-- output: disposals_by_quarter
SELECT coalesce(end_quarter, 'all') AS quarter, count(DISTINCT person_key) AS children, count(DISTINCT proceeding_id) AS proceedings
FROM child WHERE end_quarter IS NOT NULL GROUP BY GROUPING SETS ((end_quarter), ());

-- output: disposals_by_year
SELECT coalesce(end_year, 'all') AS year, count(DISTINCT person_key) AS children, count(DISTINCT proceeding_id) AS proceedings
FROM child WHERE end_year IS NOT NULL GROUP BY GROUPING SETS ((end_year), ());
