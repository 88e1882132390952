-- Defendants in magistrates' cases with an offence, by person; then time to the first return.
CREATE TEMP TABLE cases AS
WITH offences AS (
    SELECT party_id, max(alleged_date) FILTER (kind = 'charge' AND code IS DISTINCT FROM 'breach') AS offence_date,
        NOT bool_or(kind = 'charge' AND code IS DISTINCT FROM 'breach') AS is_breach
    FROM matter_party JOIN matter USING (matter_id)
    WHERE part = 'defendant' AND kind IN ('charge', 'application')
    GROUP BY party_id
)
SELECT party_id, person_id, coalesce(person_id, -1 - party_id) AS person_key, place_id,
    coalesce(proceeding_id, case_id) AS proceeding_id, received_date AS case_date, offence_date
FROM party JOIN "case" USING (case_id) LEFT JOIN offences USING (party_id)
WHERE role = 'defendant' AND case_type = 'magistrates' AND is_breach IS DISTINCT FROM TRUE;

CREATE TEMP TABLE followed AS
WITH firsts AS (
    SELECT * FROM cases
    QUALIFY row_number() OVER (PARTITION BY person_key ORDER BY case_date, proceeding_id, party_id) = 1
), covered AS (
    -- Each court has one unbroken period in these data.
    SELECT place_id, min(from_date) AS from_date, max(to_date) AS to_date
    FROM coverage WHERE source = 'magistrates_defendant' AND place_id IS NOT NULL GROUP BY place_id
), everywhere AS (SELECT max(from_date) AS from_date, min(to_date) AS to_date FROM covered),
indexed AS (
    SELECT person_key, person_id, proceeding_id, case_date AS start,
        CASE WHEN covered.place_id IS NULL THEN everywhere.from_date ELSE covered.from_date END AS seen_from,
        CASE WHEN covered.place_id IS NULL THEN everywhere.to_date ELSE covered.to_date END AS seen_to
    FROM firsts LEFT JOIN covered USING (place_id) CROSS JOIN everywhere
), later AS (
    SELECT person_key, proceeding_id, min(case_date) AS case_date, max(offence_date) AS offence_date
    FROM cases GROUP BY ALL
), returns AS (
    SELECT indexed.person_key, min(later.case_date) AS returned
    FROM indexed JOIN later USING (person_key)
    WHERE later.case_date > start AND later.case_date < seen_to AND later.offence_date > start
        AND later.proceeding_id <> indexed.proceeding_id
    GROUP BY ALL
)
SELECT person_id IS NOT NULL AS linked, start IS NOT NULL AS dated,
    coalesce(start >= seen_from AND start < seen_to, FALSE) AS covered, returned,
    coalesce(returned, seen_to) - start AS day
FROM indexed LEFT JOIN returns USING (person_key);

-- output: attrition
SELECT unnest([0, 1, 2, 3, 4]) AS step, unnest([count(*), count(*) FILTER (linked), count(*) FILTER (linked AND dated),
    count(*) FILTER (linked AND dated AND covered), count(*) FILTER (linked AND dated AND covered AND day > 0)]) AS people
FROM followed;

-- output: table
WITH days AS (
    SELECT day, count(returned) AS events, count(*) AS leaving
    FROM followed WHERE linked AND dated AND covered AND day > 0 GROUP BY day
), risk AS (
    SELECT *, sum(leaving) OVER (ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS at_risk FROM days
), curve AS (
    SELECT *, events / (at_risk * (at_risk - events)) AS term, ln(1 - events / at_risk) AS step FROM risk
), horizons AS (SELECT unnest([365, 730, 1095, 1826, 2922]) AS horizon_days),
read AS (
    SELECT horizon_days, sum(leaving)::BIGINT AS people, sum(events) FILTER (day <= horizon_days)::BIGINT AS returned,
        sum(leaving) FILTER (day >= horizon_days)::BIGINT AS at_risk,
        exp(sum(step) FILTER (day <= horizon_days)) AS survival, sum(term) FILTER (day <= horizon_days) AS variance
    FROM curve CROSS JOIN horizons GROUP BY horizon_days
)
SELECT horizon_days, people, returned, at_risk, 1 - survival AS estimate,
    1 - exp(-exp(ln(-ln(survival)) + 1.959963984540054 * sqrt(variance) / ln(survival))) AS lower,
    1 - exp(-exp(ln(-ln(survival)) - 1.959963984540054 * sqrt(variance) / ln(survival))) AS upper
FROM read;
