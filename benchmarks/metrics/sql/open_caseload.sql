-- Crown Court cases open on the last day of each quarter, by state, by age, and their age in days.
CREATE TEMP TABLE looked AS
WITH bounds AS (
    SELECT min(from_date) AS first, max(to_date) AS last FROM coverage WHERE source = 'crown_court_defendant'
), days AS (
    SELECT last_day(month) AS day
    FROM (SELECT unnest(generate_series(date_trunc('quarter', first) + INTERVAL 2 MONTH, last, INTERVAL 3 MONTH)) AS month, last FROM bounds)
    WHERE last_day(month) < last
), gone AS (
    SELECT place_id, max(to_date) AS gone FROM coverage
    WHERE source = 'crown_court_defendant' AND place_id IS NOT NULL GROUP BY place_id
)
SELECT year(day) || ' Q' || quarter(day) AS period, case_id, day - received_date AS days,
    CASE WHEN gone <= day THEN 'migrated' WHEN closed_date IS NULL AND status = 'stale' THEN 'stale'
        WHEN closed_date IS NULL AND status IN ('unknown', 'closed') THEN 'unknown' ELSE 'open' END AS state,
    -- A month is complete on the same day of the month, or on the last day where there is none.
    CASE WHEN received_date + INTERVAL 3 MONTH > day THEN 'under 3 months'
        WHEN received_date + INTERVAL 6 MONTH > day THEN '3 to under 6 months'
        WHEN received_date + INTERVAL 12 MONTH > day THEN '6 to under 12 months'
        WHEN received_date + INTERVAL 24 MONTH > day THEN '1 to under 2 years' ELSE '2 years and more' END AS age
FROM "case" LEFT JOIN gone USING (place_id)
    JOIN days ON received_date <= day AND day < coalesce(closed_date, DATE 'infinity')
WHERE source = 'crown_court_defendant';

CREATE TEMP TABLE behind AS
SELECT looked.*, person_key FROM looked LEFT JOIN (
    SELECT case_id, coalesce(person_id, -1 - party_id) AS person_key
    FROM party WHERE organisation_id IS NULL OR person_id IS NOT NULL
) USING (case_id);

-- output: by_age
SELECT period, coalesce(age, 'all') AS age, count(DISTINCT person_key) AS people, count(DISTINCT case_id) AS cases
FROM behind WHERE state = 'open' GROUP BY GROUPING SETS ((period, age), (period));

-- output: by_state
SELECT period, coalesce(state, 'all') AS state, count(DISTINCT person_key) AS people, count(DISTINCT case_id) AS cases
FROM behind GROUP BY GROUPING SETS ((period, state), (period));

-- output: age
WITH unit AS (
    SELECT period, days, coalesce(person_key, -1 - case_id) AS person_key
    FROM looked LEFT JOIN (SELECT case_id, min(person_key) AS person_key FROM behind GROUP BY case_id) USING (case_id)
    WHERE state = 'open'
), largest AS (
    SELECT period, max(total, 2) AS two
    FROM (SELECT period, sum(days) AS total FROM unit GROUP BY period, person_key) GROUP BY period
)
SELECT period, count(DISTINCT person_key) AS people, count(*) AS cases, avg(days) AS mean, median(days) AS median,
    quantile_disc(days, 0.25) AS percentile_25, quantile_disc(days, 0.75) AS percentile_75,
    quantile_disc(days, 0.9) AS percentile_90, sum(days) AS total, any_value(two[1]) AS largest_1,
    any_value(coalesce(two[2], 0)) AS largest_2
FROM unit JOIN largest USING (period) GROUP BY period;
