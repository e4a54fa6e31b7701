-- The console counts departures by when the shopper left.
CREATE INDEX checkouts_by_departure ON checkouts (left_at);
CREATE INDEX checkouts_by_site_and_departure ON checkouts (site, left_at);
