CREATE FUNCTION outbreak.site_availability(site outbreak.institution_code, OUT status text, OUT free integer, OUT places integer, OUT entered_at timestamptz, OUT counted_at timestamptz) RETURNS record
AS 'MODULE_PATHNAME', 'ob_vsys_site_availability' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION outbreak.site_availability(outbreak.institution_code) IS
'予約状況 / whether a vaccination site has places: status available 予約可能, few 残り僅か (less than a tenth of the places left), full 予約不可, unneeded 予約不要, unknown; free of places in slots that can be booked now; entered_at where the site entered the status by itself; counted_at, at most half a second ago. One NULL row for a site that is not shown to the public.

Counted at most twice a second for each site, however many ask, and remembered in shared memory when outbreak is preloaded (16,384 sites); a transaction that has written something counts for itself.';
REVOKE EXECUTE ON FUNCTION outbreak.site_availability(outbreak.institution_code) FROM PUBLIC;

CREATE FUNCTION outbreak.judge_booking(slot bigint, municipality outbreak.municipality_code, number text, birth_on date, dose integer, as_of timestamptz, queue boolean, first_on date, instead_of bigint,
	OUT reason text, OUT person uuid, OUT programme text, OUT dose_number smallint, OUT session bigint, OUT site outbreak.institution_code, OUT prefecture smallint, OUT product text, OUT on_date date, OUT staff boolean, OUT failed_lately boolean) RETURNS record
AS 'MODULE_PATHNAME', 'ob_vsys_judge_booking' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.judge_booking(bigint, outbreak.municipality_code, text, date, integer, timestamptz, boolean, date, bigint) IS
'予約の可否 / every rule of a booking in one place: the first that a ticket breaks for a slot (a code of vsys.booking_reason; NULL: it may book), and what a booking is made of. dose NULL is the first of the programme; queue: as a request, which waits for its place; first_on: date of the dose before, which is booked along; instead_of: a booking that this one replaces. staff: whoever calls acts for the municipality of the ticket, which need not give the date of birth and books before and after the public does. failed_lately: there were wrong attempts with this number, so vsys.count_attempt() has to be asked before anything is told.

Reads slot, session, ticket and bookings without regard to the rights of the caller: for functions that run as their owner.';
REVOKE EXECUTE ON FUNCTION outbreak.judge_booking(bigint, outbreak.municipality_code, text, date, integer, timestamptz, boolean, date, bigint) FROM PUBLIC;

CREATE FUNCTION outbreak.book_place(slot bigint, municipality outbreak.municipality_code, number text, birth_on date, dose integer, key text, as_of timestamptz) RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_vsys_book_place' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.book_place(bigint, outbreak.municipality_code, text, date, integer, text, timestamptz) IS
'予約の確定 / part of vsys.book(): judges the ticket, counts the slot up and writes the booking, all without a query, and returns its number. NULL, with nothing changed, whenever anything is out of the ordinary: a refusal, a key that was used before, wrong attempts lately, somebody who books for the same person at this moment, a trigger, check or column that somebody added to the tables. Then vsys.book() goes its longer way, and says what it is.

Writes without regard to the rights of the caller: for functions that run as their owner.';
REVOKE EXECUTE ON FUNCTION outbreak.book_place(bigint, outbreak.municipality_code, text, date, integer, text, timestamptz) FROM PUBLIC;

CREATE FUNCTION outbreak.note_request(slots bigint[], municipality outbreak.municipality_code, number text, birth_on date, dose integer, second_slots bigint[], wait boolean, as_of timestamptz,
	OUT request bigint, OUT claim uuid) RETURNS record
AS 'MODULE_PATHNAME', 'ob_vsys_note_request' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.note_request(bigint[], outbreak.municipality_code, text, date, integer, bigint[], boolean, timestamptz) IS
'順番予約の受付 / part of vsys.request_booking(): judges the ticket for every choice, counts the request of the person and writes it, all without a query; returns its number and key. NULL, with nothing written, whenever anything is out of the ordinary, as outbreak.book_place().

Writes without regard to the rights of the caller: for functions that run as their owner.';
REVOKE EXECUTE ON FUNCTION outbreak.note_request(bigint[], outbreak.municipality_code, text, date, integer, bigint[], boolean, timestamptz) FROM PUBLIC;

CREATE FUNCTION outbreak.decide_requests(low bigint, batch integer, as_of timestamptz, OUT decided integer, OUT reached bigint, OUT waiting bigint[]) RETURNS record
AS 'MODULE_PATHNAME', 'ob_vsys_decide_requests' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.decide_requests(bigint, integer, timestamptz) IS
'順番予約の一括確定 / part of vsys.grant_requests(), which holds its lock: decides up to batch waiting requests with numbers above low, in their order, and writes bookings, slots and decisions. decided: how many; reached: the highest number among them; waiting: requests that found all taken and asked to wait. decided NULL, with nothing changed, where somebody added a trigger, check or column to the tables. Where somebody turns out to be booked elsewhere at this moment, those who would find all taken are left for the next round.

Reads and writes as the current user, who has to own the tables.';
REVOKE EXECUTE ON FUNCTION outbreak.decide_requests(bigint, integer, timestamptz) FROM PUBLIC;

CREATE FUNCTION outbreak.comes_of_age(born date, years integer) RETURNS date
AS 'MODULE_PATHNAME', 'ob_vsys_sql_comes_of_age' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.comes_of_age(date, integer) IS '年齢到達日 / the day on which a person reaches an age, as Japan counts (年齢計算ニ関スル法律): the day before the birthday; born on 29 February always 28 February. 22023 for an age that is none.';
