// A round through the API: sites ask for vaccine, a prefecture divides its part, everybody reads what concerns them and
// why; what is wrong is refused with every fault.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { analyst, call, expectStatus, get, institution, ministry, prefecture, rpc, sql, token } from './client.mjs';

// other tests have sites in other towns
const ours = (rows) => rows.filter((row) => ['131016', '131024'].includes(row.unit));
const municipality = (code) => token({ role: 'outbreak_municipality', municipality: code });
let round, sites;

before(() => {
	sites = sql(`
		SET client_min_messages = warning;
		UPDATE access.api_limit SET requests_per_second = 100000, burst = 1000000;
		INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区'), ('131024', 13, '中央区') ON CONFLICT DO NOTHING;
		INSERT INTO registry.institution (institution, kind, name_ja, municipality)
		SELECT outbreak.provisional_institution_code(13, 920000 + n), 'clinic', 'API配分施設' || n, CASE WHEN n = 3 THEN '131024' ELSE '131016' END::outbreak.municipality_code FROM generate_series(1, 3) AS n;
		INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_days, route)
		VALUES ('api_round', 'API配分', 'API rounds', '見本', 195, 6, 2, 21, 'carrier');
		INSERT INTO vsys.site (site, municipality, kind, state) SELECT institution, municipality, 'basic', 'open' FROM registry.institution WHERE name_ja LIKE 'API配分施設%';
		INSERT INTO vsys.site_product (site, product) SELECT institution, 'api_round' FROM registry.institution WHERE name_ja LIKE 'API配分施設%';
		SELECT institution FROM registry.institution WHERE name_ja LIKE 'API配分施設%' ORDER BY name_ja;
	`).split('\n').filter((line) => /^\d{10}$/.test(line));
	round = Number(sql(`SELECT vsys.make_round('api_round', 'API第1クール', 12, '[2021-07-05,2021-07-19)', '[
		{"kind": "basic", "to_level": "prefecture", "rule": "proportional", "claim": "request", "hold": true},
		{"kind": "basic", "from_level": "prefecture", "to_level": "municipality", "takes": ["basic"], "rule": "proportional", "claim": "request"},
		{"kind": "split", "from_level": "municipality", "to_level": "basic_site", "rule": "hamilton", "weight": "request"}]')`));
});

const ask = (list) => list.map(([site, vials]) => ({ site, priority_group: 'general', vials }));

test('a site asks for itself, a municipality for its sites', async () => {
	assert.deepEqual(expectStatus(await rpc('request_vaccine', { round, requests: ask([[sites[0], 975]]) }, institution(sites[0])), 200), { accepted: 1, replaced: 0 });
	assert.deepEqual(expectStatus(await rpc('request_vaccine', { round, requests: ask([[sites[0], 780], [sites[1], 780]]) }, municipality('131016')), 200), { accepted: 2, replaced: 1 });
	assert.deepEqual(expectStatus(await rpc('request_vaccine', { round, requests: ask([[sites[2], 1560]]) }, prefecture(13)), 200), { accepted: 1, replaced: 0 });
	const rows = expectStatus(await get(`/vaccine_requests?round=eq.${round}&select=site,vials&order=site`, municipality('131016')), 200);
	assert.deepEqual(rows, [{ site: sites[0], vials: 780 }, { site: sites[1], vials: 780 }]);
});

test('what is wrong is 400 with every fault', async () => {
	const answer = await rpc('request_vaccine', { round, requests: ask([[sites[0], -1], [sites[2], 5], ['1310000018', 5]]) }, institution(sites[0]));
	expectStatus(answer, 400);
	assert.equal(answer.json.code, 'OB051');
	assert.deepEqual(JSON.parse(answer.json.details).map((f) => [f.record, f.code]), [[1, 'bad_vials'], [2, 'not_yours'], [3, 'unknown_site']]);
	for (const odd of [{}, 'text', 5, null, [5], [null], [{ site: sites[0], vials: 'many' }], '['])
		assert.equal((await rpc('request_vaccine', { round, requests: odd }, institution(sites[0]))).status, 400, JSON.stringify(odd));
	expectStatus(await rpc('request_vaccine', { round: 999999999, requests: [] }, institution(sites[0])), 400);
	expectStatus(await rpc('request_vaccine', { round, requests: [] }), 401);
});

test('after the deadline the answer names the next round', async () => {
	sql(`SELECT vsys.make_round('api_round', 'API締切済', 1, '[2021-06-01,2021-06-08)', '[]', '2021-05-20 17:00+09')`);
	const late = Number(sql(`SELECT round FROM vsys.round WHERE name_ja = 'API締切済'`));
	const answer = await rpc('request_vaccine', { round: late, requests: ask([[sites[0], 1]]) }, institution(sites[0]));
	expectStatus(answer, 400);
	const [fault] = JSON.parse(answer.json.details);
	assert.equal(fault.code, 'deadline');
	assert.equal(fault.next_round, round);
	assert.match(fault.message_ja, /2021-05-20 17:00/);
});

test('a prefecture divides its part, all of it', async () => {
	assert.equal(sql(`SELECT vsys.run_round(${round}) ->> 'pass'`), '1');
	const before = expectStatus(await get(`/rpc/round_result?round=${round}&level=municipality`, prefecture(13)), 200);
	assert.deepEqual(ours(before).map((r) => [r.unit, r.boxes]), [['131016', 6], ['131024', 6]]);
	const wrong = await rpc('submit_split', { round, frame: 2, parent: '13', amounts: { 131016: 6, 131024: 7 } }, prefecture(13));
	expectStatus(wrong, 400);
	assert.equal(wrong.json.code, 'OB053');
	assert.deepEqual(JSON.parse(wrong.json.details), { problem: 'sum', given: 13, has: 12 });
	expectStatus(await rpc('submit_split', { round, frame: 200, parent: '13', amounts: {} }, prefecture(13)), 404);
	expectStatus(await rpc('submit_split', { round, frame: 2, parent: '13', amounts: { 131016: 7, 131024: 5 } }, prefecture(27)), 400);
	assert.ok([400, 403].includes((await rpc('submit_split', { round, frame: 2, parent: '13', amounts: { 131016: 7, 131024: 5 } }, municipality('131016'))).status));
	assert.equal(expectStatus(await rpc('submit_split', { round, frame: 2, parent: '13', amounts: { 131016: 7, 131024: 5 } }, prefecture(13)), 200).divided, 12);
	assert.equal(sql(`SELECT vsys.run_round(${round}) ->> 'pass'`), '2');
	const after = expectStatus(await get(`/rpc/round_result?round=${round}&level=municipality`, prefecture(13)), 200);
	assert.deepEqual(ours(after).map((r) => [r.unit, r.boxes]), [['131016', 7], ['131024', 5]]);
	assert.deepEqual(expectStatus(await get(`/rpc/round_result?round=${round}&level=municipality`, municipality('131016')), 200).map((r) => r.unit), ['131016']);
});

test('what if: a GET that writes nothing', async () => {
	const changes = encodeURIComponent(JSON.stringify({ boxes: 10 }));
	const rows = expectStatus(await get(`/rpc/what_if_round?round=${round}&changes=${changes}&level=prefecture`, ministry()), 200);
	assert.deepEqual(rows.filter((r) => r.difference !== 0).map((r) => [r.unit, r.difference]), [['13', -390]]);
	expectStatus(await get(`/rpc/what_if_round?round=999999999`, ministry()), 404);
	const bad = await rpc('what_if_round', { round, changes: { frames: [{ frame: 1, rule: 'hamilton', weight: 'nothing' }] } }, analyst());
	expectStatus(bad, 400);
	assert.equal((await rpc('what_if_round', { round }, prefecture(13))).status, 403);
	for (const odd of [[], 'x', { boxes: 'many' }, { frames: 5 }, { frames: [5] }, { boxes: -3 }, { boxes: 1e30 }, { indicators: {} }, { requests: [{ site: 'x', vials: 1 }] }])
		assert.equal((await rpc('what_if_round', { round, changes: odd }, ministry())).status, 400, JSON.stringify(odd));
});

test('published: everybody reads what is theirs, and why', async () => {
	assert.equal((await get(`/rpc/explain_allotment?round=${round}&unit=131016`)).status, 404, 'a draft is not public');
	sql(`SELECT vsys.decide_round(${round}); SELECT vsys.publish_round(${round})`);
	assert.deepEqual(expectStatus(await get(`/vaccine_rounds?round=eq.${round}&select=name_ja,state`), 200), [{ name_ja: 'API第1クール', state: 'published' }]);
	const mine = expectStatus(await get(`/vaccine_allotments?round=eq.${round}&select=site,boxes,doses`, institution(sites[1])), 200);
	assert.equal(mine.length, 1);
	assert.equal(mine[0].doses, mine[0].boxes * 1170);
	const why = expectStatus(await get(`/rpc/explain_allotment?round=${round}&unit=${sites[1]}`, institution(sites[1])), 200);
	assert.match(why.at(-1).ja, /^合計/);
	assert.match(why[0].en, /^basic frame/);
	expectStatus(await get(`/rpc/explain_allotment?round=${round}&unit=${sites[1]}`, institution(sites[0])), 404);
	assert.ok(expectStatus(await get(`/rpc/explain_allotment?round=${round}&unit=131016`), 200).length > 1, 'municipalities are public');
	for (const odd of ['', 'x', '99', '999999', '1'.repeat(500)])
		assert.ok([200, 404].includes((await get(`/rpc/explain_allotment?round=${round}&unit=${odd}`, ministry())).status), odd);
	const fairness = ours(expectStatus(await get(`/rpc/round_fairness?round=${round}`, ministry()), 200));
	assert.equal(fairness.length, 2);
	const same = ours(expectStatus(await get(`/rpc/compare_rounds?round_a=${round}&round_b=${round}&level=municipality`, ministry()), 200));
	assert.ok(same.length === 2 && same.every((r) => r.difference === 0));
	const late = await rpc('request_vaccine', { round, requests: ask([[sites[0], 1]]) }, institution(sites[0]));
	expectStatus(late, 400);
	for (const view of ['vaccine_rounds', 'vaccine_requests', 'vaccine_allotments'])
		assert.equal((await call('POST', `/${view}`, { as: ministry(), body: { round: 1 } })).status, 403, view);
});
