//! The cart, kept whole in one cookie: `<cart id>~<reference>:<units>~…`.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;

use crate::{
    amount::Cents,
    catalogue::{self, Product},
};

/// Cookies do not tell ports apart, so the name tells whose it is.
const COOKIE: &str = "demo_shop_cart";
/// Units of one product in a cart.
pub const UNITS_MAX: u64 = 99;

/// Products to buy; at most one line per product of the catalogue.
#[derive(Default)]
pub struct Cart {
    /// Empty until the first product is added.
    pub id: String,
    lines: Vec<(&'static Product, u64)>,
}

impl Cart {
    /// The cart in the request's cookie; what cannot be read is left out.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let text = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .map_or("", |(_, value)| value);
        let mut parts = text.split('~');
        let mut cart = Self::default();
        let id = parts.next().unwrap_or_default();
        if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
            id.clone_into(&mut cart.id);
        }
        for (sku, units) in parts.filter_map(|part| part.split_once(':')) {
            if let Ok(units) = units.parse() {
                cart.set(sku, units);
            }
        }
        cart
    }

    /// The cookie that keeps this cart; an empty cart removes it.
    pub fn cookie(&self) -> HeaderValue {
        let lines: String = self
            .lines
            .iter()
            .map(|(product, units)| format!("~{}:{units}", product.sku))
            .collect();
        let (value, age) = if lines.is_empty() {
            (String::new(), "; Max-Age=0")
        } else {
            (self.id.clone() + &lines, "")
        };
        HeaderValue::try_from(format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax{age}"))
            .unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// Puts `units` more of a product into the cart, and gives the cart an id if it has none.
    pub fn add(&mut self, sku: &str, units: u64) {
        let present = self
            .lines
            .iter()
            .find(|(product, _)| product.sku == sku)
            .map_or(0, |(_, units)| *units);
        self.set(sku, present.saturating_add(units));
        if self.id.is_empty() {
            self.id = next_number().to_string();
        }
    }

    /// Makes it `units` of a product, at most [`UNITS_MAX`] and no more than the shop has; none removes the line.
    pub fn set(&mut self, sku: &str, units: u64) {
        let Some(product) = Product::by_sku(sku) else { return };
        let units = units.min(if product.last_piece { 1 } else { UNITS_MAX });
        match self.lines.iter().position(|(present, _)| present.sku == sku) {
            Some(at) if units == 0 => drop(self.lines.remove(at)),
            Some(at) => self.lines[at].1 = units,
            None if units > 0 => self.lines.push((product, units)),
            None => {}
        }
    }

    /// Product and units of each line, in the order in which they were added.
    pub fn lines(&self) -> &[(&'static Product, u64)] {
        &self.lines
    }

    /// All units.
    pub fn units(&self) -> u64 {
        self.lines.iter().map(|(_, units)| units).sum()
    }

    /// The lines' sum, without shipping.
    pub fn sum(&self) -> Cents {
        self.lines
            .iter()
            .fold(Cents(0), |sum, (product, units)| sum.plus(product.price.times(*units)))
    }

    /// The sum with shipping.
    pub fn total(&self) -> Cents {
        self.sum().plus(catalogue::shipping(self.sum()))
    }
}

/// A new cart or order number. Numbers follow the clock, so that they do not start again when the shop is started
/// again while a collector remembers the earlier ones.
pub fn next_number() -> u64 {
    /// Start of 2025, in seconds since 1970.
    const EPOCH: u64 = 1_735_689_600;
    static LAST: AtomicU64 = AtomicU64::new(0);
    let now = u64::try_from(Timestamp::now().as_second())
        .unwrap_or(EPOCH)
        .saturating_sub(EPOCH);
    let step = |last: u64| Some(now.max(last.saturating_add(1)));
    // The closure always answers, so both arms hold the last number.
    let last = LAST
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
        .unwrap_or_else(|last| last);
    now.max(last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cart(cookie: &str) -> Cart {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::try_from(format!("a=b; {COOKIE}={cookie}; c=d")).unwrap(),
        );
        Cart::from_headers(&headers)
    }

    #[test]
    fn a_cart_survives_its_cookie() {
        let cart = cart("77~SKU-987:3~SKU-114:1");
        assert_eq!((cart.units(), cart.total()), (4, Cents(19_965)));
        let cookie = cart.cookie();
        assert!(
            cookie
                .to_str()
                .unwrap()
                .starts_with("demo_shop_cart=77~SKU-987:3~SKU-114:1; Path=/;")
        );
    }

    #[test]
    fn nonsense_in_the_cookie_is_left_out() {
        let cart = cart("x'y~SKU-987:-1~SKU-000:2~SKU-205~~SKU-508:7~SKU-114:99999999999999999999~SKU-330:500");
        let lines: Vec<_> = cart
            .lines()
            .iter()
            .map(|(product, units)| (product.sku, *units))
            .collect();
        assert_eq!(lines, [("SKU-508", 1), ("SKU-330", UNITS_MAX)]);
        assert_eq!(cart.id, "");
    }

    #[test]
    fn numbers_never_repeat() {
        let first = next_number();
        assert!(next_number() > first);
    }
}
