//! What the collector knows in the end of one shopper's orders and checkouts.

use std::fmt;

use serde_json::Value;

use super::shop::Shop;
use crate::collector::Collector;

/// What it should know; each list sorted.
#[derive(Clone, Copy, PartialEq)]
pub struct Expected {
    /// Of each order its state, and whether it counts as placed.
    pub orders: &'static [&'static str],
    /// Of each checkout its last reported state, and whether an order closed it.
    pub checkouts: &'static [&'static str],
}

/// What it does know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    orders: Vec<String>,
    checkouts: Vec<String>,
    /// The ids of the orders that count as placed.
    pub placed: Vec<String>,
    /// Orders of which it has two contents.
    pub conflicts: usize,
}

/// What an order that counts says at its end.
const PLACED: &str = ", placed";

impl Fate {
    /// Of the shopper of a shop.
    pub async fn of(collector: &Collector, shop: &Shop) -> Fate {
        let mut fate = Fate::default();
        for row in collector.purchases_of(&shop.site).await {
            let is_placed = row["placed"] == true;
            fate.orders.push(format!(
                "{}{}",
                text(&row["state"]),
                if is_placed { PLACED } else { "" }
            ));
            fate.placed.extend(is_placed.then(|| text(&row["purchase_id"])));
            fate.conflicts += usize::from(row["conflicts"] != 0);
        }
        for row in collector.checkouts_of(&shop.site).await {
            let end = if row["closed_by"].is_null() { "open" } else { "closed" };
            fate.checkouts.push(format!("{}, {end}", text(&row["state"])));
        }
        fate.orders.sort();
        fate.checkouts.sort();
        fate
    }

    /// Whether it is that.
    pub fn is(&self, expected: Expected) -> bool {
        self.orders == expected.orders && self.checkouts == expected.checkouts
    }
}

impl Expected {
    /// How many orders count as placed.
    pub fn placed(self) -> usize {
        self.orders.iter().filter(|order| order.ends_with(PLACED)).count()
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &self.orders, &self.checkouts)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.orders, self.checkouts)
    }
}

fn write<T: AsRef<str>>(f: &mut fmt::Formatter<'_>, orders: &[T], checkouts: &[T]) -> fmt::Result {
    let list = |rows: &[T]| match rows {
        [] => "none".to_owned(),
        rows => rows.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" + "),
    };
    write!(f, "{}; checkout {}", list(orders), list(checkouts))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("?").to_owned()
}
