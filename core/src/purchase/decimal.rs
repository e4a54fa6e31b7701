//! An exact, non-negative decimal number.

use alloc::{string::String, vec, vec::Vec};
use core::fmt;
use serde::{Serialize, Serializer};

/// Most digits before the mark.
pub const WHOLE_DIGITS_MAX: usize = 16;

/// Most digits after the mark, trailing zeros not counted.
pub const FRACTION_DIGITS_MAX: usize = 18;

/// An exact amount, 0 or more. Kept as its canonical text (no leading zero but one, no trailing zeros, a dot as mark), so
/// equal amounts are equal texts and no binary float is anywhere near.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// From digits before and after the mark. None if there are more of them than the limits allow, or other characters.
    pub fn from_digits(whole: &str, fraction: &str) -> Option<Decimal> {
        if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() > WHOLE_DIGITS_MAX || fraction.len() > FRACTION_DIGITS_MAX {
            return None;
        }
        let mut text = String::from(if whole.is_empty() { "0" } else { whole });
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        Some(Decimal(text))
    }

    /// The canonical text, such as `180.75` or `0`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits before the mark, as a number.
    pub fn whole_part(&self) -> u64 {
        // At most 16 digits always fit.
        self.parts().0.parse().unwrap_or(u64::MAX)
    }

    /// Whether this is more than `limit`.
    pub fn exceeds(&self, limit: u64) -> bool {
        let (whole, fraction) = (self.whole_part(), self.parts().1);
        whole > limit || (whole == limit && !fraction.is_empty())
    }

    /// The value as a whole number; none if it has a fraction.
    pub fn whole(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The product with a count. None if it exceeds the limits.
    pub fn times(&self, count: u64) -> Option<Decimal> {
        let (whole, fraction) = self.parts();
        // Schoolbook multiplication, least digit first: a count below 2^53 times 9 and a carry fit in 64 bits.
        let mut digits: Vec<u8> = vec![];
        let mut carry: u64 = 0;
        for digit in whole.bytes().chain(fraction.bytes()).rev() {
            carry = carry.checked_add(count.checked_mul(u64::from(digit - b'0'))?)?;
            digits.push(b'0' + (carry % 10) as u8);
            carry /= 10;
        }
        while carry > 0 || digits.len() <= fraction.len() {
            digits.push(b'0' + (carry % 10) as u8);
            carry /= 10;
        }
        digits.reverse();
        let text = String::from_utf8(digits).ok()?;
        let (whole, fraction) = text.split_at_checked(text.len().checked_sub(fraction.len())?)?;
        Decimal::from_digits(whole, fraction)
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('.').unwrap_or((&self.0, ""))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn product(whole: &str, fraction: &str, count: u64, expected: &str) {
        let value = Decimal::from_digits(whole, fraction).expect("within limits");
        assert_eq!(value.times(count).expect("within limits").as_str(), expected);
    }

    #[test]
    fn products_are_exact() {
        product("29", "97", 3, "89.91");
        product("0", "1", 3, "0.3");
        product("0", "05", 2, "0.1");
        product("12", "50", 0, "0");
        product("60", "25", 3, "180.75");
        assert_eq!(
            Decimal::from_digits("9999999999999999", "").and_then(|value| value.times(10)),
            None
        );
        assert_eq!(
            Decimal::from_digits("9999999999999999", "").and_then(|value| value.times(u64::MAX)),
            None
        );
    }

    #[test]
    fn limits_are_compared_exactly() {
        let value = Decimal::from_digits("5", "000001").expect("within limits");
        assert!(value.exceeds(5) && !value.exceeds(6));
        assert!(!Decimal::from_digits("5", "0").expect("within limits").exceeds(5));
    }
}
