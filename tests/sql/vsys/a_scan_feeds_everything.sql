-- One scan of a vial fills product, lot and expiry; the dose completes the booking, gives the place of another site back,
-- and comes out of the stock; a vial that must not be used is stopped before the dose; what is withdrawn can be booked again.
BEGIN;
\i tests/sql/vsys/results.inc
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
INSERT INTO vsys.product_pack (gtin, product, level, vials) VALUES ('04912345678904', 't_pfizer', 'vial', 1);
INSERT INTO vsys.booking (person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source)
VALUES (pg_temp.person(1, 1), '2021-05-20 12:00+09', pg_temp.site(1), '131105', '2021-06-01', 13, 1, true, 't_primary', '0000001001', 'booked', 'web');
CREATE FUNCTION pg_temp.vial(lot text, expiry_on date, raw boolean DEFAULT false) RETURNS text LANGUAGE SQL
RETURN outbreak.gs1_element_string('04912345678904', expiry_on, lot, raw => raw);

SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 1), pg_temp.vial('EY0779', '2021-08-31'), '2021-06-01 10:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 2, 1), pg_temp.vial('EY0779', '2021-08-31', true), '2021-06-01 10:05+09'));
SELECT d.product, d.lot, b.state AS booking, b.source FROM vsys.dose AS d JOIN vsys.booking AS b ON b.person = d.person AND b.in_force ORDER BY d.dose;
SELECT vials, open_doses FROM vsys.stock(pg_temp.site(1), '2021-06-02 00:00+09') WHERE lot = 'EY0779';

\echo -- stopped before the dose: expired, recalled, a label that says more than the lot, an unknown code, half a scan
SELECT vsys.check_dose(pg_temp.site(1), pg_temp.ticket(1, 3, 1), pg_temp.vial('OLD001', '2021-05-31'), '2021-06-01 10:00+09') #> '{findings,0}' ->> 'detail';
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 3, 1), pg_temp.vial('OLD001', '2021-05-31'), '2021-06-01 10:00+09');
UPDATE vsys.lot SET recalled_at = '2021-06-01 00:00+09', recall_reason = '異物' WHERE lot = 'FA7338';
SELECT vsys.check_dose(pg_temp.site(1), pg_temp.ticket(1, 3, 1), pg_temp.vial('FA7338', '2021-09-30'), '2021-06-01 10:00+09') #> '{findings,0}' ->> 'detail';
SELECT vsys.check_dose(pg_temp.site(1), pg_temp.ticket(1, 3, 1), pg_temp.vial('EY0779', '2021-12-31'), '2021-06-01 10:00+09') #> '{findings,0}' ->> 'detail';
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 3, 1), '(01)04912345678911(10)X', '2021-06-01 10:00+09');
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 3, 1), '(10)EY0779', '2021-06-01 10:00+09');
SELECT count(*) AS nothing FROM vsys.dose WHERE person = pg_temp.person(1, 3);

\echo -- booked here, given there: said, and the place goes back
INSERT INTO vsys.booking (person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source)
VALUES (pg_temp.person(1, 4), '2021-05-20 12:00+09', pg_temp.site(2), '131105', '2021-06-03', 13, 1, true, 't_primary', '0000001004', 'booked', 'web');
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), pg_temp.vial('EY0779', '2021-08-31'), '2021-06-02 10:00+09'));
SELECT site = pg_temp.site(1) AS here, state, in_force FROM vsys.booking WHERE person = pg_temp.person(1, 4) ORDER BY booking;

\echo -- withdrawn: the dose may be booked and given again
SELECT vsys.withdraw_dose(dose, '別人') FROM vsys.dose WHERE person = pg_temp.person(1, 1);
SELECT state, in_force, reason FROM vsys.booking WHERE person = pg_temp.person(1, 1);
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 1), pg_temp.vial('EY0779', '2021-08-31'), '2021-06-04 10:00+09'));
ROLLBACK;
