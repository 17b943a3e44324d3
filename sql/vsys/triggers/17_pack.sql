SELECT access.audit_table('vsys.product_pack');
