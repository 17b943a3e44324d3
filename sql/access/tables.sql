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
