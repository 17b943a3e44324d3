-- All codes that we draw are read back by a real reader (zbarimg), drawn as PNG and as SVG: digits, letters, text of
-- several scripts, bytes, tickets, certificates, health cards, the smallest and the largest.
\pset format unaligned
\set SHOW_CONTEXT never
\pset tuples_only on
\set folder `mktemp -d`
\setenv FOLDER :folder

BEGIN;
CREATE TEMP TABLE sample (name text PRIMARY KEY, data text, ec text);
INSERT INTO sample
VALUES
	('digits', '0123456789012345678901234567890', 'M'),
	('letters', 'HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97TK0F90KECTHGWJC0FDC:5AIA%G7X+AQB9746HS80', 'Q'),
	('url', 'https://www.example.org/questionnaire?id=4f1c&lang=ja', 'M'),
	('japanese', '検疫所 健康カード：東京都千代田区', 'M'),
	('easy_japanese', 'けんえき の ひと に みせて ください', 'H'),
	('chinese', '请向检疫人员出示此二维码', 'Q'),
	('korean', '검역관에게 보여 주십시오', 'L'),
	('thai', 'โปรดแสดงรหัสนี้', 'M'),
	('emoji', 'ok 👍 €', 'M'),
	('one', '1', 'H'),
	('health_card', outbreak.shc_digits('eyJ6aXAiOiJERUYiLCJhbGciOiJFUzI1NiJ9.' || repeat('aB3-_', 190) || '.sig'), 'L'),
	('largest', repeat('0123456789', 708) || '123456789', 'L'),
	('largest_letters', repeat('ABC $%*+-./:0123456789', 195) || 'END.OF', 'L'),
	('ticket', credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', tstzrange(now(), now() + interval '14 days'), 'KIX'), 'Q'),
	('certificate', 'HC1:' || outbreak.base45_encode(decode(repeat('5ac3', 200), 'hex')), 'Q');

-- name, form, and the picture in base64, a line each; the script draws, reads and compares
SELECT s.name, s.data, f.form, translate(encode(CASE f.form
		WHEN 'png' THEN outbreak.qr_png(s.data, s.ec, 3)
		ELSE convert_to(outbreak.qr_svg(s.data, s.ec), 'UTF8')
	END, 'base64'), E'\n', '')
FROM sample AS s
CROSS JOIN (VALUES ('png'), ('svg')) AS f (form)
ORDER BY s.name COLLATE "C", f.form
\g (format=unaligned fieldsep='\t' tuples_only=on) |cat > "$FOLDER/samples"

-- zbarimg reads no SVG; what it finds in a picture ends with a line feed of its own
\! cd "$FOLDER" && while IFS="$(printf '\t')" read -r name data form picture; do printf %s "$picture" | base64 -d >"picture.$form"; [ "$form" = png ] || rsvg-convert -w 1000 picture.svg -o picture.png; printf '%s\n' "$data" >expected; zbarimg -q --nodbus --raw picture.png >found 2>/dev/null; cmp -s expected found && echo "$name $form: read back" || echo "$name $form: NOT READ BACK"; done <samples

\echo -- bytes, of every value, as they are
CREATE TEMP TABLE every_byte AS
SELECT decode(string_agg(lpad(to_hex((n * 7) % 256), 2, '0'), '' ORDER BY n), 'hex') AS bytes
FROM generate_series(0, 255) AS n;
SELECT translate(encode(outbreak.qr_png(bytes, 'Q', 4), 'base64'), E'\n', '') FROM every_byte
\g (format=unaligned tuples_only=on) |base64 -d > "$FOLDER/bytes.png"
\set found `zbarimg -q --nodbus --raw -Sbinary "$FOLDER/bytes.png" 2>/dev/null | base64 -w 0`
SELECT bytes = decode(:'found', 'base64') AS same FROM every_byte;
SELECT outbreak.qr_svg(bytes, 'Q') FROM every_byte
\g (format=unaligned tuples_only=on) |rsvg-convert -w 700 -o "$FOLDER/bytes_svg.png"
\set found `zbarimg -q --nodbus --raw -Sbinary "$FOLDER/bytes_svg.png" 2>/dev/null | base64 -w 0`
SELECT bytes = decode(:'found', 'base64') AS same FROM every_byte;

\echo -- a ticket that was drawn, read and checked
SELECT translate(encode(outbreak.qr_png(data, 'Q', 3), 'base64'), E'\n', '') FROM sample WHERE name = 'ticket'
\g (format=unaligned tuples_only=on) |base64 -d > "$FOLDER/ticket.png"
\set found `zbarimg -q --nodbus --raw "$FOLDER/ticket.png" 2>/dev/null`
SELECT valid, ticket, kind, place FROM credential.check_ticket(:'found');
ROLLBACK;

\echo -- the published codes, drawn by us
\set have `test -d "$OUTBREAK_DATA/qr/dgc-testdata" && echo on || echo off`
\if :have
\set all `cd "$OUTBREAK_DATA/qr/dgc-testdata/common/2DCode/raw" && printf '[' && for f in *.json; do printf '%s{"name": "%s", "doc": ' "$comma" "${f%.json}"; cat "$f"; printf '}'; comma=,; done && printf ']'`
CREATE TEMP TABLE published AS
SELECT e ->> 'name' AS name, e #>> '{doc,PREFIX}' AS data
FROM jsonb_array_elements(:'all') AS e;
SELECT name, data, translate(encode(outbreak.qr_png(data, 'Q', 3), 'base64'), E'\n', '') FROM published WHERE data <> ''
\g (format=unaligned fieldsep='\t' tuples_only=on) |cat > "$FOLDER/samples"
\! cd "$FOLDER" && while IFS="$(printf '\t')" read -r name data picture; do printf %s "$picture" | base64 -d >picture.png; printf '%s\n' "$data" >expected; zbarimg -q --nodbus --raw picture.png >found 2>/dev/null; cmp -s expected found && echo read back || echo "$name: NOT READ BACK"; done <samples | sort | uniq -c | sed 's/^ *//'
DROP TABLE published;
\else
\echo skipped: no data
\endif
\! rm -rf "$FOLDER"
