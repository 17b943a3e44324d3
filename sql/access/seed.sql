-- ---- limits of the API: a page for the public, a working day for officials, long queries for analysts
INSERT INTO access.api_limit (role, statement_timeout, max_rows, requests_per_second, burst)
VALUES
	-- all of the public together
	('outbreak_anon', '2 s', 1000, 200, 400),
	('outbreak_citizen', '2 s', 1000, 5, 30),
	('outbreak_institution', '15 s', 5000, 20, 200),
	('outbreak_health_center', '15 s', 5000, 20, 200),
	('outbreak_municipality', '15 s', 5000, 20, 200),
	('outbreak_wholesaler', '15 s', 5000, 20, 200),
	('outbreak_quarantine', '15 s', 5000, 50, 500),
	('outbreak_prefecture', '30 s', 10000, 50, 500),
	('outbreak_ministry', '60 s', 10000, 100, 1000),
	('outbreak_analyst', '60 s', 10000, 5, 50),
	('outbreak_auditor', '60 s', 10000, 5, 50);
