SELECT access.audit_table(t.relation, t.subject)
FROM (VALUES
	('vsys.product'::regclass, NULL::name),
	('vsys.lot', NULL),
	('vsys.site', NULL),
	('vsys.site_product', NULL),
	('vsys.programme', NULL),
	('vsys.programme_product', NULL),
	('vsys.ticket', 'person')
) AS t (relation, subject);
