COMMENT ON SCHEMA allocation IS '配分 / dividing what is scarce. Every division is kept with what went in and what came out, so that anybody can see why a unit got its number, and recheck it without trusting whoever computed it.';

CREATE SEQUENCE allocation.run_number;
COMMENT ON SEQUENCE allocation.run_number IS 'Numbers of runs.';
CREATE TABLE allocation.run (
	run bigint PRIMARY KEY DEFAULT nextval('allocation.run_number'),
	purpose text NOT NULL CHECK (purpose <> ''),
	rule text NOT NULL CHECK (rule = ANY ('{hamilton,webster,dhondt,adams,huntington_hill,dean,proportional,constrained_equal_awards,constrained_equal_losses,talmud,ranked,given,deduction}'::text[])),
	offered bigint NOT NULL CHECK (offered >= 0),
	seats bigint NOT NULL CHECK (seats >= 0),
	percent numeric CHECK (percent BETWEEN 0 AND 100),
	units integer NOT NULL CHECK (units > 0),
	level_numerator numeric,
	level_denominator numeric CHECK (level_denominator > 0),
	cut_off numeric,
	prefecture smallint,
	municipality outbreak.municipality_code,
	inputs_hash bytea NOT NULL,
	result_hash bytea NOT NULL,
	made_at timestamptz NOT NULL DEFAULT now(),
	made_by text NOT NULL DEFAULT coalesce(outbreak.my_subject(), session_user),
	CHECK ((rule = 'deduction') = (percent IS NOT NULL)),
	CHECK (seats <= offered)
);
ALTER SEQUENCE allocation.run_number OWNED BY allocation.run.run;
COMMENT ON TABLE allocation.run IS '配分の計算 / runs: one row for each division of something among units. Never changed: allocation.verify() rechecks them.';
COMMENT ON COLUMN allocation.run.run IS '番号 / number, given here.';
COMMENT ON COLUMN allocation.run.purpose IS '目的 / what for, as the word that made it calls it, such as vsys.round.';
COMMENT ON COLUMN allocation.run.rule IS '方式 / by weights: hamilton 最大剰余法, webster, dhondt, adams, huntington_hill, dean; by claims: proportional 比例, constrained_equal_awards 均等配分, constrained_equal_losses 均等削減, talmud; ranked 順位順(満額), given 指定, deduction 削減.';
COMMENT ON COLUMN allocation.run.offered IS '原資 / what there was to divide; of a deduction, what was taken off altogether.';
COMMENT ON COLUMN allocation.run.seats IS '配分数 / what was divided: less than offered where the units could not take more and the rest was held.';
COMMENT ON COLUMN allocation.run.percent IS '削減率 / of a deduction: per cent of the weight that is taken off, rounded down.';
COMMENT ON COLUMN allocation.run.units IS '単位数 / how many units.';
COMMENT ON COLUMN allocation.run.level_numerator IS '水準(分子) / with the denominator the level of the rule: what falls to a weight of 1 before rounding. NULL for rules that have none, and where every claim was met.';
COMMENT ON COLUMN allocation.run.level_denominator IS '水準(分母) / its denominator.';
COMMENT ON COLUMN allocation.run.cut_off IS '境目 / the smallest remainder that was rounded up, over the denominator of allocation.exact(), NULL when none was; of a ranked run the lowest weight that got anything.';
COMMENT ON COLUMN allocation.run.prefecture IS '都道府県番号 / prefecture whose share was divided; NULL: the nation''s.';
COMMENT ON COLUMN allocation.run.municipality IS '市区町村 / municipality whose share was divided; NULL: the prefecture''s or the nation''s.';
COMMENT ON COLUMN allocation.run.inputs_hash IS '入力のハッシュ / SHA-256 over rule, amount and all units with their inputs (allocation.input_line).';
COMMENT ON COLUMN allocation.run.result_hash IS '結果のハッシュ / SHA-256 over the units and what they got (allocation.result_line).';
COMMENT ON COLUMN allocation.run.made_at IS '計算日時 / when.';
COMMENT ON COLUMN allocation.run.made_by IS '計算者 / who: the subject of the token, or the login.';
CREATE INDEX run_prefecture_idx ON allocation.run (prefecture);

CREATE TABLE allocation.run_unit (
	run bigint NOT NULL,
	position integer NOT NULL CHECK (position > 0),
	unit text NOT NULL,
	prefecture smallint,
	municipality outbreak.municipality_code,
	institution outbreak.institution_code,
	weight bigint,
	claim bigint,
	floor bigint,
	cap bigint,
	reserved bigint,
	quota numeric,
	remainder numeric,
	granted bigint NOT NULL,
	reason text NOT NULL CHECK (reason = ANY ('{exact,rounded_up,rounded_down,floor,cap,full,partial,none,priority,given,promised,deducted,kept}'::text[])),
	PRIMARY KEY (run, position)
);
COMMENT ON TABLE allocation.run_unit IS '配分の明細 / the units of a run in the order in which ties go, with what went in for each, the proof, and what it got. Never changed.';
COMMENT ON COLUMN allocation.run_unit.run IS '番号 / run.';
COMMENT ON COLUMN allocation.run_unit.position IS '順番 / place in the run, from 1; of equals the earlier is served first.';
COMMENT ON COLUMN allocation.run_unit.unit IS '単位 / key of the unit, such as a code.';
COMMENT ON COLUMN allocation.run_unit.prefecture IS '都道府県番号 / prefecture that the unit is or lies in, for who may read it.';
COMMENT ON COLUMN allocation.run_unit.municipality IS '市区町村 / municipality that the unit is or lies in; NULL: the unit is a prefecture.';
COMMENT ON COLUMN allocation.run_unit.institution IS '施設 / institution that the unit is; NULL: it is none.';
COMMENT ON COLUMN allocation.run_unit.weight IS 'ウェイト / weight; of a ranked run the indicator, the highest first; of a deduction what the unit had.';
COMMENT ON COLUMN allocation.run_unit.claim IS '要求 / claim: what it asked for, and at most gets; of a deduction what is compared with the cap.';
COMMENT ON COLUMN allocation.run_unit.floor IS '下限 / least that it gets; NULL: 0.';
COMMENT ON COLUMN allocation.run_unit.cap IS '上限 / most that it gets; of a deduction the allowance above which it is taken from. NULL: none.';
COMMENT ON COLUMN allocation.run_unit.reserved IS '約束分 / what had been promised to it earlier.';
COMMENT ON COLUMN allocation.run_unit.quota IS '配分の正確な値(分子) / exact share before rounding, as numerator over the denominator of allocation.exact(); NULL for rules without.';
COMMENT ON COLUMN allocation.run_unit.remainder IS '端数(分子) / what the exact share has above a whole number, over the same denominator.';
COMMENT ON COLUMN allocation.run_unit.granted IS '配分 / what it got; of a deduction what was taken.';
COMMENT ON COLUMN allocation.run_unit.reason IS '理由 / exact, rounded_up, rounded_down: its quota and the remainders; floor, cap: held there; full, partial, none: of its claim, or none for want of weight; priority: by the divisor method; given: typed in; promised; deducted, kept: of a deduction.';
