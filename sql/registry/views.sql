CREATE OR REPLACE VIEW registry.issue_kind
WITH (security_invoker = true)
AS
SELECT k.code, k.refused, k.text_ja, k.text_en
FROM (
	VALUES
		('row_malformed', true, '行を読めません。項目数が見出しと違うか、必要な項目がありません', 'the row cannot be read: its fields do not fit the header, or none that is needed is there'),
		('code_missing', true, 'コードがありません', 'there is no code'),
		('code_invalid', true, 'コードが誤っています', 'the code is wrong'),
		('id_missing', true, 'IDがありません', 'there is no ID'),
		('name_missing', true, '名称がありません', 'there is no name'),
		('date_invalid', true, '日付が誤っているか、終わりが始まりより後ではありません', 'a date is wrong, or the end is not after the beginning'),
		('listed_twice', true, '同じコードまたはIDの行が前にあります', 'an earlier row has the same code or ID'),
		('prefecture_unknown', true, '都道府県コードが1から47までではありません', 'the number of the prefecture is not within 1 to 47'),
		('prefecture_mismatch', true, '都道府県がコードと一致しません', 'the prefecture does not agree with the code'),
		('other_vintage', true, '取込対象と異なる版の行です', 'the row belongs to another vintage than the one that was asked for'),
		('area_code_missing', true, '医療圏コードがありません', 'there is no code of a medical area'),
		('area_code_invalid', true, '医療圏コードが誤っています', 'the code of the medical area is wrong'),
		('area_unknown', true, 'この版にない医療圏です', 'the vintage has no such medical area'),
		('municipality_not_loaded', true, '市区町村が台帳にありません', 'the registry does not have the municipality'),
		('code_without_check_digit', false, '検査数字のない5桁のコードです。補って取り込みました', 'the code has five digits and no check digit, which was added'),
		('no_coordinates', false, '座標がありません。位置なしで取り込みました', 'there are no coordinates; taken in without a location'),
		('point_outside_japan', false, '座標が日本の範囲にありません。位置なしで取り込みました', 'the coordinates are not in Japan; taken in without a location'),
		('point_elsewhere', false, '座標が所在市区町村から遠く、別の市区町村にあります。位置なしで取り込みました', 'the point is far from its municipality and in another; taken in without a location'),
		('municipality_unknown', false, '市区町村コードが台帳にありません。所在地から分かる市区町村に置きました', 'the registry does not have the municipality; placed in the one that the address names, if any'),
		('beds_not_a_number', false, '病床数が数ではありません。その欄を不明として取り込みました', 'a number of beds is no number; taken in as unknown'),
		('beds_do_not_add_up', false, '病床種別の計が合計病床数と一致しません', 'the kinds of beds do not add up to the total'),
		('beds_missing', false, '病床数がひとつもありません', 'there is no number of beds at all'),
		('code_ambiguous', false, '医療機関コードの候補が一つに決まりません。仮のコードで取り込みました', 'the code of the institution cannot be told among several; a provisional code is used'),
		('code_now_known', false, '仮のコードの医療機関の正式なコードが分かりました。仮のコードを使い続けます', 'the real code behind a provisional one is now known; the provisional one stays in use'),
		('missing_from_list', false, '台帳にある医療機関がこの一覧にありません。閉鎖なら有効期間を終了してください', 'an institution of the registry is not in this list; end its validity if it has closed'),
		('area_without_municipality', false, '構成市区町村のない医療圏です', 'the medical area has no municipalities')
) AS k (code, refused, text_ja, text_en);
COMMENT ON VIEW registry.issue_kind IS '取込時の問題の種類 / what the loaders can find wrong with a row.';
COMMENT ON COLUMN registry.issue_kind.code IS '問題コード / the code in registry.load_issue.';
COMMENT ON COLUMN registry.issue_kind.refused IS '拒否 / whether the row is left out for it.';
COMMENT ON COLUMN registry.issue_kind.text_ja IS '説明(日本語) / text in Japanese.';
COMMENT ON COLUMN registry.issue_kind.text_en IS '説明(英語) / text in English.';

CREATE OR REPLACE FUNCTION registry.load_report(load bigint)
RETURNS TABLE (code text, refused boolean, issues bigint, text_ja text, text_en text)
LANGUAGE SQL STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT i.code, i.refused, count(*), k.text_ja, k.text_en
	FROM registry.load_issue AS i
	LEFT JOIN registry.issue_kind AS k ON k.code = i.code
	WHERE i.load = load_report.load
	GROUP BY i.code, i.refused, k.text_ja, k.text_en
	ORDER BY i.refused DESC, i.code;
END;
COMMENT ON FUNCTION registry.load_report(bigint) IS '取込結果 / what a load found, by kind of issue with its number, first the kinds that refused rows. Empty for a load without issues; the rows themselves are in registry.load_issue, the counts of rows taken and refused in registry.load.';
