// Retries and impatient double clicks: the same keys from many requests at once, in any order. One report stands, no request breaks.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { association, codes, daily, daysAgo, expectStatus, institution, rpc, seed, sql } from './client.mjs';

const [, member, other] = codes.hokkaido;
const us = association(990001);

before(seed);

test('the same report thirty times at once is one report with its history', async () => {
	const day = daysAgo(1);
	const answers = await Promise.all(Array.from({ length: 30 }, (_, i) =>
		rpc('submit', { form: 'gmis.daily', records: [daily(member, day, { beds_occupied: 2 + i % 8 })] }, institution(member))));
	for (const answer of answers) assert.equal(expectStatus(answer, 200).accepted, 1);
	assert.equal(sql(`SELECT count(*) FROM gmis.daily WHERE on_date = '${day}'`), '1');
	// every version but the last is in the history
	assert.equal(sql(`SELECT count(*) FROM gmis.daily_history WHERE institution::text = '${member}' AND on_date = '${day}'`), '29');
});

test('batches that name the same keys in opposite order do not deadlock', async () => {
	const days = Array.from({ length: 12 }, (_, i) => daysAgo(i + 2));
	const batch = (i) => {
		const records = days.flatMap((day) => [daily(member, day, { beds_occupied: 2 + i % 8 }), daily(other, day, { beds_occupied: 2 + i % 8 })]);
		return i % 2 ? records : records.reverse();
	};
	const answers = await Promise.all(Array.from({ length: 24 }, (_, i) =>
		rpc('submit', { form: 'gmis.daily', records: batch(i), source: 'proxy' }, us)));
	for (const answer of answers) assert.equal(expectStatus(answer, 200).accepted, 24);
	assert.equal(sql(`SELECT count(*) FROM gmis.daily WHERE on_date = ANY ('{${days.join()}}')`), '24');
});
