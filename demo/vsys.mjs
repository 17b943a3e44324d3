#!/usr/bin/env node
// The users of the V-SYS part of the demo who work through PostgREST.
//
//   demo/vsys.mjs vrs MUNICIPALITY FILE     a municipality sends a file of the VRS
//   demo/vsys.mjs opening FILE              people ask for places, each with a token of their own; some look where they stand
import { readFileSync } from 'node:fs';
import { call, each, fail, lines } from './client.mjs';

async function vrs(municipality, file) {
	const answer = await call({ role: 'outbreak_municipality', municipality }, '/rpc/import_vrs', readFileSync(file));
	if (answer.status !== 200) fail('POST /rpc/import_vrs', answer);
	const { encoding, lines, doses, recorded, duplicates, kept, issues } = answer.body;
	console.log(`${municipality} ${encoding}: ${lines} 行 / lines, ${doses} 回 / doses: ${recorded} 登録 / recorded, ${duplicates} 登録済 / known, ${kept} 要修正 / kept to be mended`);
	for (const issue of issues) console.log(`  line ${issue.line}: ${issue.code} ${issue.message_ja} / ${issue.message_en}`);
}

async function opening(file) {
	const places = [];
	let asked = 0;
	await each(lines(file), async (one) => {
		const citizen = { role: 'outbreak_citizen', sub: `ticket ${one.number}` };
		const answer = await call(citizen, '/rpc/request_booking', one);
		if (answer.status !== 200) fail('POST /rpc/request_booking', answer);
		asked += 1;
		// one in three hundred asks at once
		if (asked % 300 === 0) {
			const [{ request, claim }] = answer.body;
			const stand = await call(citizen, '/rpc/queue_place', { request, claim });
			if (stand.status !== 200) fail('POST /rpc/queue_place', stand);
			places.push(`${asked}: ${stand.body[0].state}${stand.body[0].place ? ` (順番 / place ${stand.body[0].place})` : ''}`);
		}
	}, 8);
	console.log(`POST /rpc/request_booking: ${asked} 回 / requests`);
	console.log(`順番 / where they stood: ${places.join(', ')}`);
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'vrs') await vrs(...rest);
else if (command === 'opening') await opening(...rest);
else {
	console.error('usage: demo/vsys.mjs vrs MUNICIPALITY FILE | opening FILE');
	process.exit(2);
}
