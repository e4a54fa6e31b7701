//! What to do about a purchase that was not passed on: one code each, so that every text stands once per language.

/// A cause, with what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is explained by its text")]
pub enum Advice {
    NoContact,
    HashedContact,
    TotalNotPositive,
    NoLines,
    TooLarge,
    Unreachable,
    TimedOut,
    ServerError,
    Throttled,
    Credentials,
    Scope,
    WrongAddress,
    Redirected,
    Refused,
    ContactUnknown,
    ProductsUnknown,
    ProductDomain,
    NotFoundYet,
    NeverSeen,
    Interrupted,
    Unconfigured,
    Unreadable,
}

/// Advice, code, English text.
const TABLE: [(Advice, &str, &str); 22] = [
    (
        Advice::NoContact,
        "no-contact",
        "The purchase names no buyer and the platform takes none without one. Set data-contact=\"email\" on the shop's tag, and \
         print cn_client_info for guests too.",
    ),
    (
        Advice::HashedContact,
        "hashed-contact",
        "Only a hash of the buyer's address is kept, and the platform needs the address. Set data-contact=\"email\" on the shop's \
         tag.",
    ),
    (
        Advice::TotalNotPositive,
        "total-not-positive",
        "The platform takes no order without a total above zero. Nothing needs to be done for free orders.",
    ),
    (
        Advice::NoLines,
        "no-lines",
        "The platform takes no order without lines that have a product id, a quantity and a price. Add them to the shop's template.",
    ),
    (
        Advice::TooLarge,
        "too-large",
        "The purchase is larger than the platform takes. Register it at the platform by hand.",
    ),
    (
        Advice::Unreachable,
        "unreachable",
        "The platform could not be reached; it is tried again by itself. If it stays so, check the address and this machine's way out.",
    ),
    (
        Advice::TimedOut,
        "timed-out",
        "The platform did not answer in time; it is tried again by itself.",
    ),
    (
        Advice::ServerError,
        "server-error",
        "The platform has a problem of its own; it is tried again by itself.",
    ),
    (
        Advice::Throttled,
        "throttled",
        "The platform asks for fewer requests; it is tried again by itself when the platform allows it.",
    ),
    (
        Advice::Credentials,
        "credentials",
        "The platform does not accept the key. Put a valid one in place and restart the collector; what waits is passed on then.",
    ),
    (
        Advice::Scope,
        "scope",
        "The key may not do this, or the account is blocked. Give the key the right to write purchases and contacts; what waits is \
         passed on then.",
    ),
    (
        Advice::WrongAddress,
        "wrong-address",
        "There is nothing at the configured address. Check the destination's base_url, domain, list_id or url; what waits is passed \
         on then.",
    ),
    (
        Advice::Redirected,
        "redirected",
        "The configured address answers with another address, which is not followed because the key would go with it. Configure the \
         final address.",
    ),
    (
        Advice::Refused,
        "refused",
        "The platform refuses this purchase; its words are above. Mend the cause, then pass it on again.",
    ),
    (
        Advice::ContactUnknown,
        "contact-unknown",
        "The platform does not know the buyer, also after the contact was created. Check the contact in the platform, then pass the \
         purchase on again.",
    ),
    (
        Advice::ProductsUnknown,
        "products-unknown",
        "Products of this purchase are not in the platform's catalogue. Import them, then pass the purchase on again.",
    ),
    (
        Advice::ProductDomain,
        "product-domain",
        "A product's address is on a domain that the platform's account does not allow. Add the domain there, then pass the purchase \
         on again.",
    ),
    (
        Advice::NotFoundYet,
        "not-found-yet",
        "The platform does not show yet what was sent; it is asked again by itself for about an hour, and only then is the purchase \
         sent again.",
    ),
    (
        Advice::NeverSeen,
        "never-seen",
        "The platform accepted the purchase each time and never showed it. Look for it there by its number and ask the platform why; \
         pass it on again only if it is not there.",
    ),
    (
        Advice::Interrupted,
        "interrupted",
        "The collector was stopped during this attempt; it is tried again by itself.",
    ),
    (
        Advice::Unconfigured,
        "unconfigured",
        "The destination is not in the collector's configuration any more. Configure it again, or leave it.",
    ),
    (
        Advice::Unreadable,
        "unreadable",
        "The stored purchase cannot be read by this version of the collector. Run the version that stored it, or a later one.",
    ),
];

impl Advice {
    /// The name used in the database.
    pub fn code(self) -> &'static str {
        TABLE
            .iter()
            .find(|(advice, ..)| *advice == self)
            .map_or("", |row| row.1)
    }

    /// The inverse of [`Advice::code`].
    pub fn from_code(code: &str) -> Option<Advice> {
        TABLE.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// What to do, in English.
    pub fn text(self) -> &'static str {
        TABLE
            .iter()
            .find(|(advice, ..)| *advice == self)
            .map_or("", |row| row.2)
    }

    /// All of them, for catalogues of texts.
    pub fn all() -> impl Iterator<Item = Advice> {
        TABLE.iter().map(|row| row.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_advice_has_its_own_code_and_a_text() {
        for advice in Advice::all() {
            assert_eq!(Advice::from_code(advice.code()), Some(advice));
            assert!(advice.text().ends_with('.'), "{advice:?}");
        }
        // The last of the enumeration: a new one must get its row.
        assert_eq!(Advice::all().count(), Advice::Unreadable as usize + 1);
    }
}
