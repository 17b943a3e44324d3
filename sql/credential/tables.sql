COMMENT ON SCHEMA credential IS '証明 / signed codes: arrival tickets of ours, EU Digital COVID Certificates and SMART Health Cards; the keys that sign them, the keys that are trusted, what was revoked, and codes that are kept.';

-- ---- keys of ours

CREATE TABLE credential.purpose (
	purpose text PRIMARY KEY CHECK (purpose <> ''),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> ''),
	automatic boolean NOT NULL DEFAULT false,
	sign_for interval NOT NULL CHECK (sign_for BETWEEN interval '1 day' AND interval '10 years'),
	publish_ahead interval NOT NULL CHECK (publish_ahead >= interval '0' AND publish_ahead < sign_for),
	longest interval NOT NULL CHECK (longest BETWEEN interval '1 minute' AND interval '10 years'),
	country text NOT NULL DEFAULT 'JP' CHECK (country ~ '^[A-Z]{2}$'),
	certified boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE credential.purpose IS '鍵の用途 / what our keys sign, and how they are renewed.';
COMMENT ON COLUMN credential.purpose.purpose IS '用途 / ticket, dcc.';
COMMENT ON COLUMN credential.purpose.name_ja IS '名称.';
COMMENT ON COLUMN credential.purpose.name_en IS 'Name.';
COMMENT ON COLUMN credential.purpose.automatic IS '自動更新 / whether credential.rotate_keys() sees to it that there is always a key; without it only purposes that have had a key are renewed.';
COMMENT ON COLUMN credential.purpose.sign_for IS '署名期間 / how long a key signs.';
COMMENT ON COLUMN credential.purpose.publish_ahead IS '事前公開期間 / how long before it signs a key is published, so that readers without a connection have it.';
COMMENT ON COLUMN credential.purpose.longest IS '最長有効期間 / how long what is signed may be valid; for so long after its last day a key still verifies.';
COMMENT ON COLUMN credential.purpose.country IS '発行国 / country that issues (ISO 3166-1).';
COMMENT ON COLUMN credential.purpose.certified IS '証明書の要否 / whether a key has a certificate, whose hash gives its kid (EU Digital COVID Certificates).';

CREATE TABLE credential.signing_key (
	kid bytea PRIMARY KEY CHECK (length(kid) = 8),
	purpose text NOT NULL REFERENCES credential.purpose,
	key uuid NOT NULL UNIQUE,
	public_key bytea NOT NULL,
	certificate bytea,
	sealed_key bytea,
	valid tstzrange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
	accepted_until timestamptz NOT NULL CHECK (accepted_until >= upper(valid)),
	made_at timestamptz NOT NULL,
	revoked_at timestamptz,
	reason text CHECK (reason <> ''),
	destroyed_at timestamptz,
	CHECK ((sealed_key IS NULL) = (destroyed_at IS NOT NULL)),
	CHECK ((revoked_at IS NULL) = (reason IS NULL))
);
COMMENT ON TABLE credential.signing_key IS '署名鍵 / keys that sign for us. The private part is sealed with a data key of its own (access.data_key), so that no row, dump or log shows it and access.rotate_keys() takes it along; it is destroyed once the key signs no longer. Rows stay, so that what was signed can be verified.';
COMMENT ON COLUMN credential.signing_key.kid IS '鍵ID / the first 8 bytes of the SHA-256 of the public key, or of the certificate where there is one.';
COMMENT ON COLUMN credential.signing_key.purpose IS '用途 / what it signs.';
COMMENT ON COLUMN credential.signing_key.key IS '鍵番号 / number that its data key has in access.data_key.';
COMMENT ON COLUMN credential.signing_key.public_key IS '公開鍵 / DER of SubjectPublicKeyInfo.';
COMMENT ON COLUMN credential.signing_key.certificate IS '証明書 / X.509 in DER; NULL where the purpose wants none.';
COMMENT ON COLUMN credential.signing_key.sealed_key IS '封緘した秘密鍵 / the private part, sealed; NULL once it is destroyed. Nobody may read the column but the owner of the system, for whom it is of no use without the master key.';
COMMENT ON COLUMN credential.signing_key.valid IS '署名期間 / from when until when it signs.';
COMMENT ON COLUMN credential.signing_key.accepted_until IS '検証期限 / from then on nothing that it signed is valid any more.';
COMMENT ON COLUMN credential.signing_key.made_at IS '作成日時 / when it was made.';
COMMENT ON COLUMN credential.signing_key.revoked_at IS '失効日時 / from then on nothing that it signed is trusted, and it signs no more.';
COMMENT ON COLUMN credential.signing_key.reason IS '失効理由 / why it was revoked.';
COMMENT ON COLUMN credential.signing_key.destroyed_at IS '秘密鍵の破棄日時 / when its private part was destroyed.';
CREATE INDEX signing_key_purpose_idx ON credential.signing_key (purpose, upper(valid));

-- ---- tickets

CREATE TABLE credential.ticket_kind (
	kind smallint PRIMARY KEY CHECK (kind BETWEEN 0 AND 255),
	code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z_]*$'),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> '')
);
COMMENT ON TABLE credential.ticket_kind IS 'チケットの種類 / kinds of tickets. A number that was printed never changes its meaning.';
COMMENT ON COLUMN credential.ticket_kind.kind IS '番号 / number in the code of a ticket, 0 to 255.';
COMMENT ON COLUMN credential.ticket_kind.code IS 'コード / word that functions take and give.';
COMMENT ON COLUMN credential.ticket_kind.name_ja IS '名称.';
COMMENT ON COLUMN credential.ticket_kind.name_en IS 'Name.';

CREATE TABLE credential.revoked_ticket (
	ticket uuid PRIMARY KEY,
	revoked_at timestamptz NOT NULL,
	reason text NOT NULL CHECK (reason <> '')
);
COMMENT ON TABLE credential.revoked_ticket IS '失効チケット / single tickets that no longer count although they are signed. A row goes once no ticket of that time can be valid any more.';
COMMENT ON COLUMN credential.revoked_ticket.ticket IS 'チケット番号 / the ticket.';
COMMENT ON COLUMN credential.revoked_ticket.revoked_at IS '失効日時 / since when.';
COMMENT ON COLUMN credential.revoked_ticket.reason IS '失効理由 / why.';
CREATE INDEX revoked_ticket_revoked_at_idx ON credential.revoked_ticket (revoked_at);

-- ---- keys of others

CREATE TABLE credential.trust_key (
	system text NOT NULL CHECK (system = ANY ('{dcc,shc}'::text[])),
	fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
	issuer text NOT NULL DEFAULT '',
	kid text NOT NULL,
	certificate bytea,
	public_key bytea NOT NULL,
	source text NOT NULL CHECK (source <> ''),
	loaded_at timestamptz NOT NULL,
	withdrawn_at timestamptz,
	PRIMARY KEY (system, fingerprint)
);
COMMENT ON TABLE credential.trust_key IS '信頼する鍵 / keys of other countries and issuers, as credential.load_trust() took them from their lists. A key that a later list leaves out is withdrawn and stays, so that an earlier moment can be judged.';
COMMENT ON COLUMN credential.trust_key.system IS '方式 / dcc EU Digital COVID Certificate, shc SMART Health Card.';
COMMENT ON COLUMN credential.trust_key.fingerprint IS 'SHA-256 of issuer, kid and key: one row for each.';
COMMENT ON COLUMN credential.trust_key.issuer IS '発行者 / URL of the issuer of health cards; empty where a list names none.';
COMMENT ON COLUMN credential.trust_key.kid IS '鍵ID / as codes name it: base64 of 8 bytes (dcc), thumbprint (shc).';
COMMENT ON COLUMN credential.trust_key.certificate IS '証明書 / X.509 in DER; NULL for a bare key.';
COMMENT ON COLUMN credential.trust_key.public_key IS '公開鍵 / DER of SubjectPublicKeyInfo.';
COMMENT ON COLUMN credential.trust_key.source IS '出典 / where the list came from.';
COMMENT ON COLUMN credential.trust_key.loaded_at IS '取込日時 / when it came in first.';
COMMENT ON COLUMN credential.trust_key.withdrawn_at IS '取下げ日時 / since when it is not on the list any more, or was taken off by hand; nothing that it signed is trusted from then on.';
CREATE INDEX trust_key_kid_idx ON credential.trust_key (system, kid);

CREATE TABLE credential.revoked_card (
	issuer text NOT NULL,
	kid text NOT NULL,
	rid text NOT NULL,
	loaded_at timestamptz NOT NULL,
	PRIMARY KEY (issuer, kid, rid)
);
COMMENT ON TABLE credential.revoked_card IS '失効カード / SMART Health Cards that their issuers revoked.';
COMMENT ON COLUMN credential.revoked_card.issuer IS '発行者 / URL of the issuer.';
COMMENT ON COLUMN credential.revoked_card.kid IS '鍵ID / key that signed it.';
COMMENT ON COLUMN credential.revoked_card.rid IS '失効番号 / number in the card; with .seconds behind it only cards that were issued before that moment.';
COMMENT ON COLUMN credential.revoked_card.loaded_at IS '取込日時 / when it came in.';

-- ---- codes that are kept

CREATE TABLE credential.stored (
	person uuid NOT NULL,
	digest bytea NOT NULL CHECK (length(digest) = 32),
	system text NOT NULL CHECK (system = ANY ('{ticket,dcc,shc}'::text[])),
	kid text,
	ticket uuid,
	code outbreak.sealed NOT NULL,
	stored_at timestamptz NOT NULL,
	judged_at timestamptz NOT NULL,
	valid boolean NOT NULL,
	reason text CHECK (reason <> ''),
	PRIMARY KEY (person, digest),
	CHECK (valid = (reason IS NULL))
);
COMMENT ON TABLE credential.stored IS '保管した証明 / codes that people have shown, with the last verdict. The code itself is sealed: it holds names. credential.reverify() verifies them again without revealing them.';
COMMENT ON COLUMN credential.stored.person IS '仮ID / the person (registry.person).';
COMMENT ON COLUMN credential.stored.digest IS 'SHA-256 of the code: the same one is kept once for a person. A code has a signature in it, so it cannot be guessed from this.';
COMMENT ON COLUMN credential.stored.system IS '方式 / ticket, dcc, shc.';
COMMENT ON COLUMN credential.stored.kid IS '鍵ID / key that it names, as credential.trust_key writes it; tickets in base64.';
COMMENT ON COLUMN credential.stored.ticket IS 'チケット番号 / of a ticket.';
COMMENT ON COLUMN credential.stored.code IS 'コード / the code, sealed for credential_code.';
COMMENT ON COLUMN credential.stored.stored_at IS '保管日時 / when it was shown.';
COMMENT ON COLUMN credential.stored.judged_at IS '判定日時 / since when the verdict is this one.';
COMMENT ON COLUMN credential.stored.valid IS '有効 / the last verdict.';
COMMENT ON COLUMN credential.stored.reason IS '理由 / why it is not valid, as the functions that verify say it.';
CREATE INDEX stored_kid_idx ON credential.stored (system, kid);
