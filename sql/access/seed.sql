-- ---- sealed fields: who treats a person may reveal who it is
INSERT INTO access.reveal_right (purpose, role)
SELECT p.purpose, r.role
FROM unnest('{name,kana,birth_on,phone,mail,address}'::text[]) AS p (purpose)
CROSS JOIN unnest('{outbreak_citizen,outbreak_institution,outbreak_health_center,outbreak_municipality,outbreak_prefecture,outbreak_quarantine,outbreak_worker}'::text[]) AS r (role);
