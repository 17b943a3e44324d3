CREATE OR REPLACE TRIGGER changed
BEFORE INSERT OR UPDATE ON vsys.site
FOR EACH ROW
EXECUTE FUNCTION vsys.site_changed();
COMMENT ON TRIGGER changed ON vsys.site IS 'The steps of onboarding, and who takes them.';
CREATE OR REPLACE TRIGGER inserted_fit
AFTER INSERT ON vsys.site
REFERENCING NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION vsys.sites_fit();
COMMENT ON TRIGGER inserted_fit ON vsys.site IS 'A basic site is one.';
CREATE OR REPLACE TRIGGER updated_fit
AFTER UPDATE ON vsys.site
REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION vsys.sites_fit();
COMMENT ON TRIGGER updated_fit ON vsys.site IS 'A basic site stays one as long as others belong to it.';
CREATE OR REPLACE TRIGGER inserted_fit
AFTER INSERT ON vsys.site_product
REFERENCING NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION vsys.site_products_fit();
COMMENT ON TRIGGER inserted_fit ON vsys.site_product IS 'The basic site has the vaccine too.';
CREATE OR REPLACE TRIGGER deleted_fit
AFTER DELETE ON vsys.site_product
REFERENCING OLD TABLE AS old_row
FOR EACH STATEMENT
EXECUTE FUNCTION vsys.site_products_fit();
COMMENT ON TRIGGER deleted_fit ON vsys.site_product IS 'A basic site keeps the vaccines of those that belong to it.';
