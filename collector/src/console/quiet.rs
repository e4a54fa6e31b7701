//! Shops from which nothing has come for too long.

use crate::store::console::{HOUR_MS, SiteRow};
use purchase_core::wire::is_site_key;

/// Hours without a purchase after which a shop is called quiet, unless an option says otherwise.
const QUIET_HOURS: u32 = 24;

/// One `--quiet-hours [KEY=]HOURS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietOption {
    /// The shop's key; all shops if none.
    site: Option<String>,
    /// 0 calls no shop quiet.
    hours: u32,
}

impl QuietOption {
    /// Reads the option's text.
    ///
    /// # Errors
    /// A sentence if the key or the number is malformed.
    pub fn parse(text: &str) -> Result<QuietOption, &'static str> {
        let wrong = "write HOURS or KEY=HOURS, such as 24 or demo=6; 0 turns the warning off";
        let (site, hours) = match text.split_once('=') {
            Some((site, hours)) if is_site_key(site) => (Some(site.to_owned()), hours),
            Some(_) => return Err(wrong),
            None => (None, text),
        };
        Ok(QuietOption {
            site,
            hours: hours.parse().map_err(|_| wrong)?,
        })
    }
}

/// How long each shop may be quiet.
#[derive(Clone, Debug)]
pub struct QuietHours {
    options: Vec<QuietOption>,
}

impl QuietHours {
    /// The last option for a shop counts.
    pub fn new(options: &[QuietOption]) -> QuietHours {
        QuietHours {
            options: options.to_vec(),
        }
    }

    /// In hours; 0: for ever.
    pub fn of(&self, site: &str) -> u32 {
        let last = |wanted: Option<&str>| {
            self.options
                .iter()
                .rev()
                .find(|option| option.site.as_deref() == wanted)
        };
        last(Some(site))
            .or_else(|| last(None))
            .map_or(QUIET_HOURS, |option| option.hours)
    }

    /// Those of the shops that are quiet at `now` (milliseconds since 1970), each with its hours. A shop that never had a purchase
    /// is being set up, not quiet; one that is not configured any more is expected to be, so leave it out.
    pub fn warnings<'a>(&self, sites: impl IntoIterator<Item = &'a SiteRow>, now: i64) -> Vec<(SiteRow, u32)> {
        let hours = sites.into_iter().map(|site| (site, self.of(&site.site)));
        hours
            .filter(|(site, hours)| *hours > 0 && now - site.last_at >= i64::from(*hours) * HOUR_MS)
            .map(|(site, hours)| (site.clone(), hours))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_is_quiet_after_its_own_hours() {
        let options = ["12", "shop-a=2", "shop-b=0"].map(|text| QuietOption::parse(text).expect("well-formed"));
        let quiet = QuietHours::new(&options);
        let site = |site: &str, last_at| SiteRow {
            site: site.to_owned(),
            last_at,
        };
        let sites = [site("shop-a", 0), site("shop-b", 0), site("shop-c", 0)];
        let warned = |now| -> Vec<String> {
            quiet
                .warnings(&sites, now)
                .into_iter()
                .map(|(site, _)| site.site)
                .collect()
        };
        assert_eq!(warned(2 * HOUR_MS - 1), Vec::<String>::new());
        assert_eq!(warned(2 * HOUR_MS), ["shop-a"]);
        assert_eq!(warned(12 * HOUR_MS), ["shop-a", "shop-c"]);
        assert_eq!(QuietHours::new(&[]).of("any"), QUIET_HOURS);
        for wrong in ["", "x", "-1", "=3", "de mo=3", "demo="] {
            assert!(QuietOption::parse(wrong).is_err(), "{wrong}");
        }
    }
}
