COMMENT ON SCHEMA access IS 'Who may see what: accounts and scope, limits of the API, sealed fields and their keys, the audit trail, retention.';

-- ---- accounts

CREATE SEQUENCE access.account_number;
COMMENT ON SEQUENCE access.account_number IS 'Numbers of accounts.';
CREATE TABLE access.account (
	account bigint PRIMARY KEY DEFAULT nextval('access.account_number'),
	login text UNIQUE CHECK (login <> ''),
	subject text UNIQUE CHECK (subject <> ''),
	role text CHECK (role = ANY ('{outbreak_anon,outbreak_citizen,outbreak_institution,outbreak_health_center,outbreak_municipality,outbreak_prefecture,outbreak_ministry,outbreak_wholesaler,outbreak_quarantine,outbreak_analyst,outbreak_auditor,outbreak_worker}'::text[])),
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
	CONSTRAINT account_of_subject_has_role CHECK (subject IS NULL OR (role IS NOT NULL AND role <> ALL ('{outbreak_anon,outbreak_worker}'::text[]))),
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

-- ---- the audit trail

CREATE TABLE access.audit (
	number bigint NOT NULL,
	id bigint NOT NULL,
	recorded_at timestamptz NOT NULL,
	transaction xid8 NOT NULL,
	subject uuid,
	chain smallint NOT NULL,
	login text NOT NULL,
	role text NOT NULL,
	actor text,
	action text NOT NULL,
	relation text,
	image text,
	salt bytea,
	image_hash bytea,
	hash bytea NOT NULL,
	PRIMARY KEY (chain, number, recorded_at)
) PARTITION BY RANGE (recorded_at);
COMMENT ON TABLE access.audit IS '監査証跡 / what was changed, revealed and forgotten, when and by whom: hash chains, in each of which every entry holds the SHA-256 of the one before it. Entries are written by C when a transaction commits, and never change; only an image may be erased by retention. Rows are inserted without firing triggers: ship them elsewhere by logical replication.';
COMMENT ON COLUMN access.audit.number IS '番号 / number in its chain: 1, 2, 3 without gaps.';
COMMENT ON COLUMN access.audit.id IS '通し番号 / number * 256 + chain: one key for access.audit_proof().';
COMMENT ON COLUMN access.audit.recorded_at IS '記録日時 / when the entry was written, at the end of its transaction. Never falls within a chain.';
COMMENT ON COLUMN access.audit.transaction IS 'トランザクション / the transaction that did it.';
COMMENT ON COLUMN access.audit.subject IS '対象者 / the person that it is about, where the table names a column for it.';
COMMENT ON COLUMN access.audit.chain IS '系列 / the chain, 0 to 255. One transaction writes one chain at a time.';
COMMENT ON COLUMN access.audit.login IS 'ログイン / the login role of the session.';
COMMENT ON COLUMN access.audit.role IS 'ロール / the role that the session had set (SET ROLE), else the login.';
COMMENT ON COLUMN access.audit.actor IS '利用者 / the subject ("sub") of the token in a session of the authenticator.';
COMMENT ON COLUMN access.audit.action IS '操作 / insert, update, delete, truncate of an audited table; or reveal, forget, rotate, purge, erase and other notes.';
COMMENT ON COLUMN access.audit.relation IS '表 / schema and name of the table; of a partition, its topmost parent.';
COMMENT ON COLUMN access.audit.image IS '内容 / JSON text. Of a change {"old": the whole row, "new": the row, or the changed columns of an update}, without NULL columns and generated ones; of a note its details. Sealed fields stand in their envelopes. NULL when there is none, or when retention erased it.';
COMMENT ON COLUMN access.audit.salt IS 'ソルト / 16 random bytes that make the hash of an erased image tell nothing.';
COMMENT ON COLUMN access.audit.image_hash IS '内容のハッシュ / SHA-256 of salt and image; stays when the image is erased.';
COMMENT ON COLUMN access.audit.hash IS 'ハッシュ / SHA-256 of the hash of the entry before it and of the digest of this one (outbreak.audit_bytes).';
CREATE TABLE access.audit_default PARTITION OF access.audit DEFAULT;
COMMENT ON TABLE access.audit_default IS 'Entries of months that have no partition.';

CREATE TABLE access.audit_head (
	chain smallint NOT NULL,
	number bigint NOT NULL,
	recorded_at timestamptz NOT NULL,
	hash bytea NOT NULL,
	PRIMARY KEY (chain, number)
);
COMMENT ON TABLE access.audit_head IS '系列の先端 / where each chain stands: the row with the highest number of the chain. Every writing transaction adds one; access.sign_audit() deletes those that were overtaken.';
COMMENT ON COLUMN access.audit_head.chain IS '系列 / the chain.';
COMMENT ON COLUMN access.audit_head.number IS '番号 / number of its last entry.';
COMMENT ON COLUMN access.audit_head.recorded_at IS '記録日時 / when that entry was written.';
COMMENT ON COLUMN access.audit_head.hash IS 'ハッシュ / hash of that entry.';

CREATE TABLE access.audit_signature (
	chain smallint NOT NULL,
	number bigint NOT NULL,
	hash bytea NOT NULL,
	signed_at timestamptz NOT NULL,
	version integer NOT NULL,
	public_key bytea NOT NULL,
	signature bytea NOT NULL,
	message text NOT NULL,
	PRIMARY KEY (chain, number, version)
);
COMMENT ON TABLE access.audit_signature IS '署名 / signed heads of the chains, to be published: whoever holds a copy can prove that the entries up to there were not rebuilt later.';
COMMENT ON COLUMN access.audit_signature.chain IS '系列 / the chain.';
COMMENT ON COLUMN access.audit_signature.number IS '番号 / number of the entry that was last.';
COMMENT ON COLUMN access.audit_signature.hash IS 'ハッシュ / its hash.';
COMMENT ON COLUMN access.audit_signature.signed_at IS '署名日時 / when it was signed.';
COMMENT ON COLUMN access.audit_signature.version IS '鍵の版 / version of the master key that the signing key comes from.';
COMMENT ON COLUMN access.audit_signature.public_key IS '公開鍵 / Ed25519 public key, 32 bytes.';
COMMENT ON COLUMN access.audit_signature.signature IS '署名 / Ed25519 signature of the message, 64 bytes.';
COMMENT ON COLUMN access.audit_signature.message IS '署名文 / what is signed: lines that name the cluster, database, chain, number, hash and time.';

CREATE TABLE access.audit_anchor (
	chain smallint NOT NULL,
	number bigint NOT NULL,
	recorded_at timestamptz NOT NULL,
	hash bytea NOT NULL,
	anchored_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (chain, number)
);
COMMENT ON TABLE access.audit_anchor IS '起点 / the last entry of each chain in partitions that were dropped, on which the remaining entries are checked.';
COMMENT ON COLUMN access.audit_anchor.chain IS '系列 / the chain.';
COMMENT ON COLUMN access.audit_anchor.number IS '番号 / number of the last dropped entry.';
COMMENT ON COLUMN access.audit_anchor.recorded_at IS '記録日時 / when that entry was written.';
COMMENT ON COLUMN access.audit_anchor.hash IS 'ハッシュ / its hash.';
COMMENT ON COLUMN access.audit_anchor.anchored_at IS '起点作成日時 / when its partition was dropped.';

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
COMMENT ON COLUMN access.legal_hold.prefecture IS '都道府県番号 / only this prefecture; NULL: all, and rows whose prefecture is not known.';
COMMENT ON COLUMN access.legal_hold.reason IS '理由 / why, with the number of the case.';
COMMENT ON COLUMN access.legal_hold.placed_by IS '設定者 / who placed it; set by the system.';
COMMENT ON COLUMN access.legal_hold.placed_at IS '設定日時 / when; set by the system.';
COMMENT ON COLUMN access.legal_hold.valid IS '有効期間 / local dates on which it holds. Give it an end to release it.';
CREATE INDEX legal_hold_subject_idx ON access.legal_hold (subject) WHERE subject IS NOT NULL;

ALTER TABLE access.retention ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.retention FORCE ROW LEVEL SECURITY;
ALTER TABLE access.legal_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.legal_hold FORCE ROW LEVEL SECURITY;

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
