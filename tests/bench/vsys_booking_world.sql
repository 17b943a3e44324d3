-- What the benches of booking stand on: 100 sites, one session each with 10 slots (1,000 slots of 90,000 places), one slot
-- of its own for the rush, 20,000 sessions of the past, and as many tickets as -v tickets says, of people born 1950-01-02.
SET client_min_messages = warning;
SET search_path = public, outbreak;
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区') ON CONFLICT DO NOTHING;
INSERT INTO registry.institution (institution, municipality, kind, name_ja) SELECT outbreak.provisional_institution_code(13, 700000 + n), '131016', 'clinic', 'bench ' || n FROM generate_series(1, 101) AS n;
INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, interval_max_days, min_age, route)
VALUES ('bench', 'bench', 'bench', 'bench', 195, 6, 2, 18, 21, 42, 12, 'carrier');
INSERT INTO vsys.programme (programme, name_ja, name_en, valid) VALUES ('bench', 'bench', 'bench', '[2021-01-01,)');
INSERT INTO vsys.programme_product VALUES ('bench', 'bench');
INSERT INTO vsys.priority_group VALUES ('bench', 999, 'bench', 'bench');
INSERT INTO vsys.site (site, municipality, kind, public, reservation, state) SELECT institution, '131016', 'basic', true, 'vsys', 'open' FROM registry.institution WHERE name_ja LIKE 'bench %';
CREATE TABLE public.bench_place AS SELECT row_number() OVER (ORDER BY s.site) AS n, s.site FROM vsys.site AS s JOIN registry.institution AS i ON i.institution = s.site WHERE i.name_ja LIKE 'bench %';
SELECT sum(m.places) FROM public.bench_place AS p, LATERAL vsys.make_sessions(p.site, 'bench', 'bench', '[{"weekday": 1, "start": "09:00", "end": "11:30", "minutes": 15, "capacity": 90000}]', '2037-06-08', '2037-06-08') AS m WHERE p.n <= 100;
SELECT sum(m.places) FROM public.bench_place AS p, LATERAL vsys.make_sessions(p.site, 'bench', 'bench', '[{"weekday": 1, "start": "09:00", "end": "09:15", "minutes": 15, "capacity": 90000}]', '2037-06-08', '2037-06-08', mode => 'queue') AS m WHERE p.n = 101;
INSERT INTO vsys.session (site, programme, product, on_date, closes_at, min_age) SELECT p.site, 'bench', 'bench', date '2021-01-01' + d, '2021-12-01', 12 FROM public.bench_place AS p, generate_series(1, 200) AS d;
-- the slots by a number from 1 to 1000, and the one of the rush
CREATE TABLE public.bench_slot AS SELECT row_number() OVER (ORDER BY s.slot)::integer AS n, s.slot, s.site FROM vsys.slot AS s JOIN public.bench_place AS p ON p.site = s.site WHERE p.n <= 100;
ALTER TABLE public.bench_slot ADD PRIMARY KEY (n);
CREATE TABLE public.bench_rush AS SELECT s.slot, s.site FROM vsys.slot AS s JOIN public.bench_place AS p ON p.site = s.site WHERE p.n = 101;
SELECT min(slot) = (SELECT slot FROM public.bench_slot WHERE n = 1) AND max(slot) - min(slot) = 999 AS in_a_row FROM public.bench_slot;
CREATE SEQUENCE public.bench_number;
-- one key for all: what is compared is the tag
SELECT outbreak.seal('1950-01-02', 'birth_on', '00000000-0000-4000-8000-000000000001') IS NOT NULL AS sealed;
SET session_replication_role = replica;
INSERT INTO vsys.ticket (municipality, number, programme, person, birth_year, birth_on, priority_group, valid)
SELECT '131016', to_char(n, 'FM0000000000'), 'bench', md5(n::text)::uuid, 1950, b.birth_on, 'bench', '[2021-04-01,)'
FROM generate_series(1, :tickets) AS n, (SELECT outbreak.seal_lookup('1950-01-02', 'birth_on') AS birth_on OFFSET 0) AS b;
SET session_replication_role = origin;
GRANT SELECT ON public.bench_slot, public.bench_rush TO PUBLIC;
GRANT USAGE ON SEQUENCE public.bench_number TO PUBLIC;
-- the alternative: the same slots and bookings in two plain tables, written by an UPDATE and an INSERT
CREATE TABLE public.plain_slot (slot bigint PRIMARY KEY, session bigint NOT NULL, capacity integer NOT NULL, taken integer NOT NULL, CHECK (taken BETWEEN 0 AND capacity)) WITH (fillfactor = 50);
INSERT INTO public.plain_slot SELECT slot, session, capacity, 0 FROM vsys.slot;
CREATE SEQUENCE public.plain_number CACHE 32;
CREATE TABLE public.plain_booking (booking bigint PRIMARY KEY DEFAULT nextval('public.plain_number'), slot bigint NOT NULL, person uuid NOT NULL, booked_at timestamptz NOT NULL DEFAULT now(), number text NOT NULL, dose smallint NOT NULL, programme text NOT NULL);
CREATE UNIQUE INDEX plain_person_idx ON public.plain_booking (person, programme, dose);
CREATE INDEX plain_slot_idx ON public.plain_booking (slot);
CREATE FUNCTION public.plain_book(slot bigint, number text) RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
	made bigint;
BEGIN
	UPDATE public.plain_slot s SET taken = s.taken + 1 WHERE s.slot = plain_book.slot AND s.taken < s.capacity;
	IF NOT found THEN
		RAISE EXCEPTION 'sold out';
	END IF;
	INSERT INTO public.plain_booking (slot, person, number, dose, programme) VALUES (slot, md5(number)::uuid, number, 1, 'bench') RETURNING booking INTO made;
	RETURN made;
END
$$;
GRANT ALL ON public.plain_slot, public.plain_booking TO PUBLIC;
GRANT ALL ON SEQUENCE public.plain_number TO PUBLIC;
VACUUM ANALYZE vsys.ticket, vsys.slot, vsys.session, vsys.booking, public.plain_slot, public.plain_booking, public.bench_slot;
