// 400, the code of the refusal, and in "details" every finding of every record: rule, fields, both texts. Nothing is taken in.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { codes, daily, daysAgo, expectStatus, findings, get, institution, rpc, seed } from './client.mjs';

const [mine] = codes.hokkaido;
const me = institution(mine);
const day = daysAgo(1);
const stored = async (from = day, to = day) => expectStatus(await get(`/rpc/reports?form=gmis.daily&from_date=${from}&to_date=${to}`, me), 200);

before(seed);

test('every broken rule of a record is listed at once', async () => {
	const bad = daily(mine, day, { beds_ready: 21, positives: 50, icu_used: -1, doctors: 'まあまあ' });
	const answer = await rpc('submit', { form: 'gmis.daily', records: [bad] }, me);
	expectStatus(answer, 400);
	assert.equal(answer.json.code, 'OB001');
	const list = findings(answer);
	const broken = list.filter((f) => f.severity === 'error' && f.verdict === 'violated').map((f) => f.code).sort();
	assert.deepEqual(broken, ['beds_ready_within_beds_secured', 'doctors_known', 'icu_used_range', 'positives_within_tests']);
	for (const f of list.filter((f) => f.verdict === 'violated')) {
		assert.equal(f.record, 1);
		assert.deepEqual(f.key, { institution: mine, on_date: day });
		assert.ok(f.fields.length > 0, JSON.stringify(f));
		assert.match(f.message_ja, /[ぁ-んァ-ン一-龠]/);
		assert.match(f.message_en, /^[A-Za-z_]/);
	}
	assert.deepEqual(list.find((f) => f.code === 'beds_ready_within_beds_secured').fields.sort(), ['beds_ready', 'beds_secured']);
	assert.ok(answer.json.hint, 'the hint says how to go on');
	assert.deepEqual(await stored(), [], 'nothing is taken in');
});

test('of many records each is judged, and one bad one keeps all of them out', async () => {
	const records = [1, 2, 3].map((n) => daily(mine, daysAgo(n), n === 2 ? { ecmo_used: 9 } : {}));
	const answer = await rpc('submit', { form: 'gmis.daily', records }, me);
	expectStatus(answer, 400);
	const broken = findings(answer).filter((f) => f.severity === 'error' && f.verdict === 'violated');
	assert.deepEqual(broken.map((f) => [f.record, f.code]), [[2, 'ecmo_used_within_ecmo_present']]);
	assert.deepEqual(await stored(daysAgo(3), day), []);
});

test('wrong types, unknown items and missing keys are findings too', async () => {
	const records = [
		daily(mine, day, { beds_secured: 'twenty' }),
		daily(mine, day, { beds_sekured: 20 }),
		{ institution: mine, beds_secured: 1 },
		daily('0110112480', day),
		daily(mine, '2021-02-30'),
	];
	const answer = await rpc('submit', { form: 'gmis.daily', records }, me);
	expectStatus(answer, 400);
	const list = findings(answer).map((f) => `${f.record} ${f.code} ${f.fields}`);
	for (const expected of ['1 type beds_secured', '2 unknown_field beds_sekured', '3 missing_key on_date', '4 type institution', '5 type on_date'])
		assert.ok(list.includes(expected), `${expected} is not in\n${list.join('\n')}`);
});

test('an institution that nobody registered is refused', async () => {
	const stranger = '0110116407';
	const answer = await rpc('submit', { form: 'gmis.daily', records: [daily(stranger, day)] }, institution(stranger));
	assert.ok(answer.status >= 400, answer.text);
});

test('an unknown form is a 400 that lists the forms that one may use', async () => {
	for (const form of ['gmis.dayly', '', 'daily', 'pg_catalog.pg_authid', 'registry.institution', 'gmis.daily_default', 'gmis.daily; DROP TABLE gmis.daily']) {
		const answer = await rpc('submit', { form, records: [] }, me);
		expectStatus(answer, 400);
		assert.equal(answer.json.code, 'OB004');
		const { forms } = JSON.parse(answer.json.details);
		assert.ok(forms.includes('gmis.daily'), answer.text);
		assert.match(answer.json.hint, /gmis\.daily/);
	}
	for (const path of ['reports?form=x&from_date=2021-01-01&to_date=2021-01-01', 'completeness?form=x&on_period=2021-01-01',
		'as_known_at?form=x&at=2021-01-01&from_date=2021-01-01&to_date=2021-01-01', 'check?form=x&record={}']) {
		const answer = await get(`/rpc/${path}`, me);
		expectStatus(answer, 400);
		assert.equal(answer.json.code, 'OB004');
	}
});

test('a source that does not exist is a bad request', async () => {
	assert.equal((await rpc('submit', { form: 'gmis.daily', records: [daily(mine, day)], source: 'divine' }, me)).status, 400);
});
