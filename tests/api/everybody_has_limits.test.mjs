// Every role has its limits: requests a second, rows of an answer, time. They hold through the real PostgREST, which
// wraps its queries in its own way: the row limit is put into that wrapping, so a new version must pass here first.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { call, codes, daily, daysAgo, expectStatus, get, rpc, seed, sql, token, reload } from './client.mjs';

const url = process.env.API_URL;
const as = (role, claims = {}) => token({ role: `outbreak_${role}`, ...claims });
const day = daysAgo(1);
let limits;

/** One limit of a role for the time of a test. */
const limit = (role, assignments) => sql(`UPDATE access.api_limit SET ${assignments} WHERE role = 'outbreak_${role}'`);

before(async () => {
	limits = sql(`SELECT json_agg(l) FROM access.api_limit AS l`);
	seed();
	sql(`
		SET client_min_messages = warning;
		CREATE OR REPLACE FUNCTION api.test_count(n integer) RETURNS TABLE (i integer) LANGUAGE sql STABLE AS 'SELECT generate_series(1, n)';
		CREATE OR REPLACE FUNCTION api.test_count_up(n integer) RETURNS SETOF integer LANGUAGE sql VOLATILE AS 'SELECT generate_series(1, n)';
		CREATE OR REPLACE FUNCTION api.test_sleep(seconds float) RETURNS boolean LANGUAGE plpgsql STABLE AS 'BEGIN PERFORM pg_sleep(seconds); RETURN true; END';
		CREATE OR REPLACE FUNCTION api.test_settings() RETURNS json LANGUAGE sql STABLE AS
			$$ SELECT json_build_object('timeout', current_setting('statement_timeout'), 'rows', current_setting('outbreak.api_max_rows')) $$;
		GRANT EXECUTE ON FUNCTION api.test_count(integer), api.test_count_up(integer), api.test_sleep(float), api.test_settings() TO PUBLIC;
		CREATE TABLE IF NOT EXISTS api.test_rows (i integer PRIMARY KEY);
		GRANT SELECT, INSERT, UPDATE ON api.test_rows TO PUBLIC;
		INSERT INTO api.test_rows SELECT generate_series(1, 100) ON CONFLICT DO NOTHING;
		CREATE OR REPLACE VIEW api.test_view WITH (security_invoker = true) AS SELECT i FROM api.test_rows;
		GRANT SELECT ON api.test_view TO PUBLIC;
		DELETE FROM access.account WHERE subject LIKE 'test-%';
		INSERT INTO access.account (subject, role, institution) VALUES ('test-withdrawn', 'outbreak_institution', '${codes.tokyo[0]}'), ('test-valid', 'outbreak_institution', '${codes.tokyo[0]}');
	`);
	await reload(async () => (await rpc('test_settings', {}, as('ministry'))).status === 200);
});

after(() => {
	sql(`
		DROP VIEW api.test_view;
		DROP TABLE api.test_rows;
		DROP FUNCTION api.test_count, api.test_count_up, api.test_sleep, api.test_settings;
		DELETE FROM access.account WHERE subject LIKE 'test-%';
		UPDATE access.api_limit AS l
		SET (statement_timeout, max_rows, requests_per_second, burst, per_address) = (o.statement_timeout, o.max_rows, o.requests_per_second, o.burst, o.per_address)
		FROM json_populate_recordset(NULL::access.api_limit, '${limits}') AS o
		WHERE o.role = l.role;
	`);
});

test('a request has the time and the rows of its role', async () => {
	for (const [role, expected] of Object.entries({ anon: ['2s', '1000'], institution: ['15s', '5000'], prefecture: ['30s', '10000'], ministry: ['1min', '10000'], analyst: ['1min', '10000'] })) {
		const answer = await rpc('test_settings', {}, role === 'anon' ? undefined : as(role));
		assert.deepEqual(expectStatus(answer, 200), { timeout: expected[0], rows: expected[1] }, role);
	}
});

test('an answer has no more rows than its role may read', async () => {
	limit('ministry', 'max_rows = 7');
	limit('prefecture', 'max_rows = 3');
	const sizes = { ministry: 7, prefecture: 3, analyst: 100 };
	for (let round = 0; round < 3; round++)		// PostgREST prepares: one plan serves all roles
		for (const [role, size] of Object.entries(sizes)) {
			const who = as(role);
			for (const path of ['/test_rows', '/test_view', '/test_rows?order=i.desc', '/test_rows?limit=1000', '/rpc/test_count?n=100', '/rpc/test_count?n=100&order=i.desc', '/rpc/test_count_up?n=100'])
				assert.equal(expectStatus(await get(path, who), 200).length, size, `${role} ${path}`);
			assert.equal(expectStatus(await rpc('test_count', { n: 100 }, who), 200).length, size, `${role} POST`);
			assert.equal(expectStatus(await rpc('test_count_up', { n: 100 }, who), 200).length, size, `${role} POST volatile`);
		}
	limit('ministry', 'max_rows = 10000');
});

test('the cap leaves order, offset, smaller limits and counts alone', async () => {
	const who = as('prefecture');
	assert.deepEqual(expectStatus(await get('/test_rows?order=i.desc&offset=10', who), 200).map((r) => r.i), [90, 89, 88]);
	assert.deepEqual(expectStatus(await get('/rpc/test_count?n=100&order=i.desc&offset=10', who), 200).map((r) => r.i), [90, 89, 88]);
	assert.deepEqual(expectStatus(await get('/test_rows?order=i&limit=2', who), 200).map((r) => r.i), [1, 2]);
	assert.deepEqual(expectStatus(await get('/test_rows?limit=0', who), 200), []);
	const counted = await get('/test_rows?order=i', who, { prefer: 'count=exact' });
	assert.deepEqual([counted.status, counted.headers.get('content-range')], [206, '0-2/100']);
	const csv = await get('/test_rows?order=i', who, { accept: 'text/csv' });
	assert.equal(csv.text, 'i\n1\n2\n3');
	assert.equal((await get('/test_rows?i=eq.5', who, { accept: 'application/vnd.pgrst.object+json' })).text, '{"i":5}');
});

test('what is written comes back whole', async () => {
	const who = as('prefecture');
	const written = await call('POST', '/test_rows', { as: who, body: Array.from({ length: 20 }, (_, n) => ({ i: 1000 + n })), headers: { prefer: 'return=representation' } });
	assert.equal(expectStatus(written, 201).length, 20);
	const changed = await call('PATCH', '/test_rows?i=gte.1000', { as: who, body: { i: 999 }, headers: { prefer: 'return=representation' } });
	assert.equal(changed.status, 409, 'all of them, which collide');
	assert.equal(sql('SELECT count(*) FROM api.test_rows WHERE i >= 1000'), '20');
	limit('prefecture', 'max_rows = 10000');
});

test('a request that runs too long is stopped with 504, and the connection goes on', async () => {
	limit('ministry', `statement_timeout = '200 ms'`);
	const started = Date.now();
	for (const method of ['GET', 'POST']) {
		const answer = await fetch(`${url}/rpc/test_sleep${method === 'GET' ? '?seconds=5' : ''}`, {
			method, headers: { authorization: `Bearer ${as('ministry')}`, 'content-type': 'application/json' }, body: method === 'POST' ? '{"seconds": 5}' : undefined });
		const body = await answer.json();
		assert.deepEqual([answer.status, body.code, body.details], [504, 'PT504', null], JSON.stringify(body));
	}
	assert.ok(Date.now() - started < 3000);
	assert.equal((await rpc('test_sleep', { seconds: 0 }, as('ministry'))).status, 200);
	assert.equal((await rpc('test_sleep', { seconds: 0.4 }, as('prefecture'))).status, 200, 'the next request has its own limit');
	limit('ministry', `statement_timeout = '60 s'`);
});

test('one request too many is 429 with Retry-After; somebody else is let through', async () => {
	limit('citizen', 'burst = 3, requests_per_second = 0.5');
	const who = (name) => as('citizen', { sub: `${name}-${process.pid}-${Date.now()}` });
	const one = who('one');
	const answers = [];
	for (let n = 0; n < 5; n++) answers.push(await get('/forms', one));
	assert.deepEqual(answers.map((a) => a.status === 429), [false, false, false, true, true]);
	const refused = answers[4];
	assert.equal(refused.headers.get('retry-after'), '2');
	assert.equal(refused.json.code, 'PT429');
	assert.ok(!refused.text.includes('one-'), 'nobody is named');
	assert.notEqual((await get('/forms', who('other'))).status, 429);
	// a POST of the same one is refused as well, and does nothing
	assert.equal((await rpc('test_settings', {}, one)).status, 429);
	await new Promise((done) => setTimeout(done, 2100));
	assert.notEqual((await get('/forms', one)).status, 429, 'after the wait it is let through');
});

test('tokens without a subject share a bucket with those of the same scope alone', async () => {
	limit('institution', 'burst = 2, requests_per_second = 0.01');
	const one = as('institution', { institution: codes.hokkaido[0], jti: `${Date.now()}` });
	const other = as('institution', { institution: codes.hokkaido[1] });
	const statuses = [];
	for (const who of [one, one, one, other]) statuses.push((await get('/forms', who)).status);
	limit('institution', 'burst = 1000000, requests_per_second = 100000');
	assert.deepEqual(statuses, [200, 200, 429, 200]);
});

test('the public shares one bucket, whatever it says in X-Forwarded-For, until a proxy is trusted', async () => {
	const from = (address) => get('/forms', undefined, { 'x-forwarded-for': address });
	limit('anon', 'burst = 2, requests_per_second = 0.01');
	const statuses = [];
	for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) statuses.push((await from(address)).status);
	assert.deepEqual(statuses, [200, 200, 429]);
	limit('anon', 'per_address = true');
	// the last address is the proxy's word; what stands before it is the client's
	const [near, far] = [`2001:db8::${Date.now() % 65536}`, `2001:db8:1::${Date.now() % 65536}`];
	const counted = [];
	for (const address of [near, `203.0.113.9, ${near}`, `203.0.113.8, ${near}`, far]) counted.push((await from(address)).status);
	assert.deepEqual(counted, [200, 200, 429, 200]);
	limit('anon', 'burst = 1000000, requests_per_second = 100000, per_address = false');
});

test('the token of a withdrawn account is worth nothing at once', async () => {
	const valid = as('institution', { sub: 'test-valid' });
	const reports = `/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`;
	expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(codes.tokyo[0], day)] }, valid), 200);
	assert.equal(expectStatus(await get(reports, valid), 200).length, 1);
	sql(`SELECT access.withdraw_accounts('lost', subjects => '{test-withdrawn}')`);
	const [noted] = JSON.parse(sql(`SELECT json_agg(a) FROM (SELECT action, image::json AS image FROM access.audit WHERE relation IS NULL AND action = 'withdraw' ORDER BY recorded_at DESC LIMIT 1) AS a`));
	assert.deepEqual(noted.image, { accounts_by_prefecture: { 13: 1 } }, 'the withdrawal is noted');
	for (const claims of [{}, { institution: codes.tokyo[0] }]) {
		const answer = await get(reports, as('institution', { sub: 'test-withdrawn', ...claims }));
		assert.equal(answer.status, 401);
		assert.deepEqual([answer.json.message, answer.json.details, answer.json.hint], ['this account cannot be used', null, null]);
	}
	sql(`UPDATE access.account SET valid = '(,2020-01-01)' WHERE subject = 'test-valid'`);
	assert.equal((await get(reports, valid)).status, 401);
});

test('an account cannot be used in another role than its own', async () => {
	sql(`UPDATE access.account SET valid = '(,)' WHERE subject = 'test-valid'`);
	for (const role of ['ministry', 'prefecture', 'citizen', 'auditor', 'anon'])
		assert.equal((await get('/forms', as(role, { sub: 'test-valid', prefecture: 13 }))).status, 403, role);
	assert.equal((await get('/forms', as('institution', { sub: 'test-valid' }))).status, 200);
});
