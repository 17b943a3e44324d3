// Doses are scanned, mended, imported and exported through the API; bad input is 400 with every finding, and nobody
// reaches the doses of others.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { analyst, call, expectStatus, get, institution, ministry, prefecture, rpc, sql, token } from './client.mjs';

const municipality = (code) => token({ role: 'outbreak_municipality', municipality: code });
const citizen = (person) => token({ role: 'outbreak_citizen', person });
const site = sql('SELECT outbreak.provisional_institution_code(13, 7001)');
const otherSite = sql('SELECT outbreak.provisional_institution_code(13, 7002)');
const person = (n) => `00000000-0000-4000-8000-0000000070${String(n).padStart(2, '0')}`;
const ticket = (n, dose = 1, town = '131105') => `1${dose}${town}${String(7000 + n).padStart(10, '0')}`;
const scan = (n, more = {}) => ({ site, ticket: ticket(n), vial: 'apitest LOT1', given_at: '2021-06-01T10:00:00+09:00', ...more });
const mine = institution(site);

before(() => sql(`
	SET client_min_messages = warning;
	UPDATE access.api_limit SET requests_per_second = 100000, burst = 1000000;
	INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131105', 13, '目黒区'), ('131164', 13, '豊島区') ON CONFLICT DO NOTHING;
	INSERT INTO registry.institution (institution, municipality, kind, name_ja) VALUES ('${site}', '131105', 'clinic', 'API接種1'), ('${otherSite}', '131105', 'clinic', 'API接種2') ON CONFLICT DO NOTHING;
	INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, interval_max_days, min_age, route)
	VALUES ('apitest', 'API試験', 'API test', 'API製薬', 195, 6, 2, 18, 21, 42, 12, 'carrier') ON CONFLICT DO NOTHING;
	INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('apitest', 'LOT1', '2021-12-31'), ('apitest', 'OLD1', '2021-05-01') ON CONFLICT DO NOTHING;
	INSERT INTO vsys.site (site, municipality, kind, state) VALUES ('${site}', '131105', 'basic', 'open'), ('${otherSite}', '131105', 'basic', 'open') ON CONFLICT DO NOTHING;
	INSERT INTO vsys.priority_group (priority_group, position, name_ja, name_en) VALUES ('apitest', 9107, 'API接種試験', 'API test of results') ON CONFLICT DO NOTHING;
	INSERT INTO vsys.programme (programme, name_ja, name_en, valid) VALUES ('apitest', 'API接種試験', 'API test of results', '[2021-04-01,2022-04-01)') ON CONFLICT DO NOTHING;
	INSERT INTO vsys.programme_product (programme, product) VALUES ('apitest', 'apitest') ON CONFLICT DO NOTHING;
	INSERT INTO registry.person (person, birth_year, prefecture) SELECT ('00000000-0000-4000-8000-0000000070' || lpad(n::text, 2, '0'))::uuid, 1950, 13 FROM generate_series(1, 9) AS n ON CONFLICT DO NOTHING;
	INSERT INTO vsys.ticket (municipality, number, programme, person, birth_year, priority_group, valid)
	SELECT '131105', lpad((7000 + n)::text, 10, '0'), 'apitest', ('00000000-0000-4000-8000-0000000070' || lpad(n::text, 2, '0'))::uuid, 1950, 'apitest', '[2021-04-01,2022-04-01)' FROM generate_series(1, 9) AS n ON CONFLICT DO NOTHING;
`));

test('a dose goes in once', async () => {
	const first = expectStatus(await rpc('record_dose', scan(1), mine), 200);
	assert.equal(first.outcome, 'recorded');
	const again = expectStatus(await rpc('record_dose', scan(1), mine), 200);
	assert.deepEqual([again.outcome, again.dose], ['duplicate', first.dose]);
	const [row] = expectStatus(await get(`/doses?dose=eq.${first.dose}`, mine), 200);
	assert.deepEqual([row.site, row.number, row.lot, row.state], [site, '0000007001', 'LOT1', 'in_force']);
	assert.equal(expectStatus(await get('/rpc/my_doses', citizen(person(1))), 200).length, 1);
	assert.deepEqual(expectStatus(await get('/rpc/my_doses', citizen(person(2))), 200), []);
});

test('what is wrong comes back with every finding, without the ticket', async () => {
	const check = expectStatus(await rpc('check_dose', scan(2, { vial: 'apitest OLD1' }), mine), 200);
	assert.equal(check.outcome, 'refused');
	for (const [bad, code] of [[{ ticket: '1' }, 'ticket_unreadable'], [{ ticket: ticket(2, 1, '131104') }, 'municipality_unknown'], [{ ticket: '000000000000000000' }, 'ticket_unreadable'],
		[{ given_at: '2999-01-01T00:00:00Z' }, 'date_in_future'], [{ vial: 'apitest OLD1' }, 'vial_stopped'], [{ vial: '' }, 'vial_unreadable'], [{ ticket: ticket(2, 0) }, 'dose_number_unreadable']]) {
		const answer = await rpc('record_dose', scan(2, bad), mine);
		expectStatus(answer, 400);
		assert.equal(answer.json.code, 'OB080');
		assert.ok(JSON.parse(answer.json.details).some((f) => f.code === code && f.message_ja && f.message_en), answer.text);
		assert.ok(!answer.text.includes('0000007002'), 'the ticket number is repeated');
	}
	for (const odd of [{ given_at: 'x' }, { dose_number: 99999 }, { site: 'x' }, { site: otherSite + '1' }, { confirmed: 'perhaps' }])
		assert.ok([400, 404].includes((await rpc('record_dose', scan(2, odd), mine)).status), JSON.stringify(odd));
	assert.ok([404, 405].includes((await get(`/rpc/record_dose?site=${site}&ticket=${ticket(2)}&vial=x`, mine)).status));
});

test('a kept entry is mended, a dose corrected and withdrawn', async () => {
	const kept = expectStatus(await rpc('record_dose', scan(98), mine), 200);
	assert.equal(kept.outcome, 'kept');
	assert.equal(expectStatus(await get(`/dose_issues?issue=eq.${kept.issue}`, mine), 200)[0].code, 'ticket_unknown');
	const waiting = async (as, level = 'prefecture') => expectStatus(await get(`/rpc/dose_issue_counts?level=${level}`, as), 200).find((c) => c.code === 'ticket_unknown');
	assert.deepEqual(Object.keys(await waiting(ministry())), ['area', 'prefecture', 'code', 'message_ja', 'message_en', 'waiting', 'oldest_at']);
	assert.equal((await waiting(prefecture(13))).prefecture, 13);
	assert.equal((await waiting(municipality('131105'), 'municipality')).area, '131105');
	assert.equal(await waiting(prefecture(14)), undefined);
	expectStatus(await get('/rpc/dose_issue_counts?level=village', ministry()), 400);
	for (const as of [mine, analyst(), citizen(person(1)), undefined])
		assert.ok([401, 403].includes((await get('/rpc/dose_issue_counts', as)).status));
	assert.ok([401, 403].includes((await get('/dose_issues', ministry())).status));
	expectStatus(await rpc('mend_dose', { issue: kept.issue, changes: { number: 'x' } }, mine), 400);
	const mended = expectStatus(await rpc('mend_dose', { issue: kept.issue, changes: { number: '0000007003' } }, mine), 200);
	assert.equal(mended.outcome, 'recorded');
	expectStatus(await rpc('mend_dose', { issue: kept.issue }, mine), 404);
	const twice = expectStatus(await rpc('record_dose', scan(97), mine), 200);
	assert.equal((await rpc('dismiss_dose', { issue: twice.issue, reason: 'x' }, ministry())).status, 403);
	assert.equal((await rpc('dismiss_dose', { issue: twice.issue, reason: ' ' }, mine)).status, 400);
	assert.ok(expectStatus(await rpc('dismiss_dose', { issue: twice.issue, reason: '二重入力' }, mine), 204) === undefined);
	for (const issue of [twice.issue, kept.issue, -1]) expectStatus(await rpc('dismiss_dose', { issue, reason: '二重入力' }, mine), 404);
	const corrected = expectStatus(await rpc('correct_dose', { dose: mended.dose, changes: { doctor: '医師' }, reason: '記入漏れ' }, mine), 200);
	expectStatus(await rpc('correct_dose', { dose: mended.dose, changes: { doctor: '医師' }, reason: '記入漏れ' }, mine), 400);
	expectStatus(await rpc('correct_dose', { dose: corrected.dose, changes: { nothing: 1 }, reason: 'x' }, mine), 400);
	expectStatus(await rpc('withdraw_dose', { dose: corrected.dose, reason: '' }, mine), 400);
	expectStatus(await rpc('withdraw_dose', { dose: corrected.dose, reason: '誤り' }, mine), 204);
});

test('others reach nothing', async () => {
	const { dose } = expectStatus(await rpc('record_dose', scan(4), mine), 200);
	for (const as of [institution(otherSite), municipality('131164')]) {
		assert.deepEqual(expectStatus(await get(`/doses?dose=eq.${dose}`, as), 200), []);
		expectStatus(await rpc('withdraw_dose', { dose, reason: 'x' }, as), 404);
		expectStatus(await rpc('correct_dose', { dose, changes: { doctor: 'x' }, reason: 'x' }, as), 404);
		assert.ok([403, 404].includes((await rpc('record_dose', scan(5), as)).status));
	}
	for (const as of [ministry(), analyst(), prefecture(13), citizen(person(4)), undefined])
		for (const [name, body] of Object.entries({ record_dose: scan(5), withdraw_dose: { dose, reason: 'x' } }))
			assert.ok([401, 403].includes((await rpc(name, body, as)).status), name);
	for (const as of [ministry(), analyst(), prefecture(13), undefined])
		assert.ok([401, 403].includes((await get('/doses', as)).status));
	expectStatus(await rpc('export_vrs', { municipality: '131105', from_date: '2021-06-01', to_date: '2021-06-30' }, municipality('131164')), 403);
});

test('files of the VRS go in and come out, in Shift-JIS too', async () => {
	const town = municipality('131105');
	const out = await call('POST', '/rpc/export_vrs', { as: town, body: { municipality: '131105', from_date: '2021-06-01', to_date: '2021-06-30', encoding: 'SJIS' }, headers: { accept: 'text/csv' } });
	expectStatus(out, 200);
	assert.match(out.headers.get('content-type'), /text\/csv/);
	assert.match(out.headers.get('content-disposition'), /vrs_131105/);
	for (const encoding of ['UTF8', 'UTF8 with BOM']) {
		const file = await call('POST', '/rpc/export_vrs', { as: town, body: { municipality: '131105', from_date: '2021-06-01', to_date: '2021-06-30', encoding }, headers: { accept: 'text/csv' } });
		const back = await call('POST', '/rpc/import_vrs', { as: town, body: file.text, raw: true, headers: { 'content-type': 'application/octet-stream' } });
		const { doses, duplicates, kept } = expectStatus(back, 200);
		assert.ok(doses > 0);
		assert.deepEqual([duplicates, kept], [doses, 0]);
	}
	const broken = await call('POST', '/rpc/import_vrs', { as: town, body: Buffer.from([0xff, 0x00]), raw: true, headers: { 'content-type': 'application/octet-stream' } });
	expectStatus(broken, 400);
	assert.equal(broken.json.code, 'OB083');
	expectStatus(await call('POST', '/rpc/export_vrs', { as: town, body: { municipality: '131105', from_date: '2021-06-01', to_date: '2021-06-30', encoding: 'EUC' }, headers: { accept: 'text/csv' } }), 400);
});

test('figures are there for whom they are for', async () => {
	const total = { site, on_date: '2021-06-01', priority_group: 'apitest', dose_number: 1, doses: 5, key: 'api1' };
	assert.equal(expectStatus(await rpc('add_result', total, mine), 200).doses_total, 5);
	assert.equal(expectStatus(await rpc('add_result', total, mine), 200).outcome, 'duplicate');
	expectStatus(await rpc('add_result', { ...total, doses: 6 }, mine), 400);
	expectStatus(await rpc('submit', { form: 'vsys.result_report', records: { site, on_date: '2021-06-02', priority_group: 'apitest', dose_number: 1, doses_total: 2 } }, mine), 400);
	assert.ok(expectStatus(await get(`/rpc/site_results?site=${site}&on_date=2021-06-30`, mine), 200)[0].total >= 5);
	for (const path of ['/rpc/coverage?programme=apitest', '/rpc/daily_doses?programme=apitest&from_date=2021-06-01&to_date=2021-06-30', '/rpc/usage_rate?level=prefecture', '/rpc/days_of_cover?level=prefecture', '/rpc/fairness'])
		expectStatus(await get(path, ministry()), 200);
	expectStatus(await get('/rpc/coverage?programme=apitest&level=village', ministry()), 400);
	expectStatus(await get('/rpc/usage_rate?as_of=x', ministry()), 400);
	assert.equal((await get('/rpc/coverage?programme=apitest')).status, 401);
	assert.deepEqual(expectStatus(await get('/rpc/vaccination_coverage?programme=apitest'), 200), []);
	const lines = await call('POST', '/rpc/prefecture_ndjson', { as: ministry(), body: { programme: 'apitest', from_date: '2021-06-01', to_date: '2021-06-30' }, headers: { accept: 'application/x-ndjson' } });
	expectStatus(lines, 200);
	assert.ok(lines.text.trim().split('\n').every((l) => JSON.parse(l).prefecture === '13'), lines.text);
});
