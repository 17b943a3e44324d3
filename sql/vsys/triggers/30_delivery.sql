CREATE OR REPLACE TRIGGER checked
	BEFORE INSERT OR UPDATE ON vsys.branch_product
	FOR EACH ROW EXECUTE FUNCTION vsys.branch_product_checked();
COMMENT ON TRIGGER checked ON vsys.branch_product IS 'Holds the kind of the branch against the route of the product.';

-- ---- deliveries

CREATE OR REPLACE TRIGGER guarded
	BEFORE UPDATE ON vsys.delivery
	FOR EACH ROW EXECUTE FUNCTION vsys.delivery_guarded();
COMMENT ON TRIGGER guarded ON vsys.delivery IS 'Lets a delivery change only as its states allow.';
CREATE OR REPLACE TRIGGER noticed
	AFTER INSERT ON vsys.delivery
	REFERENCING NEW TABLE AS now_there
	FOR EACH STATEMENT EXECUTE FUNCTION vsys.delivery_noticed();
COMMENT ON TRIGGER noticed ON vsys.delivery IS 'Tells who is concerned.';
CREATE OR REPLACE TRIGGER noticed_again
	AFTER UPDATE ON vsys.delivery
	REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
	FOR EACH STATEMENT EXECUTE FUNCTION vsys.delivery_noticed();
COMMENT ON TRIGGER noticed_again ON vsys.delivery IS 'Tells who is concerned what changed.';

CREATE OR REPLACE TRIGGER guarded
	BEFORE UPDATE ON vsys.notice
	FOR EACH ROW EXECUTE FUNCTION vsys.notice_guarded();
COMMENT ON TRIGGER guarded ON vsys.notice IS 'Keeps the first confirmation.';
CREATE OR REPLACE TRIGGER acknowledged
	AFTER UPDATE ON vsys.notice
	REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
	FOR EACH STATEMENT EXECUTE FUNCTION vsys.notice_acknowledged();
COMMENT ON TRIGGER acknowledged ON vsys.notice IS 'Moves deliveries that the site has confirmed.';

-- what belongs to a delivery takes place, branch and product from it; then what the row says is done
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{shipment,receipt,discrepancy,reroute}'::text[]
	LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER a_follows BEFORE INSERT ON vsys.%I FOR EACH ROW EXECUTE FUNCTION vsys.follow_delivery()', table_name);
		EXECUTE format('COMMENT ON TRIGGER a_follows ON vsys.%I IS %L', table_name, 'Takes site, branch and product from the delivery.');
	END LOOP;
	FOREACH table_name IN ARRAY '{shipment,receipt,reroute}'::text[]
	LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER applied AFTER INSERT ON vsys.%I FOR EACH ROW EXECUTE FUNCTION vsys.%I()', table_name, table_name || '_applied');
		EXECUTE format('COMMENT ON TRIGGER applied ON vsys.%I IS %L', table_name, 'Does what the row says.');
	END LOOP;
END
$$;
CREATE OR REPLACE TRIGGER b_filled
	BEFORE INSERT ON vsys.shipment
	FOR EACH ROW EXECUTE FUNCTION vsys.shipment_filled();
COMMENT ON TRIGGER b_filled ON vsys.shipment IS 'Fills in the doses per vial.';
CREATE OR REPLACE TRIGGER guarded
	BEFORE UPDATE ON vsys.discrepancy
	FOR EACH ROW EXECUTE FUNCTION vsys.discrepancy_guarded();
COMMENT ON TRIGGER guarded ON vsys.discrepancy IS 'Keeps an explanation.';
CREATE OR REPLACE TRIGGER explained
	AFTER UPDATE ON vsys.discrepancy
	FOR EACH ROW
	WHEN (OLD.explanation IS NULL AND NEW.explanation IS NOT NULL)
	EXECUTE FUNCTION vsys.discrepancy_explained();
COMMENT ON TRIGGER explained ON vsys.discrepancy IS 'Takes what is explained out of transit.';
CREATE OR REPLACE TRIGGER lost
	AFTER INSERT ON vsys.discrepancy
	FOR EACH ROW
	WHEN (NEW.explanation IS NOT NULL)
	EXECUTE FUNCTION vsys.discrepancy_explained();
COMMENT ON TRIGGER lost ON vsys.discrepancy IS 'Takes what is declared lost out of transit.';

-- ---- transfers

CREATE OR REPLACE TRIGGER filled
	BEFORE INSERT ON vsys.transfer
	FOR EACH ROW EXECUTE FUNCTION vsys.transfer_filled();
COMMENT ON TRIGGER filled ON vsys.transfer IS 'Fills in when it is due.';
CREATE OR REPLACE TRIGGER applied
	AFTER INSERT ON vsys.transfer
	FOR EACH ROW EXECUTE FUNCTION vsys.transfer_sent();
COMMENT ON TRIGGER applied ON vsys.transfer IS 'Takes the vials out of the stock of the sender.';
CREATE OR REPLACE TRIGGER a_follows
	BEFORE INSERT ON vsys.arrival
	FOR EACH ROW EXECUTE FUNCTION vsys.follow_transfer();
COMMENT ON TRIGGER a_follows ON vsys.arrival IS 'Takes the sites from the transfer.';
CREATE OR REPLACE TRIGGER applied
	AFTER INSERT ON vsys.arrival
	FOR EACH ROW EXECUTE FUNCTION vsys.arrival_applied();
COMMENT ON TRIGGER applied ON vsys.arrival IS 'Puts the vials into the stock of the receiver.';

-- ---- who decided what is in the audit trail

SELECT access.audit_table(t.relation)
FROM unnest('{vsys.branch,vsys.branch_product,vsys.branch_area,vsys.branch_day,vsys.branch_weekday,vsys.plan,vsys.delivery,vsys.reroute,vsys.discrepancy,vsys.permit,vsys.transfer_rule}'::regclass[]) AS t (relation);
