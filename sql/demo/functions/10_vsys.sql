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
RETURNS TABLE (name_ja text, kind text, company_ja text, municipality outbreak.municipality_code, prefecture smallint, lat double precision, lng double precision, location text, phone text, stops integer, vials integer)
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
		'0000-' || lpad(p.prefecture::text, 2, '0') || '-' || CASE p.kind WHEN 'wholesaler' THEN 7000 ELSE 8000 END + p.serial,
		demo.between(14, 24, demo.draw(seed, 'stops' || p.key)),
		195 * demo.between(16, 26, demo.draw(seed, 'vials' || p.key))
	FROM placed AS p
	ORDER BY p.kind, p.prefecture, p.serial;
END;
COMMENT ON FUNCTION demo.vsys_branch(bigint, integer, integer) IS '見本の配送拠点 / branches of wholesalers and depots of the carrier, spread by inhabitants over the larger towns of each prefecture, with what each can bring on a working day: stops, and vials in whole boxes. Invented.';

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
