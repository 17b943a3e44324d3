-- What is asked and which rules hold is public.
DROP POLICY IF EXISTS owner ON report.form;
CREATE POLICY owner ON report.form TO outbreak_owner USING (true);
DROP POLICY IF EXISTS everyone ON report.form;
CREATE POLICY everyone ON report.form FOR SELECT USING (true);
DROP POLICY IF EXISTS owner ON report.item;
CREATE POLICY owner ON report.item TO outbreak_owner USING (true);
DROP POLICY IF EXISTS everyone ON report.item;
CREATE POLICY everyone ON report.item FOR SELECT USING (true);
DROP POLICY IF EXISTS owner ON report.rule;
CREATE POLICY owner ON report.rule TO outbreak_owner USING (true);
DROP POLICY IF EXISTS everyone ON report.rule;
CREATE POLICY everyone ON report.rule FOR SELECT USING (true);
DROP POLICY IF EXISTS ministry ON report.rule;
CREATE POLICY ministry ON report.rule TO outbreak_ministry USING (true);

DROP POLICY IF EXISTS owner ON report.finding;
CREATE POLICY owner ON report.finding TO outbreak_owner USING (true);
DROP POLICY IF EXISTS institution ON report.finding;
CREATE POLICY institution ON report.finding TO outbreak_institution
	USING (reporter OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS prefecture ON report.finding;
CREATE POLICY prefecture ON report.finding TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON report.finding;
CREATE POLICY ministry ON report.finding TO outbreak_ministry USING (true);

DROP POLICY IF EXISTS owner ON report.rejected;
CREATE POLICY owner ON report.rejected TO outbreak_owner USING (true);
DROP POLICY IF EXISTS institution ON report.rejected;
CREATE POLICY institution ON report.rejected TO outbreak_institution
	USING (reporter OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))
	-- and not into the list of another prefecture
	WITH CHECK (reporter OPERATOR(outbreak.=) ANY (outbreak.my_institutions()) AND prefecture = outbreak.prefecture(reporter));
DROP POLICY IF EXISTS prefecture ON report.rejected;
CREATE POLICY prefecture ON report.rejected TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture() AND outbreak.prefecture(reporter) = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON report.rejected;
CREATE POLICY ministry ON report.rejected TO outbreak_ministry USING (true);

DROP POLICY IF EXISTS owner ON report.expected;
CREATE POLICY owner ON report.expected TO outbreak_owner USING (true);
DROP POLICY IF EXISTS institution ON report.expected;
CREATE POLICY institution ON report.expected FOR SELECT TO outbreak_institution
	USING (institution OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS prefecture ON report.expected;
CREATE POLICY prefecture ON report.expected FOR SELECT TO outbreak_prefecture
	USING (outbreak.prefecture(institution) = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON report.expected;
CREATE POLICY ministry ON report.expected TO outbreak_ministry USING (true);
DROP POLICY IF EXISTS analyst ON report.expected;
CREATE POLICY analyst ON report.expected FOR SELECT TO outbreak_analyst USING (true);

-- Dates and prefectures only; readers of rollups need them.
DROP POLICY IF EXISTS owner ON report.dirty;
CREATE POLICY owner ON report.dirty TO outbreak_owner USING (true);
DROP POLICY IF EXISTS everyone ON report.dirty;
CREATE POLICY everyone ON report.dirty FOR SELECT USING (true);
