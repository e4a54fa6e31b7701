//! Amounts as JSON numbers, digit by digit.

use purchase_core::purchase::Decimal;
use serde_json::value::RawValue;

/// The amount's own digits as a JSON number: no binary float is anywhere near, and no platform gets a text.
pub fn number(amount: &Decimal) -> Box<RawValue> {
    // Canonical amounts are JSON numbers.
    RawValue::from_string(amount.as_str().to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Whether it is more than nothing.
pub fn is_positive(amount: &Decimal) -> bool {
    amount.as_str() != "0"
}
