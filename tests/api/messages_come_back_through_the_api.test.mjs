// LINE calls its webhook through the API: believed by its signature over the very bytes, each event once. Gateways report
// bounces. Who is in charge sees what became of a message, a person stops messages to themselves, the public nothing.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { call, expectStatus, get, rpc, sql, token } from './client.mjs';

// what tests/server puts into the file of secrets
const secrets = { line: 'test-channel-secret', sms: 'test-callback-secret' };
const sign = (body, secret) => createHmac('sha256', secret).update(body).digest('base64');
const person = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const user = (n) => `U${String(n).padStart(32, '0')}`;
const as = (role, claims = {}) => token({ role: `outbreak_${role}`, ...claims });
const line = (body, signature = sign(body, secrets.line)) => call('POST', '/rpc/line_webhook', { body, raw: true, headers: { 'x-line-signature': signature, 'content-type': 'application/json; charset=utf-8' } });
const key = (n) => sql(`SELECT outbreak.message_key('${person(n)}', '2021-02-10', 'api')`);

before(() => {
	sql(`
		SET client_min_messages = warning;
		UPDATE access.api_limit SET requests_per_second = 100000, burst = 1000000;
		INSERT INTO registry.person (person, prefecture) VALUES ('${person(1)}', 13), ('${person(2)}', 27) ON CONFLICT DO NOTHING;
		INSERT INTO messaging.endpoint (endpoint, kind, style, url, secret) VALUES ('sms', 'sms', 'json', 'https://sms.example', 'sms') ON CONFLICT DO NOTHING;
		INSERT INTO messaging.template (template, language, body) VALUES ('t.api', 'ja', 'x') ON CONFLICT DO NOTHING;
		SELECT messaging.set_contact('${person(1)}', 'line', '${user(1)}'), messaging.set_contact('${person(2)}', 'line', '${user(2)}');
		SELECT messaging.send('${person(1)}', 'api', 't.api', day => '2021-02-10'), messaging.send('${person(2)}', 'api', 't.api', day => '2021-02-10');
		UPDATE messaging.message SET state = 'leased' WHERE kind = 'api';
		SELECT messaging.record_results('line', array_agg(day), array_agg(key), array_agg(now()), array_agg(20), array_agg('accepted'::text), array_agg(200::smallint), array_agg(NULL::text), array_agg(NULL::text), array_agg(NULL::timestamptz)) FROM messaging.message WHERE kind = 'api';
	`);
});

after(() => sql(`
	DELETE FROM messaging.incoming WHERE event LIKE 'API%';
	DELETE FROM messaging.attempt; DELETE FROM messaging.acceptance; DELETE FROM messaging.message WHERE kind = 'api';
	DELETE FROM messaging.contact WHERE person IN ('${person(1)}', '${person(2)}');
	DELETE FROM messaging.endpoint WHERE endpoint = 'sms';
	DELETE FROM messaging.template WHERE template = 't.api';
	DELETE FROM registry.person WHERE person IN ('${person(1)}', '${person(2)}');
`));

const event = (id, type, rest = {}) => ({ type, mode: 'active', timestamp: 1612926000123, webhookEventId: id, deliveryContext: { isRedelivery: false }, source: { type: 'user', userId: user(1) }, ...rest });

test('LINE is believed by its signature over the bytes as they came', async () => {
	assert.deepEqual(expectStatus(await line('{"destination": "U0", "events": []}'), 200), { taken: 0, repeated: 0, passed: 0 });
	// blanks, the order of members and escapes are part of what is signed
	const odd = `{ "events" :[${JSON.stringify(event('API1', 'message', { message: { type: 'text', text: 'x' } })).replace('"x"', '"\\u4f53\\u8abf"')}],\n\t"destination":"U0", "destination":"U1" }`;
	assert.deepEqual(expectStatus(await line(odd), 200), { taken: 1, repeated: 0, passed: 0 });
	assert.equal(sql(`SELECT data ->> 'text' FROM messaging.incoming WHERE event = 'API1'`), '体調');
	expectStatus(await line(odd, sign(`${odd} `, secrets.line)), 401);
	expectStatus(await line(odd, 'x'), 401);
	const unsigned = await call('POST', '/rpc/line_webhook', { body: odd, raw: true });
	expectStatus(unsigned, 401);
	expectStatus(await line('[]'), 400);
	expectStatus(await line('{"events": '), 400);
});

test('an event counts once, however often and by however many it is sent', async () => {
	const body = JSON.stringify({ destination: 'U0', events: [event('API2', 'postback', { postback: { data: 'a=1' } })] });
	const answers = await Promise.all(Array.from({ length: 8 }, () => line(body)));
	const taken = answers.filter((a) => a.status === 200).reduce((sum, a) => sum + a.json.taken, 0);
	assert.equal(taken, 1);
	assert.equal(sql(`SELECT count(*) FROM messaging.incoming WHERE event = 'API2'`), '1');
});

test('who blocks us is noted', async () => {
	expectStatus(await line(JSON.stringify({ events: [event('API3', 'unfollow')] })), 200);
	assert.equal(sql(`SELECT state FROM messaging.contact WHERE person = '${person(1)}'`), 'blocked');
	expectStatus(await line(JSON.stringify({ events: [event('API4', 'follow')] })), 200);
	assert.equal(sql(`SELECT state FROM messaging.contact WHERE person = '${person(1)}'`), 'active');
});

test('a gateway reports what did not arrive', async () => {
	const body = JSON.stringify({ id: `20210210-${key(2)}`, status: 'bounced', reason: 'no such number' });
	const report = (signature, endpoint = 'sms') => call('POST', '/rpc/delivery_report', { body, raw: true, headers: { 'x-outbreak-endpoint': endpoint, 'x-outbreak-signature': signature } });
	expectStatus(await report('forged'), 401);
	expectStatus(await report(sign(body, secrets.sms), 'nobody'), 401);
	assert.deepEqual(expectStatus(await report(sign(body, secrets.sms)), 200), { taken: 1, passed: 0 });
	assert.deepEqual(expectStatus(await report(sign(body, secrets.sms)), 200), { taken: 0, passed: 1 });
	const evidence = expectStatus(await rpc('message_evidence', { day: '2021-02-10', key: key(2) }, as('prefecture', { prefecture: 27 })), 200);
	assert.equal(evidence.state, 'bounced');
	assert.equal(evidence.proven, false);
});

test('messages are seen by those in charge', async () => {
	const seen = expectStatus(await get('/messages?select=person,kind,state&day=eq.2021-02-10', as('health_center', { prefecture: 13, health_center: 1 })), 200);
	assert.deepEqual(seen, [{ person: person(1), kind: 'api', state: 'accepted' }]);
	assert.equal(expectStatus(await rpc('message_evidence', { day: '2021-02-10', key: key(1) }, as('prefecture', { prefecture: 13 })), 200).proven, true);
	expectStatus(await rpc('message_evidence', { day: '2021-02-10', key: key(1) }, as('prefecture', { prefecture: 27 })), 404);
	assert.equal(expectStatus(await get('/messages_by_day?day=eq.2021-02-10&kind=eq.api', as('ministry')), 200).length, 2);
	assert.equal(expectStatus(await get('/messaging_health', as('ministry')), 200).length, 4);
	assert.deepEqual(expectStatus(await get('/messages?select=person', as('citizen', { person: person(1) })), 200), [{ person: person(1) }]);
	for (const path of ['/messages', '/messages_by_day', '/messaging_health']) expectStatus(await get(path), 401);
	expectStatus(await get('/messages', as('analyst')), 403);
});

test('a person stops messages to themselves', async () => {
	const me = as('citizen', { person: person(1) });
	assert.equal(expectStatus(await rpc('stop_messages', { channel: 'line' }, me), 200), 1);
	assert.equal(sql(`SELECT string_agg(state, ' ' ORDER BY person) FROM messaging.contact WHERE person IN ('${person(1)}', '${person(2)}')`), 'opted_out blocked');
	assert.equal(expectStatus(await rpc('allow_messages', { channel: 'line' }, me), 200), true);
	expectStatus(await rpc('stop_messages', {}), 401);
});
