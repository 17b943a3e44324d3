-- ---- sessions and slots

CREATE SEQUENCE vsys.session_number;
COMMENT ON SEQUENCE vsys.session_number IS 'Numbers of sessions.';
CREATE TABLE vsys.session (
	session bigint PRIMARY KEY DEFAULT nextval('vsys.session_number'),
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	programme text NOT NULL,
	product text NOT NULL,
	on_date date NOT NULL,
	dose smallint,
	mode text NOT NULL DEFAULT 'direct' CHECK (mode = ANY ('{direct,queue}'::text[])),
	opens_at timestamptz NOT NULL DEFAULT '-infinity',
	closes_at timestamptz NOT NULL,
	walk_in boolean NOT NULL DEFAULT false,
	priority_groups text[] NOT NULL DEFAULT '{}',
	min_age smallint NOT NULL CHECK (min_age BETWEEN 0 AND 120),
	first_dose smallint NOT NULL,
	last_dose smallint NOT NULL,
	interval_min_days smallint NOT NULL,
	interval_max_days smallint,
	closed_at timestamptz,
	close_reason text CHECK (close_reason <> ''),
	FOREIGN KEY (programme, product) REFERENCES vsys.programme_product,
	UNIQUE NULLS NOT DISTINCT (site, on_date, programme, product, dose),
	CHECK (dose BETWEEN first_dose AND last_dose),
	CHECK (opens_at < closes_at),
	CHECK ((closed_at IS NULL) = (close_reason IS NULL))
);
ALTER SEQUENCE vsys.session_number OWNED BY vsys.session.session;
COMMENT ON TABLE vsys.session IS '接種日程 / a day of a site on which doses of one vaccine are given, and who may book them from when. Its times of day are the slots. Never deleted: a session that does not take place is closed.';
COMMENT ON COLUMN vsys.session.session IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.session.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.session.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.session.municipality IS '市区町村 / municipality of the site; filled in by a trigger.';
COMMENT ON COLUMN vsys.session.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.session.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.session.on_date IS '接種日 / local date.';
COMMENT ON COLUMN vsys.session.dose IS '接種回 / only this dose; NULL: every dose of the programme.';
COMMENT ON COLUMN vsys.session.mode IS '予約方式 / direct: a place is booked at once; queue: requests are taken down and granted in their order (for openings).';
COMMENT ON COLUMN vsys.session.opens_at IS '予約開始 / from when it can be booked.';
COMMENT ON COLUMN vsys.session.closes_at IS '予約締切 / from when it can be booked no longer.';
COMMENT ON COLUMN vsys.session.walk_in IS '予約なし接種 / people are also taken without a booking.';
COMMENT ON COLUMN vsys.session.priority_groups IS '対象の優先区分 / groups that may book; empty: all.';
COMMENT ON COLUMN vsys.session.min_age IS '対象年齢 / youngest age in years on the day: that of the product, or a higher one that the site sets.';
COMMENT ON COLUMN vsys.session.first_dose IS '最初の接種回 / first dose of the programme; this and the next three are copied from programme and product by a trigger and follow their changes, so that booking reads one row.';
COMMENT ON COLUMN vsys.session.last_dose IS '最後の接種回 / last dose that the programme gives with this product.';
COMMENT ON COLUMN vsys.session.interval_min_days IS '最短間隔 / days that must at least lie between two doses; 0: none.';
COMMENT ON COLUMN vsys.session.interval_max_days IS '最長間隔 / days within which a second dose that is booked with the first must lie; NULL: no limit.';
COMMENT ON COLUMN vsys.session.closed_at IS '中止日時 / when it was closed; NULL: it takes place.';
COMMENT ON COLUMN vsys.session.close_reason IS '中止理由 / why.';
CREATE INDEX session_on_date_idx ON vsys.session (on_date);
CREATE INDEX session_municipality_idx ON vsys.session (municipality, on_date);
CREATE INDEX session_prefecture_idx ON vsys.session (prefecture, on_date);
CREATE INDEX session_programme_idx ON vsys.session (programme, product);

CREATE SEQUENCE vsys.slot_number;
COMMENT ON SEQUENCE vsys.slot_number IS 'Numbers of slots.';
-- half of each page is free, so that counting up stays in the page; the CHECK is what makes overselling impossible
CREATE TABLE vsys.slot (
	slot bigint PRIMARY KEY DEFAULT nextval('vsys.slot_number'),
	session bigint NOT NULL REFERENCES vsys.session,
	site outbreak.institution_code NOT NULL,
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL,
	municipality outbreak.municipality_code NOT NULL,
	capacity integer NOT NULL,
	taken integer NOT NULL DEFAULT 0,
	prefecture smallint NOT NULL,
	open boolean NOT NULL DEFAULT true,
	UNIQUE (session, starts_at),
	CHECK (taken BETWEEN 0 AND capacity AND capacity <= 100000 AND starts_at < ends_at)
) WITH (fillfactor = 50);
ALTER SEQUENCE vsys.slot_number OWNED BY vsys.slot.slot;
COMMENT ON TABLE vsys.slot IS '予約枠 / times of a session with their places. taken is the number of bookings in force, always (vsys.check_slots). Never deleted. Slots of a site, town or prefecture are found through its sessions: each index here would be opened by every booking.';
COMMENT ON COLUMN vsys.slot.slot IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.slot.session IS '接種日程 / session.';
COMMENT ON COLUMN vsys.slot.site IS '施設コード / site of the session; this and the next are copied by a trigger.';
COMMENT ON COLUMN vsys.slot.starts_at IS '開始 / start.';
COMMENT ON COLUMN vsys.slot.ends_at IS '終了 / end.';
COMMENT ON COLUMN vsys.slot.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.slot.capacity IS '定員 / places.';
COMMENT ON COLUMN vsys.slot.taken IS '予約数 / places taken.';
COMMENT ON COLUMN vsys.slot.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.slot.open IS '受付中 / false: its session is closed. It stands in the row that every booking locks, so that nobody books past a closure.';

-- ---- bookings

CREATE SEQUENCE vsys.booking_number CACHE 32;
COMMENT ON SEQUENCE vsys.booking_number IS 'Numbers of bookings.';
-- No foreign keys and no checks: each costs a booking more than reading its ticket does. Functions alone write this table,
-- and vsys.check_slots() compares it with the slots.
CREATE TABLE vsys.booking (
	booking bigint PRIMARY KEY DEFAULT nextval('vsys.booking_number'),
	slot bigint,
	person uuid NOT NULL,
	booked_at timestamptz NOT NULL,
	site outbreak.institution_code NOT NULL,
	municipality outbreak.municipality_code NOT NULL,
	on_date date NOT NULL,
	prefecture smallint NOT NULL,
	dose smallint NOT NULL,
	in_force boolean,
	programme text NOT NULL,
	number text NOT NULL,
	state text NOT NULL,
	source text NOT NULL,
	pair bigint,
	key text,
	ended_at timestamptz,
	reason text,
	-- NULLs are distinct: one booking in force for a dose, and any number that ended
	CONSTRAINT booking_once UNIQUE (person, programme, dose, in_force)
);
ALTER SEQUENCE vsys.booking_number OWNED BY vsys.booking.booking;
COMMENT ON TABLE vsys.booking IS '予約 / bookings. One person has one place for one dose of a programme, at all sites together. Never deleted before their time: what was cancelled stays, with time and reason.';
COMMENT ON COLUMN vsys.booking.booking IS '予約番号 / number, given here.';
COMMENT ON COLUMN vsys.booking.slot IS '予約枠 / slot; NULL: the dose was given without a booking.';
COMMENT ON COLUMN vsys.booking.person IS '仮ID / the person (registry.person).';
COMMENT ON COLUMN vsys.booking.booked_at IS '予約日時 / when it was made.';
COMMENT ON COLUMN vsys.booking.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.booking.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.booking.on_date IS '接種日 / local date of the slot.';
COMMENT ON COLUMN vsys.booking.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.booking.dose IS '接種回 / number of the dose, as on the ticket.';
COMMENT ON COLUMN vsys.booking.in_force IS '有効 / true as long as it holds a place (booked, completed), NULL once it does not; never false.';
COMMENT ON COLUMN vsys.booking.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.booking.number IS '券番号 / number of the ticket: that with which the person comes.';
COMMENT ON COLUMN vsys.booking.state IS '状態 / booked 予約中, completed 接種済, no_show 来場なし, cancelled 取消, moved 変更 (booked anew elsewhere), displaced 中止 (its session was closed).';
COMMENT ON COLUMN vsys.booking.source IS '経路 / direct 本人, staff 窓口, queue 順番予約, waiting 繰上げ, walk_in 予約なし.';
COMMENT ON COLUMN vsys.booking.pair IS '同時予約 / number of the first dose''s booking, where both doses were booked together.';
COMMENT ON COLUMN vsys.booking.key IS '再送キー / key of the caller: the same key books once, however often it is sent.';
COMMENT ON COLUMN vsys.booking.ended_at IS '終了日時 / when it was cancelled, moved, displaced or completed.';
COMMENT ON COLUMN vsys.booking.reason IS '理由 / why it ended.';
CREATE INDEX booking_slot_idx ON vsys.booking (slot);

-- ---- the waiting list

CREATE SEQUENCE vsys.waiting_number;
COMMENT ON SEQUENCE vsys.waiting_number IS 'Numbers of entries of the waiting list.';
CREATE TABLE vsys.waiting (
	waiting bigint PRIMARY KEY DEFAULT nextval('vsys.waiting_number'),
	session bigint NOT NULL REFERENCES vsys.session,
	slots bigint[] CHECK (cardinality(slots) BETWEEN 1 AND 100),
	site outbreak.institution_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	person uuid NOT NULL,
	municipality outbreak.municipality_code NOT NULL,
	number text NOT NULL,
	programme text NOT NULL,
	dose smallint NOT NULL,
	joined_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz,
	state text NOT NULL DEFAULT 'waiting' CHECK (state = ANY ('{waiting,promoted,left,expired,overtaken}'::text[])),
	ended_at timestamptz,
	booking bigint,
	CHECK ((state = 'waiting') = (ended_at IS NULL)),
	CHECK ((state = 'promoted') = (booking IS NOT NULL))
);
ALTER SEQUENCE vsys.waiting_number OWNED BY vsys.waiting.waiting;
COMMENT ON TABLE vsys.waiting IS 'キャンセル待ち / who waits for a place of a session. A place that becomes free is given to the first in the transaction that frees it.';
COMMENT ON COLUMN vsys.waiting.waiting IS '番号 / number, given here: the order of the list.';
COMMENT ON COLUMN vsys.waiting.session IS '接種日程 / session.';
COMMENT ON COLUMN vsys.waiting.slots IS '希望の枠 / only these slots; NULL: any of the session.';
COMMENT ON COLUMN vsys.waiting.site IS '施設コード / site of the session.';
COMMENT ON COLUMN vsys.waiting.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.waiting.person IS '仮ID / the person.';
COMMENT ON COLUMN vsys.waiting.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.waiting.number IS '券番号 / number of the ticket.';
COMMENT ON COLUMN vsys.waiting.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.waiting.dose IS '接種回 / dose.';
COMMENT ON COLUMN vsys.waiting.joined_at IS '登録日時 / when the person joined.';
COMMENT ON COLUMN vsys.waiting.expires_at IS '期限 / until when the person wants a place; NULL: until the session.';
COMMENT ON COLUMN vsys.waiting.state IS '状態 / waiting 待機, promoted 繰上げ, left 辞退, expired 期限切れ, overtaken 対象外 (booked elsewhere meanwhile, or not entitled any more).';
COMMENT ON COLUMN vsys.waiting.ended_at IS '終了日時 / when the wait ended.';
COMMENT ON COLUMN vsys.waiting.booking IS '予約番号 / booking that the person was given.';
CREATE INDEX waiting_session_idx ON vsys.waiting (session, waiting) WHERE state = 'waiting';
CREATE UNIQUE INDEX waiting_person_idx ON vsys.waiting (person, session, dose) WHERE state = 'waiting';

-- ---- who is to be told

CREATE SEQUENCE vsys.booking_notice_number;
COMMENT ON SEQUENCE vsys.booking_notice_number IS 'Numbers of notices.';
CREATE TABLE vsys.booking_notice (
	notice bigint PRIMARY KEY DEFAULT nextval('vsys.booking_notice_number'),
	kind text NOT NULL CHECK (kind = ANY ('{promoted,displaced,withdrawn,pair_displaced}'::text[])),
	booking bigint NOT NULL,
	person uuid NOT NULL,
	municipality outbreak.municipality_code NOT NULL,
	number text NOT NULL,
	site outbreak.institution_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	made_at timestamptz NOT NULL DEFAULT now(),
	told_at timestamptz
);
ALTER SEQUENCE vsys.booking_notice_number OWNED BY vsys.booking_notice.notice;
COMMENT ON TABLE vsys.booking_notice IS '連絡対象 / who is to be told of something that others did to a booking: one row each, until told_at is set.';
COMMENT ON COLUMN vsys.booking_notice.notice IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.booking_notice.kind IS '種別 / promoted 繰上げ (a place from the waiting list), displaced 中止 (the session was closed: book anew), withdrawn 失効 (the ticket was withdrawn), pair_displaced (the other dose of a pair was displaced).';
COMMENT ON COLUMN vsys.booking_notice.booking IS '予約番号 / booking.';
COMMENT ON COLUMN vsys.booking_notice.person IS '仮ID / the person.';
COMMENT ON COLUMN vsys.booking_notice.municipality IS '市区町村 / municipality of the ticket, which knows how to reach the person.';
COMMENT ON COLUMN vsys.booking_notice.number IS '券番号 / number of the ticket.';
COMMENT ON COLUMN vsys.booking_notice.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.booking_notice.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.booking_notice.made_at IS '発生日時 / when it happened.';
COMMENT ON COLUMN vsys.booking_notice.told_at IS '連絡日時 / when the person was told; NULL: not yet.';
CREATE INDEX booking_notice_open_idx ON vsys.booking_notice (municipality, notice) WHERE told_at IS NULL;
CREATE INDEX booking_notice_site_idx ON vsys.booking_notice (site, notice) WHERE told_at IS NULL;
CREATE INDEX booking_notice_person_idx ON vsys.booking_notice (person);

-- ---- openings: requests that are granted in their order

CREATE SEQUENCE vsys.queue_request_number;
COMMENT ON SEQUENCE vsys.queue_request_number IS 'Numbers of requests, drawn one by one: their order is the order of the queue.';
CREATE TABLE vsys.queue_request (
	request bigint NOT NULL DEFAULT nextval('vsys.queue_request_number'),
	requested_at timestamptz NOT NULL DEFAULT now(),
	claim uuid NOT NULL DEFAULT gen_random_uuid(),
	person uuid NOT NULL,
	municipality outbreak.municipality_code NOT NULL,
	dose smallint NOT NULL,
	wait boolean NOT NULL,
	number text NOT NULL,
	programme text NOT NULL,
	slots bigint[] NOT NULL,
	second_slots bigint[],
	state text NOT NULL DEFAULT 'waiting',
	decided_at timestamptz,
	reason text,
	booking bigint,
	PRIMARY KEY (request, requested_at)
) PARTITION BY RANGE (requested_at);
ALTER SEQUENCE vsys.queue_request_number OWNED BY vsys.queue_request.request;
COMMENT ON TABLE vsys.queue_request IS '順番予約の申込 / requests for places of sessions in queue mode: a log that vsys.grant_requests() goes through in the order of the numbers. Partitioned by month; ops makes the months ahead.';
COMMENT ON COLUMN vsys.queue_request.request IS '受付番号 / number: first come, first served.';
COMMENT ON COLUMN vsys.queue_request.requested_at IS '受付日時 / when it came.';
COMMENT ON COLUMN vsys.queue_request.claim IS '照会キー / random key that whoever asks for the place in the queue must know.';
COMMENT ON COLUMN vsys.queue_request.person IS '仮ID / the person.';
COMMENT ON COLUMN vsys.queue_request.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.queue_request.dose IS '接種回 / dose.';
COMMENT ON COLUMN vsys.queue_request.wait IS 'キャンセル待ち / join the waiting list of the first choice when all is taken.';
COMMENT ON COLUMN vsys.queue_request.number IS '券番号 / number of the ticket.';
COMMENT ON COLUMN vsys.queue_request.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.queue_request.slots IS '希望の枠 / slots, the best first.';
COMMENT ON COLUMN vsys.queue_request.second_slots IS '2回目の枠 / for each of them the slot of the next dose; NULL: the first alone.';
COMMENT ON COLUMN vsys.queue_request.state IS '状態 / waiting 順番待ち, granted 確定, refused 不可, withdrawn 取下げ.';
COMMENT ON COLUMN vsys.queue_request.decided_at IS '決定日時 / when it was decided.';
COMMENT ON COLUMN vsys.queue_request.reason IS '理由 / why it was refused.';
COMMENT ON COLUMN vsys.queue_request.booking IS '予約番号 / booking that was made.';
CREATE TABLE vsys.queue_request_default PARTITION OF vsys.queue_request DEFAULT;
COMMENT ON TABLE vsys.queue_request_default IS '順番予約の申込(月別区分なし) / requests of months that have no partition of their own.';
CREATE INDEX queue_request_waiting_idx ON vsys.queue_request (request) WHERE state = 'waiting';

CREATE TABLE vsys.allocator (
	allocator boolean PRIMARY KEY DEFAULT true CHECK (allocator),
	ran_at timestamptz NOT NULL DEFAULT '-infinity',
	searched_at timestamptz NOT NULL DEFAULT '-infinity',
	decided_to bigint NOT NULL DEFAULT 0,
	decided bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
COMMENT ON TABLE vsys.allocator IS '順番予約の処理状況 / how far the allocator of requests is: one row.';
COMMENT ON COLUMN vsys.allocator.allocator IS 'Always true.';
COMMENT ON COLUMN vsys.allocator.ran_at IS '最終処理日時 / when it last looked for requests.';
COMMENT ON COLUMN vsys.allocator.searched_at IS '最終全検索日時 / when it last looked below decided_to for numbers that were drawn early and committed late.';
COMMENT ON COLUMN vsys.allocator.decided_to IS '処理済番号 / highest number that was decided.';
COMMENT ON COLUMN vsys.allocator.decided IS '処理件数 / requests decided in all.';
INSERT INTO vsys.allocator DEFAULT VALUES;

-- ---- availability that sites enter by hand

CREATE TABLE vsys.site_status (
	site outbreak.institution_code PRIMARY KEY REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	status text NOT NULL CHECK (status = ANY ('{available,few,full}'::text[])),
	entered_at timestamptz NOT NULL DEFAULT now(),
	entered_by text NOT NULL DEFAULT coalesce(outbreak.my_subject(), session_user)
);
COMMENT ON TABLE vsys.site_status IS '予約状況(手入力) / availability of sites that take reservations by themselves, as they entered it. Of sites that are booked here it comes from the slots.';
COMMENT ON COLUMN vsys.site_status.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.site_status.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN vsys.site_status.status IS '予約状況 / available 予約可能, few 残り僅か, full 予約不可.';
COMMENT ON COLUMN vsys.site_status.entered_at IS '入力日時 / when.';
COMMENT ON COLUMN vsys.site_status.entered_by IS '入力者 / who.';
CREATE INDEX site_status_prefecture_idx ON vsys.site_status (prefecture);

-- ---- why something is refused

CREATE TABLE vsys.booking_reason (
	reason text PRIMARY KEY CHECK (reason ~ '^[a-z_]+$'),
	sqlstate text NOT NULL CHECK (sqlstate ~ '^OB07[0-9]$'),
	message_ja text NOT NULL,
	message_en text NOT NULL
);
COMMENT ON TABLE vsys.booking_reason IS '予約できない理由 / why a ticket, booking or request is refused: code, SQLSTATE of the error, texts. The error carries them in DETAIL as JSON.';
COMMENT ON COLUMN vsys.booking_reason.reason IS '理由コード / code.';
COMMENT ON COLUMN vsys.booking_reason.sqlstate IS 'SQLSTATE / of the error that is raised.';
COMMENT ON COLUMN vsys.booking_reason.message_ja IS 'メッセージ / text in Japanese.';
COMMENT ON COLUMN vsys.booking_reason.message_en IS '英語メッセージ / text in English.';

CREATE TABLE vsys.product_coding (
	product text NOT NULL REFERENCES vsys.product,
	system text NOT NULL CHECK (system ~ '^(https?|urn):[^[:space:]]+$'),
	code text NOT NULL CHECK (code <> ''),
	display text NOT NULL CHECK (display <> ''),
	PRIMARY KEY (product, system)
);
COMMENT ON TABLE vsys.product_coding IS 'ワクチンの標準コード / codes of a vaccine in other systems, such as CVX, for what is published in standard formats.';
COMMENT ON COLUMN vsys.product_coding.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.product_coding.system IS 'コード体系 / URI of the code system, such as http://hl7.org/fhir/sid/cvx.';
COMMENT ON COLUMN vsys.product_coding.code IS 'コード / code.';
COMMENT ON COLUMN vsys.product_coding.display IS '表示名 / name in that system.';
