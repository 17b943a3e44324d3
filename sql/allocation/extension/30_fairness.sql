-- ---- how evenly something was divided

CREATE FUNCTION outbreak.gini_add(state double precision[], amount double precision) RETURNS double precision[]
AS 'MODULE_PATHNAME', 'ob_allocation_gini_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.gini_add(double precision[], double precision) IS 'Transition of outbreak.gini.';
CREATE FUNCTION outbreak.gini_add(state double precision[], amount double precision, weight double precision) RETURNS double precision[]
AS 'MODULE_PATHNAME', 'ob_allocation_gini_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.gini_add(double precision[], double precision, double precision) IS 'Transition of outbreak.gini with weights.';
CREATE FUNCTION outbreak.gini_result(state double precision[]) RETURNS double precision
AS 'MODULE_PATHNAME', 'ob_allocation_gini_result' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.gini_result(double precision[]) IS 'The result of a state of outbreak.gini.';

CREATE AGGREGATE outbreak.gini(amount double precision) (
	SFUNC = outbreak.gini_add,
	STYPE = double precision[],
	COMBINEFUNC = pg_catalog.array_cat,
	FINALFUNC = outbreak.gini_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.gini(double precision) IS
'ジニ係数 / Gini coefficient of amounts of 0 or more: 0 when all are equal (also when all are 0), towards 1 when one has everything: (n - 1) / n for n units. Of the units themselves as the whole population, without a correction for samples. NULL amounts are left out; NULL when none is left. 22023 for a negative or infinite amount.';
CREATE AGGREGATE outbreak.gini(amount double precision, weight double precision) (
	SFUNC = outbreak.gini_add,
	STYPE = double precision[],
	COMBINEFUNC = pg_catalog.array_cat,
	FINALFUNC = outbreak.gini_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.gini(double precision, double precision) IS
'ジニ係数(重み付き) / Gini coefficient of amount per weight, where each unit counts as often as its weight says: with doses and inhabitants of municipalities, that of doses per head. 20 of 100 people with 80 of 100 doses give 0.6. NULL amounts or weights are left out; NULL when none is left. 22023 for a negative or infinite amount, and for a weight that is not above 0.';

CREATE FUNCTION outbreak.envy_add(state bigint[], amount bigint, weight bigint) RETURNS bigint[]
AS 'MODULE_PATHNAME', 'ob_allocation_envy_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.envy_add(bigint[], bigint, bigint) IS 'Transition of outbreak.envy.';
CREATE FUNCTION outbreak.envy_result(state bigint[]) RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_allocation_envy_result' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.envy_result(bigint[]) IS 'The result of a state of outbreak.envy.';

CREATE AGGREGATE outbreak.envy(amount bigint, weight bigint) (
	SFUNC = outbreak.envy_add,
	STYPE = bigint[],
	COMBINEFUNC = pg_catalog.array_cat,
	FINALFUNC = outbreak.envy_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.envy(bigint, bigint) IS
'羨望数 / how many ordered pairs of units there are in which one has reason to envy the other: the other would have more per weight even with one piece less. A difference that no division of whole pieces could mend does not count: what outbreak.apportion() gives by the method adams leaves no envy. NULL amounts or weights are left out; NULL when none is left. Exact. 22023 for a negative amount and for a weight that is not above 0.';

CREATE FUNCTION outbreak.min_max_add(state double precision[], share double precision) RETURNS double precision[]
AS 'MODULE_PATHNAME', 'ob_allocation_min_max_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.min_max_add(double precision[], double precision) IS 'Transition of outbreak.min_max_ratio.';
CREATE FUNCTION outbreak.min_max_combine(a double precision[], b double precision[]) RETURNS double precision[]
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[least(a[1], b[1]), greatest(a[2], b[2])];
COMMENT ON FUNCTION outbreak.min_max_combine(double precision[], double precision[]) IS 'Joins two states of outbreak.min_max_ratio.';
CREATE FUNCTION outbreak.min_max_result(state double precision[]) RETURNS double precision
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN state[2] >= state[1] THEN CASE state[2] WHEN 0 THEN 1 ELSE state[1] / state[2] END
END;
COMMENT ON FUNCTION outbreak.min_max_result(double precision[]) IS 'The result of a state of outbreak.min_max_ratio.';

CREATE AGGREGATE outbreak.min_max_ratio(share double precision) (
	SFUNC = outbreak.min_max_add,
	STYPE = double precision[],
	INITCOND = '{Infinity,-Infinity}',
	COMBINEFUNC = outbreak.min_max_combine,
	FINALFUNC = outbreak.min_max_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.min_max_ratio(double precision) IS
'最小最大比 / the smallest share divided by the largest: 1 when all are equal (also when all are 0), 0 when somebody got nothing. NULL shares are left out; NULL when none is left. 22023 for a negative or infinite share.';
