GRANT USAGE ON SCHEMA credential TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_worker;

-- ---- what is public: the parts of keys that verify. sealed_key and key are granted to nobody.
GRANT SELECT ON credential.ticket_kind, credential.purpose
	TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_worker;
GRANT SELECT (kid, purpose, public_key, certificate, valid, accepted_until, made_at, revoked_at)
	ON credential.signing_key TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_worker;
GRANT SELECT (reason, destroyed_at)
	ON credential.signing_key TO outbreak_prefecture, outbreak_ministry, outbreak_quarantine;
GRANT EXECUTE ON FUNCTION credential.ticket_trust(timestamptz, bytea)
	TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_worker;

-- ---- verifying
GRANT SELECT ON credential.trust_key, credential.revoked_card
	TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_worker;
GRANT SELECT ON credential.revoked_ticket TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine;
GRANT EXECUTE ON FUNCTION credential.check_ticket(text, timestamptz), credential.trust(text, text), credential.system_of(text), credential.kid_of(text),
	credential.verify(text, timestamptz)
	TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine;

-- ---- quarantine stations: issue, revoke and keep
GRANT EXECUTE ON FUNCTION credential.issue_ticket(uuid, text, tstzrange, text, timestamptz), credential.revoke_ticket(uuid, text, timestamptz),
	credential.store(uuid, text, timestamptz)
	TO outbreak_quarantine;
GRANT SELECT (person, digest, system, kid, ticket, stored_at, judged_at, valid, reason) ON credential.stored TO outbreak_quarantine;
GRANT SELECT ON credential.stored TO outbreak_citizen;

-- ---- the ministry: whom to trust, and what to revoke
GRANT INSERT, UPDATE ON credential.trust_key TO outbreak_ministry;
GRANT INSERT ON credential.revoked_card TO outbreak_ministry;
GRANT UPDATE (revoked_at, reason) ON credential.signing_key TO outbreak_ministry;
GRANT UPDATE (kid, certificate) ON credential.signing_key TO outbreak_ministry;
GRANT UPDATE (automatic, sign_for, publish_ahead, longest, country) ON credential.purpose TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION credential.load_trust(text, jsonb, text, timestamptz), credential.revoke_key(bytea, text, timestamptz),
	credential.certify_key(bytea, bytea), credential.sign_dcc(jsonb, tstzrange, timestamptz)
	TO outbreak_ministry;
