-- ---- branches: areas and what they can bring

CREATE OR REPLACE FUNCTION vsys.branch_product_checked() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kind text;
	route text;
BEGIN
	SELECT b.kind INTO kind
	FROM vsys.branch b
	WHERE b.organisation = NEW.branch;
	SELECT p.route INTO route
	FROM vsys.product p
	WHERE p.product = NEW.product;
	IF kind <> route THEN
		RAISE EXCEPTION 'branch % is one of kind %, and % goes by %', NEW.branch, kind, NEW.product, route
			USING ERRCODE = 'OB060',
				DETAIL = jsonb_build_object('branch', NEW.branch, 'product', NEW.product, 'kind', kind, 'route', route)::text;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.branch_product_checked() IS 'Trigger: what the maker''s carrier brings goes past the wholesalers, and the other way round (OB060).';

CREATE OR REPLACE FUNCTION vsys.supplier(product text, municipality outbreak.municipality_code, on_date date) RETURNS bigint
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT a.branch
	FROM vsys.branch_area AS a
	WHERE a.municipality OPERATOR(outbreak.=) supplier.municipality
		AND a.product = supplier.product
		AND a.from_on <= on_date
	ORDER BY a.from_on DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION vsys.supplier(text, outbreak.municipality_code, date) IS '地域担当卸 / the branch that supplies the area with the product on that day, or NULL.';

CREATE OR REPLACE FUNCTION vsys.assign_area(branch bigint, product text, from_on date, municipalities outbreak.municipality_code[] DEFAULT NULL, of_prefecture smallint DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	given integer;
BEGIN
	IF num_nonnulls(municipalities, of_prefecture) <> 1 THEN
		RAISE EXCEPTION 'an area is a list of municipalities or a prefecture'
			USING ERRCODE = 'OB060';
	END IF;
	IF assign_area.branch IS NOT NULL AND NOT EXISTS (
		SELECT
		FROM vsys.branch_product b
		WHERE b.branch = assign_area.branch
			AND b.product = assign_area.product
	) THEN
		RAISE EXCEPTION 'branch % does not deliver %', assign_area.branch, assign_area.product
			USING ERRCODE = 'OB060',
				HINT = 'vsys.branch_product says what a branch delivers.';
	END IF;
	INSERT INTO vsys.branch_area AS a (municipality, product, from_on, branch)
	SELECT m.municipality, assign_area.product, assign_area.from_on, assign_area.branch
	FROM registry.municipality m
	WHERE m.municipality OPERATOR(outbreak.=) ANY (municipalities)
		OR m.prefecture = of_prefecture
	ON CONFLICT ON CONSTRAINT branch_area_pkey DO UPDATE
	SET branch = EXCLUDED.branch;
	GET DIAGNOSTICS given = ROW_COUNT;
	IF given = 0 OR given < cardinality(municipalities) THEN
		RAISE EXCEPTION 'the area names municipalities that there are not'
			USING ERRCODE = 'OB060';
	END IF;
	RETURN given;
END
$$;
COMMENT ON FUNCTION vsys.assign_area(bigint, text, date, outbreak.municipality_code[], smallint) IS
'担当地域の指定 / gives municipalities, or all of a prefecture, to a branch (NULL: to nobody) for a product from a day on, and takes them from whoever had them. Returns how many. Errors: OB060 for an area that is not there, or a branch that does not deliver the product.';

CREATE OR REPLACE FUNCTION vsys.branch_capacity(from_on date, to_on date)
RETURNS TABLE (branch bigint, on_date date, stops integer, vials integer)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT b.organisation, d.day::date, coalesce(e.stops, w.stops), coalesce(e.vials, w.vials)
	FROM generate_series(from_on::timestamp, to_on::timestamp, interval '1 day') AS d (day)
	CROSS JOIN vsys.branch AS b
	LEFT JOIN vsys.branch_weekday AS w ON w.branch = b.organisation
		AND w.weekday = extract(isodow FROM d.day)
	LEFT JOIN vsys.branch_day AS e ON e.branch = b.organisation
		AND e.on_date = d.day::date
	WHERE b.valid @> d.day::date
		AND coalesce(e.stops, w.stops) > 0;
END;
COMMENT ON FUNCTION vsys.branch_capacity(date, date) IS '配送能力 / what each branch can bring on each day from from_on to to_on (both included): by weekday, unless the day has a row of its own. Days on which it does not deliver are left out.';
