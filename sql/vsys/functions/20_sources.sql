-- ---- what a round goes by: units, and the numbers that frames name

CREATE OR REPLACE FUNCTION vsys.round_units(of_product text, on_date date, from_level text, to_level text)
RETURNS TABLE (parent text, unit text, prefecture smallint, municipality text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 70000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF to_level = 'prefecture' THEN
		RETURN QUERY
		SELECT '00', to_char(p.prefecture, 'FM00'), p.prefecture, NULL::text
		FROM registry.prefecture AS p;
	ELSIF to_level = 'municipality' THEN
		RETURN QUERY
		SELECT CASE from_level WHEN 'nation' THEN '00' ELSE left(m.code, 2) END, m.code, left(m.code, 2)::smallint, m.code
		FROM (
			SELECT DISTINCT p.municipality::text AS code
			FROM vsys.population AS p
			UNION
			SELECT DISTINCT s.municipality::text
			FROM vsys.site AS s
		) AS m;
	ELSE
		RETURN QUERY
		SELECT CASE from_level
				WHEN 'nation' THEN '00'
				WHEN 'prefecture' THEN to_char(s.prefecture, 'FM00')
				WHEN 'municipality' THEN s.municipality::text
				ELSE coalesce(s.basic_site, s.site)::text
			END,
			s.site::text, s.prefecture, s.municipality::text
		FROM vsys.site AS s
		JOIN vsys.site_product AS h ON h.site OPERATOR(outbreak.=) s.site
			AND h.product = of_product
			AND h.valid @> on_date
		WHERE s.state = ANY ('{registered,open}'::text[])
			AND (to_level = 'site' OR s.kind = 'basic');
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.round_units(text, date, text, text) IS
'配分先の一覧 / the units of a level among which a parent of another divides: all prefectures; municipalities with population or sites; sites that are registered or open and handle the product on that day (basic_site: those of basic type alone). Of a basic site the units are itself and its partners.';

CREATE OR REPLACE FUNCTION vsys.open_promises(of_product text, before date DEFAULT NULL)
RETURNS TABLE (promise bigint, level text, unit text, prefecture smallint, municipality outbreak.municipality_code, due_on date, promised integer, vials bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT p.promise, p.level, p.unit, p.prefecture, p.municipality, p.due_on, p.vials, p.vials - coalesce(k.vials, 0)
	FROM vsys.promise AS p
	LEFT JOIN vsys.round AS m ON m.round = p.made_by
	LEFT JOIN (
		SELECT g.promise, sum(g.vials) AS vials
		FROM vsys.promise_kept AS g
		JOIN vsys.round AS r ON r.round = g.round
			AND r.state = 'published'
		GROUP BY g.promise
	) AS k ON k.promise = p.promise
	WHERE p.product = of_product
		AND (before IS NULL OR p.due_on < before)
		AND (p.made_by IS NULL OR m.state = 'published')
		AND p.vials > coalesce(k.vials, 0);
END;
COMMENT ON FUNCTION vsys.open_promises(text, date) IS
'未履行の約束 / promises of a product that are due before that day (NULL: whenever) and that no published round has kept in full, with the vials that are still owed. Those of a withdrawn round are void.';

CREATE OR REPLACE FUNCTION vsys.requests_delivered(of_round bigint, changes jsonb DEFAULT NULL) RETURNS vsys.round_holding[]
LANGUAGE SQL STABLE PARALLEL SAFE
SET enable_nestloop = off
BEGIN ATOMIC
	WITH request AS (
		SELECT r.site, r.priority_group, r.vials
		FROM vsys.request AS r
		WHERE r.round = of_round
			AND (changes IS NULL OR r.site::text NOT IN (SELECT c ->> 'site' FROM jsonb_array_elements(changes -> 'requests') AS c))
		UNION ALL
		SELECT (c ->> 'site')::outbreak.institution_code, c ->> 'priority_group', (c ->> 'vials')::integer
		FROM jsonb_array_elements(changes -> 'requests') AS c
	)
	SELECT array_agg(ROW(b.municipality::text, x.site::text, x.priority_group, x.vials)::vsys.round_holding)
	FROM (
		SELECT coalesce(s.basic_site, s.site) AS site, r.priority_group, sum(r.vials) AS vials
		FROM request AS r
		JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) r.site
		GROUP BY 1, 2
	) AS x
	JOIN vsys.site AS b ON b.site OPERATOR(outbreak.=) x.site;
END;
COMMENT ON FUNCTION vsys.requests_delivered(bigint, jsonb) IS 'The requests of a round by the basic site that is delivered them, with its municipality (in "level"), and by priority group (in "kind"), with the changes of vsys.what_if().';

CREATE OR REPLACE FUNCTION vsys.source_values(of_round vsys.round, source text, of_level text, pack text, youngest smallint, vials_per_box integer, by_group boolean, delivered vsys.round_holding[], changes jsonb DEFAULT NULL)
RETURNS TABLE (unit text, priority_group text, place smallint, value bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	size integer := CASE pack WHEN 'box' THEN vials_per_box ELSE 1 END;
BEGIN
	-- a number is the same for every unit: whoever asks puts it in
	IF source IS NULL OR source ~ '^[0-9]+$' THEN
		RETURN;
	ELSIF source = 'population' THEN
		IF of_level <> ALL ('{prefecture,municipality}'::text[]) THEN
			RAISE EXCEPTION 'there is no population of a %', of_level
				USING ERRCODE = 'OB052',
					HINT = 'Sites are weighed by request, or by an indicator of the round.';
		END IF;
		RETURN QUERY
		SELECT CASE of_level WHEN 'prefecture' THEN to_char(p.prefecture, 'FM00') ELSE p.municipality::text END, ''::text, 0::smallint, sum(p.persons)
		FROM vsys.population AS p
		WHERE p.age_from >= youngest
		GROUP BY 1;
	ELSIF source = 'promise' THEN
		RETURN QUERY
		SELECT o.unit, ''::text, 0::smallint, ceil(sum(o.vials) / size)::bigint
		FROM vsys.open_promises(of_round.product, upper(of_round.deliver)) AS o
		WHERE o.level = of_level
		GROUP BY o.unit;
	ELSIF source = 'room' THEN
		-- what fits into its freezers; whole packs
		RETURN QUERY
		SELECT f.site::text, ''::text, 0::smallint, (f.vials / size)::bigint
		FROM vsys.site_room(of_round.product, lower(of_round.deliver)) AS f;
	ELSIF source = 'request' AND of_level = 'site' THEN
		RETURN QUERY
		SELECT r.site::text, r.priority_group, coalesce(g.position, 0::smallint), (sum(r.vials) + size - 1) / size
		FROM (
			SELECT q.site, CASE WHEN by_group THEN q.priority_group ELSE '' END AS priority_group, q.vials
			FROM vsys.request AS q
			WHERE q.round = of_round.round
				AND (changes IS NULL OR q.site::text NOT IN (SELECT c ->> 'site' FROM jsonb_array_elements(changes -> 'requests') AS c))
			UNION ALL
			SELECT (c ->> 'site')::outbreak.institution_code, CASE WHEN by_group THEN c ->> 'priority_group' ELSE '' END, (c ->> 'vials')::integer
			FROM jsonb_array_elements(changes -> 'requests') AS c
		) AS r
		LEFT JOIN vsys.priority_group AS g ON g.priority_group = r.priority_group
		GROUP BY r.site, r.priority_group, g.position;
	ELSIF source = 'request' THEN
		RETURN QUERY
		SELECT CASE of_level WHEN 'prefecture' THEN left(d.unit, 2) WHEN 'municipality' THEN d.municipality ELSE d.unit END,
			d.priority_group, coalesce(min(g.position), 0::smallint), sum(d.packs)::bigint
		FROM (
			-- boxes go to basic sites, for all of their partners together
			SELECT x.unit, x.level AS municipality, CASE WHEN by_group THEN x.kind ELSE '' END AS priority_group, (sum(x.vials)::bigint + size - 1) / size AS packs
			FROM unnest(delivered) AS x
			GROUP BY 1, 2, 3
		) AS d
		LEFT JOIN vsys.priority_group AS g ON g.priority_group = d.priority_group
		GROUP BY 1, 2;
	ELSE
		RETURN QUERY
		SELECT i.unit, ''::text, 0::smallint, i.value
		FROM vsys.indicator AS i
		WHERE i.round = of_round.round
			AND i.indicator = source
			AND i.level = of_level
			AND NOT EXISTS (SELECT FROM jsonb_array_elements(changes -> 'indicators') AS c WHERE c ->> 'indicator' = source AND c ->> 'level' = of_level AND c ->> 'unit' = i.unit)
		UNION ALL
		SELECT c ->> 'unit', ''::text, 0::smallint, (c ->> 'value')::bigint
		FROM jsonb_array_elements(changes -> 'indicators') AS c
		WHERE c ->> 'indicator' = source
			AND c ->> 'level' = of_level;
		IF NOT found THEN
			RAISE EXCEPTION 'the round has no indicator "%" for the level %', source, of_level
				USING ERRCODE = 'OB052',
					HINT = 'vsys.set_indicator() enters its values.';
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.source_values(vsys.round, text, text, text, smallint, integer, boolean, vsys.round_holding[], jsonb) IS
'配分の基礎数値 / the numbers by unit that a frame names as weight, claim, floor or cap: population (of that age and above), request (in packs, rounded up at each basic site, which is delivered the boxes of its partners; "delivered" are those of vsys.requests_delivered), promise (due before the deliveries of the round end), room (of the freezers on the first day of delivery, for basic sites and sites; who has entered none is not bounded), or an indicator. By priority group where asked. changes are those of vsys.what_if(). Error OB052 for an indicator that the round has not.';
