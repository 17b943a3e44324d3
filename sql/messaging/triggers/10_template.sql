DROP TRIGGER IF EXISTS checked ON messaging.template;
CREATE TRIGGER checked BEFORE INSERT OR UPDATE ON messaging.template
	FOR EACH ROW EXECUTE FUNCTION messaging.template_checked();
