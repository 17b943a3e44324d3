// Every endpoint that the API describes to a role is tried with a token of world 1 (Tokyo) for rows of world 2 (Osaka):
// filters, columns, embedding, counts, plans, bulk writes, functions with the other's keys. Nothing of world 2 comes
// back, nothing of it changes, and no answer is a server error. Endpoints come from the API's own description, so a new
// one is tried without being named here.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { call, codes, daily, daysAgo, expectStatus, get, rpc, seed, sql, token } from './client.mjs';

const day = daysAgo(1);
const mine = codes.tokyo[0];
const other = sql('SELECT outbreak.provisional_institution_code(27, 990)');
// numbers and texts that are nowhere but in rows of world 2
const secret = { beds: 7272, name: 'w2秘密太郎', text: 'w2-secret', phone: '06-7272-7272' };
// by itself: random identifiers and microseconds hold any four digits now and then
const beds = new RegExp(`(?<![0-9a-z.-])${secret.beds}(?![0-9a-z-])`, 'i');
let person; // of world 2

const scope = {
	tokyo: { prefecture: 13, institution: mine, municipality: '131016', health_center: 990013, organisation: 990013 },
	osaka: { prefecture: 27, institution: other, municipality: '271004', health_center: 990027, organisation: 990027 },
};
const as = (role, where = 'tokyo', more = {}) => token({ role: `outbreak_${role}`, ...scope[where], sub: `${where}-${role}`, ...more });
const roles = ['anon', 'citizen', 'institution', 'health_center', 'municipality', 'prefecture', 'wholesaler', 'quarantine', 'auditor'];
const tokens = { ...Object.fromEntries(roles.map((role) => [role, as(role)])), 'a citizen of nothing': token({ role: 'outbreak_citizen' }), 'an institution of nothing': token({ role: 'outbreak_institution' }), 'nobody': undefined };

// What everybody may know of the other: the register, open data, free beds.
const open = /^\/(institutions|prefectures|forms|rules|covid19_daily_survey|rpc\/(covid19_daily_survey_since|service_counts|reporting_rate|nearest_free|nearest_free_geojson))$/;

const state = () => sql(`
	SELECT md5(string_agg(r, E'\\n' ORDER BY r COLLATE "C")) FROM (
		SELECT d::text FROM gmis.daily AS d WHERE prefecture = 27
		UNION ALL SELECT d::text FROM gmis.daily_history AS d WHERE prefecture = 27
		UNION ALL SELECT d::text FROM gmis.service_status AS d WHERE prefecture = 27
		UNION ALL SELECT d::text FROM report.finding AS d WHERE prefecture = 27
		UNION ALL SELECT d::text FROM report.rejected AS d WHERE prefecture = 27 OR reporter = '${other}'
		UNION ALL SELECT d::text FROM report.expected AS d WHERE institution = '${other}'
		UNION ALL SELECT d::text FROM ops.reminder AS d WHERE prefecture = 27
		UNION ALL SELECT d::text FROM registry.institution AS d WHERE prefecture = 27
		UNION ALL SELECT d::text FROM registry.proxy AS d WHERE prefecture = 27
		UNION ALL SELECT d::text FROM registry.person AS d WHERE person = '${person}'
		UNION ALL SELECT d::text FROM registry.identity AS d WHERE person = '${person}'
		UNION ALL SELECT d::text FROM access.data_key AS d WHERE subject = '${person}'
	) AS x (r)`.replaceAll(`'${other}'`, `'${other}'::outbreak.institution_code`).replaceAll('= \'' + other + '\'::', 'OPERATOR(outbreak.=) \'' + other + '\'::'));

/** Looks for world 2 in an answer: its secrets, and with keys also its keys, unless the question ("what") held them. */
function clean(what, answer, keys) {
	const brought = decodeURIComponent(what);
	// content-location repeats the question
	const text = answer.text + JSON.stringify([...answer.headers].filter(([name]) => name !== 'content-location'));
	assert.ok(brought.includes(String(secret.beds)) || !beds.test(text), `${what} gave away "${secret.beds}": ${answer.status} ${answer.text.slice(0, 600)}`);
	for (const marker of [secret.name, secret.text, secret.phone, ...(brought.includes(secret.phone) ? [] : ['672727272']), ...(keys ? [other, person] : [])])
		assert.ok(brought.includes(marker) || !text.includes(marker), `${what} gave away "${marker}": ${answer.status} ${answer.text.slice(0, 600)}`);
}

before(async () => {
	seed();
	sql(`
		SET client_min_messages = warning;
		INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区'), ('271004', 27, '大阪市') ON CONFLICT DO NOTHING;
		INSERT INTO registry.health_center (health_center, prefecture, name_ja) VALUES (990013, 13, '試験保健所'), (990027, 27, '試験保健所') ON CONFLICT DO NOTHING;
		INSERT INTO registry.organisation (organisation, kind, name_ja, prefecture) VALUES (990013, 'medical_association', '試験医師会', 13), (990027, 'medical_association', '試験医師会', 27) ON CONFLICT DO NOTHING;
		INSERT INTO registry.institution (institution, kind, name_ja, contact, beds_licensed) VALUES ('${other}', 'hospital', '大阪のAPI試験病院', '${secret.text} contact', 9000) ON CONFLICT DO NOTHING;
		INSERT INTO registry.proxy (organisation, institution) VALUES (990013, '${mine}'), (990027, '${other}') ON CONFLICT DO NOTHING;
		INSERT INTO report.expected (form, institution) SELECT f, '${other}' FROM unnest('{gmis.daily,gmis.service_status,gmis.weekly_supply}'::regclass[]) AS f ON CONFLICT DO NOTHING;
		INSERT INTO ops.reminder (form, institution, period, due_at) VALUES ('gmis.daily', '${other}', '${day}', now()) ON CONFLICT DO NOTHING;
		INSERT INTO report.rejected (form, reporter, prefecture, period, record, findings, rejected_by) VALUES ('gmis.daily', '${other}', 27, '${day}', '{"note": "${secret.text}"}', '[]', '${secret.text}');
	`);
	for (const beds of [7000, secret.beds])
		expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(other, day, { beds_secured: beds, beds_ready: beds, beds_occupied: beds })] }, as('institution', 'osaka')), 200);
	sql(`INSERT INTO report.finding (form, key, code, severity, reporter, prefecture, period, reason)
		VALUES ('gmis.daily', '{"institution": "${other}", "on_date": "${day}"}', '${secret.text}', 'warning', '${other}', 27, '${day}', '${secret.text}')`);
	expectStatus(await rpc('submit', { form: 'gmis.daily', records: [daily(mine, day)] }, as('institution')), 200);
	person = expectStatus(await rpc('register_person', { name: secret.name, birth_on: '1972-07-27', phone: secret.phone, health_center: '990027' }, as('institution', 'osaka')), 200);
});

after(() => sql(`
	SET client_min_messages = warning;
	DELETE FROM registry.identity WHERE institution OPERATOR(outbreak.=) '${other}';
	DELETE FROM registry.person WHERE institution OPERATOR(outbreak.=) '${other}';
	DELETE FROM gmis.daily WHERE prefecture = 27;
	DELETE FROM report.rejected WHERE prefecture = 27;
	DELETE FROM report.finding WHERE prefecture = 27;
	DELETE FROM report.expected WHERE institution OPERATOR(outbreak.=) '${other}';
	DELETE FROM ops.reminder WHERE prefecture = 27;
`));

test('world 2 sees its own: the attacks below look for something that is there', async () => {
	const rows = expectStatus(await get(`/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`, as('prefecture', 'osaka')), 200);
	assert.equal(rows[0].beds_secured, secret.beds);
	assert.equal(expectStatus(await rpc('identity', { person }, as('health_center', 'osaka')), 200)[0].name, secret.name);
	assert.ok(expectStatus(await get('/rejected', as('prefecture', 'osaka')), 200).some((r) => r.rejected_by === secret.text));
	assert.ok(expectStatus(await get('/findings', as('institution', 'osaka')), 200).some((r) => r.reason === secret.text));
});

// arguments with which functions are called for the other's rows
const argument = (name) => ({
	form: 'gmis.daily', from_date: daysAgo(400), to_date: daysAgo(0), on_date: day, on_period: day, since: daysAgo(10), at: new Date().toISOString(), reporter: other,
	records: [daily(other, day, { beds_secured: 1 })], record: daily(other, day), key: { institution: other, on_date: day }, patch: { institution: other },
	code: secret.text, reason: 'hostile', source: 'own', level: 'municipality', max_age_days: 10, longitude: 135.5, latitude: 34.7, bed_kind: 'general', at_least: 1, k: 100, max_age: '10 days',
	person, name: secret.name, birth_on: '1972-07-27', phone: secret.phone, id: sql('SELECT max(id) FROM report.rejected WHERE prefecture = 27'),
	health_center: '990027', institution: other, municipality: '271004', closed_on: day,
})[name];

for (const [who, bearer] of Object.entries(tokens))
	test(`${who}: nothing of the other comes back, and nothing of it changes`, async () => {
		const untouched = state();
		const described = expectStatus(await get('/', bearer), 200);
		const paths = Object.keys(described.paths).filter((path) => path !== '/');
		for (const path of paths) {
			const keys = !open.test(path);
			if (!path.startsWith('/rpc/')) {
				const columns = Object.keys(described.definitions[path.slice(1)].properties);
				const reads = ['', '?select=*', '?limit=1000&offset=0', '?select=*,institutions(*)', '?select=*,findings(*),rejected(*)', '?select=count()', '?select=contact', '?select=*,secret:contact', '?contact=like.*w2*', '?beds_secured=eq.7272',
					'?order=contact', '?and=(institution.not.is.null)', `?or=(prefecture.eq.27,institution.eq.${other},reporter.eq.${other})`, '?select=xmin,ctid,tableoid', '?select=record->>note', '?select=prefecture::text',
					...columns.flatMap((c) => [`?${c}=eq.${encodeURIComponent(/person/.test(c) ? person : /prefecture/.test(c) ? 27 : other)}`, `?${c}=not.is.null&select=${c}`, `?${c}=fts.w2`, `?${c}=like.*w2*`, `?order=${c}.desc`])];
				for (const query of reads) {
					clean(`${who} GET ${path}${query}`, await get(path + query, bearer, { prefer: 'count=exact' }), keys);
				}
				// counts: the total is what one sees, not what there is
				const all = await get(path, bearer, { prefer: 'count=exact' });
				if (all.status < 300) {
					const total = Number(all.headers.get('content-range').split('/')[1]);
					assert.equal(all.json.length, Math.min(total, all.json.length), `${who} ${path}`);
					assert.ok(total === all.json.length || all.json.length >= 1000, `${who} ${path}: ${total} counted, ${all.json.length} seen`);
				}
				for (const headers of [{ accept: 'application/vnd.pgrst.plan' }, { accept: 'application/vnd.pgrst.plan+json; options=analyze|verbose|buffers' }, { accept: 'text/csv' }, { accept: 'application/geo+json' }, { accept: 'application/vnd.pgrst.object' }, { prefer: 'count=planned' }, { prefer: 'count=estimated' }, { 'accept-profile': 'registry' }, { range: '0-99999' }]) {
					const answer = await get(path, bearer, headers);
					clean(`${who} GET ${path} ${JSON.stringify(headers)}`, answer, keys);
					if (headers.accept?.includes('plan'))
						assert.ok(answer.status >= 400, `${who} ${path}: a plan came back`);
				}
				const row = Object.fromEntries(columns.filter((c) => argument(c) !== undefined).map((c) => [c, argument(c)]));
				for (const headers of [{}, { prefer: 'return=representation' }, { prefer: 'resolution=merge-duplicates,return=representation' }, { prefer: 'resolution=ignore-duplicates,return=representation' }, { prefer: 'missing=default,return=headers-only' }])
					clean(`${who} POST ${path} ${encodeURIComponent(JSON.stringify(row))}`, await call('POST', path, { as: bearer, body: [row], headers }), keys);
				for (const filter of [`?${columns[0]}=not.is.null`, `?prefecture=eq.27`, `?reporter=eq.${other}`, `?person=eq.${person}`]) {
					clean(`${who} PATCH ${path}${filter} ${encodeURIComponent(JSON.stringify(row))}`, await call('PATCH', path + filter, { as: bearer, body: row, headers: { prefer: 'return=representation' } }), keys);
					clean(`${who} DELETE ${path}${filter}`, await call('DELETE', path + filter, { as: bearer, headers: { prefer: 'return=representation' } }), keys);
				}
				continue;
			}
			const names = (described.paths[path].post?.parameters ?? []).flatMap((p) => Object.keys(p.schema?.properties ?? {}));
			const full = Object.fromEntries(names.filter((n) => argument(n) !== undefined).map((n) => [n, argument(n)]));
			const bare = Object.fromEntries(Object.entries(full).filter(([n]) => ['form', 'from_date', 'to_date', 'on_date', 'on_period', 'at', 'level', 'longitude', 'latitude'].includes(n)));
			for (const body of [full, bare, { ...full, level: 'nation' }, { ...full, level: 'prefecture' }, { ...bare, form: 'gmis.service_status' }, { ...full, records: [daily(mine, day), daily(other, day)] }]) {
				if (!('level' in full)) delete body.level;
				if (!('records' in full)) delete body.records;
				if (!('form' in full)) delete body.form;
				const answer = await call('POST', path, { as: bearer, body, headers: { prefer: 'return=representation' } });
				const brought = JSON.stringify(body);
				clean(`${who} POST ${path} ${encodeURIComponent(brought)}`, answer, keys);
				// … and rows, not only echoes: none of the other's may be among them
				if (keys && answer.status < 300 && Array.isArray(answer.json) && !path.endsWith('/check'))
					assert.ok(!answer.json.some((r) => r?.prefecture === 27 || r?.institution === other || r?.area === '27' || (r?.area === '271004' && (r.reported > 0 || r.expected > 0))), `${who} POST ${path} ${brought}: ${answer.text.slice(0, 600)}`);
			}
			const query = new URLSearchParams(Object.entries(full).map(([n, v]) => [n, typeof v === 'object' ? JSON.stringify(v) : v]));
			for (const suffix of [`?${query}`, `?${query}&select=*&limit=10`, `?${query}&prefecture=eq.27`]) {
				clean(`${who} GET ${path}${suffix.replaceAll('+', '%20')}`, await get(path + suffix, bearer), keys);
			}
		}
		assert.equal(state(), untouched, `${who} changed rows of world 2`);
	});

test('there was something to try', async () => {
	const paths = Object.keys(expectStatus(await get('/', tokens.institution), 200).paths);
	for (const path of ['/persons', '/rejected', '/findings', '/rpc/identity', '/rpc/submit', '/rpc/history'])
		assert.ok(paths.includes(path), path);
});

test('endpoints that are not described to a role are refused to it', async () => {
	const everything = Object.keys(expectStatus(await get('/', as('ministry')), 200).paths).concat(Object.keys(expectStatus(await get('/', as('institution')), 200).paths));
	for (const [who, bearer] of Object.entries(tokens)) {
		const own = Object.keys(expectStatus(await get('/', bearer), 200).paths);
		for (const path of new Set(everything.filter((p) => !own.includes(p)))) {
			const answer = path.startsWith('/rpc/') ? await call('POST', path, { as: bearer, body: {} }) : await get(path, bearer);
			assert.ok(answer.status >= 400, `${who} ${path}: ${answer.status}`);
			clean(`${who} ${path}`, answer, true);
		}
	}
});

test('existing and missing rows of others answer alike', async () => {
	const absent = sql('SELECT outbreak.provisional_institution_code(27, 991)');
	const nobody = '00000000-0000-4000-8000-000000000099';
	const id = argument('id');
	for (const role of ['institution', 'prefecture', 'health_center']) {
		const bearer = as(role);
		const pairs = [
			['/rpc/identity', { person }, { person: nobody }],
			['/rpc/close_person', { person }, { person: nobody }],
			['/rpc/correct_person', { person, name: 'x' }, { person: nobody, name: 'x' }],
			['/rpc/find_persons', { name: secret.name }, { name: 'w0誰でもない' }],
			['/rpc/resubmit', { id }, { id: 99999999 }],
			['/rpc/give_reason', { form: 'gmis.daily', key: { institution: other, on_date: day }, code: secret.text, reason: 'x' }, { form: 'gmis.daily', key: { institution: absent, on_date: day }, code: 'nothing', reason: 'x' }],
			['/rpc/history', { form: 'gmis.daily', key: { institution: other, on_date: day } }, { form: 'gmis.daily', key: { institution: absent, on_date: day } }],
			['/rpc/submit', { form: 'gmis.daily', records: [daily(other, day)] }, { form: 'gmis.daily', records: [daily(other, daysAgo(3))] }],
		];
		for (const [path, there, missing] of pairs) {
			const [a, b] = [await call('POST', path, { as: bearer, body: there }), await call('POST', path, { as: bearer, body: missing })];
			assert.deepEqual([a.status, a.text], [b.status, b.text], `${role} ${path}`);
		}
	}
});

test('forged, stale and foreign tokens open nothing', async () => {
	const claims = { role: 'outbreak_prefecture', ...scope.osaka };
	const [header, body, signature] = token({ role: 'outbreak_prefecture', ...scope.tokyo }).split('.');
	const raised = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url')), ...scope.osaka })).toString('base64url');
	const bad = {
		'alg none': token(claims, { header: { alg: 'none', typ: 'JWT' }, key: null }),
		'alg none with a signature': token(claims, { header: { alg: 'none' } }),
		'alg HS512 signed as HS256': token(claims, { header: { alg: 'HS512', typ: 'JWT' } }),
		'alg RS256': token(claims, { header: { alg: 'RS256', typ: 'JWT' } }),
		'wrong secret': token(claims, { key: 'another secret of at least 32 bytes' }),
		'empty secret': token(claims, { key: '' }),
		'expired': token(claims, { seconds: -3600 }),
		'wrong audience': token(claims, { aud: 'another' }),
		'claims of the other under an own signature': `${header}.${raised}.${signature}`,
		'key id of a file': token(claims, { header: { alg: 'HS256', kid: '/dev/null', jku: 'http://127.0.0.1/' }, key: 'x'.repeat(40) }),
	};
	for (const [what, value] of Object.entries(bad))
		for (const path of ['/rejected', '/persons', `/rpc/reports?form=gmis.daily&from_date=${day}&to_date=${day}`]) {
			const answer = await get(path, value);
			assert.equal(answer.status, 401, `${what}: ${answer.text}`);
			clean(what, answer, true);
		}
	sql(`DO $$ BEGIN IF to_regrole('outbreak_api_test') IS NULL THEN CREATE ROLE outbreak_api_test; END IF; END $$`);
	try {
		for (const role of ['outbreak_api_test', 'outbreak_owner', 'outbreak_worker', 'outbreak_authenticator', 'postgres', 'pg_read_all_data', 'PUBLIC', 'none', 'outbreak_prefecture; RESET ROLE', 'OUTBREAK_MINISTRY', null, ['outbreak_ministry'], { a: 1 }]) {
			const answer = await get('/rejected', token({ ...claims, role }));
			assert.ok([400, 401, 403, 404].includes(answer.status), `${JSON.stringify(role)}: ${answer.status} ${answer.text}`);
			clean(JSON.stringify(role), answer, true);
		}
	} finally {
		sql('DROP ROLE outbreak_api_test');
	}
});

test('claims come from the token alone', async () => {
	const bearer = as('prefecture');
	for (const headers of [{ 'request.jwt.claims': JSON.stringify(scope.osaka) }, { 'x-prefecture': '27' }, { prefer: 'tx=rollback' }, { cookie: 'prefecture=27' }, { role: 'outbreak_ministry' }, { prefer: 'timezone=Asia/Tokyo, handling=lenient' }])
		clean(JSON.stringify(headers), await get('/rejected', bearer, headers), true);
	for (const query of ['?request.jwt.claims=eq.1', `?prefecture=eq.27&request.jwt.claims=${encodeURIComponent(JSON.stringify(scope.osaka))}`])
		clean(query, await get('/rejected' + query, bearer), true);
	assert.equal(Number(expectStatus(await get('/rpc/my_scope', bearer), 200).prefecture), 13);
});
