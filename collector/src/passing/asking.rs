//! How long a platform that does not tell repeats apart is asked for a purchase before it is sent again: a purchase that is sent
//! twice is there twice, and fires the merchant's workflows twice.

/// How often a purchase is asked for in vain before it counts as not there. With the default `verify_ms` of half a minute the
/// last time is 63 minutes after the sending.
pub const ASKED_MAX: i64 = 7;

/// How often a purchase is accepted, and then not there to the end of the asking, before it is given up.
pub const UNSEEN_MAX: i64 = 3;

/// Milliseconds until it is asked for the next time, after it was asked for `asked` times in vain: `verify_ms`, doubled each time.
pub fn pause_ms(asked: i64, verify_ms: i64) -> i64 {
    let times = u32::try_from(asked.clamp(0, ASKED_MAX)).unwrap_or_default();
    verify_ms.saturating_mul(1_i64 << times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_to_an_hour() {
        let pauses: Vec<_> = (0..ASKED_MAX).map(|asked| pause_ms(asked, 30_000) / 1_000).collect();
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1_920]);
        assert_eq!(pauses.iter().sum::<i64>() / 60, 63);
        assert_eq!(pause_ms(i64::MAX, i64::MAX), i64::MAX);
    }
}
