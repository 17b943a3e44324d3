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

-- ---- sealed fields

CREATE TABLE access.master_key (
	version integer PRIMARY KEY CHECK (version > 0),
	check_value bytea NOT NULL CHECK (length(check_value) = 16),
	tag_key bytea CHECK (length(tag_key) = 60),
	made_at timestamptz NOT NULL DEFAULT now(),
	retired_at timestamptz,
	CHECK ((tag_key IS NULL) = (retired_at IS NOT NULL))
);
COMMENT ON TABLE access.master_key IS 'マスター鍵の版 / versions of the master key that this database has used. The keys themselves are in the file that outbreak.access_key_file names, and nowhere here.';
COMMENT ON COLUMN access.master_key.version IS '版 / version, as it stands in the key file.';
COMMENT ON COLUMN access.master_key.check_value IS 'Tells whether the key in the file is the one that was used; of no use for finding it.';
COMMENT ON COLUMN access.master_key.tag_key IS 'The key that tags are made with, wrapped by this version; NULL once the version is retired.';
COMMENT ON COLUMN access.master_key.made_at IS 'First used.';
COMMENT ON COLUMN access.master_key.retired_at IS 'From then on nothing was wrapped by this version any more; it may be destroyed.';

-- the wrapped keys of forgotten persons are not to lie about in dead rows for long
CREATE TABLE access.data_key (
	subject uuid PRIMARY KEY,
	version integer NOT NULL,
	wrapped bytea CHECK (length(wrapped) = 60),
	made_at timestamptz NOT NULL DEFAULT now(),
	forgotten_at timestamptz,
	CHECK ((wrapped IS NULL) = (forgotten_at IS NOT NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE access.data_key ALTER COLUMN wrapped SET STORAGE PLAIN;
COMMENT ON TABLE access.data_key IS '個人鍵 / the key of each person, which their sealed values are encrypted with, wrapped by a master key. A forgotten person''s row stays without a key.';
COMMENT ON COLUMN access.data_key.subject IS '本人 / the person (registry.person).';
COMMENT ON COLUMN access.data_key.version IS 'Version of the master key that wraps it.';
COMMENT ON COLUMN access.data_key.wrapped IS 'The key, wrapped; NULL for a forgotten person.';
COMMENT ON COLUMN access.data_key.made_at IS 'When the first value of the person was sealed.';
COMMENT ON COLUMN access.data_key.forgotten_at IS '消去 / when the key was destroyed by access.forget().';

CREATE TABLE access.reveal_right (
	purpose text NOT NULL CHECK (octet_length(purpose) BETWEEN 1 AND 63),
	role text NOT NULL,
	PRIMARY KEY (purpose, role)
);
COMMENT ON TABLE access.reveal_right IS '開封権限 / which roles may reveal sealed values, by purpose. Whoever has the rights of the role may, and needs EXECUTE on outbreak.reveal() and the row itself besides.';
COMMENT ON COLUMN access.reveal_right.purpose IS '目的 / purpose that the value was sealed for.';
COMMENT ON COLUMN access.reveal_right.role IS 'Name of the role.';

ALTER TABLE access.master_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.master_key FORCE ROW LEVEL SECURITY;
ALTER TABLE access.data_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.data_key FORCE ROW LEVEL SECURITY;
ALTER TABLE access.reveal_right ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.reveal_right FORCE ROW LEVEL SECURITY;

-- ---- retention

CREATE TABLE access.retention (
	relation regclass NOT NULL,
	since name NOT NULL,
	action text NOT NULL CHECK (action = ANY ('{delete,forget,erase}'::text[])),
	keep interval NOT NULL,
	minimum interval NOT NULL DEFAULT '0',
	subject name,
	columns name[] NOT NULL DEFAULT '{}',
	basis text NOT NULL CHECK (basis <> ''),
	comment text NOT NULL,
	PRIMARY KEY (relation, since, action),
	CHECK (minimum >= interval '0'),
	CHECK (keep >= minimum),
	-- a day is the unit of the law
	CHECK (date_trunc('day', keep) = keep AND date_trunc('day', minimum) = minimum)
);
COMMENT ON TABLE access.retention IS '保存期間 / how long each personal table keeps its rows, and what happens to them then. access.purge() reads nothing but this table: a new table needs a row, no code.';
COMMENT ON COLUMN access.retention.relation IS '対象表 / the table; for a partitioned one the whole.';
COMMENT ON COLUMN access.retention.since IS '起算日の列 / the column from which the period counts: a date, a timestamptz (its local date) or a daterange (its last day). While it is NULL, or the range has no end, the row stays.';
COMMENT ON COLUMN access.retention.action IS '処理 / delete: the row goes; forget: the row goes, the data key of its subject is destroyed, and the audit images of the subject are erased; erase: the named columns are blanked and the row stays.';
COMMENT ON COLUMN access.retention.keep IS '保存期間 / how long the row is kept, in whole days, months or years; access.kept_until() says until which day.';
COMMENT ON COLUMN access.retention.minimum IS '法定最低期間 / what the law asks for at least; keep cannot be set below it.';
COMMENT ON COLUMN access.retention.subject IS '本人の列 / the uuid column that names the person, or NULL for a table without one. A legal hold on a person finds its rows by it.';
COMMENT ON COLUMN access.retention.columns IS '消去する列 / for erase: what is blanked; NULL, or the empty text or object where the column is NOT NULL.';
COMMENT ON COLUMN access.retention.basis IS '根拠 / the law, or the reason where no law sets a period.';
COMMENT ON COLUMN access.retention.comment IS '説明 / what is kept, and from when it counts.';

CREATE SEQUENCE access.legal_hold_number;
COMMENT ON SEQUENCE access.legal_hold_number IS 'Numbers of legal holds.';
CREATE TABLE access.legal_hold (
	hold bigint PRIMARY KEY DEFAULT nextval('access.legal_hold_number'),
	relation regclass,
	subject uuid,
	prefecture smallint CHECK (prefecture BETWEEN 1 AND 47),
	reason text NOT NULL CHECK (reason <> ''),
	placed_by text NOT NULL DEFAULT coalesce(outbreak.my_subject(), session_user),
	placed_at timestamptz NOT NULL DEFAULT now(),
	valid daterange NOT NULL DEFAULT daterange(outbreak.local_date(), NULL) CHECK (NOT isempty(valid)),
	CHECK (num_nonnulls(relation, subject, prefecture) > 0)
);
ALTER SEQUENCE access.legal_hold_number OWNED BY access.legal_hold.hold;
COMMENT ON TABLE access.legal_hold IS '廃棄の停止 / rows that stay although their period is over: for a court, an inquiry, or an epidemic that is still being studied. What a hold names must all be true of a row. A hold is ended, not deleted.';
COMMENT ON COLUMN access.legal_hold.hold IS '番号 / number of the hold.';
COMMENT ON COLUMN access.legal_hold.relation IS '対象表 / only this table; NULL: every table with a retention rule.';
COMMENT ON COLUMN access.legal_hold.subject IS '本人 / only this person; NULL: everybody.';
COMMENT ON COLUMN access.legal_hold.prefecture IS '都道府県番号 / only this prefecture, and rows whose prefecture is not known; NULL: all.';
COMMENT ON COLUMN access.legal_hold.reason IS '理由 / why, with the number of the case.';
COMMENT ON COLUMN access.legal_hold.placed_by IS '設定者 / who placed it; set by the system.';
COMMENT ON COLUMN access.legal_hold.placed_at IS '設定日時 / when; set by the system.';
COMMENT ON COLUMN access.legal_hold.valid IS '有効期間 / local dates on which it holds. Give it an end to release it.';
CREATE INDEX legal_hold_subject_idx ON access.legal_hold (subject) WHERE subject IS NOT NULL;

ALTER TABLE access.retention ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.retention FORCE ROW LEVEL SECURITY;
ALTER TABLE access.legal_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.legal_hold FORCE ROW LEVEL SECURITY;
