// Whatever is sent, the answer is below 500 (client.mjs checks every one), and nothing but a good report is stored.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { call, codes, daily, daysAgo, expectStatus, get, institution, ministry, rpc, seed, sql } from './client.mjs';

const [mine] = codes.hokkaido;
const me = institution(mine);
const day = daysAgo(1);

before(seed);

const strange = [
	2147483648, -2147483649, 9223372036854775808, 1e308, -0.5, 1.5, '', ' ', 'NaN', 'Infinity', '1e3', '0x10', '１０', '10; DROP TABLE gmis.daily',
	"'; DELETE FROM gmis.daily; --", '$$', '\\', '\ud83d\ude00', '\uffff', 'a'.repeat(100000), true, [], [1], {}, { a: 1 },
];

test('a strange value in any item is refused with 400, or is a value of that item', async () => {
	for (const item of ['beds_secured', 'on_date', 'institution', 'doctors', 'source', 'prefecture', 'reported_at', 'recorded_at'])
		for (const value of strange) {
			const answer = await rpc('submit', { form: 'gmis.daily', records: [daily(mine, day, { [item]: value })] }, me);
			assert.ok([200, 400, 403].includes(answer.status), `${item} = ${JSON.stringify(value).slice(0, 50)}: ${answer.status} ${answer.text}`);
			const check = await rpc('check', { form: 'gmis.daily', record: daily(mine, day, { [item]: value }) }, me);
			assert.ok([200, 400].includes(check.status), `check of ${item} = ${JSON.stringify(value).slice(0, 50)}: ${check.status} ${check.text}`);
		}
	assert.equal(sql('SELECT count(*) FROM gmis.daily WHERE beds_secured NOT BETWEEN 0 AND 10000'), '0');
});

test('records of a strange shape are refused', async () => {
	for (const records of [null, 1, 'x', true, [1], ['x'], [null], [[]], [[daily(mine, day)]], { a: { b: { c: 1 } } }]) {
		const answer = await rpc('submit', { form: 'gmis.daily', records }, me);
		assert.ok(answer.status === 400, `${JSON.stringify(records)}: ${answer.status} ${answer.text}`);
	}
	const none = await rpc('submit', { form: 'gmis.daily', records: [] }, me);
	assert.ok([200, 400].includes(none.status), none.text);
});

test('text that is no JSON is refused', async () => {
	for (const body of ['', '{', 'null', '[]', '"x"', '{"form": }', '\u0000', '{"form":"gmis.daily","records":[{"institution":"\\u0000"}]}', '[[[['.repeat(20000), '{"a":'.repeat(5000)]) {
		const answer = await call('POST', '/rpc/submit', { as: me, body, raw: true });
		assert.ok(answer.status >= 400, `${body.slice(0, 40)}: ${answer.status} ${answer.text}`);
	}
	const deep = '{"form":"gmis.daily","records":' + '['.repeat(3000) + ']'.repeat(3000) + '}';
	assert.equal((await call('POST', '/rpc/submit', { as: me, body: deep, raw: true })).status, 400);
});

test('other types of content are refused', async () => {
	for (const type of ['text/xml', 'application/octet-stream', 'multipart/form-data', 'x']) {
		const answer = await call('POST', '/rpc/submit', { as: me, body: '<a/>', raw: true, headers: { 'content-type': type } });
		assert.ok([400, 404, 415].includes(answer.status), `${type}: ${answer.status} ${answer.text}`);
	}
});

test('two records with one key are a bad request or one report, never two', async () => {
	const answer = await rpc('submit', { form: 'gmis.daily', records: [daily(mine, daysAgo(8)), daily(mine, daysAgo(8), { beds_occupied: 11 })] }, me);
	assert.ok([200, 400, 409].includes(answer.status), answer.text);
	assert.ok(Number(sql(`SELECT count(*) FROM gmis.daily WHERE on_date = '${daysAgo(8)}'`)) <= 1);
});

test('parameters that do not exist, are missing or are doubled', async () => {
	for (const path of ['/rpc/reports', '/rpc/reports?form=gmis.daily', '/rpc/reports?form=gmis.daily&from_date=x&to_date=y', '/rpc/bed_occupancy?on_date=2021-13-01',
		'/rpc/bed_occupancy?on_date=2021-08-11&level=galaxy', '/rpc/bed_occupancy?on_date=2021-08-11&max_age_days=99999999999', '/rpc/bed_occupancy?on_date=2021-08-11&max_age_days=x', '/rpc/service_counts?on_date=2021-08-11&level=',
		'/rpc/nearest_free?longitude=x&latitude=1', '/rpc/nearest_free?longitude=1&latitude=2&max_age=yesterday', '/rpc/nearest_free?longitude=1&latitude=2&bed_kind=water',
		'/rpc/no_such_function', '/no_such_view', '/forms?no_such_column=eq.1', '/forms?form=nonsense.1', '/forms?select=*,*,(', '/forms?order=form.sideways']) {
		const answer = await get(path, ministry());
		assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
	}
});

test('extreme but well-formed parameters are answered', async () => {
	for (const path of ['/rpc/bed_occupancy?on_date=0001-01-01', '/rpc/bed_occupancy?on_date=infinity', '/rpc/bed_occupancy?on_date=-infinity', '/rpc/bed_occupancy?on_date=294276-12-31',
		'/rpc/bed_occupancy?on_date=5874897-12-31', '/rpc/bed_occupancy?on_date=4713-01-01 BC', '/rpc/bed_occupancy?on_date=0001-01-01&max_age_days=2147483647', '/rpc/bed_occupancy?on_date=2021-01-01&max_age_days=-5',
		'/rpc/bed_occupancy?on_date=infinity&max_age_days=5', '/rpc/service_counts?on_date=infinity', '/rpc/reporting_rate?on_date=infinity', '/rpc/supply_outlook?on_date=infinity', '/rpc/supply_outlook?on_date=-infinity', '/rpc/silent?on_date=infinity',
		'/rpc/silent?on_date=-infinity', '/rpc/silent?on_date=5874897-12-31', '/rpc/stopped?on_date=-infinity', '/rpc/supply_outlook?on_date=5874897-12-31', '/rpc/stopped?on_date=4713-01-01 BC', '/rpc/covid19_daily_survey_since?since=-infinity',
		'/rpc/covid19_daily_survey_since?since=infinity', '/rpc/reports?form=gmis.daily&from_date=-infinity&to_date=infinity', '/rpc/as_known_at?form=gmis.daily&at=-infinity&from_date=-infinity&to_date=infinity',
		'/rpc/completeness?form=gmis.daily&on_period=infinity', '/rpc/completeness?form=gmis.daily&on_period=5874897-12-31', '/rpc/completeness?form=gmis.daily&on_period=4713-01-01 BC',
		'/rpc/nearest_free?longitude=181&latitude=91', '/rpc/nearest_free?longitude=NaN&latitude=NaN', '/rpc/nearest_free?longitude=Infinity&latitude=0', '/rpc/nearest_free?longitude=1e308&latitude=-1e308',
		'/rpc/nearest_free?longitude=141&latitude=43&k=0', '/rpc/nearest_free?longitude=141&latitude=43&k=-1', '/rpc/nearest_free?longitude=141&latitude=43&k=2147483647', '/rpc/nearest_free?longitude=141&latitude=43&at_least=-1',
		'/rpc/nearest_free?longitude=141&latitude=43&max_age=1000000 years', '/rpc/nearest_free?longitude=141&latitude=43&max_age=-1 day', '/rpc/nearest_free_geojson?longitude=NaN&latitude=0', '/rpc/nearest_free_geojson?longitude=Infinity&latitude=0']) {
		const answer = await get(path.replaceAll(' ', '%20'), ministry());
		assert.ok([200, 400].includes(answer.status), `${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
	}
});

test('SQL in strings stays a string', async () => {
	const before = sql('SELECT count(*) FROM pg_class');
	for (const text of ["x'; DROP TABLE gmis.daily; --", '$1', '%s', '%I', '{{}}', 'gmis.daily"; --', "gmis.daily' OR '1'='1", '\\\\', 'a\u202eb']) {
		const e = encodeURIComponent(text);
		for (const path of [`/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}&reporter=${e}`, `/rpc/reports?form=${e}&from_date=${day}&to_date=${day}`,
			`/forms?form=eq.${e}`, `/rpc/covid19_daily_survey_since?since=${day}&prefName=${e}`, `/rpc/bed_occupancy?on_date=${day}&level=${e}`])
			assert.ok([200, 400].includes((await get(path, ministry())).status), path);
		await rpc('give_reason', { form: 'gmis.daily', key: { institution: mine, on_date: text }, code: text, reason: text }, me);
		await rpc('history', { form: 'gmis.daily', key: { [text]: text } }, me);
		await rpc('resubmit', { id: 1, patch: { [text]: text } }, me);
	}
	assert.equal(sql('SELECT count(*) FROM pg_class'), before);
});

test('keys of a strange shape', async () => {
	for (const key of [null, 1, 'x', [], {}, { institution: mine }, { institution: 'x', on_date: day }, { institution: mine, on_date: 'x' }, { institution: mine, on_date: day, more: 1 }]) {
		for (const [name, body] of [['history', { form: 'gmis.daily', key }], ['give_reason', { form: 'gmis.daily', key, code: 'x', reason: 'y' }]]) {
			const answer = await rpc(name, body, me);
			assert.ok(answer.status < 500, `${name} ${JSON.stringify(key)}: ${answer.text}`);
		}
	}
	for (const id of [0, -1, 9223372036854775807, '9223372036854775808', 'x', null, 1.5])
		assert.ok((await rpc('resubmit', { id }, me)).status >= 400, String(id));
});

test('what writes cannot be called with GET', async () => {
	for (const path of [`/rpc/submit?form=gmis.daily&records=${encodeURIComponent(JSON.stringify([daily(mine, day)]))}`, '/rpc/submit?form=gmis.daily&records=[]', '/rpc/give_reason?form=gmis.daily&key={}&code=x&reason=y', '/rpc/resubmit?id=1'])
		assert.equal((await get(path, me)).status, 405, path);
});
