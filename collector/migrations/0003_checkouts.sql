-- The cart that became a purchase, as the first of its messages said that named one. Purchases from before have none until
-- they are heard of again.
ALTER TABLE purchases ADD COLUMN cart_id TEXT;

CREATE INDEX purchases_by_cart ON purchases (site, cart_id);

-- Checkouts that were left for a payment gateway, as pages reported them: never purchases. Contents are those of the first
-- report that had any; no personal data. Times are milliseconds since 1970.
CREATE TABLE checkouts (
    site           TEXT    NOT NULL,
    checkout_id    TEXT    NOT NULL,
    cart_id        TEXT,
    purchase_id    TEXT,            -- the order, where the shop creates it before the payment
    state          TEXT    NOT NULL, -- created, unknown, pending, canceled; never falls
    basis          TEXT    NOT NULL, -- left, returned, status: what the state rests on
    gateway        TEXT,
    left_at        BIGINT  NOT NULL, -- the last time, by the device's clock
    first_at       BIGINT  NOT NULL, -- when the collector heard of it first
    received_at    BIGINT  NOT NULL, -- and last
    total_price    TEXT,
    total_quantity BIGINT,
    currency       TEXT,
    has_contents   BOOLEAN NOT NULL, -- whether the envelope has them
    envelope       TEXT    NOT NULL, -- without contact
    closed_by      TEXT,            -- the purchase that came of it
    closed_at      BIGINT,
    transitions    BIGINT  NOT NULL, -- rows in checkout_transitions
    PRIMARY KEY (site, checkout_id)
);

CREATE INDEX checkouts_by_time ON checkouts (received_at);
CREATE INDEX checkouts_by_site_and_time ON checkouts (site, received_at);

-- A purchase closes the checkouts of its cart and of its own id.
CREATE INDEX checkouts_by_cart ON checkouts (site, cart_id);
CREATE INDEX checkouts_by_purchase ON checkouts (site, purchase_id);

-- What the reports said, each thing once, up to a limit the collector sets.
CREATE TABLE checkout_transitions (
    site        TEXT    NOT NULL,
    checkout_id TEXT    NOT NULL,
    number      BIGINT  NOT NULL, -- counted from 1
    at          BIGINT  NOT NULL, -- when it was received, in milliseconds since 1970
    state       TEXT    NOT NULL, -- what the report said
    basis       TEXT    NOT NULL,
    gateway     TEXT,
    PRIMARY KEY (site, checkout_id, number)
);
