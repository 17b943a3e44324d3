-- The V-SYS part of the synthetic country. As everywhere in this schema: drawn from (seed, key), and nothing here writes to a table.

-- ---- 1,741 municipalities and who lives in them

CREATE OR REPLACE FUNCTION demo.designated_city()
RETURNS TABLE (prefecture smallint, name_ja text, inhabitants integer)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT c.prefecture::smallint, c.name_ja, c.inhabitants
	FROM (
		VALUES
			(1, '札幌市', 1973), (4, '仙台市', 1097), (11, 'さいたま市', 1324), (12, '千葉市', 975),
			(14, '横浜市', 3777), (14, '川崎市', 1538), (14, '相模原市', 725), (15, '新潟市', 789),
			(22, '静岡市', 693), (22, '浜松市', 791), (23, '名古屋市', 2332), (26, '京都市', 1464),
			(27, '大阪市', 2752), (27, '堺市', 826), (28, '神戸市', 1525), (33, '岡山市', 725),
			(34, '広島市', 1201), (40, '北九州市', 939), (40, '福岡市', 1612), (43, '熊本市', 739)
	) AS c (prefecture, name_ja, inhabitants);
END;
COMMENT ON FUNCTION demo.designated_city() IS '政令指定都市 / the twenty designated cities and their inhabitants (thousands, census 2020).';

CREATE OR REPLACE FUNCTION demo.vsys_town(seed bigint)
RETURNS TABLE (municipality outbreak.municipality_code, prefecture smallint, name_ja text, lat double precision, lng double precision, kind text, inhabitants integer)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 1741
BEGIN ATOMIC
	WITH town AS (
		-- wards of designated cities, which carry its name in front, become their city again
		SELECT coalesce(m.municipality, t.municipality) AS municipality, t.prefecture,
			coalesce(m.name_ja, t.name_ja) AS name_ja, t.lat, t.lng, d.inhabitants AS thousands
		FROM demo.town(seed) AS t
		LEFT JOIN demo.designated_city() AS d ON d.prefecture = t.prefecture
			AND starts_with(t.name_ja, d.name_ja)
		LEFT JOIN registry.municipality AS m ON m.prefecture = d.prefecture
			AND m.name_ja = d.name_ja
	), city AS (
		SELECT t.municipality, t.prefecture, t.name_ja, avg(t.lat) AS lat, avg(t.lng) AS lng, t.thousands,
			CASE
				WHEN t.thousands IS NOT NULL THEN 'designated'
				WHEN right(t.name_ja, 1) = '区' THEN 'ward'
				WHEN right(t.name_ja, 1) = '市' THEN 'city'
				WHEN right(t.name_ja, 1) = '町' THEN 'town'
				ELSE 'village'
			END AS kind
		FROM town AS t
		GROUP BY t.municipality, t.prefecture, t.name_ja, t.thousands
	), weighed AS (
		SELECT c.*,
			CASE c.kind
				WHEN 'designated' THEN 0
				WHEN 'ward' THEN 160000
				WHEN 'city' THEN 60000
				WHEN 'town' THEN 13000
				ELSE 3500
			END * exp(1.8 * demo.draw(seed, 'people' || c.municipality::text)) AS weight,
			1000 * (p.inhabitants - sum(coalesce(c.thousands, 0)) OVER (PARTITION BY c.prefecture)) AS others
		FROM city AS c
		JOIN demo.profile() AS p ON p.prefecture = c.prefecture
	)
	SELECT w.municipality, w.prefecture, w.name_ja, w.lat, w.lng, w.kind,
		coalesce(1000 * w.thousands,
			outbreak.apportion(w.others, w.weight::bigint, 'hamilton') OVER (PARTITION BY w.prefecture ORDER BY w.municipality))::integer
	FROM weighed AS w;
END;
COMMENT ON FUNCTION demo.vsys_town(bigint) IS '接種を行う市区町村 / the municipalities that vaccinate: 1,741 of the official list, a designated city as one, without the Northern Territories. Their inhabitants are invented and add up to those of the prefecture; designated cities have their own.';

CREATE OR REPLACE FUNCTION demo.vsys_ward()
RETURNS TABLE (ward outbreak.municipality_code, municipality outbreak.municipality_code)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1900
BEGIN ATOMIC
	SELECT m.municipality, coalesce(c.municipality, m.municipality)
	FROM registry.municipality AS m
	LEFT JOIN demo.designated_city() AS d ON d.prefecture = m.prefecture
		AND starts_with(m.name_ja, d.name_ja)
	LEFT JOIN registry.municipality AS c ON c.prefecture = d.prefecture
		AND c.name_ja = d.name_ja;
END;
COMMENT ON FUNCTION demo.vsys_ward() IS 'Which municipality vaccinates for whom: wards of designated cities belong to their city, all others to themselves.';

CREATE OR REPLACE FUNCTION demo.vsys_population(seed bigint)
RETURNS TABLE (municipality outbreak.municipality_code, age_from smallint, age_before smallint, persons integer, as_of_on date)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 21000
BEGIN ATOMIC
	WITH band AS (
		SELECT array_agg(b.age_from ORDER BY b.age_from) AS ages, array_agg(b.share ORDER BY b.age_from) AS shares
		FROM (
			VALUES (0, 94), (12, 35), (16, 36), (20, 101), (30, 114), (40, 144), (50, 132), (60, 59), (65, 66), (70, 129), (80, 71), (90, 19)
		) AS b (age_from, share)
	), old AS (
		-- the country is older than the cities
		SELECT t.municipality, t.inhabitants,
			CASE t.kind
				WHEN 'designated' THEN -0.3
				WHEN 'ward' THEN -0.5
				WHEN 'city' THEN -0.15
				WHEN 'town' THEN 0.3
				ELSE 0.5
			END + 0.25 * demo.draw(seed, 'old' || t.municipality::text) AS tilt
		FROM demo.vsys_town(seed) AS t
	)
	SELECT o.municipality, a.age_from::smallint,
		lead(a.age_from) OVER (PARTITION BY o.municipality ORDER BY a.age_from)::smallint,
		a.persons::integer, '2021-01-01'::date
	FROM old AS o
	CROSS JOIN band AS b
	CROSS JOIN LATERAL unnest(b.ages, outbreak.apportion(o.inhabitants, ARRAY(
		SELECT (1000 * s.share * exp(o.tilt * (s.age - 45) / 40.0))::bigint
		FROM unnest(b.ages, b.shares) WITH ORDINALITY AS s (age, share, place)
		ORDER BY s.place
	))) AS a (age_from, persons);
END;
COMMENT ON FUNCTION demo.vsys_population(bigint) IS '見本の人口 / inhabitants by age band in the shape of vsys.population: twelve bands, older in towns and villages than in cities. Invented.';

-- ---- 70,000 sites

CREATE OR REPLACE FUNCTION demo.vsys_new_institution(seed bigint, sites integer DEFAULT 70000)
RETURNS TABLE (institution outbreak.institution_code, municipality outbreak.municipality_code, kind text, name_ja text, address text, phone text, location text, valid daterange)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 40000
BEGIN ATOMIC
	WITH town AS MATERIALIZED (
		SELECT *
		FROM demo.vsys_town(seed)
	), lacking AS (
		SELECT sites - (SELECT count(*) FROM registry.institution AS i WHERE i.kind IN ('hospital', 'clinic')) AS lacking,
			(SELECT count(*) FROM town) AS towns
	), share AS (
		-- each municipality has its mass site; the rest goes by people
		SELECT t.*, 1 + outbreak.apportion(greatest(0, l.lacking - l.towns), t.inhabitants, 'hamilton') OVER (ORDER BY t.municipality) AS share
		FROM town AS t
		CROSS JOIN lacking AS l
	), placed AS (
		SELECT s.*, g.place, '/' || s.municipality::text || '/' || g.place AS key,
			g.place <= 1 + s.inhabitants / 60000 AS mass,
			row_number() OVER (PARTITION BY s.prefecture ORDER BY s.municipality, g.place)::integer AS serial
		FROM share AS s
		CROSS JOIN LATERAL generate_series(1, s.share::integer) AS g (place)
	)
	SELECT outbreak.provisional_institution_code(p.prefecture, 100000 + p.serial), p.municipality,
		CASE WHEN p.mass THEN 'other' ELSE 'clinic' END,
		CASE
			WHEN p.mass AND p.place = 1 THEN p.name_ja || ' 集団接種会場（総合体育館）'
			WHEN p.mass THEN p.name_ja || ' 集団接種会場（第' || p.place || '）'
			WHEN demo.draw(seed, 'style' || p.key) < 0.5 THEN demo.surname(demo.draw(seed, 'name' || p.key)) || '診療所'
			ELSE demo.surname(demo.draw(seed, 'name' || p.key)) || '内科循環器科'
		END,
		r.name_ja || p.name_ja || '見本町' || demo.between(31, 60, demo.draw(seed, 'block' || p.key)) || '番地',
		'0000-' || lpad(p.prefecture::text, 2, '0') || '-' || p.serial,
		'SRID=4326;POINT('
			|| round((p.lng + (demo.draw(seed, 'lng' || p.key) + demo.draw(seed, 'lng2' || p.key) - 1) * 0.04)::numeric, 5) || ' '
			|| round((p.lat + (demo.draw(seed, 'lat' || p.key) + demo.draw(seed, 'lat2' || p.key) - 1) * 0.035)::numeric, 5) || ')',
		'[2021-02-01,)'::daterange
	FROM placed AS p
	JOIN registry.prefecture AS r ON r.prefecture = p.prefecture;
END;
COMMENT ON FUNCTION demo.vsys_new_institution(bigint, integer) IS 'さらなる接種施設 / clinics and mass sites that the registry does not know yet, so that with its hospitals and clinics there are as many sites as asked for (default 70,000): a mass site in each municipality, another for every 60,000 inhabitants. Provisional codes from serial 100,001 up. Invented.';

CREATE OR REPLACE FUNCTION demo.vsys_site(seed bigint, basic integer DEFAULT 10000)
RETURNS TABLE (site outbreak.institution_code, municipality outbreak.municipality_code, kind text, basic_site outbreak.institution_code, public boolean, reservation text, reservation_url text, reservation_phone text, notes text, state text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 70000
BEGIN ATOMIC
	WITH site AS MATERIALIZED (
		SELECT i.institution, i.kind, i.phone, w.municipality, i.institution::text AS key,
			row_number() OVER (
				PARTITION BY w.municipality
				-- freezers go to mass sites and to the larger hospitals
				ORDER BY i.kind <> 'other', i.beds_licensed DESC NULLS LAST, i.institution
			) AS place
		FROM registry.institution AS i
		JOIN demo.vsys_ward() AS w ON w.ward OPERATOR(outbreak.=) i.municipality
		WHERE i.kind IN ('hospital', 'clinic', 'other')
	), sized AS (
		SELECT s.municipality, count(*) AS sites, max(t.inhabitants) AS inhabitants
		FROM site AS s
		JOIN demo.vsys_town(seed) AS t ON t.municipality OPERATOR(outbreak.=) s.municipality
		GROUP BY s.municipality
	), freezer AS (
		SELECT z.municipality,
			outbreak.apportion(least(basic, (SELECT count(*) FROM site)), z.inhabitants, 'hamilton', 1, z.sites) OVER (ORDER BY z.municipality) AS freezers
		FROM sized AS z
	), basic AS (
		SELECT s.institution, s.municipality, s.place
		FROM site AS s
		JOIN freezer AS f ON f.municipality OPERATOR(outbreak.=) s.municipality AND s.place <= f.freezers
	), drawn AS (
		SELECT s.*, f.freezers,
			CASE WHEN s.place > f.freezers THEN 1 + mod(s.place - f.freezers - 1, f.freezers) END AS parent,
			demo.draw(seed, 'route' || s.key) AS route,
			demo.draw(seed, 'state' || s.key) AS state
		FROM site AS s
		JOIN freezer AS f ON f.municipality OPERATOR(outbreak.=) s.municipality
	)
	SELECT d.institution, d.municipality,
		CASE WHEN d.parent IS NULL THEN 'basic' WHEN d.kind = 'hospital' THEN 'linked' ELSE 'satellite' END,
		b.institution,
		d.kind = 'other' OR demo.draw(seed, 'public' || d.key) < 0.7,
		CASE
			WHEN d.kind = 'other' OR d.route < 0.06 THEN 'vsys'
			WHEN d.route < 0.35 THEN 'phone'
			WHEN d.route < 0.60 THEN 'web'
			WHEN d.route < 0.97 THEN 'municipality'
			ELSE 'none'
		END,
		CASE WHEN d.kind <> 'other' AND d.route >= 0.35 AND d.route < 0.60 THEN 'https://yoyaku.example.jp/' || d.key END,
		CASE WHEN d.kind <> 'other' AND d.route >= 0.06 AND d.route < 0.35 THEN d.phone END,
		CASE WHEN d.kind = 'other' THEN '駐車場あり。上履き不要。' END,
		CASE WHEN d.kind = 'other' OR d.parent IS NULL OR d.state < 0.93 THEN 'open' WHEN d.state < 0.95 THEN 'paused' WHEN d.state < 0.97 THEN 'registered' WHEN d.state < 0.99 THEN 'authorised' ELSE 'applied' END
	FROM drawn AS d
	LEFT JOIN basic AS b ON b.municipality OPERATOR(outbreak.=) d.municipality AND b.place = d.parent
	ORDER BY d.parent IS NOT NULL, d.institution;
END;
COMMENT ON FUNCTION demo.vsys_site(bigint, integer) IS '見本の接種施設 / a site for each hospital, clinic and mass site of the registry, in the shape of vsys.site: as many basic-type sites as asked for, by inhabitants and at least one in each municipality, mass sites and large hospitals first; all others belong to one of their municipality, in turns. Basic sites come first, so that a COPY finds what it refers to.';

-- ---- about 500 branches of wholesalers, and the depots of the maker's carrier

CREATE OR REPLACE FUNCTION demo.vsys_branch(seed bigint, wholesalers integer DEFAULT 500, depots integer DEFAULT 120)
RETURNS TABLE (name_ja text, kind text, company_ja text, municipality outbreak.municipality_code, prefecture smallint, lat double precision, lng double precision, location text, phone text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 620
BEGIN ATOMIC
	WITH kind AS (
		SELECT p.prefecture, k.kind,
			CASE k.kind
				WHEN 'wholesaler' THEN outbreak.apportion(wholesalers, p.inhabitants, 'hamilton', 3, wholesalers) OVER (PARTITION BY k.kind ORDER BY p.prefecture)
				ELSE outbreak.apportion(depots, p.inhabitants, 'hamilton', 1, depots) OVER (PARTITION BY k.kind ORDER BY p.prefecture)
			END AS branches
		FROM demo.profile() AS p
		CROSS JOIN unnest('{wholesaler,carrier}'::text[]) AS k (kind)
	), town AS MATERIALIZED (
		SELECT t.municipality, t.prefecture, t.name_ja, t.lat, t.lng, count(*) OVER (PARTITION BY t.prefecture) AS towns,
			row_number() OVER (PARTITION BY t.prefecture ORDER BY t.inhabitants DESC, t.municipality) AS place
		FROM demo.vsys_town(seed) AS t
	), branch AS (
		-- the largest towns have one, then each of them a second one
		SELECT k.kind, t.*, g.serial, '/' || k.kind || '/' || k.prefecture || '/' || g.serial AS key
		FROM kind AS k
		CROSS JOIN LATERAL generate_series(1, k.branches::integer) AS g (serial)
		JOIN town AS t ON t.prefecture = k.prefecture
			AND t.place = 1 + mod(g.serial - 1, least(t.towns, 12))
	), placed AS (
		SELECT b.*,
			b.lat + (demo.draw(seed, 'lat' || b.key) - 0.5) * 0.04 AS branch_lat,
			b.lng + (demo.draw(seed, 'lng' || b.key) - 0.5) * 0.05 AS branch_lng,
			CASE b.kind
				WHEN 'wholesaler' THEN ('{あけぼの薬品,みなと医薬,中央見本薬品,ひかりメディカル,北斗薬品,やまと医薬品,青葉薬業,白鳥メディカル}'::text[])[1 + mod(b.serial + b.prefecture, 4) + 4 * (b.prefecture > 23)::integer]
				ELSE ('{見本運輸,みほん通運}'::text[])[1 + mod(b.serial, 2)]
			END AS company_ja
		FROM branch AS b
	)
	SELECT p.company_ja || ' ' || p.name_ja || CASE p.kind WHEN 'wholesaler' THEN '支店' ELSE '物流センター' END
			|| CASE WHEN p.serial > 12 THEN (1 + (p.serial - 1) / 12)::text ELSE '' END,
		p.kind, p.company_ja, p.municipality, p.prefecture, p.branch_lat, p.branch_lng,
		'SRID=4326;POINT(' || round(p.branch_lng::numeric, 5) || ' ' || round(p.branch_lat::numeric, 5) || ')',
		'0000-' || lpad(p.prefecture::text, 2, '0') || '-' || CASE p.kind WHEN 'wholesaler' THEN 7000 ELSE 8000 END + p.serial
	FROM placed AS p
	ORDER BY p.kind, p.prefecture, p.serial;
END;
COMMENT ON FUNCTION demo.vsys_branch(bigint, integer, integer) IS '見本の配送拠点 / branches of wholesalers and depots of the carrier, spread by inhabitants over the larger towns of each prefecture. Invented.';

CREATE OR REPLACE FUNCTION demo.vsys_area(seed bigint)
RETURNS TABLE (municipality outbreak.municipality_code, kind text, branch_ja text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 3500
BEGIN ATOMIC
	SELECT DISTINCT ON (t.municipality, b.kind) t.municipality, b.kind, b.name_ja
	FROM demo.vsys_town(seed) AS t
	JOIN demo.vsys_branch(seed) AS b ON b.prefecture = t.prefecture
	ORDER BY t.municipality, b.kind, power(b.lat - t.lat, 2) + power(0.8 * (b.lng - t.lng), 2), b.name_ja;
END;
COMMENT ON FUNCTION demo.vsys_area(bigint) IS '担当地域 / which branch of each kind each municipality is given to: the nearest of its prefecture.';

CREATE OR REPLACE FUNCTION demo.vsys_capacity(seed bigint)
RETURNS TABLE (kind text, branch_ja text, stops integer, vials integer)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 620
BEGIN ATOMIC
	SELECT a.kind, a.branch_ja,
		-- a basic-type site for every 12,600 inhabitants and 11,000 boxes for the nation, within ten days, and half as much again
		ceil(4 + sum(t.inhabitants) / 80000.0 + 3 * demo.draw(seed, 'stops' || a.branch_ja))::integer,
		195 * ceil(8 + sum(t.inhabitants) / 60000.0 + 3 * demo.draw(seed, 'vials' || a.branch_ja))::integer
	FROM demo.vsys_area(seed) AS a
	JOIN demo.vsys_town(seed) AS t ON t.municipality OPERATOR(outbreak.=) a.municipality
	GROUP BY a.kind, a.branch_ja;
END;
COMMENT ON FUNCTION demo.vsys_capacity(bigint) IS '配送能力 / what each branch can bring on a working day, by who lives in its areas: stops, and vials in whole boxes. A branch without an area has no row. Invented.';

-- ---- vaccine

CREATE OR REPLACE FUNCTION demo.vsys_lot(seed bigint)
RETURNS TABLE (product text, lot text, expiry_on date)
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT p.product, p.letters || lpad(demo.between(1000, 9999, demo.draw(seed, 'lot' || p.product || n.n))::text, 4, '0'),
		'2021-07-31'::date + 15 * n.n
	FROM (VALUES ('comirnaty', 'FX'), ('spikevax', '3004')) AS p (product, letters)
	CROSS JOIN generate_series(0, 7) AS n (n);
END;
COMMENT ON FUNCTION demo.vsys_lot(bigint) IS '見本のロット / eight lots of each vaccine, the first of which expires at the end of July 2021. Invented.';

CREATE OR REPLACE FUNCTION demo.vsys_freezer(seed bigint)
RETURNS TABLE (site outbreak.institution_code, freezer text, state text, vials integer)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	SELECT s.site, 'DF-1', 'ultra_cold', 195 * demo.between(8, 16, demo.draw(seed, 'freezer' || s.site::text))
	FROM vsys.site AS s
	WHERE s.kind = 'basic';
END;
COMMENT ON FUNCTION demo.vsys_freezer(bigint) IS '超低温冷凍庫 / the deep freezer of each basic-type site, with room for eight to sixteen boxes. Invented.';

CREATE OR REPLACE FUNCTION demo.vsys_request(seed bigint)
RETURNS TABLE (site outbreak.institution_code, boxes integer)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	WITH basic AS (
		SELECT s.site, s.municipality, count(*) OVER (PARTITION BY s.municipality) AS basics
		FROM vsys.site AS s
		WHERE s.kind = 'basic'
	)
	SELECT b.site,
		-- a box for every 5,000 inhabitants or so; towns differ in how much they ask for, and their sites again
		greatest(1, round(t.inhabitants / 5000.0 / b.basics
			* (0.6 + 0.9 * demo.draw(seed, 'asks' || b.municipality::text))
			* (0.5 + demo.draw(seed, 'asks' || b.site::text)))::integer)
	FROM basic AS b
	JOIN demo.vsys_town(seed) AS t ON t.municipality OPERATOR(outbreak.=) b.municipality;
END;
COMMENT ON FUNCTION demo.vsys_request(bigint) IS '見本の希望量 / boxes that each basic-type site asks for in a round, for itself and its partners: more than 20,000 in all, twice what there is.';

-- ---- what became of deliveries

CREATE OR REPLACE FUNCTION demo.vsys_shipment(seed bigint, of_round bigint)
RETURNS TABLE (delivery bigint, site outbreak.institution_code, prefecture smallint, lot text, vials integer, doses_per_vial smallint, shipped_at timestamptz, logger text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	WITH lot AS (
		SELECT l.product, l.lot, row_number() OVER (PARTITION BY l.product ORDER BY l.expiry_on) AS place, count(*) OVER (PARTITION BY l.product) AS lots
		FROM demo.vsys_lot(seed) AS l
	)
	SELECT d.delivery, d.site, d.prefecture, l.lot, d.vials, 6::smallint,
		(d.on_date + time '06:00' + interval '1 minute' * demo.between(0, 119, demo.draw(seed, 'ship' || d.site::text))) AT TIME ZONE 'Asia/Tokyo',
		'TL' || lpad(demo.between(0, 999999, demo.draw(seed, 'logger' || d.site::text))::text, 6, '0')
	FROM vsys.delivery AS d
	-- a branch sends one lot on a day
	JOIN lot AS l ON l.product = d.product
		AND l.place = demo.between(1, l.lots::integer, demo.draw(seed, 'lot' || d.branch || d.on_date - date '2000-01-01'))
	WHERE d.round = of_round
		-- what a site has not confirmed does not leave
		AND d.state <> 'planned'
	ORDER BY d.delivery;
END;
COMMENT ON FUNCTION demo.vsys_shipment(bigint, bigint) IS '見本の出荷 / what the branches send for the deliveries of a round, in the shape of vsys.shipment. Depends on the deliveries that are there.';

CREATE OR REPLACE FUNCTION demo.vsys_receipt(seed bigint, of_round bigint)
RETURNS TABLE (delivery bigint, site outbreak.institution_code, prefecture smallint, lot text, vials integer, rejected integer, condition text, logger_ok boolean, received_by text, received_at timestamptz)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	SELECT s.delivery, s.site, s.prefecture, s.lot,
		CASE WHEN o.odd < 0.0008 THEN 0 WHEN o.odd < 0.002 THEN s.vials - 1 ELSE s.vials END,
		CASE WHEN o.odd < 0.0008 THEN s.vials ELSE 0 END,
		CASE WHEN o.odd < 0.0008 THEN 'temperature' ELSE 'good' END,
		o.odd >= 0.0008,
		'薬剤部 ' || demo.surname(demo.draw(seed, 'takes' || s.site::text)),
		s.shipped_at + interval '1 minute' * demo.between(120, 420, demo.draw(seed, 'arrives' || s.site::text))
	FROM demo.vsys_shipment(seed, of_round) AS s
	CROSS JOIN LATERAL (SELECT demo.draw(seed, 'odd' || s.site::text) AS odd) AS o
	ORDER BY s.delivery;
END;
COMMENT ON FUNCTION demo.vsys_receipt(bigint, bigint) IS '見本の受領 / the proofs of receipt for these shipments, in the shape of vsys.receipt: of ten thousand some eight boxes that became too warm are rejected, and in a dozen a vial is missing.';

-- ---- people: four small towns whose doses come as files, a city that scans, and one where a session opens

CREATE OR REPLACE FUNCTION demo.vsys_record_town(seed bigint)
RETURNS TABLE (place integer, municipality outbreak.municipality_code, name_ja text, inhabitants integer, site outbreak.institution_code, site_ja text, lag double precision)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 4
BEGIN ATOMIC
	WITH town AS (
		SELECT t.municipality, t.name_ja, t.inhabitants, row_number() OVER (ORDER BY demo.draw(seed, 'records' || t.municipality::text), t.municipality)::integer AS place
		FROM demo.vsys_town(seed) AS t
		WHERE t.kind = 'town'
			AND t.inhabitants BETWEEN 4000 AND 9000
	)
	SELECT DISTINCT ON (t.place) t.place, t.municipality, t.name_ja, t.inhabitants, s.site, i.name_ja,
		-- days until a dose is entered; the last town takes its time
		CASE WHEN t.place = 4 THEN 9.0 ELSE 0.3 * t.place END
	FROM town AS t
	JOIN vsys.site AS s ON s.municipality OPERATOR(outbreak.=) t.municipality
	JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.site
		AND i.kind = 'other'
	WHERE t.place <= 4
	ORDER BY t.place, s.site;
END;
COMMENT ON FUNCTION demo.vsys_record_town(bigint) IS '個人記録のある町 / four small towns whose doses are known by person, with their mass site; the fourth enters them late.';

CREATE OR REPLACE FUNCTION demo.vsys_given(seed bigint, of_round bigint, until date)
RETURNS TABLE (site outbreak.institution_code, prefecture smallint, product text, lot text, kind text, doses integer, happened_at timestamptz)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	SELECT r.site, r.prefecture, r.product, r.lot, 'given',
		greatest(1, (r.vials * 6 * (0.35 + 0.45 * demo.draw(seed, 'uses' || r.municipality::text) + 0.2 * demo.draw(seed, 'uses' || r.site::text)))::integer),
		-- within the days that are left
		r.received_at + ((until + time '17:00') AT TIME ZONE 'Asia/Tokyo' - r.received_at) * (0.3 + 0.69 * demo.draw(seed, 'day' || r.site::text))
	FROM vsys.receipt AS r
	JOIN vsys.delivery AS d ON d.delivery = r.delivery
	WHERE d.round = of_round
		AND r.vials > 0
		-- what these gave is known by person
		AND NOT EXISTS (SELECT FROM demo.vsys_record_town(seed) AS t WHERE t.municipality OPERATOR(outbreak.=) r.municipality)
		AND r.received_at < (until + time '15:00') AT TIME ZONE 'Asia/Tokyo'
	ORDER BY r.site;
END;
COMMENT ON FUNCTION demo.vsys_given(bigint, bigint, date) IS '見本の使用 / doses given by each site until a day out of what it received of a round, as a row of vsys.stock_event: between 35 and 100 per cent, as its town and itself are busy.';

CREATE OR REPLACE FUNCTION demo.vsys_ticket(seed bigint)
RETURNS TABLE (municipality outbreak.municipality_code, number text, birth_on date, sex text, priority_group text, valid_from date, valid_to date)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	SELECT t.municipality, lpad((1000 * t.place + g.serial)::text, 10, '0'), p.birth_on,
		CASE WHEN demo.draw(seed, 'sex' || p.key) < 0.53 THEN 'female' ELSE 'male' END,
		CASE WHEN p.birth_on < '1957-04-02' THEN 'elderly' WHEN demo.draw(seed, 'group' || p.key) < 0.12 THEN 'conditions' ELSE 'general' END,
		CASE WHEN p.birth_on < '1957-04-02' THEN '2021-05-01' ELSE '2021-06-21' END::date, '2022-09-30'::date
	FROM demo.vsys_record_town(seed) AS t
	CROSS JOIN generate_series(1, 450) AS g (serial)
	CROSS JOIN LATERAL (
		SELECT '/' || t.place || '/' || g.serial AS key,
			'1930-01-01'::date + demo.between(0, 26000, power(demo.draw(seed, 'born/' || t.place || '/' || g.serial), 1.7)) AS birth_on
	) AS p;
END;
COMMENT ON FUNCTION demo.vsys_ticket(bigint) IS '見本の接種券 / 450 tickets in each of the four towns, two thirds of them of people aged 65 and above. Invented.';

CREATE OR REPLACE FUNCTION demo.vsys_dose(seed bigint, until date)
RETURNS TABLE (place integer, municipality outbreak.municipality_code, number text, site_ja text, dose_number integer, given_on date, registered_at timestamp, doctor text, lot text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	WITH first AS (
		SELECT t.place, k.municipality, k.number, t.site_ja, t.lag, '/' || k.municipality::text || k.number AS key,
			CASE k.priority_group WHEN 'elderly' THEN '2021-05-24'::date ELSE '2021-06-23'::date END
				+ demo.between(0, CASE k.priority_group WHEN 'elderly' THEN 40 ELSE 30 END, demo.draw(seed, 'dose/' || k.municipality::text || k.number)) AS given_on
		FROM demo.vsys_ticket(seed) AS k
		JOIN demo.vsys_record_town(seed) AS t ON t.municipality OPERATOR(outbreak.=) k.municipality
		WHERE demo.draw(seed, 'comes' || k.municipality::text || k.number) < CASE k.priority_group WHEN 'elderly' THEN 0.82 ELSE 0.45 END
	)
	SELECT d.place, d.municipality, d.number, d.site_ja, d.dose_number, d.given_on,
		d.given_on + time '18:00' + interval '1 second' * (86400 * d.lag * 2 * demo.draw(seed, 'lag' || d.key || d.dose_number))::integer,
		'医師 ' || demo.surname(demo.draw(seed, 'doctor' || d.site_ja || d.given_on - date '2000-01-01')),
		l.lot
	FROM (
		SELECT f.place, f.municipality, f.number, f.site_ja, f.lag, f.key, n.dose_number, f.given_on + 21 * (n.dose_number - 1) AS given_on
		FROM first AS f
		CROSS JOIN generate_series(1, 2) AS n (dose_number)
	) AS d
	JOIN (
		SELECT v.lot, row_number() OVER (ORDER BY v.expiry_on) AS place
		FROM demo.vsys_lot(seed) AS v
		WHERE v.product = 'comirnaty'
	) AS l ON l.place = 1 + (d.given_on - date '2021-05-24') / 10 % 8
	WHERE d.given_on < until;
END;
COMMENT ON FUNCTION demo.vsys_dose(bigint, date) IS '見本の接種記録 / doses given in the four towns before a day, each with the moment at which it was entered; second doses three weeks after the first.';

CREATE OR REPLACE FUNCTION demo.vsys_vrs_line(seed bigint, until date)
RETURNS TABLE (place integer, line text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 1500
BEGIN ATOMIC
	WITH dose AS (
		-- what was entered by then, as columns of a file
		SELECT d.place, d.municipality, d.number, d.dose_number,
			concat_ws(',', to_char(d.registered_at, 'YYYYMMDDHH24MISS'), to_char(d.given_on, 'YYYYMMDD'), d.number, d.municipality::text, d.site_ja, d.doctor, 'ファイザー', d.lot) AS fields
		FROM demo.vsys_dose(seed, until) AS d
		WHERE d.registered_at < until + time '06:00'
	), record AS (
		SELECT o.place, o.number, 'R' || o.number || ',' || o.fields || ',' || coalesce(t.fields, repeat(',', 7)) AS line
		FROM dose AS o
		LEFT JOIN dose AS t ON t.municipality OPERATOR(outbreak.=) o.municipality
			AND t.number = o.number
			AND t.dose_number = 2
		WHERE o.dose_number = 1
	)
	SELECT r.place, r.line
	FROM (
		SELECT c.place, 0 AS part, '' AS number, '宛名番号,登録日時,接種日,券番号,市区町村コード,接種会場,接種医師,メーカー,ロット番号,登録日時,接種日,券番号,市区町村コード,接種会場,接種医師,メーカー,ロット番号' AS line
		FROM demo.vsys_record_town(seed) AS c
		UNION ALL
		SELECT d.place, 1, d.number, d.line
		FROM record AS d
		UNION ALL
		-- what goes wrong where people type: no such ticket, 0000000000, a wrong check digit, no date, another town's, a column too few
		SELECT 1, 2, f.number, replace(f.line, '@town', t.municipality::text)
		FROM demo.vsys_record_town(seed) AS t
		CROSS JOIN (
			VALUES
				('1', 'R9,20210701180000,20210701,0000009999,@town,保健センター,医師 佐藤,ファイザー,FX0001,,,,,,,,'),
				('2', 'R9,20210701180000,20210701,0000000000,@town,保健センター,医師 佐藤,ファイザー,FX0001,,,,,,,,'),
				('3', 'R9,20210701180000,20210701,0000001001,123456,保健センター,医師 佐藤,ファイザー,FX0001,,,,,,,,'),
				('4', 'R9,20210701180000,2021073X,0000001002,@town,保健センター,医師 佐藤,ファイザー,FX0001,,,,,,,,'),
				('5', 'R9,20210701180000,20210701,0000001003,131016,保健センター,医師 佐藤,ファイザー,FX0001,,,,,,,,'),
				('6', 'R9,20210701180000,20210701,0000001004,@town,保健センター,医師 佐藤')
		) AS f (number, line)
		WHERE t.place = 1
	) AS r
	ORDER BY r.place, r.part, r.number;
END;
COMMENT ON FUNCTION demo.vsys_vrs_line(bigint, date) IS '見本のVRSファイル / the lines of a VRS file of each of the four towns as of the morning of a day; that of the first town ends with six wrong ones.';

CREATE OR REPLACE FUNCTION demo.vsys_scan(seed bigint, on_date date)
RETURNS TABLE (site outbreak.institution_code, municipality outbreak.municipality_code, number text, birth_on date, ticket text, vial text, given_at timestamptz)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 1200
BEGIN ATOMIC
	WITH city AS (
		-- where most is on hand
		SELECT s.municipality, h.site, h.lot, h.doses
		FROM vsys.holding AS h
		JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) h.site
		JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) h.site
		JOIN demo.vsys_town(seed) AS t ON t.municipality OPERATOR(outbreak.=) s.municipality
		WHERE h.product = 'comirnaty'
			AND i.kind = 'other'
			AND t.kind = 'city'
		ORDER BY h.doses DESC, h.site
		LIMIT 1
	)
	SELECT c.site, c.municipality, lpad(g.serial::text, 10, '0'), '1937-01-01'::date + demo.between(0, 7300, demo.draw(seed, 'scan' || g.serial)),
		'21' || c.municipality::text || lpad(g.serial::text, 10, '0'),
		outbreak.gs1_element_string('04912345000101', l.expiry_on, l.lot),
		(on_date + time '09:00' + interval '25 seconds' * g.serial) AT TIME ZONE 'Asia/Tokyo'
	FROM city AS c
	JOIN vsys.lot AS l ON l.product = 'comirnaty' AND l.lot = c.lot
	CROSS JOIN LATERAL generate_series(1, least(1200, c.doses - 6)::integer) AS g (serial);
END;
COMMENT ON FUNCTION demo.vsys_scan(bigint, date) IS '見本の読取 / a day at the mass site of a city: up to 1,200 first doses, each with the line of the ticket and the bar code of the vial as they are scanned. Depends on the stock that is there.';
