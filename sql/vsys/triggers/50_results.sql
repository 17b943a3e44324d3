-- What changes in vsys.dose is noted for the sums. Rows that retention deletes go on counting.

CREATE OR REPLACE FUNCTION vsys.dose_recorded() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO vsys.dose_change (given_on, registered_on, known_on, site, site_municipality, municipality, programme, dose_number, product, priority_group, birth_year, sex, doses)
	SELECT n.given_on, least(outbreak.local_date(n.registered_at), outbreak.local_date()), outbreak.local_date(), n.site, s.municipality, n.municipality, n.programme, n.dose_number,
		n.product, n.priority_group, n.birth_year, n.sex, count(*)
	FROM new_row AS n
	LEFT JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) n.site
	WHERE n.state = 'in_force'
	GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.dose_recorded() IS 'Trigger of vsys.dose: notes new doses in vsys.dose_change. Runs as the owner, as everything that writes doses.';

CREATE OR REPLACE FUNCTION vsys.dose_changed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO vsys.dose_change (given_on, registered_on, known_on, site, site_municipality, municipality, programme, dose_number, product, priority_group, birth_year, sex, doses)
	SELECT c.given_on, least(outbreak.local_date(c.registered_at), outbreak.local_date()), outbreak.local_date(), c.site, s.municipality, c.municipality, c.programme, c.dose_number,
		c.product, c.priority_group, c.birth_year, c.sex, sum(c.sign)
	FROM (
		SELECT o.*, -1 AS sign
		FROM old_row AS o
		UNION ALL
		SELECT n.*, 1
		FROM new_row AS n
	) AS c
	LEFT JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) c.site
	WHERE c.state = 'in_force'
	GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	HAVING sum(c.sign) <> 0;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.dose_changed() IS 'Trigger of vsys.dose: notes doses that were corrected or withdrawn in vsys.dose_change. Runs as the owner, as above.';

CREATE OR REPLACE TRIGGER recorded
AFTER INSERT ON vsys.dose
REFERENCING NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION vsys.dose_recorded();
COMMENT ON TRIGGER recorded ON vsys.dose IS 'Notes new doses for the sums.';

CREATE OR REPLACE TRIGGER changed
AFTER UPDATE ON vsys.dose
REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION vsys.dose_changed();
COMMENT ON TRIGGER changed ON vsys.dose IS 'Notes corrections and withdrawals for the sums.';

-- Doses are never rewritten, and who entered one stands in its row: the trail need hold what was taken out of force, mended or deleted.
DROP TRIGGER IF EXISTS audit ON vsys.dose;
CREATE TRIGGER audit
AFTER UPDATE OR DELETE ON vsys.dose
FOR EACH ROW
EXECUTE FUNCTION outbreak.audit_change('person');
COMMENT ON TRIGGER audit ON vsys.dose IS '監査 / notes corrections, withdrawals and deletions for access.audit. A new row says by itself who entered it, and when.';
CREATE OR REPLACE TRIGGER audit_truncate
AFTER TRUNCATE ON vsys.dose
FOR EACH STATEMENT
EXECUTE FUNCTION outbreak.audit_change();
COMMENT ON TRIGGER audit_truncate ON vsys.dose IS '監査 / notes a TRUNCATE for access.audit.';

SELECT access.audit_table('vsys.dose_issue', 'person');
