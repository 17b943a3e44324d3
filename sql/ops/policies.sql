ALTER TABLE ops.job ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.job FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON ops.job;
CREATE POLICY owner ON ops.job TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON ops.job;
CREATE POLICY reader ON ops.job FOR SELECT TO outbreak_ministry, outbreak_worker
	USING (true);

ALTER TABLE ops.job_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.job_run FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON ops.job_run;
CREATE POLICY owner ON ops.job_run TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON ops.job_run;
CREATE POLICY reader ON ops.job_run FOR SELECT TO outbreak_ministry, outbreak_worker
	USING (true);

ALTER TABLE ops.reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.reminder FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON ops.reminder;
CREATE POLICY owner ON ops.reminder TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS institution ON ops.reminder;
CREATE POLICY institution ON ops.reminder FOR SELECT TO outbreak_institution
	USING (institution OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS prefecture ON ops.reminder;
CREATE POLICY prefecture ON ops.reminder FOR SELECT TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON ops.reminder;
CREATE POLICY ministry ON ops.reminder FOR SELECT TO outbreak_ministry
	USING (true);

ALTER TABLE ops.rollup_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.rollup_check FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON ops.rollup_check;
CREATE POLICY owner ON ops.rollup_check TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON ops.rollup_check;
CREATE POLICY ministry ON ops.rollup_check FOR SELECT TO outbreak_ministry
	USING (true);
