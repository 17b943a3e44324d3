// SMART Scheduling Links (FHIR Location, Schedule and Slot as NDJSON): who starts from the manifest finds every file, each
// line is a resource, what refers to something refers to something that is there, and the places add up to what there is.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { call, codes, expectStatus, get, institution, rpc, seed, sql } from './client.mjs';
import { born, daysAhead, municipality, number, ticket, town, world } from './booking.mjs';

const [site, other, hidden] = codes.tokyo;
const extension = (resource, name) => resource.extension.find((e) => e.url === `http://fhir-registry.smarthealthit.org/StructureDefinition/${name}`);
let manifest;

/** Each line of a file of the manifest, as an object. */
async function lines(url, accept) {
	const answer = await call('GET', url.slice(process.env.API_URL.length), { headers: accept === undefined ? {} : { accept } });
	expectStatus(answer, 200);
	assert.match(answer.headers.get('content-type'), /^application\/fhir\+ndjson/, `${url} for ${accept}`);
	assert.ok(answer.text === '' || answer.text.endsWith('\n'));
	return answer.text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
}
const files = async (type) => (await Promise.all(manifest.output.filter((f) => f.type === type).map((f) => lines(f.url)))).flat();

before(async () => {
	seed();
	world();
	const rows = [1, 2, 3, 4].map((n) => ({ number: number(n), birth_on: born(n), priority_group: 'api_all' }));
	expectStatus(await rpc('issue_tickets', { rows, programme: 'api_first' }, municipality(town)), 200);
	const pattern = [...Array(7).keys()].map((i) => ({ weekday: i + 1, start: '09:00', end: '10:00', minutes: 30, capacity: 2 }));
	for (const of of [site, other, hidden])
		expectStatus(await rpc('make_sessions', { site: of, programme: 'api_first', product: of === other ? 'api_m' : 'api_p', pattern, from_date: daysAhead(5), to_date: daysAhead(20), dose: of === other ? 1 : null }, institution(of)), 200);
	const [first, second] = expectStatus(await get(`/rpc/site_slots?site=${site}`), 200);
	for (const n of [1, 2]) expectStatus(await rpc('book', { slot: first.slot, ...ticket(n) }), 200);
	expectStatus(await rpc('book', { slot: second.slot, ...ticket(3) }), 200);
	sql(`UPDATE vsys.site SET reservation_url = 'https://booking.example.jp/1', reservation_phone = '0120-000-000' WHERE site::text = '${site}'`);
});

test('the manifest names every file, at the address by which it was reached', async () => {
	manifest = expectStatus(await get('/rpc/$bulk-publish'), 200);
	assert.deepEqual([Object.keys(manifest), manifest.error, manifest.request], [['transactionTime', 'request', 'output', 'error'], [], `${process.env.API_URL}/rpc/$bulk-publish`]);
	assert.ok(Math.abs(Date.parse(manifest.transactionTime) - Date.now()) < 60e3);
	assert.deepEqual([...new Set(manifest.output.map((f) => f.type))].sort(), ['Location', 'Schedule', 'Slot']);
	for (const file of manifest.output) {
		assert.ok(file.url.startsWith(`${process.env.API_URL}/rpc/fhir_`), file.url);
		assert.deepEqual(file.extension.state, ['東京都']);
	}
	assert.equal(new Set(manifest.output.map((f) => f.url)).size, manifest.output.length);
	const behind = expectStatus(await get('/rpc/$bulk-publish', undefined, { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'vaccine.example.jp' }), 200);
	assert.equal(behind.request, 'https://vaccine.example.jp/rpc/$bulk-publish');
});

test('a file is NDJSON for whoever asks, however they ask', async () => {
	const { url } = manifest.output.find((f) => f.type === 'Location');
	for (const accept of [undefined, '*/*', 'application/fhir+ndjson', 'application/ndjson', 'application/json'])
		assert.equal((await lines(url, accept)).length, 2);
	assert.deepEqual(await lines(`${process.env.API_URL}/rpc/fhir_locations?prefecture=47`), [], 'where there is nothing, nothing');
});

test('locations are the sites that are booked here and shown', async () => {
	const locations = await files('Location');
	assert.deepEqual(locations.map((l) => l.id), [site, other].sort());
	const [location] = locations;
	assert.deepEqual([location.resourceType, location.address.state, location.address.city, location.address.postalCode, location.address.country], ['Location', '東京都', '千代田区', '060-0000', 'JP']);
	assert.ok(location.name && location.telecom.every((t) => ['phone', 'url'].includes(t.system) && t.value));
	assert.ok(location.identifier.some((i) => i.system === 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no' && i.value === site));
	assert.ok(Math.abs(location.position.longitude) <= 180 && Math.abs(location.position.latitude) <= 90);
});

test('schedules say what is given, and slots how many places are free and taken', async () => {
	const locations = new Set((await files('Location')).map((l) => `Location/${l.id}`));
	const schedules = await files('Schedule');
	const slots = await files('Slot');
	assert.equal(schedules.length, 2);
	for (const schedule of schedules) {
		assert.ok(locations.has(schedule.actor[0].reference));
		assert.ok(schedule.serviceType[0].coding.some((c) => c.system === 'http://terminology.hl7.org/CodeSystem/service-type' && c.code === '57'));
		assert.match(schedule.id, /^[A-Za-z0-9.-]{1,64}$/);
	}
	const doses = (s) => s.extension.filter((e) => e.url.endsWith('/vaccine-dose')).map((e) => e.valueInteger);
	assert.deepEqual(schedules.map((s) => [s.actor[0].reference, doses(s)]).sort(), [[`Location/${site}`, [1, 2]], [`Location/${other}`, [1]]].sort());
	assert.equal(extension(schedules.find((s) => s.id.startsWith(site)), 'vaccine-product').valueCoding.code, '208');

	const known = new Set(schedules.map((s) => `Schedule/${s.id}`));
	assert.ok(slots.every((s) => known.has(s.schedule.reference) && ['free', 'busy'].includes(s.status) && s.start < s.end && s.start > manifest.transactionTime));
	assert.equal(new Set(slots.map((s) => s.id)).size, slots.length);
	const places = (status, of) => slots.filter((s) => s.status === status && s.schedule.reference.startsWith(`Schedule/${of}`)).reduce((sum, s) => sum + extension(s, 'slot-capacity').valueInteger, 0);
	assert.deepEqual([places('free', site), places('busy', site), places('free', other), places('busy', other), places('free', hidden)], [61, 3, 64, 0, 0]);
	assert.ok(slots.filter((s) => s.schedule.reference.startsWith(`Schedule/${site}`) && s.status === 'free').every((s) => extension(s, 'booking-deep-link').valueUrl === 'https://booking.example.jp/1' && extension(s, 'booking-phone').valueString === '0120-000-000'));
});

test('a closed session is in no file, and one that opens later has no free places yet', async () => {
	const [{ session, starts_at }] = expectStatus(await get(`/rpc/site_slots?site=${other}`), 200);
	expectStatus(await rpc('close_session', { session, reason: '台風' }, institution(other)), 200);
	assert.ok(!(await files('Slot')).some((s) => s.schedule.reference.startsWith(`Schedule/${other}`) && Date.parse(s.start) === Date.parse(starts_at)));
	const [next] = expectStatus(await get(`/rpc/site_slots?site=${other}`), 200);
	expectStatus(await rpc('set_session', { session: next.session, opens_at: `${daysAhead(1)}T09:00:00+09:00` }, institution(other)), 204);
	const seen = (await files('Slot')).filter((s) => s.schedule.reference.startsWith(`Schedule/${other}`) && Date.parse(s.start) === Date.parse(next.starts_at));
	assert.deepEqual(seen.map((s) => [s.status, extension(s, 'slot-capacity').valueInteger]), [['busy', 2]]);
});

test('availability is what the slots say, within a second', async () => {
	const status = async (of = site) => (({ status, free, places }) => [status, free, places])(expectStatus(await get(`/rpc/vaccination_sites?site=${of}`), 200)[0]);
	const later = () => new Promise((done) => setTimeout(done, 700));
	await later();
	assert.deepEqual(await status(), ['available', 61, 64]);
	sql(`UPDATE vsys.slot SET capacity = taken + (slot = (SELECT max(slot) FROM vsys.slot WHERE site::text = '${site}'))::integer * 2 WHERE site::text = '${site}'`);
	await later();
	assert.deepEqual(await status(), ['available', 2, 5]);
	const slot = sql(`SELECT max(slot) FROM vsys.slot WHERE site::text = '${site}'`);
	expectStatus(await rpc('set_capacity', { slot: Number(slot), capacity: 100 }, institution(site)), 200);
	await later();
	assert.deepEqual(await status(), ['available', 100, 103]);
	expectStatus(await rpc('book', { slot: Number(slot), ...ticket(4) }), 200);
	expectStatus(await rpc('set_capacity', { slot: Number(slot), capacity: 1 }, institution(site)), 200);
	await later();
	assert.deepEqual(await status(), ['full', 0, 4]);
	// a site with a reservation of its own says it, with the time
	sql(`UPDATE vsys.site SET reservation = 'phone' WHERE site::text = '${other}'`);
	await later();
	assert.deepEqual(await status(other), ['unknown', 0, 0]);
	expectStatus(await rpc('enter_status', { site: other, status: 'few' }, institution(other)), 204);
	await later();
	const [entered] = expectStatus(await get(`/rpc/vaccination_sites?site=${other}`), 200);
	assert.equal(entered.status, 'few');
	assert.ok(Math.abs(Date.parse(entered.entered_at) - Date.now()) < 60e3);
	assert.deepEqual((await files('Location')).map((l) => l.id), [site], 'and is no longer published as booked here');
});
