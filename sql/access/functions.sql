-- ---- small cells

CREATE OR REPLACE FUNCTION access.release(series text, atoms text, threshold integer DEFAULT 10)
RETURNS TABLE (cell text, value bigint, hidden boolean)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT r.cell,
		r.value,
		r.hidden
	FROM outbreak.release_cells(series, atoms, threshold) AS r;
END;
COMMENT ON FUNCTION access.release(text, text, integer) IS
'公表 / Publishes counts under the name of a series: outbreak.suppress() over everything that the series has published yet. atoms must count the old cells too; what was shown stays shown, what was hidden stays hidden, the same cell always gets the same answer, and new cells are protected against all of it, so that neither yesterday''s figure nor the difference of two cumulative ones gives a small count away. Releases of one series wait for each other. For members of outbreak_ministry and outbreak_worker (the nation) and outbreak_prefecture (series of its own). Errors: 22023 the query leaves out cells that were published, or another threshold; OB025 a published figure has changed; OB024 what was published gives a count away, whatever is hidden now; 42501 not your series.';

CREATE OR REPLACE FUNCTION access.crossed(labels_1 text[], labels_2 text[] DEFAULT NULL, labels_3 text[] DEFAULT NULL, labels_4 text[] DEFAULT NULL)
RETURNS text[]
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(a.label || coalesce('|' || b.label, '') || coalesce('|' || c.label, '') || coalesce('|' || d.label, ''))
	FROM unnest(labels_1) AS a (label)
	CROSS JOIN unnest(coalesce(labels_2, ARRAY[NULL::text])) AS b (label)
	CROSS JOIN unnest(coalesce(labels_3, ARRAY[NULL::text])) AS c (label)
	CROSS JOIN unnest(coalesce(labels_4, ARRAY[NULL::text])) AS d (label);
END;
COMMENT ON FUNCTION access.crossed(text[], text[], text[], text[]) IS
'セル名の組合せ / names of the cells that a count stands in, for the column cells of access.release() and outbreak.suppress(): every combination of one label of each dimension, joined by |. Give for each dimension the labels from fine to coarse, such as {町 13101, 県 13, *}: what you leave out is not published. Labels must not contain |.';
