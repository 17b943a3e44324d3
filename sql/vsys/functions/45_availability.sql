-- ---- what the public sees of sites and slots

CREATE OR REPLACE FUNCTION vsys.count_places(of_site outbreak.institution_code, as_of timestamptz DEFAULT now())
RETURNS TABLE (status text, free integer, places integer, entered_at timestamptz)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT CASE
			WHEN s.reservation = 'none' THEN 'unneeded'
			WHEN s.reservation <> 'vsys' THEN coalesce(e.status, 'unknown')
			WHEN coalesce(c.free, 0) = 0 THEN 'full'
			WHEN 10 * c.free < c.places THEN 'few'
			ELSE 'available'
		END,
		coalesce(c.free, 0)::integer,
		coalesce(c.places, 0)::integer,
		CASE WHEN s.reservation = ANY ('{web,phone,municipality}'::text[]) THEN e.entered_at END
	FROM vsys.site AS s
	LEFT JOIN vsys.site_status AS e ON e.site OPERATOR(outbreak.=) s.site
	LEFT JOIN LATERAL (
		SELECT sum(t.capacity - t.taken) AS free, sum(t.capacity) AS places
		FROM vsys.session AS n
		JOIN vsys.slot AS t ON t.session = n.session
		WHERE n.site OPERATOR(outbreak.=) s.site
			AND n.on_date >= outbreak.local_date(as_of)
			AND n.opens_at <= as_of
			AND n.closes_at > as_of
			AND t.open
			AND t.starts_at > as_of
	) AS c ON s.reservation = 'vsys'
	WHERE s.site OPERATOR(outbreak.=) of_site
		AND s.public
		AND s.state = 'open';
END;
COMMENT ON FUNCTION vsys.count_places(outbreak.institution_code, timestamptz) IS '空き数の集計 / status and free places of a site that is shown to the public, counted now from the slots that can be booked; of a site with a reservation of its own, what it entered. outbreak.site_availability() remembers it.';

CREATE OR REPLACE FUNCTION vsys.enter_status(of_site outbreak.institution_code, status text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM vsys.require_site(of_site);
	IF NOT EXISTS (SELECT FROM vsys.site s WHERE s.site = of_site) THEN
		RAISE EXCEPTION 'there is no such site'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO vsys.site_status AS e (site, status, entered_at, entered_by)
	VALUES (of_site, status, now(), coalesce(outbreak.my_subject(), session_user))
	ON CONFLICT (site) DO UPDATE
	SET status = excluded.status,
		entered_at = excluded.entered_at,
		entered_by = excluded.entered_by;
END
$$;
COMMENT ON FUNCTION vsys.enter_status(outbreak.institution_code, text) IS '予約状況の入力 / a site with a reservation of its own says whether it has places: available, few or full; the time stands with it. For the site, its municipality and its prefecture (42501). 23514 for another word.';

-- The owner's rights: the public may not read the registers behind it; shown are sites that want to be seen.
CREATE OR REPLACE FUNCTION vsys.public_sites(of_prefecture smallint DEFAULT NULL, of_municipality outbreak.municipality_code DEFAULT NULL, of_site outbreak.institution_code DEFAULT NULL, of_product text DEFAULT NULL)
RETURNS TABLE (site outbreak.institution_code, name_ja text, prefecture smallint, municipality outbreak.municipality_code, municipality_ja text, zip text, address text, phone text,
	longitude double precision, latitude double precision, products text[], reservation text, reservation_url text, reservation_phone text, notes text,
	status text, free integer, places integer, entered_at timestamptz, counted_at timestamptz)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER ROWS 200
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
BEGIN
	-- planned for the conditions that are there: with all of them the planner expects one site, and a prefecture has thousands
	RETURN QUERY EXECUTE concat_ws(E'\n\t\tAND ', $query$
	SELECT s.site,
		i.name_ja,
		s.prefecture,
		s.municipality,
		m.name_ja,
		i.zip,
		i.address,
		i.phone,
		@postgis@.st_x(i.location::@postgis@.geometry),
		@postgis@.st_y(i.location::@postgis@.geometry),
		ARRAY(
			SELECT p.product
			FROM vsys.site_product AS p
			WHERE p.site = s.site
				AND p.valid @> outbreak.local_date()
			ORDER BY p.product),
		s.reservation,
		s.reservation_url,
		s.reservation_phone,
		s.notes,
		a.status,
		a.free,
		a.places,
		a.entered_at,
		a.counted_at
	FROM vsys.site AS s
	JOIN registry.institution AS i ON i.institution = s.site
	JOIN registry.municipality AS m ON m.municipality = s.municipality
	CROSS JOIN LATERAL outbreak.site_availability(s.site) AS a
	WHERE s.public
		AND s.state = 'open' $query$,
		CASE WHEN of_prefecture IS NOT NULL THEN 's.prefecture = $1' END,
		CASE WHEN of_municipality IS NOT NULL THEN 's.municipality = $2' END,
		CASE WHEN of_site IS NOT NULL THEN 's.site = $3' END,
		CASE WHEN of_product IS NOT NULL THEN
			'EXISTS (SELECT FROM vsys.site_product AS p WHERE p.site = s.site AND p.product = $4 AND p.valid @> outbreak.local_date())' END)
		|| ' ORDER BY s.municipality, s.site'
	USING of_prefecture, of_municipality, of_site, of_product;
END
$$;
COMMENT ON FUNCTION vsys.public_sites(smallint, outbreak.municipality_code, outbreak.institution_code, text) IS '接種施設の一覧(公開) / vaccination sites that are open and shown to the public, of a prefecture, a municipality, or one, with vaccines, how to reserve, notes, and whether they have places (outbreak.site_availability).';

CREATE OR REPLACE FUNCTION vsys.public_slots(of_site outbreak.institution_code, from_date date DEFAULT NULL, to_date date DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (slot bigint, session bigint, starts_at timestamptz, ends_at timestamptz, programme text, product text, dose smallint, free integer, places integer, mode text, opens_at timestamptz, closes_at timestamptz, priority_groups text[], min_age smallint, walk_in boolean)
LANGUAGE SQL STABLE PARALLEL SAFE SECURITY DEFINER ROWS 70
BEGIN ATOMIC
	SELECT t.slot,
		e.session,
		t.starts_at,
		t.ends_at,
		e.programme,
		e.product,
		e.dose,
		t.capacity - t.taken,
		t.capacity,
		e.mode,
		nullif(e.opens_at, '-infinity'),
		e.closes_at,
		e.priority_groups,
		e.min_age,
		e.walk_in
	FROM vsys.site AS s
	JOIN vsys.session AS e ON e.site OPERATOR(outbreak.=) s.site
	JOIN vsys.slot AS t ON t.session = e.session
	WHERE s.site OPERATOR(outbreak.=) of_site
		AND s.public
		AND s.state = 'open'
		AND t.open
		AND t.starts_at > as_of
		AND e.on_date BETWEEN greatest(from_date, outbreak.local_date(as_of)) AND coalesce(to_date, 'infinity')
	ORDER BY t.starts_at, t.slot;
END;
COMMENT ON FUNCTION vsys.public_slots(outbreak.institution_code, date, date, timestamptz) IS '予約枠の一覧(公開) / the slots to come of a site that is shown to the public, free places with them, and who may book them from when. opens_at NULL: already open.';

-- ---- SMART Scheduling Links: Location, Schedule and Slot as FHIR says, one JSON object a line

CREATE OR REPLACE FUNCTION vsys.fhir_instant(at timestamptz) RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
COMMENT ON FUNCTION vsys.fhir_instant(timestamptz) IS 'An instant as FHIR writes it, in UTC.';

CREATE OR REPLACE FUNCTION vsys.fhir_locations(of_prefecture smallint DEFAULT NULL) RETURNS SETOF json
LANGUAGE SQL STABLE PARALLEL RESTRICTED SECURITY DEFINER ROWS 1000
BEGIN ATOMIC
	SELECT json_strip_nulls(json_build_object(
			'resourceType', 'Location',
			'id', s.site::text,
			'name', i.name_ja,
			'description', s.notes,
			'telecom', CASE
				WHEN coalesce(s.reservation_phone, i.phone) IS NOT NULL AND s.reservation_url IS NOT NULL THEN json_build_array(
					json_build_object('system', 'phone', 'value', coalesce(i.phone, s.reservation_phone)),
					json_build_object('system', 'url', 'value', s.reservation_url))
				WHEN s.reservation_url IS NOT NULL THEN json_build_array(json_build_object('system', 'url', 'value', s.reservation_url))
				ELSE json_build_array(json_build_object('system', 'phone', 'value', coalesce(i.phone, s.reservation_phone, '')))
			END,
			'address', json_build_object(
				'line', json_build_array(coalesce(i.address, m.name_ja)),
				'city', m.name_ja,
				'state', p.name_ja,
				'postalCode', coalesce(left(i.zip, 3) || '-' || substr(i.zip, 4), ''),
				'country', 'JP'),
			'position', CASE WHEN i.location IS NOT NULL THEN json_build_object(
				'longitude', @postgis@.st_x(i.location::@postgis@.geometry),
				'latitude', @postgis@.st_y(i.location::@postgis@.geometry)) END,
			'identifier', CASE
				WHEN outbreak.is_provisional(s.site) THEN json_build_array(json_build_object('system', 'urn:outbreak:vsys:site', 'value', s.site::text))
				ELSE json_build_array(
					json_build_object('system', 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no', 'value', s.site::text),
					json_build_object('system', 'urn:outbreak:vsys:site', 'value', s.site::text))
			END))
	FROM vsys.site AS s
	JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.site
	JOIN registry.municipality AS m ON m.municipality OPERATOR(outbreak.=) s.municipality
	JOIN registry.prefecture AS p ON p.prefecture = s.prefecture
	WHERE s.public
		AND s.state = 'open'
		AND s.reservation = 'vsys'
		AND (of_prefecture IS NULL OR s.prefecture = of_prefecture)
	ORDER BY s.site;
END;
COMMENT ON FUNCTION vsys.fhir_locations(smallint) IS 'FHIR Location / sites that are booked here, by the shape of SMART Scheduling Links: id and identifiers are the ten-digit code (医療機関コード; a provisional one under a system of its own).';

CREATE OR REPLACE FUNCTION vsys.fhir_schedule_id(site outbreak.institution_code, programme text, product text, dose smallint) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN left(translate(concat_ws('.', site::text, programme, product, coalesce(dose::text, 'all')), '_', '-'), 64);
COMMENT ON FUNCTION vsys.fhir_schedule_id(outbreak.institution_code, text, text, smallint) IS 'Identifier of a Schedule: letters, digits, dots and hyphens, 64 at most.';

CREATE OR REPLACE FUNCTION vsys.fhir_schedules(of_prefecture smallint DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS SETOF json
LANGUAGE SQL STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1000
BEGIN ATOMIC
	SELECT json_build_object(
			'resourceType', 'Schedule',
			'id', vsys.fhir_schedule_id(e.site, e.programme, e.product, e.dose),
			'serviceType', '[{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-type", "code": "57", "display": "Immunization"}, {"system": "http://fhir-registry.smarthealthit.org/CodeSystem/service-type", "code": "covid19-immunization", "display": "COVID-19 Immunization Appointment"}]}]'::json,
			'actor', json_build_array(json_build_object('reference', 'Location/' || e.site::text)),
			'extension', (
				SELECT json_agg(x.extension ORDER BY x.place)
				FROM (
					SELECT d AS place, json_build_object('url', 'http://fhir-registry.smarthealthit.org/StructureDefinition/vaccine-dose', 'valueInteger', d) AS extension
					FROM generate_series(coalesce(e.dose, e.first_dose)::integer, coalesce(e.dose, e.last_dose)::integer) AS d
					UNION ALL
					SELECT 100, json_build_object('url', 'http://fhir-registry.smarthealthit.org/StructureDefinition/vaccine-product',
						'valueCoding', json_build_object('system', c.system, 'code', c.code, 'display', c.display))
					FROM vsys.product_coding AS c
					WHERE c.product = e.product
						AND c.system = 'http://hl7.org/fhir/sid/cvx'
				) AS x))
	FROM (
		SELECT DISTINCT n.site, n.programme, n.product, n.dose, n.first_dose, n.last_dose
		FROM vsys.session AS n
		JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) n.site
		WHERE s.public
			AND s.state = 'open'
			AND s.reservation = 'vsys'
			AND n.closed_at IS NULL
			AND n.on_date >= outbreak.local_date(as_of)
			AND (of_prefecture IS NULL OR n.prefecture = of_prefecture)
	) AS e
	ORDER BY e.site, e.programme, e.product, e.dose NULLS LAST;
END;
COMMENT ON FUNCTION vsys.fhir_schedules(smallint, timestamptz) IS 'FHIR Schedule / what each site that is booked here gives from today on: vaccine (CVX where vsys.product_coding has it) and doses, by the shape of SMART Scheduling Links.';

CREATE OR REPLACE FUNCTION vsys.fhir_slots(of_prefecture smallint DEFAULT NULL, week_on date DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS SETOF json
LANGUAGE SQL STABLE PARALLEL SAFE SECURITY DEFINER ROWS 10000
BEGIN ATOMIC
	SELECT json_build_object(
			'resourceType', 'Slot',
			'id', t.slot::text || k.suffix,
			'schedule', json_build_object('reference', 'Schedule/' || vsys.fhir_schedule_id(e.site, e.programme, e.product, e.dose)),
			'status', k.status,
			'start', vsys.fhir_instant(t.starts_at),
			'end', vsys.fhir_instant(t.ends_at),
			'extension', (
				SELECT json_agg(x.extension ORDER BY x.place)
				FROM (
					VALUES
						(1, json_build_object('url', 'http://fhir-registry.smarthealthit.org/StructureDefinition/slot-capacity', 'valueInteger', k.places), true),
						(2, json_build_object('url', 'http://fhir-registry.smarthealthit.org/StructureDefinition/booking-deep-link', 'valueUrl', s.reservation_url), s.reservation_url IS NOT NULL AND k.status = 'free'),
						(3, json_build_object('url', 'http://fhir-registry.smarthealthit.org/StructureDefinition/booking-phone', 'valueString', s.reservation_phone), s.reservation_phone IS NOT NULL AND k.status = 'free')
				) AS x (place, extension, there)
				WHERE x.there))
	FROM vsys.session AS e
	JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) e.site
	JOIN vsys.slot AS t ON t.session = e.session
	-- what is free and what is taken of a slot are slots of their own, each with its number of places
	CROSS JOIN LATERAL (
		VALUES ('free', '', CASE WHEN e.opens_at <= as_of AND e.closes_at > as_of THEN t.capacity - t.taken ELSE 0 END),
			('busy', '-busy', CASE WHEN e.opens_at <= as_of AND e.closes_at > as_of THEN t.taken ELSE t.capacity END)
	) AS k (status, suffix, places)
	WHERE s.public
		AND s.state = 'open'
		AND s.reservation = 'vsys'
		AND t.open
		AND t.starts_at > as_of
		AND k.places > 0
		AND e.on_date >= outbreak.local_date(as_of)
		AND (week_on IS NULL OR e.on_date BETWEEN week_on AND week_on + 6)
		AND (of_prefecture IS NULL OR e.prefecture = of_prefecture)
	ORDER BY t.starts_at, t.slot, k.status DESC;
END;
COMMENT ON FUNCTION vsys.fhir_slots(smallint, date, timestamptz) IS 'FHIR Slot / the slots to come of sites that are booked here, of a week and prefecture: places that are free, and places that are taken, with the capacity extension of SMART Scheduling Links.';

CREATE OR REPLACE FUNCTION vsys.fhir_files(as_of timestamptz DEFAULT now())
RETURNS TABLE (type text, prefecture smallint, prefecture_ja text, iso text, week_on date)
LANGUAGE SQL STABLE PARALLEL SAFE SECURITY DEFINER ROWS 200
BEGIN ATOMIC
	WITH there AS (
		SELECT DISTINCT e.prefecture, date_trunc('week', e.on_date::timestamp)::date AS week_on
		FROM vsys.session AS e
		JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) e.site
		WHERE s.public
			AND s.state = 'open'
			AND s.reservation = 'vsys'
			AND e.closed_at IS NULL
			AND e.on_date >= outbreak.local_date(as_of)
	)
	SELECT f.type, p.prefecture, p.name_ja, p.iso, f.week_on
	FROM (
		SELECT 'Location' AS type, t.prefecture, NULL::date AS week_on FROM there AS t
		UNION
		SELECT 'Schedule', t.prefecture, NULL FROM there AS t
		UNION
		SELECT 'Slot', t.prefecture, t.week_on FROM there AS t
	) AS f
	JOIN registry.prefecture AS p ON p.prefecture = f.prefecture
	ORDER BY p.prefecture, f.type, f.week_on;
END;
COMMENT ON FUNCTION vsys.fhir_files(timestamptz) IS 'What there is to publish: Location and Schedule by prefecture, Slot by prefecture and week (its Monday).';
