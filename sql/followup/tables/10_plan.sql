COMMENT ON SCHEMA followup IS '健康観察・フォローアップ / plans, enrolments, slots, answers, alerts and escalation: arrivals, contacts and patients are followed by one engine.';

-- ---- plans as data

CREATE TABLE followup.plan (
	plan text PRIMARY KEY CHECK (plan ~ '^[a-z][a-z0-9_]{0,39}$'),
	kind text NOT NULL CHECK (kind = ANY ('{arrival,contact,patient}'::text[])),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> ''),
	ends text NOT NULL DEFAULT 'period' CHECK (ends = ANY ('{period,release}'::text[]))
);
COMMENT ON TABLE followup.plan IS 'フォローアップ計画 / ways of following people. What a plan asks for stands in followup.prompt, how long in followup.period.';
COMMENT ON COLUMN followup.plan.plan IS '計画 / short name.';
COMMENT ON COLUMN followup.plan.kind IS '種別 / arrival 入国者, contact 濃厚接触者, patient 患者.';
COMMENT ON COLUMN followup.plan.name_ja IS '名称 / name in Japanese.';
COMMENT ON COLUMN followup.plan.name_en IS 'Name in English.';
COMMENT ON COLUMN followup.plan.ends IS '終了 / period: at 24:00 of the last day of the period; release: when somebody releases the person, however long that takes.';

CREATE TABLE followup.class (
	plan text NOT NULL REFERENCES followup.plan,
	class text NOT NULL CHECK (class ~ '^[a-z][a-z0-9_]{0,39}$'),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> ''),
	is_default boolean NOT NULL DEFAULT false,
	PRIMARY KEY (plan, class)
);
COMMENT ON TABLE followup.class IS '区分 / classes of people within a plan, whose periods differ.';
COMMENT ON COLUMN followup.class.plan IS '計画 / plan.';
COMMENT ON COLUMN followup.class.class IS '区分 / short name, such as standard, vaccinated, symptomatic.';
COMMENT ON COLUMN followup.class.name_ja IS '名称 / name in Japanese.';
COMMENT ON COLUMN followup.class.name_en IS 'Name in English.';
COMMENT ON COLUMN followup.class.is_default IS '既定 / the class of whoever is enrolled without one.';
CREATE UNIQUE INDEX class_default_idx ON followup.class (plan) WHERE is_default;

CREATE TABLE followup.period (
	plan text NOT NULL,
	class text NOT NULL,
	valid daterange NOT NULL CHECK (NOT isempty(valid)),
	days smallint NOT NULL CHECK (days BETWEEN 0 AND 366),
	retroactive boolean NOT NULL DEFAULT false,
	basis text NOT NULL CHECK (basis <> ''),
	PRIMARY KEY (plan, class, valid),
	FOREIGN KEY (plan, class) REFERENCES followup.class
);
COMMENT ON TABLE followup.period IS '期間 / how long people are followed, by the rule in force on their day 0. Periods of a class never overlap (23P01).';
COMMENT ON COLUMN followup.period.plan IS '計画 / plan.';
COMMENT ON COLUMN followup.period.class IS '区分 / class.';
COMMENT ON COLUMN followup.period.valid IS '適用期間 / local dates of day 0 that it is for.';
COMMENT ON COLUMN followup.period.days IS '日数 / days after day 0; the period ends at 24:00 of day N.';
COMMENT ON COLUMN followup.period.retroactive IS '遡及適用 / true: from the first day of valid it also holds for whoever is in follow-up already (followup.change_period() applies it).';
COMMENT ON COLUMN followup.period.basis IS '根拠 / the decision that it follows.';

CREATE TABLE followup.prompt (
	plan text NOT NULL REFERENCES followup.plan,
	prompt text NOT NULL CHECK (prompt = ANY ('{health,location,video}'::text[])),
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	per_day smallint NOT NULL DEFAULT 1 CHECK (per_day BETWEEN 1 AND 24),
	window_from time NOT NULL,
	window_to time NOT NULL,
	answer_within interval CHECK (answer_within BETWEEN interval '1 minute' AND interval '36 hours'),
	random boolean NOT NULL DEFAULT false,
	min_gap interval NOT NULL DEFAULT '0' CHECK (min_gap >= interval '0'),
	first_day smallint NOT NULL DEFAULT 1 CHECK (first_day >= 0),
	children boolean NOT NULL DEFAULT true,
	channels text[] NOT NULL DEFAULT '{line,sms,mail}',
	remind_after interval CHECK (remind_after > interval '0'),
	second_channel_after interval CHECK (second_channel_after > interval '0'),
	call_after interval CHECK (call_after > interval '0'),
	notify_after interval CHECK (notify_after > interval '0'),
	late_until interval NOT NULL DEFAULT '1 day' CHECK (late_until >= interval '0'),
	template text NOT NULL,
	priority smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 9),
	PRIMARY KEY (plan, prompt, valid),
	CHECK (NOT random OR answer_within IS NOT NULL)
);
COMMENT ON TABLE followup.prompt IS '問いかけ / what a plan asks for on each day, when, and what follows when no answer comes. Rows of one prompt never overlap in time (23P01), and random checks fit into their window (22023).';
COMMENT ON COLUMN followup.prompt.plan IS '計画 / plan.';
COMMENT ON COLUMN followup.prompt.prompt IS '種別 / health 健康状態, location 位置情報, video ビデオ通話.';
COMMENT ON COLUMN followup.prompt.valid IS '適用期間 / local days that it is for.';
COMMENT ON COLUMN followup.prompt.per_day IS '1日の回数 / slots a day.';
COMMENT ON COLUMN followup.prompt.window_from IS '開始時刻 / when the window opens, in the person''s time zone.';
COMMENT ON COLUMN followup.prompt.window_to IS '終了時刻 / when it closes; not later than window_from: on the next day.';
COMMENT ON COLUMN followup.prompt.answer_within IS '回答期限 / how long after its opening a slot is to be answered; NULL: until the next slot opens or the window closes.';
COMMENT ON COLUMN followup.prompt.random IS '無作為 / at random times inside the window (followup.random_seed); otherwise spread evenly, the first at its opening.';
COMMENT ON COLUMN followup.prompt.min_gap IS '最短間隔 / random checks of one day lie at least so far apart.';
COMMENT ON COLUMN followup.prompt.first_day IS '開始日 / first day with it: 1 is the day after entry, exposure or onset.';
COMMENT ON COLUMN followup.prompt.children IS '小児対象 / asked of children under 13 too (the responder answers).';
COMMENT ON COLUMN followup.prompt.channels IS '連絡手段 / channels in the order of preference; the second one is for those who do not answer on the first.';
COMMENT ON COLUMN followup.prompt.remind_after IS '督促 / a reminder goes out so long after the opening of a slot without an answer; NULL: none. This and the next three count from the opening.';
COMMENT ON COLUMN followup.prompt.second_channel_after IS '第2手段 / then the next channel is tried.';
COMMENT ON COLUMN followup.prompt.call_after IS '架電 / then the person stands on the call list of the health centre.';
COMMENT ON COLUMN followup.prompt.notify_after IS '知事通知 / then the prefecture is notified of the place of stay (Quarantine Act art. 18(3)), where no answer at all came since.';
COMMENT ON COLUMN followup.prompt.late_until IS '遅延回答 / an answer is taken until so long after the deadline.';
COMMENT ON COLUMN followup.prompt.template IS '文面 / template of its message (messaging.template); reminders have the same name with .remind.';
COMMENT ON COLUMN followup.prompt.priority IS '優先度 / priority of its messages, 1 first.';

-- ---- random checks that can be audited

CREATE TABLE followup.random_seed (
	day date PRIMARY KEY,
	seed bytea NOT NULL CHECK (length(seed) = 32),
	made_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE followup.random_seed IS '乱数の種 / the secret from which the times of random checks of a day follow, by HMAC-SHA256 with person, day and prompt. Nobody but the functions reads it; followup.random_commitment shows it once the day is over.';
COMMENT ON COLUMN followup.random_seed.day IS '対象日 / local day.';
COMMENT ON COLUMN followup.random_seed.seed IS '種 / 32 random bytes.';
COMMENT ON COLUMN followup.random_seed.made_at IS '作成日時 / when it was drawn.';

CREATE TABLE followup.random_commitment (
	day date PRIMARY KEY,
	commitment bytea NOT NULL CHECK (length(commitment) = 32),
	published_at timestamptz NOT NULL,
	seed bytea CHECK (length(seed) = 32),
	revealed_at timestamptz,
	CHECK ((seed IS NULL) = (revealed_at IS NULL)),
	-- a revealed seed is the one that was promised
	CHECK (seed IS NULL OR commitment = outbreak.seed_commitment(day, seed))
);
COMMENT ON TABLE followup.random_commitment IS '無作為抽出の証明 / what is published about the random checks of a day: before it the hash of its seed, after it the seed. With the seed everybody can compute when whom the checks had to reach (outbreak.random_check), and see that no officer picked them.';
COMMENT ON COLUMN followup.random_commitment.day IS '対象日 / local day.';
COMMENT ON COLUMN followup.random_commitment.commitment IS '約束値 / SHA-256 of the day, written YYYY-MM-DD, followed by the 32 bytes of the seed.';
COMMENT ON COLUMN followup.random_commitment.published_at IS '公表日時 / since when it stands here.';
COMMENT ON COLUMN followup.random_commitment.seed IS '種 / the seed; NULL until the day is over in every time zone.';
COMMENT ON COLUMN followup.random_commitment.revealed_at IS '開示日時 / when the seed was revealed.';
