-- ---- tickets: reading, recognising, issuing

CREATE OR REPLACE FUNCTION vsys.refuse_booking(reason text, more jsonb DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known vsys.booking_reason;
BEGIN
	SELECT r.* INTO STRICT known
	FROM vsys.booking_reason r
	WHERE r.reason = refuse_booking.reason;
	RAISE EXCEPTION '%', known.message_en
		USING ERRCODE = known.sqlstate,
			DETAIL = jsonb_build_object('reason', known.reason, 'message_ja', known.message_ja, 'message_en', known.message_en) || more,
			HINT = known.message_ja;
END
$$;
COMMENT ON FUNCTION vsys.refuse_booking(text, jsonb) IS 'Raises the error of a reason of vsys.booking_reason, with its code and texts as DETAIL.';

CREATE OR REPLACE FUNCTION vsys.read_municipality(written text) RETURNS outbreak.municipality_code
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN written::outbreak.municipality_code;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.read_municipality(text) IS 'The code of a municipality, or NULL for text that is none: wrong check digit, 000000, no six digits.';

CREATE OR REPLACE FUNCTION vsys.number_fault(number text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN number = '0000000000' THEN 'number_zero'
	WHEN number ~ '^[0-9]{10}$' THEN NULL
	ELSE 'number_malformed'
END;
COMMENT ON FUNCTION vsys.number_fault(text) IS 'What is wrong with the number of a ticket, as a reason of vsys.booking_reason; NULL when nothing is.';

CREATE OR REPLACE FUNCTION vsys.read_ticket(line text)
RETURNS TABLE (kind smallint, dose smallint, municipality outbreak.municipality_code, number text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	digits text := regexp_replace(normalize(line, NFKC), '[\s-]', '', 'g');
	fault text;
BEGIN
	IF digits IS NULL OR digits !~ '^[0-9]{18}$' THEN
		PERFORM vsys.refuse_booking('line_malformed');
	END IF;
	kind := left(digits, 1)::smallint;
	dose := substr(digits, 2, 1)::smallint;
	municipality := vsys.read_municipality(substr(digits, 3, 6));
	number := substr(digits, 9);
	IF municipality IS NULL THEN
		PERFORM vsys.refuse_booking('municipality_malformed');
	END IF;
	fault := vsys.number_fault(number);
	IF fault IS NOT NULL THEN
		PERFORM vsys.refuse_booking(fault);
	END IF;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION vsys.read_ticket(text) IS '接種券の読取 / the parts of the line under the bar code of a ticket: kind (券種, 1 digit), dose (接種回, 1), municipality (市区町村, 6), number (券番号, 10). Full-width digits, spaces and hyphens do not matter. Error OB071 with what is wrong.';

-- ---- wrong attempts
-- Failures alone are counted, in shared memory, where they stay though the refused call is undone. Three buckets: one of
-- the ticket with this caller (5, one back in 5 minutes), one of the ticket with everybody (30, one back in 20 seconds),
-- and one of this caller with all tickets (300, one back in 5 seconds; many people share an address).
-- Whoever attacks a ticket from many addresses holds its owner up for seconds, not for hours; whoever tries one date
-- of birth on ticket after ticket is stopped too.

CREATE OR REPLACE FUNCTION vsys.count_attempt(municipality outbreak.municipality_code, number text, failed boolean) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	ticket text := format('ticket %s %s', municipality, number);
	caller text := coalesce('subject ' || outbreak.my_subject(), 'address ' || access.caller_address());
	own text := format('%s of %s', ticket, caller);
BEGIN
	IF outbreak.acts_as('outbreak_owner') THEN
		-- who may read the tickets need not guess them
		RETURN;
	ELSIF failed THEN
		PERFORM outbreak.take_token(ticket, 0.05, 30),
			outbreak.take_token(own, 1 / 300.0, 5),
			outbreak.take_token('tickets of ' || caller, 0.2, 300);
	ELSIF outbreak.tokens_left(ticket, 0.05, 30) < 1 THEN
		PERFORM vsys.refuse_booking('too_many_attempts', '{"seconds": 20}');
	ELSIF outbreak.tokens_left(own, 1 / 300.0, 5) < 1 THEN
		PERFORM vsys.refuse_booking('too_many_attempts', '{"seconds": 300}');
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.count_attempt(outbreak.municipality_code, text, boolean) IS 'Counts a failure of a ticket and its caller; without one, refuses with OB076 when too many were counted.';

CREATE OR REPLACE FUNCTION vsys.require_few_failures() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- nobody where no proxy tells: then every caller would be one
	caller text := coalesce('subject ' || outbreak.my_subject(), 'address ' || access.caller_address());
BEGIN
	IF outbreak.tokens_left('tickets of ' || caller, 0.2, 300) < 1 THEN
		PERFORM vsys.refuse_booking('too_many_attempts', '{"seconds": 5}');
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.require_few_failures() IS 'Refuses with OB076 when this caller had too many failures with whatever tickets. The API asks it before a ticket is looked at; a caller is a subject, or an address that the proxy saw.';

CREATE OR REPLACE FUNCTION vsys.recognise(of_municipality outbreak.municipality_code, of_number text, born date)
RETURNS vsys.ticket
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	found_ticket vsys.ticket;
	staff boolean := of_municipality = outbreak.my_municipality() AND outbreak.acts_as('outbreak_municipality');
	fault text := vsys.number_fault(of_number);
BEGIN
	IF fault IS NOT NULL OR of_municipality IS NULL THEN
		PERFORM vsys.refuse_booking(coalesce(fault, 'municipality_malformed'));
	END IF;
	SELECT t.* INTO found_ticket
	FROM vsys.ticket t
	WHERE t.municipality = of_municipality
		AND t.number = of_number;
	IF staff THEN
		fault := CASE
			WHEN found_ticket.person IS NULL THEN 'ticket_unknown'
			WHEN found_ticket.withdrawn_at IS NOT NULL THEN 'ticket_withdrawn'
			WHEN born IS NOT NULL AND found_ticket.birth_on <> outbreak.seal_lookup(registry.iso_date(born), 'birth_on') THEN 'birth_on_differs'
		END;
	ELSE
		PERFORM vsys.count_attempt(of_municipality, of_number, false);
		fault := CASE
			WHEN found_ticket.withdrawn_at IS NULL AND found_ticket.person = outbreak.my_person() AND born IS NULL THEN NULL
			WHEN found_ticket.withdrawn_at IS NULL AND found_ticket.birth_on = outbreak.seal_lookup(registry.iso_date(born), 'birth_on') THEN NULL
			ELSE 'ticket_not_recognised'
		END;
		IF fault IS NOT NULL THEN
			PERFORM vsys.count_attempt(of_municipality, of_number, true);
		END IF;
	END IF;
	IF fault IS NOT NULL THEN
		PERFORM vsys.refuse_booking(fault);
	END IF;
	RETURN found_ticket;
END
$$;
COMMENT ON FUNCTION vsys.recognise(outbreak.municipality_code, text, date) IS
'接種券の照合 / the ticket in force with this number and date of birth. A person with a token of one''s own, and the municipality that issued the ticket, need not give the date. Errors: OB071 for a number that is none; OB070 with the same words whether the number or the date is wrong or the ticket was withdrawn (the municipality is told which); OB076 after too many failures. For functions that run as the owner.';

-- ---- who may do what, for functions that run as the owner

CREATE OR REPLACE FUNCTION vsys.require_municipality(municipality outbreak.municipality_code) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
BEGIN
	IF municipality = outbreak.my_municipality() AND outbreak.acts_as('outbreak_municipality') OR outbreak.acts_as('outbreak_owner') THEN
		RETURN;
	END IF;
	RAISE EXCEPTION 'not a municipality of yours'
		USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION vsys.require_municipality(outbreak.municipality_code) IS 'Raises 42501 unless the session acts for that municipality (or is an administrator''s).';

CREATE OR REPLACE FUNCTION vsys.require_site(of_site outbreak.institution_code) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
BEGIN
	IF of_site = ANY (outbreak.my_institutions()) AND outbreak.acts_as('outbreak_institution')
		OR outbreak.my_municipality() = (SELECT s.municipality FROM vsys.site s WHERE s.site = of_site) AND outbreak.acts_as('outbreak_municipality')
		OR outbreak.my_prefecture() = outbreak.prefecture(of_site) AND outbreak.acts_as('outbreak_prefecture')
		OR outbreak.acts_as('outbreak_owner')
	THEN
		RETURN;
	END IF;
	RAISE EXCEPTION 'not a site of yours'
		USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION vsys.require_site(outbreak.institution_code) IS 'Raises 42501 unless the session acts for that site, for its municipality or for its prefecture (or is an administrator''s).';

CREATE OR REPLACE FUNCTION vsys.require_session(of_session bigint) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	of_site outbreak.institution_code;
BEGIN
	SELECT e.site INTO of_site
	FROM vsys.session e
	WHERE e.session = of_session;
	IF NOT found THEN
		PERFORM vsys.refuse_booking('session_unknown');
	END IF;
	PERFORM vsys.require_site(of_site);
END
$$;
COMMENT ON FUNCTION vsys.require_session(bigint) IS 'Raises OB077 for a session that there is not, 42501 for one of a site that the session does not act for.';

-- ---- issuing

CREATE OR REPLACE FUNCTION vsys.ticket_rows(rows jsonb)
RETURNS TABLE (line integer, number text, birth_on text, sex text, priority_group text, valid_from text, valid_to text, former_number text)
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT r.line::integer,
		btrim(r.record ->> 'number'),
		nullif(btrim(r.record ->> 'birth_on'), ''),
		nullif(btrim(r.record ->> 'sex'), ''),
		nullif(btrim(r.record ->> 'priority_group'), ''),
		nullif(btrim(r.record ->> 'valid_from'), ''),
		nullif(btrim(r.record ->> 'valid_to'), ''),
		nullif(btrim(r.record ->> 'former_number'), '')
	FROM jsonb_array_elements(rows) WITH ORDINALITY AS r (record, line);
END;
COMMENT ON FUNCTION vsys.ticket_rows(jsonb) IS 'Rows of a list of tickets, a JSON array of objects: number, birth_on, sex, priority_group, valid_from, valid_to, former_number.';

CREATE OR REPLACE FUNCTION vsys.issue_tickets(rows jsonb, programme text, municipality outbreak.municipality_code DEFAULT outbreak.my_municipality(), as_of timestamptz DEFAULT now())
RETURNS TABLE (line integer, field text, code text, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_variable
DECLARE
	begins date;
	ends date;
BEGIN
	PERFORM vsys.require_municipality(municipality);
	IF jsonb_typeof(rows) IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'the tickets must be a JSON array of objects'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT lower(p.valid), upper(p.valid) - 1 INTO begins, ends
	FROM vsys.programme p
	WHERE p.programme = programme;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such programme'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF NOT EXISTS (SELECT FROM registry.municipality m WHERE m.municipality = issue_tickets.municipality) THEN
		RAISE EXCEPTION 'the registry has no such municipality'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;

	RETURN QUERY
	WITH input AS MATERIALIZED (
		SELECT r.*,
			vsys.number_fault(coalesce(r.number, '')) AS number_fault,
			registry.date_or_null(r.birth_on) AS born,
			coalesce(registry.date_or_null(r.valid_from), CASE WHEN r.valid_from IS NULL THEN greatest(begins, outbreak.local_date(as_of)) END) AS from_on,
			coalesce(registry.date_or_null(r.valid_to), CASE WHEN r.valid_to IS NULL THEN ends END) AS to_on,
			g.priority_group IS NOT NULL AS group_known,
			i.number IS NOT NULL AS issued,
			row_number() OVER (PARTITION BY r.number ORDER BY r.line) AS occurrence,
			f.person AS former,
			EXISTS (
				SELECT
				FROM vsys.ticket AS t
				WHERE t.person = f.person
					AND t.programme = issue_tickets.programme
					AND t.withdrawn_at IS NULL
			) AS has_one,
			row_number() OVER (PARTITION BY f.person ORDER BY r.line) AS turn
		FROM vsys.ticket_rows(rows) AS r
		LEFT JOIN vsys.priority_group AS g ON g.priority_group = r.priority_group
		LEFT JOIN vsys.ticket AS i ON i.municipality = issue_tickets.municipality
			AND i.number = r.number
		LEFT JOIN vsys.ticket AS f ON f.municipality = issue_tickets.municipality
			AND f.number = r.former_number
	), fault AS MATERIALIZED (
		SELECT n.line, f.field, f.code, f.message_ja, f.message_en
		FROM input AS n
		CROSS JOIN LATERAL (
			VALUES
				('number', n.number_fault, n.number_fault IS NOT NULL, (SELECT b.message_ja FROM vsys.booking_reason AS b WHERE b.reason = n.number_fault), (SELECT b.message_en FROM vsys.booking_reason AS b WHERE b.reason = n.number_fault)),
				('number', 'listed_twice', n.number_fault IS NULL AND n.occurrence > 1, '同じ券番号が一覧に2回あります。', 'The number stands in the list before.'),
				('number', 'issued_before', n.issued, 'この券番号は既に発行されています。', 'A ticket of this number was issued before.'),
				('birth_on', 'birth_on_malformed', n.born IS NULL OR n.born NOT BETWEEN '1850-01-01' AND outbreak.local_date(as_of), '生年月日がYYYY-MM-DDの日付ではないか、未来または1850年より前です。', 'The date of birth is no date written as YYYY-MM-DD, in the future, or before 1850.'),
				('sex', 'sex_unknown', n.sex <> ALL ('{male,female,other}'::text[]), '性別はmale、female、otherのいずれかです。', 'sex is male, female or other.'),
				('priority_group', 'group_unknown', NOT n.group_known, '優先区分がありません。', 'There is no such priority group.'),
				('valid_from', 'valid_malformed', n.from_on IS NULL OR n.to_on IS NULL AND n.valid_to IS NOT NULL OR n.to_on < n.from_on, '有効期間が正しくありません。', 'The validity is no range of dates.'),
				('former_number', 'former_unknown', n.former_number IS NOT NULL AND n.former IS NULL, '以前の券番号が見つかりません。', 'No ticket of the former number was issued.'),
				('former_number', 'has_ticket', n.former IS NOT NULL AND (n.has_one OR n.turn > 1), 'この方には同じ事業の有効な接種券があります。', 'The person has a ticket in force for this programme.')
		) AS f (field, code, found, message_ja, message_en)
		WHERE f.found
	), taken AS MATERIALIZED (
		SELECT n.*, coalesce(n.former, gen_random_uuid()) AS person
		FROM input AS n
		WHERE NOT EXISTS (SELECT FROM fault AS x WHERE x.line = n.line)
	), person AS (
		INSERT INTO registry.person (person, sex, birth_year, municipality)
		SELECT n.person, n.sex, extract(year FROM n.born), issue_tickets.municipality
		FROM taken AS n
		WHERE n.former IS NULL
		RETURNING person
	), ticket AS (
		INSERT INTO vsys.ticket (municipality, number, programme, person, birth_year, birth_on, priority_group, valid, issued_at)
		SELECT issue_tickets.municipality, n.number, issue_tickets.programme, n.person, extract(year FROM n.born),
			outbreak.seal(registry.iso_date(n.born), 'birth_on', n.person), n.priority_group, daterange(n.from_on, n.to_on, '[]'), as_of
		FROM taken AS n
	)
	SELECT x.line, x.field, x.code, x.message_ja, x.message_en
	FROM fault AS x
	ORDER BY x.line, x.field, x.code;
END
$$;
COMMENT ON FUNCTION vsys.issue_tickets(jsonb, text, outbreak.municipality_code, timestamptz) IS
'接種券の発行 / issues tickets of a programme, a JSON array of objects: number (10 digits), birth_on (YYYY-MM-DD, sealed at once), priority_group, and where known sex, valid_from (default: today, or the first day of the programme), valid_to (default: the last day of the programme), and former_number: an earlier ticket of the same person in this municipality, such as that of the programme before. Without it a new person is made in the registry. Rows without a fault are issued; every fault of the others is returned by line and field, without values. For municipalities, for their own tickets (42501).';

CREATE OR REPLACE FUNCTION vsys.reissue_ticket(number text, new_number text, municipality outbreak.municipality_code DEFAULT outbreak.my_municipality(), as_of timestamptz DEFAULT now())
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	old vsys.ticket;
	fault text := vsys.number_fault(coalesce(new_number, ''));
BEGIN
	PERFORM vsys.require_municipality(municipality);
	IF fault IS NOT NULL THEN
		PERFORM vsys.refuse_booking(fault);
	END IF;
	UPDATE vsys.ticket t
	SET withdrawn_at = as_of,
		withdrawn_reason = 'reissued'
	WHERE t.municipality = reissue_ticket.municipality
		AND t.number = reissue_ticket.number
		AND t.withdrawn_at IS NULL
	RETURNING t.* INTO old;
	IF NOT found THEN
		PERFORM vsys.refuse_booking(CASE WHEN EXISTS (
			SELECT
			FROM vsys.ticket t
			WHERE t.municipality = reissue_ticket.municipality
				AND t.number = reissue_ticket.number) THEN 'ticket_withdrawn' ELSE 'ticket_unknown' END);
	END IF;
	INSERT INTO vsys.ticket (municipality, number, programme, person, birth_year, birth_on, priority_group, valid, issued_at)
	VALUES (municipality, new_number, old.programme, old.person, old.birth_year, old.birth_on, old.priority_group, old.valid, as_of);
	-- who comes shows the new ticket
	UPDATE vsys.booking b
	SET number = new_number
	WHERE b.person = old.person
		AND b.programme = old.programme
		AND b.state = 'booked';
	UPDATE vsys.waiting w
	SET number = new_number
	WHERE w.person = old.person
		AND w.programme = old.programme
		AND w.state = 'waiting';
END
$$;
COMMENT ON FUNCTION vsys.reissue_ticket(text, text, outbreak.municipality_code, timestamptz) IS
'接種券の再発行 / withdraws a ticket that was lost and issues its person another number; bookings and doses are the person''s and stay, under the new number where they are still to come. Errors: OB070 no such ticket in force, OB071 for a number that is none, 23505 for one that was issued before, 42501.';
