-- Weeks from a child's application under section 8 to the first disposal, by quarter of the disposal.
CREATE TEMP TABLE applied AS
WITH asked AS (
    SELECT matter_id, case_id, proceeding_id, closed_date, matter.received_date AS received, code
    FROM matter JOIN "case" USING (case_id)
    WHERE case_type = 'private_law' AND "case".source = 'family_court' AND kind = 'child_in_application'
), disposed AS (
    SELECT matter_id, any_value(case_id) AS case_id, coalesce(bool_or(is_final), FALSE) AS has_final,
        min(decision_date) FILTER (decision_date >= received AND decision NOT IN (
            'interim_care_order', 'interim_supervision_order', 'case_management_direction', 'conditional_order'
        )) AS disposed
    FROM decision JOIN asked USING (matter_id) WHERE decision_type = 'legal_order' GROUP BY matter_id
), children AS (
    SELECT matter_id, min(coalesce(person_id, -1 - party_id)) AS person_key
    FROM matter_party JOIN party USING (party_id) WHERE part = 'subject' GROUP BY matter_id
), ended AS (SELECT case_id FROM disposed GROUP BY case_id HAVING bool_or(has_final))
SELECT person_key, proceeding_id, received, disposed,
    code IN ('child_arrangements_order', 'specific_issue_order', 'prohibited_steps_order') AS counted,
    closed_date IS NOT NULL OR ended.case_id IS NOT NULL AS ended
FROM asked LEFT JOIN disposed USING (matter_id) LEFT JOIN children USING (matter_id)
    LEFT JOIN ended ON asked.case_id = ended.case_id;

CREATE TEMP TABLE unit AS
SELECT *, year(disposed) || ' Q' || quarter(disposed) AS quarter, disposed - received AS days
FROM applied WHERE counted AND person_key IS NOT NULL AND disposed IS NOT NULL AND ended;

-- output: attrition
SELECT unnest(range(6)) AS step, unnest([count(*), count(*) FILTER (counted), count(person_key) FILTER (counted),
    count(received) FILTER (counted AND person_key IS NOT NULL), count(disposed) FILTER (counted AND person_key IS NOT NULL),
    count(disposed) FILTER (counted AND person_key IS NOT NULL AND ended)]) AS people FROM applied;

-- output: durations
WITH largest AS (
    SELECT coalesce(quarter, 'all') AS quarter, max(total, 2) AS two
    FROM (SELECT quarter, sum(days) AS total FROM unit GROUP BY GROUPING SETS ((quarter, person_key), (person_key)))
    GROUP BY 1
), described AS (
    SELECT coalesce(quarter, 'all') AS quarter, count(DISTINCT person_key) AS people, count(*) AS applications,
        avg(days) / 7 AS mean, median(days) / 7 AS median, quantile_disc(days, 0.25) / 7 AS percentile_25,
        quantile_disc(days, 0.75) / 7 AS percentile_75, sum(days) / 7 AS total, count(DISTINCT proceeding_id) AS groups
    FROM unit GROUP BY GROUPING SETS ((quarter), ())
)
SELECT * EXCLUDE two, two[1] / 7 AS largest_1, coalesce(two[2], 0) / 7 AS largest_2 FROM described JOIN largest USING (quarter);
