-- One scan feeds the person's record, the sums of the site and the municipality, and the stock, in one transaction;
-- entered twice it counts once; what can be scanned again is refused with every finding, what cannot waits to be mended.
BEGIN;
\i tests/sql/vsys/results.inc
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse

\echo -- a scan, and the same again: later, with another vial, with the same key after midnight
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 1), 't_pfizer EY0779', '2021-06-01 10:00+09', key => 'a'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 1), 't_pfizer EY0779', '2021-06-01 10:00+09', key => 'a'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 1), 't_pfizer FA7338', '2021-06-01 16:30+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1), 't_pfizer EY0779', '2021-06-01 16:40+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 1), 't_pfizer EY0779', '2021-06-02 00:01+09', key => 'a'));
SELECT given_on, municipality, number, programme, dose_number, site = pg_temp.site(1) AS here, product, lot, priority_group, birth_year, sex, source, state FROM vsys.dose;
SELECT product, lot, vials, open_doses, doses FROM vsys.stock(pg_temp.site(1), '2021-06-30 00:00+09') WHERE lot = 'EY0779';
SELECT * FROM vsys.site_results(pg_temp.site(1), '2021-06-30');

\echo -- the second dose: the next of the person, at the right interval; then one too many
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1), 't_pfizer EY0779', '2021-06-22 10:00+09', doctor => '医師 一郎'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1), 't_pfizer EY0779', '2021-08-20 10:00+09'));

\echo -- warnings: too early, too late, mixed, another town, an unknown lot, a lot that the books do not hold, outside the ticket, not in the programme
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(2, 1, 1), 't_pfizer EY0779', '2021-06-01 10:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), pg_temp.ticket(2, 1, 2), 't_pfizer EY0779', '2021-06-18 10:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 2, 1), 't_moderna 3002332', '2021-06-01 11:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 2, 2), 't_pfizer FA7338', '2021-08-01 11:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 3, 1), 't_pfizer NEVER1', '2021-06-01 11:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(3), pg_temp.ticket(3, 1, 1), 't_pfizer EY0779', '2021-06-01 11:00+09'));
UPDATE vsys.ticket SET valid = '[2021-07-01,2021-09-01)', birth_year = 2010 WHERE municipality = '141003' AND number = '0000003002';
DELETE FROM vsys.programme_product WHERE product = 't_moderna' AND programme = 't_primary';
UPDATE vsys.site SET state = 'paused' WHERE site = pg_temp.site(3);
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(3), pg_temp.ticket(3, 2, 1), 't_moderna 3002332', '2021-06-01 11:00+09'));

\echo -- refused and nothing is kept: unreadable, wrong check digit, number 0000000000, dose 0, two dose numbers, the future, vials
SELECT vsys.record_dose(pg_temp.site(1), '1113110500000', 't_pfizer EY0779', '2021-06-01 10:00+09');
SELECT vsys.record_dose(pg_temp.site(1), '111311040000001004', 't_pfizer EY0779', '2021-06-01 10:00+09');
\echo :LAST_ERROR_SQLSTATE
SELECT vsys.record_dose(pg_temp.site(1), '111311050000000000', 't_pfizer EY0779', '2021-06-01 10:00+09');
SELECT vsys.record_dose(pg_temp.site(1), '000000000000000000', 't_pfizer EY0779', '2021-06-01 10:00+09');
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 0), 't_pfizer EY0779', '2021-06-01 10:00+09');
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), 't_pfizer EY0779', '2021-06-01 10:00+09', dose_number => 2::smallint);
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), 't_pfizer EY0779', now() + interval '1 day');
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), '?', '2021-06-01 10:00+09');
SELECT vsys.record_dose(outbreak.provisional_institution_code(13, 5999), pg_temp.ticket(1, 4, 1), 't_pfizer EY0779', '2021-06-01 10:00+09');
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), 't_pfizer OLD001', '2021-06-01 10:00+09');
UPDATE vsys.lot SET recalled_at = '2021-06-03 00:00+09', recall_reason = '異物' WHERE lot = 'FA7338';
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT vsys.record_dose(pg_temp.site(1), '111311040000001004', 't_pfizer FA7338', '2021-06-03 10:00+09');
\set VERBOSITY terse
SELECT vsys.check_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), 't_pfizer FA7338', '2021-06-03 10:00+09') - 'findings' AS recalled,
	vsys.check_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), 't_pfizer EY0779', '2021-06-03 10:00+09') - 'findings' AS good;
SELECT count(*) AS kept FROM vsys.dose_issue;
SELECT count(*) AS recorded FROM vsys.dose WHERE person = pg_temp.person(1, 4);

\echo -- given all the same: recorded, and said
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 4, 1), 't_pfizer FA7338', '2021-06-03 10:00+09', confirmed => true)), lot FROM vsys.dose WHERE person = pg_temp.person(1, 1) AND dose_number = 1;

\echo -- kept to be mended: unknown ticket, second dose without the first, two sites within an hour, another day, before the programme, withdrawn
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), '131105' || '9999999999', 't_pfizer EY0779', '2021-06-01 10:00+09', dose_number => 1::smallint));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), '131105' || '9999999999', 't_pfizer EY0779', '2021-06-01 10:00+09', dose_number => 1::smallint)) AS again;
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), pg_temp.ticket(2, 5, 2), 't_pfizer EY0779', '2021-06-22 10:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), pg_temp.ticket(1, 1, 1), 't_pfizer EY0779', '2021-06-01 10:40+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 1), 't_pfizer EY0779', '2021-06-05 10:40+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 3), 't_pfizer EY0779', '2021-06-22 17:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 5, 1), 't_pfizer EY0779', '2021-03-01 10:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 3), 't_pfizer EY0779', '2021-06-10 17:00+09'));
UPDATE vsys.ticket SET withdrawn_at = '2021-06-10 00:00+09' WHERE municipality = '131105' AND number = '0000001006';
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 6, 1), 't_pfizer EY0779', '2021-06-11 10:00+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 6, 1), 't_pfizer EY0779', '2021-06-09 10:00+09')) AS before_it_was_withdrawn;
SELECT code, detail, municipality, site = pg_temp.site(1) AS first_site, given_on, state, stock_event IS NOT NULL AS taken_from_stock FROM vsys.dose_issue ORDER BY issue;

\echo -- the first dose comes: the second that waited is released, and the vial was taken from stock once
SELECT doses FROM vsys.stock(pg_temp.site(2), '2021-12-01 00:00+09') WHERE lot = 'EY0779';
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), pg_temp.ticket(2, 5, 1), 't_pfizer EY0779', '2021-06-01 10:00+09'));
SELECT dose_number, given_on, stock_event IS NOT NULL AS in_stock FROM vsys.dose WHERE person = pg_temp.person(2, 5) ORDER BY dose_number;
SELECT doses FROM vsys.stock(pg_temp.site(2), '2021-12-01 00:00+09') WHERE lot = 'EY0779';

\echo -- mending: the ticket that was meant; still wrong; not a dose at all
SELECT issue AS unknown FROM vsys.dose_issue WHERE code = 'ticket_unknown' \gset
SELECT vsys.mend_dose(:unknown, '{"ticket": "1313110500000001007"}');
SELECT vsys.mend_dose(:unknown, '{"numbr": "1"}');
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.said(vsys.mend_dose(:unknown, jsonb_build_object('number', '0000001007')));
SELECT vsys.mend_dose(:unknown);
\echo :LAST_ERROR_SQLSTATE
SELECT issue AS two_sites FROM vsys.dose_issue WHERE code = 'two_sites_within_hour' \gset
SELECT vsys.dismiss_dose(:two_sites, ' ');
SELECT vsys.dismiss_dose(:two_sites, '読取誤り');
SELECT vsys.dismiss_dose(:two_sites, '読取誤り');
\echo :LAST_ERROR_SQLSTATE
SELECT code, state, reason, dose IS NOT NULL AS became_a_dose FROM vsys.dose_issue WHERE state <> 'open' ORDER BY issue;

\echo -- correcting: the vial (stock moves), the doctor (it does not), the ticket (another person); withdrawing; both stay
SELECT dose AS first FROM vsys.dose WHERE person = pg_temp.person(1, 1) AND dose_number = 1 \gset
SELECT lot, doses FROM vsys.stock(pg_temp.site(1), '2021-12-01 00:00+09') WHERE product = 't_pfizer' ORDER BY lot;
SELECT pg_temp.said(vsys.correct_dose(:first, '{"vial": "t_pfizer FA7338"}', 'ロット誤り'));
SELECT lot, doses FROM vsys.stock(pg_temp.site(1), '2021-12-01 00:00+09') WHERE product = 't_pfizer' ORDER BY lot;
SELECT dose AS second FROM vsys.dose WHERE person = pg_temp.person(1, 1) AND dose_number = 1 AND state = 'in_force' \gset
SELECT pg_temp.said(vsys.correct_dose(:second, '{"doctor": "医師 二郎"}', '医師誤り'));
SELECT vsys.correct_dose(:second, '{"doctor": "医師 三郎"}', '医師誤り');
\echo :LAST_ERROR_SQLSTATE
SELECT dose AS third FROM vsys.dose WHERE person = pg_temp.person(1, 1) AND dose_number = 1 AND state = 'in_force' \gset
SELECT vsys.correct_dose(:third, '{"given_on": "2021-06-30"}', '日付誤り');
SELECT vsys.correct_dose(:third, '{"dose": 1}', '-');
SELECT vsys.correct_dose(:third, '{"lot": "EY0779"}', '');
SELECT vsys.correct_dose(-1, '{"lot": "EY0779"}', '-');
\echo :LAST_ERROR_SQLSTATE
SELECT dose AS wrong FROM vsys.dose WHERE person = pg_temp.person(1, 7) \gset
SELECT pg_temp.said(vsys.correct_dose(:wrong, jsonb_build_object('ticket', pg_temp.ticket(1, 8, 1)), '別人の券'));
SELECT vsys.withdraw_dose(dose, '接種していない') FROM vsys.dose WHERE person = pg_temp.person(1, 8);
SELECT right(person::text, 5) AS person, dose_number, lot, doctor, source, state, reason, replaces IS NOT NULL AS corrects FROM vsys.dose
WHERE person IN (pg_temp.person(1, 1), pg_temp.person(1, 7), pg_temp.person(1, 8)) ORDER BY dose;
SELECT * FROM vsys.person_dose WHERE person IN (pg_temp.person(1, 7), pg_temp.person(1, 8));
SELECT lot, doses FROM vsys.stock(pg_temp.site(2), '2021-12-01 00:00+09') ORDER BY lot;

\echo -- the books learn of the lot later: the doses are taken then, once
SELECT vsys.post_stock(pg_temp.site(3), 't_pfizer', 'EY0779', 'received', 5, happened_at => '2021-05-30 09:00+09') > 0 AS received;
SELECT vsys.take_unbooked_doses(), vsys.take_unbooked_doses();
SELECT lot, doses FROM vsys.stock(pg_temp.site(3), '2021-12-01 00:00+09');
SET CONSTRAINTS ALL IMMEDIATE;

\echo -- the sums equal the doses, before and after folding
CREATE TEMP VIEW counted AS
SELECT site, given_on, dose_number, product, priority_group, count(*) AS doses FROM vsys.dose WHERE state = 'in_force' GROUP BY 1, 2, 3, 4, 5;
CREATE TEMP VIEW summed AS
SELECT s.site, s.given_on, s.dose_number, s.product, s.priority_group, s.doses FROM vsys.site_doses(ARRAY[pg_temp.site(1), pg_temp.site(2), pg_temp.site(3)], '-infinity', 'infinity') AS s;
SELECT (SELECT count(*) FROM (TABLE counted EXCEPT TABLE summed) AS x) + (SELECT count(*) FROM (TABLE summed EXCEPT TABLE counted) AS x) AS differences, count(*) > 5 AS some FROM counted;
SELECT vsys.fold_doses() ->> 'folded' <> '0' AS folded, vsys.fold_doses() ->> 'folded' AS again;
SELECT (SELECT count(*) FROM (TABLE counted EXCEPT TABLE summed) AS x) + (SELECT count(*) FROM (TABLE summed EXCEPT TABLE counted) AS x) AS differences FROM counted LIMIT 1;
SELECT count(*) AS left_over FROM vsys.dose_change;
SELECT sum(doses) = (SELECT sum(doses) FROM counted) AS by_day FROM vsys.doses_by_day WHERE programme = 't_primary';
SELECT sum(doses) = (SELECT sum(doses) FROM counted) AS by_age FROM vsys.doses_by_age WHERE programme = 't_primary';
SELECT sum(doses) = (SELECT sum(doses) FROM counted) AS by_prefecture FROM vsys.doses_by_prefecture WHERE programme = 't_primary';
SELECT sum(doses) = (SELECT sum(doses) FROM counted) AS as_known FROM vsys.doses_as_known WHERE programme = 't_primary';
SELECT sum(doses) = (SELECT sum(doses) FROM counted) AS by_lag FROM vsys.doses_by_lag WHERE product LIKE 't\_%';
\echo -- retention takes rows away, and the sums keep what was counted
DELETE FROM vsys.dose WHERE person = pg_temp.person(1, 1);
SELECT count(*) AS changes FROM vsys.dose_change;
ROLLBACK;
