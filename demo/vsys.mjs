#!/usr/bin/env node
// The users of the V-SYS part of the demo who work through PostgREST.
//
//   demo/vsys.mjs vrs MUNICIPALITY FILE     a municipality sends a file of the VRS
import { readFileSync } from 'node:fs';
import { call, fail } from './client.mjs';

async function vrs(municipality, file) {
	const answer = await call({ role: 'outbreak_municipality', municipality }, '/rpc/import_vrs', readFileSync(file));
	if (answer.status !== 200) fail('POST /rpc/import_vrs', answer);
	const { encoding, lines, doses, recorded, duplicates, kept, issues } = answer.body;
	console.log(`${municipality} ${encoding}: ${lines} 行 / lines, ${doses} 回 / doses: ${recorded} 登録 / recorded, ${duplicates} 登録済 / known, ${kept} 要修正 / kept to be mended`);
	for (const issue of issues) console.log(`  line ${issue.line}: ${issue.code} ${issue.message_ja} / ${issue.message_en}`);
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'vrs') await vrs(...rest);
else {
	console.error('usage: demo/vsys.mjs vrs MUNICIPALITY FILE');
	process.exit(2);
}
