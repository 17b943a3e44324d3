// A wall of bad input before booking: numbers that are no tickets, weeks that are not theirs, other people's bookings,
// and whatever else is sent. Every answer is one of the client's mistakes (400, 403, 404, 405), never the server's; nothing is booked, moved or
// given back by it, and nothing is told of anybody: no person, no date of birth, no booking of somebody else.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { call, codes, expectStatus, get, institution, prefecture, rpc, seed, sql, token } from './client.mjs';
import { born, daysAhead, municipality, number, reason, refused, ticket, town, world } from './booking.mjs';

const [site, other] = codes.tokyo;
const people = 60;
let slots, later, queued, booked, waiting, asked, secrets, before_all;

// an address for each call, so that what is counted for one does not stop the next
let calls = 0;
const somewhere = () => ({ 'x-forwarded-for': `10.0.${(calls >> 8) & 255}.${calls++ & 255}` });
const send = (name, body, as) => rpc(name, body, as, somewhere());

// every row that booking writes, one a line
const state = () => sql(`
	SELECT concat('booking ', to_jsonb(b)) FROM vsys.booking AS b
	UNION ALL SELECT concat('slot ', to_jsonb(s)) FROM vsys.slot AS s
	UNION ALL SELECT concat('session ', to_jsonb(e)) FROM vsys.session AS e
	UNION ALL SELECT concat('waiting ', to_jsonb(w)) FROM vsys.waiting AS w
	UNION ALL SELECT concat('request ', to_jsonb(q)) FROM vsys.queue_request AS q
	UNION ALL SELECT concat('ticket ', to_jsonb(t)) FROM vsys.ticket AS t
	UNION ALL SELECT concat('notice ', to_jsonb(n)) FROM vsys.booking_notice AS n
	UNION ALL SELECT concat('status ', to_jsonb(s)) FROM vsys.site_status AS s`).split('\n');

before(async () => {
	seed();
	world();
	const tickets = (programme, first, of = town) => rpc('issue_tickets', { programme, rows: [...Array(people).keys()].map((i) => ({ number: number(first + i), birth_on: born(i + 1), priority_group: 'api_all', valid_to: daysAhead(60) })) }, municipality(of));
	assert.deepEqual(expectStatus(await tickets('api_first', 1), 200), []);
	assert.deepEqual(expectStatus(await tickets('api_third', 1001), 200), []);
	const pattern = (capacity) => [...Array(7).keys()].map((i) => ({ weekday: i + 1, start: '09:00', end: '10:00', minutes: 60, capacity }));
	const open = (of, from, to, capacity, more) => rpc('make_sessions', { site: of, programme: 'api_first', product: 'api_p', pattern: pattern(capacity), from_date: daysAhead(from), to_date: daysAhead(to), ...more }, institution(of));
	expectStatus(await open(site, 10, 12, 100), 200);
	expectStatus(await open(site, 58, 64, 1), 200);
	expectStatus(await open(other, 14, 14, 10, { mode: 'queue' }), 200);
	expectStatus(await open(other, 15, 15, 0), 200);
	slots = expectStatus(await get(`/rpc/site_slots?site=${site}`), 200);
	later = slots.filter((s) => s.starts_at > `${daysAhead(57)}T00:00:00`);
	[queued] = expectStatus(await get(`/rpc/site_slots?site=${other}`), 200);
	// everybody but the last five has a place
	booked = [];
	for (let n = 1; n <= people - 5; n++) booked[n] = expectStatus(await send('book', { slot: slots[0].slot, ...ticket(n) }), 200);
	const [, full] = expectStatus(await get(`/rpc/site_slots?site=${other}`), 200);
	waiting = expectStatus(await send('join_waiting_list', { session: full.session, ...ticket(people) }), 200);
	sql(`UPDATE vsys.allocator SET ran_at = now() + interval '1 hour'`);
	[asked] = expectStatus(await send('request_booking', { slots: [queued.slot], ...ticket(people - 1) }), 200);
	secrets = [...sql(`SELECT person FROM vsys.ticket UNION SELECT claim FROM vsys.queue_request`).split('\n')];
	before_all = state();
});

/** Nothing changed, and nothing was told but what the caller said. */
function quiet(answer, sent = {}) {
	const said = JSON.stringify(sent);
	for (const secret of secrets) assert.ok(!answer.text.includes(secret) || said.includes(secret), answer.text.slice(0, 500));
	if (answer.status !== 200)
		for (let n = 1; n <= people; n++) for (const word of [born(n), number(n)]) assert.ok(!answer.text.includes(word) || said.includes(word), answer.text.slice(0, 500));
	return answer;
}

function unchanged() {
	const now = state();
	assert.deepEqual([now.filter((row) => !before_all.includes(row)), before_all.filter((row) => !now.includes(row))], [[], []]);
}

test('tickets that are none', async () => {
	// what is tried with each call is tried with another person
	const tries = (n) => [
		[{ ...ticket(n), number: '0000000000' }, 'OB071', 'number_zero'],
		[{ ...ticket(n), number: '000000000' }, 'OB071', 'number_malformed'],
		[{ ...ticket(n), number: '00000000001' }, 'OB071', 'number_malformed'],
		[{ ...ticket(n), number: '０００００００００１' }, 'OB071', 'number_malformed'],
		[{ ...ticket(n), number: '000000000x' }, 'OB071', 'number_malformed'],
		[{ ...ticket(n), number: ' 000000001' }, 'OB071', 'number_malformed'],
		[{ ...ticket(n), number: "' OR ''='" }, 'OB071', 'number_malformed'],
		[{ ...ticket(n), number: '' }, 'OB071', 'number_malformed'],
		[{ ...ticket(n), number: number(9999) }, 'OB070', 'ticket_not_recognised'],
		[{ ...ticket(n), municipality: '271004' }, 'OB070', 'ticket_not_recognised'],
		[{ ...ticket(n), birth_on: born(n + 1) }, 'OB070', 'ticket_not_recognised'],
		[{ ...ticket(n), birth_on: null }, 'OB070', 'ticket_not_recognised'],
		[{ ...ticket(n), birth_on: 'infinity' }, 'OB070', 'ticket_not_recognised'],
		[{ ...ticket(n), birth_on: '4713-01-01 BC' }, 'OB070', 'ticket_not_recognised'],
		[{ ...ticket(n), birth_on: '5874897-12-31' }, 'OB070', 'ticket_not_recognised'],
	];
	let n = 0;
	for (const [name, more] of [['book', { slot: slots[1].slot }], ['my_bookings', {}], ['my_waiting', {}], ['cancel_booking', { booking: booked[20] }], ['rebook', { booking: booked[20], slot: slots[1].slot }],
			['join_waiting_list', { session: slots[1].session }], ['leave_waiting_list', { waiting }], ['request_booking', { slots: [queued.slot] }]])
		for (const [shown, code, why] of tries(++n))
			refused(quiet(await send(name, { ...shown, ...more }), shown), code, why);
	for (const code of ['000000', '131011', '13101', '1310167', 'x', '', '131016; DROP TABLE vsys.ticket'])
		for (const name of ['book', 'my_bookings'])
			expectStatus(quiet(await send(name, { ...ticket(1), municipality: code, ...(name === 'book' ? { slot: slots[1].slot } : {}) }), ticket(1)), 400);
	unchanged();
});

test('whatever is wrong with a ticket, the words are the same', async () => {
	const said = new Set();
	sql(`UPDATE vsys.ticket SET withdrawn_at = now(), withdrawn_reason = 'x' WHERE municipality::text = '${town}' AND number = '${number(1060)}'`);
	for (const shown of [{ ...ticket(2), number: number(7777) }, { ...ticket(2), birth_on: '1901-01-01' }, { municipality: town, number: number(1060), birth_on: born(60) }])
		said.add((await send('book', { slot: slots[1].slot, ...shown })).text);
	sql(`UPDATE vsys.ticket SET withdrawn_at = NULL, withdrawn_reason = NULL WHERE municipality::text = '${town}' AND number = '${number(1060)}'`);
	assert.equal(said.size, 1);
	unchanged();
});

test('days and programmes that are not of the ticket', async () => {
	const free = people - 3;
	refused(await send('book', { slot: later[later.length - 1].slot, ...ticket(free) }), 'OB072', 'ticket_not_valid');
	refused(await send('book', { slot: slots[0].slot, municipality: town, number: number(1001), birth_on: born(1) }), 'OB072', 'programme_other');
	refused(await send('book', { slot: slots[0].slot, dose: 2, ...ticket(free) }), 'OB072', 'first_dose_missing');
	refused(await send('book', { slot: slots[0].slot, dose: 2, ...ticket(13) }), 'OB072', 'interval_short');
	refused(await send('book', { slot: later[0].slot, second_slot: slots[0].slot, ...ticket(free) }), 'OB072', 'interval_short');
	refused(await send('book', { slot: slots[0].slot, second_slot: later[0].slot, ...ticket(free) }), 'OB072', 'interval_long');
	refused(await send('book', { slot: slots[0].slot, second_slot: slots[0].slot, ...ticket(free) }), 'OB072', 'interval_short');
	refused(await send('book', { slot: slots[0].slot, second_slot: -1, ...ticket(free) }), 'OB077', 'slot_unknown');
	for (const dose of [0, -1, 3, 2147483647]) refused(await send('book', { slot: slots[0].slot, dose, ...ticket(free) }), 'OB072', 'dose_unknown');
	for (const slot of [0, -1, '9223372036854775807', '-9223372036854775808', null]) refused(await send('book', { slot, ...ticket(free) }), 'OB077', 'slot_unknown');
	// a week that is over
	sql(`UPDATE vsys.slot SET starts_at = starts_at - interval '100 days', ends_at = ends_at - interval '100 days' WHERE slot = ${slots[2].slot}`);
	refused(await send('book', { slot: slots[2].slot, ...ticket(free) }), 'OB075', 'booking_closed');
	sql(`UPDATE vsys.slot SET starts_at = starts_at + interval '100 days', ends_at = ends_at + interval '100 days' WHERE slot = ${slots[2].slot}`);
	for (const choice of [[], null, [null], [[slots[0].slot]], Array(11).fill(queued.slot), [queued.slot, null]]) refused(await send('request_booking', { slots: choice, ...ticket(free) }), 'OB071', 'slot_malformed');
	refused(await send('request_booking', { slots: [slots[0].slot], ...ticket(free) }), 'OB075', 'not_queue');
	refused(await send('request_booking', { slots: [queued.slot, -5], ...ticket(free) }), 'OB077', 'slot_unknown');
	refused(await send('request_booking', { slots: [queued.slot], second_slots: [queued.slot], ...ticket(free) }), 'OB072', 'interval_short');
	refused(await send('request_booking', { slots: [queued.slot], second_slots: [1, 2], ...ticket(free) }), 'OB071', 'slot_malformed');
	refused(await send('join_waiting_list', { session: -1, ...ticket(free) }), 'OB077', 'session_unknown');
	refused(await send('join_waiting_list', { session: slots[0].session, slots: [slots[2].slot], ...ticket(free) }), 'OB077', 'slot_unknown');
	refused(await send('queue_place', { request: asked.request, claim: '00000000-0000-4000-8000-000000000000' }), 'OB077', 'request_unknown');
	refused(await send('withdraw_request', { request: -1, claim: asked.claim }), 'OB077', 'request_unknown');
	unchanged();
});

test('the bookings of others', async () => {
	const citizen = token({ role: 'outbreak_citizen', person: sql(`SELECT person FROM vsys.ticket WHERE number = '${number(3)}' AND municipality::text = '${town}'`) });
	const { birth_on, ...printed } = ticket(3);
	assert.deepEqual(expectStatus(await send('my_bookings', printed, citizen), 200).map((b) => b.booking), [booked[3]], 'one\'s own, by a token');
	refused(quiet(await send('my_bookings', { ...printed, number: number(4) }, citizen), ticket(4)), 'OB070', 'ticket_not_recognised');
	for (const [as, n] of [[undefined, 5], [citizen, 6], [institution(site), 7], [municipality('271004'), 8], [prefecture(27), 9]]) {
		for (const [name, body] of [['cancel_booking', { booking: booked[10] }], ['rebook', { booking: booked[10], slot: slots[1].slot }], ['cancel_booking', { booking: -1 }], ['leave_waiting_list', { waiting }]]) {
			const answer = quiet(await send(name, { ...ticket(n), ...body }, as), { ...ticket(n), body });
			if (answer.status !== 403) refused(answer, 'OB077', name === 'leave_waiting_list' ? 'waiting_unknown' : 'booking_unknown');
		}
	}
	// what is not there and what is somebody else's: the same words
	assert.equal((await send('cancel_booking', { ...ticket(11), booking: booked[12] })).text, (await send('cancel_booking', { ...ticket(11), booking: 999999999 })).text);
	// tables are no way round
	for (const path of ['/booking', '/ticket', '/waiting', '/queue_request', '/booking_notice', '/rpc/recognise', '/rpc/promote', '/rpc/grant_requests', '/rpc/judge_booking', '/rpc/complete_booking', '/rpc/count_attempt'])
		for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) assert.ok([404, 405].includes((await call(method, path, { body: method === 'GET' ? undefined : {}, headers: { 'accept-profile': 'api' } })).status), `${method} ${path}`);
	for (const profile of ['vsys', 'outbreak', 'registry']) assert.equal((await get('/booking', undefined, { 'accept-profile': profile })).status, 406);
	unchanged();
});

test('what only sites and municipalities do', async () => {
	const stranger = [undefined, institution(other), municipality('271004'), prefecture(27), token({ role: 'outbreak_citizen', person: '0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0e' })];
	const pattern = [{ weekday: 1, start: '09:00', end: '10:00', minutes: 60, capacity: 1 }];
	for (const as of stranger)
		for (const [name, body] of [['make_sessions', { site, programme: 'api_first', product: 'api_p', pattern, from_date: daysAhead(70), to_date: daysAhead(80) }], ['set_session', { session: slots[0].session, mode: 'queue' }],
			['set_capacity', { slot: slots[0].slot, capacity: 1000 }], ['close_session', { session: slots[0].session, reason: 'x' }], ['reopen_session', { session: slots[0].session }], ['mark_no_shows', { session: slots[0].session }], ['enter_status', { site, status: 'full' }],
			['issue_tickets', { rows: [{ number: number(5000), birth_on: born(1), priority_group: 'api_all' }], programme: 'nothing' }], ['reissue_ticket', { number: number(1), new_number: number(5001) }], ['withdraw_tickets', { numbers: [], reason: '' }]]) {
			const answer = quiet(await send(name, body, as), body);
			assert.ok(answer.status === 401 || answer.status === 403 || as === stranger[2] && ['issue_tickets', 'reissue_ticket', 'withdraw_tickets'].includes(name) && answer.status === 400, `${name}: ${answer.status} ${answer.text}`);
		}
	for (const as of stranger.slice(0, 2)) assert.ok(!(await send('day_list', { site, on_date: slots[0].starts_at.slice(0, 10) }, as)).text.includes(number(1)));
	const own = institution(site);
	for (const wrong of [[], [{}], {}, 'x', '[', 7, null, Array(101).fill(pattern[0]), [{ ...pattern[0], weekday: 8 }], [{ ...pattern[0], start: '25:00' }], [{ ...pattern[0], end: '08:00' }], [{ ...pattern[0], capacity: -1 }], [{ ...pattern[0], minutes: 0 }], [pattern], [null]])
		expectStatus(await send('make_sessions', { site, programme: 'api_first', product: 'api_p', pattern: wrong, from_date: daysAhead(70), to_date: daysAhead(80) }, own), 400);
	for (const [from_date, to_date] of [[daysAhead(80), daysAhead(70)], ['infinity', 'infinity'], ['-infinity', 'infinity'], [daysAhead(1), daysAhead(4000)], ['4713-01-01 BC', '4713-01-01 BC'], [null, null]])
		assert.equal((await send('make_sessions', { site, programme: 'api_first', product: 'api_p', pattern, from_date, to_date }, own)).status === 200 && !from_date?.endsWith('BC'), false, from_date);
	for (const more of [{ programme: 'x' }, { product: 'x' }, { mode: 'lottery' }, { priority_groups: ['x'] }, { min_age: 121 }, { dose: 7 }, { close_before: '1000000000 years' }, { opens_at: 'infinity' }, { except_on: 'x' }])
		assert.ok([400, 409].includes((await send('make_sessions', { site, programme: 'api_first', product: 'api_p', pattern, from_date: daysAhead(70), to_date: daysAhead(76), ...more }, own)).status), JSON.stringify(more));
	for (const capacity of [-1, 100001, null, 2147483647]) expectStatus(await send('set_capacity', { slot: slots[0].slot, capacity }, own), 400);
	for (const more of [{ mode: 'x' }, { min_age: 200 }, { closes_at: '-infinity' }, { priority_groups: ['x'] }]) expectStatus(await send('set_session', { session: slots[0].session, ...more }, own), 400);
	for (const status of ['x', '', null, 'available; --']) expectStatus(await send('enter_status', { site, status }, own), 400);
	unchanged();
});

test('every parameter of every call takes every kind of nonsense', async () => {
	const huge = 'あ'.repeat(300000);
	const nonsense = [null, '', ' ', 'x', huge, '\u0000', 'a\u0000b', '\ud800', '\u202e', "'; DROP TABLE vsys.booking; --", '$1', '%s', '{}', '{1,2', '[1]', 0, -1, 1.5, 1e300, '9223372036854775808', true, [], [[]], [1, 'x'], {}, { a: 1 },
		'infinity', '-infinity', '2021-13-01', '2021-06-31', '0000-00-00', '294276-12-31', '5874897-12-31', '4713-01-01 BC', 'now', 'epoch', '\\', '\t', "0x1F", 'NaN', Array(2000).fill(1)];
	let turn = 0;
	// somebody who has both places already, so that nothing that happens to be right books one
	const shown = () => ticket(turn++ % (people - 15) + 1);
	const forms = {
		read_ticket: () => ({ line: `11${town}${number(1)}` }),
		book: () => ({ slot: slots[0].slot, ...shown(), dose: 1, second_slot: null, key: null }),
		cancel_booking: () => ({ booking: booked[people - 6], ...shown(), reason: 'x', with_pair: true }),
		rebook: () => ({ booking: booked[people - 6], slot: slots[0].slot, ...shown(), key: null }),
		my_bookings: () => shown(),
		my_waiting: () => shown(),
		join_waiting_list: () => ({ session: slots[0].session, ...shown(), dose: 1, slots: null, expires_at: null }),
		leave_waiting_list: () => ({ waiting, ...shown() }),
		request_booking: () => ({ slots: [slots[0].slot], ...shown(), dose: 1, second_slots: null, wait: false }),
		queue_place: () => ({ request: asked.request, claim: '00000000-0000-4000-8000-000000000000' }),
		withdraw_request: () => ({ request: asked.request, claim: '00000000-0000-4000-8000-000000000000' }),
	};
	for (const [name, form] of Object.entries(forms)) {
		for (const parameter of Object.keys(form())) {
			const answers = await Promise.all(nonsense.map(async (value) => {
				const body = { ...form(), [parameter]: value };
				return [body, await send(name, body)];
			}));
			for (const [body, answer] of answers) {
				quiet(answer, body);
				assert.ok([200, 400].includes(answer.status) || answer.status === 404 && value === undefined, `${name} ${parameter}: ${answer.status} ${answer.text.slice(0, 300)}`);
			}
		}
		for (const body of [undefined, {}, [], [form()], 'x', 7, null, { ...form(), more: 1 }]) {
			const answer = quiet(await send(name, body), [body, form()]);
			assert.ok([200, 400, 404, 405].includes(answer.status), `${name} ${JSON.stringify(body)}: ${answer.status}`);
		}
		assert.ok([404, 405].includes((await get(`/rpc/${name}`)).status));
	}
	for (const path of ['vaccination_sites?prefecture=99', 'vaccination_sites?prefecture=99999', 'vaccination_sites?prefecture=x', 'vaccination_sites?municipality=131011', 'vaccination_sites?site=0', 'vaccination_sites?product=%00', 'vaccination_sites?product=x', 'vaccination_sites_geojson?prefecture=-1',
		'site_slots?site=x', `site_slots?site=${site}&from_date=infinity`, `site_slots?site=${site}&from_date=-infinity&to_date=infinity`, `site_slots?site=${site}&from_date=x`, 'site_slots', 'fhir_slots?prefecture=13&week_on=infinity', 'fhir_slots?week_on=-infinity', 'fhir_slots?week_on=5874897-12-31', 'fhir_slots?prefecture=x', 'fhir_locations?prefecture=-32768',
		'fhir_schedules?prefecture=32768', '$bulk-publish?x=1', '$bulk-publish%00'])
		for (const accept of ['*/*', 'application/fhir+ndjson', 'application/json']) assert.ok([200, 400, 404, 406, 415].includes((await get(`/rpc/${path}`, undefined, { accept })).status), path);
	unchanged();
});

test('who guesses is stopped, and who has the ticket is not stopped for long', async () => {
	const from = (address, body) => rpc('my_bookings', body, undefined, { 'x-forwarded-for': address });
	const wrong = { ...ticket(people - 12), birth_on: '1901-01-01' };
	const right = ticket(people - 12);
	for (let i = 0; i < 5; i++) refused(await from('192.0.2.1', wrong), 'OB070', 'ticket_not_recognised');
	const stopped = refused(await from('192.0.2.1', right), 'OB076', 'too_many_attempts');
	assert.equal(stopped.seconds, 300);
	refused(await rpc('book', { slot: slots[1].slot, ...right }, undefined, { 'x-forwarded-for': '192.0.2.1' }), 'OB076', 'too_many_attempts');
	// what the client itself writes before the address that the proxy saw does not count
	refused(await from('203.0.113.7, 192.0.2.1', right), 'OB076', 'too_many_attempts');
	expectStatus(await from('192.0.2.2', right), 200);
	// from many addresses
	for (let i = 0; i < 30; i++) assert.ok(['ticket_not_recognised', 'too_many_attempts'].includes(reason(await from(`198.51.100.${i}`, wrong))));
	refused(await from('192.0.2.3', right), 'OB076', 'too_many_attempts');
	// the municipality helps meanwhile, and others are not held up
	expectStatus(await rpc('my_bookings', right, municipality(town)), 200);
	expectStatus(await from('192.0.2.1', ticket(people - 11)), 200);
	unchanged();
});

test('who tries one date of birth on ticket after ticket is stopped as well', async () => {
	const address = `172.16.${Date.now() >> 8 & 255}.${Date.now() & 255}`;
	const from = (body) => rpc('my_bookings', body, undefined, { 'x-forwarded-for': address });
	const right = ticket(people - 14);
	expectStatus(await from(right), 200);
	const answers = [];
	for (let i = 0; i < 340 && answers.at(-1) !== 'too_many_attempts'; i += 20)
		answers.push(...await Promise.all([...Array(20).keys()].map(async (j) => reason(await from({ municipality: town, number: number(2000 + i + j), birth_on: born(1) })))));
	assert.ok(answers.includes('too_many_attempts'), 'at the latest after as many as a bucket holds');
	assert.ok(answers.filter((a) => a === 'ticket_not_recognised').length >= 280, 'not before many people behind one address have erred');
	for (const [name, more] of [['my_bookings', {}], ['book', { slot: slots[1].slot }], ['request_booking', { slots: [queued.slot] }], ['cancel_booking', { booking: booked[people - 14] }]]) {
		// one comes back in five seconds, and a test may be slow
		await Promise.all([1, 2, 3].map((j) => from({ municipality: town, number: number(2500 + j), birth_on: born(1) })));
		const details = refused(await rpc(name, { ...right, ...more }, undefined, { 'x-forwarded-for': address }), 'OB076', 'too_many_attempts');
		assert.equal(details.seconds, 5);
	}
	expectStatus(await send('my_bookings', right), 200);
	unchanged();
});

test('a key that is sent again is short', async () => {
	expectStatus(await send('book', { slot: slots[1].slot, ...ticket(people - 3), key: 'x'.repeat(201) }), 400);
	expectStatus(await send('rebook', { booking: booked[1], slot: slots[1].slot, ...ticket(1), key: 'x'.repeat(100000) }), 400);
	unchanged();
});
