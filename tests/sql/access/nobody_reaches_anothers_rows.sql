-- Nobody reads or changes rows of another prefecture, institution or person. Attacks are generated from the catalogs
-- (hostile_attacks.inc) and carried out by each role of world 1 against the rows of world 2 (hostile_world.inc), with
-- a token, as a login with an account, and as a client without one who forges claims. A table or function that is new
-- is attacked without being named here. What a role may see all the same is decided below, each with its reason.
-- In a database of its own: statistics and dead rows outlast a rollback, and other tests look at plans.
SET client_min_messages = warning;
\set home :DBNAME
DROP DATABASE IF EXISTS ob_test_hostile;
CREATE DATABASE ob_test_hostile TEMPLATE :"home";
\c ob_test_hostile
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
SET datestyle = 'ISO, YMD';
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/access/hostile_world.inc
\set attacks :srcdir /sql/access/hostile_attacks.inc
\set ECHO none
\i :world
\i :attacks
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- ---- what is decided
INSERT INTO hostile.decided VALUES
	('[a-z_]+', 'see', 'registry\.(prefecture|prefecture_neighbour|block_neighbour|municipality|medical_area[a-z_]*|health_center|institution_identifier|organisation)|api\.(prefectures|institutions)', 'places and organisations are a public register'),
	('[a-z_]+', 'see', 'registry\.institution', 'so are institutions …'),
	('anon|citizen|institution|wholesaler|analyst', 'never see', 'registry\.institution\.contact', '… but for whom to call about reports, which officials know'),
	('prefecture|auditor|worker', 'see', 'registry\.(load|load_issue|institution_code_list)', 'rows of official lists and what was wrong with them'),
	('[a-z_]+', 'see', 'report\.dirty', 'days and prefectures whose sums are out of date: readers of sums need them'),
	('anon|institution|prefecture|analyst', 'see', '(api|gmis)\.covid19_daily_survey(_since)?|api\.(service_counts|reporting_rate)', 'open data: services that institutions offer, and counts of them'),
	('anon', 'see', 'gmis\.service_status|report\.expected', 'open data: what the survey above is made of, by columns'),
	('institution|health_center|prefecture|analyst', 'see', 'gmis\.(free_bed|changed_bed|changed_free_beds|free_beds_as_of|nearest_free)|api\.nearest_free(_geojson)?', 'a bed is sought in all prefectures'),
	('analyst', 'see', 'gmis\.(daily|service_status|weekly_supply|daily_by_municipality|daily_by_prefecture|expected_step)|report\.expected', 'analysts read all reports of institutions; no person is in them'),
	('analyst', 'see', '(api|gmis|report)\.(bed_occupancy|service_counts|service_counts_all|days_by_prefecture|daily_sums|daily_totals|expected_sums|newest_sums|recompute_day|reporting_rate|stopped|supply_outlook|check|verdicts|completeness|as_known_at)', '… and figures made of them'),
	('worker', 'see', 'ops\.(job_run|status)|gmis\.(daily_by_municipality|daily_by_prefecture|expected_step)|(gmis\.fold|ops\.run_job)', 'the worker runs jobs over all of it'),
	('worker', 'change', 'gmis\.(changed_bed|daily_by_municipality|daily_by_prefecture|free_bed|expected_step)|report\.dirty|ops\.[a-z_]+', '… which write sums and lists'),
	('auditor|worker', 'see', 'registry\.proxy', 'who enters for whom'),
	('institution|health_center|prefecture', 'change', 'registry\.(person|identity): update: give a value of the other', 'who treats a person says who else does, and where the person lives'),
	('institution|health_center|prefecture', 'be told', 'registry\.person: insert: .*', 'numbers of persons are random: who can name one has it already'),
	('prefecture', 'change', 'registry\.proxy: (insert: own with a key of the other|insert: the other''s with an own key|update: give a value of the other)', 'a prefecture says which association enters for its institutions, wherever that association is'),
	('institution|prefecture', 'change', '(gmis\.changed_bed|report\.dirty): check of a form by hand', 'lists of what is to be recomputed: an entry too many changes no figure'),
	('[a-z_]+', 'see', 'access\.(released|release_series)', 'published figures'),
	('analyst', 'see', 'registry\.person', 'analysts work with pseudonyms'),
	('worker', 'see', 'registry\.(person|identity|reveal_identity|find_person)|access\.(legal_hold|disclose|forget)|registry\.forget_person|outbreak\.(seal|reveal)', 'the worker sends messages to people, and forgets them when their time is over'),
	('worker', 'change', 'registry\.(person|identity)|access\.(data_key|audit)', '… so it may destroy a key'),
	('[a-z_]+', 'see', 'vsys\.(product|product_pack|storage_state|storage_step|lot|site_product|priority_group|population|programme|programme_product)', 'vaccines, their lots, which site has which, programmes and populations are public'),
	('anon|citizen', 'see', 'vsys\.site', '… and so are open sites that want to be seen, by columns'),
	('analyst|auditor|worker', 'see', 'vsys\.(site|holding|stock_(event|key|day|account)|stock|check_stock|storage(_batch|_move|_flow)?|freezer|freezer_room|freezer_count|site_room|pick|use_today|lot_whereabouts)', 'sites and their stock; no person is in them'),
	('worker', 'change', 'vsys\.(ticket|stock_key)', 'tickets of a person who is forgotten go too, and old keys of the ledger'),
	('wholesaler|prefecture', 'change', 'vsys\.lot: insert.*', 'whoever ships a lot enters it'),
	('institution|municipality|prefecture|wholesaler|analyst|auditor|worker', 'see', 'vsys\.(branch|branch_product|branch_area|transfer_rule|supplier)', 'who supplies whom is known to all who work with it'),
	('analyst|worker', 'see', 'vsys\.(delivery|notice|shipment|receipt|discrepancy|reroute|transfer|arrival|schedule|unnoticed|delivery_moves|lot_open|in_transit|overdue_transfers|chain)', 'deliveries of the country; analysts without names of those who received them'),
	('[a-z_]+', 'see', 'vsys\.round|api\.vaccine_rounds', 'rounds of allocation are announced'),
	('[a-z_]+', 'be told', 'api\.(explain_allotment|request_vaccine|submit_split): function that (reads|writes)', '… so that whether there is one is no secret'),
	('institution|municipality|prefecture|wholesaler|analyst|auditor', 'see', 'vsys\.frame', '… with the rules that they go by'),
	('municipality|prefecture|analyst|auditor', 'see', 'vsys\.round_pass', '… and when they were calculated, among those who divide'),
	('analyst|auditor', 'see', '(allocation|vsys)\.(run|run_unit|indicator|request|split|round_run|promise|promise_kept|allotment|round_totals|open_promises|explain|compare_rounds|compute|what_if|verify|verify_runs|promise_shortfall|broken_promises|round_fairness)|api\.(vaccine_requests|vaccine_allotments|round_result|compare_rounds|round_fairness|what_if_round|explain_allotment)', 'how vaccine was divided; no person is in it'),
	('analyst|worker', 'see', 'vsys\.(dose_change|doses_by_(site|lag|day|age|prefecture)|doses_as_known|unscanned)', 'sums of doses; no person is in them'),
	('analyst', 'see', 'vsys\.result_report|(vsys|api)\.(coverage|daily_doses|usage_rate|delivered_doses|missing_doses|entered_doses|entry_lag|lag_cells|days_of_cover|fairness|site_results|site_doses|unscanned_of|prefecture_ndjson|vsys_site)', '… and figures made of them'),
	('worker', 'see', 'vsys\.(coverage|daily_doses|usage_rate|delivered_doses|missing_doses|entry_lag|lag_cells|days_of_cover|fairness|fold_doses|take_unbooked_doses|publish_coverage|entered_doses|purge_drafts|purge_stock_keys)', 'jobs over all of it'),
	('worker', 'change', 'vsys\.(dose|person_dose|dose_issue|resident_number|dose_change|doses_by_(site|lag|day|age|prefecture)|doses_as_known|unscanned|changed_result)', '… which fold the sums, and take away who is forgotten'),
	('[a-z_]+', 'see', 'api\.vsys_sites|outbreak\.site_availability', 'open sites, and whether they have places, are public'),
	('[a-z_]+', 'be told', 'vsys\.(book|cancel|join_waiting_list): function that writes', 'slots to come are public, and so that one of a number is there; about the ticket the words are the same'),
	('analyst', 'see', 'api\.(in_transit|overdue_transfers|site_books|site_storage|use_today)', 'stock and deliveries, for analysts through the API too'),
	('prefecture', 'be told', '(api|vsys)\.fairness: function that reads', 'a login without an account compares all towns, of which the populations are public, with doses of none: it is told how many there are'),
	('[a-z_]+', 'see', 'vsys\.site_status', '… as sites say themselves that take bookings elsewhere'),
	('analyst|worker', 'see', 'vsys\.(session|slot)', 'sessions and their places; no person is in them'),
	('worker', 'see', 'vsys\.booking_notice|access\.disclose', 'the worker tells people of their bookings …'),
	('worker', 'change', 'vsys\.(booking|booking_notice|waiting|queue_request)', '… and takes away those of who is forgotten'),
	('[a-z_]+', 'see', 'messaging\.(quiet_hours|template|fallback)|credential\.(purpose|ticket_kind|signing_key)|api\.signing_keys', 'texts of messages, and the public parts of keys, by columns: no rows of anybody'),
	('health_center|prefecture|quarantine|worker', 'see', 'credential\.(trust_key|revoked_card|revoked_ticket)', 'whoever checks codes knows whose keys count, and which codes no longer do'),
	('quarantine', 'see', 'credential\.stored', 'verdicts on the codes that travellers showed, at whichever airport; the grants leave out the codes'),
	('worker', 'see', 'messaging\.[a-z_]+', 'the worker delivers messages to everybody …'),
	('worker', 'change', 'messaging\.(message|pack|attempt|acceptance|breaker|contact)|messaging\.(claim|claim_packs|record_results|note_breaker)', '… and writes what became of them'),
	('[a-z_]+', 'see', 'followup\.(plan|class|period|prompt|threshold|random_commitment|asks|period_of|period_days)|api\.random_commitments', 'plans and thresholds are rules, and random checks are there to be verified by everybody'),
	('quarantine', 'see', 'followup\.(slot|notification|enrolment\.#)|api\.(followup_slots|followup_notifications)', 'quarantine officers see slots without persons, with the numbers of enrolments, and notifications, which are made for arrivals alone; of enrolments, arrivals alone'),
	('quarantine|analyst', 'see', '(followup|api)\.compliance(_by_channel)?', '… and figures made of them'),
	('health_center|prefecture', 'change', '(followup\.(alert|call|clinical|enrolment|place_of_stay|slot|test)|registry\.(identity|person)) by (followup\.staff_move|api\.move_followup)', 'who moves on is handed to the health centre there'),
	('analyst', 'see', 'followup\.(enrolment|slot|health_answer|location_answer|video_answer|alert|escalation|call|notification)|api\.followup_slots', 'answers and silence of the country; the grants leave out persons'),
	('worker', 'see', 'followup\.(enrolment|slot|health_answer|health_answer_history|location_answer|video_answer|alert|escalation|call|notification)', 'jobs over all of it'),
	('worker', 'change', '(credential|followup|messaging|quarantine)\.[a-z_]+ by registry\.forget_person', '… and what speaks of who is forgotten goes with them'),
	('[a-z_]+', 'see', 'quarantine\.(station|port|regime|requirement|class_rule|language|item|text|reason)', 'ports, rules and texts of the questionnaire are public'),
	('analyst', 'see', 'quarantine\.questionnaire', 'analysts read what travellers answered, under pseudonyms'),
	('analyst|worker', 'see', 'quarantine\.(reader|flight|reading|traveller|detection|contact|entry)|api\.(flights|travellers|positive_arrivals|contacts_on_flights)', 'figures of all ports, under pseudonyms; the grants leave out tokens and tickets'),
	('analyst', 'see', 'quarantine\.(daily_figures|national_figures|unreachable|throughput|forecast|seconds_per_reading|contacts_of)|api\.(arrival_figures|arrival_figures_of_the_nation|unreachable_arrivals|arrival_throughput|arrival_forecast|flight_contacts)', '… and figures made of them'),
	('worker', 'see', 'quarantine\.(identity|document)', 'retention, and requests to be forgotten'),
	('auditor', 'see', '[a-z_]+\.[a-z_0-9]+\.#', 'entries of the trail have numbers of their own, and those of transactions: texts and differences count'),
	('auditor', 'see', 'access\.[a-z_]+|outbreak\.audit_verify', 'auditors read the trail, the accounts and the holds'),
	('ministry', 'see', '[a-z_]+\.[a-z_0-9]+', 'the ministry sees everything …'),
	('ministry', 'change', '[a-z_]+\.[a-z_0-9]+', '… keeps the register, the reports and the accounts …'),
	('ministry', 'never see', 'access\.audit\.(image|salt)', '… nor images of its rows'),
	('ministry|analyst|auditor|anon', 'never see', 'registry\.identity.*|access\.(data_key|master_key).*', '… but nobody who does not treat a person sees who it is');
-- ---- what the catalogs do not tell of values and arguments
INSERT INTO hostile.filler (relation, attribute, mine, other) VALUES
	(NULL, 'doctors', '''通常''', '''通常'''),
	(NULL, 'nurses', '''通常''', '''通常'''),
	(NULL, 'other_staff', '''通常''', '''通常'''),
	(NULL, 'zip', '''1000001''', '''5300001'''),
	(NULL, 'service', '''inpatient''', '''inpatient'''),
	(NULL, 'status', '''停止''', '''停止'''),
	(NULL, 'item', '''mask''', '''mask'''),
	('access.account', 'prefecture', '13', '27'),
	('access.account', 'role', '''outbreak_prefecture''', '''outbreak_prefecture'''),
	('access.account', 'login', 'NULL', 'NULL'),
	('access.account', 'health_center', 'NULL', 'NULL'),
	('access.account', 'municipality', 'NULL', 'NULL'),
	('access.account', 'person', 'NULL', 'NULL'),
	('registry.medical_area', 'area', '''1301''', '''2701'''),
	('registry.medical_area_vintage', 'valid', '''[2020-01-01,)''', '''[2020-01-01,)'''),
	(NULL, 'birth_year', '1971', '1972'),
	('access.released', 'hidden', 'false', 'false'),
	-- followup
	('followup.enrolment', 'closed_at', 'NULL', 'NULL'),
	('followup.alert', 'handled_at', 'NULL', 'NULL'),
	('followup.call', 'ended_at', 'NULL', 'NULL'),
	('followup.slot', 'answered_at', 'NULL', 'NULL'),
	('followup.slot', 'evidence', 'NULL', 'NULL'),
	('followup.health_answer', 'temperature_c', '38.5', '38.6'),
	('followup.health_answer', 'spo2', '95', '96'),
	('followup.health_answer', 'n', '1', '2'),
	('followup.health_answer_history', 'temperature_c', '38.5', '38.6'),
	('followup.health_answer_history', 'spo2', '95', '96'),
	('access.account', 'institution', 'NULL', 'NULL'),
	('access.account', 'organisation', 'NULL', 'NULL'),
	('ops.rollup_check', 'in_reports', 'NULL', 'NULL'),
	-- messaging
	('messaging.attempt', 'status', '200', '200'),
	('messaging.contact', 'language', '''ja''', '''en'''),
	('messaging.handler', 'function', '''outbreak.version()''', '''outbreak.version()'''),
	('messaging.message', 'priority', '5', '5'),
	('messaging.contact', 'preference', '1', '1'),
	-- credential
	('credential.signing_key', 'purpose', '''dcc''', '''dcc'''),
	('credential.signing_key', 'kid', '''\x7731736563726574''', '''\x7732736563726574'''),
	('credential.signing_key', 'destroyed_at', 'NULL', 'NULL'),
	('credential.trust_key', 'fingerprint', 'sha256(''w1'')', 'sha256(''w2'')'),
	('credential.stored', 'digest', 'sha256(''w1'')', 'sha256(''w2'')'),
	('credential.stored', 'valid', 'false', 'false'),
	-- followup: a patient of a real plan
	('followup.call', 'priority', '5', '5'),
	('followup.enrolment', 'plan', '''patient''', '''patient'''),
	('followup.enrolment', 'class', '''symptomatic''', '''symptomatic'''),
	('followup.enrolment', 'time_zone', '''Asia/Tokyo''', '''Asia/Tokyo'''),
	('followup.threshold', 'at_most', 'NULL', 'NULL'),
	('followup.slot', 'prompt', '''health''', '''health'''),
	-- quarantine
	(NULL, 'port', '''TST''', '''OSK'''),
	(NULL, 'reader', '''TST-0013''', '''OSK-0027'''),
	('quarantine.entry', 'token', 'sha256(''w1:token'')', 'sha256(''w2:token'')'),
	('quarantine.entry', 'persons', '1', '1'),
	('quarantine.entry', 'language', '''ja''', '''en'''),
	('quarantine.flight', 'country', '''US''', '''KR'''),
	('quarantine.reading', 'code', 'sha256(''w1'')', 'sha256(''w2'')'),
	('quarantine.traveller', 'age', '41', '42'),
	('quarantine.traveller', 'n', '1', '1'),
	('quarantine.document', 'reviewed_at', 'NULL', 'NULL'),
	('quarantine.detection', 'rows_near', '2', '2'),
	('quarantine.detection', 'withdrawn_at', 'NULL', 'NULL'),
	('quarantine.detection', 'reason', 'NULL', 'NULL'),
	('quarantine.questionnaire', 'temperature_c', '38.5', '38.6'),
	('quarantine.questionnaire', 'age', '41', '42'),
	('quarantine.questionnaire', 'seat', '''34A''', '''34K'''),
	('quarantine.questionnaire', 'sex', '''female''', '''male'''),
	('quarantine.questionnaire', 'nationality', '''US''', '''KR'''),
	('quarantine.questionnaire', 'stay_kind', '''hotel''', '''work'''),
	('quarantine.questionnaire', 'countries', '''{US}''', '''{KR}'''),
	('quarantine.questionnaire', 'country_days', '''{14}''', '''{13}'''),
	('quarantine.questionnaire', 'test_method', '''naat''', '''naat'''),
	('quarantine.questionnaire', 'vaccine_doses', '2', '3'),
	('quarantine.questionnaire_history', 'temperature_c', '38.5', '38.6'),
	('quarantine.questionnaire_history', 'age', '41', '42'),
	('quarantine.questionnaire_history', 'seat', '''34A''', '''34K'''),
	('quarantine.questionnaire_history', 'sex', '''female''', '''male'''),
	('quarantine.questionnaire_history', 'nationality', '''US''', '''KR'''),
	('quarantine.questionnaire_history', 'stay_kind', '''hotel''', '''work'''),
	('quarantine.questionnaire_history', 'countries', '''{US}''', '''{KR}'''),
	('quarantine.questionnaire_history', 'country_days', '''{14}''', '''{13}'''),
	('quarantine.questionnaire_history', 'test_method', '''naat''', '''naat'''),
	('quarantine.questionnaire_history', 'vaccine_doses', '2', '3'),
	-- vsys, goods
	('vsys.product', 'product', '''w1''', '''w2'''),
	('vsys.priority_group', 'priority_group', '''w1''', '''w2'''),
	('vsys.programme', 'programme', '''w1''', '''w2'''),
	('vsys.product', 'vials_per_box', '195', '195'),
	(NULL, 'doses_per_vial', '6', '5'),
	('vsys.product', 'course_doses', '2', '2'),
	('vsys.product', 'interval_min_days', '18', '18'),
	('vsys.product', 'interval_days', '21', '21'),
	('vsys.product', 'interval_max_days', '42', '42'),
	('vsys.product', 'min_age', '12', '12'),
	('vsys.population', 'age_from', '65', '65'),
	('vsys.population', 'age_before', '200', '200'),
	('vsys.site', 'kind', '''linked''', '''linked'''),
	('vsys.site', 'basic_site', 'outbreak.provisional_institution_code(13, 77)', 'outbreak.provisional_institution_code(27, 77)'),
	('vsys.site', 'state', '''open''', '''open'''),
	('vsys.site', 'reservation_url', '''https://example.jp/%s''', '''https://example.jp/%s'''),
	('vsys.ticket', 'number', '''0000000013''', '''0000000027'''),
	('vsys.stock_event', 'doses', '0', '0'),
	('vsys.product_pack', 'gtin', '''04912345678904''', '''14912345678901'''),
	('vsys.product_pack', 'vials', '1', '1'),
	('vsys.storage_state', 'state', '''w1''', '''w2'''),
	('vsys.storage_state', 'from_c', '2', '2'),
	('vsys.storage_state', 'to_c', '8', '8'),
	('vsys.storage_state', 'opened', 'false', 'false'),
	('vsys.storage_flow', 'move', 'NULL', 'NULL'),
	('vsys.freezer', 'state', '''frozen''', '''frozen'''),
	('vsys.stock_event', 'of_event', 'NULL', 'NULL'),
	('vsys.stock_event', 'reversed_kind', 'NULL', 'NULL'),
	-- vsys, delivery
	('vsys.branch_weekday', 'weekday', '1', '2'),
	('vsys.receiving', 'weekdays', '''{1}''', '''{2}'''),
	('vsys.receiving', 'preferred', '''{}''', '''{}'''),
	('vsys.receiving', 'drops', '1', '2'),
	('vsys.plan', 'nearest', '3', '3'),
	('vsys.plan', 'published_at', 'NULL', 'NULL'),
	('vsys.plan_network', 'branches', '''{990013}''', '''{990027}'''),
	('vsys.plan_network', 'dates', '''{2021-02-01}''', '''{2021-02-01}'''),
	('vsys.plan_network', 'supplies', '''{7000}''', '''{6000}'''),
	('vsys.plan_network', 'stop_vials', '''{7000}''', '''{6000}'''),
	('vsys.plan_network', 'node_vials', '''{7000}''', '''{6000}'''),
	('vsys.plan_network', 'sources', '''{1}''', '''{1}'''),
	('vsys.plan_network', 'targets', '''{1}''', '''{1}'''),
	('vsys.plan_network', 'capacities', '''{7000}''', '''{6000}'''),
	('vsys.plan_network', 'costs', '''{7000}''', '''{6000}'''),
	('vsys.shipment', 'sscc', '''049123450000000019''', '''049123450000000026'''),
	('vsys.shipment', 'moved_from', 'NULL', 'NULL'),
	('vsys.notice', 'acknowledged_at', 'NULL', 'NULL'),
	('vsys.notice', 'acknowledged_by', 'NULL', 'NULL'),
	('vsys.receipt', 'condition', '''damaged''', '''damaged'''),
	('vsys.discrepancy', 'explanation', 'NULL', 'NULL'),
	('vsys.discrepancy', 'explained_at', 'NULL', 'NULL'),
	('vsys.discrepancy', 'instead_of', 'NULL', 'NULL'),
	('vsys.reroute', 'to_site', 'outbreak.provisional_institution_code(13, 78)', 'outbreak.provisional_institution_code(27, 78)'),
	('vsys.permit', 'to_municipality', '''131024''', '''271403'''),
	('vsys.permit', 'valid', '''[2021-01-01,2022-01-01)''', '''[2021-01-01,2022-01-01)'''),
	('vsys.transfer', 'to_site', 'outbreak.provisional_institution_code(13, 78)', 'outbreak.provisional_institution_code(27, 78)'),
	('vsys.transfer', 'due_at', '''2021-02-11 12:00+09''', '''2021-02-11 12:00+09'''),
	('vsys.arrival', 'from_site', 'outbreak.provisional_institution_code(13, 78)', 'outbreak.provisional_institution_code(27, 78)'),
	-- vsys, booking
	('vsys.session', 'dose', '1', '1'),
	('vsys.session', 'first_dose', '1', '1'),
	('vsys.session', 'last_dose', '2', '2'),
	('vsys.session', 'min_age', '12', '12'),
	('vsys.session', 'mode', '''direct''', '''direct'''),
	('vsys.session', 'opens_at', '''-infinity''', '''-infinity'''),
	('vsys.session', 'closed_at', 'NULL', 'NULL'),
	('vsys.session', 'close_reason', 'NULL', 'NULL'),
	('vsys.slot', 'ends_at', '''2021-02-11 12:00+09''', '''2021-02-11 12:00+09'''),
	('vsys.waiting', 'slots', '''{7000}''', '''{6000}'''),
	('vsys.waiting', 'state', '''waiting''', '''waiting'''),
	('vsys.waiting', 'ended_at', 'NULL', 'NULL'),
	('vsys.waiting', 'booking', 'NULL', 'NULL'),
	('vsys.queue_request', 'slots', '''{7000}''', '''{6000}'''),
	('vsys.site_status', 'status', '''available''', '''available'''),
	-- vsys, results
	('vsys.dose', 'dose_number', '1', '1'),
	('vsys.dose', 'ended_at', 'NULL', 'NULL'),
	('vsys.dose_issue', 'code', '''ticket_unknown''', '''ticket_unknown'''),
	('vsys.dose_issue', 'import', 'NULL', 'NULL'),
	('vsys.dose_issue', 'dose', 'NULL', 'NULL'),
	('vsys.dose_issue', 'settled_at', 'NULL', 'NULL'),
	('vsys.resident_number', 'resident_number', '''w1''', '''w2'''),
	('vsys.result_report', 'priority_group', '''w1''', '''w2'''),
	('vsys.result_report', 'dose_number', '1', '1'),
	-- vsys, rounds
	('vsys.round', 'deliver', '''[2021-02-01,2021-02-15)''', '''[2021-02-01,2021-02-15)'''),
	('vsys.round', 'state', '''draft''', '''published'''),
	('vsys.frame', 'frame', '1', '1'),
	('vsys.frame', 'kind', '''basic''', '''basic'''),
	('vsys.frame', 'from_level', '''nation''', '''nation'''),
	('vsys.frame', 'to_level', '''prefecture''', '''prefecture'''),
	('vsys.frame', 'pack', '''box''', '''box'''),
	('vsys.frame', 'percent', 'NULL', 'NULL'),
	('vsys.frame', 'takes', 'NULL', 'NULL'),
	('vsys.frame', 'rule', '''hamilton''', '''hamilton'''),
	('vsys.frame', 'weight_age', '12', '12'),
	('vsys.frame', 'claim', 'NULL', 'NULL'),
	('vsys.frame', 'claim_less', 'false', 'false'),
	('vsys.frame', 'by_group', 'false', 'false'),
	('vsys.indicator', 'indicator', '''usage''', '''usage'''),
	('vsys.indicator', 'level', '''municipality''', '''municipality'''),
	('vsys.indicator', 'unit', '''131016''', '''271004'''),
	('vsys.split', 'parent', '''131016''', '''271004'''),
	('vsys.split', 'unit', 'outbreak.provisional_institution_code(13, 77)::text', 'outbreak.provisional_institution_code(27, 77)::text'),
	('vsys.split', 'frame', '1', '1'),
	('vsys.round_run', 'frame', '1', '1'),
	('vsys.round_run', 'split', '''used''', '''used'''),
	('vsys.round_run', 'parent', '''131016''', '''271004'''),
	('vsys.promise', 'level', '''municipality''', '''municipality'''),
	('vsys.promise', 'unit', '''131016''', '''271004'''),
	('allocation.run', 'rule', '''given''', '''given'''),
	('allocation.run', 'percent', 'NULL', 'NULL'),
	('allocation.run_unit', 'reason', '''given''', '''given''');
-- a key that signs tickets, so that they are made
SELECT length(credential.new_key('ticket')) AS kid;
-- rows that belong together
INSERT INTO hostile.filler (relation, attribute, mine, other)
SELECT f.relation, f.attribute, (7000 + r.number)::text, (6000 + r.number)::text
FROM (VALUES (NULL, 'enrolment', 'followup.enrolment'), ('quarantine.traveller', 'entry', 'quarantine.entry'), ('quarantine.reading', 'entry', 'quarantine.entry'), ('quarantine.contact', 'detection', 'quarantine.detection')) AS f (relation, attribute, name)
JOIN hostile.relation AS r ON r.name = f.name;
-- a station and a port for each world, which everybody may know
INSERT INTO quarantine.station (station, code, name_ja, name_en, prefecture) VALUES (990013, 'test_one', '検疫所一', 'One', 13), (990027, 'test_two', '検疫所二', 'Two', 27);
INSERT INTO quarantine.port (port, kind, name_ja, name_en, prefecture, station) VALUES ('TST', 'airport', '空港一', 'One', 13, 990013), ('OSK', 'airport', '空港二', 'Two', 27, 990027);
INSERT INTO hostile.argument (name, type, value)
SELECT a.name, a.type, replace(replace(a.value, '{B}', (SELECT k.value FROM hostile.key k WHERE k.name = 'institution' AND k.world = 2)), '{A}', (SELECT k.value FROM hostile.key k WHERE k.name = 'institution' AND k.world = 1))
FROM (VALUES
	('form', 'text', '''gmis.daily'''), ('form', 'text', '''gmis.service_status'''), ('form', 'regclass', '''gmis.daily'''), ('form', 'regclass', '''gmis.weekly_supply'''), (NULL, 'regclass', '''gmis.daily'''),
	('level', 'text', '''prefecture'''), ('level', 'text', '''municipality'''), ('level', 'text', '''nation'''), ('bed_kind', 'text', '''general'''), ('source', 'text', '''own'''), ('source', 'text', '''proxy'''),
	('name', 'text', '''fold_rollups'''), ('prefName', 'text', 'NULL'), ('localGovCode', 'text', '''271004'''), ('localGovCode', 'text', 'NULL'), ('facilityName', 'text', 'NULL'), ('pref_name', 'text', 'NULL'), ('local_gov_code', 'text', '''271004'''), ('local_gov_code', 'text', 'NULL'), ('facility_name', 'text', 'NULL'),
	(NULL, 'text', '''{B}'''), (NULL, 'text', 'NULL'),
	('records', 'jsonb', '''[{"institution": "{B}", "on_date": "2021-02-01", "beds_secured": 1}]'''), ('records', 'jsonb', '''[{"institution": "{B}", "on_date": "2021-02-08", "beds_secured": 1}]'''), ('records', 'jsonb', '''[{"institution": "{A}", "on_date": "2021-02-08", "beds_secured": 1}]'''),
	('record', 'jsonb', '''{"institution": "{B}", "on_date": "2021-02-08", "beds_secured": 1, "inpatients": 3}'''), ('key', 'jsonb', '''{"institution": "{B}", "on_date": "2021-02-01"}'''), ('key', 'jsonb', '''{"secret": "w2:report.finding.key"}'''),
	('code', 'text', '''w2:report.finding.code'''), ('reason', 'text', '''because'''), ('patch', 'jsonb', '''{}'''), ('patch', 'jsonb', '''{"institution": "{B}"}'''), ('patch', 'jsonb', '''{"responder": "00000000-0000-4000-8000-000000000027"}'''), (NULL, 'jsonb', '''{}'''),
	('id', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'report.rejected')), ('id', 'bigint', (SELECT (7000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'report.rejected')), (NULL, 'bigint', '927'),
	('delivery', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'vsys.delivery')), ('notice', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'vsys.notice')), ('discrepancy', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'vsys.discrepancy')), ('transfer', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'vsys.transfer')), ('round', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'vsys.round')),
	('explanation', 'text', '''lost'''),
	('person', 'uuid', '''00000000-0000-4000-8000-000000000027'''), ('person', 'uuid', '''00000000-0000-4000-8000-000000000013'''), ('responder', 'uuid', '''00000000-0000-4000-8000-000000000027'''), ('responder', 'uuid', 'NULL'),
	('health_center', 'bigint', '927'), ('health_center', 'bigint', 'NULL'), ('reader', 'text', '''OSK-0027'''), ('reader', 'text', '''TST-0013'''), ('port', 'text', '''OSK'''), ('port', 'text', 'NULL'), ('token', 'text', '''w1:token'''),
	('document', 'text', '''test'''), ('decision', 'text', '''accepted'''), ('plan', 'text', '''patient'''), ('plan', 'text', '''contact'''), ('state', 'text', '''lost'''), ('prompt', 'text', '''health'''), ('channel', 'text', '''call'''), ('outcome', 'text', '''answered'''), ('method', 'text', '''naat'''), ('result', 'text', '''positive'''),
	('class', 'text', 'NULL'), ('time_zone', 'text', 'NULL'), ('answer', 'jsonb', '''{"fever": true}'''), ('answers', 'jsonb', '''{"seat": "1A"}'''), ('readings', 'jsonb', '''[{"ticket": "x", "reader": "OSK-0027"}]'''), ('day0', 'date', '''2021-02-01'''), ('n', 'integer', '1'), ('rows_near', 'integer', '2'),
	('enrolment', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.enrolment')), ('enrolment', 'bigint', (SELECT (7000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.enrolment')),
	('alert', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.alert')), ('alert', 'bigint', (SELECT (7000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.alert')),
	('call', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.call')), ('call', 'bigint', (SELECT (7000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.call')),
	('notification', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.notification')), ('notification', 'bigint', (SELECT (7000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'followup.notification')),
	('entry', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'quarantine.entry')), ('entry', 'bigint', (SELECT (7000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'quarantine.entry')),
	('detection', 'bigint', (SELECT (6000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'quarantine.detection')), ('detection', 'bigint', (SELECT (7000 + r.number)::text FROM hostile.relation AS r WHERE r.name = 'quarantine.detection')),
	('key', 'uuid', (SELECT format('''00000000-0000-4000-9000-00000000%s''', 6000 + r.number) FROM hostile.relation AS r WHERE r.name = 'messaging.message')),
	('since', 'date', '''2021-02-01'''), ('since', 'date', 'NULL'), ('from_date', 'date', '''2000-01-01'''), ('to_date', 'date', '''2030-01-01'''), (NULL, 'date', '''2021-02-01'''), (NULL, 'date', '''2021-02-08'''),
	('since', 'timestamptz', '''2000-01-01'''), (NULL, 'timestamptz', '''2021-02-11'''), (NULL, 'timestamptz', 'now()'), (NULL, 'interval', '''100 years'''),
	('max_age_days', 'integer', '10'), ('at_least', 'integer', '1'), ('k', 'integer', '100'), (NULL, 'integer', '27'), (NULL, 'smallint', '27'), (NULL, 'smallint[]', '''{27}'''),
	(NULL, 'outbreak.institution_code', '''{B}'''), (NULL, 'outbreak.institution_code[]', '''{{B}}'''), (NULL, 'outbreak.municipality_code', '''271004'''), (NULL, 'uuid', '''00000000-0000-4000-8000-000000000027'''),
	(NULL, 'anyelement', 'NULL::gmis.daily'), (NULL, 'anyelement', 'NULL::gmis.service_status'), (NULL, 'geometry', '''SRID=4326;POINT(135.7 35)'''), ('longitude', 'double precision', '135.7'), ('latitude', 'double precision', '35'),
	(NULL, 'report.form', '(SELECT f FROM report.form AS f WHERE f.form = ''gmis.daily''::regclass)'), (NULL, 'record', 'NULL::gmis.daily'), (NULL, 'name', '''institution'''), (NULL, 'regtype', '''text'''), (NULL, 'boolean', 'true')
) AS a (name, type, value);
-- ---- the worlds: tables that everybody may know have both from the beginning, the others get world 1
\set known '^registry\\.(municipality|medical_area|medical_area_vintage|medical_area_municipality|health_center|institution|institution_identifier|organisation|institution_code_list|load|load_issue)$'
CALL hostile.make_logins();
CALL hostile.settle(1, '');
CALL hostile.settle(2, :'known');
CALL hostile.analyze();
SET client_min_messages = error;
CALL hostile.make_digest();
DO $$
DECLARE
	role text;
BEGIN
	FOR role IN SELECT rolname FROM pg_roles WHERE rolname ~ '^outbreak_' AND rolname <> ALL ('{outbreak_owner,outbreak_authenticator}') ORDER BY rolname LOOP
		CALL hostile.aim_all(role);
		CALL hostile.raid('without', role);
	END LOOP;
END
$$;
-- ---- … and now the rows of world 2
CALL hostile.settle(2, '', :'known');
CALL hostile.analyze();
CALL hostile.make_digest();
DO $$
DECLARE
	role text;
BEGIN
	FOR role IN SELECT DISTINCT a.role FROM hostile.attack AS a ORDER BY 1 LOOP
		CALL hostile.raid('with', role);
	END LOOP;
END
$$;
-- every table with rows of somebody has marked rows of both worlds
DO $$
DECLARE
	r hostile.relation;
	world integer;
	found boolean;
BEGIN
	FOR r IN SELECT * FROM hostile.relation AS x WHERE x.scoped ORDER BY x.number LOOP
		FOR world IN 1..2 LOOP
			EXECUTE format('SELECT EXISTS (%s)', hostile.rows_of(r, world)) INTO found;
			IF NOT found THEN
				RAISE EXCEPTION 'world % has no row in %', world, r.name;
			END IF;
		END LOOP;
	END LOOP;
END
$$;
CREATE TABLE hostile.found AS SELECT * FROM hostile.leak;
\echo == attacks by kind: carried out with world 2 there, at least | leaks | changes
SELECT a.kind, (SELECT 10 ^ floor(log(count(*))) FROM hostile.outcome AS o JOIN hostile.attack AS x ON x.id = o.attack WHERE x.kind = a.kind) AS at_least, count(DISTINCT f.sql) FILTER (WHERE f.differs OR f.sources IS NOT NULL) AS leaks, count(DISTINCT f.sql) FILTER (WHERE f.changed IS NOT NULL) AS changes
FROM hostile.attack AS a
LEFT JOIN hostile.found AS f ON f.role = a.role AND f.sql = a.sql
GROUP BY a.kind
ORDER BY a.kind COLLATE "C";
\echo == leaks, by role and object
SELECT f.role, f.object, string_agg(DISTINCT f.kind, ', '), f.sources, f.differs, f.changed, count(*), min(f.sql COLLATE "C")
FROM hostile.found AS f
GROUP BY f.role, f.object, f.sources, f.differs, f.changed
ORDER BY f.role COLLATE "C", f.object COLLATE "C";
-- each of what follows is undone; so would be the deletion of all that was
TRUNCATE hostile.attack, hostile.outcome, hostile.refused;
\echo == with one policy open to all rows, the same generator finds it: table | policy | role | found
SELECT r.name, p.polname, x.rolname, hostile.leaks_through(p.oid, x.rolname) > 0
FROM hostile.relation AS r
JOIN pg_policy AS p ON p.polrelid = r.relation
JOIN pg_roles AS x ON x.oid = ANY (p.polroles)
WHERE concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ~ 'my_'
ORDER BY r.name COLLATE "C", p.polname COLLATE "C", x.rolname COLLATE "C";
ROLLBACK;
\c :home
DROP DATABASE ob_test_hostile;
