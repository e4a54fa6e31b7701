-- What was bought, once. The key is what makes every repeat harmless: the first content of a purchase stands for good.
-- Times are milliseconds since 1970: captured_at by the shopper's device, received_at by the collector.
-- Amounts are canonical decimal text, because a database's floating point would change them.
CREATE TABLE purchases (
    site           TEXT   NOT NULL,
    purchase_id    TEXT   NOT NULL,
    purchase       TEXT   NOT NULL, -- canonical JSON
    total_price    TEXT   NOT NULL,
    total_quantity BIGINT NOT NULL,
    purchase_date  TEXT,
    source         TEXT   NOT NULL,
    page           TEXT,
    record_id      TEXT   NOT NULL,
    captured_at    BIGINT NOT NULL,
    received_at    BIGINT NOT NULL,
    problems       TEXT   NOT NULL, -- JSON list: normalisations and warnings
    envelope       TEXT   NOT NULL, -- as received, byte for byte
    deliveries     BIGINT NOT NULL, -- envelopes received for it, the first included
    conflicts      BIGINT NOT NULL, -- rows in conflicts
    PRIMARY KEY (site, purchase_id)
);

-- The read API lists the newest first, of one site or of all.
CREATE INDEX purchases_by_time ON purchases (received_at);
CREATE INDEX purchases_by_site_and_time ON purchases (site, received_at);

-- Every envelope received for a purchase, up to a limit the collector sets: a page that is reloaded all day must not
-- fill the disk. What it said is in purchases or conflicts; here is only that it came, and what was answered.
CREATE TABLE deliveries (
    site        TEXT   NOT NULL,
    purchase_id TEXT   NOT NULL,
    number      BIGINT NOT NULL, -- counted from 1
    record_id   TEXT   NOT NULL,
    outcome     TEXT   NOT NULL, -- accepted, duplicate, conflict
    received_at BIGINT NOT NULL,
    sent_at     BIGINT,          -- the device's clock when it sent, if it said so
    attempt     BIGINT,          -- which attempt it was, if it said so
    PRIMARY KEY (site, purchase_id, number)
);

-- A known purchase id with a different content: kept whole, once per distinct content, for a person to look at.
-- digest is the SHA-256 of the canonical JSON.
CREATE TABLE conflicts (
    site        TEXT   NOT NULL,
    purchase_id TEXT   NOT NULL,
    digest      TEXT   NOT NULL,
    purchase    TEXT   NOT NULL,
    problems    TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    envelope    TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    times       BIGINT NOT NULL,
    PRIMARY KEY (site, purchase_id, digest)
);

-- What was refused, with all its problems, once per distinct content. digest is the SHA-256 of what the page said:
-- the envelope without its id and capture time, which differ from visit to visit.
CREATE TABLE refusals (
    site        TEXT   NOT NULL,
    digest      TEXT   NOT NULL,
    record_id   TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    page        TEXT,
    problems    TEXT   NOT NULL,
    envelope    TEXT   NOT NULL, -- as received the first time
    first_at    BIGINT NOT NULL,
    received_at BIGINT NOT NULL, -- the last time
    times       BIGINT NOT NULL,
    PRIMARY KEY (site, digest)
);

CREATE INDEX refusals_by_time ON refusals (received_at);
CREATE INDEX refusals_by_site_and_time ON refusals (site, received_at);
