-- The codes of GS1 (国際標準): trade items and logistic units, and what their bar codes and QR codes hold.

-- ---- gtin: the type ---------------------------------------------------------------------

CREATE TYPE outbreak.gtin;

CREATE FUNCTION outbreak.gtin_in(cstring)
RETURNS outbreak.gtin
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_gtin_in';
COMMENT ON FUNCTION outbreak.gtin_in(cstring) IS
'Text input of gtin: 8, 12, 13 or 14 digits, ASCII or full-width, with spaces at most around them. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.gtin_out(outbreak.gtin)
RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_gtin_out';
COMMENT ON FUNCTION outbreak.gtin_out(outbreak.gtin) IS
'Text output of gtin: 14 ASCII digits.';

CREATE FUNCTION outbreak.gtin_recv(internal)
RETURNS outbreak.gtin
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_gtin_recv';
COMMENT ON FUNCTION outbreak.gtin_recv(internal) IS
'Binary input of gtin: int8, checked as strictly as text. Raises 22P03 with the reason.';

CREATE FUNCTION outbreak.gtin_send(outbreak.gtin)
RETURNS bytea
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8send';
COMMENT ON FUNCTION outbreak.gtin_send(outbreak.gtin) IS
'Binary output of gtin: the digits as one int8.';

CREATE TYPE outbreak.gtin (
	INPUT = outbreak.gtin_in,
	OUTPUT = outbreak.gtin_out,
	RECEIVE = outbreak.gtin_recv,
	SEND = outbreak.gtin_send,
	LIKE = pg_catalog.int8
);
COMMENT ON TYPE outbreak.gtin IS
'国際取引商品コード / GTIN: what a product and its packages are called in bar codes; 14 digits, 8 bytes by value.
GTIN-8, GTIN-12 (UPC) and GTIN-13 (JAN, EAN) are read too and stand for the same with zeros before them. Digit 1 is the package indicator, the last one the check digit (weights 3 and 1 in turns from the right, mod 10; JIS X 0501).
One wrong digit is always caught; of exchanged neighbours all but those that differ by 5.
Source: GS1 General Specifications; 医療用医薬品へのバーコード表示の実施要項.';

-- ---- gtin: order, equality and hash -----------------------------------------
-- A code is its digits as an int8, so PostgreSQL's own functions do the work.

CREATE FUNCTION outbreak.gtin_eq(outbreak.gtin, outbreak.gtin)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8eq';
COMMENT ON FUNCTION outbreak.gtin_eq(outbreak.gtin, outbreak.gtin) IS
'Implements operator = of gtin; order is that of the digits.';

CREATE FUNCTION outbreak.gtin_ne(outbreak.gtin, outbreak.gtin)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8ne';
COMMENT ON FUNCTION outbreak.gtin_ne(outbreak.gtin, outbreak.gtin) IS
'Implements operator <> of gtin; order is that of the digits.';

CREATE FUNCTION outbreak.gtin_lt(outbreak.gtin, outbreak.gtin)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8lt';
COMMENT ON FUNCTION outbreak.gtin_lt(outbreak.gtin, outbreak.gtin) IS
'Implements operator < of gtin; order is that of the digits.';

CREATE FUNCTION outbreak.gtin_le(outbreak.gtin, outbreak.gtin)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8le';
COMMENT ON FUNCTION outbreak.gtin_le(outbreak.gtin, outbreak.gtin) IS
'Implements operator <= of gtin; order is that of the digits.';

CREATE FUNCTION outbreak.gtin_gt(outbreak.gtin, outbreak.gtin)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8gt';
COMMENT ON FUNCTION outbreak.gtin_gt(outbreak.gtin, outbreak.gtin) IS
'Implements operator > of gtin; order is that of the digits.';

CREATE FUNCTION outbreak.gtin_ge(outbreak.gtin, outbreak.gtin)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8ge';
COMMENT ON FUNCTION outbreak.gtin_ge(outbreak.gtin, outbreak.gtin) IS
'Implements operator >= of gtin; order is that of the digits.';

CREATE FUNCTION outbreak.gtin_cmp(outbreak.gtin, outbreak.gtin)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'btint8cmp';
COMMENT ON FUNCTION outbreak.gtin_cmp(outbreak.gtin, outbreak.gtin) IS
'Compares two codes for btree: below 0, 0, above 0.';

CREATE FUNCTION outbreak.gtin_hash(outbreak.gtin)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint8';
COMMENT ON FUNCTION outbreak.gtin_hash(outbreak.gtin) IS
'Hash of a code.';

CREATE FUNCTION outbreak.gtin_hash_extended(outbreak.gtin, bigint)
RETURNS bigint
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint8extended';
COMMENT ON FUNCTION outbreak.gtin_hash_extended(outbreak.gtin, bigint) IS
'Hash of a code with a seed.';

CREATE FUNCTION outbreak.gtin_smaller(outbreak.gtin, outbreak.gtin)
RETURNS outbreak.gtin
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8smaller';
COMMENT ON FUNCTION outbreak.gtin_smaller(outbreak.gtin, outbreak.gtin) IS
'The smaller of two codes.';

CREATE FUNCTION outbreak.gtin_larger(outbreak.gtin, outbreak.gtin)
RETURNS outbreak.gtin
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8larger';
COMMENT ON FUNCTION outbreak.gtin_larger(outbreak.gtin, outbreak.gtin) IS
'The larger of two codes.';

CREATE OPERATOR outbreak.= (
	FUNCTION = outbreak.gtin_eq,
	LEFTARG = outbreak.gtin,
	RIGHTARG = outbreak.gtin,
	COMMUTATOR = OPERATOR(outbreak.=),
	NEGATOR = OPERATOR(outbreak.<>),
	HASHES,
	MERGES,
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel
);
COMMENT ON OPERATOR outbreak.= (outbreak.gtin, outbreak.gtin) IS
'equal';

CREATE OPERATOR outbreak.<> (
	FUNCTION = outbreak.gtin_ne,
	LEFTARG = outbreak.gtin,
	RIGHTARG = outbreak.gtin,
	COMMUTATOR = OPERATOR(outbreak.<>),
	NEGATOR = OPERATOR(outbreak.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR outbreak.<> (outbreak.gtin, outbreak.gtin) IS
'not equal';

CREATE OPERATOR outbreak.< (
	FUNCTION = outbreak.gtin_lt,
	LEFTARG = outbreak.gtin,
	RIGHTARG = outbreak.gtin,
	COMMUTATOR = OPERATOR(outbreak.>),
	NEGATOR = OPERATOR(outbreak.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR outbreak.< (outbreak.gtin, outbreak.gtin) IS
'less than';

CREATE OPERATOR outbreak.<= (
	FUNCTION = outbreak.gtin_le,
	LEFTARG = outbreak.gtin,
	RIGHTARG = outbreak.gtin,
	COMMUTATOR = OPERATOR(outbreak.>=),
	NEGATOR = OPERATOR(outbreak.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR outbreak.<= (outbreak.gtin, outbreak.gtin) IS
'less than or equal';

CREATE OPERATOR outbreak.> (
	FUNCTION = outbreak.gtin_gt,
	LEFTARG = outbreak.gtin,
	RIGHTARG = outbreak.gtin,
	COMMUTATOR = OPERATOR(outbreak.<),
	NEGATOR = OPERATOR(outbreak.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR outbreak.> (outbreak.gtin, outbreak.gtin) IS
'greater than';

CREATE OPERATOR outbreak.>= (
	FUNCTION = outbreak.gtin_ge,
	LEFTARG = outbreak.gtin,
	RIGHTARG = outbreak.gtin,
	COMMUTATOR = OPERATOR(outbreak.<=),
	NEGATOR = OPERATOR(outbreak.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR outbreak.>= (outbreak.gtin, outbreak.gtin) IS
'greater than or equal';

CREATE OPERATOR CLASS outbreak.gtin_ops
DEFAULT FOR TYPE outbreak.gtin USING btree AS
	OPERATOR 1 outbreak.<,
	OPERATOR 2 outbreak.<=,
	OPERATOR 3 outbreak.=,
	OPERATOR 4 outbreak.>=,
	OPERATOR 5 outbreak.>,
	FUNCTION 1 outbreak.gtin_cmp(outbreak.gtin, outbreak.gtin),
	FUNCTION 2 (outbreak.gtin, outbreak.gtin) pg_catalog.btint8sortsupport(internal),
	FUNCTION 4 (outbreak.gtin, outbreak.gtin) pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS outbreak.gtin_ops USING btree IS
'Order of gtin: prefecture first, then the digits after it.';
COMMENT ON OPERATOR FAMILY outbreak.gtin_ops USING btree IS
'Order of gtin.';

CREATE OPERATOR CLASS outbreak.gtin_ops
DEFAULT FOR TYPE outbreak.gtin USING hash AS
	OPERATOR 1 outbreak.=,
	FUNCTION 1 outbreak.gtin_hash(outbreak.gtin),
	FUNCTION 2 outbreak.gtin_hash_extended(outbreak.gtin, bigint);
COMMENT ON OPERATOR CLASS outbreak.gtin_ops USING hash IS
'Hash of gtin.';
COMMENT ON OPERATOR FAMILY outbreak.gtin_ops USING hash IS
'Hash of gtin.';

CREATE AGGREGATE outbreak.min(outbreak.gtin) (
	SFUNC = outbreak.gtin_smaller,
	STYPE = outbreak.gtin,
	COMBINEFUNC = outbreak.gtin_smaller,
	SORTOP = OPERATOR(outbreak.<),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.min(outbreak.gtin) IS
'The smallest code; NULL when there is none.';

CREATE AGGREGATE outbreak.max(outbreak.gtin) (
	SFUNC = outbreak.gtin_larger,
	STYPE = outbreak.gtin,
	COMBINEFUNC = outbreak.gtin_larger,
	SORTOP = OPERATOR(outbreak.>),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.max(outbreak.gtin) IS
'The largest code; NULL when there is none.';

-- ---- gtin: casts and parts --------------------------------------------------------------

CREATE FUNCTION outbreak.gtin(written text)
RETURNS outbreak.gtin
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_gtin_from_text';
COMMENT ON FUNCTION outbreak.gtin(text) IS
'Reads a GTIN as its text input does. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.text(code outbreak.gtin)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_gtin_to_text';
COMMENT ON FUNCTION outbreak.text(outbreak.gtin) IS
'The 14 digits of a code as text.';

CREATE CAST (text AS outbreak.gtin)
WITH FUNCTION outbreak.gtin(text);
COMMENT ON CAST (text AS outbreak.gtin) IS
'Reads and checks the code.';

CREATE CAST (outbreak.gtin AS text)
WITH FUNCTION outbreak.text(outbreak.gtin)
AS ASSIGNMENT;
COMMENT ON CAST (outbreak.gtin AS text) IS
'The 14 digits, leading zeros included.';

CREATE FUNCTION outbreak.gtin_indicator(gtin outbreak.gtin)
RETURNS smallint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_gtin_indicator';
COMMENT ON FUNCTION outbreak.gtin_indicator(outbreak.gtin) IS
'Package indicator (パッケージ・インジケータ), 0 to 9: for medicines in Japan 0 is the dispensing unit (調剤包装単位), 1 the sales unit (販売包装単位), 2 the outer carton (元梱包装単位).';

-- ---- sscc: the type ---------------------------------------------------------------------

CREATE TYPE outbreak.sscc;

CREATE FUNCTION outbreak.sscc_in(cstring)
RETURNS outbreak.sscc
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_sscc_in';
COMMENT ON FUNCTION outbreak.sscc_in(cstring) IS
'Text input of sscc: 18 digits, ASCII or full-width, with spaces at most around them. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.sscc_out(outbreak.sscc)
RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_sscc_out';
COMMENT ON FUNCTION outbreak.sscc_out(outbreak.sscc) IS
'Text output of sscc: 18 ASCII digits.';

CREATE FUNCTION outbreak.sscc_recv(internal)
RETURNS outbreak.sscc
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_sscc_recv';
COMMENT ON FUNCTION outbreak.sscc_recv(internal) IS
'Binary input of sscc: int8, checked as strictly as text. Raises 22P03 with the reason.';

CREATE FUNCTION outbreak.sscc_send(outbreak.sscc)
RETURNS bytea
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8send';
COMMENT ON FUNCTION outbreak.sscc_send(outbreak.sscc) IS
'Binary output of sscc: the digits as one int8.';

CREATE TYPE outbreak.sscc (
	INPUT = outbreak.sscc_in,
	OUTPUT = outbreak.sscc_out,
	RECEIVE = outbreak.sscc_recv,
	SEND = outbreak.sscc_send,
	LIKE = pg_catalog.int8
);
COMMENT ON TYPE outbreak.sscc IS
'出荷梱包シリアル番号 / SSCC: the number of one logistic unit (box, pallet), never given twice; 18 digits, 8 bytes by value.
Digit 1 is the extension digit, then company prefix and serial number, the last one the check digit (weights 3 and 1 in turns from the right, mod 10).
Source: GS1 General Specifications.';

-- ---- sscc: order, equality and hash -----------------------------------------
-- A code is its digits as an int8, so PostgreSQL's own functions do the work.

CREATE FUNCTION outbreak.sscc_eq(outbreak.sscc, outbreak.sscc)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8eq';
COMMENT ON FUNCTION outbreak.sscc_eq(outbreak.sscc, outbreak.sscc) IS
'Implements operator = of sscc; order is that of the digits.';

CREATE FUNCTION outbreak.sscc_ne(outbreak.sscc, outbreak.sscc)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8ne';
COMMENT ON FUNCTION outbreak.sscc_ne(outbreak.sscc, outbreak.sscc) IS
'Implements operator <> of sscc; order is that of the digits.';

CREATE FUNCTION outbreak.sscc_lt(outbreak.sscc, outbreak.sscc)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8lt';
COMMENT ON FUNCTION outbreak.sscc_lt(outbreak.sscc, outbreak.sscc) IS
'Implements operator < of sscc; order is that of the digits.';

CREATE FUNCTION outbreak.sscc_le(outbreak.sscc, outbreak.sscc)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8le';
COMMENT ON FUNCTION outbreak.sscc_le(outbreak.sscc, outbreak.sscc) IS
'Implements operator <= of sscc; order is that of the digits.';

CREATE FUNCTION outbreak.sscc_gt(outbreak.sscc, outbreak.sscc)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8gt';
COMMENT ON FUNCTION outbreak.sscc_gt(outbreak.sscc, outbreak.sscc) IS
'Implements operator > of sscc; order is that of the digits.';

CREATE FUNCTION outbreak.sscc_ge(outbreak.sscc, outbreak.sscc)
RETURNS boolean
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8ge';
COMMENT ON FUNCTION outbreak.sscc_ge(outbreak.sscc, outbreak.sscc) IS
'Implements operator >= of sscc; order is that of the digits.';

CREATE FUNCTION outbreak.sscc_cmp(outbreak.sscc, outbreak.sscc)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'btint8cmp';
COMMENT ON FUNCTION outbreak.sscc_cmp(outbreak.sscc, outbreak.sscc) IS
'Compares two codes for btree: below 0, 0, above 0.';

CREATE FUNCTION outbreak.sscc_hash(outbreak.sscc)
RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint8';
COMMENT ON FUNCTION outbreak.sscc_hash(outbreak.sscc) IS
'Hash of a code.';

CREATE FUNCTION outbreak.sscc_hash_extended(outbreak.sscc, bigint)
RETURNS bigint
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'hashint8extended';
COMMENT ON FUNCTION outbreak.sscc_hash_extended(outbreak.sscc, bigint) IS
'Hash of a code with a seed.';

CREATE FUNCTION outbreak.sscc_smaller(outbreak.sscc, outbreak.sscc)
RETURNS outbreak.sscc
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8smaller';
COMMENT ON FUNCTION outbreak.sscc_smaller(outbreak.sscc, outbreak.sscc) IS
'The smaller of two codes.';

CREATE FUNCTION outbreak.sscc_larger(outbreak.sscc, outbreak.sscc)
RETURNS outbreak.sscc
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'int8larger';
COMMENT ON FUNCTION outbreak.sscc_larger(outbreak.sscc, outbreak.sscc) IS
'The larger of two codes.';

CREATE OPERATOR outbreak.= (
	FUNCTION = outbreak.sscc_eq,
	LEFTARG = outbreak.sscc,
	RIGHTARG = outbreak.sscc,
	COMMUTATOR = OPERATOR(outbreak.=),
	NEGATOR = OPERATOR(outbreak.<>),
	HASHES,
	MERGES,
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel
);
COMMENT ON OPERATOR outbreak.= (outbreak.sscc, outbreak.sscc) IS
'equal';

CREATE OPERATOR outbreak.<> (
	FUNCTION = outbreak.sscc_ne,
	LEFTARG = outbreak.sscc,
	RIGHTARG = outbreak.sscc,
	COMMUTATOR = OPERATOR(outbreak.<>),
	NEGATOR = OPERATOR(outbreak.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR outbreak.<> (outbreak.sscc, outbreak.sscc) IS
'not equal';

CREATE OPERATOR outbreak.< (
	FUNCTION = outbreak.sscc_lt,
	LEFTARG = outbreak.sscc,
	RIGHTARG = outbreak.sscc,
	COMMUTATOR = OPERATOR(outbreak.>),
	NEGATOR = OPERATOR(outbreak.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR outbreak.< (outbreak.sscc, outbreak.sscc) IS
'less than';

CREATE OPERATOR outbreak.<= (
	FUNCTION = outbreak.sscc_le,
	LEFTARG = outbreak.sscc,
	RIGHTARG = outbreak.sscc,
	COMMUTATOR = OPERATOR(outbreak.>=),
	NEGATOR = OPERATOR(outbreak.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR outbreak.<= (outbreak.sscc, outbreak.sscc) IS
'less than or equal';

CREATE OPERATOR outbreak.> (
	FUNCTION = outbreak.sscc_gt,
	LEFTARG = outbreak.sscc,
	RIGHTARG = outbreak.sscc,
	COMMUTATOR = OPERATOR(outbreak.<),
	NEGATOR = OPERATOR(outbreak.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR outbreak.> (outbreak.sscc, outbreak.sscc) IS
'greater than';

CREATE OPERATOR outbreak.>= (
	FUNCTION = outbreak.sscc_ge,
	LEFTARG = outbreak.sscc,
	RIGHTARG = outbreak.sscc,
	COMMUTATOR = OPERATOR(outbreak.<=),
	NEGATOR = OPERATOR(outbreak.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR outbreak.>= (outbreak.sscc, outbreak.sscc) IS
'greater than or equal';

CREATE OPERATOR CLASS outbreak.sscc_ops
DEFAULT FOR TYPE outbreak.sscc USING btree AS
	OPERATOR 1 outbreak.<,
	OPERATOR 2 outbreak.<=,
	OPERATOR 3 outbreak.=,
	OPERATOR 4 outbreak.>=,
	OPERATOR 5 outbreak.>,
	FUNCTION 1 outbreak.sscc_cmp(outbreak.sscc, outbreak.sscc),
	FUNCTION 2 (outbreak.sscc, outbreak.sscc) pg_catalog.btint8sortsupport(internal),
	FUNCTION 4 (outbreak.sscc, outbreak.sscc) pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS outbreak.sscc_ops USING btree IS
'Order of sscc: prefecture first, then the digits after it.';
COMMENT ON OPERATOR FAMILY outbreak.sscc_ops USING btree IS
'Order of sscc.';

CREATE OPERATOR CLASS outbreak.sscc_ops
DEFAULT FOR TYPE outbreak.sscc USING hash AS
	OPERATOR 1 outbreak.=,
	FUNCTION 1 outbreak.sscc_hash(outbreak.sscc),
	FUNCTION 2 outbreak.sscc_hash_extended(outbreak.sscc, bigint);
COMMENT ON OPERATOR CLASS outbreak.sscc_ops USING hash IS
'Hash of sscc.';
COMMENT ON OPERATOR FAMILY outbreak.sscc_ops USING hash IS
'Hash of sscc.';

CREATE AGGREGATE outbreak.min(outbreak.sscc) (
	SFUNC = outbreak.sscc_smaller,
	STYPE = outbreak.sscc,
	COMBINEFUNC = outbreak.sscc_smaller,
	SORTOP = OPERATOR(outbreak.<),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.min(outbreak.sscc) IS
'The smallest code; NULL when there is none.';

CREATE AGGREGATE outbreak.max(outbreak.sscc) (
	SFUNC = outbreak.sscc_larger,
	STYPE = outbreak.sscc,
	COMBINEFUNC = outbreak.sscc_larger,
	SORTOP = OPERATOR(outbreak.>),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.max(outbreak.sscc) IS
'The largest code; NULL when there is none.';

-- ---- sscc: casts ------------------------------------------------------------------------

CREATE FUNCTION outbreak.sscc(written text)
RETURNS outbreak.sscc
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_sscc_from_text';
COMMENT ON FUNCTION outbreak.sscc(text) IS
'Reads an SSCC as its text input does. Raises 22P02 with the reason.';

CREATE FUNCTION outbreak.text(code outbreak.sscc)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_registry_sscc_to_text';
COMMENT ON FUNCTION outbreak.text(outbreak.sscc) IS
'The 18 digits of a code as text.';

CREATE CAST (text AS outbreak.sscc)
WITH FUNCTION outbreak.sscc(text);
COMMENT ON CAST (text AS outbreak.sscc) IS
'Reads and checks the code.';

CREATE CAST (outbreak.sscc AS text)
WITH FUNCTION outbreak.text(outbreak.sscc)
AS ASSIGNMENT;
COMMENT ON CAST (outbreak.sscc AS text) IS
'The 18 digits, leading zeros included.';

-- ---- element strings: what a scanner sends -------------------------------------------------

CREATE FUNCTION outbreak.gs1_parse(scan text, as_of date DEFAULT outbreak.local_date())
RETURNS TABLE ("position" integer, ai text, value text, title text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
ROWS 4
AS 'MODULE_PATHNAME', 'ob_registry_gs1_parse';
COMMENT ON FUNCTION outbreak.gs1_parse(text, date) IS
'GS1 要素文字列 / the elements of a GS1 element string, a row each: its place from 1, its application identifier (AI, アプリケーション識別子), its value and the data title.
Reads what scanners send, 01049123456789041725030010AB12, where the separator FNC1 is GS (0x1D) and ends a value without predefined length; and what people write, (01)04912345678904(17)250300(10)AB12, in which an opening bracket inside a value is written \(. Symbology identifiers (]C1 ]d2 ]Q3 ]e0 ]J1) and FNC1 before the data, SYN, and spaces and line ends around them are skipped. ]E0, ]E4 and ]I1 announce a bare GTIN.
All AIs of GS1 General Specifications are known. Checked are lengths, characters, check digits, dates and times, and which AIs must stand, or must not, beside each other: (10) needs an item such as (01), (01) excludes (37). Countries, currencies, types of packages, IBANs and coupons are checked by length and characters alone. An AI that comes twice must have the same value.
Raises 22P02, with the character at which it fails, the AI and what would be right; the error shows no value. as_of decides the century of a date: less than 51 years ahead, at most 49 back.
Source: GS1 General Specifications 25; the test data of GS1 Syntax Dictionary and GS1 Barcode Syntax Engine.';

CREATE FUNCTION outbreak.gs1_scan(scan text, as_of date DEFAULT outbreak.local_date(),
	OUT gtin outbreak.gtin, OUT expiry_on date, OUT lot text, OUT serial text, OUT quantity integer, OUT sscc outbreak.sscc, OUT made_on date)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_gs1_scan';
COMMENT ON FUNCTION outbreak.gs1_scan(text, date) IS
'GS1 読取り / what one scan says about a package, as one row; NULL for what it does not say. Reads and refuses as outbreak.gs1_parse does.
gtin: AI (01), otherwise (02) content of a logistic unit, (03), (8006), (8026); expiry_on (使用期限): (17), otherwise the day of (7003); lot (ロット): (10); serial: (21); quantity (数量): (30), otherwise (37); sscc: (00); made_on (製造日): (11). A day 00 is the last day of the month.
SELECT * FROM outbreak.gs1_scan(''(01)04912345678904(17)250300(10)AB12'') gives 04912345678904, 2025-03-31, AB12.';

CREATE FUNCTION outbreak.gs1_element_string(gtin outbreak.gtin, expiry_on date DEFAULT NULL, lot text DEFAULT NULL, serial text DEFAULT NULL, quantity integer DEFAULT NULL, raw boolean DEFAULT false)
RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_registry_gs1_element_string';
COMMENT ON FUNCTION outbreak.gs1_element_string(outbreak.gtin, date, text, text, integer, boolean) IS
'GS1 要素文字列の作成 / writes an element string: (01) GTIN, (17) expiry, (30) quantity, (10) lot, (21) serial number, without those that are NULL; in brackets, or raw as it goes into a symbol, with GS (0x1D) behind the values that need an end.
What it writes gs1_scan reads; of the year two digits are written. Raises 22P02 for what no element string can hold: a lot with a character of another set or of more than 20, a quantity below 0 or of more than 8 digits.';
