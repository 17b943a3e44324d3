-- The arrivals of the synthetic country. As everywhere in this schema: drawn from (seed, key), and nothing here writes to a table.

-- ---- where: health centres, readers

CREATE OR REPLACE FUNCTION demo.quarantine_health_center(seed bigint)
RETURNS TABLE (prefecture smallint, name_ja text, municipality outbreak.municipality_code)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 300
BEGIN ATOMIC
	SELECT t.prefecture, t.name_ja || '保健所', t.municipality
	FROM (
		SELECT t.*, row_number() OVER (PARTITION BY t.prefecture ORDER BY t.inhabitants DESC, t.municipality) AS size
		FROM demo.vsys_town(seed) AS t
	) AS t
	WHERE t.size = 1
		OR t.kind IN ('designated', 'ward')
		OR t.inhabitants >= 150000
	ORDER BY t.municipality;
END;
COMMENT ON FUNCTION demo.quarantine_health_center(bigint) IS '保健所 / health centres in the shape of registry.health_center: one in each designated city, each ward of Tokyo, each town of 150,000 inhabitants and more, and in the largest town of every prefecture. Towns without one are looked after by their prefecture.';

CREATE OR REPLACE FUNCTION demo.quarantine_airport()
RETURNS TABLE (port text, readers integer, installed boolean, flights integer, share double precision, home integer, stay_home double precision)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	SELECT a.port, a.readers, a.installed, a.flights, a.share::double precision, a.home, a.stay_home::double precision
	FROM (
		VALUES
			('NRT', 80, true, 26, 1.00, 13, 0.40), ('HND', 60, true, 18, 1.05, 13, 0.50), ('KIX', 40, true, 9, 0.90, 27, 0.45),
			('NGO', 15, true, 4, 0.70, 23, 0.55), ('FUK', 15, true, 3, 0.60, 40, 0.55), ('CTS', 13, false, 0, 0, 1, 0)
	) AS a (port, readers, installed, flights, share, home, stay_home);
END;
COMMENT ON FUNCTION demo.quarantine_airport() IS '空港 / airports that read tickets: devices (210 installed at five airports and 13 planned, as in December 2020), flights from abroad a day and how full they are against each other, and the prefecture where more people stay than elsewhere, with their share. The numbers of devices are those of the country, their division among the airports is invented.';

-- ---- who comes

CREATE OR REPLACE FUNCTION demo.quarantine_flight(seed bigint, on_date date, persons integer DEFAULT 5000)
RETURNS TABLE (port text, conveyance text, scheduled_at timestamptz, country text, entered integer, passengers integer, missing_rows smallint[])
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 60
BEGIN ATOMIC
	WITH flight AS (
		SELECT a.port, a.share, 'ZZ ' || 100 * a.place + 2 * n - 1 AS conveyance, (n - 0.5) / a.flights AS u,
			' ' || 100 * a.place + n || ' ' || on_date - date '2000-01-01' AS key,
			-- a flight number comes from the same country every day
			('{US,US,KR,GB,TH,VN,SG,DE,FR,TW,CN,PH,IN,NP,AU}'::text[])[1 + floor(15 * demo.draw(seed, 'from ' || 100 * a.place + n))::integer] AS country
		FROM (SELECT *, row_number() OVER () AS place FROM demo.quarantine_airport()) AS a
		CROSS JOIN LATERAL generate_series(1, a.flights) AS n
	), filled AS (
		SELECT f.*,
			outbreak.apportion(persons, (1000 * f.share * (0.4 + 1.2 * demo.draw(seed, 'load' || f.key)))::bigint, 'hamilton') OVER (ORDER BY f.port, f.conveyance) AS entered
		FROM flight AS f
	)
	SELECT f.port, f.conveyance,
		-- from 6 to 22, most of them about 14 o'clock
		(on_date + time '06:00' + interval '1 minute' * round(60 * 16 * (f.u + 0.12 * sin(2 * pi() * f.u)) + 30 * (demo.draw(seed, 'late' || f.key) - 0.5))) AT TIME ZONE 'Asia/Tokyo',
		f.country, f.entered::integer,
		-- a few have made no entry
		f.entered::integer + demo.between(0, 4, demo.draw(seed, 'bare' || f.key)),
		'{13}'::smallint[]
	FROM filled AS f
	ORDER BY 3, 1, 2;
END;
COMMENT ON FUNCTION demo.quarantine_flight(bigint, date, integer) IS '到着便 / flights of a day in the shape of quarantine.flight, with the persons who have entered themselves before arrival: exactly so many in all. Flights and airlines are invented; no airline is ZZ.';

CREATE OR REPLACE FUNCTION demo.quarantine_traveller(seed bigint, on_date date, persons integer DEFAULT 5000)
RETURNS TABLE (
	port text, conveyance text, scheduled_at timestamptz, comes_at timestamptz, entered_at timestamptz, departed_at timestamptz,
	party integer, n smallint, size smallint, comes boolean, person uuid, language text,
	name text, birth_on date, passport text, phone text, mail text, address text,
	seat text, age smallint, sex text, nationality text, occupation text, prefecture smallint, municipality outbreak.municipality_code, stay_kind text,
	countries text[], country_days smallint[], temperature_c numeric, fever boolean, cough boolean, met_patient boolean,
	test_at timestamptz, test_negative boolean, vaccine_doses smallint, document text
)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 5000
BEGIN ATOMIC
	WITH town AS MATERIALIZED (
		-- where people stay: any town, by its inhabitants
		SELECT t.municipality, t.prefecture, t.name_ja, t.inhabitants,
			row_number() OVER (ORDER BY t.municipality) AS place,
			sum(t.inhabitants) OVER (ORDER BY t.municipality) AS upto
		FROM demo.vsys_town(seed) AS t
	), map AS MATERIALIZED (
		SELECT array_agg(t.upto - t.inhabitants ORDER BY t.place)::double precision[] AS edges, max(t.upto)::double precision AS people
		FROM town AS t
	), stretch AS MATERIALIZED (
		SELECT t.prefecture, min(t.upto - t.inhabitants)::double precision AS low, max(t.upto)::double precision AS high
		FROM town AS t
		GROUP BY t.prefecture
	), place AS (
		SELECT f.*, i, i <= f.entered AS comes,
			' ' || f.conveyance || ' ' || on_date - date '2000-01-01' || ' ' || i AS key,
			(10000 * (on_date - date '2020-01-01'))::bigint + row_number() OVER (ORDER BY f.port, f.conveyance, i) AS number
		FROM demo.quarantine_flight(seed, on_date, persons) AS f
		-- one of eight flights is entered by somebody who does not come after all
		CROSS JOIN LATERAL generate_series(1, f.entered + (demo.draw(seed, 'stays' || f.conveyance || on_date - date '2000-01-01') < 0.125)::integer) AS i
	), parted AS (
		SELECT p.*,
			-- seven of ten begin an entry of their own, the others belong to who sits before them
			count(*) FILTER (WHERE p.i = 1 OR NOT p.comes OR demo.draw(seed, 'alone' || p.key) < 0.7) OVER (ORDER BY p.number) AS party
		FROM place AS p
	), seated AS (
		SELECT p.*,
			(row_number() OVER family)::smallint AS n,
			(count(*) OVER (PARTITION BY p.party))::smallint AS size,
			first_value(p.key) OVER family AS family,
			-- 44 rows of nine; who travels together sits together
			(first_value(p.i) OVER family - 1) * greatest(2, 396 / (p.entered + 2)) % 396 AS first_seat,
			demo.draw(seed, 'who' || p.key) AS who,
			demo.draw(seed, 'ill' || p.key) AS ill
		FROM parted AS p
		WINDOW family AS (PARTITION BY p.party ORDER BY p.number)
	), drawn AS (
		SELECT s.*,
			CASE
				WHEN s.n = 1 THEN demo.between(18, 74, s.who)
				WHEN s.n = 2 AND s.who < 0.6 THEN demo.between(20, 70, s.who / 0.6)
				ELSE demo.between(0, 17, demo.draw(seed, 'child' || s.key))
			END AS age,
			demo.draw(seed, 'nation' || s.family) AS nation,
			width_bucket(CASE
				WHEN demo.draw(seed, 'home' || s.family) < a.stay_home THEN h.low + (h.high - h.low) * demo.draw(seed, 'town' || s.family)
				ELSE (SELECT m.people FROM map AS m) * demo.draw(seed, 'town' || s.family)
			END, (SELECT m.edges FROM map AS m)) AS town,
			demo.between(1, 45, demo.draw(seed, 'walk' || s.family)) AS walk
		FROM seated AS s
		JOIN demo.quarantine_airport() AS a ON a.port = s.port
		JOIN stretch AS h ON h.prefecture = a.home
	), told AS (
		SELECT d.*,
			CASE WHEN d.nation < 0.55 THEN 'JP' ELSE d.country END AS nationality,
			d.age < 2 AND d.n > 1 AS infant,
			(d.first_seat + d.n - 1) % 396 AS at_seat,
			d.scheduled_at - interval '1 hour' * demo.between(3, 12, demo.draw(seed, 'hours' || d.conveyance)) AS departed_at
		FROM drawn AS d
	)
	SELECT t.port, t.conveyance, t.scheduled_at,
		t.scheduled_at + interval '1 minute' * t.walk,
		t.scheduled_at - interval '1 minute' * demo.between(20 * 60, 8 * 24 * 60, demo.draw(seed, 'enters' || t.family)),
		t.departed_at,
		t.party::integer, t.n, t.size, t.comes, md5('traveller ' || seed || t.key)::uuid,
		CASE
			WHEN t.nationality = 'JP' THEN 'ja'
			WHEN t.nationality = 'KR' THEN 'ko'
			WHEN t.nationality = 'CN' THEN 'zh-Hans'
			WHEN t.nationality = 'TW' THEN 'zh-Hant'
			WHEN t.nationality = 'VN' THEN 'vi'
			WHEN t.nationality = 'TH' THEN 'th'
			WHEN t.nationality = 'PH' THEN 'tl'
			ELSE 'en'
		END,
		CASE
			WHEN t.nationality = 'JP' THEN demo.surname(demo.draw(seed, 'surname' || t.family)) || ' ' ||
				('{一郎,太郎,健,誠,翔,学,陽子,恵,美咲,葵,結衣,京子}'::text[])[1 + floor(12 * demo.draw(seed, 'first' || t.key))::integer]
			ELSE ('{ALEX,MARIA,JOHN,ANNA,DAVID,LINH,SOMCHAI,MIN,CHEN,PRIYA,PAUL,EMMA}'::text[])[1 + floor(12 * demo.draw(seed, 'first' || t.key))::integer] || ' ' ||
				('{SAMPLE,EXAMPLE,SPECIMEN,MUSTER,MODEL,DEMO}'::text[])[1 + floor(6 * demo.draw(seed, 'surname' || t.family))::integer]
		END,
		(on_date - make_interval(years => t.age))::date - demo.between(1, 300, demo.draw(seed, 'born' || t.key)),
		'ZZ' || to_char(t.number, 'FM00000000'),
		-- numbers that nobody has; companions are reached by the first
		CASE WHEN t.n = 1 AND demo.draw(seed, 'phone' || t.key) < 0.94 THEN '090-0' || to_char(t.number % 1000, 'FM000') || '-' || to_char(t.number / 1000 % 10000, 'FM0000') END,
		CASE WHEN t.n = 1 THEN 'traveller' || t.number || '@example.jp' END,
		w.name_ja || '見本町1-1',
		CASE
			WHEN t.size = 1 AND t.who < 0.008 THEN 'CREW'
			WHEN t.size = 1 AND t.who > 0.994 THEN 'UNKNOWN'
			ELSE (
				SELECT CASE
						WHEN t.infant THEN r.seat_row || r.letter || ' INF'
						WHEN r.hand < 0.75 THEN r.seat_row || r.letter
						WHEN r.hand < 0.85 THEN r.seat_row || '-' || r.letter
						WHEN r.hand < 0.95 THEN r.seat_row || lower(r.letter)
						ELSE translate(r.seat_row || r.letter, '0123456789ABCDEFGHJK', '０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫ')
					END
				FROM (
					SELECT k.at / 9 + CASE WHEN k.at / 9 >= 12 THEN 2 ELSE 1 END AS seat_row,
						substr('ABCDEFGHJ', k.at % 9 + 1, 1) AS letter,
						demo.draw(seed, 'hand' || t.key) AS hand
					FROM (SELECT CASE WHEN t.infant THEN t.first_seat ELSE t.at_seat END AS at) AS k
				) AS r
			)
		END,
		t.age::smallint,
		CASE WHEN demo.draw(seed, 'sex' || t.key) < 0.5 THEN 'female' ELSE 'male' END,
		t.nationality,
		CASE WHEN t.age < 18 THEN NULL ELSE ('{会社員,学生,技術者,教員,調理師,無職,介護職,研究者}'::text[])[1 + floor(8 * demo.draw(seed, 'works' || t.key))::integer] END,
		w.prefecture, w.municipality,
		CASE WHEN t.nationality = 'JP' THEN 'home' WHEN demo.draw(seed, 'stay' || t.family) < 0.6 THEN 'hotel' ELSE 'family' END,
		ARRAY[t.country], ARRAY[demo.between(2, 14, demo.draw(seed, 'days' || t.family))]::smallint[],
		CASE WHEN t.ill < 0.002 THEN 37.5 + round((10 * demo.draw(seed, 'heat' || t.key))::numeric) / 10 ELSE 36.2 + round((8 * demo.draw(seed, 'heat' || t.key))::numeric) / 10 END,
		t.ill < 0.002, t.ill BETWEEN 0.001 AND 0.008, demo.draw(seed, 'met' || t.key) < 0.002,
		CASE WHEN t.document IS DISTINCT FROM 'none' THEN date_trunc('minute', t.departed_at - interval '1 minute' * demo.between(8 * 60, 71 * 60, demo.draw(seed, 'test' || t.family))) END,
		CASE WHEN t.document IS DISTINCT FROM 'none' THEN demo.draw(seed, 'positive' || t.key) > 0.0004 END,
		CASE WHEN t.age < 12 THEN 0 ELSE demo.between(0, 3, sqrt(demo.draw(seed, 'doses' || t.key))) END::smallint,
		t.document
	FROM (
		SELECT t.*,
			-- a family sends its certificates together
			CASE
				WHEN d.paper < 0.90 THEN 'accepted'
				WHEN d.paper < 0.94 THEN 'at_desk'
				WHEN d.paper < 0.96 THEN 'submitted'
				WHEN d.paper < 0.97 THEN 'refused'
				ELSE 'none'
			END AS document
		FROM told AS t
		CROSS JOIN LATERAL (SELECT demo.draw(seed, 'paper' || t.family) AS paper) AS d
	) AS t
	JOIN town AS w ON w.place = t.town
	ORDER BY t.number;
END;
COMMENT ON FUNCTION demo.quarantine_traveller(bigint, date, integer) IS '入国者 / who enters for the flights of a day (demo.quarantine_flight), with all answers of the questionnaire and what became of the test certificate (document: accepted, at_desk, submitted, refused, none); party numbers the entries of the day, n the persons of an entry, size how many they are. comes_at is when they come to the readers; a few do not come. Numbers and addresses are such as nobody has.';

-- ---- when they are read

CREATE OR REPLACE FUNCTION demo.quarantine_reading(seed bigint, on_date date, persons integer DEFAULT 5000, seconds integer DEFAULT 30)
RETURNS TABLE (party integer, reader text, scanned_at timestamptz, queued interval)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE ROWS 3500
BEGIN ATOMIC
	WITH come AS (
		SELECT t.party, t.port, a.readers, t.comes_at + interval '1 second' * demo.between(0, 59, demo.draw(seed, 'second' || t.person::text)) AS comes_at
		FROM demo.quarantine_traveller(seed, on_date, persons) AS t
		JOIN demo.quarantine_airport() AS a ON a.port = t.port
		WHERE t.n = 1
			AND t.comes
	), lined AS (
		-- a tenth of the devices is at work; whoever comes goes to the next of them
		SELECT c.*, c.readers / 10 AS lanes, (row_number() OVER (PARTITION BY c.port ORDER BY c.comes_at, c.party) - 1) % (c.readers / 10) AS lane
		FROM come AS c
	), counted AS (
		SELECT l.*, row_number() OVER (PARTITION BY l.port, l.lane ORDER BY l.comes_at, l.party) * interval '1 second' * seconds AS work
		FROM lined AS l
	), read AS (
		-- first come, first read: a reading begins when the party is there and the lane is free
		SELECT c.*, c.work + max(c.comes_at - c.work) OVER (PARTITION BY c.port, c.lane ORDER BY c.comes_at, c.party) AS scanned_at
		FROM counted AS c
	)
	SELECT r.party,
		-- others every hour, so that each device is used
		r.port || '-' || to_char(1 + (r.lane + r.lanes * extract(hour FROM r.scanned_at AT TIME ZONE 'Asia/Tokyo')::integer) % r.readers, 'FM0000'),
		r.scanned_at, r.scanned_at - r.comes_at
	FROM read AS r
	ORDER BY r.scanned_at, r.party;
END;
COMMENT ON FUNCTION demo.quarantine_reading(bigint, date, integer, integer) IS '読取 / when and at which device the parties of a day are read, and how long they waited: first come, first read, so many seconds for each; a tenth of the devices of an airport is at work at a time.';

-- ---- how they answer

CREATE OR REPLACE FUNCTION demo.quarantine_answer(seed bigint, person uuid, day date, prompt text, n integer)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	-- some never answer; some were reached at a number that is none
	WHEN demo.draw(seed, 'silent' || person::text) < 0.003 THEN 'none'
	WHEN demo.draw(seed, 'says' || person::text || prompt || n || ' ' || day - date '2000-01-01') < CASE
		WHEN demo.draw(seed, 'lazy' || person::text) < 0.1 THEN CASE prompt WHEN 'location' THEN 0.40 ELSE 0.80 END
		ELSE CASE prompt WHEN 'location' THEN 0.67 ELSE 0.975 END
	END THEN CASE WHEN demo.draw(seed, 'late' || person::text || prompt || n || ' ' || day - date '2000-01-01') < 0.03 THEN 'late' ELSE 'in time' END
	ELSE 'none'
END;
COMMENT ON FUNCTION demo.quarantine_answer(bigint, uuid, date, text, integer) IS '回答 / whether and how somebody answers a check: in time, late, none. One in ten is lazy and three in a thousand never answer; over all, about 95 per cent answer about health, 86 at least one of two questions where they are, and 95 a call by video, as in August 2021.';

CREATE OR REPLACE FUNCTION demo.quarantine_delivery(seed bigint, person uuid, key uuid)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN demo.draw(seed, 'number' || person::text) < 0.004 THEN 'failed'
	WHEN demo.draw(seed, 'bounces' || key::text) < 0.0005 THEN 'bounced'
	ELSE 'accepted'
END;
COMMENT ON FUNCTION demo.quarantine_delivery(bigint, uuid, uuid) IS '送達 / what becomes of a message at the gateway that there is not: accepted, bounced (accepted, and it came back), failed (the number is none, so for every message to that person).';
