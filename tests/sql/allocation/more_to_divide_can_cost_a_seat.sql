-- Hamilton's method has paradoxes, which the detector finds between two runs; divisor methods have none.
BEGIN;
\pset format unaligned
\echo == Alabama: of the same weights c has 2 of 10 and 1 of 11
SELECT allocation.divide('test', 'hamilton', 10, '{a,b,c}', '{6,6,2}') AS ten, allocation.divide('test', 'hamilton', 11, '{a,b,c}', '{6,6,2}') AS eleven,
	allocation.divide('test', 'webster', 10, '{a,b,c}', '{6,6,2}') AS ten_w, allocation.divide('test', 'webster', 11, '{a,b,c}', '{6,6,2}') AS eleven_w \gset
SELECT * FROM allocation.paradox(:ten, :eleven);
SELECT count(*) FROM allocation.paradox(:eleven, :ten);
SELECT count(*) FROM allocation.paradox(:ten_w, :eleven_w);
\echo == population: a grows, c shrinks, and a loses a seat to c
SELECT allocation.divide('test', 'hamilton', 100, '{a,b,c}', '{657,237,106}') AS before, allocation.divide('test', 'hamilton', 100, '{a,b,c}', '{660,245,105}') AS after \gset
SELECT paradox, unit, other, weight_a, weight_b, granted_a, granted_b, message_ja FROM allocation.paradox(:before, :after);
ROLLBACK;
