-- The 47 prefectures stand in the registry with codes, blocks and neighbours that fit together.
\set ON_ERROR_STOP 1
\pset format unaligned

SELECT count(*) AS prefectures,
	count(*) FILTER (WHERE outbreak.prefecture(code) = prefecture) AS code_of_its_own,
	count(*) FILTER (WHERE iso = 'JP-' || lpad(prefecture::text, 2, '0')) AS iso_fits,
	count(*) FILTER (WHERE name_ja ~ '[都道府県]$' AND kana ~ '^[ぁ-ん]+$' AND name_en ~ '^[A-Z][a-z]+$') AS named
FROM registry.prefecture;

SELECT block, count(*), string_agg(name_ja, ' ' ORDER BY prefecture) AS prefectures
FROM registry.prefecture
GROUP BY block
ORDER BY min(prefecture);

\echo -- neighbours are mutual, and nobody but Okinawa stands alone
SELECT count(*) FILTER (WHERE back.prefecture IS NULL) AS not_mutual,
	count(*) FILTER (WHERE n.kind = 'land') / 2 AS land,
	count(*) FILTER (WHERE n.kind = 'link') / 2 AS link
FROM registry.prefecture_neighbour n
LEFT JOIN registry.prefecture_neighbour back ON back.prefecture = n.neighbour AND back.neighbour = n.prefecture AND back.kind = n.kind;
SELECT name_ja
FROM registry.prefecture p
WHERE NOT EXISTS (SELECT FROM registry.prefecture_neighbour n WHERE n.prefecture = p.prefecture);
SELECT p.name_ja, string_agg(o.name_ja || CASE n.kind WHEN 'link' THEN '*' ELSE '' END, ' ' ORDER BY o.prefecture) AS neighbours
FROM registry.prefecture p
JOIN registry.prefecture_neighbour n USING (prefecture)
JOIN registry.prefecture o ON o.prefecture = n.neighbour
WHERE p.prefecture IN (2, 13, 20, 28)
GROUP BY p.prefecture, p.name_ja
ORDER BY p.prefecture;

\echo -- over land and links one gets from any prefecture but Okinawa to all others but Okinawa
WITH RECURSIVE reached AS (
	SELECT 1::smallint AS prefecture
	UNION
	SELECT n.neighbour
	FROM reached r
	JOIN registry.prefecture_neighbour n USING (prefecture)
)
SELECT count(*) FROM reached;

SELECT block, string_agg(neighbour || CASE kind WHEN 'link' THEN '*' ELSE '' END, ' ' ORDER BY neighbour COLLATE "C") AS neighbours
FROM registry.block_neighbour
GROUP BY block
ORDER BY (SELECT min(prefecture) FROM registry.prefecture p WHERE p.block = block_neighbour.block);
SELECT registry.block_of(15) AS niigata, registry.block_of(47) AS okinawa, registry.block_of(48) AS nowhere;
