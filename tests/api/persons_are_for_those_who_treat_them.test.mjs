// An institution registers, finds and reads a person; nobody else does, and no answer or log repeats what was sent.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyst, call, codes, expectStatus, get, institution, ministry, prefecture, rpc, seed, sql, token } from './client.mjs';

const mine = institution(codes.hokkaido[0]);
const other = institution(codes.hokkaido[1]);
const centre = (number) => token({ role: 'outbreak_health_center', health_center: number });
const citizen = (person) => token({ role: 'outbreak_citizen', person });
const secret = { name: '秘密 太郎', kana: 'ひみつ たろう', birth_on: '1971-02-03', phone: '090-5555-7777', mail: 'himitsu@example.jp', address: '札幌市中央区秘密町1' };
const logs = ['server.log', 'postgrest.log'].map((name) => `${process.env.OUTBREAK_WORK}/log/${name}`);
let person;
let logged;

before(async () => {
	seed();
	logged = logs.map((file) => readFileSync(file).length);
	sql("INSERT INTO registry.health_center (health_center, prefecture, name_ja) VALUES (990001, 1, 'API試験保健所'), (990013, 13, 'API試験保健所') ON CONFLICT DO NOTHING");
	person = expectStatus(await rpc('register_person', { ...secret, sex: 'male' }, mine), 200);
});

const withheld = (answer) => {
	for (const value of [...Object.values(secret), '秘密', 'himitsu', '5555']) assert.ok(!answer.text.includes(value), `the answer repeats ${value}: ${answer.text}`);
	return answer;
};

test('who registers finds and reads', async () => {
	assert.match(person, /^[0-9a-f]{8}-/);
	for (const key of [{ name: '秘密太郎' }, { kana: 'ヒミツタロウ' }, { phone: '+81-90-5555-7777' }, { mail: 'HIMITSU@example.jp' }, { birth_on: '1971-02-03' }, { name: '秘密　太郎', birth_on: '1971-02-03', phone: '09055557777' }]) {
		const found = expectStatus(withheld(await rpc('find_persons', key, mine)), 200);
		assert.ok(found.some((f) => f.person === person), JSON.stringify(key));
		assert.deepEqual(Object.keys(found[0]).sort(), ['birth_year', 'closed_on', 'health_center', 'institution', 'made_at', 'municipality', 'person', 'prefecture', 'sex']);
	}
	assert.deepEqual(expectStatus(await rpc('find_persons', { name: '秘密太郎', birth_on: '1971-02-04' }, mine), 200), []);
	const [identity] = expectStatus(await rpc('identity', { person }, mine), 200);
	assert.deepEqual(identity, { person_id: person, ...secret });
	const [row] = expectStatus(await get(`/persons?person=eq.${person}`, mine), 200);
	assert.equal(row.institution, codes.hokkaido[0]);
	assert.equal(row.prefecture, 1);
	assert.equal(row.birth_year, 1971);
});

test('the prefecture and the person read it too', async () => {
	for (const as of [prefecture(1), citizen(person)]) {
		assert.equal(expectStatus(await get(`/persons?person=eq.${person}`, as), 200).length, 1);
		assert.equal(expectStatus(await rpc('identity', { person }, as), 200)[0].name, secret.name);
	}
});

test('others get nothing', async () => {
	for (const as of [other, prefecture(13), centre(990001), token({ role: 'outbreak_institution' }), citizen('00000000-0000-4000-8000-000000000000')]) {
		assert.deepEqual(expectStatus(withheld(await get(`/persons?person=eq.${person}`, as)), 200), []);
		expectStatus(withheld(await rpc('identity', { person }, as)), 404);
	}
	for (const as of [other, prefecture(13), centre(990001)]) {
		assert.deepEqual(expectStatus(withheld(await rpc('find_persons', { name: secret.name }, as)), 200), []);
		expectStatus(await rpc('correct_person', { person, name: 'x' }, as), 404);
		expectStatus(await rpc('close_person', { person }, as), 404);
	}
});

test('those whom identities are not for are told so', async () => {
	for (const as of [ministry(), analyst(), undefined, token({ role: 'outbreak_wholesaler' })]) {
		const status = as === undefined ? 401 : 403;
		assert.equal(withheld(await get(`/persons?person=eq.${person}`, as)).status, status);
		for (const [name, body] of Object.entries({ identity: { person }, find_persons: { name: secret.name }, register_person: secret, correct_person: { person, name: 'x' }, close_person: { person } }))
			assert.equal(withheld(await rpc(name, body, as)).status, status, name);
	}
	// a citizen reads, and does nothing else
	for (const [name, body] of Object.entries({ find_persons: { name: secret.name }, register_person: secret, correct_person: { person, name: 'x' }, close_person: { person } }))
		assert.equal((await rpc(name, body, citizen(person))).status, 403, name);
	for (const method of ['POST', 'PATCH', 'DELETE'])
		assert.ok([401, 403].includes((await call(method, '/persons', { as: mine, body: method === 'DELETE' ? undefined : { sex: 'other' } })).status), method);
});

test('what is wrong comes back field by field, never value by value', async () => {
	const bad = { name: ' 　', kana: secret.name, birth_on: '2999-02-30', sex: '秘密', phone: '5555', mail: secret.name, address: '秘密'.repeat(200), municipality: '秘密', health_center: '秘密', institution: '秘密' };
	const answer = withheld(await rpc('register_person', bad, mine));
	expectStatus(answer, 400);
	assert.equal(answer.json.code, '22023');
	assert.deepEqual(JSON.parse(answer.json.details).map((f) => f.field).sort(), Object.keys(bad).sort());
	assert.ok(JSON.parse(answer.json.details).every((f) => f.message_ja && f.message_en));
	for (const [field, value] of Object.entries(bad)) {
		const one = withheld(await rpc('register_person', { ...secret, [field]: value }, mine));
		expectStatus(one, 400);
		assert.deepEqual([...new Set(JSON.parse(one.json.details).map((f) => f.field))], [field]);
	}
	for (const birth_on of ['2999-01-01', '1971/02/03', '1700-01-01', 'infinity', '0000-00-00', '71-2-3'])
		expectStatus(withheld(await rpc('register_person', { ...secret, birth_on }, mine)), 400);
	expectStatus(withheld(await rpc('register_person', {}, mine)), 404); // PostgREST: no function without a name
	expectStatus(withheld(await rpc('find_persons', {}, mine)), 400);
	expectStatus(withheld(await rpc('find_persons', { birth_on: '秘密' }, mine)), 400);
	for (const odd of ['秘密', '', 'x'.repeat(5000), `${person}'`, null])
		assert.ok([400, 404].includes(withheld(await rpc('identity', { person: odd }, mine)).status));
	// a health centre or institution of its own choice is no way around: not for another's institution
	assert.equal(withheld(await rpc('register_person', { ...secret, institution: codes.hokkaido[1] }, mine)).status, 403);
	assert.equal(withheld(await rpc('register_person', { ...secret, health_center: '990013' }, centre(990001))).status, 403);
});

test('what is no JSON is not repeated either', async () => {
	for (const body of ['{"name": "秘密 太郎", "kana": 秘密}', '{"name": "秘密 太郎"', '"秘密"', '["秘密 太郎"]', '[{"name": "秘密 太郎"}, 秘密]', '{"name": {"秘密": 1}, "phone": ["090-5555-7777"]}', '{"秘密": "秘密"}', '{"name": "\\u0000秘密"}', '{"name": "\\ud800秘密"}'])
		// with the columns named PostgREST does not look into the body: the server does
		for (const [method, path] of [['POST', '/rpc/register_person'], ['POST', '/rpc/register_person?columns=name,kana'], ['POST', '/rpc/find_persons'], ['POST', '/rpc/answer'], ['POST', '/rpc/answer?columns=prompt,answer'], ['POST', '/persons?columns=sex'], ['PATCH', `/persons?person=eq.${person}`]])
			await call(method, path, { as: mine, body, raw: true });
});

test('personal values do not travel in a URL', async () => {
	for (const path of [`/rpc/find_persons?name=${encodeURIComponent(secret.name)}`, `/rpc/identity?person=${person}`, `/rpc/register_person?name=${encodeURIComponent(secret.name)}`])
		assert.equal(withheld(await get(path, mine)).status, 405, path);
});

test('corrections, a change of hands, an end', async () => {
	const id = expectStatus(await rpc('register_person', { name: '訂正 花子', phone: '09012340000' }, mine), 200);
	expectStatus(await rpc('correct_person', { person: id, name: '訂正 華子', phone: '', birth_on: '2000-12-31' }, mine), 204);
	const [identity] = expectStatus(await rpc('identity', { person: id }, mine), 200);
	assert.deepEqual([identity.name, identity.phone, identity.birth_on], ['訂正 華子', null, '2000-12-31']);
	assert.deepEqual(expectStatus(await rpc('find_persons', { phone: '09012340000' }, mine), 200), []);
	const handed = expectStatus(await rpc('register_person', { name: '委託 一郎', health_center: '990001' }, mine), 200);
	assert.equal(expectStatus(await rpc('identity', { person: handed }, centre(990001)), 200)[0].name, '委託 一郎');
	expectStatus(await rpc('close_person', { person: handed, closed_on: '2999-01-01' }, mine), 400);
	expectStatus(await rpc('close_person', { person: handed }, mine), 204);
	assert.notEqual(expectStatus(await get(`/persons?person=eq.${handed}`, mine), 200)[0].closed_on, null);
});

test('everybody sees the scope that he has', async () => {
	const scope = expectStatus(await get('/rpc/my_scope', mine), 200);
	assert.equal(scope.institution, codes.hokkaido[0]);
	assert.equal(scope.role, 'outbreak_institution');
	assert.equal(expectStatus(await get('/rpc/my_scope', prefecture(13)), 200).prefecture, '13');
	assert.equal((await get('/rpc/my_scope')).status, 401);
});

test('the server\'s log holds none of it', () => {
	const log = logs.map((file, n) => readFileSync(file).subarray(logged[n]).toString()).join('\n');
	assert.ok(log.includes('the person is not taken'), 'the log holds the refusals');
	for (const value of ['秘密', 'himitsu', '5555-7777', '09055557777', '訂正', encodeURIComponent('秘密')]) assert.ok(!log.includes(value), `the log holds ${value}`);
});
