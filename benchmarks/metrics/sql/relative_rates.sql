-- Remand in custody of defendants charged with an offence, by recorded ethnicity.
CREATE TEMP TABLE charged AS
WITH people AS (
    SELECT party_id, coalesce(person_id, -1 - party_id) AS person_key, coalesce(ethnicity_group, 'not known') AS ethnicity, received_date
    FROM party JOIN "case" USING (case_id) WHERE role = 'defendant' AND case_type = 'magistrates'
), decided AS (
    SELECT matter_id, bool_or(is_principal) AS principal, min(decision) FILTER (decision_type = 'remand' AND is_principal) AS remand
    FROM decision WHERE decision_type IN ('plea', 'verdict', 'sentence', 'remand') GROUP BY matter_id
), matters AS (
    SELECT party_id, matter_id, kind, remand, coalesce(principal, FALSE) AS principal, received_date AS arrived
    FROM matter_party JOIN matter USING (matter_id) LEFT JOIN decided USING (matter_id) WHERE part = 'defendant'
), of_party AS (
    SELECT party_id, min(arrived) AS arrived, min(remand) AS remand,
        coalesce(arg_min(kind, matter_id) FILTER (principal), CASE WHEN count(*) = 1 THEN any_value(kind) END) AS kind
    FROM matters GROUP BY party_id
)
SELECT person_key, ethnicity, remand, 'in ' || year(coalesce(arrived, received_date)) AS year
FROM people JOIN of_party USING (party_id)
WHERE kind <> 'application' AND coalesce(arrived, received_date) IS NOT NULL;

CREATE TEMP TABLE counted AS
SELECT coalesce(year, 'all') AS year, ethnicity, count(DISTINCT person_key) AS people, count(*) AS defendants,
    count(*) FILTER (remand = 'custody') AS decided, count(DISTINCT person_key) FILTER (remand = 'custody') AS people_is_decided
FROM charged WHERE remand IS NOT NULL GROUP BY GROUPING SETS ((ethnicity), (year, ethnicity));

-- output: attrition
SELECT unnest(range(2)) AS step, unnest([count(*), count(remand)]) AS people FROM charged;

-- output: index
SELECT * EXCLUDE year, decided / defendants AS estimate,
    decided / defendants / (SELECT decided / defendants FROM counted WHERE year = 'all' AND ethnicity = 'white') AS index
FROM counted WHERE year = 'all';

-- output: unknown
SELECT coalesce(year, 'all') AS year, count(DISTINCT person_key) AS people, count(*) FILTER (ethnicity = 'not known') AS is_unknown,
    count(*) AS defendants, count(DISTINCT person_key) FILTER (ethnicity = 'not known') AS people_is_unknown
FROM charged WHERE remand IS NOT NULL GROUP BY GROUPING SETS ((year), ());

-- output: by_year
SELECT one.*, one.decided / one.defendants AS estimate, one.decided / one.defendants / (white.decided / white.defendants) AS index
FROM counted AS one JOIN counted AS white USING (year) WHERE year <> 'all' AND white.ethnicity = 'white';
