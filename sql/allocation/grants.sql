GRANT USAGE ON SCHEMA allocation TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;

GRANT SELECT ON allocation.run, allocation.run_unit
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;
-- Nobody writes a certificate by hand: the commands that divide run as the owner.

-- Trying a division writes nothing; rechecking needs every unit of the run.
GRANT EXECUTE ON FUNCTION allocation.level(bigint, bigint[], bigint[], bigint[]),
	allocation.exact(text, boolean, numeric, numeric, bigint, bigint, bigint, bigint),
	allocation.exact_denominator(text, numeric), allocation.reason(text, bigint, bigint, bigint, bigint, numeric, numeric, numeric, boolean, bigint),
	allocation.refuse_sum(text, bigint, numeric, text, text), allocation.solve(text, bigint, text[], bigint[], bigint[], bigint[], bigint[], numeric, boolean, text),
	allocation.input_head(text, bigint, bigint, numeric), allocation.input_line(text, bigint, bigint, bigint, bigint, bigint), allocation.result_line(text, bigint, text),
	allocation.digest(text)
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT EXECUTE ON FUNCTION allocation.priority(text, bigint, bigint), allocation.verify(bigint), allocation.verify_runs(bigint[]), allocation.paradox(bigint, bigint)
	TO outbreak_ministry, outbreak_analyst, outbreak_auditor;
