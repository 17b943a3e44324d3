GRANT USAGE ON SCHEMA access TO outbreak_ministry;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.account TO outbreak_ministry;
