-- ---- texts

CREATE OR REPLACE FUNCTION messaging.line_buttons(buttons jsonb) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_agg(jsonb_build_object('type', 'action', 'action', jsonb_build_object(
			'type', 'postback',
			'label', b.button ->> 'label',
			'displayText', b.button ->> 'label',
			'data', b.button ->> 'data')) ORDER BY b.position)::text
	FROM jsonb_array_elements(buttons) WITH ORDINALITY AS b (button, position);
END;
COMMENT ON FUNCTION messaging.line_buttons(jsonb) IS 'Quick replies as LINE wants them, of [{"label", "data"}]; NULL without any.';

CREATE OR REPLACE FUNCTION messaging.text_for(template text, channel text, language text)
RETURNS TABLE (found_language text, subject text, body text, buttons text)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH choice AS (
		SELECT 0 AS position, text_for.language AS language
		UNION ALL
		SELECT 1, split_part(text_for.language, '-', 1)
		UNION ALL
		SELECT 1 + f.position, f.other
		FROM messaging.fallback AS f
		WHERE f.language = CASE WHEN EXISTS (SELECT FROM messaging.fallback AS own WHERE own.language = text_for.language) THEN text_for.language ELSE '*' END
		UNION ALL
		SELECT 100, 'ja'
	)
	SELECT t.language,
		t.subject,
		t.body,
		messaging.line_buttons(t.buttons)
	FROM choice AS c
	JOIN messaging.template AS t ON t.template = text_for.template
		AND t.language = c.language
		AND t.channel IN (text_for.channel, '*')
	ORDER BY c.position, t.channel = '*'
	LIMIT 1;
END;
COMMENT ON FUNCTION messaging.text_for(text, text, text) IS
'文面の選択 / the text of a template for a channel and a language: in that language, else in the same without subtags (zh-Hant: zh), else in those of messaging.fallback in their order, else in Japanese; of one language, that of the channel before that for all. No row when there is none at all. buttons as LINE wants them.';

CREATE OR REPLACE FUNCTION messaging.preview(template text, language text DEFAULT 'ja', channel text DEFAULT 'line', parameters jsonb DEFAULT '{}')
RETURNS TABLE (found_language text, subject text, body text, missing text[])
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT t.found_language,
		outbreak.render_template(t.subject, parameters),
		outbreak.render_template(t.body, parameters),
		coalesce((
			SELECT array_agg(DISTINCT n.name ORDER BY n.name)
			FROM unnest(outbreak.template_parameters(concat_ws(' ', t.subject, t.body, t.buttons))) AS n (name)
			WHERE parameters ->> n.name IS NULL), '{}')
	FROM messaging.text_for(template, channel, language) AS t;
END;
COMMENT ON FUNCTION messaging.preview(text, text, text, jsonb) IS '文面の確認 / what somebody would be sent: the language that was found, subject and body (NULL when a parameter is missing), and the parameters that are missing. No row when there is no text of that name.';

CREATE OR REPLACE FUNCTION messaging.template_checked() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrong text;
BEGIN
	IF NEW.buttons IS NOT NULL THEN
		IF jsonb_typeof(NEW.buttons) <> 'array' OR jsonb_array_length(NEW.buttons) NOT BETWEEN 1 AND 13 THEN
			wrong := 'buttons must be an array of 1 to 13';
		ELSIF EXISTS (
			SELECT
			FROM jsonb_array_elements(NEW.buttons) AS b (button)
			WHERE jsonb_typeof(b.button -> 'label') IS DISTINCT FROM 'string'
				OR jsonb_typeof(b.button -> 'data') IS DISTINCT FROM 'string'
				OR length(b.button ->> 'label') NOT BETWEEN 1 AND 20
				OR length(b.button ->> 'data') NOT BETWEEN 1 AND 300
		) THEN
			wrong := 'each button needs a label of 1 to 20 characters and data of 1 to 300';
		END IF;
	END IF;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'the text "%" (%) cannot be sent: %', NEW.template, NEW.language, wrong
			USING ERRCODE = 'OB111',
				HINT = 'LINE takes at most 13 quick replies, each {"label", "data"}.';
	END IF;
	NEW.parameters := outbreak.template_parameters(concat_ws(' ', NEW.subject, NEW.body, NEW.buttons::text));
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION messaging.template_checked() IS 'Trigger of messaging.template: notes the parameters that a text needs, and refuses one that could not be sent (OB111).';
