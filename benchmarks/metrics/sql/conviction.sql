-- Contested charges in Crown Court trials: convicted of any, by charge, defendant and case.
CREATE TEMP TABLE charged AS
WITH decided AS (
    SELECT matter_id, min(decision) FILTER (decision_type = 'plea') AS plea,
        min(decision) FILTER (decision_type = 'verdict') AS verdict
    FROM decision WHERE decision_type IN ('plea', 'verdict') GROUP BY matter_id
)
SELECT matter_id, party_id, party.case_id, coalesce(person_id, -1 - party_id) AS person_key,
    kind = 'application' AS is_breach, plea, verdict
FROM party JOIN "case" USING (case_id) JOIN matter_party USING (party_id)
    JOIN matter USING (matter_id) LEFT JOIN decided USING (matter_id)
WHERE role = 'defendant' AND case_type = 'crown_trial' AND part = 'defendant';

CREATE TEMP TABLE contested AS
SELECT *, verdict = 'guilty' AS guilty, bool_or(verdict = 'guilty') OVER (PARTITION BY party_id) AS of_party,
    bool_or(verdict = 'guilty') OVER (PARTITION BY case_id) AS of_case
FROM charged WHERE verdict IN ('guilty', 'not_guilty') AND NOT is_breach AND plea = 'not_guilty';

-- output: attrition
SELECT unnest(range(4)) AS step, unnest([count(*), count(*) FILTER (verdict IN ('guilty', 'not_guilty')),
    count(*) FILTER (verdict IN ('guilty', 'not_guilty') AND NOT is_breach),
    count(*) FILTER (verdict IN ('guilty', 'not_guilty') AND NOT is_breach AND plea = 'not_guilty')]) AS people
FROM charged;

-- output: conviction
WITH counted AS (
    SELECT 'charge' AS level, count(DISTINCT matter_id) AS counted, count(DISTINCT matter_id) FILTER (guilty) AS convicted,
        count(DISTINCT person_key) AS people, count(DISTINCT person_key) FILTER (guilty) AS people_convicted,
        count(DISTINCT case_id) AS cases, count(DISTINCT case_id) FILTER (guilty) AS cases_convicted FROM contested
    UNION ALL
    SELECT 'defendant', count(DISTINCT party_id), count(DISTINCT party_id) FILTER (of_party),
        count(DISTINCT person_key), count(DISTINCT person_key) FILTER (of_party),
        count(DISTINCT case_id), count(DISTINCT case_id) FILTER (of_party) FROM contested
    UNION ALL
    SELECT 'case', count(DISTINCT case_id), count(DISTINCT case_id) FILTER (of_case),
        count(DISTINCT person_key), count(DISTINCT person_key) FILTER (of_case),
        count(DISTINCT case_id), count(DISTINCT case_id) FILTER (of_case) FROM contested
)
SELECT *, convicted / counted AS estimate FROM counted;
