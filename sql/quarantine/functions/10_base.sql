-- ---- what is written down by people is read here once

CREATE OR REPLACE FUNCTION quarantine.plain(value text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN upper(btrim(normalize(value, NFKC), E' \t\r\n\u3000'));
COMMENT ON FUNCTION quarantine.plain(text) IS 'A designation in plain capitals: full-width characters become half-width, blanks around it go.';

CREATE OR REPLACE FUNCTION quarantine.conveyance_key(kind text, conveyance text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE kind
	-- "NH 0109", "nh109" and "ＮＨ-109" are one flight: airline, number without leading zeros
	WHEN 'flight' THEN coalesce(
		regexp_replace(regexp_replace(quarantine.plain(conveyance), '[^0-9A-Z]', '', 'g'), '^([A-Z]{2,3}|[A-Z][0-9]|[0-9][A-Z])0*([1-9][0-9]{0,3}[A-Z]?)$', '\1\2'),
		'')
	ELSE regexp_replace(quarantine.plain(conveyance), '[[:space:][:punct:]]+', ' ', 'g')
END;
COMMENT ON FUNCTION quarantine.conveyance_key(text, text) IS '便名の照合 / how flight numbers and names of vessels are compared: NH 0109, nh109 and ＮＨ-109 are all NH109; of a vessel capitals without signs. Empty for what has no letter or digit.';

CREATE OR REPLACE FUNCTION quarantine.parse_seat(seat text, OUT seat_row smallint, OUT seat_letter text, OUT seat_kind text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	plain text := translate(quarantine.plain(seat), '‐‑‒–—−ー', '-------');
	bare text;
	parts text[];
BEGIN
	seat_kind := 'unknown';
	IF plain ~ '^(CREW|CABIN CREW|COCKPIT|FLIGHT CREW|JUMP ?SEAT|乗務員|客室乗務員|運航乗務員)$' THEN
		seat_kind := 'crew';
		RETURN;
	END IF;
	bare := btrim(regexp_replace(regexp_replace(plain, '[ (/-]*(INFANT|INF|LAP|膝上|乳児)[ )/-]*', '', 'g'), '^(SEAT|座席)[ :.]*', ''), ' .');
	-- 34A, 34-A, 34 a, 034A; A34 as some carriers print it
	parts := regexp_match(bare, '^0{0,2}([0-9]{1,3})[ -]?([A-Z])$');
	IF parts IS NULL THEN
		parts := regexp_match(bare, '^([A-Z])[ -]?0{0,2}([0-9]{1,3})$');
		parts := ARRAY[parts[2], parts[1]];
	END IF;
	IF parts[1]::integer BETWEEN 1 AND 199 THEN
		seat_row := parts[1]::smallint;
		seat_letter := parts[2];
		seat_kind := CASE WHEN plain ~ '(INF|INFANT|LAP|膝上|乳児)' THEN 'lap' ELSE 'seat' END;
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.parse_seat(text) IS '座席番号の読取り / reads a seat as people write it: 34A, 12-C, 034 A, ３４Ａ and A34 are seats; 34A INF is an infant on the lap of 34A (lap); CREW and 乗務員 are crew; anything else, and nothing, is unknown. Rows are 1 to 199. Never an error.';

CREATE OR REPLACE FUNCTION quarantine.phone_number(phone text) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN regexp_replace(outbreak.normalise(phone, 'phone'), '^0', '+81');
COMMENT ON FUNCTION quarantine.phone_number(text) IS '国際電話番号 / a telephone number in international form: 090-1234-5678 is +819012345678. NULL gives NULL.';

-- In PL/pgSQL, whose plans last as long as the session: every reading of a ticket asks.
CREATE OR REPLACE FUNCTION quarantine.regime_of(on_date date) RETURNS quarantine.regime
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r quarantine.regime;
BEGIN
	SELECT x.* INTO r
	FROM quarantine.regime x
	WHERE x.from_on <= regime_of.on_date
	ORDER BY x.from_on DESC
	LIMIT 1;
	RETURN r;
END
$$;
COMMENT ON FUNCTION quarantine.regime_of(date) IS '運用ルール / the limits and times that hold for arrivals of a day; a row of NULLs before the first of them.';

-- ---- refusals

CREATE OR REPLACE FUNCTION quarantine.refuse(reason text, detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r quarantine.reason;
BEGIN
	SELECT x.* INTO STRICT r
	FROM quarantine.reason x
	WHERE x.reason = refuse.reason;
	RAISE EXCEPTION '%', r.message_en
		USING ERRCODE = coalesce(r.sqlstate, 'OB132'),
			DETAIL = jsonb_build_object('reason', r.reason, 'message_ja', r.message_ja, 'message_en', r.message_en) || coalesce(detail, '{}'),
			HINT = r.message_ja;
END
$$;
COMMENT ON FUNCTION quarantine.refuse(text, jsonb) IS 'Raises the error of a reason of quarantine.reason, with reason and texts as DETAIL.';

CREATE OR REPLACE FUNCTION quarantine.finding(traveller integer, field text, code text, message_ja text, message_en text) RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('traveller', traveller, 'fields', jsonb_build_array(field), 'code', code, 'severity', 'error', 'message_ja', message_ja, 'message_en', message_en);
COMMENT ON FUNCTION quarantine.finding(integer, text, text, text, text) IS 'One finding about an entry: traveller is the number of the person in it, 0 the entry itself. Never holds a value.';

-- ---- who may do what at a station

CREATE OR REPLACE FUNCTION quarantine.is_officer(station bigint) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN coalesce(is_officer.station = outbreak.my_organisation() AND outbreak.acts_as('outbreak_quarantine'), false)
	OR outbreak.acts_as('outbreak_ministry')
	OR outbreak.acts_as('outbreak_owner');
COMMENT ON FUNCTION quarantine.is_officer(bigint) IS 'May the session act for this station? Its own officers and readers, the ministry, and administrators.';

CREATE OR REPLACE FUNCTION quarantine.is_device() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN EXISTS (
		SELECT
		FROM quarantine.reader r
		WHERE r.subject = outbreak.my_subject()
	);
END
$$;
COMMENT ON FUNCTION quarantine.is_device() IS 'Is the session that of a reader? A device reads tickets and does nothing else: what a stolen one shows, no officer answers for.';

CREATE OR REPLACE FUNCTION quarantine.require_officer(station bigint) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT quarantine.is_officer(station) OR quarantine.is_device() THEN
		RAISE EXCEPTION 'that is for the officers of the quarantine station in charge'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.require_officer(bigint) IS 'Raises 42501 unless the session acts for this station, and is no reader.';

-- ---- where somebody stays

CREATE OR REPLACE FUNCTION quarantine.health_center_of(municipality outbreak.municipality_code) RETURNS bigint
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- one that stands in the town; the only one of the prefecture where there is but one
	SELECT coalesce(
		(SELECT min(h.health_center) FROM registry.health_center AS h WHERE h.municipality OPERATOR(outbreak.=) health_center_of.municipality),
		(SELECT min(h.health_center) FROM registry.health_center AS h WHERE h.prefecture = outbreak.prefecture(health_center_of.municipality) HAVING count(*) = 1));
END;
COMMENT ON FUNCTION quarantine.health_center_of(outbreak.municipality_code) IS '担当保健所の推定 / the health centre for a municipality, as far as the register tells: the one that stands in it, else the only one of the prefecture; else NULL, and the prefecture decides.';
