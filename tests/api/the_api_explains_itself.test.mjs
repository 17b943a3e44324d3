// The OpenAPI page: the title, every path with its comment, every parameter by name.
import test from 'node:test';
import assert from 'node:assert/strict';
import { call, expectStatus, ministry, sql } from './client.mjs';

test('the page has the title and text of the schema', async () => {
	const page = expectStatus(await call('GET', '/', { as: ministry() }), 200);
	assert.equal(page.info.title, 'Outbreak');
	assert.match(page.info.description, /Reports of medical institutions in/);
});

test('every path and every column is explained', async () => {
	const page = expectStatus(await call('GET', '/', { as: ministry() }), 200);
	for (const [path, methods] of Object.entries(page.paths)) {
		if (path === '/') continue;
		for (const [method, what] of Object.entries(methods)) {
			if (!what.tags) continue;
			assert.ok(what.summary || what.description, `${method} ${path} says nothing`);
		}
	}
	for (const [view, what] of Object.entries(page.definitions)) {
		assert.ok(what.description, `${view} says nothing`);
		for (const [column, type] of Object.entries(what.properties)) assert.ok(type.description, `${view}.${column} says nothing`);
	}
});

test('no function of the API is overloaded or has a parameter without a name', () => {
	assert.equal(sql("SELECT string_agg(proname, ' ') FROM (SELECT proname FROM pg_proc WHERE pronamespace = 'api'::regnamespace GROUP BY 1 HAVING count(*) > 1) AS x"), '');
	// one unnamed bytea, or json, is PostgREST's way to take the body as it came
	assert.equal(sql("SELECT string_agg(proname, ' ') FROM pg_proc WHERE pronamespace = 'api'::regnamespace AND pronargs > 0 AND (proargnames IS NULL OR '' = ANY (proargnames)) AND proargtypes <> ALL ('{17,114}'::oidvector[])"), '');
});

test('the schema holds views, functions and the domains of media types only', () => {
	assert.equal(sql("SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'api'::regnamespace AND relkind <> 'v'"), '');
	assert.equal(sql("SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'api'::regnamespace AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)"), '');
	assert.equal(sql("SELECT string_agg(typname, ' ') FROM pg_type WHERE typnamespace = 'api'::regnamespace AND typtype = 'd' AND typname NOT LIKE '%/%'"), '');
});
