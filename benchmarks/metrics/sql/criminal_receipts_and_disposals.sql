-- Defendants received and disposed of by the Crown Court, by quarter.
CREATE TEMP TABLE dated AS
WITH people AS (
    SELECT party_id, case_id, coalesce(person_id, -1 - party_id) AS person_key, "case".place_id, "case".source, received_date
    FROM party JOIN "case" USING (case_id)
    WHERE role = 'defendant' AND case_type IN ('crown_trial', 'crown_sentence', 'crown_appeal')
), ends AS (
    SELECT party_id, min(event_date) AS gone FROM event WHERE event_type = 'completed' GROUP BY party_id
), arrived AS (
    SELECT party_id, min(matter.received_date) AS arrived
    FROM matter_party JOIN matter USING (matter_id) WHERE part = 'defendant' GROUP BY party_id
), moved AS (
    SELECT place_id, source, max(to_date) AS moved FROM coverage
    WHERE reason = 'migrated to Common Platform' AND place_id IS NOT NULL GROUP BY ALL
)
SELECT person_key, case_id, coalesce(arrived, received_date) AS came, gone, coalesce(moved, DATE '9999-12-31') AS moved
FROM people LEFT JOIN ends USING (party_id) LEFT JOIN arrived USING (party_id) LEFT JOIN moved USING (place_id, source);

-- output: attrition
SELECT unnest(range(3)) AS step, unnest([count(*), count(gone), count(*) FILTER (gone < moved)]) AS people FROM dated;

-- output: receipts
WITH unit AS (
    SELECT *, year(came) || ' Q' || quarter(came) AS quarter FROM dated
    WHERE came < moved AND came >= (SELECT min(from_date) FROM coverage WHERE source = 'crown_court_defendant')
)
SELECT coalesce(quarter, 'all') AS quarter, count(DISTINCT person_key) AS people, count(*) AS defendants,
    count(DISTINCT case_id) AS cases FROM unit GROUP BY GROUPING SETS ((quarter), ());

-- output: disposals
WITH unit AS (SELECT *, year(gone) || ' Q' || quarter(gone) AS quarter FROM dated WHERE gone < moved)
SELECT coalesce(quarter, 'all') AS quarter, count(DISTINCT person_key) AS people, count(*) AS defendants,
    count(DISTINCT case_id) AS cases FROM unit GROUP BY GROUPING SETS ((quarter), ());
