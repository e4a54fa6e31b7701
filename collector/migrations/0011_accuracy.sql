-- The gateway that a page of the purchase was reached from, as the first of its messages said that named one. Purchases from before
-- have none.
ALTER TABLE purchases ADD COLUMN gateway TEXT;

-- As the checkout page stated it, in the shop's words. Checkouts from before have none.
ALTER TABLE checkouts ADD COLUMN payment_method TEXT;
