-- taken is the number of bookings in force, whatever happens: kept, given elsewhere or without a booking, not come, purged,
-- a person who should never have been entered: at once, and what was booked is free
SELECT person AS p4 FROM vsys.ticket WHERE number = '0000000004' AND municipality::text = '131016' \gset
SELECT sum(taken) AS before FROM vsys.slot \gset
SELECT f.relation, f.due, f.done FROM registry.forget_person(:'p4', true) AS f WHERE f.relation::text ~ '^vsys' ORDER BY 1;
SELECT :before - sum(taken) AS given_back, wrong() FROM vsys.slot;
-- broken by hand, it is found
SAVEPOINT broken;
UPDATE vsys.slot SET taken = taken + 1 WHERE slot = :s + 1;
UPDATE vsys.booking SET in_force = NULL WHERE number = '0000000001' AND dose = 1;
INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source) VALUES (999999, gen_random_uuid(), now(), '1310000018', '131016', '2021-06-07', 13, 1, true, 'test_first', '0000000001', 'booked', 'direct');
SELECT c.slot - :s AS slot, c.taken, c.in_force, regexp_replace(c.problem, 'booking \d+', 'booking n') AS problem FROM vsys.check_slots() AS c;
SELECT jsonb_array_length(vsys.verify_bookings('2021-06-07 12:00+09') -> 'failed') AS failed, jsonb_array_length(vsys.verify_bookings('2031-06-07 12:00+09') -> 'failed') AS years_later;
ROLLBACK TO broken;
SELECT vsys.verify_bookings('2021-06-07 12:00+09');
ROLLBACK;
