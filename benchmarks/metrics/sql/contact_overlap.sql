-- Contact with each jurisdiction in the two years before mothers' second set of care proceedings.
CREATE TEMP TABLE indexed AS
WITH ranked AS (
    SELECT proceeding_id, source, min(received_date) AS issued FROM "case"
    WHERE case_type = 'care_proceedings' AND received_date IS NOT NULL GROUP BY ALL
), sets AS (
    SELECT proceeding_id, issued FROM ranked
    QUALIFY row_number() OVER (
        PARTITION BY proceeding_id ORDER BY list_position(['cafcass_england', 'family_court', 'cafcass_cymru'], source)) = 1
), parties AS (
    SELECT party_id, person_id, role, proceeding_id FROM party JOIN "case" USING (case_id)
    WHERE person_id IS NOT NULL AND proceeding_id IN (SELECT proceeding_id FROM sets)
), children AS (
    SELECT DISTINCT proceeding_id, person_id AS child_id FROM parties
    WHERE party_id IN (SELECT party_id FROM matter_party WHERE part = 'subject')
), mothers AS (
    SELECT DISTINCT person_id, proceeding_id FROM parties JOIN children USING (proceeding_id)
    WHERE role <> 'subject' AND person_id <> child_id AND person_id IN (SELECT person_id FROM person WHERE sex = 'female')
        AND (person_id, child_id) IN (SELECT (related_person_id, person_id) FROM relationship WHERE kind = 'parent')
), days AS (
    SELECT person_id, issued AS index_date, min(proceeding_id) AS index_set
    FROM mothers JOIN sets USING (proceeding_id) GROUP BY person_id, issued
)
SELECT * FROM days QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY index_date) = 2;

CREATE TEMP TABLE held AS
WITH of_source AS (
    -- Where only places state coverage, the time in which all of them are covered.
    SELECT source, coalesce(min(from_date) FILTER (place_id IS NULL), max(from_date)) AS first,
        coalesce(max(to_date) FILTER (place_id IS NULL), min(to_date)) AS last FROM coverage GROUP BY source
), of_jurisdiction AS (
    SELECT jurisdiction, min(first) AS first, max(last) AS last
    FROM (SELECT DISTINCT jurisdiction, source FROM "case" WHERE case_type <> 'pnc_record') JOIN of_source USING (source) GROUP BY jurisdiction
), common AS (SELECT max(first) AS first, min(last) AS last FROM of_jurisdiction),
kept AS (
    SELECT indexed.*, index_date - INTERVAL 24 MONTH AS since FROM indexed CROSS JOIN common
    WHERE index_date - INTERVAL 24 MONTH >= first AND index_date <= last
), contacts AS (
    SELECT person_id, jurisdiction, proceeding_id, min(received_date) AS day
    FROM party JOIN "case" USING (case_id)
    WHERE case_type <> 'pnc_record' AND received_date IS NOT NULL AND person_id IN (SELECT person_id FROM kept)
        AND (jurisdiction = 'family' AND role IN ('applicant', 'respondent') OR jurisdiction = 'criminal' AND role = 'defendant'
            OR jurisdiction = 'civil' AND role IN ('claimant', 'defendant'))
    GROUP BY ALL
)
SELECT kept.person_id, coalesce(bool_or(jurisdiction = 'family'), FALSE) AS family,
    coalesce(bool_or(jurisdiction = 'criminal'), FALSE) AS criminal, coalesce(bool_or(jurisdiction = 'civil'), FALSE) AS civil
FROM kept LEFT JOIN contacts ON contacts.person_id = kept.person_id AND day >= since AND day < index_date
    AND proceeding_id IS DISTINCT FROM index_set
GROUP BY kept.person_id;

-- output: contact
SELECT unnest(['family courts', 'criminal courts', 'civil courts', 'any of them']) AS outcome, unnest([count(*), count(*), count(*), count(*)]) AS people,
    unnest([count(*) FILTER (family), count(*) FILTER (criminal), count(*) FILTER (civil), count(*) FILTER (family OR criminal OR civil)]) AS in_contact
FROM held;

-- output: combinations
SELECT coalesce(contact_with, 'all') AS contact_with, count(DISTINCT person_id) AS people, count(*) AS mothers
FROM (
    SELECT person_id, coalesce(nullif(concat_ws(', ', CASE WHEN family THEN 'family courts' END,
        CASE WHEN criminal THEN 'criminal courts' END, CASE WHEN civil THEN 'civil courts' END), ''), 'none') AS contact_with FROM held
) GROUP BY GROUPING SETS ((contact_with), ());
