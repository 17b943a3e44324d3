-- ---- the questionnaire in any language

CREATE OR REPLACE FUNCTION quarantine.languages_for(language text) RETURNS text[]
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- as asked for; its fallbacks; a tag of browsers without its subtags (en-GB: en); the first of the same language (zh: zh-Hans); ja
	SELECT array_agg(k.language ORDER BY k.place)
	FROM (
		SELECT w.language, min(w.place) AS place
		FROM (
			SELECT l.language, 1 AS place
			FROM quarantine.language AS l
			WHERE lower(l.language) = lower(languages_for.language)
			UNION ALL
			SELECT f.other, 1 + f.place
			FROM quarantine.language AS l
			CROSS JOIN LATERAL unnest(l.fallback) WITH ORDINALITY AS f (other, place)
			WHERE lower(l.language) = lower(languages_for.language)
			UNION ALL
			SELECT l.language, 100
			FROM quarantine.language AS l
			WHERE l.language = CASE
				WHEN languages_for.language ~* '^zh-(tw|hk|mo|hant)' THEN 'zh-Hant'
				WHEN languages_for.language ~* '^(zh|cmn)' THEN 'zh-Hans'
				WHEN languages_for.language ~* '^fil' THEN 'tl'
				ELSE lower(split_part(languages_for.language, '-', 1))
			END
			UNION ALL
			SELECT f.other, 200 + f.place
			FROM unnest('{en,ja}'::text[]) WITH ORDINALITY AS f (other, place)
		) AS w
		GROUP BY w.language
	) AS k;
END;
COMMENT ON FUNCTION quarantine.languages_for(text) IS '言語の順 / the languages in which a text is looked for, the best first: the one asked for, its fallbacks, the same language without country (en-GB: en, zh-TW: zh-Hant), en, ja. Knows any tag, also one that there is not.';

CREATE OR REPLACE FUNCTION quarantine.form(language text DEFAULT 'ja', on_date date DEFAULT outbreak.local_date()) RETURNS jsonb
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH wanted AS (
		SELECT w.language, w.place
		FROM unnest(quarantine.languages_for(form.language)) WITH ORDINALITY AS w (language, place)
	), said AS (
		SELECT i.item, i.part, i.position, i.type, i.required, i.per_person, i.choices AS codes, i.basis,
			l.label, l.language, h.help, c.choices
		FROM quarantine.item AS i
		CROSS JOIN LATERAL (
			SELECT t.label, t.language
			FROM quarantine.text AS t
			JOIN wanted AS w ON w.language = t.language
			WHERE t.item = i.item
			ORDER BY w.place
			LIMIT 1
		) AS l
		LEFT JOIN LATERAL (
			SELECT t.help
			FROM quarantine.text AS t
			JOIN wanted AS w ON w.language = t.language
			WHERE t.item = i.item
				AND t.help IS NOT NULL
			ORDER BY w.place
			LIMIT 1
		) AS h ON true
		LEFT JOIN LATERAL (
			SELECT t.choices
			FROM quarantine.text AS t
			JOIN wanted AS w ON w.language = t.language
			WHERE t.item = i.item
				AND t.choices IS NOT NULL
			ORDER BY w.place
			LIMIT 1
		) AS c ON true
		WHERE i.valid @> form.on_date
	)
	SELECT jsonb_build_object(
		'language', (SELECT w.language FROM wanted AS w ORDER BY w.place LIMIT 1),
		'on_date', form.on_date,
		'languages', (SELECT jsonb_agg(jsonb_build_object('language', l.language, 'name', l.name) ORDER BY l.position) FROM quarantine.language AS l),
		'page', (SELECT jsonb_object_agg(s.item, s.label) FROM said AS s WHERE s.part = 'page'),
		'parts', (
			SELECT jsonb_agg(jsonb_build_object('part', p.part, 'items', p.items) ORDER BY array_position('{entry,identity,stay,travel,health,document,pledge}'::text[], p.part))
			FROM (
				SELECT s.part, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
						'item', s.item,
						'type', s.type,
						'required', s.required,
						'per_person', s.per_person,
						'label', s.label,
						'language', s.language,
						'help', s.help,
						'basis', s.basis,
						'choices', CASE WHEN s.codes <> '{}' THEN (
							SELECT jsonb_agg(jsonb_build_object('code', k.code, 'label', coalesce(s.choices ->> k.code, k.code)) ORDER BY k.place)
							FROM unnest(s.codes) WITH ORDINALITY AS k (code, place)) END)) ORDER BY s.position) AS items
				FROM said AS s
				WHERE s.part <> 'page'
				GROUP BY s.part
			) AS p));
END;
COMMENT ON FUNCTION quarantine.form(text, date) IS '質問票の構成 / the whole questionnaire of a day in one language, for a front end: {"language", "on_date", "languages", "page": {texts}, "parts": [{"part", "items": [{"item", "type", "required", "per_person", "label", "language" (that the label is in), "help", "basis", "choices": [{"code", "label"}]}]}]}. Texts that a language lacks come in the next one (quarantine.languages_for).';

CREATE OR REPLACE FUNCTION quarantine.missing_texts(language text DEFAULT NULL)
RETURNS TABLE (language text, item text, missing text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT l.language, i.item, m.missing
	FROM quarantine.language AS l
	CROSS JOIN quarantine.item AS i
	LEFT JOIN quarantine.text AS t ON t.item = i.item
		AND t.language = l.language
	CROSS JOIN LATERAL (
		SELECT 'label' AS missing
		WHERE t.label IS NULL
		UNION ALL
		SELECT 'help'
		WHERE t.help IS NULL
			AND EXISTS (SELECT FROM quarantine.text AS o WHERE o.item = i.item AND o.help IS NOT NULL AND o.language = 'ja')
		UNION ALL
		SELECT 'choice ' || c.code
		FROM unnest(i.choices) AS c (code)
		WHERE coalesce(t.choices ->> c.code, '') = ''
	) AS m
	WHERE missing_texts.language IS NULL OR l.language = missing_texts.language
	ORDER BY l.position, i.part, i.position, m.missing;
END;
COMMENT ON FUNCTION quarantine.missing_texts(text) IS '未翻訳の一覧 / what a language (NULL: each) still lacks: labels, helps that the Japanese has, texts of choices.';

CREATE OR REPLACE FUNCTION quarantine.say(item text, language text) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT t.label
	FROM unnest(quarantine.languages_for(say.language)) WITH ORDINALITY AS w (language, place)
	JOIN quarantine.text AS t ON t.language = w.language
		AND t.item = say.item
	ORDER BY w.place
	LIMIT 1;
END;
COMMENT ON FUNCTION quarantine.say(text, text) IS 'A text in a language, or in the next one that has it; NULL for an item that there is not.';
