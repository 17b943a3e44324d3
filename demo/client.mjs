// What the users of the demo share who work through PostgREST. API_URL says where it is, JWT_SECRET_FILE signs their tokens.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

const url = process.env.API_URL;
const secret = readFileSync(process.env.JWT_SECRET_FILE, 'utf8');

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function token(claims) {
	const exp = Math.floor(Date.now() / 1000) + 86400;
	const body = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ aud: 'outbreak', exp, ...claims })}`;
	return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

// A body that is a Buffer goes as it is, any other as JSON. Without claims it is a request of anybody.
export async function call(claims, path, body) {
	const raw = Buffer.isBuffer(body);
	const answer = await fetch(`${url}${path}`, {
		method: body ? 'POST' : 'GET',
		headers: { ...(claims && { Authorization: `Bearer ${token(claims)}` }), 'Content-Type': raw ? 'application/octet-stream' : 'application/json' },
		body: raw ? body : body && JSON.stringify(body),
	});
	const text = await answer.text();
	return { status: answer.status, body: text ? JSON.parse(text) : null };
}

export function fail(what, answer) {
	console.error(`${what}: HTTP ${answer.status} ${JSON.stringify(answer.body)}`);
	process.exit(1);
}

// Does work(item) for all items, some at a time.
export async function each(items, work, atATime = 4) {
	const queue = [...items];
	const worker = async () => {
		for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
	};
	await Promise.all(Array.from({ length: atATime }, worker));
}

export const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
