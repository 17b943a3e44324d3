// The public fetches the keys, a quarantine station checks codes, and nobody else does; a bad code is an answer, a code
// in a URL is refused.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { analyst, call, expectStatus, get, ministry, prefecture, rpc, sql, token } from './client.mjs';

const quarantine = () => token({ role: 'outbreak_quarantine' });
const ticket = 'cccccccc-0000-4000-8000-000000000001';
let code;
let other;

before(() => {
	sql('UPDATE access.api_limit SET requests_per_second = 100000, burst = 1000000');
	code = sql(`SELECT credential.issue_ticket('${ticket}', 'arrival', tstzrange(now(), now() + interval '14 days'), 'NRT')`);
	other = sql(`SELECT credential.issue_ticket('cccccccc-0000-4000-8000-000000000002', 'arrival', tstzrange(now() + interval '1 day', now() + interval '14 days'), 'KIX')`);
});

test('anybody has the public keys, and no private one', async () => {
	const list = expectStatus(await get('/rpc/trust_list'), 200);
	assert.ok(list.keys.length >= 1);
	for (const key of list.keys) {
		assert.deepEqual([key.kty, key.crv, key.alg, key.use], ['EC', 'P-256', 'ES256', 'sig']);
		assert.equal(key.d, undefined);
		assert.equal(Buffer.from(key.kid, 'base64').length, 8);
	}
	// what a reader without a connection does with it
	assert.equal(sql(`SELECT v.valid FROM outbreak.ticket_verify('${code}', '${JSON.stringify(list)}') AS v`), 't');
});

test('a quarantine station checks a ticket', async () => {
	const [seen] = expectStatus(await rpc('check_ticket', { code }, quarantine()), 200);
	assert.deepEqual([seen.valid, seen.reason, seen.ticket, seen.kind, seen.place], [true, null, ticket, 'arrival', 'NRT']);
	const [early] = expectStatus(await rpc('check_ticket', { code: other }, quarantine()), 200);
	assert.deepEqual([early.valid, early.reason], [false, 'not_yet_valid']);
	for (const [bad, reason] of [['', 'not_a_ticket'], ['検疫', 'not_a_ticket'], ['OBT1:', 'damaged'], [`${code.slice(0, -3)}000`, 'forged']]) {
		const [answer] = expectStatus(await rpc('check_ticket', { code: bad }, quarantine()), 200);
		assert.deepEqual([answer.valid, answer.reason, answer.ticket], [false, reason, null]);
	}
});

test('any code is answered', async () => {
	for (const [given, reason] of [['HC1:', 'bad_zlib'], ['shc:/1', 'bad_digits'], ['x', 'unknown_code'], ['HC1:\u0001', 'bad_base45'], [null, 'unknown_code']])
		assert.equal(expectStatus(await rpc('verify_code', { code: given }, quarantine()), 200).reason, reason);
	assert.equal(expectStatus(await rpc('verify_code', { code }, prefecture(13)), 200).valid, true);
});

test('a code does not go into a URL', async () => {
	assert.equal((await get(`/rpc/check_ticket?code=${encodeURIComponent(code)}`, quarantine())).status, 405);
	assert.equal((await get(`/rpc/verify_code?code=${encodeURIComponent(code)}`, quarantine())).status, 405);
});

test('nobody checks, revokes or trusts without a right', async () => {
	for (const as of [undefined, analyst(), token({ role: 'outbreak_citizen' }), token({ role: 'outbreak_institution', institution: '1310000018' })])
		for (const [name, body] of [['check_ticket', { code }], ['verify_code', { code }], ['revoke_ticket', { ticket, reason: 'x' }], ['revoke_key', { kid: 'AAAA', reason: 'x' }], ['load_trust_list', { system: 'dcc', list: [], source: 'x' }], ['qr_svg', { data: 'x' }]])
			assert.ok([401, 403].includes((await rpc(name, body, as)).status), name);
	assert.equal((await rpc('revoke_key', { kid: 'AAAA', reason: 'x' }, quarantine())).status, 403);
	assert.equal((await rpc('revoke_ticket', { ticket, reason: 'x' }, prefecture(13))).status, 403);
	assert.ok([401, 403].includes((await get('/signing_keys')).status));
});

test('keys are seen by those who run the system', async () => {
	const keys = expectStatus(await get('/signing_keys?purpose=eq.ticket', prefecture(13)), 200);
	assert.ok(keys.length >= 1);
	assert.deepEqual(Object.keys(keys[0]).sort(), ['accepted_until', 'destroyed_at', 'kid', 'made_at', 'purpose', 'reason', 'revoked_at', 'signs_from', 'signs_until']);
});

test('a ticket is revoked once, a key that is not there never', async () => {
	assert.equal(expectStatus(await rpc('revoke_ticket', { ticket, reason: 'lost' }, quarantine()), 200), true);
	assert.equal(expectStatus(await rpc('revoke_ticket', { ticket, reason: 'lost' }, quarantine()), 200), false);
	const [seen] = expectStatus(await rpc('check_ticket', { code }, quarantine()), 200);
	assert.deepEqual([seen.valid, seen.reason], [false, 'revoked']);
	assert.equal((await rpc('revoke_key', { kid: 'AAAAAAAAAAA=', reason: 'x' }, ministry())).status, 404);
	assert.equal((await rpc('revoke_key', { kid: '!', reason: 'x' }, ministry())).status, 400);
	assert.equal((await rpc('revoke_ticket', { ticket, reason: ' ' }, quarantine())).status, 400);
});

test('a list that is none is refused with the key at fault', async () => {
	const answer = await rpc('load_trust_list', { system: 'dcc', list: [{}], source: 'x' }, ministry());
	assert.equal(answer.status, 400);
	assert.match(answer.json.details, /Key 1 of the list/);
	assert.deepEqual(expectStatus(await rpc('load_trust_list', { system: 'shc', list: {}, source: 'x' }, ministry()), 200), { added: 0, withdrawn: 0, revoked_cards: 0 });
});

test('a QR code comes as SVG', async () => {
	assert.match(expectStatus(await rpc('qr_svg', { data: '検疫', ec: 'Q' }, quarantine()), 200), /^<svg .*<\/svg>$/);
	assert.equal((await rpc('qr_svg', { data: '' }, quarantine())).status, 400);
	assert.equal((await rpc('qr_svg', { data: 'z'.repeat(3000) }, quarantine())).status, 400);
	assert.equal((await call('POST', '/rpc/qr_svg', { as: quarantine(), body: { data: 'x', ec: 'X' } })).status, 400);
});
