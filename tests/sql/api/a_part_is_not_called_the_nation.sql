-- Row-level security would leave a prefecture's part of the country; the API does not call it the nation.
\set VERBOSITY terse
BEGIN;
INSERT INTO access.account (login, prefecture) VALUES (session_user, 13);
SET LOCAL ROLE outbreak_prefecture;
SELECT count(*) >= 0 AS fine FROM api.bed_occupancy('2021-08-11', 'prefecture');
SELECT * FROM api.bed_occupancy('2021-08-11', 'nation');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
BEGIN;
SET LOCAL ROLE outbreak_ministry;
SELECT count(*) >= 0 AS fine FROM api.bed_occupancy('2021-08-11', 'nation');
SELECT * FROM api.bed_occupancy('2021-08-11', 'nation', 367);
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
