//! The bytes of a file, as it is and packed as a server would.

use std::io::Write;
use std::ops::Add;

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

use crate::recipe::Budget;

/// What a file weighs, in bytes.
#[derive(Clone, Copy, Default, Debug)]
pub struct Weight {
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

impl Weight {
    /// Packs the bytes.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        // Quality 11 and a window of 2^22 bytes: the strongest that browsers accept.
        let parameters = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            ..Default::default()
        };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
        Ok(Self {
            raw: bytes.len(),
            gzip: gzip.finish()?.len(),
            brotli: packed.len(),
        })
    }

    /// A sentence for each measure that is above its budget.
    pub fn excess(self, name: &str, budget: Budget) -> Vec<String> {
        let measures = [("raw", self.raw, budget.raw), ("brotli", self.brotli, budget.brotli)];
        let over = measures.into_iter().filter(|(_, bytes, most)| bytes > most);
        over.map(|(kind, bytes, most)| format!("{name} is {} {kind} bytes above its budget of {most}", bytes - most))
            .collect()
    }
}

impl Add for Weight {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_makes_repetitive_bytes_smaller() {
        let weight = Weight::of(&b"purchase".repeat(100)).unwrap();
        assert_eq!(weight.raw, 800);
        assert!(weight.gzip < 60 && weight.brotli < 30, "{weight:?}");
    }

    #[test]
    fn each_measure_above_its_budget_is_named() {
        let weight = Weight {
            raw: 120,
            gzip: 60,
            brotli: 40,
        };
        assert!(weight.excess("glue", Budget { raw: 120, brotli: 40 }).is_empty());
        let excesses = weight.excess("glue", Budget { raw: 100, brotli: 30 });
        assert_eq!(
            excesses,
            [
                "glue is 20 raw bytes above its budget of 100",
                "glue is 10 brotli bytes above its budget of 30"
            ]
        );
    }
}
