#!/usr/bin/env node
// The users of the quarantine part of the demo who work through PostgREST.
//
//   demo/quarantine.mjs arrivals SEED READERS EXPIRED    travellers without an account enter, and devices read their tickets
import { call, each, fail, lines } from './client.mjs';

const rpc = async (claims, name, body, status = 200) => {
	const answer = await call(claims, `/rpc/${name}`, body);
	if (answer.status !== status) fail(`POST /rpc/${name}`, answer);
	return answer.body;
};
const anybody = null;
const well = Object.fromEntries(['fever_reducer', 'fever', 'cough', 'sore_throat', 'runny_nose', 'fatigue', 'breathlessness', 'taste_smell_loss', 'other_symptom', 'met_patient'].map((item) => [item, false]));
const someone = (n, seat, more = {}) => ({
	name: `TRAVELLER ${n}`, birth_on: `19${60 + n % 40}-04-${String(1 + n % 28).padStart(2, '0')}`, passport: `ZA${String(n).padStart(7, '0')}`, phone: `090-0001-${String(n).padStart(4, '0')}`, mail: `api${n}@example.jp`,
	address: '千代田区見本町1-1', municipality: '131016', stay_kind: 'hotel', seat, sex: n % 2 ? 'female' : 'male', nationality: 'US', countries: ['US'], country_days: [14], declared_true: true, ...well, ...more,
});
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const count = (list, of) => [...new Set(list.map(of))].sort().map((name) => `${name} ${list.filter((one) => of(one) === name).length}`).join(', ');

async function arrivals(seed, readersFile, expiredFile) {
	const devices = lines(readersFile).map(({ reader, subject }) => ({ reader, claims: { role: 'outbreak_quarantine', sub: subject } }));
	const [{ code: expired }] = lines(expiredFile);
	const soon = new Date(Date.now() + 3600e3).toISOString();
	const entry = (language) => ({ port: 'NRT', kind: 'flight', conveyance: 'ZZ 901', arrives_at: soon, language });

	// one forgets things, and is told all of them at once
	const faulty = await rpc(anybody, 'enter_arrival', { entry: entry('en'), travellers: [someone(1, '', { countries: ['USA'] }), someone(2, '20B', { cough: null, birth_on: '2031-01-01' })] }, 400);
	console.log(`誤りのある登録 / an entry with faults: HTTP 400 ${faulty.code}`);
	for (const fault of JSON.parse(faulty.details)) console.log(`  ${fault.traveller}: ${fault.code} ${fault.message_ja} / ${fault.message_en}`);

	const languages = ['ja', 'en', 'ko', 'zh-Hans', 'vi', 'ja-x-easy'];
	const parties = Array.from({ length: 24 }, (_, k) => {
		const first = 100 + Number(seed) % 1000 + 10 * k;
		const head = someone(first, `${10 + k}C`, k % 8 === 7 ? { cough: true } : {});
		// every fourth is a family under one ticket
		return k % 4 ? [head] : [head, someone(first + 1, `${10 + k}D`, { phone: '', mail: '' }), someone(first + 2, `${10 + k}E`, { phone: '', mail: '', birth_on: '2019-05-05' })];
	});
	const made = [];
	await each(parties.entries(), async ([k, travellers]) => {
		const began = performance.now();
		const [it] = await rpc(anybody, 'enter_arrival', { entry: entry(languages[k % languages.length]), travellers });
		made[k] = { ...it, k, persons: travellers.length, took: performance.now() - began };
	});
	console.log(`POST /rpc/enter_arrival: ${made.length} 件 / entries, ${made.reduce((sum, one) => sum + one.persons, 0)} 人 / persons, ${count(made, (one) => one.colour)}; 中央値 / median ${median(made.map((one) => one.took)).toFixed(0)} ms`);
	// a seat is changed with the token, and with nothing else
	await rpc(anybody, 'change_arrival', { token: made[1].token, travellers: [{ n: 1, seat: '31A' }] });
	const seen = await rpc(anybody, 'my_arrival', { token: made[1].token });
	console.log(`座席の変更 / a seat changed with the token of the entry: ${seen.travellers[0].answers.seat}`);

	// all but the last four are read as they come
	const read = async (device, ticket) => (await rpc(device.claims, 'scan_ticket', { ticket, reader: device.reader }))[0];
	const online = [];
	await each(made.slice(0, 20).entries(), async ([k, one]) => {
		const ticket = one.k === 1 ? seen.ticket : one.ticket;
		const began = performance.now();
		online.push({ ...await read(devices[k % devices.length], ticket), took: performance.now() - began });
	});
	console.log(`POST /rpc/scan_ticket: ${online.length} 件 / readings, ${online.reduce((sum, one) => sum + one.persons, 0)} 人 / persons, ${count(online, (one) => one.outcome)}; 中央値 / median ${median(online.map((one) => one.took)).toFixed(0)} ms`);
	const odd = {
		'もう一度 / again': made[0].ticket,
		'偽造 / one letter is another': made[2].ticket.slice(0, 60) + (made[2].ticket[60] === 'A' ? 'B' : 'A') + made[2].ticket.slice(61),
		'期限切れ / of April 2022': expired,
		'外国の証明書 / a certificate of the EU': 'HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2',
	};
	for (const [what, ticket] of Object.entries(odd)) {
		const answer = await read(devices[0], ticket);
		console.log(`  ${what}: ${answer.outcome}${answer.reason ? ` (${answer.reason})` : ''} ${answer.message_ja} / ${answer.message_en}${answer.first_reader ? ` [${answer.first_reader}]` : ''}`);
	}
	const foreign = await call(devices[1].claims, '/rpc/scan_ticket', { ticket: made[20].ticket, reader: devices[0].reader });
	console.log(`  他の端末の番号で / a device under the number of another: HTTP ${foreign.status} ${foreign.body.code}`);

	// a device without a network keeps what it reads, and sends it later, twice since the answer got lost
	const readings = made.slice(20).map(({ ticket }, k) => ({ ticket, reader: devices[7].reader, scanned_at: new Date(Date.now() - 900e3 + 30e3 * k).toISOString() }));
	for (const time of ['送信 / sent', '再送 / sent again']) {
		const answers = await rpc(devices[7].claims, 'scan_tickets', { readings });
		console.log(`オフライン読取 ${readings.length} 件 15分後に${time} 15 minutes later: ${count(answers, (one) => `${one.outcome}${one.repeated ? ' (repeated)' : ''}`)}`);
	}
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'arrivals') await arrivals(...rest);
else {
	console.error('usage: demo/quarantine.mjs arrivals SEED READERS EXPIRED');
	process.exit(2);
}
