CREATE FUNCTION outbreak.window_instant(day date, window_from time, window_to time, zone text) RETURNS tstzrange
AS 'MODULE_PATHNAME', 'ob_followup_window_instant' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION outbreak.window_instant(date, time, time, text) IS
'時間帯の実時刻 / the instants from which and until which a window of local times lasts on a local day: outbreak.window_instant(''2021-03-14'', ''22:00'', ''02:00'', ''America/New_York''). window_to at or before window_from lies on the next day. Where clocks are turned back it opens with the first and closes with the last of the two instants; where they are put forward, a time that does not exist is the instant of the change, and a window that would vanish keeps its length from there. Never empty. 22023 for an unknown zone, 22008 for a day without end.';

CREATE FUNCTION outbreak.random_check(seed bytea, person uuid, day date, prompt text, checks integer, n integer, opens timestamptz, closes timestamptz, min_gap interval) RETURNS timestamptz
AS 'MODULE_PATHNAME', 'ob_followup_random_check' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION outbreak.random_check(bytea, uuid, date, text, integer, integer, timestamptz, timestamptz, interval) IS
'無作為の確認時刻 / the n-th of several random checks of a person on a day, to the second, all of them within [opens, closes) and at least min_gap apart, every arrangement equally likely. Follows from the seed alone: the j-th draw (from 0) is 64 bits, big-endian, of HMAC-SHA256(seed, "<person>|<YYYY-MM-DD>|<prompt>|<j / 4>"), the j mod 4-th eight bytes of it; it is scaled to 0 … closes − opens − (checks − 1) × min_gap − 1 seconds, the draws are sorted, and the i-th (from 0) is moved by i × min_gap. 22023 when the checks do not fit, or there are more than 24.';

CREATE FUNCTION outbreak.seed_commitment(day date, seed bytea) RETURNS bytea
AS 'MODULE_PATHNAME', 'ob_followup_seed_commitment' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.seed_commitment(date, bytea) IS '約束値 / what is published of a seed before its day: SHA-256 of the day, written YYYY-MM-DD, followed by the seed.';
