CREATE OR REPLACE VIEW api.signing_keys WITH (security_invoker = true) AS
SELECT encode(k.kid, 'base64') AS kid,
	k.purpose,
	lower(k.valid) AS signs_from,
	upper(k.valid) AS signs_until,
	k.accepted_until,
	k.made_at,
	k.revoked_at,
	k.reason,
	k.destroyed_at
FROM credential.signing_key AS k;
COMMENT ON VIEW api.signing_keys IS '署名鍵 / Our signing keys, without any part of them: what they sign, when, and whether they were revoked.';
COMMENT ON COLUMN api.signing_keys.kid IS '鍵ID / 8 bytes in base64.';
COMMENT ON COLUMN api.signing_keys.purpose IS '用途 / ticket, dcc.';
COMMENT ON COLUMN api.signing_keys.signs_from IS '署名開始 / from when it signs.';
COMMENT ON COLUMN api.signing_keys.signs_until IS '署名終了 / until when it signs.';
COMMENT ON COLUMN api.signing_keys.accepted_until IS '検証期限 / from then on nothing that it signed is valid.';
COMMENT ON COLUMN api.signing_keys.made_at IS '作成日時 / when it was made.';
COMMENT ON COLUMN api.signing_keys.revoked_at IS '失効日時 / when it was revoked.';
COMMENT ON COLUMN api.signing_keys.reason IS '失効理由 / why.';
COMMENT ON COLUMN api.signing_keys.destroyed_at IS '秘密鍵の破棄日時 / when its private part was destroyed.';
