//! Judges what a message says by the rules that the message itself carries.

use purchase_core::{
    Judgement, Kind, Problem, Purchase, Rules, Zone,
    source::{Field, RawPurchase, RawValue},
    wire::PageConfig,
};

use crate::{problem::UNKNOWN_ZONE, redact, store::Totals, zone::SiteZone};

/// The judgement on a message's one purchase, or on its absence. A time zone nobody knows is a warning, and dates without a
/// zone stay as printed.
pub fn judge(purchase: Result<&RawPurchase, Problem>, config: &PageConfig, page: Option<&str>) -> Judgement {
    let raw = match purchase {
        Ok(raw) => raw,
        Err(problem) => {
            return Judgement {
                purchase: None,
                problems: vec![problem],
            };
        }
    };
    let zone = config.time_zone.as_deref().and_then(SiteZone::from_name);
    let zone = zone.as_ref().map(|zone| zone as &dyn Zone);
    let mut judgement = Purchase::parse(raw, &rules(config, zone, page));
    if let (None, Some(name)) = (zone, &config.time_zone) {
        judgement.problems.push(unknown_zone(name));
    }
    judgement
}

/// Longest payment method that is kept of a checkout, in characters; a longer text is none.
const METHOD_CHARS_MAX: usize = 256;

/// What a cart comes to, as far as it can be read. Each total is judged by itself, with the other one and the id made up,
/// because a cart has no id and a checkout is no less open for a total that cannot be read.
pub fn totals(contents: &RawPurchase, config: &PageConfig) -> Totals {
    let alone = |total: Field, other: Field| {
        let given = contents.fields.iter().filter(|(field, _)| *field == total).cloned();
        let made_up = [Field::PurchaseId, other].map(|field| (field, RawValue::Text("1".to_owned())));
        let raw = RawPurchase {
            fields: given.chain(made_up).collect(),
            currency: contents.currency.clone(),
            ..RawPurchase::default()
        };
        Purchase::parse(&raw, &rules(config, None, None)).purchase
    };
    let price = alone(Field::TotalPrice, Field::TotalQuantity);
    let quantity = alone(Field::TotalQuantity, Field::TotalPrice);
    let method = contents.fields.iter().find_map(|(field, value)| match value {
        RawValue::Text(text) if *field == Field::PaymentMethod => Some(text.trim()),
        _ => None,
    });
    Totals {
        payment_method: method
            .filter(|text| (1..=METHOD_CHARS_MAX).contains(&text.chars().count()))
            .and_then(redact::rest_without_person),
        currency: price
            .as_ref()
            .or(quantity.as_ref())
            .and_then(|purchase| purchase.currency)
            .map(|currency| currency.code().to_owned()),
        price: price.map(|purchase| purchase.total_price.to_string()),
        quantity: quantity.and_then(|purchase| i64::try_from(purchase.total_quantity).ok()),
    }
}

fn rules<'a>(config: &'a PageConfig, zone: Option<&'a dyn Zone>, page: Option<&'a str>) -> Rules<'a> {
    Rules {
        decimal: config.decimal,
        zone,
        currency: config.currency,
        contact: config.contact,
        page_url: page,
        statuses: config.statuses(),
    }
}

fn unknown_zone(name: &str) -> Problem {
    Problem::warning("config.time_zone", Kind::UnknownValue, name, UNKNOWN_ZONE.plain())
}
