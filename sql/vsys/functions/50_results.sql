-- ---- results: recording doses

-- PL/pgSQL, since its plan is kept from one transaction to the next.
CREATE OR REPLACE FUNCTION vsys.may_record(site outbreak.institution_code, municipality outbreak.municipality_code) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF outbreak.acts_as('outbreak_owner') THEN
		RETURN true;
	ELSIF outbreak.acts_as('outbreak_institution') AND site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()) THEN
		RETURN true;
	ELSIF outbreak.acts_as('outbreak_municipality') THEN
		RETURN coalesce(municipality OPERATOR(outbreak.=) outbreak.my_municipality(), false)
			OR EXISTS (
				SELECT
				FROM vsys.site AS s
				WHERE s.site OPERATOR(outbreak.=) may_record.site
					AND s.municipality OPERATOR(outbreak.=) outbreak.my_municipality()
			);
	END IF;
	RETURN false;
END
$$;
COMMENT ON FUNCTION vsys.may_record(outbreak.institution_code, outbreak.municipality_code) IS 'Whether the caller may enter and mend doses of this site or of tickets of this municipality: the site itself, the municipality of the ticket, that of the site, and outbreak_owner. For functions that run as the owner.';

CREATE OR REPLACE FUNCTION vsys.refuse_others(site outbreak.institution_code, municipality outbreak.municipality_code) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT vsys.may_record(site, municipality) THEN
		RAISE EXCEPTION 'these doses are not yours to enter'
			USING ERRCODE = 'insufficient_privilege',
				HINT = 'A site enters its own doses, a municipality those of its tickets and of its sites.';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.refuse_others(outbreak.institution_code, outbreak.municipality_code) IS 'Raises 42501 for whoever vsys.may_record() does not allow.';

-- ---- reading an entry

CREATE OR REPLACE FUNCTION vsys.day_or_null(year integer, month integer, day integer) RETURNS date
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN year BETWEEN 1 AND 9999 AND month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31
		AND day <= extract(day FROM make_date(year, month, 1) + interval '1 month' - interval '1 day')
		THEN make_date(year, month, day)
END;
COMMENT ON FUNCTION vsys.day_or_null(integer, integer, integer) IS 'The date, or NULL when there is no such day.';

CREATE OR REPLACE FUNCTION vsys.read_date(written text) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	plain text := replace(regexp_replace(normalize(written, NFKC), '\s', '', 'g'), '元年', '1年');
	part text[];
	era text;
	result date;
BEGIN
	part := regexp_match(plain, '^([0-9]{4})([0-9]{2})([0-9]{2})$');
	IF part IS NULL THEN
		part := regexp_match(plain, '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$');
	END IF;
	IF part IS NOT NULL THEN
		RETURN vsys.day_or_null(part[1]::integer, part[2]::integer, part[3]::integer);
	END IF;
	part := regexp_match(plain, '^(令和|平成|昭和|大正|明治|[RHSTMrhstm])([0-9]{1,2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$');
	IF part IS NULL THEN
		-- R030501, as systems write it
		part := regexp_match(plain, '^([RHSTMrhstm])([0-9]{2})([0-9]{2})([0-9]{2})$');
	END IF;
	IF part IS NULL OR part[2]::integer = 0 THEN
		RETURN NULL;
	END IF;
	era := translate(upper(left(part[1], 1)), '令平昭大明', 'RHSTM');
	result := vsys.day_or_null(CASE era WHEN 'R' THEN 2018 WHEN 'H' THEN 1988 WHEN 'S' THEN 1925 WHEN 'T' THEN 1911 ELSE 1867 END + part[2]::integer,
		part[3]::integer, part[4]::integer);
	-- a year that the era did not have is a slip of the pen, whichever way it was meant
	RETURN CASE
		WHEN result <@ CASE era
				WHEN 'R' THEN daterange('2019-05-01', NULL)
				WHEN 'H' THEN daterange('1989-01-08', '2019-05-01')
				WHEN 'S' THEN daterange('1926-12-25', '1989-01-08')
				WHEN 'T' THEN daterange('1912-07-30', '1926-12-25')
				ELSE daterange('1868-01-25', '1912-07-30')
			END
			THEN result
	END;
END
$$;
COMMENT ON FUNCTION vsys.read_date(text) IS '日付の読取 / the date that is written as 20210501, 2021-05-01, 2021/5/1, 2021年5月1日, 令和3年5月1日, 令和元年…, R3.5.1, R030501, also with full-width digits; the eras 令和, 平成, 昭和, 大正 and 明治 within their days (平成31年5月1日 is none). NULL for anything else.';

CREATE OR REPLACE FUNCTION vsys.read_time(written text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	part text[] := regexp_match(normalize(btrim(written), NFKC), '^([0-9]{8})([0-9]{2})([0-9]{2})([0-9]{2})$');
	day date;
BEGIN
	IF part IS NULL THEN
		part := regexp_match(normalize(btrim(written), NFKC), '^(.*[0-9日])[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?$');
	END IF;
	day := vsys.read_date(part[1]);
	IF day IS NULL OR part[2]::integer > 23 OR part[3]::integer > 59 OR coalesce(part[4], '0')::integer > 59 THEN
		RETURN NULL;
	END IF;
	RETURN (day + make_time(part[2]::integer, part[3]::integer, coalesce(part[4], '0')::integer)) AT TIME ZONE outbreak.time_zone();
END
$$;
COMMENT ON FUNCTION vsys.read_time(text) IS '日時の読取 / the instant that is written as YYYYMMDDHHMMSS, or as a date of vsys.read_date() and hh:mm or hh:mm:ss, in local time. NULL for anything else.';

CREATE OR REPLACE FUNCTION vsys.read_entry(raw jsonb, source text, OUT entry vsys.dose_entry, OUT faults jsonb) RETURNS record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	digits text;
	code text;
	dose_digit text;
	part text[];
	found text[];
	written text;
BEGIN
	faults := '{}';
	entry.source := read_entry.source;
	entry.key := nullif(raw ->> 'key', '');
	entry.doctor := nullif(raw ->> 'doctor', '');
	entry.site_name := nullif(raw ->> 'site_name', '');
	entry.priority_group := nullif(raw ->> 'priority_group', '');
	entry.confirmed := coalesce((raw ->> 'confirmed')::boolean, false);

	-- the ticket: the line under its bar code, or its two numbers; spreadsheets take leading zeros away
	digits := regexp_replace(normalize(coalesce(raw ->> 'ticket', ''), NFKC), '[-\s]', '', 'g');
	IF digits ~ '^[0-9]{18}$' THEN
		dose_digit := substr(digits, 2, 1);
		digits := substr(digits, 3);
	ELSIF digits = '' AND raw ->> 'municipality' ~ '^\s*[0-9０-９]{5,6}\s*$' AND raw ->> 'number' ~ '^\s*[0-9０-９]{1,10}\s*$' THEN
		digits := lpad(normalize(btrim(raw ->> 'municipality'), NFKC), 6, '0') || lpad(normalize(btrim(raw ->> 'number'), NFKC), 10, '0');
	END IF;
	IF digits ~ '^[0-9]{16}$' AND right(digits, 10) <> '0000000000' THEN
		code := left(digits, 6);
		entry.number := right(digits, 10);
		found := ARRAY(SELECT s.code FROM outbreak.suggest(code) AS s (code));
		IF found = ARRAY[code] AND EXISTS (SELECT FROM registry.municipality m WHERE m.municipality OPERATOR(outbreak.=) code::outbreak.municipality_code) THEN
			entry.municipality := code::outbreak.municipality_code;
		ELSE
			-- what it might be instead
			faults := faults || jsonb_build_object('municipality_unknown', (
				SELECT string_agg(m.municipality::text || ' ' || m.name_ja, ', ' ORDER BY m.municipality::text COLLATE "C")
				FROM registry.municipality m
				WHERE m.municipality::text = ANY (found)
					AND m.municipality::text <> code));
		END IF;
	ELSE
		faults := faults || '{"ticket_unreadable": null}';
	END IF;

	written := coalesce(normalize(btrim(raw ->> 'dose_number'), NFKC), dose_digit);
	IF written ~ '^[1-9]$' AND written = coalesce(dose_digit, written) THEN
		entry.dose_number := written::smallint;
	ELSIF written IS NOT NULL THEN
		faults := faults || '{"dose_number_unreadable": null}';
	END IF;

	written := raw ->> 'given_at';
	IF written IS NOT NULL THEN
		entry.given_at := CASE WHEN written ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}([-+][0-9:]{2,6}|Z)$' THEN written::timestamptz ELSE vsys.read_time(written) END;
		entry.given_on := outbreak.local_date(entry.given_at);
	ELSE
		entry.given_on := vsys.read_date(raw ->> 'given_on');
	END IF;
	IF entry.given_on IS NULL OR NOT isfinite(entry.given_on) THEN
		faults := faults || '{"date_unreadable": null}';
	END IF;
	written := raw ->> 'registered_at';
	entry.registered_at := CASE WHEN written ~ 'T' THEN written::timestamptz ELSE vsys.read_time(written) END;

	-- the site: its code, or its name within the municipality of the ticket
	written := normalize(btrim(coalesce(raw ->> 'site', raw ->> 'site_name')), NFKC);
	-- a code that is its own only reading is a code
	IF written ~ '^[0-9]{10}$' AND ARRAY(SELECT s.code FROM outbreak.suggest(written) AS s (code)) = ARRAY[written] THEN
		SELECT s.site INTO entry.site
		FROM vsys.site s
		WHERE s.site OPERATOR(outbreak.=) written::outbreak.institution_code;
	ELSIF raw ->> 'site_name' IS NOT NULL THEN
		SELECT array_agg(s.site::text) INTO found
		FROM vsys.site s
		JOIN registry.institution i ON i.institution OPERATOR(outbreak.=) s.site
		WHERE s.municipality OPERATOR(outbreak.=) entry.municipality
			AND registry.plain_name(i.name_ja) = registry.plain_name(raw ->> 'site_name');
		IF cardinality(found) = 1 THEN
			entry.site := found[1]::outbreak.institution_code;
		END IF;
	END IF;
	IF entry.site IS NULL THEN
		faults := faults || CASE WHEN entry.site_name IS NOT NULL THEN '{"site_name_unknown": null}'::jsonb ELSE '{"site_unknown": null}' END;
	END IF;

	-- the vaccine: product and lot, or the maker as the VRS writes it
	entry.lot := nullif(upper(normalize(btrim(raw ->> 'lot'), NFKC)), '');
	IF entry.lot !~ '^[!-z]{1,20}$' THEN
		entry.lot := NULL;
	END IF;
	written := btrim(raw ->> 'vial');
	IF written IS NOT NULL THEN
		part := regexp_match(written, '^([a-z0-9_]+)[ /]+([!-z]{1,20})$');
		IF part IS NOT NULL THEN
			SELECT p.product INTO entry.product
			FROM vsys.product p
			WHERE p.product = part[1];
			entry.lot := part[2];
		ELSE
			BEGIN
				SELECT k.product, g.lot INTO entry.product, entry.lot
				FROM outbreak.gs1_scan(raw ->> 'vial', coalesce(entry.given_on, outbreak.local_date())) AS g
				LEFT JOIN vsys.product_pack AS k ON k.gtin OPERATOR(outbreak.=) g.gtin;
				entry.scan := raw ->> 'vial';
			EXCEPTION WHEN data_exception THEN
				NULL;
			END;
		END IF;
		IF entry.product IS NULL OR entry.lot IS NULL THEN
			entry.product := NULL;
			faults := faults || '{"vial_unreadable": null}';
			RETURN;
		END IF;
	ELSIF raw ->> 'product' IS NOT NULL THEN
		SELECT p.product INTO entry.product
		FROM vsys.product p
		WHERE p.product = raw ->> 'product';
	ELSIF raw ->> 'maker' IS NOT NULL THEN
		-- a maker with several vaccines: the one that has the lot
		SELECT array_agg(p.product ORDER BY p.product), array_agg(p.product) FILTER (WHERE l.lot IS NOT NULL)
		INTO found, part
		FROM vsys.product p
		LEFT JOIN vsys.lot l ON l.product = p.product
			AND l.lot = entry.lot
		WHERE registry.plain_name(p.maker_ja) = registry.plain_name(raw ->> 'maker');
		entry.product := CASE WHEN cardinality(found) = 1 THEN found[1] WHEN cardinality(part) = 1 THEN part[1] END;
	END IF;
	IF entry.product IS NULL THEN
		faults := faults || '{"product_unknown": null}';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.read_entry(jsonb, text) IS 'Reads the items of an entry as they came (ticket, or municipality and number; dose_number, given_at or given_on, registered_at, site or site_name, product or maker, lot, doctor, priority_group, key, confirmed) and says what cannot be read: {"code": detail}, codes of vsys.dose_fault.';

-- ---- judging

CREATE OR REPLACE FUNCTION vsys.judge_dose(
	entry vsys.dose_entry,
	as_of timestamptz,
	OUT faults jsonb,
	OUT person uuid,
	OUT programme text,
	OUT dose_number smallint,
	OUT priority_group text,
	OUT birth_year smallint,
	OUT duplicate_of bigint
) RETURNS record
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	ticket record;
	vaccine vsys.product;
	place record;
	lot record;
	had vsys.person_dose;
	same vsys.person_dose;
	earlier vsys.person_dose;
	later vsys.person_dose;
	last vsys.person_dose;
	rule vsys.product;
	stopped text;
	booked text;
BEGIN
	faults := '{}';
	dose_number := entry.dose_number;
	IF entry.given_on > outbreak.local_date(as_of) OR entry.given_at > as_of + interval '10 minutes' THEN
		faults := faults || '{"date_in_future": null}';
	END IF;

	IF entry.municipality IS NOT NULL THEN
		SELECT t.person, t.programme, t.priority_group, t.birth_year, t.withdrawn_at, t.valid, p.valid AS period,
			EXISTS (SELECT FROM vsys.programme_product u WHERE u.programme = t.programme AND u.product = entry.product) AS uses
		INTO ticket
		FROM vsys.ticket t
		JOIN vsys.programme p ON p.programme = t.programme
		WHERE t.municipality OPERATOR(outbreak.=) entry.municipality
			AND t.number = entry.number;
		IF NOT found THEN
			faults := faults || '{"ticket_unknown": null}';
		ELSE
			person := ticket.person;
			programme := ticket.programme;
			priority_group := coalesce(entry.priority_group, ticket.priority_group);
			birth_year := ticket.birth_year;
		END IF;
	END IF;

	-- what the person has had
	IF person IS NOT NULL AND entry.given_on IS NOT NULL THEN
		FOR had IN
			SELECT d.*
			FROM vsys.person_dose d
			WHERE d.person = ticket.person
				AND d.programme = ticket.programme
				AND d.dose IS DISTINCT FROM entry.replaces
			ORDER BY d.dose_number
		LOOP
			IF had.dose_number = entry.dose_number OR entry.key IS NOT NULL AND had.key = entry.key
				OR entry.dose_number IS NULL AND had.given_on = entry.given_on AND had.site OPERATOR(outbreak.=) entry.site
			THEN
				same := had;
			ELSIF had.dose_number < entry.dose_number THEN
				earlier := had;
			ELSIF had.dose_number > entry.dose_number AND later.dose IS NULL THEN
				later := had;
			END IF;
			IF had.site OPERATOR(outbreak.<>) entry.site AND had.given_at BETWEEN entry.given_at - interval '1 hour' AND entry.given_at + interval '1 hour' THEN
				faults := faults || '{"two_sites_within_hour": null}';
			END IF;
			last := had;
		END LOOP;
		IF same.dose IS NOT NULL AND (same.key = entry.key OR same.given_on = entry.given_on
			AND coalesce(same.site OPERATOR(outbreak.=) entry.site, same.product = entry.product))
		THEN
			duplicate_of := same.dose;
			dose_number := same.dose_number;
			RETURN;
		END IF;
		IF dose_number IS NULL THEN
			earlier := last;
			dose_number := coalesce(last.dose_number, 0) + 1;
		END IF;
		IF same.dose IS NOT NULL THEN
			faults := faults || jsonb_build_object('already_recorded', same.given_on);
		END IF;
		IF dose_number > 1 AND earlier.dose_number IS DISTINCT FROM dose_number - 1 THEN
			faults := faults || '{"earlier_dose_missing": null}';
		END IF;
		IF entry.given_on = ANY (ARRAY[earlier.given_on, later.given_on]) THEN
			faults := faults || '{"two_doses_one_day": null}';
		ELSIF entry.given_on < earlier.given_on OR entry.given_on > later.given_on THEN
			faults := faults || '{"order_wrong": null}';
		ELSIF earlier.dose IS NOT NULL THEN
			SELECT p.* INTO rule
			FROM vsys.product p
			WHERE p.product = earlier.product;
			IF entry.given_on - earlier.given_on < rule.interval_min_days THEN
				faults := faults || jsonb_build_object('interval_short', format('%s < %s', entry.given_on - earlier.given_on, rule.interval_min_days));
			ELSIF entry.given_on - earlier.given_on > rule.interval_max_days THEN
				faults := faults || jsonb_build_object('interval_long', format('%s > %s', entry.given_on - earlier.given_on, rule.interval_max_days));
			END IF;
		END IF;
		IF earlier.product <> entry.product THEN
			faults := faults || jsonb_build_object('product_mixed', earlier.product);
		END IF;

		IF ticket.withdrawn_at <= coalesce(entry.given_at, entry.given_on::timestamp AT TIME ZONE outbreak.time_zone()) THEN
			faults := faults || '{"ticket_withdrawn": null}';
		END IF;
		IF NOT ticket.period @> entry.given_on THEN
			faults := faults || jsonb_build_object('outside_programme', ticket.period);
		ELSIF NOT ticket.valid @> entry.given_on THEN
			faults := faults || jsonb_build_object('outside_ticket_validity', ticket.valid);
		END IF;
		IF entry.product IS NOT NULL AND NOT ticket.uses THEN
			faults := faults || jsonb_build_object('product_not_in_programme', entry.product);
		END IF;
	END IF;

	IF entry.product IS NOT NULL AND entry.given_on IS NOT NULL THEN
		SELECT p.* INTO vaccine
		FROM vsys.product p
		WHERE p.product = entry.product;
		IF dose_number > vaccine.course_doses THEN
			faults := faults || jsonb_build_object('course_complete', vaccine.course_doses);
		END IF;
		-- of the two ages that a year of birth leaves open, both are too young
		IF extract(year FROM entry.given_on) - birth_year < vaccine.min_age THEN
			faults := faults || jsonb_build_object('age_below_minimum', vaccine.min_age);
		END IF;
		SELECT l.expiry_on < entry.given_on AS expired,
			l.recalled_at <= coalesce(entry.given_at, (entry.given_on + 1)::timestamp AT TIME ZONE outbreak.time_zone()) AS recalled
		INTO lot
		FROM vsys.lot l
		WHERE l.product = entry.product
			AND l.lot = entry.lot;
		IF NOT found THEN
			faults := faults || '{"lot_unknown": null}';
		ELSIF lot.expired OR lot.recalled THEN
			faults := faults || jsonb_build_object('vial_stopped', CASE WHEN lot.recalled THEN 'recalled' ELSE 'expired' END);
		END IF;
	END IF;

	-- what the vial went through: by its scan, or by what the site has of the lot at this moment
	IF entry.site IS NOT NULL AND entry.product IS NOT NULL AND NOT faults ? 'vial_stopped' THEN
		IF entry.scan IS NOT NULL THEN
			SELECT array_to_string(ARRAY(
				SELECT c.code
				FROM unnest(k.codes) AS c (code)
				WHERE c.code = ANY ('{incomplete,expiry_differs,recalled,expired,thawed_out}'::text[])), ', ')
			INTO stopped
			FROM vsys.stop_check(entry.scan, entry.site, as_of => coalesce(entry.given_at, as_of)) AS k;
		ELSIF entry.given_at > as_of - interval '1 hour' THEN
			SELECT 'thawed_out' INTO stopped
			FROM vsys.storage_batch b
			WHERE b.site OPERATOR(outbreak.=) entry.site
				AND b.product = entry.product
				AND b.lot = entry.lot
				AND b.vials > 0
			HAVING max(b.expires_at) <= entry.given_at
				AND NOT EXISTS (
					SELECT
					FROM vsys.holding h
					WHERE h.site OPERATOR(outbreak.=) entry.site
						AND h.product = entry.product
						AND h.lot = entry.lot
						AND h.doses % h.doses_per_vial > 0
				);
		END IF;
		IF stopped <> '' THEN
			faults := faults || jsonb_build_object('vial_stopped', stopped);
		END IF;
	END IF;

	IF entry.site IS NOT NULL THEN
		SELECT s.state, s.municipality,
			EXISTS (SELECT FROM vsys.site_product h WHERE h.site OPERATOR(outbreak.=) s.site AND h.product = entry.product AND h.valid @> entry.given_on) AS handles
		INTO place
		FROM vsys.site s
		WHERE s.site OPERATOR(outbreak.=) entry.site;
		IF place.state <> 'open' THEN
			faults := faults || jsonb_build_object('site_not_open', place.state);
		END IF;
		IF entry.product IS NOT NULL AND NOT place.handles THEN
			faults := faults || '{"product_not_at_site": null}';
		END IF;
		IF place.municipality OPERATOR(outbreak.<>) entry.municipality THEN
			faults := faults || '{"other_municipality": null}';
		END IF;
		SELECT b.site::text INTO booked
		FROM vsys.booking b
		WHERE b.person = judge_dose.person
			AND b.programme = judge_dose.programme
			AND b.dose = dose_number
			AND b.in_force
			AND b.state = 'booked'
			AND b.site OPERATOR(outbreak.<>) entry.site;
		IF found THEN
			faults := faults || jsonb_build_object('other_site_than_booked', booked);
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.judge_dose(vsys.dose_entry, timestamptz) IS 'What is wrong with an entry that could be read, as {"code": detail}; the person, programme, dose number, group and year of birth that it belongs to; and the dose that it repeats, if it is entered already. Changes nothing.';

CREATE OR REPLACE FUNCTION vsys.explain_faults(faults jsonb) RETURNS jsonb
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', f.code, 'outcome', f.outcome, 'detail', faults -> f.code,
		'message_ja', f.message_ja, 'message_en', f.message_en)) ORDER BY f.position), '[]')
	FROM vsys.dose_fault AS f
	WHERE f.code IN (SELECT jsonb_object_keys(faults));
END;
COMMENT ON FUNCTION vsys.explain_faults(jsonb) IS 'Faults {"code": detail} as a list with texts, the gravest first: [{"code", "outcome", "detail", "message_ja", "message_en"}].';

-- ---- recording

CREATE OR REPLACE FUNCTION vsys.take_from_stock(site outbreak.institution_code, product text, lot text, at timestamptz, key text) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	event bigint;
BEGIN
	PERFORM
	FROM vsys.holding h
	WHERE h.site OPERATOR(outbreak.=) take_from_stock.site
		AND h.product = take_from_stock.product
		AND h.lot = take_from_stock.lot
		AND h.doses > 0;
	IF NOT found THEN
		RETURN NULL;
	END IF;
	-- The ledger judges at commit, when a dose that it refuses would be lost: so it is asked now.
	BEGIN
		event := vsys.post_stock(site, product, lot, 'given', 0, 1, least(at, now()), key);
		SET CONSTRAINTS vsys.covered IMMEDIATE;
		SET CONSTRAINTS vsys.covered DEFERRED;
		RETURN event;
	EXCEPTION WHEN SQLSTATE 'OB040' THEN
		RETURN NULL;
	END;
END
$$;
COMMENT ON FUNCTION vsys.take_from_stock(outbreak.institution_code, text, text, timestamptz, text) IS 'Takes one dose out of the stock ledger (given) and returns the event; NULL when the books of the site hold none of the lot, or held none at that moment.';

CREATE OR REPLACE FUNCTION vsys.enter_dose(entry vsys.dose_entry, raw jsonb, unreadable jsonb, mode text, as_of timestamptz,
	import bigint DEFAULT NULL, line integer DEFAULT NULL, stock_event bigint DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	judged record;
	faults jsonb := unreadable;
	worst vsys.dose_fault;
	number bigint;
	taken bigint := stock_event;
	waiting bigint;
	result jsonb;
BEGIN
	-- one after the other for a person, whichever ticket it is: what is judged below is what was committed before
	IF entry.number IS NOT NULL THEN
		PERFORM pg_advisory_xact_lock(hashtextextended(coalesce((
			SELECT t.person::text
			FROM vsys.ticket t
			WHERE t.municipality OPERATOR(outbreak.=) entry.municipality
				AND t.number = entry.number
		), entry.municipality::text || entry.number), 5080));
	END IF;
	SELECT j.* INTO judged
	FROM vsys.judge_dose(entry, as_of) AS j;
	IF judged.duplicate_of IS NOT NULL AND unreadable - '{site_name_unknown}'::text[] = '{}' THEN
		RETURN jsonb_build_object('outcome', 'duplicate', 'dose', judged.duplicate_of, 'dose_number', judged.dose_number, 'warnings', '[]'::jsonb);
	END IF;
	faults := faults || judged.faults;

	IF faults <> '{}' THEN
		SELECT f.* INTO worst
		FROM vsys.dose_fault f
		WHERE f.code IN (SELECT jsonb_object_keys(faults))
			AND f.outcome <> 'warning'
			-- whoever says that it was given all the same is believed
			AND NOT (f.code = 'vial_stopped' AND entry.confirmed)
		ORDER BY f.position
		LIMIT 1;
		IF worst.outcome = 'refused' AND mode <> 'file' OR mode = 'strict' AND worst.code IS NOT NULL THEN
			RAISE EXCEPTION 'the dose was not recorded: %', worst.code
				USING ERRCODE = 'OB080',
					DETAIL = vsys.explain_faults(faults),
					HINT = CASE worst.code
						WHEN 'vial_stopped' THEN 'Take another vial. If the dose has been given, say so (confirmed), and it is recorded.'
						ELSE 'Mend what the detail names, and enter it again.' END;
		END IF;
		IF worst.code IS NOT NULL THEN
			-- sent again, it is the same issue
			SELECT i.issue INTO number
			FROM vsys.dose_issue i
			WHERE i.state = 'open'
				AND i.code = worst.code
				AND i.entry - '{given_at,key}'::text[] = raw - '{given_at,key}'::text[]
				AND i.given_on IS NOT DISTINCT FROM entry.given_on
				AND (i.site OPERATOR(outbreak.=) entry.site OR i.import IS NOT NULL AND i.municipality OPERATOR(outbreak.=) coalesce(entry.municipality, i.municipality))
			LIMIT 1;
			IF number IS NULL THEN
				-- the vial is empty by one dose, whoever it was; not where it is doubtful that there was a dose at all
				IF entry.source = 'scan' AND taken IS NULL AND entry.site IS NOT NULL AND entry.lot IS NOT NULL
					AND worst.code = ANY ('{ticket_unknown,ticket_withdrawn,earlier_dose_missing}'::text[])
				THEN
					taken := vsys.take_from_stock(entry.site, entry.product, entry.lot, entry.given_at, 'issue ' || nextval('vsys.dose_issue_number'));
				ELSE
					PERFORM nextval('vsys.dose_issue_number');
				END IF;
				number := currval('vsys.dose_issue_number');
				INSERT INTO vsys.dose_issue (issue, code, detail, person, municipality, site, given_on, entry, source, import, line, stock_event, found_at)
				VALUES (number, worst.code, faults ->> worst.code, judged.person,
					coalesce(entry.municipality, (SELECT v.municipality FROM vsys.vrs_import v WHERE v.import = enter_dose.import)),
					entry.site, entry.given_on, raw, entry.source, import, line, taken, as_of);
			END IF;
			RETURN jsonb_build_object('outcome', 'kept', 'issue', number, 'code', worst.code, 'warnings', vsys.explain_faults(faults));
		END IF;
	END IF;

	number := nextval('vsys.dose_serial');
	INSERT INTO vsys.person_dose (person, programme, dose_number, dose, given_on, given_at, site, product, key)
	VALUES (judged.person, judged.programme, judged.dose_number, number, entry.given_on, entry.given_at, entry.site, entry.product, entry.key)
	ON CONFLICT DO NOTHING;
	IF NOT found THEN
		-- came meanwhile, past the lock above: now it is there to be judged
		RETURN vsys.enter_dose(entry, raw, unreadable, mode, as_of, import, line, stock_event);
	END IF;
	IF taken IS NULL AND entry.site IS NOT NULL AND entry.lot IS NOT NULL AND NOT faults ? 'lot_unknown' THEN
		taken := vsys.take_from_stock(entry.site, entry.product, entry.lot,
			coalesce(entry.given_at, (entry.given_on + time '12:00') AT TIME ZONE outbreak.time_zone()), 'dose ' || number);
		IF taken IS NULL THEN
			faults := faults || '{"stock_short": null}';
		END IF;
	END IF;
	INSERT INTO vsys.dose (dose, given_on, given_at, person, municipality, number, programme, dose_number, site, site_name, product, lot, doctor,
		priority_group, birth_year, sex, source, registered_at, key, stock_event, replaces)
	SELECT number, entry.given_on, entry.given_at, judged.person, entry.municipality, entry.number, judged.programme, judged.dose_number, entry.site, entry.site_name,
		entry.product, entry.lot, entry.doctor, judged.priority_group, judged.birth_year, p.sex, entry.source, coalesce(entry.registered_at, as_of), entry.key, taken, entry.replaces
	FROM registry.person p
	WHERE p.person = judged.person;

	IF entry.site IS NOT NULL THEN
		PERFORM vsys.complete_booking(entry.municipality, entry.number, judged.programme, judged.dose_number, entry.site,
			coalesce(entry.given_at, (entry.given_on + time '12:00') AT TIME ZONE outbreak.time_zone()));
	END IF;

	result := jsonb_build_object('outcome', 'recorded', 'dose', number, 'dose_number', judged.dose_number,
		'warnings', CASE faults WHEN '{}' THEN '[]' ELSE vsys.explain_faults(faults) END);
	-- a later dose may have waited for this one
	SELECT i.issue INTO waiting
	FROM vsys.dose_issue i
	WHERE i.person = judged.person
		AND i.code = 'earlier_dose_missing'
		AND i.state = 'open'
	ORDER BY i.given_on
	LIMIT 1;
	IF found THEN
		result := result || jsonb_build_object('released', vsys.settle_issue(waiting, '{}', 'file', as_of));
	END IF;
	RETURN result;
END
$$;
COMMENT ON FUNCTION vsys.enter_dose(vsys.dose_entry, jsonb, jsonb, text, timestamptz, bigint, integer, bigint) IS
'Records an entry, or says why not; for the functions that callers use. raw: the entry as it came. unreadable: faults found while reading. mode: scan (refuses what can be scanned again, keeps the rest), file (keeps everything), strict (refuses everything). Person record, stock, booking and sums change together. Returns {"outcome": "recorded", "duplicate" or "kept", …}; OB080 with all findings in DETAIL when refused.';

CREATE OR REPLACE FUNCTION vsys.settle_issue(issue bigint, changes jsonb, mode text, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	kept vsys.dose_issue;
	mended jsonb;
	read record;
	result jsonb;
BEGIN
	SELECT i.* INTO kept
	FROM vsys.dose_issue i
	WHERE i.issue = settle_issue.issue
		AND i.state = 'open'
	FOR UPDATE;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such entry to mend'
			USING ERRCODE = 'no_data_found',
				HINT = 'It may have been mended since; vsys.dose_issue lists what is open.';
	END IF;
	-- a number named anew takes the place of the line that was read, and the other way round
	mended := CASE
			WHEN changes ?| '{municipality,number}' AND NOT changes ? 'ticket' THEN
				kept.entry - 'ticket' || jsonb_strip_nulls(jsonb_build_object('municipality', coalesce(kept.entry ->> 'municipality', kept.municipality::text), 'number', kept.entry ->> 'number'))
			WHEN changes ? 'ticket' THEN kept.entry - '{municipality,number,dose_number}'::text[]
			ELSE kept.entry END
		|| changes;
	IF changes ? 'dose_number' AND mended ->> 'ticket' ~ '^[0-9]{18}$' THEN
		mended := mended || jsonb_build_object('ticket', right(mended ->> 'ticket', 16));
	END IF;
	IF changes ? 'given_on' AND NOT changes ? 'given_at' THEN
		mended := mended - 'given_at';
	END IF;
	SELECT r.* INTO read
	FROM vsys.read_entry(mended, kept.source) AS r;
	-- out of the way, lest it be found again as the same issue
	UPDATE vsys.dose_issue i
	SET state = 'dismissed',
		settled_at = now(),
		settled_by = coalesce(outbreak.my_subject(), session_user)
	WHERE i.issue = kept.issue;
	result := vsys.enter_dose(read.entry, mended, read.faults, mode, as_of, kept.import, kept.line,
		-- what was taken from stock stays taken, unless it was something else
		CASE WHEN NOT changes ?| '{site,product,lot,vial,given_at,given_on}' THEN kept.stock_event END);
	UPDATE vsys.dose_issue i
	SET state = CASE result ->> 'outcome' WHEN 'kept' THEN 'dismissed' ELSE 'mended' END,
		dose = (result ->> 'dose')::bigint,
		reason = CASE result ->> 'outcome' WHEN 'kept' THEN 'issue ' || (result ->> 'issue') END
	WHERE i.issue = kept.issue;
	IF kept.stock_event IS NOT NULL AND (changes ?| '{site,product,lot,vial,given_at,given_on}' OR result ->> 'outcome' = 'duplicate') THEN
		PERFORM vsys.reverse_stock(kept.stock_event, 'issue ' || kept.issue);
	END IF;
	RETURN result;
END
$$;
COMMENT ON FUNCTION vsys.settle_issue(bigint, jsonb, text, timestamptz) IS 'Part of vsys.mend_dose(): reads a kept entry anew with the changes, and records it.';

CREATE OR REPLACE FUNCTION vsys.record_dose(
	site outbreak.institution_code,
	ticket text,
	vial text,
	given_at timestamptz DEFAULT now(),
	dose_number smallint DEFAULT NULL,
	doctor text DEFAULT NULL,
	key text DEFAULT NULL,
	confirmed boolean DEFAULT false,
	priority_group text DEFAULT NULL,
	as_of timestamptz DEFAULT now()
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	raw jsonb;
	read record;
BEGIN
	PERFORM vsys.refuse_others(site, NULL);
	raw := jsonb_strip_nulls(jsonb_build_object('site', site::text, 'ticket', ticket, 'vial', vial, 'given_at', given_at, 'dose_number', dose_number,
		'doctor', doctor, 'key', key, 'confirmed', nullif(confirmed, false), 'priority_group', priority_group));
	SELECT r.* INTO read
	FROM vsys.read_entry(raw, 'scan') AS r;
	RETURN vsys.enter_dose(read.entry, raw, read.faults, 'scan', as_of);
END
$$;
COMMENT ON FUNCTION vsys.record_dose(outbreak.institution_code, text, text, timestamptz, smallint, text, text, boolean, text, timestamptz) IS
'接種の登録 / records a dose that a site gave, in one transaction: the record of the person, the sums of the site and of the municipality, the stock, the usage rate and the booking. ticket: the 18 digits under its bar code (kind, dose number, municipality, number), or municipality and number as 16 digits; without a dose number it is the person''s next. vial: what a scanner reads of it, or product and lot ("comirnaty EY0779").

Returns {"outcome", "dose", "dose_number", "warnings": [{"code", "detail", "message_ja", "message_en"}]}. outcome is recorded; duplicate, when this dose is entered already (same person, number, day and site, or the same key): nothing is written twice; or kept: the dose was given, but who got it or when is in doubt (unknown or withdrawn ticket, second dose without the first, two sites within an hour, …), so the entry waits in vsys.dose_issue to be mended ("issue") and counts for nobody. What whoever scans can scan again is refused with OB080 and all findings in DETAIL: an unreadable ticket or vial, a wrong check digit of the municipality, a date in the future, an expired or recalled vial. With confirmed a dose out of such a vial, given all the same, is recorded. A dose that the site''s books do not cover is recorded, and taken from stock once they do. For the site, its municipality; 42501 for others.';

CREATE OR REPLACE FUNCTION vsys.check_dose(
	site outbreak.institution_code,
	ticket text,
	vial text,
	given_at timestamptz DEFAULT now(),
	dose_number smallint DEFAULT NULL,
	as_of timestamptz DEFAULT now()
) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	read record;
	judged record;
	faults jsonb;
BEGIN
	PERFORM vsys.refuse_others(site, NULL);
	SELECT r.* INTO read
	FROM vsys.read_entry(jsonb_strip_nulls(jsonb_build_object('site', site::text, 'ticket', ticket, 'vial', vial, 'given_at', given_at, 'dose_number', dose_number)), 'scan') AS r;
	SELECT j.* INTO judged
	FROM vsys.judge_dose(read.entry, as_of) AS j;
	faults := read.faults || judged.faults;
	RETURN jsonb_build_object(
		'outcome', CASE
			WHEN judged.duplicate_of IS NOT NULL THEN 'duplicate'
			ELSE coalesce((
				SELECT f.outcome
				FROM vsys.dose_fault f
				WHERE f.code IN (SELECT jsonb_object_keys(faults))
					AND f.outcome <> 'warning'
				ORDER BY f.position
				LIMIT 1), 'recorded') END,
		'dose_number', judged.dose_number, 'priority_group', judged.priority_group, 'findings', vsys.explain_faults(faults));
END
$$;
COMMENT ON FUNCTION vsys.check_dose(outbreak.institution_code, text, text, timestamptz, smallint, timestamptz) IS
'接種前の確認 / what vsys.record_dose() would say, before the dose is given: {"outcome" (recorded, duplicate, kept or refused), "dose_number", "priority_group", "findings"}. Changes nothing. For the site, its municipality; 42501 for others.';

-- ---- mending

CREATE OR REPLACE FUNCTION vsys.end_dose(dose bigint, state text, reason text) RETURNS vsys.dose
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	ended vsys.dose;
BEGIN
	IF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'a correction needs a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT d.* INTO ended
	FROM vsys.dose d
	WHERE d.dose = end_dose.dose
	FOR UPDATE;
	-- whoever may not touch it is not told whether it exists
	IF NOT found OR NOT vsys.may_record(ended.site, ended.municipality) THEN
		RAISE EXCEPTION 'there is no such dose'
			USING ERRCODE = 'no_data_found',
				HINT = 'vsys.dose lists the doses that you may see.';
	ELSIF ended.state <> 'in_force' THEN
		RAISE EXCEPTION 'this dose is % already', ended.state
			USING ERRCODE = 'OB081',
				HINT = 'What is in force instead has "replaces" set to its number.';
	END IF;
	UPDATE vsys.dose d
	SET state = end_dose.state,
		ended_at = now(),
		ended_by = coalesce(outbreak.my_subject(), session_user),
		reason = end_dose.reason
	WHERE d.dose = ended.dose
		AND d.given_on = ended.given_on;
	DELETE FROM vsys.person_dose p
	WHERE p.person = ended.person
		AND p.programme = ended.programme
		AND p.dose_number = ended.dose_number
		AND p.dose = ended.dose;
	-- so that the dose can be booked again; a correction of the same dose completes its booking anew
	UPDATE vsys.booking b
	SET state = 'cancelled',
		in_force = NULL,
		reason = 'the dose was ' || end_dose.state
	WHERE b.person = ended.person
		AND b.programme = ended.programme
		AND b.dose = ended.dose_number
		AND b.in_force
		AND b.state = 'completed';
	RETURN ended;
END
$$;
COMMENT ON FUNCTION vsys.end_dose(bigint, text, text) IS 'Part of vsys.correct_dose() and vsys.withdraw_dose(): takes a dose out of force. P0002 for one that does not exist or is not the caller''s, OB081 for one that is out of force, 22023 without a reason.';

CREATE OR REPLACE FUNCTION vsys.correct_dose(dose bigint, changes jsonb, reason text, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	items CONSTANT text[] := '{ticket,municipality,number,dose_number,site,site_name,vial,product,lot,given_at,given_on,doctor,priority_group,confirmed}'::text[];
	of_stock CONSTANT text[] := '{site,vial,product,lot,given_at,given_on}'::text[];
	old vsys.dose;
	raw jsonb;
	read record;
	result jsonb;
	moves boolean;
BEGIN
	IF jsonb_typeof(changes) IS DISTINCT FROM 'object' OR changes = '{}' OR changes - items <> '{}' THEN
		RAISE EXCEPTION 'the changes must be a JSON object of items'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The items are: ' || array_to_string(items, ', ') || '.';
	END IF;
	old := vsys.end_dose(dose, 'corrected', reason);
	raw := jsonb_strip_nulls(jsonb_build_object('municipality', old.municipality::text, 'number', old.number, 'dose_number', old.dose_number, 'site', old.site::text,
			'site_name', old.site_name, 'product', old.product, 'lot', old.lot, 'given_on', old.given_on, 'given_at', old.given_at, 'doctor', old.doctor,
			'registered_at', old.registered_at, 'key', old.key, 'priority_group', CASE WHEN NOT changes ?| '{ticket,municipality,number}' THEN old.priority_group END))
		- CASE WHEN changes ? 'ticket' THEN '{municipality,number,dose_number}'::text[] ELSE '{}' END
		- CASE WHEN changes ? 'vial' THEN '{product,lot}'::text[] ELSE '{}' END
		- CASE WHEN changes ? 'given_on' THEN '{given_at}'::text[] ELSE '{}' END
		|| changes;
	SELECT r.* INTO read
	FROM vsys.read_entry(raw, 'correction') AS r;
	read.entry.replaces := old.dose;
	PERFORM vsys.refuse_others((read.entry).site, (read.entry).municipality);
	moves := changes ?| of_stock;
	IF moves AND old.stock_event IS NOT NULL THEN
		PERFORM vsys.reverse_stock(old.stock_event, 'dose ' || old.dose || ': ' || reason);
	END IF;
	result := vsys.enter_dose(read.entry, raw, read.faults, 'strict', as_of, stock_event => CASE WHEN NOT moves THEN old.stock_event END);
	IF result ->> 'outcome' <> 'recorded' THEN
		RAISE EXCEPTION 'this dose is recorded already'
			USING ERRCODE = 'OB081',
				DETAIL = jsonb_build_object('dose', result -> 'dose')::text,
				HINT = 'If both are the same dose, withdraw one of them.';
	END IF;
	RETURN result;
END
$$;
COMMENT ON FUNCTION vsys.correct_dose(bigint, jsonb, text, timestamptz) IS
'接種記録の訂正 / replaces a dose by one with some items changed, for a reason; the old row stays, as corrected. changes: any of ticket (or municipality, number), dose_number, site, site_name, vial (or product, lot), given_at, given_on, doctor, priority_group, such as {"dose_number": 2}. What was taken from stock is put back and taken anew where site, vial or time change; the sums follow. Returns what vsys.record_dose() returns; nothing changes when the new row has a fault that is more than a warning (OB080). For the site, the municipality of the ticket, that of the site. Errors: P0002 no such dose of yours, OB081 out of force or recorded already, 22023 no reason or an unknown item.';

CREATE OR REPLACE FUNCTION vsys.withdraw_dose(dose bigint, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old vsys.dose;
BEGIN
	old := vsys.end_dose(withdraw_dose.dose, 'withdrawn', withdraw_dose.reason);
	IF old.stock_event IS NOT NULL THEN
		PERFORM vsys.reverse_stock(old.stock_event, 'dose ' || old.dose || ': ' || withdraw_dose.reason);
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.withdraw_dose(bigint, text) IS
'接種記録の取消 / takes back a dose that was not given (or was somebody else''s), for a reason: it counts no longer, its stock is put back, and the row stays as withdrawn. For the site, the municipality of the ticket, that of the site. Errors: P0002 no such dose of yours, OB081 out of force already, 22023 no reason.';

CREATE OR REPLACE FUNCTION vsys.mend_dose(issue bigint, changes jsonb DEFAULT '{}', as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	items CONSTANT text[] := '{ticket,municipality,number,dose_number,site,site_name,vial,product,maker,lot,given_at,given_on,doctor,priority_group,confirmed}'::text[];
BEGIN
	IF jsonb_typeof(changes) IS DISTINCT FROM 'object' OR changes - items <> '{}' THEN
		RAISE EXCEPTION 'the changes must be a JSON object of items'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The items are: ' || array_to_string(items, ', ') || '.';
	END IF;
	IF NOT EXISTS (
		SELECT
		FROM vsys.dose_issue i
		WHERE i.issue = mend_dose.issue
			AND vsys.may_record(i.site, i.municipality)
	) THEN
		RAISE EXCEPTION 'there is no such entry to mend'
			USING ERRCODE = 'no_data_found',
				HINT = 'It may have been mended since; vsys.dose_issue lists what is open and yours.';
	END IF;
	RETURN vsys.settle_issue(issue, changes, 'strict', as_of);
END
$$;
COMMENT ON FUNCTION vsys.mend_dose(bigint, jsonb, timestamptz) IS
'保留された接種記録の修正 / records an entry that waits in vsys.dose_issue, with some items put right, such as {"ticket": "…"}, {"dose_number": 1} or {"given_on": "2021-06-01"}; {} tries it again as it is. Returns what vsys.record_dose() returns; OB080 with all findings when it is still wrong, and it goes on waiting. For the site, the municipality of the ticket, that of the site. Errors: P0002 nothing of yours waits under that number, 22023 an unknown item.';

CREATE OR REPLACE FUNCTION vsys.dismiss_dose(issue bigint, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kept vsys.dose_issue;
BEGIN
	IF coalesce(btrim(dismiss_dose.reason), '') = '' THEN
		RAISE EXCEPTION 'a dismissal needs a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	UPDATE vsys.dose_issue i
	SET state = 'dismissed',
		settled_at = now(),
		settled_by = coalesce(outbreak.my_subject(), session_user),
		reason = dismiss_dose.reason
	WHERE i.issue = dismiss_dose.issue
		AND i.state = 'open'
		AND vsys.may_record(i.site, i.municipality)
	RETURNING i.* INTO kept;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such entry to dismiss'
			USING ERRCODE = 'no_data_found',
				HINT = 'vsys.dose_issue lists what is open and yours.';
	END IF;
	IF kept.stock_event IS NOT NULL THEN
		PERFORM vsys.reverse_stock(kept.stock_event, 'issue ' || kept.issue || ': ' || dismiss_dose.reason);
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.dismiss_dose(bigint, text) IS
'保留された接種記録の除外 / ends an entry of vsys.dose_issue that was no dose, for a reason; what it took from stock is put back, and the entry stays. For the site, the municipality of the ticket, that of the site. Errors: P0002 nothing of yours waits under that number, 22023 no reason.';

CREATE OR REPLACE FUNCTION vsys.take_unbooked_doses(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing record;
	event bigint;
	taken bigint := 0;
	left_over bigint := 0;
BEGIN
	FOR missing IN
		SELECT d.dose, d.given_on, d.site, d.product, d.lot,
			coalesce(d.given_at, (d.given_on + time '12:00') AT TIME ZONE outbreak.time_zone()) AS at
		FROM vsys.dose d
		JOIN vsys.holding h ON h.site OPERATOR(outbreak.=) d.site
			AND h.product = d.product
			AND h.lot = d.lot
		WHERE d.stock_event IS NULL
			AND d.state = 'in_force'
			AND d.lot IS NOT NULL
			AND h.doses > 0
		ORDER BY d.site, d.given_on, d.dose
		LIMIT 10000
	LOOP
		event := vsys.take_from_stock(missing.site, missing.product, missing.lot, missing.at, 'dose ' || missing.dose);
		UPDATE vsys.dose d
		SET stock_event = event
		WHERE event IS NOT NULL
			AND d.dose = missing.dose
			AND d.given_on = missing.given_on;
		taken := taken + (event IS NOT NULL)::integer;
		left_over := left_over + (event IS NULL)::integer;
	END LOOP;
	RETURN jsonb_build_object('taken', taken, 'still_short', left_over);
END
$$;
COMMENT ON FUNCTION vsys.take_unbooked_doses(timestamptz) IS '未計上の接種の在庫計上 / job: takes doses from stock that were recorded when the site''s books held none of their lot, now that they hold some. as_of does not matter. Returns {"taken", "still_short"}. Runs as the owner, for all sites.';
