-- Bookings of the demo, at the mass site of the city that scans: :day is the morning of the report, :seed the seed.
-- An administrator may name the moment; everybody else books now.
\set ON_ERROR_STOP on
SELECT DISTINCT site::text AS site, municipality::text AS city FROM demo.scan \gset
CREATE FUNCTION pg_temp.try(what text, statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
	RETURN what || ': taken / 受理';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN format('%s: %s %s', what, SQLSTATE, CASE WHEN detail LIKE '{%' THEN (detail::jsonb ->> 'message_ja') || ' / ' || (detail::jsonb ->> 'message_en') ELSE SQLERRM END);
END
$$;

-- ---- direct: first and second dose in one step
SELECT format('%s 枠 / slots, %s 人分 / places', sum(m.slots), sum(m.places))
FROM (VALUES (1, '2021-07-12'::date), (2, '2021-08-02')) AS d (dose, from_on)
CROSS JOIN LATERAL vsys.make_sessions(:'site', 'covid19_primary', 'comirnaty',
	'[{"weekday": 1, "start": "09:00", "end": "11:00", "minutes": 30, "capacity": 10}, {"weekday": 2, "start": "09:00", "end": "11:00", "minutes": 30, "capacity": 10}]',
	d.from_on, d.from_on + 1, dose => d.dose) AS m;
-- a day of second doses that is too soon for them
SELECT FROM vsys.make_sessions(:'site', 'covid19_primary', 'comirnaty', '[{"weekday": 3, "start": "09:00", "end": "09:30", "minutes": 30, "capacity": 10}]', '2021-07-21', '2021-07-21', dose => 2);
-- who booked which: numbers from 5001 up have not been vaccinated yet
CREATE TEMP TABLE booked AS
WITH slot AS (
	SELECT s.slot, e.dose, row_number() OVER (PARTITION BY e.dose ORDER BY s.starts_at) AS place
	FROM vsys.slot AS s
	JOIN vsys.session AS e ON e.session = s.session
	WHERE e.site::text = :'site'
		AND e.on_date <> '2021-07-21'
)
SELECT k.number, k.born, a.slot, b.slot AS second_slot,
	vsys.book(a.slot, :'city', k.number, k.born, second_slot => b.slot, as_of => :'day'::date - 1 + time '10:00') AS booking
FROM (SELECT n, lpad((5000 + n)::text, 10, '0') AS number, '1938-01-01'::date + 17 * n AS born FROM generate_series(1, 75) AS n) AS k
JOIN slot AS a ON a.dose = 1 AND a.place = 1 + (k.n - 1) / 10
JOIN slot AS b ON b.dose = 2 AND b.place = a.place;
SELECT format('%s 人が2回分を予約 / people booked both doses', count(*)) FROM booked;

SELECT min(slot) AS full_slot, min(second_slot) AS second_slot FROM booked \gset
SELECT max(slot) AS free_slot FROM booked \gset
SELECT max(s.slot) AS early_slot FROM vsys.slot AS s JOIN vsys.session AS e ON e.session = s.session WHERE e.on_date = '2021-07-21' \gset
SELECT session AS full_session FROM vsys.slot WHERE slot = :full_slot \gset
SELECT pg_temp.try(t.what, format('SELECT vsys.book(%s, %L, %L, %L, %s as_of => %L)', t.slot, t.city, t.number, t.born, t.more, :'day'::date - 1 + time '10:30'))
FROM (
	VALUES
		('満員 / sold out', :'full_slot', :'city', '0000005100', '1942-08-28', ''),
		('接種券 0000000000', :'free_slot', :'city', '0000000000', '1942-08-28', ''),
		('生年月日の誤り / wrong date of birth', :'free_slot', :'city', '0000005100', '1942-08-29', ''),
		('二重予約 / the same person again', :'free_slot', :'city', '0000005001', '1938-01-18', ''),
		('1回目のない2回目 / a second dose without a first', :'second_slot', :'city', '0000005100', '1942-08-28', 'dose => 2,'),
		('早すぎる2回目 / the second dose in the wrong week', :'free_slot', :'city', '0000005100', '1942-08-28', 'second_slot => ' || :'early_slot' || ','),
		('既に接種した人 / who has had it', :'free_slot', :'city', '0000000001', (SELECT birth_on::text FROM demo.scan WHERE number = '0000000001'), '')
) AS t (what, slot, city, number, born, more);

-- ---- waiting list: who cancels makes room in the same transaction
CREATE TEMP TABLE waits AS
SELECT vsys.join_waiting_list(:full_session, :'city', lpad((5100 + n)::text, 10, '0'), '1938-01-01'::date + 17 * (100 + n), slots => ARRAY[:full_slot]::bigint[], as_of => :'day'::date - 1 + time '11:00') AS waiting
FROM generate_series(1, 5) AS n;
SELECT format('%s 人がキャンセル待ち / people on the waiting list', count(*)) FROM waits;
SELECT format('%s 人が取消 / cancelled', count(vsys.cancel(b.booking, :'city', b.number, b.born, '都合により', as_of => :'day'::date - 1 + time '12:00')))
FROM (SELECT * FROM booked ORDER BY booking LIMIT 3) AS b;
SELECT format('%s 人が繰上げ / promoted at once; 枠 / the slot: %s / %s', count(*) FILTER (WHERE w.state = 'promoted'), max(s.taken), max(s.capacity))
FROM vsys.waiting AS w
CROSS JOIN vsys.slot AS s
WHERE s.slot = :full_slot;
