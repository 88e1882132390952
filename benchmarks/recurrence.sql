-- Returns of mothers to care proceedings: the package's defaults, written by hand.
-- What the second question adds stands in recurrence.py; what is not asked is not computed.
CREATE TEMP TABLE per_day AS
WITH ranked AS (
    SELECT proceeding_id, source, min(received_date) AS issue_date {final_order}
    FROM "case" {join_orders}
    WHERE case_type = 'care_proceedings' AND received_date IS NOT NULL
    GROUP BY ALL
), sets AS (
    SELECT * EXCLUDE source FROM ranked
    QUALIFY row_number() OVER (
        PARTITION BY proceeding_id ORDER BY list_position(['cafcass_england', 'family_court', 'cafcass_cymru'], source)
    ) = 1
), parties AS (
    SELECT party_id, person_id, role, proceeding_id
    FROM party JOIN "case" USING (case_id)
    WHERE person_id IS NOT NULL AND proceeding_id IN (SELECT proceeding_id FROM sets)
), children AS (
    SELECT DISTINCT proceeding_id, person_id AS child_id
    FROM parties
    WHERE party_id IN (SELECT party_id FROM matter_party WHERE part = 'subject')
), mothers AS (
    SELECT DISTINCT proceeding_id, person_id
    FROM parties
    WHERE role <> 'subject' AND person_id IN (SELECT person_id FROM person WHERE sex = 'female')
), pairs AS (
    SELECT person_id, proceeding_id, child_id
    FROM mothers JOIN children USING (proceeding_id)
    WHERE person_id <> child_id AND (person_id, child_id) IN (
        SELECT (related_person_id, person_id) FROM relationship WHERE kind = 'parent'
    )
)
SELECT person_id, issue_date, {columns}
FROM pairs JOIN sets USING (proceeding_id) {join_births}
GROUP BY person_id, issue_date;

CREATE TEMP TABLE followed AS
WITH observed AS (
    SELECT min(from_date) AS first_day, max(to_date) AS last_day
    FROM coverage WHERE source = 'cafcass_england' AND place_id IS NULL
), firsts AS (
    SELECT person_id, min(issue_date) AS index_issue,
        {start} AS start
    FROM per_day GROUP BY person_id
), returns AS (
    SELECT person_id, min(issue_date) AS return_issue
    FROM per_day JOIN firsts USING (person_id)
    WHERE issue_date > index_issue AND issue_date > start {endpoint}
    GROUP BY person_id
)
SELECT
    index_issue >= first_day + INTERVAL 1 YEAR AS looked_back,
    start IS NOT NULL AS has_start,
    coalesce(return_issue < last_day, FALSE) AS seen,
    CASE WHEN return_issue < last_day THEN return_issue ELSE last_day END - start AS day
FROM firsts LEFT JOIN returns USING (person_id) CROSS JOIN observed;
