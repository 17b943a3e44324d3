-- Nobody picks whom a random check reaches when: the times follow from a seed that is promised before its day and shown
-- after it, and whoever has the seed computes the same times, here by hand.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\set VERBOSITY terse
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/followup/world.inc
\set ECHO none
\i :world
\set ECHO all
-- the draw as its comment describes it: HMAC-SHA256 by RFC 2104, in SQL
CREATE FUNCTION xor_pad(key bytea, pad integer) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	block bytea := decode(repeat('00', 64), 'hex');
BEGIN
	FOR i IN 0..63 LOOP
		block := set_byte(block, i, (CASE WHEN i < length(key) THEN get_byte(key, i) ELSE 0 END) # pad);
	END LOOP;
	RETURN block;
END
$$;
CREATE FUNCTION hmac(key bytea, message bytea) RETURNS bytea LANGUAGE SQL AS
	$$SELECT sha256(xor_pad(key, 92) || sha256(xor_pad(key, 54) || message))$$;
-- RFC 4231, test case 2
SELECT hmac('Jefe', 'what do ya want for nothing?') = '\x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843' AS rfc_4231;
CREATE FUNCTION by_hand(seed bytea, person uuid, day date, prompt text, checks integer, length integer, gap integer) RETURNS integer[] LANGUAGE SQL AS $$
	SELECT array_agg(o.offset_s + (o.place - 1)::integer * gap ORDER BY o.place)
	FROM (
		SELECT d.draw, row_number() OVER (ORDER BY d.draw) AS place, d.draw AS offset_s
		FROM (
			SELECT floor((SELECT sum(get_byte(h.h, j % 4 * 8 + b) * 256::numeric ^ (7 - b)) FROM generate_series(0, 7) AS b) * (length - (checks - 1) * gap) / 2::numeric ^ 64)::integer AS draw
			FROM generate_series(0, checks - 1) AS j
			CROSS JOIN LATERAL (SELECT hmac(seed, convert_to(person || '|' || to_char(day, 'YYYY-MM-DD') || '|' || prompt || '|' || j / 4, 'UTF8')) AS h) AS h
		) AS d
	) AS o
$$;
SELECT by_hand(sha256('seed'), p(1), '2021-08-02', 'location', 6, 43200, 3600) AS by_hand;
SELECT array_agg(extract(epoch FROM outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 6, n, '2021-08-02 09:00+09', '2021-08-02 21:00+09', '1 hour') - '2021-08-02 09:00+09')::integer ORDER BY n) AS by_function FROM generate_series(1, 6) AS n;
SELECT count(*) AS persons, count(*) FILTER (WHERE f.a <> by_hand(sha256('seed'), q.person, '2021-08-02', 'video', 3, 32400, 1800)) AS differ
FROM generate_series(1, 50) AS i
CROSS JOIN LATERAL (SELECT md5(i::text)::uuid AS person) AS q
CROSS JOIN LATERAL (SELECT array_agg(extract(epoch FROM outbreak.random_check(sha256('seed'), q.person, '2021-08-02', 'video', 3, n, '2021-08-02 09:00+09', '2021-08-02 18:00+09', '30 minutes') - '2021-08-02 09:00+09')::integer ORDER BY n) AS a FROM generate_series(1, 3) AS n) AS f;
-- inside the window, the gap apart, and spread over all of it: 20,000 persons, tenths of the window
CREATE TEMP TABLE drawn AS
SELECT i, outbreak.random_check(sha256('seed'), md5(i::text)::uuid, '2021-08-02', 'location', 3, 1, '2021-08-02 09:00+09', '2021-08-02 21:00+09', '3 hours') AS a,
	outbreak.random_check(sha256('seed'), md5(i::text)::uuid, '2021-08-02', 'location', 3, 2, '2021-08-02 09:00+09', '2021-08-02 21:00+09', '3 hours') AS b,
	outbreak.random_check(sha256('seed'), md5(i::text)::uuid, '2021-08-02', 'location', 3, 3, '2021-08-02 09:00+09', '2021-08-02 21:00+09', '3 hours') AS c,
	outbreak.random_check(sha256('seed'), md5(i::text)::uuid, '2021-08-02', 'video', 1, 1, '2021-08-02 09:00+09', '2021-08-02 21:00+09', '0') AS one
FROM generate_series(1, 20000) AS i;
SELECT count(*) FILTER (WHERE a < '2021-08-02 09:00+09' OR c >= '2021-08-02 21:00+09') AS outside, count(*) FILTER (WHERE b - a < interval '3 hours' OR c - b < interval '3 hours') AS too_near FROM drawn;
SELECT min(n) > 1800 AND max(n) < 2200 AS even, count(*) AS tenths FROM (SELECT count(*) AS n FROM drawn GROUP BY width_bucket(extract(epoch FROM one - '2021-08-02 09:00+09'), 0, 43200, 10)) AS t;
-- the narrowest window that holds them leaves no choice
SELECT outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 3, n, '2021-08-02 09:00+09', '2021-08-02 11:00:01+09', '1 hour') FROM generate_series(1, 3) AS n;
-- what does not fit, or is none
SELECT refusal($$outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 3, 1, '2021-08-02 09:00+09', '2021-08-02 11:00+09', '1 hour')$$);
SELECT refusal($$outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 25, 1, '2021-08-02 09:00+09', '2021-08-02 11:00+09', '0')$$);
SELECT refusal($$outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 2, 3, '2021-08-02 09:00+09', '2021-08-02 11:00+09', '0')$$);
SELECT refusal($$outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 2, 1, '2021-08-02 09:00+09', '2021-08-02 11:00+09', '-1 hour')$$);
SELECT refusal($$outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 2, 1, '2021-08-02 09:00+09', '2021-08-02 11:00+09', '1 month')$$);
SELECT refusal($$outbreak.random_check('\x00', p(1), '2021-08-02', 'location', 1, 1, '2021-08-02 09:00+09', '2021-08-02 11:00+09', '0')$$);
SELECT refusal($$outbreak.random_check(sha256('seed'), p(1), '2021-08-02', 'location', 1, 1, '-infinity', '2021-08-02 11:00+09', '0')$$);
SELECT refusal($$outbreak.random_check(sha256('seed'), p(1), '2021-08-02', repeat('x', 65), 1, 1, '2021-08-02 09:00+09', '2021-08-02 11:00+09', '0')$$);
-- a prompt that does not fit into its window is not laid down
INSERT INTO followup.prompt (plan, prompt, valid, per_day, window_from, window_to, answer_within, random, min_gap, template) VALUES ('contact', 'location', '[2030-01-01,)', 4, '09:00', '12:00', '1 hour', true, '1 hour', 'followup.location');
-- nor are two that hold at once
INSERT INTO followup.prompt (plan, prompt, valid, window_from, window_to, template) VALUES ('contact', 'health', '[2030-01-01,)', '09:00', '12:00', 'followup.health');

-- promised before, shown after
DELETE FROM followup.random_commitment;
DELETE FROM followup.random_seed;
SELECT followup.publish_commitment('2021-07-31 23:00+09');
SELECT followup.publish_commitment('2021-07-31 23:30+09') AS again;
SELECT min(day), max(day), bool_and(seed IS NULL) AS secret, count(DISTINCT commitment) FROM followup.random_commitment;
SELECT followup.enrol(p(1), 'arrival', '2021-08-01', as_of => '2021-08-01 15:00+09') > 0 AS enrolled;
SELECT * FROM followup.verify_random('2021-08-02');
SELECT followup.publish_commitment('2021-08-03 20:00+09') - 'published' AS not_over_in_every_zone;
SELECT followup.publish_commitment('2021-08-04 23:00+09') - 'published' AS over;
SELECT day, seed IS NOT NULL AS shown, commitment = sha256(convert_to('2021-08-02', 'UTF8') || seed) AS kept FROM followup.random_commitment WHERE day = '2021-08-02';
-- whoever has the seed finds the times of the slots
SELECT s.prompt, s.n, s.opens_at = outbreak.random_check(c.seed, s.person, s.day, s.prompt, CASE s.prompt WHEN 'location' THEN 2 ELSE 1 END, s.n, '2021-08-02 09:00+09', CASE s.prompt WHEN 'location' THEN '2021-08-02 21:00+09' ELSE '2021-08-02 18:00+09' END::timestamptz, CASE s.prompt WHEN 'location' THEN '3 hours' ELSE '0' END::interval) AS right_time
FROM followup.slot AS s JOIN followup.random_commitment AS c USING (day) WHERE s.day = '2021-08-02' AND s.prompt <> 'health' ORDER BY 1, 2;
-- another seed cannot be shown instead, and a slot that somebody moved is found
UPDATE followup.random_commitment SET seed = sha256('another'), revealed_at = now() WHERE day = '2021-08-02';
UPDATE followup.slot SET opens_at = opens_at + interval '1 minute' WHERE day = '2021-08-02' AND prompt = 'video';
SELECT * FROM followup.verify_random('2021-08-02');
-- the seeds themselves are for nobody
SELECT grantee FROM information_schema.role_table_grants WHERE table_schema = 'followup' AND table_name = 'random_seed' AND grantee <> 'outbreak_owner';
ROLLBACK;
