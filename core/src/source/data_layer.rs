//! The data layer's purchase: GA4 (`ecommerce.transaction_id`), gtag's arguments form, and Universal Analytics'
//! enhanced e-commerce (`ecommerce.purchase.actionField`).
//!
//! GA4's field meanings: <https://developers.google.com/analytics/devguides/collection/ga4/reference/events#purchase>.

use alloc::{string::String, vec::Vec};

use super::{
    Field, RawItem, RawPurchase, RawValue,
    fields::scalar,
    names::{ITEM_FIELDS, PURCHASE_FIELDS},
};
use crate::json::Value;

/// GA4's item keys that have another name here.
const ITEM_KEYS: [(&str, Field); 8] = [
    ("item_id", Field::ProductId),
    ("id", Field::ProductId),
    ("item_name", Field::Name),
    ("name", Field::Name),
    ("item_brand", Field::Brand),
    ("brand", Field::Brand),
    ("price", Field::UnitPrice),
    ("quantity", Field::Quantity),
];

/// The levels of an item's one category, outermost first.
const CATEGORY_KEYS: [&str; 5] = [
    "item_category",
    "item_category2",
    "item_category3",
    "item_category4",
    "item_category5",
];

/// Fields that shops may add to an item under their markup names, because GA4 has none of its own for them.
const EXTRA_ITEM_FIELDS: [Field; 5] = [
    Field::Url,
    Field::ImageUrl,
    Field::ThumbnailUrl,
    Field::Description,
    Field::Availability,
];

/// Reads one entry of a data layer. None if it is no purchase.
pub fn purchase(entry: &Value) -> Option<RawPurchase> {
    let arguments = arguments(entry);
    if let Some([event, name, fields]) = arguments.first_chunk::<3>() {
        let is_purchase = event.text() == Some("event") && name.text() == Some("purchase");
        return (is_purchase && matches!(fields, Value::Map(_))).then(|| ga4(fields));
    }
    let ecommerce = entry.get("ecommerce")?;
    if let Some(purchase @ Value::Map(_)) = ecommerce.get("purchase") {
        return Some(universal_analytics(ecommerce, purchase));
    }
    (entry.get("event").and_then(Value::text) == Some("purchase")).then(|| ga4(ecommerce))
}

/// `gtag(…)` pushes its arguments object: a list, or as JSON an object with the keys `0`, `1`, `2`.
fn arguments(entry: &Value) -> Vec<&Value> {
    match entry {
        Value::List(values) => values.iter().take(3).collect(),
        _ => ["0", "1", "2"].iter().map_while(|key| entry.get(key)).collect(),
    }
}

fn ga4(ecommerce: &Value) -> RawPurchase {
    let mut purchase = RawPurchase {
        derive_totals: true,
        ..RawPurchase::default()
    };
    put(&mut purchase, Field::PurchaseId, ecommerce.get("transaction_id"));
    put(&mut purchase, Field::TotalPrice, ecommerce.get("value"));
    extras(&mut purchase, ecommerce);
    purchase.currency = ecommerce.get("currency").and_then(scalar).and_then(RawValue::into_text);
    purchase.items = ecommerce
        .get("items")
        .map_or(&[][..], Value::values)
        .iter()
        .map(item)
        .collect();
    purchase
}

fn universal_analytics(ecommerce: &Value, purchase: &Value) -> RawPurchase {
    let action = purchase.get("actionField").unwrap_or(&Value::Null);
    let mut raw = RawPurchase {
        derive_totals: true,
        ..RawPurchase::default()
    };
    put(&mut raw, Field::PurchaseId, action.get("id"));
    put(&mut raw, Field::TotalPrice, action.get("revenue"));
    extras(&mut raw, action);
    raw.currency = ecommerce
        .get("currencyCode")
        .and_then(scalar)
        .and_then(RawValue::into_text);
    raw.items = purchase
        .get("products")
        .map_or(&[][..], Value::values)
        .iter()
        .map(item)
        .collect();
    raw
}

fn put(purchase: &mut RawPurchase, field: Field, value: Option<&Value>) {
    // GA4: an id of 0 is what templates print when there is no order.
    let value = value.and_then(scalar).map(|value| match value {
        RawValue::Text(text) | RawValue::Number(text) if field == Field::PurchaseId && text.trim() == "0" => {
            RawValue::Text("null".into())
        }
        value => value,
    });
    purchase.fields.extend(value.map(|value| (field, value)));
}

/// Keys a shop adds because the data layer has none of its own: the markup's names.
fn extras(purchase: &mut RawPurchase, source: &Value) {
    for (field, name, _) in &PURCHASE_FIELDS[3..] {
        put(purchase, *field, source.get(name));
    }
}

fn item(value: &Value) -> RawItem {
    let mut item = RawItem::default();
    for (key, field) in ITEM_KEYS {
        if !item.fields.iter().any(|(known, _)| *known == field) {
            item.fields
                .extend(value.get(key).and_then(scalar).map(|value| (field, value)));
        }
    }
    for (field, name, _) in ITEM_FIELDS
        .iter()
        .filter(|(field, ..)| EXTRA_ITEM_FIELDS.contains(field))
    {
        item.fields
            .extend(value.get(name).and_then(scalar).map(|value| (*field, value)));
    }
    item.fields
        .extend(category(value).map(|path| (Field::Category, RawValue::Text(path))));
    item
}

fn category(value: &Value) -> Option<String> {
    if let Some(path) = value.get("category").and_then(scalar).and_then(RawValue::into_text) {
        return Some(path);
    }
    let levels: Vec<String> = CATEGORY_KEYS
        .iter()
        .filter_map(|key| value.get(key).and_then(scalar).and_then(RawValue::into_text))
        .filter(|level| !level.trim().is_empty())
        .collect();
    (!levels.is_empty()).then(|| String::from("/") + &levels.join("/"))
}
