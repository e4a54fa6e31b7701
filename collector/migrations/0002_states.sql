-- What became of each purchase. The columns of purchases hold the sum of all messages: a state never falls, except that
-- the cancellation of a completed order stands; what was placed once stays placed.
-- Purchases from before were all read from confirmation pages, so they are completed and placed.
ALTER TABLE purchases ADD COLUMN state TEXT NOT NULL DEFAULT 'completed'; -- created, unknown, pending, canceled, completed
ALTER TABLE purchases ADD COLUMN placed BOOLEAN NOT NULL DEFAULT TRUE; -- counts as a purchase by the platform's rule
ALTER TABLE purchases ADD COLUMN completed BOOLEAN NOT NULL DEFAULT TRUE; -- ever was completed
ALTER TABLE purchases ADD COLUMN order_status TEXT; -- in the platform's words, as the message said that set state and placed
ALTER TABLE purchases ADD COLUMN transitions BIGINT NOT NULL DEFAULT 1; -- rows in transitions

-- What the messages said: each that changed the purchase's state or placed, and the first of each source that said so,
-- up to a limit the collector sets.
CREATE TABLE transitions (
    site         TEXT    NOT NULL,
    purchase_id  TEXT    NOT NULL,
    number       BIGINT  NOT NULL, -- counted from 1
    at           BIGINT  NOT NULL, -- when it was received, in milliseconds since 1970
    state        TEXT    NOT NULL, -- what the message said, which may be less than what is known
    placed       BOOLEAN NOT NULL,
    order_status TEXT,
    source       TEXT    NOT NULL,
    record_id    TEXT    NOT NULL,
    PRIMARY KEY (site, purchase_id, number)
);

INSERT INTO transitions (site, purchase_id, number, at, state, placed, order_status, source, record_id)
SELECT site, purchase_id, 1, received_at, 'completed', TRUE, NULL, source, record_id FROM purchases;
