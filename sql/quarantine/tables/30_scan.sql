-- ---- every reading of a ticket

CREATE TABLE quarantine.reading (
	scanned_at timestamptz NOT NULL,
	uploaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	station bigint NOT NULL,
	entry bigint,
	persons smallint NOT NULL DEFAULT 0,
	reader text NOT NULL,
	port text NOT NULL,
	outcome text NOT NULL CHECK (outcome = ANY ('{registered,seen_before,refused}'::text[])),
	reason text,
	colour text CHECK (colour = ANY ('{red,yellow,blue}'::text[])),
	code bytea NOT NULL CHECK (length(code) = 32),
	-- a device that sends a reading again sends the same one
	PRIMARY KEY (reader, scanned_at, code)
) PARTITION BY RANGE (scanned_at);
CREATE TABLE quarantine.reading_default PARTITION OF quarantine.reading DEFAULT;
COMMENT ON TABLE quarantine.reading IS '読取記録 / every attempt to read a ticket, with what came of it. Of a refused one this is all that is written. Partitioned by month.';
COMMENT ON TABLE quarantine.reading_default IS '読取記録(月なし) / readings of months that have no partition yet; ops.make_partitions() empties it.';
COMMENT ON COLUMN quarantine.reading.scanned_at IS '読取日時 / when it was read.';
COMMENT ON COLUMN quarantine.reading.uploaded_at IS '受信日時 / when it came here; later than scanned_at for a device that was offline.';
COMMENT ON COLUMN quarantine.reading.station IS '検疫所 / station of the device.';
COMMENT ON COLUMN quarantine.reading.entry IS '事前登録番号 / entry, where the ticket is one of ours.';
COMMENT ON COLUMN quarantine.reading.persons IS '人数 / persons that this reading registered.';
COMMENT ON COLUMN quarantine.reading.reader IS '端末 / device.';
COMMENT ON COLUMN quarantine.reading.port IS '空海港 / where it stands.';
COMMENT ON COLUMN quarantine.reading.outcome IS '結果 / registered 登録, seen_before 読取済, refused 不可.';
COMMENT ON COLUMN quarantine.reading.reason IS '理由 / why it was refused or what to note (quarantine.reason).';
COMMENT ON COLUMN quarantine.reading.colour IS '色 / colour of the entry at that moment.';
COMMENT ON COLUMN quarantine.reading.code IS 'コードの照合値 / SHA-256 of what was read; not the code itself, which opens doors.';
CREATE INDEX reading_port_idx ON quarantine.reading (port, scanned_at);
CREATE INDEX reading_entry_idx ON quarantine.reading (entry) WHERE entry IS NOT NULL;
