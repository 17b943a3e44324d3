-- The eleven languages of the ministry's page and easy Japanese: those that are called complete lack nothing, the others
-- have every question and choice, and what they lack is listed and stands there in the next language.
SET client_min_messages = warning;
\pset format unaligned
SELECT l.language, l.name, l.complete, l.fallback FROM quarantine.language AS l ORDER BY l.position;
SELECT l.language FROM quarantine.language AS l WHERE l.official AND l.language <> ALL ('{ja,en,zh-Hans,zh-Hant,ko,vi,tl,id,th,pt,es}');
SELECT m.* FROM quarantine.language AS l CROSS JOIN LATERAL quarantine.missing_texts(l.language) AS m WHERE l.complete;
SELECT m.language, m.missing, string_agg(m.item, ' ' ORDER BY m.item) FROM quarantine.missing_texts() AS m GROUP BY m.language, m.missing ORDER BY m.language;
-- every item is a column that is answered, or part of the entry or the page
SELECT i.item FROM quarantine.item AS i WHERE i.part <> ALL ('{entry,page}') AND i.item <> ALL (quarantine.identity_fields() || quarantine.answer_fields());
SELECT f AS not_asked FROM unnest(quarantine.identity_fields() || quarantine.answer_fields()) AS f WHERE NOT EXISTS (SELECT FROM quarantine.item AS i WHERE i.item = f);
-- the legal list: Quarantine Act art. 18(2) and ordinance 6-2
SELECT i.basis, string_agg(i.item, ' ' ORDER BY i.part, i.position) FROM quarantine.item AS i WHERE i.basis ~ '18条|6条' GROUP BY i.basis ORDER BY i.basis COLLATE "C";
-- which language stands in for which
SELECT t.tag, quarantine.languages_for(t.tag) FROM (VALUES (1, 'ko'), (2, 'zh-TW'), (3, 'zh'), (4, 'en-GB'), (5, 'pt-BR'), (6, 'fil'), (7, 'fr'), (8, NULL), (9, 'ja-x-easy'), (10, 'JA')) AS t (n, tag) ORDER BY t.n;
-- the form for a front end
SELECT f.form ->> 'language' AS language, p ->> 'part' AS part, jsonb_array_length(p -> 'items') AS items
FROM (SELECT quarantine.form('th', '2020-12-14') AS form) AS f CROSS JOIN LATERAL jsonb_array_elements(f.form -> 'parts') WITH ORDINALITY AS p (p, place) ORDER BY place;
SELECT i ->> 'item' AS item, i ->> 'label' AS label, i ->> 'help' AS help, i -> 'choices' -> 0 AS first_choice
FROM jsonb_array_elements(quarantine.form('ko', '2020-12-14') -> 'parts') AS p CROSS JOIN LATERAL jsonb_array_elements(p -> 'items') AS i WHERE i ->> 'item' = ANY ('{seat,stay_kind,declared_true}') ORDER BY 1;
SELECT i ->> 'item' AS item, i ->> 'label' AS label, left(i ->> 'help', 30) AS help_in_english
FROM jsonb_array_elements(quarantine.form('vi', '2020-12-14') -> 'parts') AS p CROSS JOIN LATERAL jsonb_array_elements(p -> 'items') AS i WHERE i ->> 'item' = 'seat';
-- the pledge is asked while it was asked
SELECT d AS on_date, quarantine.form('ja', d) @? '$.parts[*].items[*] ? (@.item == "pledged")' AS pledge FROM unnest('{2020-12-14,2022-04-01,2022-10-31,2022-11-01}'::date[]) AS d;
-- a text is for a choice that there is
BEGIN;
UPDATE quarantine.text SET choices = '{"boat": "x"}' WHERE item = 'kind' AND language = 'en';
ROLLBACK;
