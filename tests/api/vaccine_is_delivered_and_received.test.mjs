// A round from its plan to the refrigerator through the API: the ministry plans, sites confirm, a branch ships, sites
// receive and hand on, offices look on; nobody sees or does what is another's.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { call, expectStatus, get, institution, ministry, prefecture, rpc, sql, token } from './client.mjs';

const day = (n) => new Date(Date.now() + 9 * 3600e3 + n * 86400e3).toISOString().slice(0, 10);
const branch = token({ role: 'outbreak_wholesaler', organisation: 990901 });
const otherBranch = token({ role: 'outbreak_wholesaler', organisation: 990902 });
const municipality = token({ role: 'outbreak_municipality', municipality: '131016' });
const citizen = token({ role: 'outbreak_citizen', person: '00000000-0000-4000-8000-000000000000' });
let codes;
let mine;
let neighbour;
let satellite;
let deliveries;
const code = (answer, expected) => {
	const body = expectStatus(answer, 400);
	assert.equal(body.code, expected, answer.text);
	return body;
};

before(() => {
	sql(`
		SET client_min_messages = warning;
		UPDATE access.api_limit SET requests_per_second = 100000, burst = 1000000;
		INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区') ON CONFLICT DO NOTHING;
		INSERT INTO registry.institution (institution, municipality, kind, name_ja, address, phone, location)
		SELECT outbreak.provisional_institution_code(13, 900 + n), '131016', 'hospital', '配送API病院' || n || '、とても長い名前の試験用の医療法人社団', '千代田区試験町' || n, '03-0000-00' || n, st_setsrid(st_makepoint(139.7 + n / 100.0, 35.7), 4326)::geography
		FROM generate_series(1, 3) AS n;
		INSERT INTO vsys.site (site, municipality, kind, basic_site, state)
		SELECT outbreak.provisional_institution_code(13, 900 + n), '131016', CASE n WHEN 3 THEN 'satellite' ELSE 'basic' END, CASE n WHEN 3 THEN outbreak.provisional_institution_code(13, 901) END, 'open'
		FROM generate_series(1, 3) AS n;
		INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_days, route)
		VALUES ('api_box', '配送APIワクチン', 'Delivery API', '試験', 195, 6, 2, 21, 'carrier');
		INSERT INTO vsys.site_product (site, product) SELECT outbreak.provisional_institution_code(13, 900 + n), 'api_box' FROM generate_series(1, 3) AS n;
		INSERT INTO registry.organisation (organisation, kind, name_ja, prefecture) VALUES (990901, 'carrier_branch', '配送API運輸東京', 13), (990902, 'carrier_branch', '配送API運輸大阪', 27);
		INSERT INTO vsys.branch (organisation, kind, company_ja, municipality, location, phone) VALUES (990901, 'carrier', '配送API運輸', '131016', 'POINT(139.7 35.7)', '03-1111-2222'), (990902, 'carrier', '配送API運輸', '131016', 'POINT(135.5 34.7)', NULL);
		INSERT INTO vsys.branch_product (branch, product) VALUES (990901, 'api_box'), (990902, 'api_box');
		INSERT INTO vsys.branch_weekday (branch, weekday, stops, vials) SELECT 990901, w, 2, 1000 FROM generate_series(1, 5) AS w;
		INSERT INTO vsys.round (round, product, name_ja, boxes, deliver, state) VALUES (990901, 'api_box', '配送APIクール', 2, daterange(outbreak.local_date() + 3, outbreak.local_date() + 17), 'decided');
		INSERT INTO vsys.allotment (round, site, vials) SELECT 990901, outbreak.provisional_institution_code(13, 900 + n), 195 FROM generate_series(1, 2) AS n;
	`);
	codes = sql('SELECT string_agg(outbreak.provisional_institution_code(13, 900 + n)::text, \',\' ORDER BY n) FROM generate_series(1, 3) AS n').split(',');
	[mine, neighbour, satellite] = codes.map(institution);
});

test('the ministry plans, has the plan checked, and publishes it', async () => {
	const plan = expectStatus(await rpc('plan_delivery', { round: 990901 }, ministry()), 200);
	const lines = expectStatus(await rpc('plan_lines', { plan }, ministry()), 200);
	assert.deepEqual(lines.map((line) => [line.site, line.branch, line.vials]).sort(), [[codes[0], 990901, 195], [codes[1], 990901, 195]]);
	assert.ok(expectStatus(await rpc('verify_plan', { plan }, ministry()), 200).every((claim) => claim.holds));
	assert.deepEqual(expectStatus(await get('/rpc/delivery_schedule', mine), 200), [], 'a draft is nobody\'s business');
	assert.deepEqual(expectStatus(await rpc('publish_plan', { plan }, ministry()), 200), [{ made: 2, changed: 0, unchanged: 0, cancelled: 0 }]);
	code(await rpc('publish_plan', { plan }, ministry()), 'OB062');
	code(await rpc('plan_delivery', { round: 1e9 }, ministry()), 'OB060');
	deliveries = expectStatus(await get('/rpc/delivery_schedule?order=site', branch), 200);
	assert.equal(deliveries.length, 2);
});

test('a plan that cannot be says what is too small', async () => {
	sql("INSERT INTO vsys.branch_day (branch, on_date, stops, vials) SELECT 990901, outbreak.local_date() + n, 0, 0 FROM generate_series(0, 20) AS n");
	const body = code(await rpc('plan_delivery', { round: 990901 }, ministry()), 'OB061');
	const details = JSON.parse(body.details);
	assert.equal(details.stops, 2);
	assert.ok(details.shortages.every((shortage) => shortage.text_ja && shortage.text_en));
	sql('DELETE FROM vsys.branch_day WHERE branch = 990901');
});

test('who is concerned sees it, with whom to call; nobody else does', async () => {
	assert.deepEqual(deliveries.map((row) => [row.site, row.state, row.boxes, row.address]), [[codes[0], 'planned', 1, '千代田区試験町1'], [codes[1], 'planned', 1, '千代田区試験町2']]);
	const own = expectStatus(await get('/rpc/delivery_schedule', mine), 200);
	assert.equal(own.length, 1);
	assert.equal(own[0].branch_phone, '03-1111-2222');
	for (const as of [municipality, prefecture(13), ministry()]) assert.equal(expectStatus(await get('/rpc/delivery_schedule?product=eq.api_box', as), 200).length, 2);
	for (const as of [otherBranch, satellite, prefecture(27), token({ role: 'outbreak_municipality', municipality: '271004' }), token({ role: 'outbreak_institution' })])
		assert.deepEqual(expectStatus(await get('/rpc/delivery_schedule', as), 200), []);
	for (const path of ['delivery_schedule', 'delivery_notices', 'in_transit', 'unnoticed_deliveries', 'delivery_calendar']) {
		assert.equal((await get(`/rpc/${path}`)).status, 401, path);
		assert.equal((await get(`/rpc/${path}`, citizen)).status, 403, path);
	}
});

test('as a map, and as a calendar', async () => {
	const map = expectStatus(await get('/rpc/delivery_schedule_geojson', municipality, { accept: 'application/geo+json' }), 200);
	assert.equal(map.type, 'FeatureCollection');
	assert.deepEqual(map.features.map((feature) => feature.properties.site).sort(), codes.slice(0, 2));
	assert.equal(map.features[0].geometry.type, 'Point');
	const calendar = await get('/rpc/delivery_calendar', mine, { accept: 'text/calendar' });
	expectStatus(calendar, 200);
	assert.match(calendar.headers.get('content-type'), /^text\/calendar/);
	const lines = calendar.text.split('\r\n');
	assert.ok(lines.every((line) => Buffer.byteLength(line) <= 75), 'lines are folded');
	assert.equal(lines.filter((line) => line === 'BEGIN:VEVENT').length, 1);
	assert.ok(lines.includes('STATUS:TENTATIVE') && lines.includes(`DTSTART;VALUE=DATE:${deliveries[0].on_date.replaceAll('-', '')}`));
	assert.ok(calendar.text.replaceAll('\r\n ', '').includes('配送API病院1'));
});

test('nothing is shipped before the site knows; a change is told with the old day', async () => {
	const [delivery] = deliveries;
	const ship = { delivery: delivery.delivery, lot: 'API-1', vials: 195, expiry_on: day(90), logger: 'L1', key: 'box 1' };
	code(await rpc('ship_delivery', ship, branch), 'OB062');
	expectStatus(await rpc('move_delivery', { delivery: delivery.delivery, on_date: day(10), reason: '大雪' }, branch), 204);
	const [notice] = expectStatus(await get('/rpc/delivery_notices', mine), 200).filter((row) => row.recipient === 'site');
	assert.deepEqual([notice.kind, notice.on_date, notice.old_on_date, notice.reason], ['changed', day(10), delivery.on_date, '大雪']);
	assert.equal(expectStatus(await get('/rpc/unnoticed_deliveries?within_days=20&recipient=eq.site', prefecture(13)), 200).length, 2);
	code(await rpc('confirm_delivery', { notice: notice.notice, confirmed_by: '他人' }, neighbour), 'OB060');
	expectStatus(await rpc('confirm_delivery', { notice: notice.notice, confirmed_by: '試験 花子' }, mine), 204);
	code(await rpc('ship_delivery', ship, otherBranch), 'OB060');
	code(await rpc('ship_delivery', { ...ship, vials: 100 }, branch), 'OB064');
	code(await rpc('ship_delivery', { ...ship, expiry_on: undefined }, branch), 'OB065');
	const first = expectStatus(await rpc('ship_delivery', ship, branch), 200);
	assert.equal(expectStatus(await rpc('ship_delivery', ship, branch), 200), first, 'sent again');
	code(await rpc('move_delivery', { delivery: delivery.delivery, on_date: day(11), reason: 'x' }, branch), 'OB062');
});

test('the site receives, what is missing is a discrepancy, the branch explains it', async () => {
	const [{ delivery }] = deliveries;
	const receipt = { delivery, vials: 190, received_by: '試験 花子', key: 'r1' };
	code(await rpc('receive_delivery', receipt, neighbour), 'OB060');
	const [on] = expectStatus(await get('/rpc/in_transit?kind=eq.delivery', mine), 200);
	assert.deepEqual([on.vials, on.lot, on.missing], [195, 'API-1', 0]);
	// impatient clicks
	const answers = await Promise.all(Array.from({ length: 8 }, () => rpc('receive_delivery', receipt, mine)));
	const numbers = new Set(answers.map((answer) => expectStatus(answer, 200)));
	assert.equal(numbers.size, 1);
	assert.equal(sql(`SELECT sum(vials) FROM vsys.stock_event WHERE product = 'api_box' AND kind = 'received'`), '190');
	const [open] = expectStatus(await get('/rpc/delivery_discrepancies', branch), 200);
	assert.deepEqual([open.kind, open.vials, open.lot], ['missing', 5, 'API-1']);
	assert.deepEqual(expectStatus(await get('/rpc/delivery_discrepancies', otherBranch), 200), []);
	assert.equal((await rpc('explain_discrepancy', { discrepancy: open.discrepancy, explanation: 'lost', note: 'x' }, mine)).status, 403);
	expectStatus(await rpc('explain_discrepancy', { discrepancy: open.discrepancy, explanation: 'lost', note: '破損' }, branch), 204);
	code(await rpc('receive_delivery', { delivery, vials: 5, received_by: '試験 花子' }, mine), 'OB063');
	const [chain] = expectStatus(await rpc('delivery_chain', { round: 990901 }, ministry()), 200);
	assert.deepEqual([chain.shipped, chain.received, chain.written_off, chain.in_transit, chain.unplanned], [195, 190, 5, 0, 5]);
});

test('a basic site hands vials to its satellite', async () => {
	const sent = { from_site: codes[0], to_site: codes[2], product: 'api_box', lot: 'API-1', vials: 10, key: 't1' };
	assert.equal((await rpc('send_vials', sent, neighbour)).status, 403);
	const transfer = expectStatus(await rpc('send_vials', sent, mine), 200);
	assert.equal(expectStatus(await rpc('send_vials', sent, mine), 200), transfer);
	code(await rpc('receive_vials', { transfer, arrived_at: new Date(Date.now() + 4 * 3600e3).toISOString(), vials: 10, received_by: '試験 次郎' }, satellite), 'OB064');
	expectStatus(await rpc('receive_vials', { transfer, arrived_at: new Date().toISOString(), vials: 10, received_by: '試験 次郎' }, satellite), 200);
	code(await rpc('receive_vials', { transfer, arrived_at: new Date().toISOString(), vials: 10, received_by: '試験 次郎' }, satellite), 'OB063');
	assert.deepEqual(expectStatus(await get('/rpc/overdue_transfers', satellite), 200), []);
});

test('a prefecture reroutes between its own sites', async () => {
	const [, { delivery }] = deliveries;
	const reroute = { delivery, to_site: codes[0], on_date: day(12), reason: '停電' };
	assert.equal((await rpc('reroute_delivery', reroute, branch)).status, 403);
	code(await rpc('reroute_delivery', reroute, prefecture(27)), 'OB060');
	code(await rpc('reroute_delivery', { ...reroute, to_site: codes[2] }, prefecture(13)), 'OB060');
	const made = expectStatus(await rpc('reroute_delivery', reroute, prefecture(13)), 200);
	const own = expectStatus(await get('/rpc/delivery_schedule', mine), 200).find((row) => row.delivery === made);
	assert.deepEqual([own.state, own.on_date, own.reason], ['planned', day(12), '停電']);
});

test('areas are given to branches, drafts given up, deliveries called off, each by those in charge', async () => {
	const area = { branch: null, product: 'api_box', from_on: day(40), municipalities: ['131016'] };
	for (const as of [branch, mine, municipality]) assert.equal((await rpc('assign_area', area, as)).status, 403);
	assert.ok((await rpc('assign_area', area, prefecture(27))).status >= 400);
	assert.equal(expectStatus(await rpc('assign_area', area, prefecture(13)), 200), 1);
	code(await rpc('assign_area', { ...area, municipalities: ['131997'] }, ministry()), 'OB060');
	code(await rpc('assign_area', { ...area, of_prefecture: 13 }, ministry()), 'OB060');
	code(await rpc('withdraw_plan', { plan: -1 }, ministry()), 'OB060');
	assert.equal((await rpc('withdraw_plan', { plan: 1 }, prefecture(13))).status, 403);
	const open = expectStatus(await get('/rpc/delivery_schedule?state=eq.planned', mine), 200).map((row) => row.delivery);
	code(await rpc('lose_delivery', { delivery: open[0], note: '所在不明' }, branch), 'OB062');
	code(await rpc('lose_delivery', { delivery: open[0], note: ' ' }, branch), 'OB060');
	assert.equal((await rpc('lose_delivery', { delivery: open[0], note: '所在不明' }, mine)).status, 403);
	const away = { delivery: open[0], reason: '入院患者のみとなったため' };
	for (const as of [branch, mine, prefecture(13)]) assert.equal((await rpc('cancel_delivery', away, as)).status, 403);
	assert.ok((await rpc('cancel_delivery', { ...away, reason: ' ' }, ministry())).status === 400);
	code(await rpc('cancel_delivery', { ...away, delivery: -1 }, ministry()), 'OB060');
	expectStatus(await rpc('cancel_delivery', away, ministry()), 204);
	assert.ok(!expectStatus(await get('/rpc/delivery_schedule', mine), 200).some((row) => row.delivery === open[0] && row.state === 'planned'));
});

test('strange input is the client\'s mistake', async () => {
	for (const [name, body, as] of [
		['ship_delivery', { delivery: 'x', lot: 'a', vials: 1 }, branch], ['ship_delivery', { delivery: -1, lot: '', vials: -1 }, branch], ['ship_delivery', { delivery: null, lot: null, vials: null }, branch],
		['ship_scan', { delivery: deliveries[0].delivery, scan: '💉' }, branch], ['receive_delivery', { delivery: 9e15, vials: 1, received_by: '' }, mine], ['receive_scan', { delivery: 1, scan: '', received_by: 'x' }, mine],
		['receive_vials', { transfer: 0, arrived_at: 'infinity', vials: 1, received_by: 'x' }, mine], ['send_vials', { from_site: 'x', to_site: 'y', product: 'z', lot: 'l', vials: 1 }, mine],
		['send_vials', { from_site: codes[0], to_site: codes[2], product: 'none', lot: 'l', vials: 1 }, mine], ['send_vials', { from_site: codes[0], to_site: codes[2], product: 'api_box', lot: 'API-1', vials: 2147483647 }, mine],
		['set_branch_day', { on_date: day(3), stops: -1, vials: 0 }, branch], ['move_delivery', { delivery: deliveries[1].delivery, on_date: '2021-02-30', reason: 'x' }, branch],
		['assign_area', { branch: 'x', product: 'y', from_on: 'z' }, ministry()], ['assign_area', { branch: null, product: null, from_on: null, of_prefecture: 13 }, ministry()], ['withdraw_plan', { plan: '💉' }, ministry()], ['cancel_delivery', { delivery: null, reason: null }, ministry()],
		['plan_delivery', { round: 990901, nearest: 0 }, ministry()], ['explain_discrepancy', { discrepancy: 0, explanation: 'x', note: 'x' }, branch],
	]) {
		const answer = await call('POST', `/rpc/${name}`, { as, body });
		assert.ok(answer.status >= 400 && answer.status < 500, `${name} ${JSON.stringify(body)}: ${answer.status}`);
	}
	expectStatus(await rpc('set_branch_day', { on_date: day(3), stops: 1, vials: 195, reason: '増便' }, branch), 204);
});
