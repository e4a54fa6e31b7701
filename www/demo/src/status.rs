//! What became of an order, in WooCommerce's words, and what those words mean where no platform is configured.
//!
//! Words: <https://woocommerce.github.io/code-reference/classes/Automattic-WooCommerce-Enums-OrderStatus.html>.

use clap::ValueEnum;

/// Whose words the shop prints and sends, and names in the tag's `data-platform`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Platform {
    /// WooCommerce
    Woocommerce,
}

impl Platform {
    /// The value of `data-platform`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Woocommerce => "woocommerce",
        }
    }
}

/// The status of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Placed; the payment has not been heard of.
    Pending,
    /// Paid.
    Processing,
    /// Placed, and to be paid later: a voucher, a bank transfer.
    OnHold,
    /// Paid and sent.
    Completed,
    /// The shopper canceled the payment.
    Cancelled,
    /// The payment was refused.
    Failed,
}

/// Each status, its WooCommerce word, the purchase tag's word for the same, and whether the order is paid.
const TABLE: [(Status, &str, &str, bool); 6] = [
    (Status::Pending, "pending", "pending", false),
    (Status::Processing, "processing", "completed", true),
    (Status::OnHold, "on-hold", "pending", false),
    (Status::Completed, "completed", "completed", true),
    (Status::Cancelled, "cancelled", "canceled", false),
    (Status::Failed, "failed", "canceled", false),
];

impl Status {
    /// The WooCommerce word.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The inverse of [`Status::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE
            .into_iter()
            .find_map(|(status, word, ..)| (word == name).then_some(status))
    }

    /// The word that the tag and the collector understand: the platform's own where `data-platform` names it, else one of
    /// the tag's states.
    pub fn word(self, platform: Option<Platform>) -> &'static str {
        match platform {
            Some(Platform::Woocommerce) => self.name(),
            None => self.row().2,
        }
    }

    /// Whether the money arrived.
    pub fn is_paid(self) -> bool {
        self.row().3
    }

    /// Whether a notification changes an order from this status to `next`. What is paid stays paid, since notifications
    /// may arrive in any order and more than once.
    pub fn may_become(self, next: Self) -> bool {
        self != next && (!self.is_paid() || next == Self::Completed)
    }

    fn row(self) -> (Self, &'static str, &'static str, bool) {
        // Every status has a row; the first stands for none.
        TABLE
            .into_iter()
            .find(|(status, ..)| *status == self)
            .unwrap_or(TABLE[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_a_row_and_its_word_is_read_back() {
        for (status, word, ..) in TABLE {
            assert_eq!(status.row().0, status);
            assert_eq!(Status::from_name(word), Some(status));
        }
        assert_eq!(Status::from_name("paid"), None);
    }

    #[test]
    fn without_a_platform_the_words_are_the_tags_own() {
        let words = |platform| TABLE.map(|(status, ..)| status.word(platform));
        let states = ["pending", "completed", "pending", "completed", "canceled", "canceled"];
        assert_eq!(words(None), states);
        let words = words(Some(Platform::Woocommerce));
        assert_eq!(words, TABLE.map(|(_, word, ..)| word));
    }

    #[test]
    fn what_is_paid_stays_paid() {
        use Status::{Cancelled, Completed, Failed, OnHold, Pending, Processing};
        for late in [Pending, OnHold, Cancelled, Failed, Processing] {
            assert!(!Processing.may_become(late) && !Completed.may_become(late), "{late:?}");
        }
        assert!(Processing.may_become(Completed));
        for before in [Pending, OnHold, Cancelled, Failed] {
            assert!(before.may_become(Processing), "{before:?}");
            assert!(!before.may_become(before), "{before:?}");
        }
    }
}
