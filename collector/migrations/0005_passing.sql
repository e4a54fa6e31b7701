-- The queue of what is passed on: one entry for each purchase, destination and event. An entry is made in the transaction that
-- makes the event, and is taken by whoever raises its claims: two collectors never hold it at the same time. Times are
-- milliseconds since 1970.
CREATE TABLE passes (
    site         TEXT    NOT NULL,
    purchase_id  TEXT    NOT NULL,
    destination  TEXT    NOT NULL, -- its name in the configuration
    event        TEXT    NOT NULL, -- placed, completed, canceled
    state        TEXT    NOT NULL, -- waiting, verifying, delivered, verified, not-sent, dead
    created_at   BIGINT  NOT NULL,
    since        BIGINT  NOT NULL, -- the age limit counts from here: created, or passed on again by hand
    due_at       BIGINT,           -- when it may be taken; the end of the lease while it is taken; none if it is done
    claims       BIGINT  NOT NULL, -- raised by each that takes it
    failures     BIGINT  NOT NULL, -- in a row
    progress     BIGINT  NOT NULL, -- how many of its requests were answered well
    maybe_sent   BOOLEAN NOT NULL, -- a request of an earlier attempt may have arrived unheard
    attempts     BIGINT  NOT NULL, -- rows in pass_attempts, those that are not kept included
    finished_at  BIGINT,
    PRIMARY KEY (site, purchase_id, destination, event)
);

CREATE INDEX passes_due ON passes (site, destination, due_at);
CREATE INDEX passes_by_state ON passes (site, destination, state, finished_at);

-- Each attempt, up to a limit that the collector sets. Texts hold no personal data.
CREATE TABLE pass_attempts (
    site        TEXT   NOT NULL,
    purchase_id TEXT   NOT NULL,
    destination TEXT   NOT NULL,
    event       TEXT   NOT NULL,
    number      BIGINT NOT NULL, -- counted from 1
    started_at  BIGINT NOT NULL,
    finished_at BIGINT,
    outcome     TEXT   NOT NULL, -- sending, interrupted, delivered, verified, missing, retry, refused, not-sent
    status      BIGINT,          -- of the answer, if there was one
    text        TEXT   NOT NULL, -- of the answer, cut
    advice      TEXT,            -- what to do, as a code
    PRIMARY KEY (site, purchase_id, destination, event, number)
);

-- The health of each destination, shared by all collectors.
CREATE TABLE destinations (
    site              TEXT   NOT NULL,
    destination       TEXT   NOT NULL,
    failures          BIGINT NOT NULL, -- in a row, for the destination's own reasons
    openings          BIGINT NOT NULL, -- how often the circuit opened in a row
    open_until        BIGINT NOT NULL, -- nothing leaves before; 0 if the circuit is closed
    not_before        BIGINT NOT NULL, -- the platform asked to be left alone until then; 0 if it did not
    last_error_at     BIGINT,
    last_error_status BIGINT,
    last_error_text   TEXT,
    last_error_advice TEXT,
    PRIMARY KEY (site, destination)
);
