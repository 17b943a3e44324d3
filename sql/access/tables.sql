COMMENT ON SCHEMA access IS 'Who may see what: accounts and the scope of a session.';

CREATE TABLE access.account (
	login text PRIMARY KEY,
	prefecture smallint CHECK (prefecture BETWEEN 1 AND 47),
	institution outbreak.institution_code,
	organisation bigint,
	valid daterange NOT NULL DEFAULT '(,)',
	CHECK (num_nonnulls(prefecture, institution, organisation) <= 1)
);
COMMENT ON TABLE access.account IS 'アカウント / scope of the login roles that connect directly. Sessions of PostgREST carry theirs in the token instead.';
COMMENT ON COLUMN access.account.login IS 'Name of the login role.';
COMMENT ON COLUMN access.account.prefecture IS '都道府県 / prefecture that it acts for.';
COMMENT ON COLUMN access.account.institution IS '医療機関 / institution that it acts for.';
COMMENT ON COLUMN access.account.organisation IS 'とりまとめ団体 / association that it acts for.';
COMMENT ON COLUMN access.account.valid IS 'Local dates on which the account counts; outside of them its scope is empty.';

ALTER TABLE access.account ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.account FORCE ROW LEVEL SECURITY;

-- ---- small cells

CREATE TABLE access.release_series (
	series text PRIMARY KEY CHECK (series <> ''),
	threshold integer NOT NULL CHECK (threshold >= 1),
	prefecture smallint CHECK (prefecture BETWEEN 1 AND 47),
	releases integer NOT NULL DEFAULT 0,
	begun_at timestamptz NOT NULL DEFAULT now(),
	released_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE access.release_series IS '公表系列 / figures that are published one after another about the same persons, and are protected together. Written by access.release() alone.';
COMMENT ON COLUMN access.release_series.series IS '系列名 / name of the series.';
COMMENT ON COLUMN access.release_series.threshold IS '秘匿基準 / counts from 1 to below this are hidden; the same for the whole series.';
COMMENT ON COLUMN access.release_series.prefecture IS '都道府県 / who began it and may continue it; NULL is the nation.';
COMMENT ON COLUMN access.release_series.releases IS '公表回数 / how often it was released.';
COMMENT ON COLUMN access.release_series.begun_at IS '開始日時 / first release.';
COMMENT ON COLUMN access.release_series.released_at IS '最終公表日時 / last release.';
ALTER TABLE access.release_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.release_series FORCE ROW LEVEL SECURITY;

CREATE TABLE access.released (
	series text NOT NULL REFERENCES access.release_series,
	cell text NOT NULL,
	value bigint,
	hidden boolean NOT NULL,
	released_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (series, cell),
	CHECK (hidden = (value IS NULL))
);
COMMENT ON TABLE access.released IS '公表値 / every figure that was published, as it was published: a hidden one has no value here either. Open to the public. Written by access.release() alone; a row never changes.';
COMMENT ON COLUMN access.released.series IS '系列名 / the series.';
COMMENT ON COLUMN access.released.cell IS 'セル / name of the figure.';
COMMENT ON COLUMN access.released.value IS '値 / the count; NULL where hidden.';
COMMENT ON COLUMN access.released.hidden IS '秘匿 / hidden, because it is small or because it would give a small one away. Which of the two is not kept.';
COMMENT ON COLUMN access.released.released_at IS '公表日時 / when it was published first.';
ALTER TABLE access.released ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.released FORCE ROW LEVEL SECURITY;

CREATE TABLE access.release_proof (
	series text PRIMARY KEY REFERENCES access.release_series,
	moves bytea NOT NULL
);
COMMENT ON TABLE access.release_proof IS '秘匿の根拠 / what the protection of a series rests on: changes of the counts that nobody outside can tell from the truth. Needed to protect the next release; of nobody''s concern else. Without a row the next release finds what it can anew.';
COMMENT ON COLUMN access.release_proof.series IS '系列名 / the series.';
COMMENT ON COLUMN access.release_proof.moves IS '変更の列 / the moves, in a format of their own (src/access/release_moves.c).';
ALTER TABLE access.release_proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.release_proof FORCE ROW LEVEL SECURITY;
