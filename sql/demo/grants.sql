-- No role but the owner calls the generator; superusers can anyway.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA demo FROM PUBLIC;
