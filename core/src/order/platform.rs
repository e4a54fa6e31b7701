//! What a shop platform's own order statuses mean, as data.
//!
//! Whether a status counts as placed is Klaviyo's rule for the platform, to the letter
//! (<https://help.klaviyo.com/hc/de-de/articles/7000906101019>). The states of WooCommerce and PrestaShop are those of E-goi's
//! own modules (`E-goi/smart-marketing-for-wp`, `E-goi/smart-marketing-for-ps_1.7`); nobody documents those of Magento 2, BigCommerce
//! and Shift4Shop: they are INFERRED from what E-goi says of its five states
//! (<https://helpdesk.e-goi.com/841030-Syncing-your-online-shop-orders-with-E-goi>), a refunded order being `completed` as E-goi has
//! it for WooCommerce.

use super::{
    Standing, State,
    State::{Canceled, Completed, Created, Pending},
};

/// A shop platform whose statuses are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Only Processing counts as placed.
    WooCommerce,
    /// Only "Processing in progress", state 3, counts as placed. Statuses are numbers: their names are the shop's own.
    PrestaShop,
    /// Everything but `pending_payment` counts as placed.
    Magento2,
    /// Everything but Incomplete, Pending and Awaiting Payment counts as placed.
    BigCommerce,
    /// Only Processing and Shipped, 2 and 4, count as placed.
    Shift4Shop,
}

/// Spellings, separated by `|`; the state; whether it counts as placed.
type Row = (&'static str, State, bool);

/// Spellings: <https://woocommerce.github.io/code-reference/classes/Automattic-WooCommerce-Enums-OrderStatus.html>
const WOO_COMMERCE: [Row; 8] = [
    ("checkout-draft|draft", Created, false),
    ("pending|pending payment", Pending, false),
    ("on-hold", Pending, false),
    ("processing", Pending, true),
    ("completed", Completed, false),
    ("refunded", Completed, false),
    ("cancelled|canceled", Canceled, false),
    ("failed", Canceled, false),
];

/// Numbers: `install-dev/data/xml/order_state.xml` of PrestaShop/PrestaShop. That Processing is number 3 is INFERRED.
const PRESTA_SHOP: [Row; 5] = [
    ("1|2", Created, false),
    ("3", Pending, true),
    ("9|10|11|12|13", Pending, false),
    ("4|5", Completed, false),
    ("6|7|8", Canceled, false),
];

/// Spellings: <https://docs.magento.com/user-guide/v2.3/sales/order-status.html>, which misspells the last one as `paypay_`.
const MAGENTO_2: [Row; 12] = [
    ("pending_payment", Created, false),
    ("pending", Pending, true),
    ("pending_paypal", Pending, true),
    ("payment_review", Pending, true),
    ("fraud", Pending, true),
    ("holded", Pending, true),
    ("processing", Pending, true),
    ("complete", Completed, true),
    ("closed", Completed, true),
    ("canceled", Canceled, true),
    ("paypal_reversed", Canceled, true),
    ("paypal_canceled_reversal|paypay_canceled_reversal", Pending, true),
];

/// Numbers and names: <https://developer.bigcommerce.com/api-reference/7e41c00dafd04-get-a-single-order-status-by-id>
const BIG_COMMERCE: [Row; 15] = [
    ("0|incomplete", Created, false),
    ("1|pending", Pending, false),
    ("2|shipped", Completed, true),
    ("3|partially shipped", Completed, true),
    ("4|refunded", Completed, true),
    ("5|cancelled", Canceled, true),
    ("6|declined", Canceled, true),
    ("7|awaiting payment", Pending, false),
    ("8|awaiting pickup", Pending, true),
    ("9|awaiting shipment", Pending, true),
    ("10|completed", Completed, true),
    ("11|awaiting fulfillment", Pending, true),
    ("12|manual verification required", Pending, true),
    ("13|disputed", Pending, true),
    ("14|partially refunded", Completed, true),
];

/// Names: <http://docs.3dcart.com/Default.asp?page=1008>. The numbers are INFERRED from the list's order, which the further four
/// queues are not part of.
const SHIFT4_SHOP: [Row; 8] = [
    ("1|new", Created, false),
    ("2|processing", Pending, true),
    ("3|partial", Completed, false),
    ("4|shipped", Completed, true),
    ("cancel", Canceled, false),
    ("hold", Pending, false),
    ("not completed", Created, false),
    ("unpaid", Pending, false),
];

impl Platform {
    const ALL: [Platform; 5] = [
        Platform::WooCommerce,
        Platform::PrestaShop,
        Platform::Magento2,
        Platform::BigCommerce,
        Platform::Shift4Shop,
    ];

    /// The configuration's spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Platform::WooCommerce => "woocommerce",
            Platform::PrestaShop => "prestashop",
            Platform::Magento2 => "magento2",
            Platform::BigCommerce => "bigcommerce",
            Platform::Shift4Shop => "shift4shop",
        }
    }

    /// The inverse of [`Platform::name`]; blanks around it and capitals do not matter.
    pub fn from_name(name: &str) -> Option<Platform> {
        let name = name.trim();
        Platform::ALL
            .into_iter()
            .find(|platform| platform.name().eq_ignore_ascii_case(name))
    }

    /// What one of the platform's own statuses means; none if it has no such status. Blanks around it and capitals do not
    /// matter, and a blank, `-` and `_` are the same, so that a displayed name is understood as well as a stored one.
    pub fn standing(self, status: &str) -> Option<Standing> {
        let status = status.trim();
        let status = match self {
            // The form in the data base.
            Platform::WooCommerce => status.strip_prefix("wc-").unwrap_or(status),
            _ => status,
        };
        let mut rows = self.rows().iter();
        let (_, state, placed) = rows.find(|(names, ..)| names.split('|').any(|name| is_same(name, status)))?;
        Some(Standing {
            state: *state,
            placed: *placed,
        })
    }

    /// Of a status that the platform does not have nobody can tell the state; whether it counts follows from the rule.
    pub const fn standing_of_unknown(self) -> Standing {
        Standing {
            state: State::Unknown,
            placed: matches!(self, Platform::Magento2 | Platform::BigCommerce),
        }
    }

    const fn rows(self) -> &'static [Row] {
        match self {
            Platform::WooCommerce => &WOO_COMMERCE,
            Platform::PrestaShop => &PRESTA_SHOP,
            Platform::Magento2 => &MAGENTO_2,
            Platform::BigCommerce => &BIG_COMMERCE,
            Platform::Shift4Shop => &SHIFT4_SHOP,
        }
    }
}

fn is_same(a: &str, b: &str) -> bool {
    let plain = |byte: u8| match byte {
        b' ' | b'_' => b'-',
        other => other.to_ascii_lowercase(),
    };
    a.len() == b.len() && a.bytes().map(plain).eq(b.bytes().map(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for platform in Platform::ALL {
            assert_eq!(Platform::from_name(platform.name()), Some(platform));
        }
        assert_eq!(Platform::from_name(" WooCommerce\n"), Some(Platform::WooCommerce));
        assert_eq!(Platform::from_name("shopify"), None);
    }

    #[test]
    fn no_spelling_stands_twice() {
        for platform in Platform::ALL {
            let names = || platform.rows().iter().flat_map(|(names, ..)| names.split('|'));
            for name in names() {
                let same = names().filter(|other| is_same(other, name));
                assert_eq!(same.count(), 1, "{name} of {platform:?}");
            }
        }
    }

    #[test]
    fn every_spelling_means_its_own_row() {
        for platform in Platform::ALL {
            for (names, state, placed) in platform.rows() {
                for name in names.split('|') {
                    let expected = Standing {
                        state: *state,
                        placed: *placed,
                    };
                    assert_eq!(platform.standing(name), Some(expected), "{name} of {platform:?}");
                }
            }
        }
    }
}
