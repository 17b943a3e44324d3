// What the API tests share: tokens, calls, and psql for the rows that a test stands on.
//
// Environment: API_URL, JWT_SECRET_FILE; PGHOST, PGPORT, PGUSER, PGDATABASE, PGBIN for psql as superuser.
import { createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';

const url = process.env.API_URL;
const secret = process.env.JWT_SECRET_FILE ? readFileSync(process.env.JWT_SECRET_FILE, 'utf8').trim() : '';

const base64url = (value) => Buffer.from(value).toString('base64url');

/** A signed token. What is odd about it can be said: the header, the secret, the time it lives. */
export function token(claims, { header = { alg: 'HS256', typ: 'JWT' }, key = secret, seconds = 3600, aud = 'outbreak' } = {}) {
	const now = Math.floor(Date.now() / 1000);
	const body = { iat: now - 60, exp: now + seconds, ...(aud === undefined ? {} : { aud }), ...claims };
	const text = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(body))}`;
	return `${text}.${key === null ? '' : createHmac('sha256', key).update(text).digest('base64url')}`;
}

export const institution = (code) => token({ role: 'outbreak_institution', institution: code });
export const association = (organisation) => token({ role: 'outbreak_institution', organisation });
export const prefecture = (number) => token({ role: 'outbreak_prefecture', prefecture: number });
export const ministry = () => token({ role: 'outbreak_ministry' });
export const analyst = () => token({ role: 'outbreak_analyst' });

/** One request. Every answer below 500, whatever was sent: a server error fails the test that caused it. */
export async function call(method, path, { as, body, headers = {}, raw = false } = {}) {
	const answer = await fetch(url + path, {
		method,
		headers: {
			...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		body: body === undefined || raw ? body : JSON.stringify(body),
	});
	const text = await answer.text();
	assert.ok(answer.status < 500, `${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: answer.status, text, json, headers: answer.headers };
}

export const get = (path, as, headers) => call('GET', path, { as, headers });
export const rpc = (name, body, as, headers) => call('POST', `/rpc/${name}`, { as, body, headers });

/** The status expected, or the whole answer in the failure. */
export function expectStatus(answer, status) {
	assert.equal(answer.status, status, answer.text.slice(0, 1500));
	return answer.json;
}

/** The findings of a refused report. */
export const findings = (answer) => JSON.parse(answer.json.details);

/** Runs SQL as superuser and returns what it prints, unaligned. */
export function sql(text) {
	const psql = process.env.PGBIN ? `${process.env.PGBIN}/psql` : 'psql';
	return execFileSync(psql, ['-XqAt', '-v', 'ON_ERROR_STOP=1'], { input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] }).trim();
}

/** Waits until PostgREST has read a schema that changed. */
export async function reload(ready) {
	for (let i = 0; i < 100; i++) {
		sql("NOTIFY pgrst, 'reload schema'");
		await new Promise((done) => setTimeout(done, 100));
		if (await ready()) return;
	}
	assert.fail('PostgREST did not reload its schema');
}

/** The day that is that many days before today in Japan, as YYYY-MM-DD. */
export function daysAgo(days) {
	return new Date(Date.now() + 9 * 3600e3 - days * 86400e3).toISOString().slice(0, 10);
}

// Real codes of hospitals: three in Hokkaido, three in Tokyo (whose check digit has a rule of its own).
export const codes = {
	hokkaido: ['0110112489', '0110112745', '0110114386'],
	tokyo: ['1310110049', '1310125773', '1310127951'],
};

/** An empty country with the institutions above, which are expected to report, and an association that enters for two. */
export function seed() {
	sql(`
		SET client_min_messages = warning;
		-- a test sends as fast as it can
		UPDATE access.api_limit SET requests_per_second = 100000, burst = 1000000;
		DELETE FROM gmis.daily;
		DELETE FROM gmis.service_status;
		DELETE FROM gmis.weekly_supply;
		DELETE FROM gmis.daily_history;
		DELETE FROM report.finding;
		DELETE FROM report.rejected;
		INSERT INTO registry.institution (institution, kind, name_ja, zip, address, phone, contact, location, beds_licensed)
		SELECT code::outbreak.institution_code, 'hospital', 'API試験病院' || code, '0600000', '試験町1', '000-000-0000', '試験担当 ' || code,
			st_setsrid(st_makepoint(140 + n, 40 - n), 4326)::geography, 500
		FROM unnest('{${[...codes.hokkaido, ...codes.tokyo].join()}}'::text[]) WITH ORDINALITY AS c (code, n)
		ON CONFLICT DO NOTHING;
		INSERT INTO report.expected (form, institution)
		SELECT f.form, i.institution
		FROM unnest('{gmis.daily,gmis.service_status,gmis.weekly_supply}'::regclass[]) AS f (form)
		CROSS JOIN registry.institution AS i
		WHERE i.name_ja LIKE 'API試験病院%'
		ON CONFLICT DO NOTHING;
		INSERT INTO registry.organisation (organisation, kind, name_ja, prefecture)
		VALUES (990001, 'medical_association', 'API試験医師会', 1)
		ON CONFLICT DO NOTHING;
		INSERT INTO registry.proxy (organisation, institution)
		VALUES (990001, '${codes.hokkaido[1]}'), (990001, '${codes.hokkaido[2]}')
		ON CONFLICT DO NOTHING;
	`);
}

/** A daily report that no rule objects to. */
export const daily = (code, day, items = {}) => ({
	institution: code, on_date: day,
	beds_secured: 20, beds_ready: 15, beds_occupied: 10, severe_secured: 4, severe_ready: 3, severe_occupied: 2,
	icu_present: 6, icu_used: 4, ventilators_present: 10, ventilators_used: 3, ventilator_patients: 3, ecmo_present: 2, ecmo_used: 1,
	doctors: '通常', nurses: '通常', other_staff: '欠員あり', outpatients: 30, inpatients: 10, severe_patients: 3, tests: 40, positives: 8,
	...items,
});
