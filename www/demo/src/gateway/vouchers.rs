//! Vouchers: payments that come later. They are kept in memory, so many, the oldest dropped.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

/// Vouchers that are kept.
const KEPT_MAX: usize = 1000;

/// One voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Voucher {
    /// The shop's order number.
    pub reference: String,
    /// What the shopper types in at the bank: three groups of three digits.
    pub number: String,
    /// Amount as text, with its currency.
    pub amount: String,
    /// Whether it was paid.
    pub paid: bool,
}

/// All vouchers.
#[derive(Default)]
pub struct Vouchers(Mutex<VecDeque<Voucher>>);

impl Vouchers {
    /// Issues a voucher for this order, or answers with the one that there is.
    pub fn issue(&self, reference: &str, amount: &str) -> Voucher {
        let mut kept = self.kept();
        if let Some(voucher) = kept.iter().find(|it| it.reference == reference) {
            return voucher.clone();
        }
        let voucher = Voucher {
            reference: reference.to_owned(),
            number: number(reference),
            amount: amount.to_owned(),
            paid: false,
        };
        if kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(voucher.clone());
        voucher
    }

    /// Pays the order's voucher; `false` if there is none. Twice is harmless.
    pub fn pay(&self, reference: &str) -> bool {
        let mut kept = self.kept();
        let found = kept.iter_mut().find(|it| it.reference == reference);
        found.map(|voucher| voucher.paid = true).is_some()
    }

    /// All of them, the newest first.
    pub fn all(&self) -> Vec<Voucher> {
        self.kept().iter().rev().cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Voucher>> {
        // No change is ever half done, so vouchers that were held during a panic are as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `100 010 023` of order `10023`.
fn number(reference: &str) -> String {
    let digits = reference.bytes().filter(u8::is_ascii_digit);
    let order = digits.fold(0_u64, |sum, digit| (sum * 10 + u64::from(digit - b'0')) % 900_000_000);
    let number = 100_000_000 + order;
    format!(
        "{} {:03} {:03}",
        number / 1_000_000,
        number / 1000 % 1000,
        number % 1000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_one_voucher_which_is_paid_once() {
        let vouchers = Vouchers::default();
        let voucher = vouchers.issue("10023", "€180.75");
        assert_eq!((voucher.number.as_str(), voucher.paid), ("100 010 023", false));
        assert!(!vouchers.pay("10024"));
        assert!(vouchers.pay("10023") && vouchers.pay("10023"));
        assert!(vouchers.issue("10023", "€180.75").paid);
        assert_eq!(vouchers.all().len(), 1);
    }

    #[test]
    fn the_oldest_are_dropped() {
        let vouchers = Vouchers::default();
        for order in 0..=KEPT_MAX {
            vouchers.issue(&order.to_string(), "€1.00");
        }
        assert_eq!(vouchers.all().len(), KEPT_MAX);
        assert!(!vouchers.pay("0") && vouchers.pay("1"));
    }
}
