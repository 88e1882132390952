-- Immediate custody for the principal charge in the Crown Court, by region; mix and lengths.
CREATE TEMP TABLE sentenced AS
WITH regions AS (
    SELECT court.place_id, coalesce(CASE WHEN court.kind = 'region' THEN court.name END, CASE WHEN one.kind = 'region' THEN one.name END,
        CASE WHEN two.kind = 'region' THEN two.name END, CASE WHEN three.kind = 'region' THEN three.name END) AS region
    FROM place AS court LEFT JOIN place AS one ON court.parent_id = one.place_id
        LEFT JOIN place AS two ON one.parent_id = two.place_id LEFT JOIN place AS three ON two.parent_id = three.place_id
), people AS (
    SELECT party_id, case_id, coalesce(person_id, -1 - party_id) AS person_key, place_id
    FROM party JOIN "case" USING (case_id) WHERE role = 'defendant' AND case_type IN ('crown_trial', 'crown_sentence')
), decided AS (
    SELECT matter_id, bool_or(is_principal) AS principal, min(decision) FILTER (decision_type = 'sentence') AS sentence,
        max(amount) FILTER (decision_type = 'sentence' AND amount_unit = 'days') AS days
    FROM decision WHERE decision_type IN ('plea', 'verdict', 'sentence', 'remand') GROUP BY matter_id
), charged AS (
    SELECT party_id, kind, code, sentence, days FROM matter_party JOIN matter USING (matter_id) LEFT JOIN decided USING (matter_id)
    WHERE part = 'defendant' AND party_id IN (SELECT party_id FROM people)
    WINDOW same AS (PARTITION BY party_id)
    QUALIFY matter_id = CASE WHEN count(*) OVER same = 1 THEN matter_id ELSE min(matter_id) FILTER (principal) OVER same END
)
SELECT person_key, case_id, coalesce(region, 'not known') AS region, sentence, days, sentence = 'immediate_custody' AS custody,
    coalesce(kind = 'application', FALSE) AS is_breach,
    CASE code WHEN 'theft' THEN 'Theft offences' WHEN 'criminal_damage_and_arson' THEN 'Criminal damage and arson'
        WHEN 'drug_offences' THEN 'Drug offences' WHEN 'public_order' THEN 'Public order offences' WHEN 'fraud' THEN 'Fraud offences'
        WHEN 'summary_non_motoring' THEN 'Summary offences other than motoring' WHEN 'summary_motoring' THEN 'Summary motoring offences'
        WHEN 'breach' THEN 'Breach or civil-order application'
        WHEN 'violence_against_the_person' THEN 'Violence against the person' WHEN 'sexual_offences' THEN 'Sexual offences'
        WHEN 'robbery' THEN 'Robbery' WHEN 'possession_of_weapons' THEN 'Possession of weapons'
        WHEN 'miscellaneous_crimes_against_society' THEN 'Miscellaneous crimes against society'
        ELSE CASE WHEN code IS NULL THEN 'not known' ELSE 'other or not grouped' END END AS offence_group
FROM people LEFT JOIN charged USING (party_id) LEFT JOIN regions USING (place_id);

CREATE TEMP TABLE unit AS SELECT * FROM sentenced WHERE sentence IS NOT NULL AND NOT is_breach;

-- output: attrition
SELECT unnest(range(3)) AS step, unnest([count(*), count(sentence), count(sentence) FILTER (NOT is_breach)]) AS people FROM sentenced;

-- output: custody
SELECT coalesce(region, 'all') AS region, count(DISTINCT person_key) AS people, count(*) FILTER (custody) AS custody, count(*) AS sentenced,
    count(*) FILTER (custody) / count(*) AS estimate, count(DISTINCT case_id) AS groups,
    count(DISTINCT person_key) FILTER (custody) AS people_custody, count(DISTINCT case_id) FILTER (custody) AS groups_custody
FROM unit GROUP BY GROUPING SETS ((region), ());

-- output: indirect
WITH expected AS (
    SELECT offence_group, count(*) FILTER (custody) / count(*) AS share FROM unit GROUP BY offence_group
)
SELECT region, count(DISTINCT person_key) AS people, count(*) FILTER (custody) AS custody, count(*) AS sentenced,
    count(*) FILTER (custody) / sum(share) AS ratio, count(DISTINCT case_id) AS cases
FROM unit JOIN expected USING (offence_group) GROUP BY region;

-- output: direct
WITH cells AS (
    SELECT region, offence_group, count(*) FILTER (custody) / count(*) AS share FROM unit GROUP BY ALL
), mix AS (SELECT offence_group, count(*) AS number FROM unit GROUP BY ALL)
SELECT region, sum(share * number) / sum(number) AS direct FROM cells JOIN mix USING (offence_group) GROUP BY region;

-- output: mix
WITH counted AS (
    SELECT coalesce(region, 'all') AS region, coalesce(offence_group, 'all') AS offence_group, count(DISTINCT person_key) AS people,
        count(*) AS sentenced, count(DISTINCT case_id) AS groups FROM unit GROUP BY CUBE (region, offence_group)
)
SELECT *, max(sentenced) OVER same AS sentenced_of_group, max(people) OVER same AS people_of_group, max(groups) OVER same AS groups_of_group
FROM counted WINDOW same AS (PARTITION BY region);

-- output: length
WITH held AS (SELECT * FROM unit WHERE custody AND days IS NOT NULL),
largest AS (
    SELECT coalesce(region, 'all') AS region, max(total, 2) AS two
    FROM (SELECT region, sum(days) AS total FROM held GROUP BY GROUPING SETS ((region, person_key), (person_key))) GROUP BY 1
)
SELECT region, people, custody, mean, median, percentile_25, percentile_75, total, two[1] AS largest_1, two[2] AS largest_2, groups
FROM (
    SELECT coalesce(region, 'all') AS region, count(DISTINCT person_key) AS people, count(*) AS custody, avg(days) AS mean,
        median(days) AS median, quantile_disc(days, 0.25) AS percentile_25, quantile_disc(days, 0.75) AS percentile_75,
        sum(days) AS total, count(DISTINCT case_id) AS groups
    FROM held GROUP BY GROUPING SETS ((region), ())
) JOIN largest USING (region);

-- output: length_ratio
WITH held AS (SELECT * FROM unit WHERE custody AND days IS NOT NULL),
national AS (SELECT offence_group, avg(days) AS usual FROM held GROUP BY offence_group)
SELECT region, count(*) AS custody, sum(days) / sum(usual) AS ratio FROM held JOIN national USING (offence_group) GROUP BY region;
