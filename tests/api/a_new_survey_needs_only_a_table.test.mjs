// "A survey other than COVID": CREATE TABLE and report.register(), and the API serves it; no function was written, nothing restarted.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { codes, daysAgo, expectStatus, findings, get, institution, ministry, prefecture, rpc, seed, sql } from './client.mjs';

const [mine] = codes.hokkaido;
const me = institution(mine);
const day = daysAgo(1);
const drop = () => sql(`
	SET client_min_messages = warning;
	DELETE FROM report.form WHERE form = to_regclass('survey.heatstroke');
	DROP SCHEMA IF EXISTS survey CASCADE;
`);

before(() => {
	seed();
	drop();
	sql(`
		CREATE SCHEMA survey AUTHORIZATION outbreak_owner;
		SET ROLE outbreak_owner;
		CREATE TABLE survey.heatstroke (
			institution outbreak.institution_code,
			on_date date,
			carried_in integer,
			admitted integer,
			PRIMARY KEY (institution, on_date)
		);
		COMMENT ON TABLE survey.heatstroke IS '熱中症搬送 / heat stroke';
		COMMENT ON COLUMN survey.heatstroke.carried_in IS '搬送人員 / persons brought in';
		COMMENT ON COLUMN survey.heatstroke.admitted IS '入院 / of these, admitted';
		SELECT report.register('survey.heatstroke', 'institution', 'on_date', meanings => '{"carried_in": "count", "admitted": "count"}');
		INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
		VALUES ('survey.heatstroke', 'admitted_within_carried_in', 'admitted <= carried_in', 'error', '入院は搬送を超えられません。', 'admitted must not be above carried_in.');
	`);
});
after(drop);

test('it is listed among the forms, labels and all', async () => {
	const [form] = expectStatus(await get('/forms?form=eq.survey.heatstroke', me), 200);
	assert.equal(form.may_submit, true);
	assert.deepEqual(form.keys, ['institution', 'on_date']);
	const item = form.items.find((i) => i.item === 'carried_in');
	assert.equal(item.label, '搬送人員 / persons brought in');
	assert.equal(item.meaning, 'count');
	const [rule] = expectStatus(await get('/rules?form=eq.survey.heatstroke', me), 200);
	assert.deepEqual(rule.fields.sort(), ['admitted', 'carried_in']);
});

test('reports go in, and come back to whom they concern', async () => {
	const records = [{ institution: mine, on_date: day, carried_in: 7, admitted: 2 }];
	assert.equal(expectStatus(await rpc('submit', { form: 'survey.heatstroke', records }, me), 200).accepted, 1);
	const path = `/rpc/reports?form=survey.heatstroke&from_date=${day}&to_date=${day}`;
	for (const as of [me, prefecture(1), ministry()]) {
		const [row] = expectStatus(await get(path, as), 200);
		assert.equal(row.carried_in, 7);
	}
	for (const as of [institution(codes.hokkaido[1]), prefecture(13)]) assert.deepEqual(expectStatus(await get(path, as), 200), []);
	assert.equal((await get(path)).status, 401);
});

test('its rules hold', async () => {
	const answer = await rpc('submit', { form: 'survey.heatstroke', records: [{ institution: mine, on_date: day, carried_in: 1, admitted: 2 }] }, me);
	expectStatus(answer, 400);
	assert.deepEqual(findings(answer).map((f) => f.code), ['admitted_within_carried_in']);
});

test('it has a history', async () => {
	expectStatus(await rpc('submit', { form: 'survey.heatstroke', records: { institution: mine, on_date: day, carried_in: 8, admitted: 2 } }, me), 200);
	const versions = expectStatus(await rpc('history', { form: 'survey.heatstroke', key: { institution: mine, on_date: day } }, me), 200);
	assert.deepEqual(versions.map((v) => v.report.carried_in), [7, 8]);
});
