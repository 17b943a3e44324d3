// 代行入力: an association enters for its members; a member's own entry stands above it.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { association, codes, daily, daysAgo, expectStatus, get, institution, rpc, seed } from './client.mjs';

const day = daysAgo(1);
const [outside, member, other] = codes.hokkaido;
const us = association(990001);
const reports = `/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`;

before(seed);

test('it reports for two members at once, and the source says so', async () => {
	const answer = expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(member, day), daily(other, day)], source: 'proxy' }, us), 200);
	assert.equal(answer.accepted, 2);
	const rows = expectStatus(await get(reports, us), 200);
	assert.deepEqual(rows.map((r) => [r.institution, r.source]), [[member, 'proxy'], [other, 'proxy']]);
});

test('the member sees what was entered for it', async () => {
	const [row] = expectStatus(await get(reports, institution(member)), 200);
	assert.equal(row.source, 'proxy');
});

test('it cannot report for an institution that is no member', async () => {
	const answer = await rpc('submit', { form: 'gmis.daily', records: [daily(outside, day)], source: 'proxy' }, us);
	assert.ok([400, 403].includes(answer.status), answer.text);
	assert.deepEqual(expectStatus(await get(reports, institution(outside)), 200), []);
});

test('the own entry of a member replaces it, and a later proxy entry is kept out', async () => {
	expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(member, day, { beds_occupied: 5 })] }, institution(member)), 200);
	const answer = expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(member, day, { beds_occupied: 7 })], source: 'proxy' }, us), 200);
	assert.equal(answer.accepted, 0);
	assert.equal(answer.kept, 1);
	const [row] = expectStatus(await get(reports, institution(member)), 200);
	assert.equal(row.beds_occupied, 5);
	assert.equal(row.source, 'own');
	const [aside] = expectStatus(await get('/rejected', institution(member)), 200);
	assert.equal(aside.findings[0].code, 'precedence');
	assert.equal(aside.record.beds_occupied, 7);
});
