//! What to do about a purchase that was not passed on: one code each. The texts are the console's (`pass-advice-` and the code).

/// A cause, with what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is explained by its text in the console's languages")]
pub enum Advice {
    NoContact,
    HashedContact,
    TotalNotPositive,
    NoLines,
    TooLarge,
    Unreachable,
    TimedOut,
    NoCertificates,
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

/// Advice and code.
const TABLE: [(Advice, &str); 23] = [
    (Advice::NoContact, "no-contact"),
    (Advice::HashedContact, "hashed-contact"),
    (Advice::TotalNotPositive, "total-not-positive"),
    (Advice::NoLines, "no-lines"),
    (Advice::TooLarge, "too-large"),
    (Advice::Unreachable, "unreachable"),
    (Advice::TimedOut, "timed-out"),
    (Advice::NoCertificates, "no-certificates"),
    (Advice::ServerError, "server-error"),
    (Advice::Throttled, "throttled"),
    (Advice::Credentials, "credentials"),
    (Advice::Scope, "scope"),
    (Advice::WrongAddress, "wrong-address"),
    (Advice::Redirected, "redirected"),
    (Advice::Refused, "refused"),
    (Advice::ContactUnknown, "contact-unknown"),
    (Advice::ProductsUnknown, "products-unknown"),
    (Advice::ProductDomain, "product-domain"),
    (Advice::NotFoundYet, "not-found-yet"),
    (Advice::NeverSeen, "never-seen"),
    (Advice::Interrupted, "interrupted"),
    (Advice::Unconfigured, "unconfigured"),
    (Advice::Unreadable, "unreadable"),
];

impl Advice {
    /// The name used in the database.
    pub fn code(self) -> &'static str {
        TABLE.iter().find(|(advice, _)| *advice == self).map_or("", |row| row.1)
    }

    /// The inverse of [`Advice::code`].
    pub fn from_code(code: &str) -> Option<Advice> {
        TABLE.iter().find(|row| row.1 == code).map(|row| row.0)
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
    fn every_advice_has_its_own_code() {
        for advice in Advice::all() {
            assert_eq!(Advice::from_code(advice.code()), Some(advice));
        }
        // The last of the enumeration: a new one must get its row.
        assert_eq!(Advice::all().count(), Advice::Unreadable as usize + 1);
    }
}
