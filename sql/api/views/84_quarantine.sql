CREATE OR REPLACE VIEW api.ports
WITH (security_invoker = true)
AS
SELECT p.port, p.kind, p.name_ja, p.name_en, p.prefecture, s.name_ja AS station_ja, s.name_en AS station_en
FROM quarantine.port AS p
JOIN quarantine.station AS s ON s.station = p.station
WHERE p.open;
COMMENT ON VIEW api.ports IS '空港・海港 / Airports and seaports where people from abroad may land.';
COMMENT ON COLUMN api.ports.port IS '空海港コード / IATA code, or UN/LOCODE of a seaport.';
COMMENT ON COLUMN api.ports.kind IS '種別 / airport, seaport.';
COMMENT ON COLUMN api.ports.name_ja IS '名称 / name in Japanese.';
COMMENT ON COLUMN api.ports.name_en IS 'Name in English.';
COMMENT ON COLUMN api.ports.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.ports.station_ja IS '検疫所 / quarantine station in charge.';
COMMENT ON COLUMN api.ports.station_en IS 'Its name in English.';

CREATE OR REPLACE VIEW api.travellers
WITH (security_invoker = true)
AS
SELECT t.person, t.entry AS number, t.n, t.port, t.conveyance_key AS conveyance, t.on_date, t.arrived_at, t.age, t.seat_row, t.seat_letter, t.seat_kind,
	t.prefecture, t.municipality::text AS municipality, t.health_center, t.class, t.enrolment, t.gone_on
FROM quarantine.traveller AS t;
COMMENT ON VIEW api.travellers IS '入国者 / Travellers under their pseudonyms, within what the caller may see: those of the station''s ports, of the health centre, of the prefecture.';
COMMENT ON COLUMN api.travellers.person IS '仮ID / pseudonym.';
COMMENT ON COLUMN api.travellers.number IS '事前登録番号 / number of the entry.';
COMMENT ON COLUMN api.travellers.n IS '続番 / number within the entry; 1 answers for all.';
COMMENT ON COLUMN api.travellers.port IS '空海港 / port of arrival.';
COMMENT ON COLUMN api.travellers.conveyance IS '便名・船名 / flight or vessel as it is compared.';
COMMENT ON COLUMN api.travellers.on_date IS '到着日 / local date of arrival.';
COMMENT ON COLUMN api.travellers.arrived_at IS '入国日時 / when the ticket was read; NULL: not arrived.';
COMMENT ON COLUMN api.travellers.age IS '年齢 / age in years.';
COMMENT ON COLUMN api.travellers.seat_row IS '座席の列番号 / row of the seat.';
COMMENT ON COLUMN api.travellers.seat_letter IS '座席の文字 / letter of the seat.';
COMMENT ON COLUMN api.travellers.seat_kind IS '座席の種別 / seat, lap, crew, unknown.';
COMMENT ON COLUMN api.travellers.prefecture IS '都道府県番号 / prefecture of the place of stay.';
COMMENT ON COLUMN api.travellers.municipality IS '市区町村 / municipality of the place of stay.';
COMMENT ON COLUMN api.travellers.health_center IS '担当保健所 / health centre.';
COMMENT ON COLUMN api.travellers.class IS '健康観察区分 / class of the follow-up.';
COMMENT ON COLUMN api.travellers.enrolment IS '健康観察番号 / follow-up.';
COMMENT ON COLUMN api.travellers.gone_on IS '終了日 / day on which everything ended.';

CREATE OR REPLACE VIEW api.flights
WITH (security_invoker = true)
AS
SELECT f.port, f.kind, f.conveyance, f.scheduled_at, f.arrived_at, f.passengers, f.country, f.missing_rows, f.on_date
FROM quarantine.flight AS f;
COMMENT ON VIEW api.flights IS '到着便 / Flights and vessels that are expected; a station enters those of its ports.';
COMMENT ON COLUMN api.flights.port IS '空海港 / port of arrival.';
COMMENT ON COLUMN api.flights.kind IS '種別 / flight, ship, other.';
COMMENT ON COLUMN api.flights.conveyance IS '便名・船名 / flight number or name of the vessel.';
COMMENT ON COLUMN api.flights.scheduled_at IS '到着予定 / scheduled arrival.';
COMMENT ON COLUMN api.flights.arrived_at IS '到着日時 / when it came.';
COMMENT ON COLUMN api.flights.passengers IS '乗客数 / persons on board as the carrier states them.';
COMMENT ON COLUMN api.flights.country IS '出発国 / country that it comes from.';
COMMENT ON COLUMN api.flights.missing_rows IS '欠番の座席列 / numbers of rows that the cabin does not have.';
COMMENT ON COLUMN api.flights.on_date IS '到着日 / local date; set by the system.';

CREATE OR REPLACE VIEW api.positive_arrivals
WITH (security_invoker = true)
AS
SELECT d.detection, d.person, d.specimen_at, d.found_at, d.method, d.prefecture, d.health_center, d.enrolment, d.notified_at, d.withdrawn_at, d.reason
FROM quarantine.detection AS d;
COMMENT ON VIEW api.positive_arrivals IS '陽性の入国者 / Positive travellers, within what the caller may see.';
COMMENT ON COLUMN api.positive_arrivals.detection IS '番号 / number.';
COMMENT ON COLUMN api.positive_arrivals.person IS '仮ID / pseudonym.';
COMMENT ON COLUMN api.positive_arrivals.specimen_at IS '検体採取日時 / when the specimen was taken.';
COMMENT ON COLUMN api.positive_arrivals.found_at IS '判明日時 / when the result was entered.';
COMMENT ON COLUMN api.positive_arrivals.method IS '検査方法 / method.';
COMMENT ON COLUMN api.positive_arrivals.prefecture IS '都道府県番号 / prefecture of the place of stay.';
COMMENT ON COLUMN api.positive_arrivals.health_center IS '担当保健所 / health centre.';
COMMENT ON COLUMN api.positive_arrivals.enrolment IS '健康観察番号 / follow-up as a patient.';
COMMENT ON COLUMN api.positive_arrivals.notified_at IS '届出日時 / when it became a notified case.';
COMMENT ON COLUMN api.positive_arrivals.withdrawn_at IS '取消日時 / when the result was taken back.';
COMMENT ON COLUMN api.positive_arrivals.reason IS '取消理由 / why.';

CREATE OR REPLACE VIEW api.contacts_on_flights
WITH (security_invoker = true)
AS
SELECT k.detection, k.person, k.relation, k.rows_apart, k.state, k.prefecture, k.health_center, k.enrolment, k.decided_at, k.reason
FROM quarantine.contact AS k;
COMMENT ON VIEW api.contacts_on_flights IS '機内濃厚接触者 / Who came near positive travellers, within what the caller may see.';
COMMENT ON COLUMN api.contacts_on_flights.detection IS '陽性者番号 / detection.';
COMMENT ON COLUMN api.contacts_on_flights.person IS '仮ID / the contact.';
COMMENT ON COLUMN api.contacts_on_flights.relation IS '関係 / companion, row, lap, crew, unknown_seat.';
COMMENT ON COLUMN api.contacts_on_flights.rows_apart IS '列の隔たり / rows between the seats.';
COMMENT ON COLUMN api.contacts_on_flights.state IS '状態 / followed, undecided, dismissed, withdrawn.';
COMMENT ON COLUMN api.contacts_on_flights.prefecture IS '都道府県番号 / prefecture of the place of stay.';
COMMENT ON COLUMN api.contacts_on_flights.health_center IS '担当保健所 / health centre.';
COMMENT ON COLUMN api.contacts_on_flights.enrolment IS '健康観察番号 / follow-up as a contact.';
COMMENT ON COLUMN api.contacts_on_flights.decided_at IS '判断日時 / when it was decided.';
COMMENT ON COLUMN api.contacts_on_flights.reason IS '理由 / why it was dismissed or withdrawn.';

-- Views over joins and sums: whoever tries to write is told that there is no right to.
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.ports
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
