// Vaccine at the sites through the API: stock goes in and is read, bad vials are stopped, sites are confirmed before they
// open; and what bad input and strangers are told.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { association, call, codes, expectStatus, findings, get, institution, ministry, prefecture, rpc, seed, sql, token } from './client.mjs';

const [site, partner] = codes.hokkaido;
const own = institution(site);
const event = (items) => ({ site, product: 'comirnaty', lot: 'API1', kind: 'received', vials: 1, happened_at: '2021-06-01T09:00:00+09:00', ...items });

before(() => {
	seed();
	sql(`
		SET client_min_messages = warning;
		INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('011002', 1, '札幌市') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.site (site, municipality, kind, public, state) VALUES ('${site}', '011002', 'basic', true, 'open') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.site_product (site, product) VALUES ('${site}', 'comirnaty') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('comirnaty', 'API1', '2021-09-30'), ('comirnaty', 'API2', '2021-09-30') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.product_pack (gtin, product, level, vials) VALUES ('04912345678904', 'comirnaty', 'vial', 1) ON CONFLICT DO NOTHING;
	`);
});

test('a box goes in once, however often it is sent, and doses come out', async () => {
	const first = expectStatus(await rpc('post_stock', { events: event({ vials: 195, key: 'box 1' }) }, own), 200);
	const again = expectStatus(await rpc('post_stock', { events: [event({ vials: 195, key: 'box 1' })] }, own), 200);
	assert.deepEqual(first, again);
	const total = { site, product: 'comirnaty', lot: 'API1', kind: 'given', total: 80, at: '2021-06-02T18:00:00+09:00' };
	assert.equal(expectStatus(await rpc('report_total', { ...total, total: 50 }, own), 200)[0].posted, 50);
	assert.equal(expectStatus(await rpc('report_total', total, own), 200)[0].posted, 30);
	const equal = expectStatus(await rpc('report_total', total, own), 200)[0];
	assert.equal(equal.posted, 0);
	assert.match(equal.message_en, /nothing was entered/);
	const lower = await rpc('report_total', { ...total, total: 70 }, own);
	expectStatus(lower, 400);
	assert.equal(lower.json.code, 'OB043');
	assert.equal(JSON.parse(lower.json.details).difference, -10);
	const [row] = expectStatus(await get(`/rpc/site_stock?site=${site}`, own), 200);
	assert.deepEqual([row.lot, row.vials, row.open_doses, row.doses], ['API1', 181, 4, 1090]);
	assert.deepEqual(expectStatus(await get(`/rpc/site_stock?site=${site}&as_of=2021-05-31T00:00:00Z`, own), 200), []);
	const [books] = expectStatus(await get(`/rpc/site_books?site=${site}`, own), 200);
	assert.deepEqual([books.received, books.given], [195, 80]);
});

test('every bad event is listed, and none is taken', async () => {
	const before = expectStatus(await get(`/rpc/site_books?site=${site}`, own), 200);
	const answer = await rpc('post_stock', { events: [event({ vials: 5 }), event({ lot: 'NONE' }), event({ kind: 'stolen' }), event({ vials: 'many' }), event({ site: '0110112480' }),
		event({ colour: 'red' }), 7, event({ key: 'box 1' }), event({ happened_at: '2999-01-01' })] }, own);
	expectStatus(answer, 400);
	assert.equal(answer.json.code, 'OB041');
	assert.deepEqual(findings(answer).map((f) => [f.record, f.code]), [[2, 'OB041'], [3, '23514'], [4, '22P02'], [5, '22P02'], [6, '22023'], [7, '22023'], [8, 'OB042'], [9, 'OB041']]);
	for (const events of [[], 'hello', 5, null]) assert.ok([400].includes((await rpc('post_stock', { events }, own)).status), JSON.stringify(events));
	assert.deepEqual(expectStatus(await get(`/rpc/site_books?site=${site}`, own), 200), before);
});

test('more than there is does not go out, and the answer says how much is missing and since when', async () => {
	const answer = await rpc('post_stock', { events: event({ kind: 'discarded', vials: 190, happened_at: '2021-06-03T09:00:00+09:00' }) }, own);
	expectStatus(answer, 400);
	assert.equal(answer.json.code, 'OB040');
	const detail = JSON.parse(answer.json.details);
	assert.deepEqual([detail.site, detail.lot, detail.doses_short], [site, 'API1', 50]);
	assert.match(detail.at, /^2021-06-03T09:00:00/);
});

test('an event is taken back', async () => {
	const { entered: [{ event: number }] } = expectStatus(await rpc('post_stock', { events: event({ kind: 'counted', vials: -2, reason: '棚卸', happened_at: '2021-06-03T09:00:00+09:00' }) }, own), 200);
	const reversal = expectStatus(await rpc('reverse_stock', { event: number, reason: '数え直し' }, own), 200);
	assert.equal(expectStatus(await rpc('reverse_stock', { event: number, reason: '数え直し' }, own), 200), reversal);
	assert.equal((await rpc('reverse_stock', { event: -1, reason: 'x' }, own)).json.code, 'OB041');
	assert.equal(expectStatus(await get(`/rpc/site_stock?site=${site}`, own), 200)[0].doses, 1090);
});

test('the thaw clock, what to use, and the stop check', async () => {
	assert.ok(expectStatus(await rpc('store', { site, product: 'comirnaty', lot: 'API1', state: 'thawed', vials: 10, at: '2021-06-03T10:00:00+09:00', key: 'thaw' }, own), 200) > 0);
	const refreeze = await rpc('store', { site, product: 'comirnaty', lot: 'API1', state: 'melted', vials: 1, at: '2021-06-03T11:00:00+09:00' }, own);
	expectStatus(refreeze, 400);
	assert.equal(refreeze.json.code, 'OB044');
	const [first] = expectStatus(await get(`/rpc/pick?site=${site}&product=comirnaty&vials=3&as_of=2021-06-10T00:00:00Z`, own), 200);
	assert.deepEqual([first.state, first.vials], ['thawed', 3]);
	assert.ok(expectStatus(await get(`/rpc/site_storage?site=${site}`, own), 200).some((s) => s.state === 'ultra_cold'));
	assert.ok(expectStatus(await get(`/rpc/use_today?site=${site}&as_of=2021-07-04T00:00:00Z`, own), 200).some((u) => u.state === 'thawed' && !u.expired));
	const check = (scan, as_of) => rpc('stop_check', { scan, site, programme: 'covid19_primary', as_of }, own);
	const good = expectStatus(await check('(01)04912345678904(17)210930(10)API1', '2021-06-10T00:00:00Z'), 200)[0];
	assert.deepEqual([good.ok, good.product, good.lot, good.codes], [true, 'comirnaty', 'API1', []]);
	const bad = expectStatus(await check('(01)04912345678904(17)210930(10)API2', '2021-12-10T00:00:00Z'), 200)[0];
	assert.deepEqual([bad.ok, bad.codes], [false, ['expired', 'not_on_hand']]);
	assert.equal(bad.reasons_ja.length, 2);
	expectStatus(await check('hello', '2021-06-10T00:00:00Z'), 400);
});

test('a recall is the ministry\'s, and says who has the lot', async () => {
	assert.equal((await rpc('recall_lot', { product: 'comirnaty', lot: 'API1', reason: '異物' }, own)).status, 403);
	expectStatus(await rpc('recall_lot', { product: 'comirnaty', lot: 'NOSUCH', reason: '異物' }, ministry()), 404);
	expectStatus(await rpc('recall_lot', { product: 'comirnaty', lot: 'API1', reason: '' }, ministry()), 400);
	const rows = expectStatus(await rpc('recall_lot', { product: 'comirnaty', lot: 'API1', reason: '異物' }, ministry()), 200);
	assert.deepEqual(rows.map((r) => [r.site, r.doses_given]), [[site, 80]]);
	assert.deepEqual(expectStatus(await get('/rpc/lot_whereabouts?product=comirnaty&lot=API1', ministry()), 200).map((r) => [r.site, r.doses_given]), [[site, 80]]);
	const stopped = expectStatus(await rpc('stop_check', { scan: '(01)04912345678904(17)210930(10)API1', site }, own), 200)[0];
	assert.ok(stopped.codes.includes('recalled'));
});

test('a site is confirmed before it opens', async () => {
	const clinic = institution(partner);
	const doctors = association(990001);
	expectStatus(await rpc('apply_site', { site: partner, municipality: '011002', kind: 'satellite', basic_site: site, association: 990001 }, clinic), 200);
	assert.equal((await rpc('apply_site', { site: partner, municipality: '011002', kind: 'satellite', basic_site: site }, clinic)).status, 409);
	assert.equal((await rpc('change_site', { site: partner, state: 'authorised' }, clinic)).status, 403);
	assert.equal((await rpc('change_site', { site: partner, state: 'open' }, clinic)).json.code, 'OB045');
	assert.equal((await rpc('change_site', { site: partner, state: 'authorised' }, institution(codes.tokyo[0]))).status, 404);
	assert.equal(expectStatus(await rpc('change_site', { site: partner, state: 'authorised' }, doctors), 200), 'authorised');
	assert.equal(expectStatus(await rpc('register_site', { site: partner, products: ['comirnaty'], public: true, reservation: 'web', reservation_url: 'https://example.jp/' }, clinic), 200), 'registered');
	assert.equal(expectStatus(await rpc('change_site', { site: partner, state: 'open' }, clinic), 200), 'open');
	const [seen] = expectStatus(await get(`/vsys_sites?site=eq.${partner}`), 200);
	assert.deepEqual([seen.kind, seen.reservation_url, seen.products], ['satellite', 'https://example.jp/', ['comirnaty']]);
	const lines = expectStatus(await rpc('change_sites', { sites: [partner, '0110112480', 'x'], state: 'paused' }, prefecture(1)), 200);
	assert.deepEqual(lines.map((l) => l.done), [true, false, false]);
	assert.deepEqual(expectStatus(await get(`/vsys_sites?site=eq.${partner}`), 200), []);
	assert.ok([401, 403, 405].includes((await call('PATCH', `/vsys_sites?site=eq.${partner}`, { body: { state: 'open' } })).status));
});

test('strangers are told nothing', async () => {
	const stranger = institution(codes.tokyo[0]);
	assert.deepEqual(expectStatus(await get(`/rpc/site_stock?site=${site}`, stranger), 200), []);
	assert.equal((await rpc('post_stock', { events: event({ vials: 195, key: 'box 1' }) }, stranger)).status, 403);
	assert.equal((await rpc('report_total', { site, product: 'comirnaty', lot: 'API1', kind: 'given', total: 80 }, stranger)).status, 403);
	assert.equal((await rpc('report_total', { site, product: 'comirnaty', lot: 'API1', kind: 'given', total: 1 }, prefecture(13))).status, 403);
	assert.equal((await get(`/rpc/site_stock?site=${site}`)).status, 401);
	assert.equal((await get(`/rpc/site_stock?site=${site}`, token({ role: 'outbreak_citizen' }))).status, 403);
	expectStatus(await get('/rpc/site_stock?site=0110112480', own), 400);
});
