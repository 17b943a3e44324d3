-- The code types of word registry.
-- Objects appear in the order in which they need each other: shell type, functions, type,
-- operators, operator classes, aggregates, casts; then the same for the second type.

-- ---- institution_code: the type ---------------------------------------------------------

CREATE TYPE outbreak.institution_code;

CREATE FUNCTION outbreak.institution_code_in(cstring)
RETURNS outbreak.institution_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_in';
COMMENT ON FUNCTION outbreak.institution_code_in(cstring) IS
'Text input of institution_code: 10 digits, ASCII or full-width, with spaces at most around them. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.institution_code_out(outbreak.institution_code)
RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_out';
COMMENT ON FUNCTION outbreak.institution_code_out(outbreak.institution_code) IS
'Text output of institution_code: 10 ASCII digits.';

CREATE FUNCTION outbreak.institution_code_recv(internal)
RETURNS outbreak.institution_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_recv';
COMMENT ON FUNCTION outbreak.institution_code_recv(internal) IS
'Binary input of institution_code: int8, checked as strictly as text. Raises 22P03 with the reason.';

CREATE FUNCTION outbreak.institution_code_send(outbreak.institution_code)
RETURNS bytea
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8send';
COMMENT ON FUNCTION outbreak.institution_code_send(outbreak.institution_code) IS
'Binary output of institution_code: the digits as one int8.';

CREATE TYPE outbreak.institution_code (
	INPUT = outbreak.institution_code_in,
	OUTPUT = outbreak.institution_code_out,
	RECEIVE = outbreak.institution_code_recv,
	SEND = outbreak.institution_code_send,
	LIKE = pg_catalog.int8
);
COMMENT ON TYPE outbreak.institution_code IS
'医療機関コード / institution code: 10 digits, 8 bytes by value.
Digits 1-2 prefecture (JIS X 0401, 01 to 47); 3 table (点数表): 1 medical, 3 dental, 4 pharmacy, 6 visiting nurse, 9 provisional number of our own registry; 4-5 district (郡市区); 6-9 facility; 10 check digit.
Check digit: Luhn over digits 1-9; for table 1 in prefectures 11, 12, 13 and 14 Luhn over digits 4-9 (all 28,875 such codes of the nationwide lists of 97,024 follow it; it is written nowhere).
One wrong digit is always caught, with these exceptions among the first three digits, where the second rule does not look: medical codes of prefectures 11, 12, 13, 14 and 16 taken for each other, of 14 and 24, and of 12 and 32; and medical and dental codes of 12. Exchanged neighbours at places 4 to 10 are always caught but for 09 and 90.
Source: 地方厚生局 lists of insured medical institutions (コード内容別医療機関一覧表).';

-- ---- institution_code: order, equality and hash -----------------------------------------
-- A code is its digits as an int8, so PostgreSQL's own functions do the work.

CREATE FUNCTION outbreak.institution_code_eq(outbreak.institution_code, outbreak.institution_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8eq';
COMMENT ON FUNCTION outbreak.institution_code_eq(outbreak.institution_code, outbreak.institution_code) IS
'Implements operator = of institution_code; order is that of the digits.';

CREATE FUNCTION outbreak.institution_code_ne(outbreak.institution_code, outbreak.institution_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8ne';
COMMENT ON FUNCTION outbreak.institution_code_ne(outbreak.institution_code, outbreak.institution_code) IS
'Implements operator <> of institution_code; order is that of the digits.';

CREATE FUNCTION outbreak.institution_code_lt(outbreak.institution_code, outbreak.institution_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8lt';
COMMENT ON FUNCTION outbreak.institution_code_lt(outbreak.institution_code, outbreak.institution_code) IS
'Implements operator < of institution_code; order is that of the digits.';

CREATE FUNCTION outbreak.institution_code_le(outbreak.institution_code, outbreak.institution_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8le';
COMMENT ON FUNCTION outbreak.institution_code_le(outbreak.institution_code, outbreak.institution_code) IS
'Implements operator <= of institution_code; order is that of the digits.';

CREATE FUNCTION outbreak.institution_code_gt(outbreak.institution_code, outbreak.institution_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8gt';
COMMENT ON FUNCTION outbreak.institution_code_gt(outbreak.institution_code, outbreak.institution_code) IS
'Implements operator > of institution_code; order is that of the digits.';

CREATE FUNCTION outbreak.institution_code_ge(outbreak.institution_code, outbreak.institution_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8ge';
COMMENT ON FUNCTION outbreak.institution_code_ge(outbreak.institution_code, outbreak.institution_code) IS
'Implements operator >= of institution_code; order is that of the digits.';

CREATE FUNCTION outbreak.institution_code_cmp(outbreak.institution_code, outbreak.institution_code)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'btint8cmp';
COMMENT ON FUNCTION outbreak.institution_code_cmp(outbreak.institution_code, outbreak.institution_code) IS
'Compares two codes for btree: below 0, 0, above 0.';

CREATE FUNCTION outbreak.institution_code_hash(outbreak.institution_code)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint8';
COMMENT ON FUNCTION outbreak.institution_code_hash(outbreak.institution_code) IS
'Hash of a code.';

CREATE FUNCTION outbreak.institution_code_hash_extended(outbreak.institution_code, bigint)
RETURNS bigint
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint8extended';
COMMENT ON FUNCTION outbreak.institution_code_hash_extended(outbreak.institution_code, bigint) IS
'Hash of a code with a seed.';

CREATE FUNCTION outbreak.institution_code_smaller(outbreak.institution_code, outbreak.institution_code)
RETURNS outbreak.institution_code
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8smaller';
COMMENT ON FUNCTION outbreak.institution_code_smaller(outbreak.institution_code, outbreak.institution_code) IS
'The smaller of two codes.';

CREATE FUNCTION outbreak.institution_code_larger(outbreak.institution_code, outbreak.institution_code)
RETURNS outbreak.institution_code
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8larger';
COMMENT ON FUNCTION outbreak.institution_code_larger(outbreak.institution_code, outbreak.institution_code) IS
'The larger of two codes.';

CREATE OPERATOR outbreak.= (
	FUNCTION = outbreak.institution_code_eq,
	LEFTARG = outbreak.institution_code,
	RIGHTARG = outbreak.institution_code,
	COMMUTATOR = OPERATOR(outbreak.=),
	NEGATOR = OPERATOR(outbreak.<>),
	HASHES,
	MERGES,
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel
);
COMMENT ON OPERATOR outbreak.= (outbreak.institution_code, outbreak.institution_code) IS
'equal';

CREATE OPERATOR outbreak.<> (
	FUNCTION = outbreak.institution_code_ne,
	LEFTARG = outbreak.institution_code,
	RIGHTARG = outbreak.institution_code,
	COMMUTATOR = OPERATOR(outbreak.<>),
	NEGATOR = OPERATOR(outbreak.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR outbreak.<> (outbreak.institution_code, outbreak.institution_code) IS
'not equal';

CREATE OPERATOR outbreak.< (
	FUNCTION = outbreak.institution_code_lt,
	LEFTARG = outbreak.institution_code,
	RIGHTARG = outbreak.institution_code,
	COMMUTATOR = OPERATOR(outbreak.>),
	NEGATOR = OPERATOR(outbreak.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR outbreak.< (outbreak.institution_code, outbreak.institution_code) IS
'less than';

CREATE OPERATOR outbreak.<= (
	FUNCTION = outbreak.institution_code_le,
	LEFTARG = outbreak.institution_code,
	RIGHTARG = outbreak.institution_code,
	COMMUTATOR = OPERATOR(outbreak.>=),
	NEGATOR = OPERATOR(outbreak.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR outbreak.<= (outbreak.institution_code, outbreak.institution_code) IS
'less than or equal';

CREATE OPERATOR outbreak.> (
	FUNCTION = outbreak.institution_code_gt,
	LEFTARG = outbreak.institution_code,
	RIGHTARG = outbreak.institution_code,
	COMMUTATOR = OPERATOR(outbreak.<),
	NEGATOR = OPERATOR(outbreak.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR outbreak.> (outbreak.institution_code, outbreak.institution_code) IS
'greater than';

CREATE OPERATOR outbreak.>= (
	FUNCTION = outbreak.institution_code_ge,
	LEFTARG = outbreak.institution_code,
	RIGHTARG = outbreak.institution_code,
	COMMUTATOR = OPERATOR(outbreak.<=),
	NEGATOR = OPERATOR(outbreak.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR outbreak.>= (outbreak.institution_code, outbreak.institution_code) IS
'greater than or equal';

CREATE OPERATOR CLASS outbreak.institution_code_ops
DEFAULT FOR TYPE outbreak.institution_code USING btree AS
	OPERATOR 1 outbreak.<,
	OPERATOR 2 outbreak.<=,
	OPERATOR 3 outbreak.=,
	OPERATOR 4 outbreak.>=,
	OPERATOR 5 outbreak.>,
	FUNCTION 1 outbreak.institution_code_cmp(outbreak.institution_code, outbreak.institution_code),
	FUNCTION 2 (outbreak.institution_code, outbreak.institution_code) pg_catalog.btint8sortsupport(internal),
	FUNCTION 4 (outbreak.institution_code, outbreak.institution_code) pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS outbreak.institution_code_ops USING btree IS
'Order of institution_code: prefecture first, then the digits after it.';
COMMENT ON OPERATOR FAMILY outbreak.institution_code_ops USING btree IS
'Order of institution_code.';

CREATE OPERATOR CLASS outbreak.institution_code_ops
DEFAULT FOR TYPE outbreak.institution_code USING hash AS
	OPERATOR 1 outbreak.=,
	FUNCTION 1 outbreak.institution_code_hash(outbreak.institution_code),
	FUNCTION 2 outbreak.institution_code_hash_extended(outbreak.institution_code, bigint);
COMMENT ON OPERATOR CLASS outbreak.institution_code_ops USING hash IS
'Hash of institution_code.';
COMMENT ON OPERATOR FAMILY outbreak.institution_code_ops USING hash IS
'Hash of institution_code.';

CREATE AGGREGATE outbreak.min(outbreak.institution_code) (
	SFUNC = outbreak.institution_code_smaller,
	STYPE = outbreak.institution_code,
	COMBINEFUNC = outbreak.institution_code_smaller,
	SORTOP = OPERATOR(outbreak.<),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.min(outbreak.institution_code) IS
'The smallest code; NULL when there is none.';

CREATE AGGREGATE outbreak.max(outbreak.institution_code) (
	SFUNC = outbreak.institution_code_larger,
	STYPE = outbreak.institution_code,
	COMBINEFUNC = outbreak.institution_code_larger,
	SORTOP = OPERATOR(outbreak.>),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.max(outbreak.institution_code) IS
'The largest code; NULL when there is none.';

-- ---- institution_code: casts and parts --------------------------------------------------

CREATE FUNCTION outbreak.institution_code(written text)
RETURNS outbreak.institution_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_from_text';
COMMENT ON FUNCTION outbreak.institution_code(text) IS
'Reads a institution_code as its text input does. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.text(code outbreak.institution_code)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_to_text';
COMMENT ON FUNCTION outbreak.text(outbreak.institution_code) IS
'The 10 digits of a code as text.';

CREATE CAST (text AS outbreak.institution_code)
WITH FUNCTION outbreak.institution_code(text);
COMMENT ON CAST (text AS outbreak.institution_code) IS
'Reads and checks the code.';

CREATE CAST (outbreak.institution_code AS text)
WITH FUNCTION outbreak.text(outbreak.institution_code)
AS ASSIGNMENT;
COMMENT ON CAST (outbreak.institution_code AS text) IS
'The 10 digits, leading zeros included.';

CREATE FUNCTION outbreak.prefecture(code outbreak.institution_code)
RETURNS smallint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_prefecture';
COMMENT ON FUNCTION outbreak.prefecture(outbreak.institution_code) IS
'都道府県番号 / prefecture of a code, 1 to 47 (JIS X 0401).';

CREATE FUNCTION outbreak.institution_code(prefecture integer, written text)
RETURNS outbreak.institution_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_written';
COMMENT ON FUNCTION outbreak.institution_code(integer, text) IS
'Reads the written forms of an institution code: 7 digits (district, facility, check digit), 9 (DPC: prefecture before them) or all 10. The shorter forms carry no table digit and are read as medical (1).
Between digits one hyphen, comma, dot or middle dot, and spaces, are allowed (01,1011-2), also full-width. Raises 22P02 when the text is no code or its prefecture is not the given one, 22023 when there is no such prefecture.';

CREATE FUNCTION outbreak.provisional_institution_code(prefecture integer, serial integer)
RETURNS outbreak.institution_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_provisional';
COMMENT ON FUNCTION outbreak.provisional_institution_code(integer, integer) IS
'仮番号 / the provisional code with this serial number (0 to 999999) in a prefecture: third digit 9, the serial in digits 4 to 9, check digit by Luhn over nine. For institutions without an insurers'' number. Raises 22023 when an argument is out of range.';

CREATE FUNCTION outbreak.is_provisional(code outbreak.institution_code)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_institution_code_is_provisional';
COMMENT ON FUNCTION outbreak.is_provisional(outbreak.institution_code) IS
'True for a provisional code of our own registry (third digit 9).';

-- ---- municipality_code: the type ---------------------------------------------------------

CREATE TYPE outbreak.municipality_code;

CREATE FUNCTION outbreak.municipality_code_in(cstring)
RETURNS outbreak.municipality_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_municipality_code_in';
COMMENT ON FUNCTION outbreak.municipality_code_in(cstring) IS
'Text input of municipality_code: 6 digits, ASCII or full-width, with spaces at most around them. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.municipality_code_out(outbreak.municipality_code)
RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_municipality_code_out';
COMMENT ON FUNCTION outbreak.municipality_code_out(outbreak.municipality_code) IS
'Text output of municipality_code: 6 ASCII digits.';

CREATE FUNCTION outbreak.municipality_code_recv(internal)
RETURNS outbreak.municipality_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_municipality_code_recv';
COMMENT ON FUNCTION outbreak.municipality_code_recv(internal) IS
'Binary input of municipality_code: int4, checked as strictly as text. Raises 22P03 with the reason.';

CREATE FUNCTION outbreak.municipality_code_send(outbreak.municipality_code)
RETURNS bytea
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4send';
COMMENT ON FUNCTION outbreak.municipality_code_send(outbreak.municipality_code) IS
'Binary output of municipality_code: the digits as one int4.';

CREATE TYPE outbreak.municipality_code (
	INPUT = outbreak.municipality_code_in,
	OUTPUT = outbreak.municipality_code_out,
	RECEIVE = outbreak.municipality_code_recv,
	SEND = outbreak.municipality_code_send,
	LIKE = pg_catalog.int4
);
COMMENT ON TYPE outbreak.municipality_code IS
'全国地方公共団体コード / municipality code: 6 digits, 4 bytes by value.
Digits 1-2 prefecture (JIS X 0401, 01 to 47); 3-5 municipality (JIS X 0402; 000 is the prefecture itself); 6 check digit: last digit of 11 - (6a + 5b + 4c + 3d + 2e) mod 11.
Whether such a municipality exists is for registry.municipality to know. The rule gives check digit 1 for two remainders (0 and 10), so about one wrong digit in eleven is missed in a code that ends in 1; in others none is.
Source: 総務省 全国地方公共団体コード.';

-- ---- municipality_code: order, equality and hash -----------------------------------------
-- A code is its digits as an int4, so PostgreSQL's own functions do the work.

CREATE FUNCTION outbreak.municipality_code_eq(outbreak.municipality_code, outbreak.municipality_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4eq';
COMMENT ON FUNCTION outbreak.municipality_code_eq(outbreak.municipality_code, outbreak.municipality_code) IS
'Implements operator = of municipality_code; order is that of the digits.';

CREATE FUNCTION outbreak.municipality_code_ne(outbreak.municipality_code, outbreak.municipality_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4ne';
COMMENT ON FUNCTION outbreak.municipality_code_ne(outbreak.municipality_code, outbreak.municipality_code) IS
'Implements operator <> of municipality_code; order is that of the digits.';

CREATE FUNCTION outbreak.municipality_code_lt(outbreak.municipality_code, outbreak.municipality_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4lt';
COMMENT ON FUNCTION outbreak.municipality_code_lt(outbreak.municipality_code, outbreak.municipality_code) IS
'Implements operator < of municipality_code; order is that of the digits.';

CREATE FUNCTION outbreak.municipality_code_le(outbreak.municipality_code, outbreak.municipality_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4le';
COMMENT ON FUNCTION outbreak.municipality_code_le(outbreak.municipality_code, outbreak.municipality_code) IS
'Implements operator <= of municipality_code; order is that of the digits.';

CREATE FUNCTION outbreak.municipality_code_gt(outbreak.municipality_code, outbreak.municipality_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4gt';
COMMENT ON FUNCTION outbreak.municipality_code_gt(outbreak.municipality_code, outbreak.municipality_code) IS
'Implements operator > of municipality_code; order is that of the digits.';

CREATE FUNCTION outbreak.municipality_code_ge(outbreak.municipality_code, outbreak.municipality_code)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4ge';
COMMENT ON FUNCTION outbreak.municipality_code_ge(outbreak.municipality_code, outbreak.municipality_code) IS
'Implements operator >= of municipality_code; order is that of the digits.';

CREATE FUNCTION outbreak.municipality_code_cmp(outbreak.municipality_code, outbreak.municipality_code)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'btint4cmp';
COMMENT ON FUNCTION outbreak.municipality_code_cmp(outbreak.municipality_code, outbreak.municipality_code) IS
'Compares two codes for btree: below 0, 0, above 0.';

CREATE FUNCTION outbreak.municipality_code_hash(outbreak.municipality_code)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint4';
COMMENT ON FUNCTION outbreak.municipality_code_hash(outbreak.municipality_code) IS
'Hash of a code.';

CREATE FUNCTION outbreak.municipality_code_hash_extended(outbreak.municipality_code, bigint)
RETURNS bigint
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint4extended';
COMMENT ON FUNCTION outbreak.municipality_code_hash_extended(outbreak.municipality_code, bigint) IS
'Hash of a code with a seed.';

CREATE FUNCTION outbreak.municipality_code_smaller(outbreak.municipality_code, outbreak.municipality_code)
RETURNS outbreak.municipality_code
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4smaller';
COMMENT ON FUNCTION outbreak.municipality_code_smaller(outbreak.municipality_code, outbreak.municipality_code) IS
'The smaller of two codes.';

CREATE FUNCTION outbreak.municipality_code_larger(outbreak.municipality_code, outbreak.municipality_code)
RETURNS outbreak.municipality_code
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int4larger';
COMMENT ON FUNCTION outbreak.municipality_code_larger(outbreak.municipality_code, outbreak.municipality_code) IS
'The larger of two codes.';

CREATE OPERATOR outbreak.= (
	FUNCTION = outbreak.municipality_code_eq,
	LEFTARG = outbreak.municipality_code,
	RIGHTARG = outbreak.municipality_code,
	COMMUTATOR = OPERATOR(outbreak.=),
	NEGATOR = OPERATOR(outbreak.<>),
	HASHES,
	MERGES,
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel
);
COMMENT ON OPERATOR outbreak.= (outbreak.municipality_code, outbreak.municipality_code) IS
'equal';

CREATE OPERATOR outbreak.<> (
	FUNCTION = outbreak.municipality_code_ne,
	LEFTARG = outbreak.municipality_code,
	RIGHTARG = outbreak.municipality_code,
	COMMUTATOR = OPERATOR(outbreak.<>),
	NEGATOR = OPERATOR(outbreak.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR outbreak.<> (outbreak.municipality_code, outbreak.municipality_code) IS
'not equal';

CREATE OPERATOR outbreak.< (
	FUNCTION = outbreak.municipality_code_lt,
	LEFTARG = outbreak.municipality_code,
	RIGHTARG = outbreak.municipality_code,
	COMMUTATOR = OPERATOR(outbreak.>),
	NEGATOR = OPERATOR(outbreak.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR outbreak.< (outbreak.municipality_code, outbreak.municipality_code) IS
'less than';

CREATE OPERATOR outbreak.<= (
	FUNCTION = outbreak.municipality_code_le,
	LEFTARG = outbreak.municipality_code,
	RIGHTARG = outbreak.municipality_code,
	COMMUTATOR = OPERATOR(outbreak.>=),
	NEGATOR = OPERATOR(outbreak.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR outbreak.<= (outbreak.municipality_code, outbreak.municipality_code) IS
'less than or equal';

CREATE OPERATOR outbreak.> (
	FUNCTION = outbreak.municipality_code_gt,
	LEFTARG = outbreak.municipality_code,
	RIGHTARG = outbreak.municipality_code,
	COMMUTATOR = OPERATOR(outbreak.<),
	NEGATOR = OPERATOR(outbreak.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR outbreak.> (outbreak.municipality_code, outbreak.municipality_code) IS
'greater than';

CREATE OPERATOR outbreak.>= (
	FUNCTION = outbreak.municipality_code_ge,
	LEFTARG = outbreak.municipality_code,
	RIGHTARG = outbreak.municipality_code,
	COMMUTATOR = OPERATOR(outbreak.<=),
	NEGATOR = OPERATOR(outbreak.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR outbreak.>= (outbreak.municipality_code, outbreak.municipality_code) IS
'greater than or equal';

CREATE OPERATOR CLASS outbreak.municipality_code_ops
DEFAULT FOR TYPE outbreak.municipality_code USING btree AS
	OPERATOR 1 outbreak.<,
	OPERATOR 2 outbreak.<=,
	OPERATOR 3 outbreak.=,
	OPERATOR 4 outbreak.>=,
	OPERATOR 5 outbreak.>,
	FUNCTION 1 outbreak.municipality_code_cmp(outbreak.municipality_code, outbreak.municipality_code),
	FUNCTION 2 (outbreak.municipality_code, outbreak.municipality_code) pg_catalog.btint4sortsupport(internal),
	FUNCTION 4 (outbreak.municipality_code, outbreak.municipality_code) pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS outbreak.municipality_code_ops USING btree IS
'Order of municipality_code: prefecture first, then the digits after it.';
COMMENT ON OPERATOR FAMILY outbreak.municipality_code_ops USING btree IS
'Order of municipality_code.';

CREATE OPERATOR CLASS outbreak.municipality_code_ops
DEFAULT FOR TYPE outbreak.municipality_code USING hash AS
	OPERATOR 1 outbreak.=,
	FUNCTION 1 outbreak.municipality_code_hash(outbreak.municipality_code),
	FUNCTION 2 outbreak.municipality_code_hash_extended(outbreak.municipality_code, bigint);
COMMENT ON OPERATOR CLASS outbreak.municipality_code_ops USING hash IS
'Hash of municipality_code.';
COMMENT ON OPERATOR FAMILY outbreak.municipality_code_ops USING hash IS
'Hash of municipality_code.';

CREATE AGGREGATE outbreak.min(outbreak.municipality_code) (
	SFUNC = outbreak.municipality_code_smaller,
	STYPE = outbreak.municipality_code,
	COMBINEFUNC = outbreak.municipality_code_smaller,
	SORTOP = OPERATOR(outbreak.<),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.min(outbreak.municipality_code) IS
'The smallest code; NULL when there is none.';

CREATE AGGREGATE outbreak.max(outbreak.municipality_code) (
	SFUNC = outbreak.municipality_code_larger,
	STYPE = outbreak.municipality_code,
	COMBINEFUNC = outbreak.municipality_code_larger,
	SORTOP = OPERATOR(outbreak.>),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.max(outbreak.municipality_code) IS
'The largest code; NULL when there is none.';

-- ---- municipality_code: casts and parts --------------------------------------------------

CREATE FUNCTION outbreak.municipality_code(written text)
RETURNS outbreak.municipality_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_municipality_code_from_text';
COMMENT ON FUNCTION outbreak.municipality_code(text) IS
'Reads a municipality_code as its text input does. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.text(code outbreak.municipality_code)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_municipality_code_to_text';
COMMENT ON FUNCTION outbreak.text(outbreak.municipality_code) IS
'The 6 digits of a code as text.';

CREATE CAST (text AS outbreak.municipality_code)
WITH FUNCTION outbreak.municipality_code(text);
COMMENT ON CAST (text AS outbreak.municipality_code) IS
'Reads and checks the code.';

CREATE CAST (outbreak.municipality_code AS text)
WITH FUNCTION outbreak.text(outbreak.municipality_code)
AS ASSIGNMENT;
COMMENT ON CAST (outbreak.municipality_code AS text) IS
'The 6 digits, leading zeros included.';

CREATE FUNCTION outbreak.prefecture(code outbreak.municipality_code)
RETURNS smallint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_municipality_code_prefecture';
COMMENT ON FUNCTION outbreak.prefecture(outbreak.municipality_code) IS
'都道府県番号 / prefecture of a code, 1 to 47 (JIS X 0401).';

CREATE FUNCTION outbreak.municipality_code_from_jis(written text)
RETURNS outbreak.municipality_code
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_municipality_code_from_jis';
COMMENT ON FUNCTION outbreak.municipality_code_from_jis(text) IS
'Adds the check digit to the 5 digits of JIS X 0401 and JIS X 0402, as 国土数値情報 writes them. Raises 22P02 for any other number of digits; four digits have probably lost a zero, which the hint then shows.';

-- ---- typing errors -----------------------------------------------------------

CREATE FUNCTION outbreak.suggest(written text)
RETURNS SETOF text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
ROWS 10
AS 'MODULE_PATHNAME', 'ob_registry_suggest';
COMMENT ON FUNCTION outbreak.suggest(text) IS
'The codes that one typing error (one wrong digit, or two neighbours exchanged) could have turned into this text, ascending and distinct: institution codes for 10 digits, municipality codes for 6. A text that is a code already gives itself alone; text with other lengths or characters gives no row.';

-- ---- normalise: one way of writing a personal value --------------------------------------

CREATE FUNCTION outbreak.normalise(value text, purpose text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5
AS 'MODULE_PATHNAME', 'ob_registry_normalised';
COMMENT ON FUNCTION outbreak.normalise(text, text) IS
'正規化 / one way of writing a personal value, for comparing: Unicode NFKC (half-width and full-width forms become one), then by purpose. phone: digits alone, +81 is the leading 0, the + of other countries stays. name: no spaces, ASCII letters small. kana: the same, and hiragana (ひらがな) become katakana (カタカナ). address: as name, and every kind of hyphen becomes "-". Any other purpose (mail too): no spaces around, ASCII letters small. Error 0A000 for text outside of ASCII in a database that is not UTF8.';
