CREATE OR REPLACE VIEW gmis.covid19_daily_survey
WITH (security_invoker = true) AS
SELECT s.*
FROM gmis.covid19_daily_survey_since((SELECT max(n.on_date) FROM gmis.service_status AS n)) AS s;
COMMENT ON VIEW gmis.covid19_daily_survey IS '医療提供体制の公開データ(最新) / the newest survey day of the public API covid19DailySurvey, with its fields and values; gmis.covid19_daily_survey_since() reads older days.';
