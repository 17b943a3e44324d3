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
