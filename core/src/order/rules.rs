//! What a shop's statuses mean: its own words first, then its platform's, then the five states' names.

use super::{Platform, Standing, State};

/// Most configured statuses that are read; further ones are left out.
pub const CUSTOM_MAX: usize = 64;

/// Longest configured status, in characters; a longer one is left out.
pub const STATUS_CHARS_MAX: usize = 64;

/// What the shop configured about its statuses. The default knows the five states' names only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusRules<'a> {
    /// The shop's platform.
    pub platform: Option<Platform>,
    /// The shop's own statuses as configured: `awaiting_stock=pending, enviado=completed:placed`. Each is `name=state`, with
    /// `:placed` behind it if an order in it counts as a purchase. A malformed entry is left out.
    pub custom: Option<&'a str>,
}

impl StatusRules<'_> {
    /// What a status means; none if neither the shop nor its platform knows it. The shop's own words win over the platform's.
    /// Blanks around a status and capitals do not matter.
    pub fn find(&self, status: &str) -> Option<Standing> {
        let status = status.trim();
        self.custom(status).or_else(|| match self.platform {
            Some(platform) => platform.standing(status),
            None => State::from_name(status).map(|_| Standing::of_status(status)),
        })
    }

    /// As [`StatusRules::find`]; a status that nobody knows has the state [`State::Unknown`], and counts as placed only by the
    /// rule of a platform that counts everything it does not exclude.
    pub fn standing(&self, status: &str) -> Standing {
        self.find(status).unwrap_or(match self.platform {
            Some(platform) => platform.standing_of_unknown(),
            None => Standing {
                state: State::Unknown,
                placed: false,
            },
        })
    }

    fn custom(&self, status: &str) -> Option<Standing> {
        let entries = self.custom.unwrap_or_default().split(',').take(CUSTOM_MAX);
        entries
            .filter_map(entry)
            .find(|(name, _)| name.eq_ignore_ascii_case(status))
            .map(|(_, standing)| standing)
    }
}

/// Reads `name=state[:placed]`.
fn entry(text: &str) -> Option<(&str, Standing)> {
    let (name, meaning) = text.rsplit_once('=')?;
    let name = name.trim();
    let (state, placed) = match meaning.split_once(':') {
        Some((state, placed)) => (state, Some(placed.trim())),
        None => (meaning, None),
    };
    if !(1..=STATUS_CHARS_MAX).contains(&name.chars().count()) || placed.is_some_and(|word| word != "placed") {
        return None;
    }
    let standing = Standing {
        state: State::from_name(state.trim())?,
        placed: placed.is_some(),
    };
    Some((name, standing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(platform: Option<Platform>, custom: &str) -> StatusRules<'_> {
        StatusRules {
            platform,
            custom: Some(custom),
        }
    }

    #[track_caller]
    fn means(rules: StatusRules<'_>, status: &str, state: State, placed: bool) {
        assert_eq!(rules.standing(status), Standing { state, placed }, "{status}");
    }

    #[test]
    fn the_shop_wins_over_its_platform_and_the_platform_over_the_states_names() {
        let own = rules(
            Some(Platform::WooCommerce),
            " Processing = completed : placed ,x=canceled",
        );
        means(own, "PROCESSING ", State::Completed, true);
        means(own, "on-hold", State::Pending, false);
        means(own, "X", State::Canceled, false);
        means(own, "created", State::Unknown, false);
        let names = StatusRules::default();
        means(names, "completed", State::Completed, true);
        means(names, " cancelled ", State::Canceled, false);
        means(names, "paid", State::Unknown, false);
    }

    #[test]
    fn what_nobody_knows_counts_where_everything_does_that_is_not_excluded() {
        means(rules(Some(Platform::Magento2), ""), "gift", State::Unknown, true);
        means(rules(Some(Platform::BigCommerce), ""), "15", State::Unknown, true);
        means(rules(Some(Platform::Shift4Shop), ""), "5", State::Unknown, false);
        assert_eq!(rules(Some(Platform::Magento2), "").find("gift"), None);
    }

    #[test]
    fn malformed_entries_are_left_out_and_the_others_stay() {
        let own = rules(
            None,
            "=pending,a=,b=paid,c=pending:paid,d=pending:,,e,x=y=pending,ok=pending",
        );
        for status in ["", "a", "b", "c", "d", "e", "y"] {
            assert_eq!(own.find(status), None, "{status}");
        }
        means(own, "x=y", State::Pending, false);
        means(own, "ok", State::Pending, false);
    }

    #[test]
    fn number_and_length_are_bounded() {
        let many = "a=pending,".repeat(CUSTOM_MAX) + "b=pending";
        assert_eq!(rules(None, &many).find("b"), None);
        let longest = "c".repeat(STATUS_CHARS_MAX);
        let text = longest.clone() + "=pending," + &longest + "c=pending";
        means(rules(None, &text), &longest, State::Pending, false);
        assert_eq!(rules(None, &text).find(&(longest + "c")), None);
    }
}
