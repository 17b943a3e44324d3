COMMENT ON SCHEMA demo IS '見本 / a country to try everything on: institutions and reports made up from a seed number. It holds functions only, and no role but the owner may call them.';
