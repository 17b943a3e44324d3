CREATE OR REPLACE VIEW api.doses WITH (security_invoker = true) AS
SELECT d.dose,
	d.given_on,
	d.given_at,
	d.person,
	d.municipality::text AS municipality,
	d.number,
	d.programme,
	d.dose_number,
	d.site::text AS site,
	d.site_name,
	d.product,
	d.lot,
	d.doctor,
	d.priority_group,
	d.source,
	d.registered_at,
	d.stock_event IS NOT NULL AS in_stock_ledger,
	d.replaces,
	d.state,
	d.ended_at,
	d.reason
FROM vsys.dose AS d;
COMMENT ON VIEW api.doses IS '接種記録 / Recorded doses: a site sees those that it gave, a municipality those of its tickets, a person the own ones. Filter by given_on; state=eq.in_force leaves out what was corrected or withdrawn.';
COMMENT ON COLUMN api.doses.dose IS '番号 / number.';
COMMENT ON COLUMN api.doses.given_on IS '接種日 / day.';
COMMENT ON COLUMN api.doses.given_at IS '接種日時 / when, if known.';
COMMENT ON COLUMN api.doses.person IS '仮ID / pseudonym of the person.';
COMMENT ON COLUMN api.doses.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN api.doses.number IS '券番号 / ticket number.';
COMMENT ON COLUMN api.doses.programme IS '事業 / programme.';
COMMENT ON COLUMN api.doses.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN api.doses.site IS '施設コード / site.';
COMMENT ON COLUMN api.doses.site_name IS '接種会場 / the place as a file wrote it.';
COMMENT ON COLUMN api.doses.product IS 'ワクチン / vaccine.';
COMMENT ON COLUMN api.doses.lot IS 'ロット番号 / lot.';
COMMENT ON COLUMN api.doses.doctor IS '接種医師 / doctor.';
COMMENT ON COLUMN api.doses.priority_group IS '優先区分 / group.';
COMMENT ON COLUMN api.doses.source IS '入力元 / scan, vrs or correction.';
COMMENT ON COLUMN api.doses.registered_at IS '登録日時 / when it was first entered.';
COMMENT ON COLUMN api.doses.in_stock_ledger IS '在庫計上 / whether it was taken from the stock of the site.';
COMMENT ON COLUMN api.doses.replaces IS '訂正元 / the dose that it corrects.';
COMMENT ON COLUMN api.doses.state IS '状態 / in_force, corrected or withdrawn.';
COMMENT ON COLUMN api.doses.ended_at IS '訂正・取消日時 / when it was corrected or withdrawn.';
COMMENT ON COLUMN api.doses.reason IS '理由 / why.';

CREATE OR REPLACE VIEW api.dose_issues WITH (security_invoker = true) AS
SELECT i.issue,
	i.code,
	f.message_ja,
	f.message_en,
	i.detail,
	i.municipality::text AS municipality,
	i.site::text AS site,
	i.given_on,
	i.entry,
	i.source,
	i.import,
	i.line,
	i.found_at,
	i.state,
	i.dose,
	i.settled_at,
	i.reason
FROM vsys.dose_issue AS i
JOIN vsys.dose_fault AS f ON f.code = i.code;
COMMENT ON VIEW api.dose_issues IS '要修正の接種記録 / Entries of doses that wait to be mended (mend_dose) or dismissed (dismiss_dose); state=eq.open lists what waits.';
COMMENT ON COLUMN api.dose_issues.issue IS '番号 / number.';
COMMENT ON COLUMN api.dose_issues.code IS 'コード / what is wrong.';
COMMENT ON COLUMN api.dose_issues.message_ja IS '説明 / the same in Japanese.';
COMMENT ON COLUMN api.dose_issues.message_en IS '英語の説明 / the same in English.';
COMMENT ON COLUMN api.dose_issues.detail IS '詳細 / what it might be instead.';
COMMENT ON COLUMN api.dose_issues.municipality IS '市区町村 / municipality of the ticket, or that imported the file.';
COMMENT ON COLUMN api.dose_issues.site IS '施設コード / site.';
COMMENT ON COLUMN api.dose_issues.given_on IS '接種日 / day.';
COMMENT ON COLUMN api.dose_issues.entry IS '内容 / the entry as it came.';
COMMENT ON COLUMN api.dose_issues.source IS '入力元 / scan, vrs or correction.';
COMMENT ON COLUMN api.dose_issues.import IS '取込番号 / file that it came in.';
COMMENT ON COLUMN api.dose_issues.line IS '行 / record of the file.';
COMMENT ON COLUMN api.dose_issues.found_at IS '検出日時 / when.';
COMMENT ON COLUMN api.dose_issues.state IS '状態 / open, mended or dismissed.';
COMMENT ON COLUMN api.dose_issues.dose IS '接種記録 / the dose that it became.';
COMMENT ON COLUMN api.dose_issues.settled_at IS '処理日時 / when it was mended or dismissed.';
COMMENT ON COLUMN api.dose_issues.reason IS '処理理由 / why it was dismissed.';
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.dose_issues
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
