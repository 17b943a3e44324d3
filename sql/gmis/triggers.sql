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

CREATE OR REPLACE FUNCTION gmis.institution_changed()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM gmis.note_changed_institutions(array_agg(n.institution))
		FROM new_row AS n;
		UPDATE gmis.free_bed AS f
		SET location = n.location
		FROM new_row AS n
		WHERE f.institution OPERATOR(outbreak.=) n.institution;
		RETURN NULL;
	END IF;
	PERFORM gmis.note_changed_institutions(array_agg(n.institution))
	FROM new_row AS n
	JOIN old_row AS o ON o.institution OPERATOR(outbreak.=) n.institution
	WHERE (n.municipality, n.kind, n.beds_licensed) IS DISTINCT FROM (o.municipality, o.kind, o.beds_licensed);
	UPDATE gmis.free_bed AS f
	SET location = n.location
	FROM new_row AS n
	JOIN old_row AS o ON o.institution OPERATOR(outbreak.=) n.institution
	WHERE f.institution OPERATOR(outbreak.=) n.institution
		AND n.location::text IS DISTINCT FROM o.location::text;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gmis.institution_changed() IS 'Trigger on registry.institution: notes the days of institutions that moved or changed their kind or number of beds, and moves their free beds. Runs as the owner, since whoever keeps the register need not have rights on G-MIS.';

CREATE OR REPLACE TRIGGER gmis_inserted
AFTER INSERT ON registry.institution
REFERENCING NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.institution_changed();
COMMENT ON TRIGGER gmis_inserted ON registry.institution IS 'Reports may be older than the entry in the register: gmis then recomputes its sums.';

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
BEGIN
	PERFORM gmis.note_changed_institutions(array_agg(DISTINCT c.institution))
	FROM changed_row AS c
	WHERE c.form = 'gmis.daily'::regclass;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gmis.expected_changed() IS 'Trigger on report.expected: notes the days of institutions that are newly or no longer expected, since the bounds of what is missing depend on it. Runs as the owner, as above.';

CREATE OR REPLACE TRIGGER gmis_inserted
AFTER INSERT ON report.expected
REFERENCING NEW TABLE AS changed_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed();
COMMENT ON TRIGGER gmis_inserted ON report.expected IS 'gmis recomputes the bounds.';

CREATE OR REPLACE TRIGGER gmis_updated
AFTER UPDATE ON report.expected
REFERENCING NEW TABLE AS changed_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed();
COMMENT ON TRIGGER gmis_updated ON report.expected IS 'gmis recomputes the bounds.';

CREATE OR REPLACE TRIGGER gmis_deleted
AFTER DELETE ON report.expected
REFERENCING OLD TABLE AS changed_row
FOR EACH STATEMENT
EXECUTE FUNCTION gmis.expected_changed();
COMMENT ON TRIGGER gmis_deleted ON report.expected IS 'gmis recomputes the bounds.';
