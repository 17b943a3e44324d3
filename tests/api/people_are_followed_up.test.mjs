// Follow-up through the API: a health centre enrols, a mother answers for herself and her child, alerts and calls come up and
// are worked off; and what strangers, bad answers and repeated ones are told.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { expectStatus, get, rpc, seed, sql, token } from './client.mjs';

const mother = randomUUID();
const child = randomUUID();
const stranger = randomUUID();
const citizen = (person) => token({ role: 'outbreak_citizen', person, sub: `citizen ${person.slice(-4)}` });
const center = (number, prefecture) => token({ role: 'outbreak_health_center', health_center: number, prefecture, sub: `nurse ${number}` });
const tokyo = center(9401, 13);
const osaka = center(9402, 27);
let today;
const enrolment = {};

before(() => {
	seed();
	sql(`
		SET client_min_messages = warning;
		INSERT INTO registry.health_center (health_center, prefecture, name_ja) VALUES (9401, 13, '東京見本保健所'), (9402, 27, '大阪見本保健所') ON CONFLICT DO NOTHING;
		INSERT INTO registry.person (person, birth_year, health_center) VALUES ('${mother}', 1985, 9401), ('${child}', extract(year FROM now()) - 5, 9401), ('${stranger}', 1970, 9402) ON CONFLICT DO NOTHING;
	`);
	today = sql('SELECT outbreak.local_date()');
});

const yesterday = () => sql('SELECT outbreak.local_date() - 1');

test('a health centre takes its people in, and nobody else\'s', async () => {
	for (const [person, responder] of [[mother, undefined], [child, mother]]) {
		enrolment[person] = expectStatus(await rpc('enrol', { person, responder, plan: 'contact', day0: yesterday(), basis: { case: 'a colleague' } }, tokyo), 200);
		assert.equal(expectStatus(await rpc('enrol', { person, responder, plan: 'contact', day0: yesterday() }, tokyo), 200), enrolment[person]);
	}
	assert.equal((await rpc('enrol', { person: stranger, plan: 'contact', day0: yesterday() }, tokyo)).status, 403);
	assert.equal((await rpc('enrol', { person: mother, responder: stranger, plan: 'contact', day0: yesterday() }, tokyo)).status, 403);
	assert.equal((await rpc('enrol', { person: mother, plan: 'contact', day0: yesterday() }, citizen(mother))).status, 403);
	assert.equal((await rpc('enrol', { person: mother, plan: 'contact', day0: yesterday() })).status, 401);
	const unknown = await rpc('enrol', { person: mother, plan: 'tourist', day0: yesterday() }, tokyo);
	expectStatus(unknown, 400);
	assert.equal(JSON.parse(unknown.json.details).reason, 'no_period');
	assert.equal((await get(`/rpc/enrol?person=${mother}&plan=contact&day0=${today}`, tokyo)).status, 405);
	enrolment[stranger] = expectStatus(await rpc('enrol', { person: stranger, plan: 'contact', day0: yesterday() }, osaka), 200);
	const list = expectStatus(await get('/followups?state=eq.open&order=enrolment', tokyo), 200);
	assert.deepEqual(list.filter((row) => [mother, child, stranger].includes(row.person)).map((row) => [row.person, row.responder, row.state]), [[mother, mother, 'open'], [child, mother, 'open']]);
});

test('a mother sees what she and her child are asked, and answers for both', async () => {
	// as if they had been taken in before this morning, whatever time it is now
	sql(`SELECT followup.make_slots('{${enrolment[mother]},${enrolment[child]}}', '${today}', '${today} 00:00+09')`);
	const mine = expectStatus(await get('/rpc/my_followups', citizen(mother)), 200);
	assert.deepEqual(mine.map((row) => [row.person, row.plan, row.day_of]).sort(), [[mother, 'contact', 1], [child, 'contact', 1]].sort());
	const slots = expectStatus(await get(`/rpc/my_slots?day=${today}`, citizen(mother)), 200);
	assert.deepEqual(slots.map((row) => [row.person, row.prompt, row.state]).sort(), [[mother, 'health', 'asked'], [child, 'health', 'asked']].sort());
	const own = expectStatus(await rpc('answer', { prompt: 'health', answer: { temperature_c: 36.5, spo2: 98, any_symptom: false } }, citizen(mother)), 200);
	assert.deepEqual([own.state, own.slots, own.alerts], ['answered', 1, []]);
	assert.equal(expectStatus(await rpc('answer', { prompt: 'health', answer: { temperature_c: 36.5, spo2: 98, any_symptom: false } }, citizen(mother)), 200).state, 'repeated');
	const childs = expectStatus(await rpc('answer', { person: child, prompt: 'health', answer: { temperature_c: 38.6, lips_purple: true } }, citizen(mother)), 200);
	assert.deepEqual(childs.alerts.map((alert) => [alert.measure, alert.level]), [['emergency_signs', 'emergency'], ['temperature_c', 'warning']]);
	assert.deepEqual(expectStatus(await get('/health_answers?select=person,temperature_c', citizen(mother)), 200), [{ person: mother, temperature_c: 36.5 }]);
	assert.equal((await rpc('answer', { person: stranger, prompt: 'health', answer: { fever: false } }, citizen(mother))).status, 403);
	assert.equal((await rpc('answer', { person: mother, prompt: 'health', answer: { fever: false } }, citizen(child))).status, 403);
	assert.deepEqual(expectStatus(await get('/health_answers', citizen(stranger)), 200), []);
});

test('a bad answer is told every fault, and stored is nothing', async () => {
	const bad = await rpc('answer', { person: child, prompt: 'health', answer: { temperature_c: 51, spo2: 7, any_symptom: false, cough: true } }, citizen(mother));
	expectStatus(bad, 400);
	assert.equal(bad.json.code, 'OB001');
	assert.deepEqual(JSON.parse(bad.json.details).map((finding) => finding.code).sort(), ['spo2_range', 'symptom_contradicts', 'temperature_range']);
	for (const answer of [{}, [], 'hello', null, { shoe_size: 43 }, { temperature_c: 'hot' }, { person: stranger }]) {
		assert.equal((await rpc('answer', { prompt: 'health', answer }, citizen(mother))).status, 400, JSON.stringify(answer));
	}
	for (const prompt of ['mood', '', null]) assert.equal((await rpc('answer', { prompt, answer: { fever: false } }, citizen(mother))).status, 400, String(prompt));
	const place = await rpc('answer', { prompt: 'location', answer: { latitude: 35.6, longitude: 139.7 } }, citizen(mother));
	expectStatus(place, 400);
	assert.equal(place.json.code, 'OB123');
	assert.equal((await rpc('answer', { prompt: 'video', answer: { mode: 'ai', face_seen: true } }, citizen(mother))).status, 403);
});

test('the health centre sees alert and call, works them off, and enters an answer', async () => {
	const alerts = expectStatus(await get(`/followup_alerts?state=eq.open&person=eq.${child}&order=level`, tokyo), 200);
	assert.deepEqual(alerts.map((alert) => [alert.measure, alert.level, alert.details]), [['emergency_signs', 'emergency', ['lips_purple']], ['temperature_c', 'warning', []]]);
	assert.deepEqual(expectStatus(await get('/followup_alerts', osaka), 200), []);
	assert.equal((await rpc('handle_alert', { alert: alerts[0].alert, outcome: 'x' }, osaka)).json.code, 'OB126');
	expectStatus(await rpc('handle_alert', { alert: alerts[0].alert, outcome: '救急搬送' }, tokyo), 204);
	const [call] = expectStatus(await get(`/followup_calls?state=eq.open&person=eq.${child}`, tokyo), 200);
	assert.deepEqual([call.reason, call.priority, call.responder], ['alert', 1, mother]);
	assert.equal(expectStatus(await rpc('note_call', { call: call.call, outcome: 'no_answer' }, tokyo), 200), 'open');
	assert.equal((await rpc('note_call', { call: call.call, outcome: 'nonsense' }, tokyo)).status, 400);
	assert.equal(expectStatus(await rpc('note_call', { call: call.call, outcome: 'hospital' }, tokyo), 200), 'done');
	assert.equal((await rpc('note_call', { call: call.call, outcome: 'answered' }, tokyo)).json.code, 'OB126');
	const entered = expectStatus(await rpc('answer', { person: child, prompt: 'health', answer: { temperature_c: 37.2 }, channel: 'call' }, tokyo), 200);
	assert.equal(entered.state, 'replaced');
	const [answer] = expectStatus(await get(`/health_answers?person=eq.${child}&select=channel,temperature_c`, tokyo), 200);
	assert.deepEqual(answer, { channel: 'call', temperature_c: 37.2 });
	assert.equal((await rpc('answer', { person: child, prompt: 'health', answer: { fever: false }, channel: 'call' }, osaka)).status, 403);
});

test('one word for the household', async () => {
	const no = expectStatus(await rpc('answer_household', { yes: false }, citizen(mother)), 200);
	assert.equal(no.persons, 2);
	assert.equal((await rpc('answer_household', { yes: false }, citizen('00000000-0000-4000-8000-00000000afff'))).json.code, 'OB122');
	assert.equal((await rpc('answer_household', { yes: 'perhaps' }, citizen(mother))).status, 400);
});

test('a place of stay is given once, and read by who is in charge alone', async () => {
	expectStatus(await rpc('set_place_of_stay', { enrolment: enrolment[mother], latitude: 35.68, longitude: 139.76 }, citizen(mother)), 204);
	assert.equal((await rpc('set_place_of_stay', { enrolment: enrolment[mother], latitude: 35.7, longitude: 139.8 }, citizen(mother))).status, 403);
	assert.equal((await rpc('set_place_of_stay', { enrolment: enrolment[stranger], latitude: 35.7, longitude: 139.8 }, citizen(mother))).status, 403);
	assert.equal((await rpc('set_place_of_stay', { enrolment: enrolment[mother], latitude: 135.7, longitude: 139.8 }, tokyo)).status, 400);
	expectStatus(await rpc('set_place_of_stay', { enrolment: enrolment[mother], latitude: 35.7, longitude: 139.8, radius_m: 500 }, tokyo), 204);
});

test('a contact becomes a patient, moves, and ends', async () => {
	const patient = expectStatus(await rpc('convert_followup', { enrolment: enrolment[child], plan: 'patient', day0: today, basis: { test: 'pcr' } }, tokyo), 200);
	assert.equal(expectStatus(await rpc('convert_followup', { enrolment: enrolment[child], plan: 'patient', day0: today }, tokyo), 200), patient);
	assert.equal((await rpc('move_followup', { enrolment: patient, health_center: 9402 }, osaka)).status, 403);
	expectStatus(await rpc('move_followup', { enrolment: patient, health_center: 9402 }, tokyo), 204);
	assert.equal((await rpc('close_followup', { enrolment: patient, state: 'lost' }, tokyo)).status, 403);
	assert.equal((await rpc('close_followup', { enrolment: patient, state: 'released' }, osaka)).status, 400);
	assert.equal(expectStatus(await rpc('close_followup', { enrolment: patient, state: 'lost', reason: '転居先不明' }, osaka), 200), true);
	assert.equal(expectStatus(await rpc('close_followup', { enrolment: patient, state: 'lost' }, osaka), 200), false);
});

test('the random checks are promised to everybody, and their seeds to nobody before their day', async () => {
	const promises = expectStatus(await get(`/random_commitments?day=gt.${today}`), 200);
	assert.ok(promises.length > 0);
	for (const promise of promises) {
		assert.match(promise.commitment, /^[0-9a-f]{64}$/);
		assert.equal(promise.seed, null);
	}
});

test('who has nothing to do with it sees nothing', async () => {
	for (const path of ['/followups', '/followup_slots', '/health_answers', '/followup_alerts', '/followup_calls', '/followup_notifications']) {
		assert.equal((await get(path)).status, 401, path);
		assert.equal((await get(path, token({ role: 'outbreak_institution', institution: '0110112464', sub: 'clinic' }))).status, 403, path);
	}
	assert.equal((await get('/followup_slots?select=person', token({ role: 'outbreak_analyst', sub: 'analyst' }))).status, 400);
});
