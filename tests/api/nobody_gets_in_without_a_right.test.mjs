// Tokens that are forged, stale, unsigned or for somebody else; rows and functions of others.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { analyst, association, call, codes, daily, daysAgo, expectStatus, get, institution, ministry, prefecture, rpc, seed, token } from './client.mjs';

const day = daysAgo(1);
const claims = { role: 'outbreak_ministry' };
const reports = `/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`;

before(async () => {
	seed();
	for (const code of [codes.hokkaido[0], codes.hokkaido[1], codes.tokyo[0]])
		expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(code, day)] }, institution(code)), 200);
});

test('bad tokens are 401', async () => {
	const good = token(claims);
	const [header, body, signature] = good.split('.');
	const raised = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url')), prefecture: 13 })).toString('base64url');
	const bad = {
		'signed with another secret': token(claims, { key: 'x'.repeat(48) }),
		'changed after signing': `${header}.${raised}.${signature}`,
		'without a signature': token(claims, { key: null }),
		'alg none': token(claims, { header: { alg: 'none', typ: 'JWT' }, key: null }),
		'alg None with a signature': token(claims, { header: { alg: 'None', typ: 'JWT' } }),
		'alg RS256': token(claims, { header: { alg: 'RS256', typ: 'JWT' } }),
		'expired': token(claims, { seconds: -120 }),
		'not yet valid': token({ ...claims, nbf: Math.floor(Date.now() / 1000) + 3600 }),
		'for another audience': token(claims, { aud: 'another' }),
		'no token at all': 'rubbish',
		'empty parts': '..',
	};
	for (const [what, value] of Object.entries(bad)) {
		const answer = await get(reports, value);
		assert.equal(answer.status, 401, `${what}: ${answer.status} ${answer.text}`);
	}
	assert.equal((await get(reports, good)).status, 200, 'the good one works');
});

test('a token cannot name a role that PostgREST may not become', async () => {
	for (const role of ['postgres', 'outbreak_owner', 'outbreak_worker', 'outbreak_authenticator', 'pg_read_all_data', 'no_such_role', '"; DROP', '']) {
		const answer = await get(reports, token({ role }));
		assert.ok([400, 401, 403].includes(answer.status), `${role}: ${answer.status} ${answer.text}`);
	}
});

test('an institution sees its own rows only', async () => {
	const rows = expectStatus(await get(reports, institution(codes.hokkaido[0])), 200);
	assert.deepEqual(rows.map((r) => r.institution), [codes.hokkaido[0]]);
});

test('an institution cannot report for another one', async () => {
	for (const other of [codes.hokkaido[1], codes.tokyo[0]]) {
		const answer = await rpc('submit', { form: 'gmis.daily', records: [daily(other, day, { beds_occupied: 0 })] }, institution(codes.hokkaido[0]));
		assert.ok([400, 403].includes(answer.status), answer.text);
		const answerToday = await rpc('submit', { form: 'gmis.daily', records: [daily(other, daysAgo(0))] }, institution(codes.hokkaido[0]));
		assert.ok([400, 403].includes(answerToday.status), answerToday.text);
	}
	const rows = expectStatus(await get(reports, ministry()), 200);
	assert.ok(rows.every((r) => r.beds_occupied === 10), 'nothing changed');
	assert.equal(rows.length, 3);
});

test('a prefecture sees and enters its own rows only', async () => {
	assert.deepEqual(expectStatus(await get(reports, prefecture(13)), 200).map((r) => r.institution), [codes.tokyo[0]]);
	assert.equal(expectStatus(await get(reports, prefecture(1)), 200).length, 2);
	assert.deepEqual(expectStatus(await get(reports, prefecture(27)), 200), []);
	const rows = expectStatus(await get(`/rpc/completeness?form=gmis.daily&on_period=${day}`, prefecture(13)), 200);
	assert.ok(rows.every((r) => r.prefecture === 13), JSON.stringify(rows));
	assert.equal((await rpc('submit', { form: 'gmis.daily', records: [daily(codes.tokyo[0], day)] }, prefecture(13))).status, 200);
	assert.equal((await rpc('submit', { form: 'gmis.daily', records: [daily(codes.hokkaido[0], day)] }, prefecture(13))).status, 403);
});

test('a scope of the wrong shape is an empty scope', async () => {
	for (const odd of [{ prefecture: 0 }, { prefecture: 48 }, { prefecture: '13 OR 1=1' }, { prefecture: null }, { prefecture: [13] }, { prefecture: 1e30 }, { prefecture: -1 }, { prefecture: {} }, {}]) {
		const answer = await get(reports, token({ role: 'outbreak_prefecture', ...odd }));
		assert.deepEqual(expectStatus(answer, 200), [], JSON.stringify(odd));
	}
	for (const odd of [{ institution: '0110112480' }, { institution: '' }, { institution: 'x'.repeat(5000) }, { institution: { a: 1 } }, { institution: null }, { organisation: 'one' }, { organisation: 1e30 }, { organisation: -5 }, {}]) {
		const as = token({ role: 'outbreak_institution', ...odd });
		assert.deepEqual(expectStatus(await get(reports, as), 200), [], JSON.stringify(odd));
		assert.ok([400, 403].includes((await rpc('submit', { form: 'gmis.daily', records: [daily(codes.hokkaido[0], day)] }, as)).status));
	}
});

test('claims of one role do not widen another', async () => {
	const as = token({ role: 'outbreak_institution', institution: codes.hokkaido[0], prefecture: 13 });
	assert.deepEqual(expectStatus(await get(reports, as), 200).map((r) => r.institution), [codes.hokkaido[0]]);
});

test('an organisation that enters for nobody sees nobody', async () => {
	assert.deepEqual(expectStatus(await get(reports, association(424242)), 200), []);
});

test('schemas other than api are not served', async () => {
	for (const path of ['/daily', '/institution', '/pg_roles', '/rpc/register', '/rpc/run_job', '/rpc/pg_sleep', '/rpc/form_named'])
		assert.equal((await get(path, ministry())).status, 404, path);
	for (const profile of ['gmis', 'pg_catalog', 'outbreak', 'public'])
		assert.equal((await get('/daily', ministry(), { 'accept-profile': profile })).status, 406, profile);
});

test('views cannot be written to', async () => {
	for (const view of ['forms', 'rules', 'findings', 'rejected', 'reminders', 'prefectures', 'institutions', 'covid19_daily_survey'])
		for (const method of ['POST', 'PATCH', 'DELETE']) {
			const answer = await call(method, `/${view}`, { as: ministry(), body: method === 'DELETE' ? undefined : { form: 'x', name_ja: 'x', ansType: 'x', reason: 'x' } });
			assert.ok([400, 401, 403, 404, 405].includes(answer.status), `${method} ${view}: ${answer.status} ${answer.text}`);
		}
	assert.equal(expectStatus(await get('/forms?select=form', ministry()), 200).length >= 3, true);
});

test('an analyst reads aggregates and no report', async () => {
	expectStatus(await get(`/rpc/reporting_rate?on_date=${day}`, analyst()), 200);
	assert.equal((await rpc('submit', { form: 'gmis.daily', records: [daily(codes.tokyo[0], day)] }, analyst())).status, 403);
	assert.equal((await get(`/rpc/silent?on_date=${day}`, analyst())).status, 403);
});
