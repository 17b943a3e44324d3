-- However a clerk wrote it, a value that means the same is normalised to the same text, and one that means another is not.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SELECT purpose, written, outbreak.normalise(written, purpose) AS normalised
FROM (VALUES
	(1, 'phone', '090-1234-5678'), (2, 'phone', '０９０−１２３４−５６７８'), (3, 'phone', '+81 90 1234 5678'), (4, 'phone', '+81 (0)90-1234-5678'), (5, 'phone', '　＋８１ー９０ー１２３４ー５６７８'),
	(6, 'phone', '(03) 1234.5678'), (7, 'phone', '+1 555 0100'), (8, 'phone', '1 555 0100'), (9, 'phone', '+81'), (10, 'phone', '+'), (11, 'phone', 'なし'), (12, 'phone', ''), (13, 'phone', '8190'),
	(20, 'name', '山田 太郎'), (21, 'name', '山田　太郎'), (22, 'name', E'\t山田\u00A0太\u200B郎\n'), (23, 'name', 'Müller  ANNA'), (24, 'name', 'ＭＵＬＬＥＲ'), (25, 'name', '髙橋'), (26, 'name', '高橋'), (27, 'name', E'Mu\u0308ller'),
	(30, 'kana', 'ヤマダ タロウ'), (31, 'kana', 'ﾔﾏﾀﾞ ﾀﾛｳ'), (32, 'kana', 'やまだ　たろう'), (33, 'kana', 'やまた゛たろう'), (34, 'kana', 'ヴァイオレット'), (35, 'kana', 'ゔぁいおれっと'), (36, 'kana', 'さゝき'), (37, 'kana', 'サヽキ'), (38, 'kana', 'オーノ'),
	(40, 'mail', ' Foo.Bar@Example.COM '), (41, 'mail', 'ｆｏｏ．ｂａｒ＠ｅｘａｍｐｌｅ．ｃｏｍ'), (42, 'mail', 'foo bar@example.com'),
	(50, 'address', '東京都千代田区霞が関１丁目２−２'), (51, 'address', '東京都 千代田区霞が関1丁目2‐2'), (52, 'address', '東京都千代田区霞が関1丁目2ー2'), (53, 'address', 'センター 1-1'),
	(60, 'passport', ' tk1234567 '), (61, 'passport', 'ＴＫ１２３４５６７'), (62, 'passport', 'TK 1234567'), (63, 'birth_on', '1980-02-29')
) AS v (n, purpose, written)
ORDER BY n;
-- normalising again changes nothing
SELECT count(*) AS changed, min(to_hex(c))
FROM generate_series(33, 12543) AS c, unnest('{phone,name,kana,address,mail}'::text[]) AS p,
	LATERAL (SELECT outbreak.normalise('a' || chr(c) || '1', p)) AS once (text),
	LATERAL (SELECT outbreak.normalise(once.text, p)) AS twice (text)
WHERE c NOT BETWEEN 55296 AND 57343 AND once.text <> twice.text;
SELECT outbreak.normalise(NULL, 'name') IS NULL AS null_value, outbreak.normalise('x', NULL) IS NULL AS null_purpose, length(outbreak.normalise(repeat('ｱ', 1000000), 'kana')) AS long;
-- what is normalised alike has equal tags
SELECT count(*) AS pairs, count(*) FILTER (WHERE (a.s OPERATOR(outbreak.=) b.s) <> (outbreak.normalise(a.v, 'phone') = outbreak.normalise(b.v, 'phone'))) AS otherwise
FROM (SELECT v, outbreak.seal(v, 'phone', 'aaaaaaaa-0000-4000-8000-000000000001') FROM unnest('{090-1234-5678,０９０−１２３４−５６７８,+81 90 1234 5678,090-1234-5679,+1 90 1234 5678}'::text[]) AS v) AS a (v, s),
	(SELECT v, outbreak.seal_lookup(v, 'phone') FROM unnest('{09012345678,09012345679,+19012345678,0}'::text[]) AS v) AS b (v, s);
ROLLBACK;
-- another encoding knows ASCII alone (the extension as a whole wants UTF8, so the function is created by itself)
CREATE DATABASE ob_test_euc ENCODING 'EUC_JP' LOCALE 'C' TEMPLATE template0;
\c ob_test_euc
CREATE FUNCTION normalise(value text, purpose text) RETURNS text LANGUAGE c IMMUTABLE STRICT AS 'outbreak', 'ob_registry_normalised';
SELECT normalise(' 090-1234 ', 'phone');
SELECT normalise(convert_from('\xbbb3c5c4', 'EUC_JP'), 'name');
\echo :LAST_ERROR_SQLSTATE
\c regression
DROP DATABASE ob_test_euc;
