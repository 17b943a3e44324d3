// Without a token: what the seed's public portal shows, and nothing else.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { call, codes, daysAgo, expectStatus, get, institution, rpc, seed } from './client.mjs';

const day = daysAgo(1);
const fields = ['facilityId', 'facilityName', 'zipCode', 'prefName', 'facilityAddr', 'facilityTel', 'latitude', 'longitude',
	'submitDate', 'facilityType', 'ansType', 'localGovCode', 'cityName', 'facilityCode'];

before(async () => {
	seed();
	const statuses = { inpatient: '通常', outpatient: '制限', emergency: '停止', surgery: '停止' };
	const records = Object.entries(statuses).map(([service, status]) => ({ institution: codes.hokkaido[0], on_date: day, service, status }));
	expectStatus(await rpc('submit', { form: 'gmis.service_status', records }, institution(codes.hokkaido[0])), 200);
});

test('the daily survey is open data, with exactly its fields', async () => {
	const rows = expectStatus(await get('/covid19_daily_survey'), 200);
	assert.ok(rows.length > 0);
	for (const row of rows) {
		assert.deepEqual(Object.keys(row), fields);
		for (const field of fields) assert.ok(row[field] === null || typeof row[field] === 'string', field);
	}
	const mine = rows.filter((r) => r.facilityCode === codes.hokkaido[0]);
	assert.deepEqual(Object.fromEntries(mine.map((r) => [r.facilityType, r.ansType])), { 入院: '通常', 外来: '制限', 救急: '停止' });
	assert.ok(mine.every((r) => r.submitDate === day && r.prefName === '北海道'));
	const silent = rows.filter((r) => r.facilityCode === codes.tokyo[0]);
	assert.ok(silent.length > 0 && silent.every((r) => r.ansType === '未回答'), JSON.stringify(silent));
});

test('views filter, order and page', async () => {
	const stopped = expectStatus(await get(`/covid19_daily_survey?ansType=eq.${encodeURIComponent('停止')}&select=facilityCode,facilityType`), 200);
	assert.deepEqual(stopped, [{ facilityCode: codes.hokkaido[0], facilityType: '救急' }]);
	const page = await get('/covid19_daily_survey?order=facilityCode,facilityType&limit=2', undefined, { prefer: 'count=exact' });
	assert.equal(expectStatus(page, 206).length, 2);
	assert.match(page.headers.get('content-range'), /^0-1\/\d+$/);
});

test('the survey since a day, and of a prefecture', async () => {
	const all = expectStatus(await get(`/rpc/covid19_daily_survey_since?since=${day}`), 200);
	assert.deepEqual(Object.keys(all[0]), fields);
	const hokkaido = expectStatus(await get(`/rpc/covid19_daily_survey_since?since=${day}&prefName=${encodeURIComponent('北海道')}`), 200);
	assert.ok(hokkaido.length > 0 && hokkaido.every((r) => r.prefName === '北海道'));
	assert.deepEqual(expectStatus(await get(`/rpc/covid19_daily_survey_since?since=${daysAgo(-1)}`), 200), []);
});

test('counts of services and reporting rates are public', async () => {
	const counts = expectStatus(await get(`/rpc/service_counts?on_date=${day}&level=nation`), 200);
	assert.ok(counts.some((c) => c.stopped === 1), JSON.stringify(counts));
	const rate = expectStatus(await get(`/rpc/reporting_rate?on_date=${day}`), 200);
	assert.ok(rate.some((r) => r.population === 'all'));
});

test('forms and prefectures are public', async () => {
	const forms = expectStatus(await get('/forms?order=form'), 200);
	const daily = forms.find((f) => f.form === 'gmis.daily');
	assert.deepEqual(daily.keys, ['institution', 'on_date']);
	assert.equal(daily.may_submit, false);
	assert.equal(daily.may_read, false);
	const beds = daily.items.find((i) => i.item === 'beds_secured');
	assert.equal(beds.meaning, 'stock');
	assert.match(beds.label, /確保病床数/);
	assert.equal(expectStatus(await get('/prefectures'), 200).length, 47);
});

test('everything else is 401', async () => {
	const reads = ['/findings', '/rejected', '/reminders', `/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`,
		`/rpc/completeness?form=gmis.daily&on_period=${day}`, `/rpc/silent?on_date=${day}`, `/rpc/supply_outlook?on_date=${day}`,
		'/rpc/nearest_free?longitude=141&latitude=43', '/rpc/nearest_free_geojson?longitude=141&latitude=43', `/rpc/bed_occupancy?on_date=${day}`,
		`/rpc/stopped?on_date=${day}`, `/rpc/as_known_at?form=gmis.daily&at=${day}&from_date=${day}&to_date=${day}`, '/rpc/check?form=gmis.daily&record={}'];
	for (const path of reads) assert.equal((await get(path)).status, 401, path);
	const writes = { submit: { form: 'gmis.daily', records: [] }, give_reason: { form: 'gmis.daily', key: {}, code: 'x', reason: 'y' }, resubmit: { id: 1 }, history: { form: 'gmis.daily', key: {} } };
	for (const [name, body] of Object.entries(writes)) assert.equal((await rpc(name, body)).status, 401, name);
});

test('the public page of the API names only what the public may call', async () => {
	const { paths } = expectStatus(await call('GET', '/', { headers: { accept: 'application/openapi+json' } }), 200);
	assert.deepEqual(Object.keys(paths).sort(), ['/', '/covid19_daily_survey', '/forms', '/ports', '/prefectures', '/random_commitments', '/rpc/$bulk-publish', '/rpc/arrival_form', '/rpc/arrival_ticket_page', '/rpc/arrival_ticket_svg', '/rpc/book', '/rpc/cancel_arrival', '/rpc/cancel_booking', '/rpc/change_arrival', '/rpc/covid19_daily_survey_since', '/rpc/delivery_report', '/rpc/enter_arrival', '/rpc/explain_allotment', '/rpc/fhir_locations', '/rpc/fhir_schedules', '/rpc/fhir_slots', '/rpc/join_waiting_list', '/rpc/leave_waiting_list', '/rpc/line_webhook', '/rpc/my_arrival', '/rpc/my_bookings', '/rpc/my_waiting', '/rpc/queue_place', '/rpc/read_ticket', '/rpc/rebook', '/rpc/reporting_rate', '/rpc/request_booking', '/rpc/service_counts', '/rpc/site_slots', '/rpc/submit_document', '/rpc/trust_list', '/rpc/vaccination_coverage', '/rpc/vaccination_sites', '/rpc/vaccination_sites_geojson', '/rpc/withdraw_request', '/vaccine_rounds', '/vsys_sites']);
});
