// What the tests of booking share: two towns with a site each, a vaccine, a programme; tickets that are recognised.
import assert from 'node:assert/strict';
import { codes, sql, token } from './client.mjs';

/** Chiyoda, which issues the tickets. */
export const town = '131016';
export const municipality = (code) => token({ role: 'outbreak_municipality', municipality: code });

// Wrong attempts are counted by number for minutes, and a test may run again before that: each run has numbers of its own.
const run = (Math.floor(Date.now() / 1000) % 900000 + 1) * 10000;

/** Ticket n, below 10,000: its number, the birth date of its person, and both as a call takes them. */
export const number = (n) => String(run + n).padStart(10, '0');
export const born = (n) => `${1930 + n}-03-04`;
export const ticket = (n) => ({ municipality: town, number: number(n), birth_on: born(n) });
/** The line under the bars of ticket n. */
export const line = (n) => `11${town}${number(n)}`;

/** The day that many days after today in Japan, as YYYY-MM-DD. */
export const daysAhead = (days) => new Date(Date.now() + 9 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);

/** Why a call was refused, where it was with a reason. */
export const reason = (answer) => {
	try {
		return JSON.parse(answer.json.details).reason;
	} catch {
		return undefined;
	}
};

/** The call was refused with HTTP 400, that SQLSTATE and that reason, in both languages; returns the details. */
export function refused(answer, code, why) {
	assert.equal(answer.status, 400, answer.text.slice(0, 1500));
	assert.deepEqual([answer.json.code, reason(answer)], [code, why], answer.text.slice(0, 1500));
	const details = JSON.parse(answer.json.details);
	assert.ok(details.message_ja && details.message_en === answer.json.message && answer.json.hint === details.message_ja);
	return details;
}

/** The sites and what they give; without sessions, tickets and bookings of other tests. */
export function world() {
	sql(`
		SET client_min_messages = warning;
		TRUNCATE vsys.booking_notice, vsys.waiting, vsys.queue_request, vsys.booking, vsys.slot, vsys.session;
		DELETE FROM vsys.ticket WHERE programme IN ('api_first', 'api_third');
		INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区'), ('271004', 27, '大阪市') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, interval_max_days, min_age, route)
		VALUES ('api_p', 'API試験ワクチンP', 'API test vaccine P', 'ファイザー', 195, 6, 2, 18, 21, 42, 12, 'carrier'),
			('api_m', 'API試験ワクチンM', 'API test vaccine M', '武田/モデルナ', 10, 10, 2, 24, 28, NULL, 18, 'wholesaler') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.product_coding (product, system, code, display) VALUES ('api_p', 'http://hl7.org/fhir/sid/cvx', '208', 'COVID-19, mRNA') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.programme (programme, name_ja, name_en, valid, first_dose, last_dose)
		VALUES ('api_first', 'API試験初回接種', 'API test primary course', '[2021-02-17,2099-10-01)', 1, 2), ('api_third', 'API試験3回目接種', 'API test third dose', '[2021-02-17,2099-10-01)', 3, 3) ON CONFLICT DO NOTHING;
		INSERT INTO vsys.programme_product VALUES ('api_first', 'api_p'), ('api_first', 'api_m'), ('api_third', 'api_p') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.priority_group (priority_group, position, name_ja, name_en) VALUES ('api_first_group', 921, 'API試験優先', 'API test first'), ('api_all', 922, 'API試験', 'API test') ON CONFLICT DO NOTHING;
		INSERT INTO vsys.site (site, municipality, kind, public, reservation, state)
		VALUES ('${codes.tokyo[0]}', '131016', 'basic', true, 'vsys', 'open'), ('${codes.tokyo[1]}', '131016', 'basic', true, 'vsys', 'open'), ('${codes.tokyo[2]}', '131016', 'basic', false, 'vsys', 'open')
		ON CONFLICT (site) DO UPDATE SET public = excluded.public, reservation = excluded.reservation, state = excluded.state;
		INSERT INTO vsys.site_product (site, product)
		SELECT s.site, p.product FROM unnest('{${codes.tokyo}}'::outbreak.institution_code[]) AS s (site), unnest('{api_p,api_m}'::text[]) AS p (product) ON CONFLICT DO NOTHING;
		UPDATE vsys.allocator SET ran_at = '-infinity', searched_at = '-infinity';
	`);
}
