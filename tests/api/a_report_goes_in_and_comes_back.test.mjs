// A hospital hands in its day, reads it, corrects it, answers what the rules doubt; the history keeps what was said before.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { codes, daily, daysAgo, expectStatus, get, institution, ministry, prefecture, rpc, seed, sql } from './client.mjs';

const [mine] = codes.hokkaido;
const me = institution(mine);
const day = daysAgo(1);

before(seed);

test('a report that breaks no rule is taken in', async () => {
	const answer = expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(mine, day)] }, me), 200);
	assert.equal(answer.accepted, 1);
	assert.equal(answer.kept, 0);
	assert.ok(answer.findings.every((f) => f.verdict === 'undecidable' && /jump/.test(f.code)), 'nothing but what the first report leaves open');
});

test('a single record needs no array', async () => {
	const answer = expectStatus(await rpc('submit', { form: 'gmis.service_status', records: { institution: mine, on_date: day, service: 'inpatient', status: '制限' } }, me), 200);
	assert.equal(answer.accepted, 1);
});

test('it comes back as it was, with its prefecture and its source', async () => {
	const [row] = expectStatus(await get(`/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`, me), 200);
	assert.equal(row.institution, mine);
	assert.equal(row.beds_occupied, 10);
	assert.equal(row.other_staff, '欠員あり');
	assert.equal(row.prefecture, 1);
	assert.equal(row.source, 'own');
});

test('lists are cut by limit and offset, and by reporter', async () => {
	const two = [daily(mine, daysAgo(2)), daily(mine, daysAgo(3))];
	expectStatus(await rpc('submit', { form: 'gmis.daily', records: two }, me), 200);
	const range = `form=gmis.daily&from_date=${daysAgo(3)}&to_date=${day}`;
	assert.equal(expectStatus(await get(`/rpc/reports?${range}`, me), 200).length, 3);
	const [second] = expectStatus(await get(`/rpc/reports?${range}&limit=1&offset=1`, me), 200);
	assert.equal(second.on_date, daysAgo(2));
	assert.equal(expectStatus(await get(`/rpc/reports?${range}&reporter=${mine}`, me), 200).length, 3);
	assert.equal(expectStatus(await get(`/rpc/reports?${range}&reporter=${codes.tokyo[0]}`, me), 200).length, 0);
});

test('handing it in again replaces it, and the history keeps the first version', async () => {
	const before = new Date().toISOString();
	expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(mine, day, { beds_occupied: 12 })] }, me), 200);
	const [row] = expectStatus(await get(`/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`, me), 200);
	assert.equal(row.beds_occupied, 12);

	const [then] = expectStatus(await get(`/rpc/as_known_at?form=gmis.daily&at=${before}&from_date=${day}&to_date=${day}`, me), 200);
	assert.equal(then.beds_occupied, 10, 'as it stood then');

	const versions = expectStatus(await rpc('history', { form: 'gmis.daily', key: { institution: mine, on_date: day } }, me), 200);
	assert.deepEqual(versions.map((v) => v.report.beds_occupied), [10, 12]);
	assert.equal(versions[1].replaced_at, null);
});

test('a warning lets the report in and wants a reason', async () => {
	const answer = expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(mine, day, { beds_occupied: 25, inpatients: 25 })] }, me), 200);
	assert.equal(answer.accepted, 1);
	const warning = answer.findings.find((f) => f.code === 'beds_occupied_within_beds_secured');
	assert.ok(warning, JSON.stringify(answer));
	assert.equal(warning.severity, 'warning');
	assert.match(warning.message_ja, /確保病床/);

	const query = '/findings?reason=is.null&code=eq.beds_occupied_within_beds_secured';
	const [open] = expectStatus(await get(query, me), 200);
	assert.equal(open.form, 'gmis.daily');
	assert.deepEqual(open.key, { institution: mine, on_date: day });
	assert.equal(open.message_en, warning.message_en);

	const given = await rpc('give_reason', { form: 'gmis.daily', key: open.key, code: open.code, reason: '臨時に増床した' }, me);
	assert.ok(given.status === 200 || given.status === 204, given.text);
	assert.deepEqual(expectStatus(await get(query, me), 200), []);
	const [closed] = expectStatus(await get('/findings?code=eq.beds_occupied_within_beds_secured', prefecture(1)), 200);
	assert.equal(closed.reason, '臨時に増床した');
});

test('a reason for a report of somebody else is refused or finds nothing', async () => {
	const answer = await rpc('give_reason', { form: 'gmis.daily', key: { institution: mine, on_date: day }, code: 'beds_occupied_within_beds_secured', reason: 'x' }, institution(codes.hokkaido[1]));
	assert.ok(answer.status >= 400, answer.text);
	const [row] = expectStatus(await get('/findings?code=eq.beds_occupied_within_beds_secured', me), 200);
	assert.equal(row.reason, '臨時に増床した');
});

test('a dry run judges every rule and takes nothing in', async () => {
	const other = daysAgo(5);
	const record = daily(mine, other, { positives: 41, tests: null });
	const verdicts = expectStatus(await rpc('check', { form: 'gmis.daily', record }, me), 200);
	const of = (code) => verdicts.find((v) => v.code === code)?.verdict;
	assert.equal(of('positives_within_tests'), 'undecidable', 'tests are not answered');
	assert.equal(of('icu_used_within_icu_present'), 'passed');
	assert.deepEqual(expectStatus(await get(`/rpc/reports?form=gmis.daily&from_date=${other}&to_date=${other}`, me), 200), []);

	const wrong = expectStatus(await rpc('check', { form: 'gmis.daily', record: daily(mine, other, { beds_secured: 'many', no_such_item: 1 }) }, me), 200);
	assert.ok(wrong.some((v) => v.code === 'type' && v.fields.includes('beds_secured')), JSON.stringify(wrong));
	assert.ok(wrong.some((v) => v.code === 'unknown_field' && v.fields.includes('no_such_item')), JSON.stringify(wrong));
});

test('a dry run can be asked with GET', async () => {
	const record = encodeURIComponent(JSON.stringify(daily(mine, day)));
	const verdicts = expectStatus(await get(`/rpc/check?form=gmis.daily&record=${record}`, me), 200);
	assert.ok(verdicts.length > 20);
	const key = encodeURIComponent(JSON.stringify({ institution: mine, on_date: day }));
	assert.ok(expectStatus(await get(`/rpc/history?form=gmis.daily&key=${key}`, me), 200).length > 1, 'and so can the history');
});

test('who answered is seen by prefecture and ministry', async () => {
	for (const as of [prefecture(1), ministry()]) {
		const rows = expectStatus(await get(`/rpc/completeness?form=gmis.daily&on_period=${day}`, as), 200);
		assert.equal(rows.find((r) => r.institution === mine)?.answered, true);
		assert.equal(rows.find((r) => r.institution === codes.hokkaido[1])?.answered, false);
	}
});

test('a row that was set aside can be mended and handed in', async () => {
	const other = daysAgo(6);
	sql(`
		SET outbreak.on_invalid = 'quarantine';
		INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, source) VALUES ('${mine}', '${other}', 5, 9, 'import');
	`);
	const [row] = expectStatus(await get('/rejected?resubmitted_at=is.null', me), 200);
	assert.equal(row.form, 'gmis.daily');
	assert.equal(row.record.beds_ready, 9);
	assert.ok(row.findings.some((f) => f.code === 'beds_ready_within_beds_secured'));

	assert.equal((await rpc('resubmit', { id: row.id }, me)).status, 400, 'as it is, it is refused again');
	const answer = expectStatus(await rpc('resubmit', { id: row.id, patch: { beds_ready: 4 } }, me), 200);
	assert.equal(answer.accepted, 1);
	const [stored] = expectStatus(await get(`/rpc/reports?form=gmis.daily&from_date=${other}&to_date=${other}`, me), 200);
	assert.equal(stored.beds_ready, 4);
	assert.deepEqual(expectStatus(await get('/rejected?resubmitted_at=is.null', me), 200), []);
	assert.ok((await rpc('resubmit', { id: row.id, patch: { beds_ready: 4 } }, me)).status >= 400, 'a second time it is not taken');
	assert.ok((await rpc('resubmit', { id: row.id, patch: { beds_ready: 3 } }, institution(codes.tokyo[0]))).status >= 400, 'nor from somebody else');
});
