//! Amounts in whole euro cents, and the texts in which a shop prints them.

use std::fmt::Write;

/// An amount in euro cents; sums and products stop at the largest value instead of overflowing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub u64);

/// So many euros and cents.
pub const fn euros(whole: u64, cents: u64) -> Cents {
    Cents(whole * 100 + cents)
}

impl Cents {
    /// `units` times this amount.
    pub fn times(self, units: u64) -> Self {
        Self(self.0.saturating_mul(units))
    }

    /// The sum of both.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// `1234.56`
    pub fn plain(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }

    /// `1234.560000`, as a decimal(20,6) column of a shop's database arrives on the page.
    pub fn six_decimals(self) -> String {
        format!("{}0000", self.plain())
    }

    /// `€1,234.56`
    pub fn english(self) -> String {
        format!("€{}.{:02}", grouped(self.0 / 100, ','), self.0 % 100)
    }

    /// `1.234,56 €` with a no-break space, as shops in southern Europe print it.
    pub fn continental(self) -> String {
        format!("{},{:02}\u{a0}€", grouped(self.0 / 100, '.'), self.0 % 100)
    }
}

fn grouped(whole: u64, mark: char) -> String {
    if whole < 1000 {
        return whole.to_string();
    }
    let mut text = grouped(whole / 1000, mark);
    // Writing to a String cannot fail.
    let _ = write!(text, "{mark}{:03}", whole % 1000);
    text
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn amounts_are_printed_in_each_form() {
        let amount = Cents(123_456);
        assert_eq!(amount.plain(), "1234.56");
        assert_eq!(amount.six_decimals(), "1234.560000");
        assert_eq!(amount.english(), "€1,234.56");
        assert_eq!(amount.continental(), "1.234,56\u{a0}€");
        assert_eq!(Cents(5).english(), "€0.05");
        assert_eq!(Cents(10_000_000_000).continental(), "100.000.000,00\u{a0}€");
    }

    #[test]
    fn large_amounts_stop_at_the_limit() {
        assert_eq!(Cents(u64::MAX).times(2).plus(Cents(1)), Cents(u64::MAX));
    }
}
