-- When the shop's server first vouched for the purchase's id, total and date, by a signature on the page or a message of its own, in
-- milliseconds since 1970. None if it did not. Purchases from before have none.
ALTER TABLE purchases ADD COLUMN verified_at BIGINT;
