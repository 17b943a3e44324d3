DROP TRIGGER IF EXISTS wake ON messaging.message;
CREATE TRIGGER wake AFTER INSERT OR UPDATE ON messaging.message
	FOR EACH STATEMENT EXECUTE FUNCTION outbreak.messaging_wake();
