//! What the core says of payloads: a code each, and an English sentence. `{name}` in it is the value that belongs there, at most one.
//!
//! To say something new, add a row; the tests of the collector's languages then ask for its texts.

use super::Said;

macro_rules! sentences {
    ($($name:ident, $code:literal, $text:literal;)+) => {
        $(#[doc = concat!("`", $text, "`")] pub const $name: Said = Said::new($text);)+

        /// Each code, `a-z 0-9 -` and the same in all versions, with what it stands for.
        pub const ALL: &[(&str, Said)] = &[$(($code, $name)),+];
    };
}

sentences! {
    MISSING, "missing", "{field} is required; add it.";
    EMPTY, "empty", "{field} is there without a value; it is required.";
    GIVEN_TWICE, "given-twice", "The field is given twice; the first value stands.";
    UNKNOWN_FIELD, "unknown-field", "This is no documented field and was left out; check its spelling.";
    TEMPLATE_PLACEHOLDER, "template-placeholder",
        "This is what a template prints without a value: print the value, or leave the field out.";
    ZERO_ID, "zero-id", "An id of 0 is often a template's placeholder: purchases with the same id count as one.";
    ZERO_CART_ID, "zero-cart-id", "0 is a placeholder and no cart's id; leave the field out if there is none.";
    ID_TOO_LONG, "id-too-long", "An id has at most {limit} characters.";
    CONTROL_IN_ID, "control-in-id",
        "The id has a line break or another control character in it, which a platform may refuse: print the id alone.";
    TEXT_TOO_LONG, "text-too-long", "A text has at most {limit} characters.";
    WRITE_TEXT_OR_NUMBER, "write-text-or-number", "Write a text or a number here.";
    WRITE_ONE_OF, "write-one-of", "Write one of {words}.";
    TAKEN_AS, "taken-as", "Taken as {value}.";

    TWO_READINGS, "two-readings",
        "This can be read in two ways: write it with a dot and two decimals, or configure the site's decimal \
         mark.";
    WRITE_DECIMAL, "write-decimal", "Write digits with a dot as decimal mark and nothing else, such as 180.75.";
    WRITE_WHOLE, "write-whole", "Write a whole number, digits and nothing else, such as 3.";
    NOT_BELOW_ZERO, "not-below-zero", "Write a number of 0 or more.";
    WRITE_UP_TO, "write-up-to", "Write a number from 0 to {limit}.";
    TOO_MANY_DIGITS, "too-many-digits", "The number has too many digits.";
    WRITE_CURRENCY, "write-currency", "Write the currency as its ISO 4217 code, such as EUR.";
    AMOUNT_KEPT, "amount-kept", "The purchase's currency is {currency}; the amount is kept as it is.";
    AMOUNTS_TAKEN, "amounts-taken",
        "The site is configured for {configured}; the amounts are taken in the currency that the page names.";

    WRITE_DATE, "write-date", "Write the date as ISO 8601 with its zone, such as 2024-09-13T10:49:31+02:00.";
    NO_SUCH_DATE, "no-such-date",
        "This date or time does not exist; write an existing one.";
    ADD_ZONE, "add-zone",
        "Add the zone, such as Z or +02:00, or configure the site's time zone: the instant is not known.";
    WRITE_ADDRESS, "write-address", "Write the whole http or https address, such as https://shop.example/product.";
    NO_EMAIL, "no-email", "The buyer's e-mail is no address such as name@shop.example, and was left out.";
    UNKNOWN_STATUS, "unknown-status",
        "This status is not known: configure the shop's platform (data-platform), or name the status \
         in data-order-statuses, such as \"awaiting_stock=pending\" or \"sent=completed:placed\".";

    NO_ITEMS, "no-items", "The purchase has no product_basket_item, so no platform can tell what was bought.";
    TOO_MANY_ITEMS, "too-many-items",
        "A purchase has at most {limit} items; send the others as a purchase of their own.";
    WRITE_ITEM, "write-item", "An item must be an object with the item's fields.";
    QUANTITY_IS_ONE, "quantity-is-one", "No quantity is given, which GA4 counts as 1.";
    LINE_PRICE_COMPUTED, "line-price-computed", "GA4 has no line price: it is the unit price times the quantity.";
    NO_LINE_PRICE, "no-line-price", "The line's price cannot be computed without its unit price and quantity.";
    UNITS_COUNTED, "units-counted", "GA4 has no total quantity: it is the sum of the items'.";
    NO_UNITS, "no-units", "The units cannot be counted: give every item a whole quantity.";

    NOT_JSON, "not-json", "This is not JSON: {error}; print it with a JSON encoder.";
    NO_PURCHASE, "no-purchase",
        "No purchase was found in the data: give it at least purchase_id, total_quantity and total_price.";
    SEVERAL_PURCHASES, "several-purchases",
        "{count} purchases were found where one is expected: give each a call or script element of its own.";
    NOT_LISTED, "not-listed", "{count} further problems are not listed.";
}
