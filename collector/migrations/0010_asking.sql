-- What is asked of a platform that does not tell repeats apart, before a purchase is sent to it again.
ALTER TABLE passes ADD COLUMN asked BIGINT NOT NULL DEFAULT 0; -- how often it was asked for in vain since it was last sent
ALTER TABLE passes ADD COLUMN unseen BIGINT NOT NULL DEFAULT 0; -- how often it was accepted and then not there to the end of the asking
