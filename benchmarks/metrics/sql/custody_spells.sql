-- Stays in custody: journeys of a person that touch or overlap are one stay.
CREATE TEMP TABLE stays AS
WITH journeys AS (
    SELECT person_id, start_date, end_date, end_date IS NULL AND end_reason IN ('missing', 'lost') AS lost
    FROM episode WHERE kind = 'custody' AND (granularity <> 'segment' OR parent_episode_id IS NULL)
), ends AS (
    SELECT *, CASE WHEN lost THEN start_date + 1 ELSE coalesce(end_date, DATE '9999-12-31') END AS until FROM journeys WHERE person_id IS NOT NULL
), marked AS (
    SELECT *, coalesce(start_date > max(until) OVER (
        PARTITION BY person_id ORDER BY start_date, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TRUE) AS is_new
    FROM ends
), numbered AS (
    SELECT *, count(*) FILTER (is_new) OVER (PARTITION BY person_id ORDER BY start_date, until ROWS UNBOUNDED PRECEDING) AS number FROM marked
), merged AS (
    SELECT person_id, min(start_date) AS start, max(until) AS until,
        coalesce(bool_or(lost AND until = last_until), FALSE) AS lost
    FROM (SELECT *, max(until) OVER (PARTITION BY person_id, number) AS last_until FROM numbered) GROUP BY person_id, number
)
SELECT person_id, start, until, lost FROM merged
UNION ALL
SELECT NULL, start_date, coalesce(end_date, DATE '9999-12-31'), lost FROM journeys WHERE person_id IS NULL;

CREATE TEMP TABLE unit AS
WITH seen AS (SELECT min(from_date) AS first, max(to_date) AS last FROM coverage WHERE source = 'prisoner_custodial_journey' AND place_id IS NULL)
SELECT person_id, lost, start >= first AND start < last AS begun, until > start AS lasts, until < last AS is_over,
    least(until, last) - start AS days
FROM stays CROSS JOIN seen;

-- output: attrition
SELECT unnest(range(5)) AS step, unnest([count(*), count(person_id), count(person_id) FILTER (begun),
    count(person_id) FILTER (begun AND NOT lost), count(person_id) FILTER (begun AND NOT lost AND lasts)]) AS people FROM unit;

-- output: ended_by
WITH kept AS (SELECT * FROM unit WHERE person_id IS NOT NULL AND begun AND NOT lost AND lasts),
days AS (SELECT days, count(*) FILTER (is_over) AS events, count(*) AS leaving FROM kept GROUP BY days),
risk AS (SELECT *, sum(leaving) OVER (ORDER BY days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS at_risk FROM days),
curve AS (SELECT days, ln(1 - events / at_risk) AS step FROM risk WHERE days <= 1826), horizons AS (
    SELECT unnest([91, 182, 365, 730, 1826]) AS horizon, unnest(['91 days', '182 days', '1 year', '2 years', '5 years']) AS within
)
SELECT within, count(DISTINCT person_id) AS people, count(*) AS stays, count(*) FILTER (is_over AND days <= horizon) AS ended,
    count(DISTINCT person_id) FILTER (is_over AND days <= horizon) AS people_ended, count(*) FILTER (days >= horizon) AS at_risk,
    count(DISTINCT person_id) FILTER (days >= horizon) AS people_at_risk,
    1 - exp((SELECT sum(step) FROM curve WHERE curve.days <= horizon)) AS estimate
FROM kept CROSS JOIN horizons GROUP BY within, horizon;

-- output: lengths
WITH kept AS (SELECT * FROM unit WHERE person_id IS NOT NULL AND begun AND NOT lost AND lasts AND is_over),
largest AS (SELECT max(total, 2) AS two FROM (SELECT sum(days) AS total FROM kept GROUP BY person_id))
SELECT 'all' AS "group", count(DISTINCT person_id) AS people, count(*) AS stays_ended, avg(days) AS mean, median(days) AS median,
    quantile_disc(days, 0.25) AS percentile_25, quantile_disc(days, 0.75) AS percentile_75, sum(days) AS total,
    any_value(two[1]) AS largest_1, any_value(coalesce(two[2], 0)) AS largest_2
FROM kept CROSS JOIN largest;
