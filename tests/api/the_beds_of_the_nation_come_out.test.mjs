// What an official and an ambulance read: occupancy, free beds near a point, who is silent, what runs out, what stopped.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { codes, daily, daysAgo, expectStatus, get, institution, ministry, prefecture, rpc, seed, token } from './client.mjs';

const day = daysAgo(0);
const [first, second, third] = codes.hokkaido;

function lastMonday() {
	const date = new Date(`${day}T00:00:00Z`);
	return daysAgo((date.getUTCDay() + 6) % 7);
}

before(async () => {
	seed();
	expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(first, day)] }, institution(first)), 200);
	expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(second, day, { beds_occupied: 15, inpatients: 15 })] }, institution(second)), 200);
	expectStatus(await rpc('submit', { form: 'gmis.service_status', records: [
		{ institution: first, on_date: daysAgo(1), service: 'emergency', status: '通常' },
		{ institution: first, on_date: day, service: 'emergency', status: '停止' }] }, institution(first)), 200);
	expectStatus(await rpc('submit', { form: 'gmis.weekly_supply', records: { institution: first, week_on: lastMonday(), item: 'n95_mask', stock: 700, used: 700, expected_arrivals: 0 } }, institution(first)), 200);
});

test('bed occupancy says how much of the country it is about', async () => {
	const rows = expectStatus(await get(`/rpc/bed_occupancy?on_date=${day}&level=prefecture`, ministry()), 200);
	const row = rows.find((r) => r.name_ja === '北海道');
	assert.equal(row.expected, 3);
	assert.equal(row.reported, 2);
	assert.equal(row.beds_secured, 40);
	assert.equal(row.beds_occupied, 25);
	assert.equal(row.use_pct, 63, '62.5 % is rounded up');
	assert.ok(row.beds_occupied_lower <= 25 && (row.beds_occupied_upper === null || row.beds_occupied_upper >= 25));
	const [nation] = expectStatus(await get(`/rpc/bed_occupancy?on_date=${day}&level=nation`, ministry()), 200);
	assert.equal(nation.reported, 2);
	assert.equal(nation.expected, 6);
});

test('services are counted, all of them at once', async () => {
	const rows = expectStatus(await get(`/rpc/service_counts_all?on_date=${day}&level=nation`, ministry()), 200);
	const emergency = rows.find((row) => row.service === 'emergency');
	assert.ok(emergency.stopped >= 1);
	assert.equal(new Set(rows.map((row) => row.service)).size, rows.length);
	assert.equal((await get(`/rpc/service_counts_all?on_date=${day}&level=galaxy`, ministry())).status, 400);
	assert.equal((await get(`/rpc/service_counts_all?on_date=${day}`, institution(first))).status, 403);
});

test('free beds nearest to a point come nearest first', async () => {
	const rows = expectStatus(await get('/rpc/nearest_free?longitude=141&latitude=39&k=5', prefecture(1)), 200);
	assert.equal(rows.length, 1, 'the second one is full');
	assert.equal(rows[0].institution, first);
	assert.equal(rows[0].free, 5, 'ready less occupied');
	assert.ok(rows[0].distance_m < 10);
	assert.deepEqual(expectStatus(await get('/rpc/nearest_free?longitude=141&latitude=39&at_least=6', prefecture(1)), 200), []);
	const nurse = token({ role: 'outbreak_health_center', health_center: 1, prefecture: 1 });
	assert.deepEqual(expectStatus(await get('/rpc/nearest_free?longitude=141&latitude=39&k=5', nurse), 200), rows, 'a health centre seeks beds in all prefectures');
});

test('and as GeoJSON for a map', async () => {
	const answer = await get('/rpc/nearest_free_geojson?longitude=141&latitude=39', ministry(), { accept: 'application/geo+json' });
	const map = expectStatus(answer, 200);
	assert.match(answer.headers.get('content-type'), /^application\/geo\+json/);
	assert.equal(map.type, 'FeatureCollection');
	assert.equal(map.features.length, 1);
	assert.equal(map.features[0].type, 'Feature');
	assert.deepEqual(map.features[0].geometry, { type: 'Point', coordinates: [141, 39] });
	assert.equal(map.features[0].properties.institution, first);
	assert.equal(map.features[0].properties.free, 5);
	const empty = expectStatus(await get('/rpc/nearest_free_geojson?longitude=141&latitude=39&at_least=100', ministry()), 200);
	assert.deepEqual(empty, { type: 'FeatureCollection', features: [] });
});

test('who is silent, and whom to call', async () => {
	const rows = expectStatus(await get(`/rpc/silent?on_date=${day}`, prefecture(1)), 200);
	assert.deepEqual(rows.map((r) => r.institution), [third]);
	assert.equal(rows[0].contact, `試験担当 ${third}`);
	const all = expectStatus(await get(`/rpc/silent?on_date=${day}`, ministry()), 200);
	assert.equal(all.length, 4);
});

test('which service stopped', async () => {
	const rows = expectStatus(await get(`/rpc/stopped?on_date=${day}`, ministry()), 200);
	assert.equal(rows.length, 1);
	assert.equal(rows[0].institution, first);
});

test('which supplies run out', async () => {
	const rows = expectStatus(await get(`/rpc/supply_outlook?on_date=${lastMonday()}`, ministry()), 200);
	const row = rows.find((r) => r.item === 'n95_mask');
	assert.equal(row.institution, first);
	assert.equal(Number(row.days_left), 7);
});

test('the list of institutions is public in its public columns', async () => {
	const rows = expectStatus(await get(`/institutions?institution=eq.${first}`, institution(first)), 200);
	assert.equal(rows.length, 1);
	assert.equal(rows[0].latitude, 39);
	assert.equal('contact' in rows[0], false);
});
