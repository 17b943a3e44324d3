-- ---- rounds: what is divided, by which rules, and what each site gets in the end

CREATE SEQUENCE vsys.round_number;
COMMENT ON SEQUENCE vsys.round_number IS 'Numbers of rounds.';
CREATE TABLE vsys.round (
	round bigint PRIMARY KEY DEFAULT nextval('vsys.round_number'),
	product text NOT NULL REFERENCES vsys.product,
	name_ja text NOT NULL UNIQUE CHECK (name_ja <> ''),
	boxes integer NOT NULL CHECK (boxes >= 0),
	deliver daterange NOT NULL CHECK (NOT isempty(deliver) AND NOT lower_inf(deliver) AND NOT upper_inf(deliver)),
	state text NOT NULL DEFAULT 'draft' CHECK (state = ANY ('{draft,decided,published,withdrawn}'::text[])),
	doses_per_vial smallint CHECK (doses_per_vial BETWEEN 1 AND 100),
	request_until timestamptz,
	promises boolean NOT NULL DEFAULT false,
	pass integer,
	certificate bytea,
	decided_at timestamptz,
	published_at timestamptz,
	withdrawn_at timestamptz,
	remark text
);
ALTER SEQUENCE vsys.round_number OWNED BY vsys.round.round;
COMMENT ON TABLE vsys.round IS 'クール / allocation rounds: how many boxes of a product are divided for a fortnight of deliveries.';
COMMENT ON COLUMN vsys.round.round IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.round.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.round.name_ja IS '名称 / such as 第9クール.';
COMMENT ON COLUMN vsys.round.boxes IS '箱数 / boxes that the nation divides.';
COMMENT ON COLUMN vsys.round.deliver IS '配送期間 / local dates of delivery.';
COMMENT ON COLUMN vsys.round.state IS '状態 / draft 作成中, decided 決定, published 通知済, withdrawn 取消.';
COMMENT ON COLUMN vsys.round.doses_per_vial IS '1バイアルの回数 / doses that a vial of this round gives; NULL: as the product says.';
COMMENT ON COLUMN vsys.round.request_until IS '希望量の締切 / when requests close; NULL: with the decision.';
COMMENT ON COLUMN vsys.round.promises IS '2回目分の確保 / first doses: what each site gets is promised to it once more, the product''s interval later.';
COMMENT ON COLUMN vsys.round.pass IS '採用計算 / the calculation that counts (vsys.round_pass); NULL: none yet.';
COMMENT ON COLUMN vsys.round.certificate IS '証明値 / SHA-256 over all runs of the calculation that was decided on. The audit trail holds it too.';
COMMENT ON COLUMN vsys.round.decided_at IS '決定日時 / when it was decided.';
COMMENT ON COLUMN vsys.round.published_at IS '通知日時 / when it was published.';
COMMENT ON COLUMN vsys.round.withdrawn_at IS '取消日時 / when it was withdrawn.';
COMMENT ON COLUMN vsys.round.remark IS '備考 / why it was withdrawn, or why a promise is broken.';

CREATE TABLE vsys.frame (
	round bigint NOT NULL REFERENCES vsys.round ON DELETE CASCADE,
	frame smallint NOT NULL CHECK (frame BETWEEN 1 AND 100),
	kind text NOT NULL CHECK (kind = ANY ('{promise,basic,adjustment,bonus,equity,penalty,split}'::text[])),
	name_ja text,
	name_en text,
	from_level text NOT NULL DEFAULT 'nation' CHECK (from_level = ANY ('{nation,prefecture,municipality,basic_site}'::text[])),
	to_level text NOT NULL CHECK (to_level = ANY ('{nation,prefecture,municipality,basic_site,site}'::text[])),
	pack text NOT NULL DEFAULT 'box' CHECK (pack = ANY ('{box,vial}'::text[])),
	boxes integer CHECK (boxes >= 0),
	percent numeric CHECK (percent BETWEEN 0 AND 100),
	takes text[] CHECK (takes <@ '{promise,basic,adjustment,bonus,equity,split}'::text[] AND takes <> '{}'),
	rule text NOT NULL CHECK (rule = ANY ('{hamilton,webster,dhondt,adams,huntington_hill,dean,proportional,constrained_equal_awards,constrained_equal_losses,talmud,ranked,given,deduction}'::text[])),
	weight text CHECK (weight <> ''),
	weight_age smallint CHECK (weight_age BETWEEN 0 AND 120),
	claim text CHECK (claim <> ''),
	claim_less boolean NOT NULL DEFAULT false,
	floor text CHECK (floor <> ''),
	cap text CHECK (cap <> ''),
	cap_times numeric NOT NULL DEFAULT 1 CHECK (cap_times >= 0),
	by_group boolean NOT NULL DEFAULT false,
	hold boolean NOT NULL DEFAULT false,
	PRIMARY KEY (round, frame),
	CONSTRAINT levels_go_down CHECK (
		CASE WHEN kind = 'penalty' THEN array_position('{nation,prefecture,municipality,basic_site,site}'::text[], to_level) < array_position('{nation,prefecture,municipality,basic_site,site}'::text[], from_level)
		ELSE array_position('{nation,prefecture,municipality,basic_site,site}'::text[], to_level) > array_position('{nation,prefecture,municipality,basic_site,site}'::text[], from_level) END),
	CONSTRAINT amount_is_the_nations CHECK (from_level = 'nation' OR (boxes IS NULL AND (percent IS NULL OR kind = 'penalty'))),
	CONSTRAINT one_amount CHECK (num_nonnulls(boxes, percent) <= 1),
	CONSTRAINT nation_takes_nothing CHECK (from_level <> 'nation' OR takes IS NULL),
	CONSTRAINT penalty_is_a_deduction CHECK ((kind = 'penalty') = (rule = 'deduction')),
	CONSTRAINT deduction_knows_whom CHECK (rule <> 'deduction' OR (percent IS NOT NULL AND claim IS NOT NULL AND cap IS NOT NULL AND takes IS NOT NULL AND weight IS NULL)),
	CONSTRAINT weights_for_methods CHECK (rule <> ALL ('{hamilton,webster,dhondt,adams,huntington_hill,dean,ranked}'::text[]) OR weight IS NOT NULL),
	CONSTRAINT claims_for_rules CHECK (rule <> ALL ('{proportional,constrained_equal_awards,constrained_equal_losses,talmud,ranked,given}'::text[]) OR claim IS NOT NULL),
	CONSTRAINT no_claims_for_methods CHECK (rule <> ALL ('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) OR claim IS NULL),
	CONSTRAINT bounds_for_methods CHECK (rule = ANY ('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) OR floor IS NULL),
	CONSTRAINT promises_are_claimed CHECK ((kind = 'promise') = (claim IS NOT DISTINCT FROM 'promise') AND (kind <> 'promise' OR (from_level = 'nation' AND boxes IS NULL AND percent IS NULL AND rule = ANY ('{proportional,constrained_equal_awards}'::text[])))),
	CONSTRAINT groups_share_requests CHECK (NOT by_group OR (claim = 'request' AND rule = ANY ('{proportional,constrained_equal_awards,constrained_equal_losses,talmud,ranked}'::text[]) AND NOT claim_less))
);
COMMENT ON TABLE vsys.frame IS '枠と配分の段階 / the steps of a round in their order: each divides something among the units of a level. A new rule is a row, no code.

weight, claim, floor and cap name where the numbers come from: a whole number (the same for every unit), population 人口, request 希望量, promise 約束分, room 冷凍庫の空き, or an indicator of the round (vsys.indicator).';
COMMENT ON COLUMN vsys.frame.round IS 'クール / round.';
COMMENT ON COLUMN vsys.frame.frame IS '順番 / place in the round: frames are gone through in this order.';
COMMENT ON COLUMN vsys.frame.kind IS '種類 / promise 2回目確保分, basic 基本計画枠, adjustment 調整枠, bonus 追加枠, equity 公平枠 (held back for the vulnerable), penalty 削減 (moves to the adjustment frame above), split 按分. What is granted is held under this kind.';
COMMENT ON COLUMN vsys.frame.name_ja IS '名称 / name; NULL: that of its kind.';
COMMENT ON COLUMN vsys.frame.name_en IS '英語名 / name in English.';
COMMENT ON COLUMN vsys.frame.from_level IS '配分元 / whose holdings are divided: nation 国, prefecture 都道府県, municipality 市区町村, basic_site 基本型施設 (with its partners).';
COMMENT ON COLUMN vsys.frame.to_level IS '配分先 / among whom: prefecture, municipality, basic_site 基本型施設 (for itself and its partners), site 接種施設; of a penalty, who is given what is taken.';
COMMENT ON COLUMN vsys.frame.pack IS '単位 / box 箱, or vial バイアル where a box is split.';
COMMENT ON COLUMN vsys.frame.boxes IS '箱数 / boxes of a frame of the nation; NULL: percent of the round, or all that no other frame takes. What penalties gave to the nation comes on top.';
COMMENT ON COLUMN vsys.frame.percent IS '割合 / per cent of the round''s boxes (rounded down); of a penalty, per cent that is taken (rounded down).';
COMMENT ON COLUMN vsys.frame.takes IS '対象の枠 / kinds whose holdings are divided here; NULL: all of them.';
COMMENT ON COLUMN vsys.frame.rule IS '方式 / as in allocation.run.rule.';
COMMENT ON COLUMN vsys.frame.weight IS 'ウェイト / by what is divided; of ranked, the indicator by which units are sorted.';
COMMENT ON COLUMN vsys.frame.weight_age IS '対象年齢 / youngest age that counts as population; NULL: that of the product.';
COMMENT ON COLUMN vsys.frame.claim IS '要求 / what units ask for; of a penalty, what is compared with the allowance (stock).';
COMMENT ON COLUMN vsys.frame.claim_less IS '既配分を除く / only what a unit asks for beyond what earlier frames gave it.';
COMMENT ON COLUMN vsys.frame.floor IS '下限 / least that a unit gets.';
COMMENT ON COLUMN vsys.frame.cap IS '上限 / most that a unit gets; of a penalty, the allowance (doses a week), times cap_times.';
COMMENT ON COLUMN vsys.frame.cap_times IS '上限の倍率 / multiplies the cap, rounded down: 6 weeks of the recent dose rate.';
COMMENT ON COLUMN vsys.frame.by_group IS '優先区分順 / requests are met by priority group, the next only once the one before is met.';
COMMENT ON COLUMN vsys.frame.hold IS '残余の保留 / what the units cannot take stays with who divides it; otherwise it is an error.';

CREATE TABLE vsys.indicator (
	round bigint NOT NULL REFERENCES vsys.round ON DELETE CASCADE,
	indicator text NOT NULL CHECK (indicator ~ '^[a-z][a-z0-9_]*$' AND indicator <> ALL ('{population,request,promise,room}'::text[])),
	level text NOT NULL CHECK (level = ANY ('{prefecture,municipality,basic_site,site}'::text[])),
	unit text NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (left(unit, 2)::smallint) STORED,
	value bigint NOT NULL CHECK (value >= 0),
	PRIMARY KEY (round, indicator, level, unit),
	CHECK (unit ~ CASE level WHEN 'prefecture' THEN '^[0-9]{2}$' WHEN 'municipality' THEN '^[0-9]{6}$' ELSE '^[0-9]{10}$' END)
);
COMMENT ON TABLE vsys.indicator IS '指標 / numbers by unit that the frames of a round go by: requests gathered elsewhere, usage rate, stock, vulnerability index, doses given last week, amounts typed in.';
COMMENT ON COLUMN vsys.indicator.round IS 'クール / round.';
COMMENT ON COLUMN vsys.indicator.indicator IS '指標 / name, as frames give it.';
COMMENT ON COLUMN vsys.indicator.level IS '段階 / level of the unit.';
COMMENT ON COLUMN vsys.indicator.unit IS '単位 / prefecture (two digits), municipality (six) or site (ten).';
COMMENT ON COLUMN vsys.indicator.prefecture IS '都道府県番号 / prefecture of the unit.';
COMMENT ON COLUMN vsys.indicator.value IS '値 / a whole number, 0 and above; rates are multiplied as far as they need digits.';
CREATE INDEX indicator_prefecture_idx ON vsys.indicator (prefecture);

CREATE TABLE vsys.request (
	round bigint NOT NULL REFERENCES vsys.round,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	priority_group text NOT NULL REFERENCES vsys.priority_group,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code,
	vials integer NOT NULL CHECK (vials BETWEEN 0 AND 1000000),
	requested_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (round, site, priority_group)
);
COMMENT ON TABLE vsys.request IS '希望量 / what sites ask for in a round, in vials. A partner site asks for itself; its basic site is delivered the boxes for all of them. Requests of municipalities and prefectures are the sums of these.';
COMMENT ON COLUMN vsys.request.round IS 'クール / round.';
COMMENT ON COLUMN vsys.request.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.request.priority_group IS '優先区分 / for whom.';
COMMENT ON COLUMN vsys.request.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.request.municipality IS '市区町村 / municipality of the site, filled here.';
COMMENT ON COLUMN vsys.request.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.request.requested_at IS '登録日時 / when it was handed in.';
CREATE INDEX request_site_idx ON vsys.request (site);
CREATE INDEX request_prefecture_idx ON vsys.request (prefecture);
CREATE INDEX request_municipality_idx ON vsys.request (municipality);

CREATE TABLE vsys.split (
	round bigint NOT NULL REFERENCES vsys.round,
	frame smallint NOT NULL,
	parent text NOT NULL CHECK (parent ~ '^([0-9]{2}|[0-9]{6}|[0-9]{10})$'),
	unit text NOT NULL CHECK (unit ~ '^([0-9]{6}|[0-9]{10})$'),
	amount integer NOT NULL CHECK (amount >= 0),
	prefecture smallint NOT NULL GENERATED ALWAYS AS (left(parent, 2)::smallint) STORED,
	submitted_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (round, frame, parent, unit),
	FOREIGN KEY (round, frame) REFERENCES vsys.frame ON DELETE CASCADE
);
COMMENT ON TABLE vsys.split IS '按分案 / how a prefecture or a municipality itself divides its part of a frame. Takes the place of the frame''s rule where it adds up to what there is.';
COMMENT ON COLUMN vsys.split.round IS 'クール / round.';
COMMENT ON COLUMN vsys.split.frame IS '枠 / frame that passes on what the parent holds.';
COMMENT ON COLUMN vsys.split.parent IS '配分元 / prefecture, municipality or basic site that divides.';
COMMENT ON COLUMN vsys.split.unit IS '配分先 / municipality or site.';
COMMENT ON COLUMN vsys.split.amount IS '数量 / boxes or vials, whichever the frame is counted in.';
COMMENT ON COLUMN vsys.split.prefecture IS '都道府県番号 / prefecture of the parent.';
COMMENT ON COLUMN vsys.split.submitted_at IS '提出日時 / when.';
CREATE INDEX split_prefecture_idx ON vsys.split (prefecture);

-- ---- what was calculated

CREATE TABLE vsys.round_pass (
	round bigint NOT NULL REFERENCES vsys.round,
	pass integer NOT NULL CHECK (pass > 0),
	boxes integer NOT NULL,
	vials_per_box integer NOT NULL,
	frames jsonb NOT NULL,
	certificate bytea NOT NULL,
	made_at timestamptz NOT NULL DEFAULT now(),
	made_by text NOT NULL DEFAULT coalesce(outbreak.my_subject(), session_user),
	PRIMARY KEY (round, pass)
);
COMMENT ON TABLE vsys.round_pass IS '計算 / each calculation of a round with the frames that it went by. Never changed.';
COMMENT ON COLUMN vsys.round_pass.round IS 'クール / round.';
COMMENT ON COLUMN vsys.round_pass.pass IS '回 / 1 for the first calculation.';
COMMENT ON COLUMN vsys.round_pass.boxes IS '箱数 / boxes that were divided.';
COMMENT ON COLUMN vsys.round_pass.vials_per_box IS '1箱のバイアル数 / vials in a box.';
COMMENT ON COLUMN vsys.round_pass.frames IS '枠 / the rows of vsys.frame as they were.';
COMMENT ON COLUMN vsys.round_pass.certificate IS '証明値 / SHA-256 over the hashes of all its runs.';
COMMENT ON COLUMN vsys.round_pass.made_at IS '計算日時 / when.';
COMMENT ON COLUMN vsys.round_pass.made_by IS '計算者 / who.';

CREATE TABLE vsys.round_run (
	round bigint NOT NULL,
	pass integer NOT NULL,
	frame smallint NOT NULL,
	parent text NOT NULL,
	priority_group text NOT NULL,
	kind text NOT NULL,
	from_level text NOT NULL,
	to_level text NOT NULL,
	pack text NOT NULL,
	split text CHECK (split = ANY ('{used,stale}'::text[])),
	run bigint NOT NULL UNIQUE REFERENCES allocation.run,
	prefecture smallint,
	municipality outbreak.municipality_code,
	PRIMARY KEY (round, pass, frame, parent, priority_group),
	FOREIGN KEY (round, pass) REFERENCES vsys.round_pass
);
COMMENT ON TABLE vsys.round_run IS '計算の内訳 / the runs (allocation.run) that a calculation is made of. Never changed.';
COMMENT ON COLUMN vsys.round_run.round IS 'クール / round.';
COMMENT ON COLUMN vsys.round_run.pass IS '回 / calculation.';
COMMENT ON COLUMN vsys.round_run.frame IS '枠 / frame.';
COMMENT ON COLUMN vsys.round_run.parent IS '配分元 / 00 for the nation, a prefecture, a municipality or a basic site; of a penalty, who is given what is taken.';
COMMENT ON COLUMN vsys.round_run.priority_group IS '優先区分 / group that was served; empty: all together.';
COMMENT ON COLUMN vsys.round_run.kind IS '種類 / kind of the frame.';
COMMENT ON COLUMN vsys.round_run.from_level IS '配分元の段階 / level of the parent; of a penalty, of the units.';
COMMENT ON COLUMN vsys.round_run.to_level IS '配分先の段階 / level of the units; of a penalty, of the parent.';
COMMENT ON COLUMN vsys.round_run.pack IS '単位 / box or vial.';
COMMENT ON COLUMN vsys.round_run.split IS '按分案 / used: the parent''s own split; stale: it had one that does not add up to what there is, so that the frame''s rule was used; NULL: it had none.';
COMMENT ON COLUMN vsys.round_run.run IS '計算番号 / run.';
COMMENT ON COLUMN vsys.round_run.prefecture IS '都道府県番号 / prefecture of the parent; NULL: the nation.';
COMMENT ON COLUMN vsys.round_run.municipality IS '市区町村 / municipality of the parent; NULL: nation or prefecture.';
CREATE INDEX round_run_prefecture_idx ON vsys.round_run (prefecture);

CREATE TYPE vsys.round_holding AS (level text, unit text, kind text, vials bigint);
COMMENT ON TYPE vsys.round_holding IS '保有 / what a unit of a level holds of a kind of frame while a round is calculated.';

CREATE TYPE vsys.round_line AS (
	frame smallint, kind text, from_level text, to_level text, pack text, parent text, priority_group text, split text,
	parent_prefecture smallint, parent_municipality text,
	rule text, percent numeric, offered bigint, seats bigint, level_numerator numeric, level_denominator numeric, cut_off numeric,
	"position" integer, unit text, prefecture smallint, municipality text, institution text,
	weight bigint, claim bigint, floor bigint, cap bigint, reserved bigint, quota numeric, remainder numeric, granted bigint, reason text
);
COMMENT ON TYPE vsys.round_line IS '計算結果の明細 / one unit of one run of a round, as vsys.compute() returns it.';

-- ---- second doses

CREATE SEQUENCE vsys.promise_number;
COMMENT ON SEQUENCE vsys.promise_number IS 'Numbers of promises.';
CREATE TABLE vsys.promise (
	promise bigint PRIMARY KEY DEFAULT nextval('vsys.promise_number'),
	product text NOT NULL REFERENCES vsys.product,
	level text NOT NULL CHECK (level = ANY ('{prefecture,municipality,site}'::text[])),
	unit text NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (left(unit, 2)::smallint) STORED,
	municipality outbreak.municipality_code,
	due_on date NOT NULL,
	vials integer NOT NULL CHECK (vials > 0),
	made_by bigint REFERENCES vsys.round,
	made_at timestamptz NOT NULL DEFAULT now(),
	CHECK (unit ~ CASE level WHEN 'prefecture' THEN '^[0-9]{2}$' WHEN 'municipality' THEN '^[0-9]{6}$' ELSE '^[0-9]{10}$' END)
);
ALTER SEQUENCE vsys.promise_number OWNED BY vsys.promise.promise;
COMMENT ON TABLE vsys.promise IS '2回目接種分の約束 / dated claims on later rounds: vaccine for second doses, promised when the first were shipped.';
COMMENT ON COLUMN vsys.promise.promise IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.promise.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.promise.level IS '段階 / level of the unit.';
COMMENT ON COLUMN vsys.promise.unit IS '単位 / prefecture (two digits), municipality (six) or site (ten).';
COMMENT ON COLUMN vsys.promise.prefecture IS '都道府県番号 / prefecture of the unit.';
COMMENT ON COLUMN vsys.promise.municipality IS '市区町村 / municipality of the unit; NULL for a prefecture.';
COMMENT ON COLUMN vsys.promise.due_on IS '約束日 / local date by which it is needed.';
COMMENT ON COLUMN vsys.promise.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.promise.made_by IS '1回目のクール / round of the first doses; void if that is withdrawn. NULL: promised otherwise.';
COMMENT ON COLUMN vsys.promise.made_at IS '約束日時 / when.';
CREATE INDEX promise_due_idx ON vsys.promise (product, due_on);
CREATE INDEX promise_unit_idx ON vsys.promise (unit);
CREATE INDEX promise_prefecture_idx ON vsys.promise (prefecture);

CREATE TABLE vsys.promise_kept (
	promise bigint NOT NULL REFERENCES vsys.promise,
	round bigint NOT NULL REFERENCES vsys.round,
	vials integer NOT NULL CHECK (vials > 0),
	prefecture smallint NOT NULL,
	municipality outbreak.municipality_code,
	PRIMARY KEY (promise, round)
);
COMMENT ON TABLE vsys.promise_kept IS '約束の履行 / what a published round gave towards a promise. Void if the round is withdrawn.';
COMMENT ON COLUMN vsys.promise_kept.promise IS '約束 / promise.';
COMMENT ON COLUMN vsys.promise_kept.round IS 'クール / round that kept it.';
COMMENT ON COLUMN vsys.promise_kept.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.promise_kept.prefecture IS '都道府県番号 / that of the promise.';
COMMENT ON COLUMN vsys.promise_kept.municipality IS '市区町村 / that of the promise.';
CREATE INDEX promise_kept_round_idx ON vsys.promise_kept (round);
CREATE INDEX promise_kept_prefecture_idx ON vsys.promise_kept (prefecture);

-- ---- what is published

CREATE TABLE vsys.allotment (
	round bigint NOT NULL REFERENCES vsys.round,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code,
	branch bigint,
	vials integer NOT NULL CHECK (vials >= 0),
	PRIMARY KEY (round, site)
);
COMMENT ON TABLE vsys.allotment IS '割当 / what each site gets in a round, in vials: the end of the chain nation, prefecture, municipality, site. Written when the round is published, and never changed. Delivery is planned from here, for rounds that are published and not withdrawn.';
COMMENT ON COLUMN vsys.allotment.round IS 'クール / round.';
COMMENT ON COLUMN vsys.allotment.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.allotment.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.allotment.municipality IS '市区町村 / municipality of the site when it was published.';
COMMENT ON COLUMN vsys.allotment.branch IS '地域担当卸 / branch that supplied the area with the vaccine when it was published (vsys.supplier), which so knows beforehand what it is to bring; NULL where no branch had the area. Who brings what on which day, vsys.delivery says.';
COMMENT ON COLUMN vsys.allotment.vials IS 'バイアル数 / vials.';
CREATE INDEX allotment_site_idx ON vsys.allotment (site);
CREATE INDEX allotment_prefecture_idx ON vsys.allotment (prefecture);
CREATE INDEX allotment_municipality_idx ON vsys.allotment (municipality);
CREATE INDEX allotment_branch_idx ON vsys.allotment (branch) WHERE branch IS NOT NULL;
