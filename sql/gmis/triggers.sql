-- What the rollups and free beds take from the register must follow it.

CREATE OR REPLACE FUNCTION gmis.note_changed_institutions(institutions outbreak.institution_code[])
RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	INSERT INTO report.dirty (form, period, prefecture)
	SELECT DISTINCT 'gmis.daily'::regclass, d.on_date, d.prefecture
	FROM gmis.daily AS d
	WHERE d.institution OPERATOR(outbreak.=) ANY (note_changed_institutions.institutions);
END;
COMMENT ON FUNCTION gmis.note_changed_institutions(outbreak.institution_code[]) IS '再集計の指示 / notes all days of these institutions in report.dirty.';

CREATE OR REPLACE FUNCTION gmis.steps_of(valid daterange, most_beds integer, sign integer)
RETURNS TABLE (since date, expected integer, most integer, open integer)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	SELECT b.since,
		b.sign,
		b.sign * coalesce(steps_of.most_beds, 0),
		b.sign * (steps_of.most_beds IS NULL)::integer
	FROM (
		VALUES
			(coalesce(lower(steps_of.valid), '-infinity'), steps_of.sign),
			(upper(steps_of.valid), - steps_of.sign)
	) AS b (since, sign)
	WHERE NOT isempty(steps_of.valid)
		AND b.since IS NOT NULL;
END;
COMMENT ON FUNCTION gmis.steps_of(daterange, integer, integer) IS '報告対象の増減 / what an expected institution (sign 1; -1 takes it back) adds to gmis.expected_step: a step at the beginning of its dates, and the reverse at their end.';

CREATE OR REPLACE FUNCTION gmis.institution_changed()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	changed outbreak.institution_code[];
BEGIN
	IF TG_OP = 'INSERT' THEN
		changed := array(SELECT n.institution FROM new_row AS n);
		-- those that were expected before the register knew them
		INSERT INTO gmis.expected_step (prefecture, municipality, since, expected, most, open)
		SELECT n.prefecture, v.municipality, s.since, sum(s.expected), sum(s.most), sum(s.open)
		FROM new_row AS n
		JOIN report.expected AS e ON e.form = 'gmis.daily'::regclass
			AND e.institution OPERATOR(outbreak.=) n.institution
		CROSS JOIN LATERAL (
			VALUES
				(NULL::outbreak.municipality_code, NULL::integer, -1),
				(n.municipality, gmis.most_beds(n.kind, n.beds_licensed), 1)
		) AS v (municipality, most_beds, sign)
		CROSS JOIN LATERAL gmis.steps_of(e.valid, v.most_beds, v.sign) AS s
		GROUP BY n.prefecture, v.municipality, s.since;
		UPDATE gmis.free_bed AS f
		SET location = n.location
		FROM new_row AS n
		WHERE f.institution OPERATOR(outbreak.=) n.institution;
	ELSE
		changed := array(
			SELECT n.institution
			FROM new_row AS n
			JOIN old_row AS o ON o.institution OPERATOR(outbreak.=) n.institution
			WHERE (n.municipality::text, n.kind, n.beds_licensed) IS DISTINCT FROM (o.municipality::text, o.kind, o.beds_licensed)
		);
		INSERT INTO gmis.expected_step (prefecture, municipality, since, expected, most, open)
		SELECT n.prefecture, v.municipality, s.since, sum(s.expected), sum(s.most), sum(s.open)
		FROM unnest(changed) AS c (institution)
		JOIN new_row AS n ON n.institution OPERATOR(outbreak.=) c.institution
		JOIN old_row AS o ON o.institution OPERATOR(outbreak.=) c.institution
		JOIN report.expected AS e ON e.form = 'gmis.daily'::regclass
			AND e.institution OPERATOR(outbreak.=) c.institution
		CROSS JOIN LATERAL (
			VALUES
				(o.municipality, gmis.most_beds(o.kind, o.beds_licensed), -1),
				(n.municipality, gmis.most_beds(n.kind, n.beds_licensed), 1)
		) AS v (municipality, most_beds, sign)
		CROSS JOIN LATERAL gmis.steps_of(e.valid, v.most_beds, v.sign) AS s
		GROUP BY n.prefecture, v.municipality, s.since;
		UPDATE gmis.free_bed AS f
		SET location = n.location
		FROM new_row AS n
		JOIN old_row AS o ON o.institution OPERATOR(outbreak.=) n.institution
		WHERE f.institution OPERATOR(outbreak.=) n.institution
			AND n.location::text IS DISTINCT FROM o.location::text;
	END IF;
	PERFORM gmis.note_changed_institutions(changed);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gmis.institution_changed() IS 'Trigger on registry.institution: carries institutions that are new, moved, or changed their kind or number of beds into gmis.expected_step, report.dirty and gmis.free_bed. Runs as the owner, since whoever keeps the register need not have rights on G-MIS.';

CREATE OR REPLACE TRIGGER gmis_inserted
AFTER INSERT ON registry.institution
REFERENCING NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.institution_changed();
COMMENT ON TRIGGER gmis_inserted ON registry.institution IS 'gmis takes institutions in that were expected, or had reported, before.';

CREATE OR REPLACE TRIGGER gmis_updated
AFTER UPDATE ON registry.institution
REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.institution_changed();
COMMENT ON TRIGGER gmis_updated ON registry.institution IS 'gmis recomputes the sums of institutions that moved or changed.';

CREATE OR REPLACE FUNCTION gmis.expected_changed()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	changed outbreak.institution_code[];
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		DELETE FROM gmis.expected_step;
		PERFORM gmis.note_changed_institutions(array(SELECT i.institution FROM registry.institution AS i));
		RETURN NULL;
	END IF;
	changed := array(
		SELECT DISTINCT c.institution
		FROM changed_row AS c
		WHERE c.form = 'gmis.daily'::regclass
	);
	-- What the steps are made of must not change under our hands.
	PERFORM
	FROM registry.institution AS i
	WHERE i.institution OPERATOR(outbreak.=) ANY (changed)
	ORDER BY i.institution
	FOR SHARE;
	INSERT INTO gmis.expected_step (prefecture, municipality, since, expected, most, open)
	SELECT outbreak.prefecture(c.institution), i.municipality, s.since, sum(s.expected), sum(s.most), sum(s.open)
	FROM changed_row AS c
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) c.institution
	CROSS JOIN LATERAL gmis.steps_of(c.valid, gmis.most_beds(i.kind, i.beds_licensed), TG_ARGV[0]::integer) AS s
	WHERE c.form = 'gmis.daily'::regclass
	GROUP BY outbreak.prefecture(c.institution), i.municipality, s.since;
	PERFORM gmis.note_changed_institutions(changed);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gmis.expected_changed() IS 'Trigger on report.expected: carries who is newly (argument 1) or no longer (-1) expected into gmis.expected_step, and notes the days that they reported, since the bounds of what is missing depend on it. Runs as the owner, as above.';

CREATE OR REPLACE TRIGGER gmis_inserted
AFTER INSERT ON report.expected
REFERENCING NEW TABLE AS changed_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed('1');
COMMENT ON TRIGGER gmis_inserted ON report.expected IS 'gmis counts who is expected.';

CREATE OR REPLACE TRIGGER gmis_updated_from
AFTER UPDATE ON report.expected
REFERENCING OLD TABLE AS changed_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed('-1');
COMMENT ON TRIGGER gmis_updated_from ON report.expected IS 'gmis takes back what was expected before …';

CREATE OR REPLACE TRIGGER gmis_updated_to
AFTER UPDATE ON report.expected
REFERENCING NEW TABLE AS changed_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed('1');
COMMENT ON TRIGGER gmis_updated_to ON report.expected IS '… and counts what is expected now.';

CREATE OR REPLACE TRIGGER gmis_deleted
AFTER DELETE ON report.expected
REFERENCING OLD TABLE AS changed_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed('-1');
COMMENT ON TRIGGER gmis_deleted ON report.expected IS 'gmis takes back who is no longer expected.';

CREATE OR REPLACE TRIGGER gmis_truncated
AFTER TRUNCATE ON report.expected
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed();
COMMENT ON TRIGGER gmis_truncated ON report.expected IS 'gmis expects nobody any more.';
