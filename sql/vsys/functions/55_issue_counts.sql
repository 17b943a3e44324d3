-- ---- entries of doses that wait to be mended, as numbers

CREATE OR REPLACE FUNCTION vsys.issue_counts(level text DEFAULT 'prefecture', as_of timestamptz DEFAULT now())
RETURNS TABLE (area text, prefecture smallint, code text, message_ja text, message_en text, waiting bigint, oldest_at timestamptz)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH waiting AS (
		SELECT coalesce(i.municipality, s.municipality) AS municipality, coalesce(i.prefecture, outbreak.prefecture(i.site)) AS prefecture, i.code, i.found_at
		FROM vsys.dose_issue AS i
		LEFT JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) i.site
		WHERE (i.state = 'open' OR i.settled_at > as_of)
			AND i.found_at <= as_of
			AND vsys.known_level(issue_counts.level, '{nation,prefecture,municipality}') IS NOT NULL
	)
	SELECT CASE issue_counts.level WHEN 'municipality' THEN w.municipality::text WHEN 'prefecture' THEN p.code::text ELSE 'nation' END,
		CASE WHEN issue_counts.level <> 'nation' THEN w.prefecture END,
		f.code, f.message_ja, f.message_en, count(*), min(w.found_at)
	FROM waiting AS w
	JOIN vsys.dose_fault AS f ON f.code = w.code
	LEFT JOIN registry.prefecture AS p ON p.prefecture = w.prefecture
	GROUP BY 1, 2, f.code
	ORDER BY 1, f.position;
END;
COMMENT ON FUNCTION vsys.issue_counts(text, timestamptz) IS
'保留中の接種記録の件数 / how many entries of doses waited to be mended at as_of, and since when the oldest, by what is wrong with them (vsys.dose_fault) and by nation, prefecture or municipality (level): that of the ticket, or of the site where that is not known; NULL where neither is. Numbers alone: whose they are, the site and the municipality see in vsys.dose_issue. For what the caller may see. 22023 for an unknown level.';
