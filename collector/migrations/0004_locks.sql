-- What collectors beside one server wait for each other on: a row that a transaction changes is its own until its end.
-- A slot stands for all names with the same hash, so there are at most 1,024 rows per site. Empty in a file, which has one
-- writer at a time.
CREATE TABLE locks (
    site  TEXT   NOT NULL,
    slot  BIGINT NOT NULL,
    taken BIGINT NOT NULL, -- how often
    PRIMARY KEY (site, slot)
);
