//! How long to wait after a failure: full jitter.

/// Milliseconds to wait before the attempt after `failures` of them: even between 0 and a limit that doubles from `min` up to
/// `max`, so that purchases that failed together do not come back together
/// (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>). `random` is even in 0..1.
pub fn delay_ms(failures: u32, min: i64, max: i64, random: f64) -> i64 {
    let doubled = min.saturating_mul(
        1_i64
            .checked_shl(failures.saturating_sub(1).min(40))
            .unwrap_or(i64::MAX),
    );
    let limit = doubled.clamp(min.min(max), max);
    // Below 2^53 nothing is lost; a limit is days at most.
    (limit as f64 * random) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_double_and_end() {
        for (failures, expected) in [
            (0, 1_000),
            (1, 1_000),
            (2, 2_000),
            (5, 16_000),
            (7, 60_000),
            (u32::MAX, 60_000),
        ] {
            assert_eq!(delay_ms(failures, 1_000, 60_000, 1.0), expected, "{failures}");
            assert_eq!(delay_ms(failures, 1_000, 60_000, 0.0), 0);
        }
        assert_eq!(delay_ms(2, 1_000, 60_000, 0.25), 500);
    }
}
