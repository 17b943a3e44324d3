// Release, corrections, periods and the lists of those who call, through the API: each by those it is for, and the answers
// to everybody else.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { analyst, expectStatus, get, ministry, prefecture, rpc, seed, sql, token } from './client.mjs';

const center = (number, prefecture) => token({ role: 'outbreak_health_center', health_center: number, prefecture, sub: `nurse ${number}` });
const tokyo = center(9411, 13);
const osaka = center(9412, 27);
const citizen = (person) => token({ role: 'outbreak_citizen', person, sub: `citizen ${person.slice(-4)}` });
const patient = randomUUID();
const contact = randomUUID();
const silent = randomUUID();
const enrolment = {};
const day = (n) => sql(`SELECT outbreak.local_date() + ${n}`);
const refused = (answer, code, status = 400) => {
	const body = expectStatus(answer, status);
	assert.equal(body.code, code, answer.text);
	return body;
};

before(async () => {
	seed();
	sql(`
		SET client_min_messages = warning;
		INSERT INTO registry.health_center (health_center, prefecture, name_ja) VALUES (9411, 13, '千代田見本保健所'), (9412, 27, '堺見本保健所') ON CONFLICT DO NOTHING;
		INSERT INTO registry.person (person, birth_year, health_center) VALUES ('${patient}', 1985, 9411), ('${contact}', 1990, 9411), ('${silent}', 1970, 9411);
	`);
	enrolment.patient = expectStatus(await rpc('enrol', { person: patient, plan: 'patient', day0: day(-8), class: 'symptomatic' }, tokyo), 200);
	enrolment.contact = expectStatus(await rpc('enrol', { person: contact, plan: 'contact', day0: day(-2) }, tokyo), 200);
	enrolment.silent = expectStatus(await rpc('enrol', { person: silent, plan: 'arrival', day0: day(-1) }, tokyo), 200);
});

test('a health centre learns what is missing for a release', async () => {
	const [verdict] = expectStatus(await get(`/rpc/may_release?enrolment=${enrolment.patient}`, tokyo), 200);
	assert.equal(verdict.verdict, null);
	assert.deepEqual(verdict.missing, ['eased_at', 'setting']);
	assert.match(verdict.reason_ja, /症状軽快日時/);
	assert.deepEqual(expectStatus(await get(`/rpc/may_release?enrolment=${enrolment.patient}`, osaka), 200), []);
	const early = refused(await rpc('release_patient', { enrolment: enrolment.patient }, tokyo), 'OB127');
	assert.deepEqual(JSON.parse(early.details).missing, ['eased_at', 'setting']);
	assert.equal((await rpc('release_patient', { enrolment: enrolment.patient }, osaka)).status, 403);
	assert.equal((await get(`/rpc/release_patient?enrolment=${enrolment.patient}`, tokyo)).status, 405);
	assert.deepEqual(expectStatus(await get('/rpc/ready_for_release?health_center=9411', tokyo), 200).map((row) => [row.enrolment, row.verdict, row.missing]), [[enrolment.patient, null, ['eased_at', 'setting']]]);
});

test('a correction by the health centre puts everything right', async () => {
	const bad = refused(await rpc('correct_followup', { enrolment: enrolment.patient, patch: { day0: 'soon', shoe_size: 43 }, reason: 'typo' }, tokyo), 'OB128');
	assert.deepEqual(JSON.parse(bad.details).map((fault) => fault.item), ['day0', 'shoe_size']);
	for (const patch of [null, [], 'x', {}, 7]) assert.equal((await rpc('correct_followup', { enrolment: enrolment.patient, patch, reason: 'x' }, tokyo)).status, 400, JSON.stringify(patch));
	assert.equal((await rpc('correct_followup', { enrolment: enrolment.patient, patch: { class: 'asymptomatic' }, reason: 'x' }, osaka)).status, 403);
	assert.equal((await rpc('correct_followup', { enrolment: enrolment.patient, patch: { class: 'asymptomatic' }, reason: ' ' }, tokyo)).status, 400);
	const eased = sql("SELECT now() - interval '4 days'");
	const corrected = expectStatus(await rpc('correct_followup', { enrolment: enrolment.patient, patch: { day0: day(-12), eased_at: eased, setting: 'home' }, reason: 'the onset was earlier' }, tokyo), 200);
	assert.deepEqual([corrected.before.day0, corrected.after.day0], [day(-8), day(-12)]);
	assert.ok(corrected.correction > 0);
	const sooner = expectStatus(await rpc('correct_followup', { enrolment: enrolment.contact, patch: '{"day0": "' + day(-3) + '"}', reason: 'the last day together' }, prefecture(13)), 200);
	assert.equal(sooner.after.until < sooner.before.until, true);
});

test('specimens are entered, and the patient is released once', async () => {
	assert.equal((await rpc('enter_test', { enrolment: enrolment.patient, taken_at: sql("SELECT now() + interval '1 day'"), method: 'naat' }, tokyo)).status, 400);
	assert.equal((await rpc('enter_test', { enrolment: enrolment.patient, taken_at: sql("SELECT now() - interval '1 day'"), method: 'gut feeling' }, tokyo)).status, 400);
	assert.equal((await rpc('enter_test', { enrolment: enrolment.patient, taken_at: sql("SELECT now() - interval '1 day'"), method: 'naat' }, osaka)).status, 403);
	const specimen = { enrolment: enrolment.patient, taken_at: sql("SELECT now() - interval '1 day'"), method: 'naat' };
	const first = expectStatus(await rpc('enter_test', specimen, tokyo), 200);
	const result = expectStatus(await rpc('enter_test', { ...specimen, result: 'negative' }, tokyo), 200);
	assert.deepEqual([result.test, result.verdict, result.reopened], [first.test, true, false]);
	const released = expectStatus(await rpc('release_patient', { enrolment: enrolment.patient }, tokyo), 200);
	assert.equal(released.enrolment, enrolment.patient);
	assert.ok(released.rule);
	assert.deepEqual(expectStatus(await rpc('release_patient', { enrolment: enrolment.patient }, tokyo), 200), released);
	assert.equal(expectStatus(await get(`/followups?enrolment=eq.${enrolment.patient}`, tokyo), 200)[0].state, 'released');
	assert.deepEqual(expectStatus(await get('/rpc/ready_for_release?health_center=9411', tokyo), 200), []);
});

test('who was not reached stands on the call list, and the prefecture is told', async () => {
	// five days of silence, in one night
	sql(`
		UPDATE followup.enrolment SET day0 = day0 - 6, opened_at = opened_at - interval '6 days' WHERE enrolment = ${enrolment.silent};
		SELECT followup.make_slots('{${enrolment.silent}}', outbreak.local_date() - 5, now() - interval '5 days');
		SELECT followup.escalate(now());
	`);
	const [call] = expectStatus(await get('/rpc/call_list?health_center=9411', tokyo), 200).filter((row) => row.enrolment === enrolment.silent);
	assert.equal(call.reason, 'undelivered');
	assert.equal(call.missed, 0);
	assert.ok(call.undelivered >= 3);
	assert.deepEqual(expectStatus(await get('/rpc/call_list', osaka), 200), []);
	assert.deepEqual(expectStatus(await get('/rpc/silent_persons?days=4', tokyo), 200).filter((row) => row.person === silent).map((row) => [row.enrolment, row.missed]), [[enrolment.silent, 0]]);
	assert.deepEqual(expectStatus(await get('/rpc/silent_persons?days=4', osaka), 200), []);
	const [notice] = expectStatus(await get(`/followup_notifications?enrolment=eq.${enrolment.silent}`, prefecture(13)), 200);
	assert.equal(notice.reason, 'undelivered');
	assert.equal((await rpc('note_notification', { notification: notice.notification }, prefecture(27))).json.code, 'OB126');
	expectStatus(await rpc('note_notification', { notification: notice.notification }, prefecture(13)), 204);
	assert.ok(expectStatus(await get(`/followup_notifications?enrolment=eq.${enrolment.silent}`, prefecture(13)), 200)[0].read_at);
});

test('work is foreseen, and rates are told by day and channel', async () => {
	const ahead = expectStatus(await get('/rpc/workload?health_center=9411&days=5', tokyo), 200);
	assert.equal(ahead.length, 5);
	assert.ok(ahead.every((row) => row.in_follow_up >= 0 && row.hours >= 0));
	assert.equal(expectStatus(await get('/rpc/workload?days=100000&new_a_day=3', tokyo), 200).length, 60);
	assert.equal((await get('/rpc/workload', ministry())).status, 403);
	const rates = expectStatus(await get(`/rpc/compliance?from_day=${day(-4)}&to_day=${day(0)}&health_center=9411`, tokyo), 200);
	assert.ok(rates.some((row) => row.prompt === 'health' && row.undelivered > 0 && row.rate === null), 'what we did not deliver counts against nobody');
	sql(`UPDATE followup.slot SET state = 'answered', answered_at = opens_at, channel = 'web', reason = NULL WHERE enrolment = ${enrolment.silent} AND day = outbreak.local_date() - 2 AND prompt = 'health'`);
	const channels = expectStatus(await get(`/rpc/compliance_by_channel?from_day=${day(-4)}&to_day=${day(0)}&health_center=9411`, analyst()), 200);
	assert.deepEqual(channels.map((row) => [row.day, row.channel, row.share]), [[day(-2), 'web', 100]]);
	assert.equal((await get(`/rpc/compliance?from_day=${day(-4)}&to_day=${day(0)}`, citizen(silent))).status, 403);
});

test('a period is looked at before it is laid down, by the ministry alone', async () => {
	const seen = expectStatus(await get(`/rpc/preview_period?plan=contact&class=standard&days=20&from_on=${day(0)}`, prefecture(13)), 200);
	assert.ok(seen.some((row) => row.enrolment === enrolment.contact && row.effect === 'longer' && row.slots_made > 0));
	assert.ok(!expectStatus(await get(`/rpc/preview_period?plan=contact&class=standard&days=20&from_on=${day(0)}`, prefecture(27)), 200).some((row) => row.enrolment === enrolment.contact));
	const period = { plan: 'contact', class: 'standard', days: 20, from_on: day(0), basis: 'a test', retroactive: true };
	assert.equal((await rpc('change_period', period, prefecture(13))).status, 403);
	assert.equal((await rpc('change_period', { ...period, basis: '' }, ministry())).status, 400);
	assert.equal((await rpc('change_period', { ...period, class: 'royal' }, ministry())).status, 400);
	const changed = expectStatus(await rpc('change_period', period, ministry()), 200);
	assert.ok(changed.changed >= 1 && changed.slots_made > 0);
	assert.equal(expectStatus(await get(`/followups?enrolment=eq.${enrolment.contact}`, tokyo), 200)[0].until, day(17));
	assert.equal(expectStatus(await rpc('change_period', period, ministry()), 200).changed, 0);
});
