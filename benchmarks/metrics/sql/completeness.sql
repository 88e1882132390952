-- What is recorded of parties who are people, by dataset. The titles of datasets are the package's.
CREATE TEMP TABLE counted AS
SELECT party.source, count(*) AS parties, count(DISTINCT party.person_id) + count(*) FILTER (party.person_id IS NULL) AS people,
    count(DISTINCT proceeding_id) AS cases, count(sex) AS sex, count(birth_month) AS birth, count(ethnicity_group) AS ethnic,
    count(area_id) AS area, count(person_id) AS link,
    count(DISTINCT person_id) FILTER (sex IS NOT NULL) + count(*) FILTER (sex IS NOT NULL AND person_id IS NULL) AS sex_people,
    count(DISTINCT person_id) FILTER (birth_month IS NOT NULL) + count(*) FILTER (birth_month IS NOT NULL AND person_id IS NULL) AS birth_people,
    count(DISTINCT person_id) FILTER (ethnicity_group IS NOT NULL) + count(*) FILTER (ethnicity_group IS NOT NULL AND person_id IS NULL) AS ethnic_people,
    count(DISTINCT person_id) FILTER (area_id IS NOT NULL) + count(*) FILTER (area_id IS NOT NULL AND person_id IS NULL) AS area_people,
    count(DISTINCT person_id) AS link_people
FROM party JOIN "case" USING (case_id) WHERE NOT (organisation_id IS NOT NULL AND person_id IS NULL) GROUP BY party.source;

-- output: table
WITH long AS (
    SELECT source, parties, people, cases,
        unnest(['sex', 'month of birth', 'ethnic group', 'area of the case', 'link to a person']) AS item,
        unnest([sex, birth, ethnic, area, link]) AS recorded,
        unnest([sex_people, birth_people, ethnic_people, area_people, link_people]) AS people_recorded
    FROM counted
)
SELECT CASE source WHEN 'cafcass_cymru' THEN 'Cafcass Cymru' WHEN 'cafcass_england' THEN 'Cafcass England'
        WHEN 'civil_county_court' THEN 'County court' WHEN 'crown_court_defendant' THEN 'Crown Court'
        WHEN 'family_court' THEN 'Family court' WHEN 'magistrates_defendant' THEN 'Magistrates'' courts'
        WHEN 'moj_dfe' THEN 'Offending and schooling (MoJ-DfE)' ELSE source END AS dataset,
    item, parties, recorded, people, people_recorded, cases, recorded / parties AS recorded_share
FROM long WHERE recorded > 0;
