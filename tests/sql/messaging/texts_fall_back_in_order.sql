-- A text is found in the language asked, in its plain form, in those that stand in for it, and last in Japanese; the text of
-- a channel before that for all. Placeholders are filled, and one that is not known makes no text.
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
INSERT INTO messaging.template (template, language, channel, body) VALUES ('t.zh', 'zh', '*', 'zh'), ('t.zh', 'en', '*', 'en'), ('t.zh', 'en', 'sms', 'en sms'), ('t.easy', 'ja-x-easy', '*', 'easy'), ('t.ja', 'ja', '*', 'ja'), ('t.pt', 'pt', '*', 'pt'), ('t.zh', 'ja', '*', 'ja');
\set ECHO all
SELECT a.template, a.language, a.channel, t.found_language, t.body
FROM (VALUES ('t.zh', 'zh-Hant', 'line'), ('t.zh', 'zh', 'line'), ('t.zh', 'vi', 'line'), ('t.zh', 'vi', 'sms'), ('t.zh', 'en', 'sms'), ('t.zh', 'ja-x-easy', 'line'), ('t.easy', 'ja', 'line'), ('t.easy', 'vi', 'line'), ('t.easy', 'en', 'mail'), ('t.ja', 'vi', 'line'), ('t.pt', 'vi', 'line'), ('t.no', 'ja', 'line')) AS a (template, language, channel)
LEFT JOIN LATERAL messaging.text_for(a.template, a.channel, a.language) AS t ON true;
-- ---- placeholders
SELECT outbreak.render_template('{{a}}と{{b.c}} {x} {{a}}', '{"a": "一", "b.c": 2.50}') AS text;
SELECT outbreak.render_template('{"data": "{{a}}"}', '{"a": "\"x\\\n\u0001"}', true) AS inside_json, outbreak.render_template('{"data": "{{a}}"}', '{"a": "\"x\\\n\u0001"}', true)::json ->> 'data' = E'"x\\\n\x01' AS the_same;
SELECT outbreak.render_template('{{a}}', '{"a": {"b": [1, true]}}') AS nested, outbreak.render_template('{{a}}', '{"a": false}') AS boolean, outbreak.render_template('', '{}') AS empty;
SELECT t AS template, outbreak.render_template(t, p::jsonb) AS text
FROM (VALUES ('{{a}}', '{}'), ('{{a}}', '{"a": null}'), ('{{a', '{"a": 1}'), ('{{}}', '{}'), ('{{a b}}', '{"a b": 1}'), ('{{a}', '{"a": 1}'), ('{{a}}', '[1]'), ('{{{a}}}', '{"a": 1}'), ('}}{', '{}')) AS v (t, p);
SELECT outbreak.template_parameters('{{b}} {{a}} {{b}} {{c_1.d}}') AS names, outbreak.template_parameters('none') AS none;
SELECT pg_temp.tries('SELECT outbreak.template_parameters(''x {{ y'')') AS open;
-- ---- kept with the text, and refused where it cannot be sent
SELECT template, language, parameters FROM messaging.template WHERE template = 't.ask' ORDER BY language COLLATE "C";
SELECT pg_temp.tries(format('INSERT INTO messaging.template (template, language, body, buttons) VALUES (''t.bad'', ''ja'', %s)', a)) AS answer
FROM unnest(ARRAY['''{{x'', NULL', '''x'', ''{}''', '''x'', ''[]''', '''x'', ''[{"label": "123456789012345678901", "data": "x"}]''', '''x'', ''[{"label": "x"}]''', '''x'', ''[{"label": "x", "data": "{{y"}]''']) AS a;
SELECT * FROM messaging.preview('t.ask', 'en', 'line', '{"slot": 3}');
SELECT * FROM messaging.preview('t.ask', 'ko');
SELECT messaging.line_buttons('[{"label": "よい", "data": "a=1"}]');
-- every text that we bring is there in Japanese, easy Japanese and English
SELECT template, string_agg(language, ' ' ORDER BY language COLLATE "C") AS languages FROM messaging.template WHERE template NOT LIKE 't.%' GROUP BY template
HAVING NOT array_agg(language) @> '{ja,ja-x-easy,en}'::text[];
ROLLBACK;
