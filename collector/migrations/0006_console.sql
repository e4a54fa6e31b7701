-- People who may look at the console, and change what stands in it. name is in lower case.
CREATE TABLE users (
    name       TEXT   NOT NULL PRIMARY KEY,
    role       TEXT   NOT NULL, -- viewer, admin
    password   TEXT   NOT NULL, -- Argon2id, in the PHC string format
    changed_at BIGINT NOT NULL  -- milliseconds since 1970
);

-- Who is signed in. The cookie holds a random token, this table only its SHA-256: who reads the database cannot sign in.
CREATE TABLE sessions (
    digest     TEXT   NOT NULL PRIMARY KEY,
    user_name  TEXT   NOT NULL,
    begun_at   BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_name);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- When the order was placed, in milliseconds since 1970 by the collector's clock, as far as the first message tells; the
-- console measures by it how late purchases arrive. Purchases from before have none, and count from captured_at.
ALTER TABLE purchases ADD COLUMN ordered_at BIGINT;

-- As in the first message. Purchases from before have none.
ALTER TABLE purchases ADD COLUMN payment_method TEXT;
