-- ---- sums of doses

CREATE OR REPLACE FUNCTION vsys.note_changed_results(sites outbreak.institution_code[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO vsys.changed_result (site)
	SELECT s.site
	FROM unnest(sites) AS s (site);
END
$$;
COMMENT ON FUNCTION vsys.note_changed_results(outbreak.institution_code[]) IS '実績報告の変更の記録 / notes that these sites reported numbers. The form calls it once a statement.';

CREATE OR REPLACE FUNCTION vsys.age_class(given_year integer, birth_year integer) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN given_year - birth_year < 65 THEN '-64'
	WHEN given_year - birth_year > 65 THEN '65-'
	ELSE 'UNK'
END;
COMMENT ON FUNCTION vsys.age_class(integer, integer) IS '-64, 65-, or UNK for whoever turns 65 in that year.';

CREATE OR REPLACE FUNCTION vsys.site_doses(sites outbreak.institution_code[], since date, until date)
RETURNS TABLE (site outbreak.institution_code, given_on date, programme text, dose_number smallint, product text, priority_group text, doses bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT u.site, u.given_on, u.programme, u.dose_number, u.product, u.priority_group, sum(u.doses)::bigint
	FROM (
		SELECT r.site, r.given_on, r.programme, r.dose_number, r.product, r.priority_group, r.doses
		FROM vsys.doses_by_site AS r
		WHERE r.site OPERATOR(outbreak.=) ANY (sites)
			AND r.given_on BETWEEN since AND until
		UNION ALL
		SELECT c.site, c.given_on, c.programme, c.dose_number, c.product, c.priority_group, c.doses
		FROM vsys.dose_change AS c
		WHERE c.site OPERATOR(outbreak.=) ANY (sites)
			AND c.given_on BETWEEN since AND until
	) AS u
	GROUP BY u.site, u.given_on, u.programme, u.dose_number, u.product, u.priority_group
	HAVING sum(u.doses) <> 0;
END;
COMMENT ON FUNCTION vsys.site_doses(outbreak.institution_code[], date, date) IS '施設別接種数 / recorded doses of sites by day, programme, dose number, vaccine and group, from the sums and what is not yet folded in.';

CREATE OR REPLACE FUNCTION vsys.unscanned_of(sites outbreak.institution_code[], until date)
RETURNS TABLE (site outbreak.institution_code, priority_group text, dose_number smallint, reported_on date, reported integer, persons integer, doses integer)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH newest AS (
		SELECT DISTINCT ON (r.site, r.priority_group, r.dose_number) r.site, r.priority_group, r.dose_number, r.on_date, r.doses_total
		FROM vsys.result_report AS r
		WHERE r.site OPERATOR(outbreak.=) ANY (sites)
			AND r.on_date <= until
			AND r.doses_total IS NOT NULL
		ORDER BY r.site, r.priority_group, r.dose_number, r.on_date DESC
	), counted AS (
		SELECT n.site, n.priority_group, n.dose_number, n.on_date, n.doses_total, coalesce(sum(d.doses), 0)::integer AS persons
		FROM newest AS n
		LEFT JOIN vsys.site_doses(sites, '-infinity', until) AS d ON d.site OPERATOR(outbreak.=) n.site
			AND d.priority_group = n.priority_group
			AND d.dose_number = n.dose_number
			AND d.given_on <= n.on_date
		GROUP BY n.site, n.priority_group, n.dose_number, n.on_date, n.doses_total
	), whole AS (
		-- a dose that was reported under one group and scanned under another is one dose
		SELECT c.site,
			greatest(sum(c.doses_total - c.persons), 0)::bigint AS doses,
			array_agg(greatest(c.doses_total - c.persons, 0)::bigint ORDER BY c.priority_group, c.dose_number) AS parts
		FROM counted AS c
		GROUP BY c.site
	)
	SELECT c.site, c.priority_group, c.dose_number, c.on_date, c.doses_total, c.persons,
		CASE WHEN w.doses = 0 THEN 0
			ELSE (outbreak.apportion(w.doses, w.parts))[row_number() OVER (PARTITION BY c.site ORDER BY c.priority_group, c.dose_number)]
		END::integer
	FROM counted AS c
	JOIN whole AS w ON w.site OPERATOR(outbreak.=) c.site;
END;
COMMENT ON FUNCTION vsys.unscanned_of(outbreak.institution_code[], date) IS '未登録の実績 / rows of vsys.unscanned for sites as of the end of a day, from their last reports until then and the doses recorded for the days up to each report. What a site reported in all less what is recorded in all is shared among the groups in which reports are ahead (by largest remainders).';

CREATE OR REPLACE FUNCTION vsys.site_results(site outbreak.institution_code, as_of date DEFAULT outbreak.local_date())
RETURNS TABLE (priority_group text, dose_number smallint, persons bigint, unscanned bigint, total bigint, reported_on date, reported integer)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT coalesce(d.priority_group, u.priority_group), coalesce(d.dose_number, u.dose_number), coalesce(d.doses, 0), coalesce(u.doses, 0)::bigint,
		coalesce(d.doses, 0) + coalesce(u.doses, 0), u.reported_on, u.reported
	FROM (
		SELECT s.priority_group, s.dose_number, sum(s.doses)::bigint AS doses
		FROM vsys.site_doses(ARRAY[site_results.site], '-infinity', as_of) AS s
		GROUP BY s.priority_group, s.dose_number
	) AS d
	FULL JOIN vsys.unscanned_of(ARRAY[site_results.site], as_of) AS u ON u.priority_group = d.priority_group
		AND u.dose_number = d.dose_number
	ORDER BY 1, 2;
END;
COMMENT ON FUNCTION vsys.site_results(outbreak.institution_code, date) IS
'施設の接種実績 / doses that a site has given up to the end of a day, by group and dose number: persons (recorded one by one), unscanned (reported as numbers without a record of the person; none counts twice), and their total; with the last running total that was reported, and of which day it is. A report that lags behind the scans adds nothing; scans that come later for days before it take the place of what was reported.';

CREATE OR REPLACE FUNCTION vsys.add_result(
	site outbreak.institution_code,
	on_date date,
	priority_group text,
	dose_number smallint,
	doses integer,
	key text
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	known vsys.result_entry;
	total integer;
	result jsonb;
BEGIN
	IF doses IS NULL OR doses < 0 OR coalesce(key, '') = '' THEN
		RAISE EXCEPTION 'doses must be 0 or more, and the entry must have a key'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give each entry a name of its own; sent again under the same name it adds nothing.';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtextextended(site::text, 5081));
	SELECT e.* INTO known
	FROM vsys.result_entry e
	WHERE e.site OPERATOR(outbreak.=) add_result.site
		AND e.key = add_result.key;
	IF found THEN
		IF (known.on_date, known.priority_group, known.dose_number, known.doses) IS DISTINCT FROM (on_date, priority_group, dose_number, doses) THEN
			RAISE EXCEPTION 'this key was used for another entry'
				USING ERRCODE = 'OB082',
					DETAIL = jsonb_build_object('on_date', known.on_date, 'priority_group', known.priority_group, 'dose_number', known.dose_number, 'doses', known.doses)::text;
		END IF;
		RETURN jsonb_build_object('outcome', 'duplicate', 'doses_total', known.doses_total, 'findings', '[]'::jsonb);
	END IF;
	SELECT r.doses_total INTO total
	FROM vsys.result_report r
	WHERE r.site OPERATOR(outbreak.=) add_result.site
		AND r.priority_group = add_result.priority_group
		AND r.dose_number = add_result.dose_number
		AND r.on_date <= add_result.on_date
		AND r.doses_total IS NOT NULL
	ORDER BY r.on_date DESC
	LIMIT 1;
	total := coalesce(total, 0) + doses;
	result := report.submit('vsys.result_report', jsonb_build_object('site', site::text, 'on_date', on_date, 'priority_group', priority_group,
		'dose_number', dose_number, 'doses_total', total));
	-- the totals of later days hold this one
	UPDATE vsys.result_report r
	SET doses_total = r.doses_total + doses
	WHERE r.site OPERATOR(outbreak.=) add_result.site
		AND r.priority_group = add_result.priority_group
		AND r.dose_number = add_result.dose_number
		AND r.on_date > add_result.on_date;
	INSERT INTO vsys.result_entry (site, key, on_date, priority_group, dose_number, doses, doses_total)
	VALUES (site, key, on_date, priority_group, dose_number, doses, total);
	RETURN jsonb_build_object('outcome', 'added', 'doses_total', total, 'findings', result -> 'findings');
END
$$;
COMMENT ON FUNCTION vsys.add_result(outbreak.institution_code, date, text, smallint, integer, text) IS
'接種実績の加算 / adds the doses of a day to the running total of vsys.result_report, so that nobody has to add up by hand: with 50 until yesterday, 30 today make 80. Totals that were entered for later days rise by as much. key names the entry: sent again it adds nothing (outcome duplicate), and OB082 when it is another entry. Returns {"outcome": "added", "doses_total", "findings"}; OB001 when a rule of the form is broken. Whoever may report for the site.';

CREATE OR REPLACE FUNCTION vsys.fold_doses(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	folded bigint;
	touched outbreak.institution_code[];
	compared outbreak.institution_code[];
BEGIN
	IF NOT pg_try_advisory_xact_lock(hashtextextended('vsys.fold_doses', 0)) THEN
		RETURN jsonb_build_object('folded', 0, 'sites', 0);
	END IF;
	WITH taken AS MATERIALIZED (
		DELETE FROM vsys.dose_change AS c
		RETURNING c.*
	), by_site AS (
		INSERT INTO vsys.doses_by_site AS r (site, given_on, programme, dose_number, product, priority_group, prefecture, municipality, doses)
		SELECT p.site, p.given_on, p.programme, p.dose_number, p.product, p.priority_group, outbreak.prefecture(p.site), p.site_municipality, sum(p.doses)
		FROM taken AS p
		WHERE p.site_municipality IS NOT NULL
		GROUP BY p.site, p.given_on, p.programme, p.dose_number, p.product, p.priority_group, p.site_municipality
		ON CONFLICT (site, given_on, programme, dose_number, product, priority_group) DO UPDATE
		SET doses = r.doses + excluded.doses
	), by_lag AS (
		INSERT INTO vsys.doses_by_lag AS r (municipality, given_on, registered_on, product, prefecture, doses)
		SELECT p.site_municipality, p.given_on, greatest(p.registered_on, p.given_on), p.product, outbreak.prefecture(p.site_municipality), sum(p.doses)
		FROM taken AS p
		WHERE p.site_municipality IS NOT NULL
		GROUP BY p.site_municipality, p.given_on, greatest(p.registered_on, p.given_on), p.product
		ON CONFLICT (municipality, given_on, registered_on, product) DO UPDATE
		SET doses = r.doses + excluded.doses
	), by_day AS (
		INSERT INTO vsys.doses_by_day AS r (municipality, given_on, programme, dose_number, prefecture, doses)
		SELECT p.municipality, p.given_on, p.programme, p.dose_number, outbreak.prefecture(p.municipality), sum(p.doses)
		FROM taken AS p
		GROUP BY p.municipality, p.given_on, p.programme, p.dose_number
		ON CONFLICT (municipality, given_on, programme, dose_number) DO UPDATE
		SET doses = r.doses + excluded.doses
	), by_age AS (
		INSERT INTO vsys.doses_by_age AS r (municipality, programme, dose_number, given_year, birth_year, prefecture, doses)
		SELECT p.municipality, p.programme, p.dose_number, extract(year FROM p.given_on), p.birth_year, outbreak.prefecture(p.municipality), sum(p.doses)
		FROM taken AS p
		GROUP BY p.municipality, p.programme, p.dose_number, extract(year FROM p.given_on), p.birth_year
		ON CONFLICT (municipality, programme, dose_number, given_year, birth_year) DO UPDATE
		SET doses = r.doses + excluded.doses
	), by_prefecture AS (
		INSERT INTO vsys.doses_by_prefecture AS r (prefecture, given_on, programme, dose_number, priority_group, sex, age, doses)
		SELECT outbreak.prefecture(p.municipality), p.given_on, p.programme, p.dose_number, p.priority_group,
			CASE p.sex WHEN 'female' THEN 'F' WHEN 'male' THEN 'M' ELSE 'U' END,
			vsys.age_class(extract(year FROM p.given_on)::integer, p.birth_year), sum(p.doses)
		FROM taken AS p
		GROUP BY 1, 2, 3, 4, 5, 6, 7
		ON CONFLICT (prefecture, given_on, programme, dose_number, priority_group, sex, age) DO UPDATE
		SET doses = r.doses + excluded.doses
	), as_known AS (
		INSERT INTO vsys.doses_as_known AS r (municipality, known_on, programme, dose_number, prefecture, doses)
		SELECT p.municipality, p.known_on, p.programme, p.dose_number, outbreak.prefecture(p.municipality), sum(p.doses)
		FROM taken AS p
		GROUP BY p.municipality, p.known_on, p.programme, p.dose_number
		ON CONFLICT (municipality, known_on, programme, dose_number) DO UPDATE
		SET doses = r.doses + excluded.doses
	)
	SELECT coalesce(sum(abs(t.doses)), 0), array_agg(DISTINCT t.site) FILTER (WHERE t.site IS NOT NULL)
	INTO folded, touched
	FROM taken AS t;

	-- what sites reported as numbers, held against the doses that are recorded now
	WITH taken AS (
		DELETE FROM vsys.changed_result AS c
		RETURNING c.site
	)
	SELECT array_agg(DISTINCT t.site) INTO compared
	FROM (
		SELECT t.site
		FROM taken AS t
		UNION ALL
		SELECT u.site
		FROM vsys.unscanned AS u
		WHERE u.site OPERATOR(outbreak.=) ANY (touched)
	) AS t;
	IF compared IS NOT NULL THEN
		DELETE FROM vsys.unscanned AS u
		WHERE u.site OPERATOR(outbreak.=) ANY (compared);
		INSERT INTO vsys.unscanned (site, priority_group, dose_number, reported_on, reported, persons, doses)
		SELECT r.site, r.priority_group, r.dose_number, r.reported_on, r.reported, r.persons, r.doses
		FROM vsys.unscanned_of(compared, '9999-12-31') AS r;
	END IF;
	RETURN jsonb_build_object('folded', folded, 'sites', coalesce(cardinality(compared), 0));
END
$$;
COMMENT ON FUNCTION vsys.fold_doses(timestamptz) IS '接種集計の更新 / job: adds vsys.dose_change to the sums, and brings vsys.unscanned up to date. One fold works at a time; a second one returns at once. Readers do not depend on it, it only makes them fast. as_of does not matter. Returns {"folded": doses, "sites": sites whose reported numbers were compared}. Runs as the owner: nobody else writes the sums.';
