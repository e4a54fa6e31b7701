-- When a purchase's contact was erased, by request or by age: it does not come back with a repeated message.
-- In milliseconds since 1970; none if it was not.
ALTER TABLE purchases ADD COLUMN contact_erased_at BIGINT;
