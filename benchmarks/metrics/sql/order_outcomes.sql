-- The most serious final order for each child in a set of care proceedings.
CREATE TEMP TABLE outcomes AS
WITH ranked AS (
    SELECT case_id, case_type, status, coalesce(proceeding_id, -1 - case_id) AS proceeding_id,
        list_position(['family_court', 'cafcass_england', 'cafcass_cymru'], source) AS rank
    FROM "case" WHERE jurisdiction = 'family'
), cases AS (
    SELECT case_id, case_type, status, proceeding_id FROM ranked
    WHERE rank IS NOT NULL QUALIFY rank = min(rank) OVER (PARTITION BY proceeding_id)
), asked AS (
    SELECT DISTINCT matter_id, proceeding_id, cases.status, received_date, coalesce(person_id, -1 - party_id) AS person_key
    FROM matter JOIN cases USING (case_id) JOIN matter_party USING (matter_id) JOIN party USING (party_id)
    WHERE case_type = 'care_proceedings' AND part = 'subject'
), children AS (
    SELECT proceeding_id, person_key, min(received_date) AS received, bool_or(status = 'open') AS is_open,
        bool_or(status IN ('stale', 'unknown')) AS is_lost
    FROM asked GROUP BY ALL
), serious AS (
    SELECT proceeding_id, person_key, min(CASE
            WHEN decision = 'placement_order' THEN 1
            WHEN decision IN ('emergency_protection_order', 'care_order', 'secure_accommodation_order') THEN 2
            WHEN decision IN ('residence_order', 'special_guardianship_order', 'child_arrangements_order') THEN 3
            WHEN decision IN ('order_refused_or_dismissed', 'no_order', 'family_assistance_order', 'supervision_order',
                'application_withdrawn') THEN 4 ELSE 5 END) AS group_rank
    FROM decision JOIN asked USING (matter_id) JOIN children USING (proceeding_id, person_key)
    WHERE decision_type = 'legal_order' AND is_final AND coalesce(decision_date >= received, TRUE) GROUP BY ALL
)
SELECT proceeding_id, person_key, received, coalesce(
        ['Placed for adoption', 'Out-of-home care', 'Extended family', 'Remained at or returned home', 'other final order'][group_rank],
        CASE WHEN is_open THEN 'still open' WHEN is_lost THEN 'not known whether ended' ELSE 'ended, no final order known' END
    ) AS outcome
FROM children LEFT JOIN serious USING (proceeding_id, person_key);

-- output: attrition
SELECT unnest(range(2)) AS step, unnest([count(*), count(received)]) AS people FROM outcomes;

-- output: outcomes
WITH counted AS (
    SELECT coalesce(outcome, 'all') AS outcome, count(DISTINCT person_key) AS people, count(*) AS children_in_sets,
        count(DISTINCT proceeding_id) AS groups
    FROM outcomes WHERE received IS NOT NULL GROUP BY GROUPING SETS ((outcome), ())
)
SELECT *, max(children_in_sets) OVER () AS children_in_sets_of_group, children_in_sets / max(children_in_sets) OVER () AS estimate,
    max(people) OVER () AS people_of_group, max(groups) OVER () AS groups_of_group
FROM counted;
