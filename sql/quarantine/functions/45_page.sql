-- ---- the ticket on a page, to be printed or shown

CREATE OR REPLACE FUNCTION quarantine.escape_html(value text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
COMMENT ON FUNCTION quarantine.escape_html(text) IS 'Text as it stands in HTML.';

CREATE OR REPLACE FUNCTION quarantine.ticket_svg(token text, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e quarantine.entry;
BEGIN
	PERFORM access.require_now(ticket_svg.as_of);
	e := quarantine.entry_of(ticket_svg.token);
	IF e.state <> 'open' THEN
		PERFORM quarantine.refuse(CASE e.state WHEN 'cancelled' THEN 'entry_cancelled' ELSE 'arrived_already' END);
	END IF;
	RETURN outbreak.qr_svg(quarantine.ticket_code(e), 'Q');
END
$$;
COMMENT ON FUNCTION quarantine.ticket_svg(text, timestamptz) IS '券のQRコード / the QR code of an entry as SVG. Errors: OB131, OB132 it has arrived or was cancelled.';

CREATE OR REPLACE FUNCTION quarantine.ticket_page(token text, language text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e quarantine.entry;
	c record;
	p quarantine.port;
	tongue text;
	colours CONSTANT jsonb := '{"red": "#c62828", "yellow": "#f9a825", "blue": "#1565c0"}';
BEGIN
	PERFORM access.require_now(ticket_page.as_of);
	e := quarantine.entry_of(ticket_page.token);
	tongue := coalesce((quarantine.languages_for(coalesce(ticket_page.language, e.language)))[1], 'ja');
	SELECT * INTO c
	FROM quarantine.colour_of(e.entry, ticket_page.as_of);
	SELECT x.* INTO p
	FROM quarantine.port x
	WHERE x.port = e.port;
	RETURN format($html$<!DOCTYPE html>
<html lang="%1$s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>%2$s</title>
<style>
body { font-family: sans-serif; margin: 0 auto; max-width: 36rem; padding: 1rem; color: #111; background: #fff; }
h1 { font-size: 1.25rem; }
.colour { border: 0.75rem solid %3$s; padding: 1rem; text-align: center; }
.colour strong { display: block; font-size: 1.5rem; }
svg { width: 60mm; height: 60mm; }
dt { color: #555; } dd { margin: 0 0 0.5rem 0; font-size: 1.1rem; }
@media print { .colour { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
</style>
</head>
<body>
<h1>%2$s</h1>
<div class="colour" role="status" aria-label="%4$s">
<strong>%4$s</strong>
<p>%5$s</p>
%6$s
</div>
<dl>
<dt>%7$s</dt><dd>%8$s</dd>
<dt>%9$s</dt><dd>%10$s</dd>
<dt>%11$s</dt><dd>%12$s</dd>
<dt>%13$s</dt><dd>%14$s</dd>
</dl>
<p>%15$s</p>
</body>
</html>
$html$,
		quarantine.escape_html(tongue),
		quarantine.escape_html(quarantine.say('page_title', tongue)),
		colours ->> c.colour,
		quarantine.escape_html(quarantine.say('page_' || c.colour, tongue)),
		quarantine.escape_html(CASE WHEN tongue LIKE 'ja%' THEN c.message_ja ELSE c.message_en END),
		CASE WHEN e.state = 'open' THEN outbreak.qr_svg(quarantine.ticket_code(e), 'Q') ELSE '' END,
		quarantine.escape_html(quarantine.say('port', tongue)),
		quarantine.escape_html(CASE WHEN tongue LIKE 'ja%' THEN p.name_ja ELSE p.name_en END || ' (' || p.port || ')'),
		quarantine.escape_html(quarantine.say('conveyance', tongue)),
		quarantine.escape_html(e.conveyance),
		quarantine.escape_html(quarantine.say('arrives_at', tongue)),
		quarantine.escape_html(to_char(e.arrives_at AT TIME ZONE outbreak.time_zone(), 'YYYY-MM-DD HH24:MI')),
		quarantine.escape_html(quarantine.say('page_persons', tongue)),
		e.persons,
		quarantine.escape_html(quarantine.say('page_show', tongue)));
END
$$;
COMMENT ON FUNCTION quarantine.ticket_page(text, text, timestamptz) IS '券の画面 / the ticket of an entry as a page of HTML in the language of the travellers or another one: colour, QR code, flight, number of persons; no names. To be shown on a telephone or printed. Errors: OB131.';
