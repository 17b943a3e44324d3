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
