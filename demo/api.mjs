#!/usr/bin/env node
// The users of the demo who work through PostgREST. API_URL says where it is, JWT_SECRET_FILE signs their tokens.
//
//   demo/api.mjs token CLAIMS          prints a token for these claims (JSON), good for a day
//   demo/api.mjs send FILE...          posts each line {"claims", "form", "source", "records"} to /rpc/submit
//   demo/api.mjs scenes FOLDER DAY     a refused report, an own entry over a proxy's, reasons for warnings
import { call, each, fail, lines, token } from './client.mjs';

const submit = ({ claims, form, source, records }) => call(claims, '/rpc/submit', { form, source, records });

async function send(files) {
	for (const file of files) {
		const queue = lines(file);
		const total = { requests: queue.length, accepted: 0, kept: 0, warnings: 0 };
		const form = queue[0]?.form;
		await each(queue, async (one) => {
			const answer = await submit(one);
			if (answer.status !== 200) fail(`POST /rpc/submit ${JSON.stringify(one.claims)}`, answer);
			total.accepted += answer.body.accepted;
			total.kept += answer.body.kept;
			total.warnings += answer.body.findings.filter((finding) => finding.verdict === 'violated').length;
		});
		console.log(`POST /rpc/submit ${form}: ${total.requests} 回 / requests, ${total.accepted} 件受入 / records taken in, ${total.warnings} 警告 / warnings`);
	}
}

async function scenes(folder, day) {
	const ministry = { role: 'outbreak_ministry' };
	const own = lines(`${folder}/api_daily.jsonl`).find((one) => one.records[0].beds_secured > 0);
	if (own) {
		const [record] = own.records;
		const mistaken = { ...record, beds_ready: record.beds_secured + 10, positives: record.tests + 5 };
		const answer = await submit({ ...own, records: [mistaken] });
		if (answer.status !== 400) fail('a report that breaks rules', answer);
		console.log(`誤りのある報告 / a report with two mistakes: HTTP ${answer.status} ${answer.body.code}`);
		for (const finding of JSON.parse(answer.body.details)) {
			if (finding.severity === 'error' && finding.verdict === 'violated') {
				console.log(`  ${finding.code} [${finding.fields.join(', ')}] ${finding.message_ja} / ${finding.message_en}`);
			}
		}
	}

	const [lot] = lines(`${folder}/api_proxy.jsonl`);
	if (lot) {
		const [record] = lot.records;
		const entered = await submit({
			claims: { role: 'outbreak_institution', institution: record.institution },
			form: lot.form, source: 'own', records: [{ ...record, outpatients: record.outpatients + 1 }],
		});
		if (entered.status !== 200) fail('an own entry over a proxy\'s', entered);
		const again = await submit(lot);
		if (again.status !== 200) fail('the proxy once more', again);
		console.log(`自院入力の優先 / ${record.institution} enters itself, then the association again: `
			+ `${again.body.accepted} 件受入 / taken in, ${again.body.kept} 件は自院入力を維持 / kept as entered`);
	}

	const open = await call(ministry, `/findings?form=eq.gmis.daily&period=eq.${day}&reason=is.null&order=reporter,code&limit=6`);
	if (open.status !== 200) fail('GET /findings', open);
	for (const finding of open.body) {
		const reason = finding.code.endsWith('_jump') ? '転院患者の受入により増加' : '確保病床以外の病床で受入';
		const given = await call({ role: 'outbreak_institution', institution: finding.reporter }, '/rpc/give_reason',
			{ form: finding.form, key: finding.key, code: finding.code, reason });
		if (given.status >= 300) fail('POST /rpc/give_reason', given);
	}
	console.log(`警告への理由 / warnings answered with a reason: ${open.body.length}`);
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'token') console.log(token(JSON.parse(rest[0])));
else if (command === 'send') await send(rest);
else if (command === 'scenes') await scenes(...rest);
else {
	console.error('usage: demo/api.mjs token CLAIMS | send FILE... | scenes FOLDER DAY');
	process.exit(2);
}
