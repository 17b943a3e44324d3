COMMENT ON SCHEMA access IS 'Who may see what: accounts, the scope of a session, and the limits of the API.';

-- ---- accounts

CREATE SEQUENCE access.account_number;
COMMENT ON SEQUENCE access.account_number IS 'Numbers of accounts.';
CREATE TABLE access.account (
	account bigint PRIMARY KEY DEFAULT nextval('access.account_number'),
	login text UNIQUE CHECK (login <> ''),
	subject text UNIQUE CHECK (subject <> ''),
	role text CHECK (role = ANY ('{outbreak_citizen,outbreak_institution,outbreak_health_center,outbreak_municipality,outbreak_prefecture,outbreak_ministry,outbreak_wholesaler,outbreak_quarantine,outbreak_analyst,outbreak_auditor}'::text[])),
	prefecture smallint CHECK (prefecture BETWEEN 1 AND 47),
	health_center bigint,
	municipality outbreak.municipality_code,
	institution outbreak.institution_code,
	organisation bigint,
	person uuid,
	home smallint GENERATED ALWAYS AS (coalesce(prefecture, outbreak.prefecture(institution), outbreak.prefecture(municipality))) STORED,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	issued_at timestamptz NOT NULL DEFAULT now(),
	withdrawn_at timestamptz,
	reason text,
	CONSTRAINT account_is_login_or_subject CHECK (num_nonnulls(login, subject) = 1),
	CONSTRAINT account_of_subject_has_role CHECK (subject IS NULL OR role IS NOT NULL),
	-- a health centre may also have the prefecture that it belongs to
	CONSTRAINT account_acts_for_one CHECK (num_nonnulls(coalesce(health_center, prefecture), municipality, institution, organisation, person) <= 1)
);
ALTER SEQUENCE access.account_number OWNED BY access.account.account;
COMMENT ON TABLE access.account IS 'アカウント / who acts for whom: login roles that connect directly, and subjects of tokens. A token whose subject has an account has the scope of the account and not of its own claims. Rows are withdrawn and never deleted: without its row a token would have its claims again.';
COMMENT ON COLUMN access.account.account IS '番号 / number, given here.';
COMMENT ON COLUMN access.account.login IS 'ログインロール / name of the login role of a direct connection. Either this or a subject.';
COMMENT ON COLUMN access.account.subject IS '利用者ID / the claim "sub" of its tokens: an ID that is given once and cannot be guessed.';
COMMENT ON COLUMN access.account.role IS 'ロール / the role that tokens of this subject may name. Login roles have theirs by GRANT instead.';
COMMENT ON COLUMN access.account.prefecture IS '都道府県 / prefecture that it acts for.';
COMMENT ON COLUMN access.account.health_center IS '保健所 / health centre that it acts for.';
COMMENT ON COLUMN access.account.municipality IS '市区町村 / municipality that it acts for.';
COMMENT ON COLUMN access.account.institution IS '医療機関 / institution that it acts for.';
COMMENT ON COLUMN access.account.organisation IS 'とりまとめ団体 / association that it acts for.';
COMMENT ON COLUMN access.account.person IS '本人 / person that it acts for.';
COMMENT ON COLUMN access.account.home IS '所在都道府県 / prefecture that it lies in: its own, or that of its institution or municipality. Prefectures issue and withdraw accounts of institutions by it.';
COMMENT ON COLUMN access.account.valid IS '有効期間 / local dates on which the account counts; outside of them its scope is empty.';
COMMENT ON COLUMN access.account.issued_at IS '発行日時 / when it was issued.';
COMMENT ON COLUMN access.account.withdrawn_at IS '停止日時 / when it was withdrawn; from then on its scope is empty.';
COMMENT ON COLUMN access.account.reason IS '停止理由 / why it was withdrawn.';
CREATE INDEX account_home_idx ON access.account (home);
CREATE INDEX account_institution_idx ON access.account (institution);
CREATE INDEX account_person_idx ON access.account (person);

ALTER TABLE access.account ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.account FORCE ROW LEVEL SECURITY;

-- ---- limits of the API

CREATE TABLE access.api_limit (
	role text PRIMARY KEY CHECK (starts_with(role, 'outbreak_')),
	statement_timeout interval NOT NULL CHECK (statement_timeout BETWEEN interval '1 ms' AND interval '1 day'),
	max_rows integer NOT NULL CHECK (max_rows > 0),
	requests_per_second numeric NOT NULL CHECK (requests_per_second > 0 AND requests_per_second <= 1000000),
	burst integer NOT NULL CHECK (burst > 0),
	per_address boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE access.api_limit IS 'APIの制限 / what one request to the API may cost, and how many somebody may send, by role. A role without a row has no limits but those of PostgREST and of the server. access.before_request() applies it.';
COMMENT ON COLUMN access.api_limit.role IS 'ロール / the role that a token names.';
COMMENT ON COLUMN access.api_limit.statement_timeout IS '実行時間の上限 / how long a request may run.';
COMMENT ON COLUMN access.api_limit.max_rows IS '行数の上限 / how many rows an answer may have; the rest is cut off, and Content-Range says so. db-max-rows of PostgREST holds besides.';
COMMENT ON COLUMN access.api_limit.requests_per_second IS '毎秒の要求数 / requests a second that one subject may send in the long run.';
COMMENT ON COLUMN access.api_limit.burst IS '連続要求数 / requests that it may send at once after a rest.';
COMMENT ON COLUMN access.api_limit.per_address IS '接続元別 / whether requests without a subject are counted by the last address in X-Forwarded-For, and not all together. Only where a proxy of one''s own sets that header: a client can write what it likes into it.';

ALTER TABLE access.api_limit ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.api_limit FORCE ROW LEVEL SECURITY;
