CREATE FUNCTION outbreak.site_availability(site outbreak.institution_code, OUT status text, OUT free integer, OUT places integer, OUT entered_at timestamptz, OUT counted_at timestamptz) RETURNS record
AS 'MODULE_PATHNAME', 'ob_vsys_site_availability' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION outbreak.site_availability(outbreak.institution_code) IS
'予約状況 / whether a vaccination site has places: status available 予約可能, few 残り僅か (less than a tenth of the places left), full 予約不可, unneeded 予約不要, unknown; free of places in slots that can be booked now; entered_at where the site entered the status by itself; counted_at, at most half a second ago. One NULL row for a site that is not shown to the public.

Counted at most twice a second for each site, however many ask, and remembered in shared memory when outbreak is preloaded (16,384 sites); a transaction that has written something counts for itself.';
REVOKE EXECUTE ON FUNCTION outbreak.site_availability(outbreak.institution_code) FROM PUBLIC;
