// Booking through the API, as a citizen does it: find a site, see its places, book both doses, move, cancel, wait, ask in
// a queue. And as a site and a municipality do: tickets, sessions, the list of the day, a session that is closed.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { codes, expectStatus, get, institution, rpc, seed, sql } from './client.mjs';
import { born, daysAhead, line, municipality, number, reason, refused, ticket, town, world } from './booking.mjs';

const [site, other] = codes.tokyo;
let slots;

before(() => {
	seed();
	world();
});

const slotsOf = async (of, query = '') => expectStatus(await get(`/rpc/site_slots?site=${of}${query}`), 200);
const mine = async (n) => expectStatus(await rpc('my_bookings', ticket(n)), 200);
const freeOf = (slot) => Number(sql(`SELECT capacity - taken FROM vsys.slot WHERE slot = ${slot}`));

test('a municipality issues tickets, and hears every fault by its line', async () => {
	const rows = [...Array(30).keys()].map((i) => ({ number: number(i + 1), birth_on: born(i + 1), priority_group: 'api_all' }));
	assert.deepEqual(expectStatus(await rpc('issue_tickets', { rows, programme: 'api_first' }, municipality(town)), 200), []);
	const faults = expectStatus(await rpc('issue_tickets', { programme: 'api_first', rows: [{ number: '0000000000', birth_on: born(1), priority_group: 'api_all' },
		{ number: number(1), birth_on: born(1), priority_group: 'api_all' }, { number: '123', birth_on: '1950-02-30', priority_group: 'nobody' }, { number: number(31), birth_on: '2999-01-01', priority_group: 'api_all' }] }, municipality(town)), 200);
	assert.deepEqual(faults.map((f) => [f.line, f.code]), [[1, 'number_zero'], [2, 'issued_before'], [3, 'birth_on_malformed'], [3, 'number_malformed'], [3, 'group_unknown'], [4, 'birth_on_malformed']]);
	assert.ok(!JSON.stringify(faults).includes(number(1)), 'no number in what is told');
});

test('a site opens its sessions from the pattern of a week', async () => {
	const pattern = [...Array(7).keys()].map((i) => ({ weekday: i + 1, start: '09:00', end: '10:00', minutes: 30, capacity: 2 }));
	const made = { site, programme: 'api_first', product: 'api_p', pattern, from_date: daysAhead(10), to_date: daysAhead(40) };
	assert.deepEqual(expectStatus(await rpc('make_sessions', made, institution(site)), 200), [{ sessions: 31, slots: 62, places: 124 }]);
	assert.deepEqual(expectStatus(await rpc('make_sessions', made, institution(site)), 200), [{ sessions: 0, slots: 0, places: 0 }], 'again makes nothing');
	assert.equal((await rpc('make_sessions', { ...made, product: 'api_m' }, institution(other))).status, 403, 'another site does not');
	expectStatus(await rpc('make_sessions', { ...made, site: other, from_date: daysAhead(12), to_date: daysAhead(12), mode: 'queue', pattern: pattern.map((p) => ({ ...p, end: '09:30', capacity: 3 })) }, institution(other)), 200);
});

test('anybody finds the site and its places', async () => {
	const [found] = expectStatus(await get(`/rpc/vaccination_sites?municipality=${town}&site=${site}`), 200);
	assert.deepEqual([found.site, found.status, found.free, found.places, found.products, found.reservation], [site, 'available', 124, 124, ['api_m', 'api_p'], 'vsys']);
	assert.ok(Math.abs(Date.now() - Date.parse(found.counted_at)) < 60e3);
	const map = await get(`/rpc/vaccination_sites_geojson?municipality=${town}`, undefined, { accept: 'application/geo+json' });
	assert.match(map.headers.get('content-type'), /^application\/geo\+json/);
	assert.deepEqual(map.json.features.map((f) => f.id).sort(), [site, other].sort());
	slots = await slotsOf(site);
	assert.equal(slots.length, 62);
	assert.deepEqual([slots[0].free, slots[0].places, slots[0].mode, slots[0].min_age, slots[0].opens_at], [2, 2, 'direct', 12, null]);
	assert.ok(slots.every((s) => s.starts_at > new Date().toISOString()));
	assert.deepEqual(await slotsOf(site, `&from_date=${daysAhead(11)}&to_date=${daysAhead(11)}`), slots.slice(2, 4));
	assert.deepEqual(await slotsOf('1310127951'), [], 'of a site that is not shown, nothing');
});

test('the line of a ticket is read', async () => {
	assert.deepEqual(expectStatus(await rpc('read_ticket', { line: line(1) }), 200), [{ kind: 1, dose: 1, municipality: town, number: number(1) }]);
	assert.equal((await get(`/rpc/read_ticket?line=${line(1)}`)).status, 405, 'not by a URL, which is logged');
	refused(await rpc('read_ticket', { line: `11${town}0000000000` }), 'OB071', 'number_zero');
});

test('both doses together, once, however often it is sent', async () => {
	const both = { slot: slots[0].slot, second_slot: slots[42].slot, key: 'from my phone', ...ticket(1) };
	const booking = expectStatus(await rpc('book', both), 200);
	assert.equal(expectStatus(await rpc('book', both), 200), booking);
	const bookings = await mine(1);
	assert.deepEqual(bookings.map((b) => [b.state, b.dose, b.site, b.product, b.starts_at, b.pair]),
		[['booked', 1, site, 'api_p', slots[0].starts_at, booking], ['booked', 2, site, 'api_p', slots[42].starts_at, booking]]);
	assert.deepEqual([freeOf(slots[0].slot), freeOf(slots[42].slot)], [1, 1]);
	refused(await rpc('book', { slot: slots[2].slot, ...ticket(1) }), 'OB074', 'already_booked');
	const short = refused(await rpc('book', { slot: slots[0].slot, second_slot: slots[10].slot, ...ticket(2) }), 'OB072', 'interval_short');
	assert.equal(short.second, true);
	assert.deepEqual(await mine(2), [], 'neither dose');
	refused(await rpc('book', { slot: slots[0].slot, dose: 2, ...ticket(2) }), 'OB072', 'first_dose_missing');
	refused(await rpc('book', { slot: slots[0].slot, dose: 3, ...ticket(2) }), 'OB072', 'dose_unknown');
	assert.equal((await get(`/rpc/my_bookings?municipality=${town}&number=${number(1)}&birth_on=${born(1)}`)).status, 405);
});

test('a booking is moved, and the old place given back only for the new one', async () => {
	const [first] = await mine(1);
	expectStatus(await rpc('book', { slot: slots[4].slot, ...ticket(3) }), 200);
	expectStatus(await rpc('book', { slot: slots[4].slot, ...ticket(4) }), 200);
	refused(await rpc('rebook', { booking: first.booking, slot: slots[4].slot, ...ticket(1) }), 'OB073', 'sold_out');
	assert.equal((await mine(1))[0].state, 'booked');
	const moved = expectStatus(await rpc('rebook', { booking: first.booking, slot: slots[5].slot, ...ticket(1) }), 200);
	assert.deepEqual((await mine(1)).map((b) => [b.state, b.dose]), [['moved', 1], ['booked', 1], ['booked', 2]]);
	assert.deepEqual([freeOf(slots[0].slot), freeOf(slots[5].slot)], [2, 1]);
	// with the first dose goes the second that was booked along
	assert.equal(expectStatus(await rpc('cancel_booking', { booking: moved, reason: '発熱', ...ticket(1) }), 200), 2);
	assert.equal(expectStatus(await rpc('cancel_booking', { booking: moved, ...ticket(1) }), 200), 0, 'again ends nothing');
	assert.deepEqual([freeOf(slots[5].slot), freeOf(slots[42].slot)], [2, 2]);
	assert.deepEqual((await mine(1)).filter((b) => b.state === 'cancelled').map((b) => b.reason), ['発熱', '発熱']);
	expectStatus(await rpc('book', { slot: slots[5].slot, ...ticket(1) }), 200);
});

test('who waits is given the place in the call that frees it', async () => {
	const { session } = slots[6];
	refused(await rpc('join_waiting_list', { session, ...ticket(9) }), 'OB075', 'not_full');
	const held = [];
	for (const n of [5, 6, 7, 8]) held.push(expectStatus(await rpc('book', { slot: slots[n < 7 ? 6 : 7].slot, ...ticket(n) }), 200));
	refused(await rpc('book', { slot: slots[6].slot, ...ticket(9) }), 'OB073', 'sold_out');
	const waits = [];
	for (const n of [9, 10, 11]) waits.push(expectStatus(await rpc('join_waiting_list', { session, ...ticket(n) }), 200));
	refused(await rpc('join_waiting_list', { session, ...ticket(9) }), 'OB074', 'already_waiting');
	const place = async (n) => expectStatus(await rpc('my_waiting', ticket(n)), 200).map((w) => [w.waiting, w.state, w.place]);
	assert.deepEqual(await place(10), [[waits[1], 'waiting', 2]]);
	assert.equal(expectStatus(await rpc('leave_waiting_list', { waiting: waits[0], ...ticket(9) }), 200), true);
	assert.equal(expectStatus(await rpc('leave_waiting_list', { waiting: waits[0], ...ticket(9) }), 200), false);
	assert.deepEqual(await place(10), [[waits[1], 'waiting', 1]]);
	assert.equal(expectStatus(await rpc('cancel_booking', { booking: held[0], ...ticket(5) }), 200), 1);
	assert.deepEqual(await place(10), [[waits[1], 'promoted', null]]);
	assert.deepEqual((await mine(10)).map((b) => [b.state, b.starts_at]), [['booked', slots[6].starts_at]]);
	assert.equal(freeOf(slots[6].slot), 0, 'the place never was free');
	// more places go to who waits first
	assert.equal(expectStatus(await rpc('set_capacity', { slot: slots[7].slot, capacity: 3 }, institution(site)), 200), 1);
	assert.deepEqual(await place(11), [[waits[2], 'promoted', null]]);
	refused(await rpc('set_capacity', { slot: slots[7].slot, capacity: 2 }, institution(site)), 'OB078', 'capacity_below_taken');
});

test('at an opening requests queue, and everybody sees their place', async () => {
	const [{ slot, mode }] = await slotsOf(other);
	assert.equal(mode, 'queue');
	refused(await rpc('book', { slot, ...ticket(21) }), 'OB075', 'queue_only');
	// somebody else is the allocator, and slow
	sql(`UPDATE vsys.allocator SET ran_at = now() + interval '1 hour', decided_to = (SELECT last_value - (NOT is_called)::integer FROM vsys.queue_request_number)`);
	const asked = [];
	for (const n of [21, 22, 23, 24, 25]) asked.push(expectStatus(await rpc('request_booking', { slots: [slot], wait: n === 25, ...ticket(n) }), 200)[0]);
	assert.deepEqual(asked.map((a) => a.request), [0, 1, 2, 3, 4].map((i) => asked[0].request + i), 'numbers are the order');
	const stands = async (i) => expectStatus(await rpc('queue_place', asked[i]), 200)[0];
	assert.deepEqual((await stands(0)).state, 'waiting');
	assert.equal((await stands(3)).place - (await stands(0)).place, 3);
	assert.equal(expectStatus(await rpc('withdraw_request', asked[1]), 200), true);
	assert.equal((await stands(1)).state, 'withdrawn');
	assert.equal((await get(`/rpc/queue_place?request=${asked[0].request}&claim=${asked[0].claim}`)).status, 405);
	refused(await rpc('queue_place', { request: asked[0].request, claim: asked[2].claim }), 'OB077', 'request_unknown');
	// nobody grants: then who asks does
	sql(`UPDATE vsys.allocator SET ran_at = '-infinity'`);
	assert.equal((await stands(4)).state, 'refused');
	assert.equal((await stands(4)).reason, 'sold_out');
	for (const i of [0, 2, 3]) {
		const granted = await stands(i);
		assert.deepEqual([granted.state, granted.slot, granted.place], ['granted', slot, null]);
		assert.deepEqual((await mine(21 + i)).map((b) => [b.booking, b.state]), [[granted.booking, 'booked']]);
	}
	assert.equal(expectStatus(await rpc('withdraw_request', asked[0]), 200), false, 'decided: then it is a booking');
	assert.deepEqual(expectStatus(await rpc('my_waiting', ticket(25)), 200).map((w) => [w.state, w.place]), [['waiting', 1]], 'who asked to wait waits');
	assert.equal(expectStatus(await rpc('cancel_booking', { booking: (await stands(0)).booking, ...ticket(21) }), 200), 1);
	assert.deepEqual((await mine(25)).map((b) => b.state), ['booked']);
});

test('a site sees who comes, and closes a day', async () => {
	const day = daysAhead(13);
	const list = expectStatus(await rpc('day_list', { site, on_date: day }, institution(site)), 200);
	assert.deepEqual(list.map((b) => b.number).sort(), [6, 7, 8, 10, 11].map(number));
	assert.ok(list.every((b) => !('person' in b) && !JSON.stringify(b).includes('birth')));
	assert.deepEqual(expectStatus(await rpc('day_list', { site, on_date: day }, institution(other)), 200), []);
	refused(await rpc('mark_no_shows', { session: -1 }, institution(site)), 'OB077', 'session_unknown');
	assert.deepEqual(expectStatus(await rpc('mark_no_shows', { session: slots[6].session }, institution(site)), 200), [], 'nobody is missed before the time');
	assert.equal((await rpc('close_session', { session: slots[6].session, reason: '台風' }, institution(other))).status, 403);
	expectStatus(await rpc('close_session', { session: slots[6].session, reason: ' ' }, institution(site)), 400);
	const told = expectStatus(await rpc('close_session', { session: slots[6].session, reason: '台風' }, institution(site)), 200);
	assert.deepEqual(told.map((t) => t.number).sort(), [6, 7, 8, 10, 11].map(number));
	refused(await rpc('book', { slot: slots[6].slot, ...ticket(6) }), 'OB075', 'session_closed');
	expectStatus(await rpc('book', { slot: slots[8].slot, ...ticket(6) }), 200);
	expectStatus(await rpc('reopen_session', { session: slots[6].session }, institution(site)), 204);
	expectStatus(await rpc('book', { slot: slots[6].slot, ...ticket(7) }), 200);
	expectStatus(await rpc('set_session', { session: slots[10].session, priority_groups: ['api_first_group'] }, institution(site)), 204);
	refused(await rpc('book', { slot: slots[10].slot, ...ticket(8) }), 'OB072', 'group_not_yet');
	expectStatus(await rpc('set_session', { session: slots[12].session, opens_at: `${daysAhead(1)}T09:00:00+09:00` }, institution(site)), 204);
	refused(await rpc('book', { slot: slots[12].slot, ...ticket(8) }), 'OB075', 'not_open_yet');
	// the municipality of the ticket helps before the public may, and need not know the birth date
	const { birth_on, ...printed } = ticket(8);
	expectStatus(await rpc('book', { slot: slots[12].slot, ...printed }, municipality(town)), 200);
});

test('a ticket that was lost, and one that is withdrawn', async () => {
	expectStatus(await rpc('reissue_ticket', { number: number(8), new_number: number(98) }, municipality(town)), 204);
	refused(await rpc('my_bookings', ticket(8)), 'OB070', 'ticket_not_recognised');
	const bookings = expectStatus(await rpc('my_bookings', { ...ticket(8), number: number(98) }), 200);
	assert.equal(bookings.filter((b) => b.state === 'booked').length, 1);
	assert.equal((await rpc('reissue_ticket', { number: number(7), new_number: number(98) }, municipality(town))).status, 409);
	assert.deepEqual(expectStatus(await rpc('withdraw_tickets', { numbers: [number(98), number(98), number(97)], reason: '転出' }, municipality(town)), 200),
		[{ number: number(98), outcome: 'withdrawn', bookings: 1 }, { number: number(98), outcome: 'withdrawn before', bookings: 0 }, { number: number(97), outcome: 'unknown', bookings: 0 }]);
	refused(await rpc('my_bookings', { ...ticket(8), number: number(98) }), 'OB070', 'ticket_not_recognised');
	for (const name of ['issue_tickets', 'reissue_ticket', 'withdraw_tickets'])
		assert.equal((await rpc(name, name === 'issue_tickets' ? { rows: [], programme: 'api_first' } : name === 'reissue_ticket' ? { number: number(1), new_number: number(99) } : { numbers: [number(1)], reason: 'x' }, institution(site))).status, 403, name);
});

test('forty at once for the last two places: two have them, nobody breaks anything', async () => {
	const slot = slots[20].slot;
	const answers = await Promise.all([...Array(20).keys()].flatMap((i) => [rpc('book', { slot, ...ticket(i + 1), number: number(i + 1) }), rpc('book', { slot, key: 'again', ...ticket(12 + i % 9) })]));
	const booked = answers.filter((a) => a.status === 200);
	assert.equal(new Set(booked.map((a) => a.json)).size, 2);
	for (const a of answers) assert.ok(a.status === 200 || ['sold_out', 'already_booked', 'ticket_not_recognised', 'key_reused'].includes(reason(a)), a.text);
	assert.equal(freeOf(slot), 0);
	assert.equal(sql('SELECT count(*) FROM vsys.check_slots()'), '0');
});
