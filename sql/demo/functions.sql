-- Everything here is drawn from (seed, key), never from random(): the same seed gives the same country on every machine.
-- What comes out is text for COPY or JSON for the API; nothing here writes to a table.

-- ---- drawing

CREATE OR REPLACE FUNCTION demo.draw(seed bigint, key text)
RETURNS double precision
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN (hashtextextended(key, seed) & 9007199254740991)::double precision / 9007199254740992;
COMMENT ON FUNCTION demo.draw(bigint, text) IS '乱数 / a number in [0, 1) that depends on the seed and the key alone.';

CREATE OR REPLACE FUNCTION demo.between(low integer, high integer, u double precision)
RETURNS integer
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN low + floor(u * (high - low + 1))::integer;
COMMENT ON FUNCTION demo.between(integer, integer, double precision) IS 'A whole number from low to high, both included, for u in [0, 1).';

-- ---- the country

CREATE OR REPLACE FUNCTION demo.profile()
RETURNS TABLE (prefecture smallint, inhabitants integer, lat double precision, lng double precision, pressure integer)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 47
BEGIN ATOMIC
	SELECT p.prefecture::smallint, p.inhabitants, p.lat::double precision, p.lng::double precision, p.pressure
	FROM (
		VALUES
			(1, 5225, 43.064, 141.347, 52), (2, 1238, 40.824, 140.740, 9), (3, 1211, 39.704, 141.153, 18),
			(4, 2302, 38.269, 140.872, 24), (5, 960, 39.719, 140.102, 5), (6, 1068, 38.241, 140.363, 15),
			(7, 1833, 37.750, 140.468, 20), (8, 2867, 36.342, 140.447, 29), (9, 1933, 36.566, 139.884, 27),
			(10, 1939, 36.391, 139.060, 45), (11, 7345, 35.857, 139.649, 47), (12, 6284, 35.605, 140.123, 38),
			(13, 14048, 35.690, 139.692, 56), (14, 9237, 35.448, 139.642, 34), (15, 2201, 37.902, 139.023, 13),
			(16, 1035, 36.695, 137.211, 6), (17, 1133, 36.595, 136.626, 17), (18, 767, 36.065, 136.222, 7),
			(19, 810, 35.664, 138.568, 26), (20, 2048, 36.651, 138.181, 30), (21, 1979, 35.391, 136.722, 40),
			(22, 3633, 34.977, 138.383, 32), (23, 7542, 35.180, 136.907, 48), (24, 1770, 34.730, 136.509, 28),
			(25, 1414, 35.005, 135.869, 26), (26, 2578, 35.021, 135.756, 30), (27, 8838, 34.686, 135.520, 62),
			(28, 5465, 34.691, 135.183, 58), (29, 1324, 34.685, 135.833, 43), (30, 923, 34.226, 135.168, 16),
			(31, 553, 35.504, 134.238, 4), (32, 671, 35.472, 133.051, 3), (33, 1888, 34.662, 133.935, 33),
			(34, 2800, 34.396, 132.460, 41), (35, 1342, 34.186, 131.471, 14), (36, 720, 34.066, 134.559, 8),
			(37, 950, 34.340, 134.043, 11), (38, 1335, 33.842, 132.766, 17), (39, 692, 33.560, 133.531, 50),
			(40, 5135, 33.607, 130.418, 31), (41, 811, 33.249, 130.299, 12), (42, 1312, 32.745, 129.874, 10),
			(43, 1738, 32.790, 130.742, 25), (44, 1124, 33.238, 131.613, 22), (45, 1070, 31.911, 131.424, 14),
			(46, 1588, 31.560, 130.558, 21), (47, 1467, 26.212, 127.681, 44)
	) AS p (prefecture, inhabitants, lat, lng, pressure);
END;
COMMENT ON FUNCTION demo.profile() IS '都道府県の特徴 / what the synthetic country knows of a prefecture: inhabitants (thousands, census 2020), the point of its capital (degrees, WGS 84), and an invented bed use in per cent at the end of the fortnight.';

CREATE OR REPLACE FUNCTION demo.luhn(digits integer)
RETURNS integer
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN (90
	- ('{0,2,4,6,8,1,3,5,7,9}'::integer[])[1 + digits % 10]
	- digits / 10 % 10
	- ('{0,2,4,6,8,1,3,5,7,9}'::integer[])[1 + digits / 100 % 10]
	- digits / 1000 % 10
	- ('{0,2,4,6,8,1,3,5,7,9}'::integer[])[1 + digits / 10000 % 10]
	- digits / 100000 % 10
	- ('{0,2,4,6,8,1,3,5,7,9}'::integer[])[1 + digits / 1000000 % 10]
	- digits / 10000000 % 10
	- ('{0,2,4,6,8,1,3,5,7,9}'::integer[])[1 + digits / 100000000 % 10]
) % 10;
COMMENT ON FUNCTION demo.luhn(integer) IS 'The Luhn check digit of a number of up to nine digits.';

CREATE OR REPLACE FUNCTION demo.code(prefecture integer, serial integer)
RETURNS outbreak.institution_code
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN (
	lpad((prefecture * 10000000 + 1000000 + serial)::text, 9, '0')
	|| demo.luhn(CASE WHEN prefecture BETWEEN 11 AND 14 THEN serial ELSE prefecture * 10000000 + 1000000 + serial END)
)::outbreak.institution_code;
COMMENT ON FUNCTION demo.code(integer, integer) IS '医療機関コード / a medical code with a valid check digit in district 00, which no real institution has. Serial is 1 to 9999. The type itself refuses a wrong check digit.';

CREATE OR REPLACE FUNCTION demo.surname(u double precision)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN ('{佐藤,鈴木,高橋,田中,伊藤,渡辺,山本,中村,小林,加藤,吉田,山田,佐々木,山口,松本,井上,木村,林,斎藤,清水,山崎,森,池田,橋本,阿部,石川,山下,中島,石井,小川,前田,岡田,長谷川,藤田,後藤,近藤,村上,遠藤,青木,坂本,斉藤,福田,太田,西村,藤井,金子,岡本,藤原,三浦,中野,中川,原田,松田,竹内,小野,田村,中山,和田,石田,森田,上田,原,内田,柴田,酒井,宮崎,横山,高木,安藤,宮本,大野,小島,谷口,工藤,今井,高田,増田,丸山,杉山,村田,大塚,新井,小山,平野,藤本,河野,上野,野口,武田,松井,千葉,菅原,岩崎,久保,木下,佐野,野村,松尾,市川,菊地}'::text[])[1 + floor(u * 100)::integer];
COMMENT ON FUNCTION demo.surname(double precision) IS '姓 / one of a hundred common surnames, for u in [0, 1).';

CREATE OR REPLACE FUNCTION demo.town(seed bigint)
RETURNS TABLE (municipality outbreak.municipality_code, prefecture smallint, name_ja text, stem text, lat double precision, lng double precision, stretch numrange, city_stretch numrange)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 1900
BEGIN ATOMIC
	WITH town AS (
		SELECT m.municipality, m.prefecture, m.name_ja,
			CASE right(m.name_ja, 1)
				WHEN '区' THEN 20.0
				WHEN '市' THEN 20.0
				WHEN '町' THEN 3.0
				ELSE 1.0
			END AS weight,
			CASE WHEN right(m.name_ja, 1) IN ('区', '市') THEN 1.0 ELSE 0.0 END AS city,
			m.location,
			-- how far from the capital, in degrees of latitude; Hokkaido is wider
			(
				CASE
					-- wards are numbered from the middle outwards, more or less
					WHEN right(m.name_ja, 1) = '区' THEN 0.006 + 0.004 * (substr(m.municipality::text, 4, 2)::integer % 30)
					WHEN right(m.name_ja, 1) = '市' THEN 0.08 + 0.24 * demo.draw(seed, 'far' || m.municipality::text)
					ELSE 0.15 + 0.27 * demo.draw(seed, 'far' || m.municipality::text)
				END
			) * CASE WHEN m.prefecture = 1 AND right(m.name_ja, 1) <> '区' THEN 4 ELSE 1 END AS far,
			2 * pi() * demo.draw(seed, 'bearing' || m.municipality::text) AS bearing
		FROM registry.municipality AS m
		WHERE NOT EXISTS (
			SELECT
			FROM registry.municipality AS ward
			WHERE ward.prefecture = m.prefecture
				AND ward.name_ja <> m.name_ja
				AND starts_with(ward.name_ja, m.name_ja)
				AND right(ward.name_ja, 1) = '区'
		)
			AND NOT m.municipality::text BETWEEN '016951' AND '017001'
	)
	SELECT t.municipality, t.prefecture, t.name_ja,
		regexp_replace(regexp_replace(t.name_ja, '^(.+)市(.+)区$', '\1\2'), '(?<=..)[市区町村]$', ''),
		coalesce(@postgis@.st_y(t.location::@postgis@.geometry), p.lat + t.far * sin(t.bearing)),
		coalesce(@postgis@.st_x(t.location::@postgis@.geometry), p.lng + t.far * 1.25 * cos(t.bearing)),
		numrange((sum(t.weight) OVER before - t.weight) / sum(t.weight) OVER whole, sum(t.weight) OVER before / sum(t.weight) OVER whole),
		numrange((sum(t.city) OVER before - t.city) / sum(t.city) OVER whole, sum(t.city) OVER before / sum(t.city) OVER whole)
	FROM town AS t
	JOIN demo.profile() AS p ON p.prefecture = t.prefecture
	WINDOW whole AS (PARTITION BY t.prefecture),
		before AS (PARTITION BY t.prefecture ORDER BY t.municipality);
END;
COMMENT ON FUNCTION demo.town(bigint) IS 'Where institutions of the synthetic country may stand: every municipality (the wards in place of their city, without the Northern Territories) with its stretch of [0, 1) within the prefecture, longer for cities and wards than for towns and villages, and the stretch among the cities and wards alone (empty for towns). Its point is that of the registry, or else one drawn around the prefecture''s capital: wards near, cities farther, towns and villages farthest.';

CREATE OR REPLACE FUNCTION demo.institution(seed bigint, hospitals integer DEFAULT 8282, clinics integer DEFAULT 21661, designated integer DEFAULT 550)
RETURNS TABLE (institution outbreak.institution_code, municipality outbreak.municipality_code, kind text, name_ja text, address text, phone text, location text, designation text[], beds_general integer, beds_long_term integer, beds_psychiatric integer, beds_tuberculosis integer, beds_infectious integer, beds_licensed integer, contact text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 30000
BEGIN ATOMIC
	WITH share AS (
		SELECT p.prefecture,
			outbreak.apportion(hospitals, p.inhabitants, 'hamilton') OVER ordered::integer AS hospitals,
			outbreak.apportion(clinics, p.inhabitants, 'hamilton') OVER ordered::integer AS clinics,
			outbreak.apportion(designated, p.inhabitants, 'hamilton') OVER ordered::integer AS designated
		FROM demo.profile() AS p
		WINDOW ordered AS (ORDER BY p.prefecture)
	), serial AS MATERIALIZED (
		SELECT p.prefecture, s.serial, s.serial <= p.hospitals AS hospital, s.serial <= p.designated AS designated,
			'/' || p.prefecture || '/' || s.serial AS key,
			demo.draw(seed, 'town/' || p.prefecture || '/' || s.serial)::numeric AS spot
		FROM share AS p
		CROSS JOIN LATERAL generate_series(1, p.hospitals + p.clinics) AS s (serial)
	), town AS MATERIALIZED (
		SELECT *
		FROM demo.town(seed)
	), placed AS (
		SELECT s.*, t.municipality, t.name_ja AS town, t.stem, t.lat, t.lng,
			row_number() OVER (PARTITION BY t.municipality, s.hospital ORDER BY s.serial) AS place,
			demo.surname(demo.draw(seed, 'name' || s.key)) AS surname,
			demo.draw(seed, 'style' || s.key) AS style,
			-- most hospitals are small; the designated ones are not
			CASE
				WHEN s.designated THEN demo.between(200, 900, power(demo.draw(seed, 'beds' || s.key), 1.6))
				WHEN s.hospital THEN (20 * exp(demo.draw(seed, 'beds' || s.key) * 3.1))::integer
			END AS beds,
			CASE WHEN s.designated THEN demo.between(2, 12, demo.draw(seed, 'infectious' || s.key)) ELSE 0 END AS infectious
		FROM serial AS s
		JOIN town AS t ON t.prefecture = s.prefecture
			AND s.spot <@ CASE WHEN s.designated THEN t.city_stretch ELSE t.stretch END
	), bedded AS (
		SELECT p.*,
			CASE WHEN NOT p.designated AND p.style < 0.12 THEN p.beds ELSE 0 END AS psychiatric,
			CASE WHEN NOT p.designated AND p.style BETWEEN 0.12 AND 0.55 THEN p.beds / 2 ELSE 0 END AS long_term
		FROM placed AS p
	)
	SELECT demo.code(b.prefecture, b.serial),
		b.municipality,
		CASE WHEN b.hospital THEN 'hospital' ELSE 'clinic' END,
		CASE
			WHEN b.hospital THEN CASE
				WHEN b.place = 1 AND right(b.town, 1) IN ('市', '町', '村') THEN b.town || '立病院'
				WHEN b.place = 1 THEN b.stem || '総合病院'
				WHEN b.place = 2 THEN b.stem || '中央病院'
				WHEN b.psychiatric > 0 THEN '医療法人' || b.surname || '会 ' || b.stem || 'こころの病院'
				WHEN b.style < 0.55 THEN '医療法人' || b.surname || '会 ' || b.stem || b.surname || '病院'
				WHEN b.style < 0.85 THEN b.stem || b.surname || '病院'
				ELSE b.stem || b.surname || '記念病院'
			END
			WHEN b.style < 0.30 THEN b.surname || '内科クリニック'
			WHEN b.style < 0.55 THEN b.surname || '医院'
			WHEN b.style < 0.70 THEN b.stem || b.surname || 'クリニック'
			WHEN b.style < 0.80 THEN b.surname || '小児科'
			WHEN b.style < 0.90 THEN b.surname || '耳鼻咽喉科医院'
			ELSE b.stem || '駅前' || b.surname || 'クリニック'
		END,
		r.name_ja || b.town || '見本町' || demo.between(1, 30, demo.draw(seed, 'block' || b.key)) || '番地',
		'0000-' || lpad(b.prefecture::text, 2, '0') || '-' || lpad(b.serial::text, 4, '0'),
		'SRID=4326;POINT('
			|| round((b.lng + (demo.draw(seed, 'lng' || b.key) + demo.draw(seed, 'lng2' || b.key) - 1) * 0.03)::numeric, 5) || ' '
			|| round((b.lat + (demo.draw(seed, 'lat' || b.key) + demo.draw(seed, 'lat2' || b.key) - 1) * 0.025)::numeric, 5) || ')',
		CASE WHEN b.designated THEN '{designated_infectious_disease}' ELSE '{}' END::text[],
		b.beds - b.long_term - b.psychiatric - b.infectious,
		CASE WHEN b.hospital THEN b.long_term END,
		CASE WHEN b.hospital THEN b.psychiatric END,
		CASE WHEN b.hospital THEN 0 END,
		CASE WHEN b.hospital THEN b.infectious END,
		b.beds,
		CASE WHEN b.hospital THEN '感染対策室 ' ELSE '事務 ' END || demo.surname(demo.draw(seed, 'contact' || b.key))
	FROM bedded AS b
	JOIN registry.prefecture AS r ON r.prefecture = b.prefecture
	ORDER BY b.prefecture, b.serial;
END;
COMMENT ON FUNCTION demo.institution(bigint, integer, integer, integer) IS '見本の医療機関 / the institutions of the synthetic country: as many hospitals, clinics and designated hospitals as asked for (default: the scale of December 2020), spread by inhabitants. Needs registry.municipality. Names, addresses, telephones and people are invented; codes lie in a district that no real institution has. The location is EWKT.';

-- ---- who reports on which day

CREATE OR REPLACE FUNCTION demo.answer(seed bigint, from_on date, to_on date, anchor_on date DEFAULT '2020-12-14')
RETURNS TABLE (institution outbreak.institution_code, prefecture smallint, designated boolean, on_date date)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 80000
BEGIN ATOMIC
	WITH hospital AS MATERIALIZED (
		SELECT i.institution, i.prefecture, 'designated_infectious_disease' = ANY (i.designation) AS designated, i.institution::text AS key,
			demo.draw(seed, 'habit' || i.institution::text) AS habit,
			-- a few fell silent some days before the end
			CASE
				WHEN demo.draw(seed, 'silent' || i.institution::text) < 0.012
					THEN anchor_on - demo.between(1, 9, demo.draw(seed, 'since' || i.institution::text))
			END AS silent_from
		FROM registry.institution AS i
		WHERE i.kind = 'hospital'
	), size AS (
		SELECT h.designated,
			-- the seed: 519 of 550 designated hospitals, and 5,852 - 519 of the 8,282 - 550 others
			CASE WHEN h.designated THEN 519 / 550.0 ELSE 5333 / 7732.0 END * count(*) AS at_anchor
		FROM hospital AS h
		GROUP BY h.designated
	), day AS (
		SELECT s.designated, d.on_date::date AS on_date,
			round(s.at_anchor * (1 - 0.004 * abs(anchor_on - d.on_date::date)
				- CASE WHEN extract(isodow FROM d.on_date) < 6 THEN 0 WHEN s.designated THEN 0.02 ELSE 0.11 END)) AS answers
		FROM size AS s
		CROSS JOIN generate_series(from_on, to_on, interval '1 day') AS d (on_date)
	), ranked AS (
		SELECT h.institution, h.prefecture, h.designated, d.on_date, d.answers,
			row_number() OVER (
				PARTITION BY h.designated, d.on_date
				ORDER BY (d.on_date >= h.silent_from) IS TRUE,
					0.9 * h.habit + 0.1 * demo.draw(seed, 'day' || h.key || d.on_date - date '2000-01-01'),
					h.institution
			) AS place
		FROM hospital AS h
		JOIN day AS d ON d.designated = h.designated
	)
	SELECT r.institution, r.prefecture, r.designated, r.on_date
	FROM ranked AS r
	WHERE r.place <= r.answers;
END;
COMMENT ON FUNCTION demo.answer(bigint, date, date, date) IS '報告医療機関 / which hospital answers on which day. On the anchor day exactly 519 of 550 designated hospitals and 5,852 of 8,282 in all, or the same shares of the registry at hand; fewer on the days before it and at weekends. Hospitals have habits: who answers today mostly answered yesterday.';

CREATE OR REPLACE FUNCTION demo.is_fever_clinic(seed bigint, institution outbreak.institution_code, kind text)
RETURNS boolean
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN kind = 'clinic' AND demo.draw(seed, 'fever' || institution::text) < 0.14;
COMMENT ON FUNCTION demo.is_fever_clinic(bigint, outbreak.institution_code, text) IS '診療・検査医療機関 / whether an institution is one of the fever clinics, one clinic in seven, which report what they saw.';

CREATE OR REPLACE FUNCTION demo.channel(seed bigint, institution outbreak.institution_code, on_date date, anchor_on date DEFAULT '2020-12-14')
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN on_date < anchor_on THEN 'file'
	WHEN outbreak.prefecture(institution) = 27 THEN 'prefecture'
	WHEN outbreak.prefecture(institution) = 13 THEN CASE WHEN demo.draw(seed, 'proxy' || institution::text) < 0.08 THEN 'association' ELSE 'file' END
	WHEN demo.draw(seed, 'channel' || institution::text) < 0.05 THEN 'institution'
	ELSE 'file'
END;
COMMENT ON FUNCTION demo.channel(bigint, outbreak.institution_code, date, date) IS '報告経路 / how a report comes in: on the anchor day Osaka sends one file for its hospitals (prefecture), a Tokyo association enters for some of its members (association), about one in twenty of the others uses the API itself (institution), and the rest, with all days before, come as files (file).';

-- ---- what they report

CREATE OR REPLACE FUNCTION demo.capacity(seed bigint)
RETURNS TABLE (institution outbreak.institution_code, key text, kind text, beds integer, secured integer, ready integer, severe integer, icu integer, ventilators integer, ecmo integer, load double precision, want double precision)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 30000
BEGIN ATOMIC
	WITH hospital AS (
		SELECT i.institution, i.institution::text AS key, i.kind, coalesce(i.beds_licensed, 0) AS beds,
			'designated_infectious_disease' = ANY (i.designation) AS designated,
			p.pressure
		FROM registry.institution AS i
		JOIN demo.profile() AS p ON p.prefecture = i.prefecture
	), secured AS (
		SELECT h.*,
			CASE
				WHEN h.kind <> 'hospital' THEN NULL
				WHEN h.designated THEN least(h.beds, demo.between(10, 46, demo.draw(seed, 'secured' || h.key)))
				WHEN h.beds >= 80 AND demo.draw(seed, 'takes' || h.key) < 0.34 THEN demo.between(4, 24, demo.draw(seed, 'secured' || h.key))
				ELSE 0
			END AS secured
		FROM hospital AS h
	)
	SELECT s.institution, s.key, s.kind, s.beds, s.secured,
		ceil(s.secured * (0.75 + 0.25 * demo.draw(seed, 'ready' || s.key)))::integer,
		CASE WHEN s.beds >= 250 THEN s.secured / 4 ELSE 0 END,
		CASE WHEN s.beds >= 200 THEN s.beds / 50 ELSE 0 END,
		s.beds / 18,
		CASE WHEN s.beds >= 400 THEN demo.between(0, 3, demo.draw(seed, 'ecmo' || s.key)) ELSE 0 END,
		s.pressure / 100.0 * (0.7 + 0.6 * demo.draw(seed, 'load' || s.key)),
		demo.draw(seed, 'want' || s.key)
	FROM secured AS s;
END;
COMMENT ON FUNCTION demo.capacity(bigint) IS '受入能力 / what each institution of the registry can do: licensed beds; beds secured and ready for COVID-19, of them severe; ICU beds, ventilators, ECMO; load, the share of secured beds in use at the end of the fortnight; want, how short it is of things (0 to 1). Invented.';

CREATE OR REPLACE FUNCTION demo.daily(seed bigint, from_on date, to_on date, anchor_on date DEFAULT '2020-12-14')
RETURNS TABLE (
	institution outbreak.institution_code, on_date date,
	beds_secured integer, beds_ready integer, beds_occupied integer,
	severe_secured integer, severe_ready integer, severe_occupied integer,
	icu_present integer, icu_used integer,
	ventilators_present integer, ventilators_used integer, ventilator_patients integer,
	ecmo_present integer, ecmo_used integer,
	doctors text, nurses text, other_staff text,
	outpatients integer, inpatients integer, severe_patients integer, tests integer, positives integer
)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	WITH capacity AS MATERIALIZED (
		SELECT *
		FROM demo.capacity(seed)
	), answer AS (
		SELECT a.institution, a.on_date
		FROM demo.answer(seed, from_on, to_on, anchor_on) AS a
		UNION ALL
		SELECT c.institution, d.on_date::date
		FROM capacity AS c
		CROSS JOIN generate_series(from_on, to_on, interval '1 day') AS d (on_date)
		WHERE demo.is_fever_clinic(seed, c.institution, c.kind)
			AND extract(isodow FROM d.on_date) < 7
			AND demo.draw(seed, 'seen' || c.key || (d.on_date::date - date '2000-01-01')) < 0.8
	), drawn AS (
		SELECT c.*, a.on_date,
			round(c.secured * c.load * (1 + 0.015 * (a.on_date - anchor_on)) + 0.8 * demo.draw(seed, 'in' || c.key || (a.on_date - date '2000-01-01')) - 0.4) AS wanted,
			demo.draw(seed, 'out' || c.key || (a.on_date - date '2000-01-01')) AS visits,
			demo.draw(seed, 'staff' || c.key) AS staff,
			CASE WHEN a.on_date = anchor_on AND c.secured > 0 THEN demo.draw(seed, 'odd' || c.key) ELSE 1 END AS odd
		FROM answer AS a
		JOIN capacity AS c ON c.institution OPERATOR(outbreak.=) a.institution
	), used AS (
		SELECT d.*,
			-- on the last morning a few are over full, which the rules let in and ask about
			CASE WHEN d.odd < 0.012 THEN d.secured + 1 + d.secured / 10 ELSE greatest(0, least(d.ready, d.wanted::integer)) END AS occupied,
			CASE WHEN d.kind = 'hospital' THEN demo.between(0, 3 + d.secured / 3, d.visits) ELSE demo.between(0, 14, d.visits) END AS tested
		FROM drawn AS d
	), split AS (
		SELECT u.*,
			least(u.severe, (u.occupied * 0.15)::integer) AS grave,
			least(u.ventilators, (u.ventilators * (0.25 + 0.3 * u.load))::integer) AS breathing
		FROM used AS u
	)
	SELECT s.institution, s.on_date,
		s.secured, s.ready, s.occupied,
		CASE WHEN s.kind = 'hospital' THEN s.severe END,
		CASE WHEN s.kind = 'hospital' THEN least(s.severe, s.ready) END,
		CASE WHEN s.kind = 'hospital' THEN s.grave END,
		CASE WHEN s.kind = 'hospital' THEN s.icu END,
		CASE WHEN s.kind = 'hospital' THEN least(s.icu, (s.icu * 0.6)::integer + least(s.grave, 1)) END,
		CASE WHEN s.kind = 'hospital' THEN s.ventilators END,
		CASE WHEN s.kind = 'hospital' THEN s.breathing END,
		CASE WHEN s.kind = 'hospital' THEN least(s.breathing, s.grave / 2) END,
		CASE WHEN s.kind = 'hospital' THEN s.ecmo END,
		CASE WHEN s.kind = 'hospital' THEN least(s.ecmo, s.grave / 4) END,
		CASE WHEN s.staff < 0.004 THEN '枯渇' WHEN s.staff < 0.06 THEN '欠員あり' ELSE '通常' END,
		CASE WHEN s.staff < 0.008 THEN '枯渇' WHEN s.staff < 0.13 THEN '欠員あり' ELSE '通常' END,
		CASE WHEN s.staff < 0.002 THEN '枯渇' WHEN s.staff < 0.05 THEN '欠員あり' ELSE '通常' END,
		s.tested + demo.between(0, 6, s.visits),
		-- and a few count a whole ward that was moved in, which is a jump against the day before
		CASE WHEN s.kind = 'hospital' THEN s.occupied + CASE WHEN s.odd > 0.985 AND s.odd < 1 THEN 24 + s.occupied ELSE 0 END END,
		CASE WHEN s.kind = 'hospital' THEN s.grave END,
		s.tested,
		(s.tested * s.load * 0.3)::integer
	FROM split AS s
	ORDER BY s.on_date, s.institution;
END;
COMMENT ON FUNCTION demo.daily(bigint, date, date, date) IS '見本の日次報告 / daily reports of the hospitals that answer (demo.answer) and of the fever clinics, in the shape of gmis.daily. No row breaks a rule of severity error, and on the anchor day some two dozen break one of severity warning; use rises by 1.5 % of its end value a day up to the anchor day.';

CREATE OR REPLACE FUNCTION demo.service_status(seed bigint, from_on date, to_on date, anchor_on date DEFAULT '2020-12-14')
RETURNS TABLE (institution outbreak.institution_code, on_date date, service text, status text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 400000
BEGIN ATOMIC
	WITH hospital AS MATERIALIZED (
		SELECT i.institution, s.service,
			demo.draw(seed, 'has' || s.service || i.institution::text) < s.absent AS absent,
			demo.draw(seed, 'runs' || s.service || i.institution::text) AS runs,
			demo.draw(seed, 'stops' || s.service || i.institution::text) AS stops,
			anchor_on - demo.between(0, 4, demo.draw(seed, 'from' || i.institution::text)) AS stops_on
		FROM registry.institution AS i
		CROSS JOIN (
			VALUES ('inpatient', 0.002), ('outpatient', 0.005), ('emergency', 0.38), ('surgery', 0.30), ('dialysis', 0.55), ('chemotherapy', 0.52)
		) AS s (service, absent)
		WHERE i.kind = 'hospital'
	)
	SELECT h.institution, a.on_date, h.service,
		CASE
			WHEN h.absent THEN '設置なし'
			WHEN h.stops < 0.0012 AND a.on_date >= h.stops_on THEN '停止'
			WHEN h.runs < 0.003 THEN '停止'
			WHEN h.runs < 0.07 OR (h.stops < 0.012 AND a.on_date >= h.stops_on) THEN '制限'
			ELSE '通常'
		END
	FROM demo.answer(seed, from_on, to_on, anchor_on) AS a
	JOIN hospital AS h ON h.institution OPERATOR(outbreak.=) a.institution
	ORDER BY a.on_date, h.institution, h.service;
END;
COMMENT ON FUNCTION demo.service_status(bigint, date, date, date) IS '見本の診療機能の状況 / status of the six services of each hospital that answers, in the shape of gmis.service_status. A few stop or restrict a service in the last days before the anchor day.';

CREATE OR REPLACE FUNCTION demo.weekly_supply(seed bigint, week_on date, anchor_on date DEFAULT '2020-12-14')
RETURNS TABLE (institution outbreak.institution_code, week_on date, item text, stock integer, used integer, expected_arrivals integer)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 40000
BEGIN ATOMIC
	WITH item AS (
		SELECT c.institution, c.key, s.item, c.want,
			1 + (s.per_bed * (c.beds + 10) * (0.6 + 0.8 * demo.draw(seed, s.item || c.key)))::integer AS used,
			demo.draw(seed, 'stock' || s.item || c.key) AS luck
		FROM demo.capacity(seed) AS c
		CROSS JOIN (
			VALUES ('surgical_mask', 12.0), ('n95_mask', 0.5), ('isolation_gown', 1.6), ('face_shield', 0.7), ('goggles', 0.1), ('gloves', 45.0)
		) AS s (item, per_bed)
		WHERE c.kind = 'hospital'
	), plan AS (
		-- stock lasts for two to ten weeks; some of the short ones get too little to replace what they use
		SELECT i.*,
			(i.used * (CASE WHEN i.want > 0.96 THEN 1.9 + i.luck ELSE 2 + 8 * i.luck END))::integer AS first_stock,
			(i.used * (CASE WHEN i.want > 0.96 AND i.luck < 0.3 THEN 0.25 ELSE 0.9 + 0.2 * i.luck END))::integer AS arrivals,
			2 - (anchor_on - weekly_supply.week_on) / 7 AS weeks_in
		FROM item AS i
	)
	SELECT p.institution, weekly_supply.week_on, p.item,
		p.first_stock + p.weeks_in * (p.arrivals - p.used)
			-- a delivery that nobody had announced, which the rules ask about
			+ CASE WHEN weekly_supply.week_on = anchor_on AND p.item = 'n95_mask' AND p.want BETWEEN 0.5 AND 0.502 THEN 10 * p.used ELSE 0 END,
		p.used,
		p.arrivals
	FROM plan AS p
	JOIN demo.answer(seed, anchor_on, anchor_on, anchor_on) AS a ON a.institution OPERATOR(outbreak.=) p.institution
	ORDER BY p.institution, p.item;
END;
COMMENT ON FUNCTION demo.weekly_supply(bigint, date, date) IS '見本の週次物資報告 / stock, weekly use and expected arrivals of six items of protective equipment, in the shape of gmis.weekly_supply, for the week that begins on a Monday, at most two weeks before the anchor day. What is there, what came and what was used agree from week to week but for a dozen unannounced deliveries. A few hospitals run short.';

CREATE OR REPLACE FUNCTION demo.faulty_daily(seed bigint, on_date date, prefecture integer)
RETURNS TABLE (institution outbreak.institution_code, on_date date, report jsonb)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	WITH silent AS (
		SELECT i.institution, row_number() OVER (ORDER BY i.institution) AS place
		FROM registry.institution AS i
		WHERE i.kind = 'hospital'
			AND i.prefecture = faulty_daily.prefecture
			AND NOT EXISTS (
				SELECT
				FROM demo.answer(seed, faulty_daily.on_date, faulty_daily.on_date, faulty_daily.on_date) AS a
				WHERE a.institution OPERATOR(outbreak.=) i.institution
			)
	)
	SELECT s.institution, faulty_daily.on_date,
		'{"beds_secured": 8, "beds_ready": 6, "beds_occupied": 5, "severe_secured": 0, "severe_ready": 0, "severe_occupied": 0,
			"icu_present": 0, "icu_used": 0, "ventilators_present": 4, "ventilators_used": 1, "ventilator_patients": 0,
			"ecmo_present": 0, "ecmo_used": 0, "doctors": "通常", "nurses": "通常", "other_staff": "通常",
			"outpatients": 9, "inpatients": 5, "severe_patients": 0, "tests": 12, "positives": 2}'::jsonb || f.fault
	FROM silent AS s
	JOIN (
		VALUES
			(1, '{"beds_ready": 80}'::jsonb),
			(2, '{"tests": 2, "positives": 12}'),
			(3, '{"nurses": "不足"}'),
			(4, '{"icu_present": 0, "icu_used": 3}'),
			(5, '{"outpatients": -9}'),
			(6, '{"beds_ready": 80, "beds_occupied": 50000, "doctors": "少ない"}')
	) AS f (place, fault) ON f.place = s.place
	ORDER BY s.institution;
END;
COMMENT ON FUNCTION demo.faulty_daily(bigint, date, integer) IS '誤りのある日次報告 / up to six daily reports that break rules of severity error, in the names of hospitals of a prefecture that do not answer on that day (demo.answer with the day as its anchor).';
