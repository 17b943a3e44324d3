-- A window of local times is an interval of instants on every day in every zone: where clocks change, where it wraps
-- midnight, and where the local time does not exist or exists twice. It is never empty.
SET timezone = 'UTC';
\pset format unaligned
\pset tuples_only on
SELECT outbreak.window_instant('2021-08-01', '11:00', '14:00', 'Asia/Tokyo');
-- across midnight, and all day
SELECT outbreak.window_instant('2021-08-01', '22:00', '02:00', 'Asia/Tokyo');
SELECT outbreak.window_instant('2021-08-01', '08:00', '08:00', 'Asia/Tokyo');
SELECT outbreak.window_instant('2021-08-01', '00:00', '24:00', 'Asia/Tokyo');
-- New York puts clocks forward at 02:00 of 14 March 2021 and back at 02:00 of 7 November
SELECT outbreak.window_instant('2021-03-14', '01:30', '03:30', 'America/New_York');
SELECT outbreak.window_instant('2021-03-14', '02:30', '04:00', 'America/New_York') AS opens_in_the_gap;
SELECT outbreak.window_instant('2021-03-14', '01:00', '02:30', 'America/New_York') AS closes_in_the_gap;
SELECT outbreak.window_instant('2021-03-14', '02:10', '02:50', 'America/New_York') AS lies_in_the_gap;
SELECT outbreak.window_instant('2021-03-13', '22:00', '02:30', 'America/New_York') AS wraps_into_the_gap;
SELECT outbreak.window_instant('2021-11-07', '01:15', '01:45', 'America/New_York') AS both_of_an_hour;
SELECT outbreak.window_instant('2021-11-07', '00:30', '01:30', 'America/New_York') AS closes_with_the_last;
SELECT outbreak.window_instant('2021-11-07', '01:30', '03:00', 'America/New_York') AS opens_with_the_first;
SELECT outbreak.window_instant('2021-11-06', '23:00', '01:30', 'America/New_York') AS wraps_into_it;
-- London, clocks at 01:00 UTC
SELECT outbreak.window_instant('2021-03-28', '01:00', '01:30', 'Europe/London');
SELECT outbreak.window_instant('2021-10-31', '01:00', '02:00', 'Europe/London');
-- Lord Howe moves its clocks by half an hour
SELECT outbreak.window_instant('2021-10-03', '02:10', '02:20', 'Australia/Lord_Howe');
SELECT outbreak.window_instant('2021-04-04', '01:40', '01:50', 'Australia/Lord_Howe');
-- Santiago skips midnight itself: the day begins at 01:00
SELECT outbreak.window_instant('2021-09-05', '00:00', '00:30', 'America/Santiago');
SELECT outbreak.window_instant('2021-09-04', '20:00', '00:00', 'America/Santiago');
-- Samoa had no 30 December 2011 at all
SELECT outbreak.window_instant('2011-12-29', '11:00', '14:00', 'Pacific/Apia');
SELECT NOT isempty(outbreak.window_instant('2011-12-30', '11:00', '14:00', 'Pacific/Apia'));
SELECT outbreak.window_instant('2011-12-31', '11:00', '14:00', 'Pacific/Apia');
-- zones that never change, and one far east
SELECT outbreak.window_instant('2021-08-01', '11:00', '14:00', 'Asia/Kathmandu');
SELECT outbreak.window_instant('2021-08-01', '11:00', '14:00', 'Pacific/Kiritimati');
-- every half hour of every day of a year in zones of all kinds: not empty, in order, and as PostgreSQL reads the times where these exist once
SELECT z.zone, count(*), count(*) FILTER (WHERE isempty(w.w) OR upper(w.w) - lower(w.w) NOT BETWEEN interval '15 minutes' AND interval '25 hours 30 minutes') AS bad,
	count(*) FILTER (WHERE lower(w.w) <> (d.day + h.h) AT TIME ZONE z.zone) AS elsewhere
FROM unnest('{Asia/Tokyo,America/New_York,Europe/London,Australia/Lord_Howe,America/Santiago,Africa/Casablanca,Asia/Tehran,America/St_Johns}'::text[]) AS z (zone)
CROSS JOIN LATERAL (SELECT '2021-01-01'::date + i AS day FROM generate_series(0, 364) AS i) AS d
CROSS JOIN LATERAL (SELECT '00:00'::time + i * interval '30 minutes' AS h FROM generate_series(0, 47) AS i) AS h
CROSS JOIN LATERAL (SELECT outbreak.window_instant(d.day, h.h, h.h + interval '90 minutes', z.zone) AS w) AS w
GROUP BY z.zone
ORDER BY z.zone COLLATE "C";
-- what is no window
\set SHOW_CONTEXT never
DO $$
DECLARE
	call text;
BEGIN
	FOREACH call IN ARRAY ARRAY[
		$q$'2021-08-01', '11:00', '14:00', 'Asia/Edo'$q$,
		$q$'2021-08-01', '11:00', '14:00', ''$q$,
		$q$'infinity', '11:00', '14:00', 'Asia/Tokyo'$q$,
		$q$'5874897-12-31', '11:00', '14:00', 'Asia/Tokyo'$q$,
		$q$'4714-11-24 BC', '11:00', '14:00', 'Asia/Tokyo'$q$]
	LOOP
		BEGIN
			EXECUTE format('SELECT outbreak.window_instant(%s)', call);
			RAISE NOTICE 'taken: %', call;
		EXCEPTION WHEN OTHERS THEN
			RAISE NOTICE '% %', SQLSTATE, SQLERRM;
		END;
	END LOOP;
END
$$;
SELECT outbreak.window_instant(NULL, '11:00', '14:00', 'Asia/Tokyo') IS NULL;
