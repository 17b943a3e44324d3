CREATE TABLE messaging.link (
	nonce bytea PRIMARY KEY,
	person uuid NOT NULL,
	made_at timestamptz NOT NULL,
	used_at timestamptz
);
COMMENT ON TABLE messaging.link IS 'アカウント連携 / numbers by which LINE says whose account was linked.';
COMMENT ON COLUMN messaging.link.nonce IS '番号 / SHA-256 of the number.';
COMMENT ON COLUMN messaging.link.person IS '仮ID / whose.';
COMMENT ON COLUMN messaging.link.made_at IS '作成日時 / when it was made; it is good for 10 minutes.';
COMMENT ON COLUMN messaging.link.used_at IS '使用日時 / when it was used.';
