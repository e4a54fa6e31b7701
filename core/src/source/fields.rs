//! Purchases written as JSON: bare fields in either spelling, Connectif's event, lists of them, data layers.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{
    RawItem, RawPurchase, RawValue, SourceKind, data_layer,
    names::{Field, ITEM_FIELDS, ITEM_NAME, ITEM_NAME_CAMEL, PURCHASE_FIELDS},
};
use crate::{
    json::{self, Value},
    purchase::{Kind, Problem, Severity, said},
};

/// Every purchase in a JSON value of any shape we know, in order. A list may mix shapes; entries that are no purchase
/// (other data layer events, other Connectif events) are skipped. Empty if there is none.
pub fn purchases_from_value(value: &Value) -> Vec<(SourceKind, RawPurchase)> {
    if let Some(purchase) = data_layer::purchase(value) {
        return Vec::from([(SourceKind::DataLayer, purchase)]);
    }
    match value {
        Value::List(values) => values.iter().flat_map(one).collect(),
        _ => one(value).into_iter().collect(),
    }
}

/// Every purchase in a JSON text.
///
/// # Errors
/// The problem to report if the text is not JSON, quoted from where it stops being JSON.
pub fn purchases_from_text(text: &str) -> Result<Vec<(SourceKind, RawPurchase)>, Problem> {
    match json::read(text) {
        Ok(value) => Ok(purchases_from_value(&value)),
        Err(error) => {
            let rest = text.get(error.offset..).unwrap_or_default();
            let message = said::NOT_JSON.with(&error.to_string());
            let quoted = rest.lines().next().unwrap_or_default();
            Err(Problem::new("", Kind::Malformed, Severity::Error, quoted, message))
        }
    }
}

fn one(value: &Value) -> Option<(SourceKind, RawPurchase)> {
    if let Some(purchase) = data_layer::purchase(value) {
        return Some((SourceKind::DataLayer, purchase));
    }
    let (fields, entity) = match value.get("purchase") {
        Some(fields @ Value::Map(_)) => (fields, value.get("entityInfo")),
        _ => (value, None),
    };
    if !looks_like_purchase(fields) {
        return None;
    }
    let mut purchase = from_fields(fields);
    if let Some(email) = entity.and_then(|entity| entity.get("primaryKey")).and_then(Value::text) {
        purchase.contact = Some(email.to_string());
    }
    Some((SourceKind::Json, purchase))
}

/// A single documented field of the purchase is enough: a payload without its id is to be refused, not overlooked.
fn looks_like_purchase(value: &Value) -> bool {
    value.entries().iter().any(|(key, _)| {
        PURCHASE_FIELDS[..4]
            .iter()
            .any(|(_, name, camel)| key == name || key == camel)
    }) && value.get("event").is_none()
}

/// Fields in the markup's or in camelCase spelling; what is neither is noted.
pub fn from_fields(value: &Value) -> RawPurchase {
    let mut purchase = RawPurchase::default();
    for (key, value) in value.entries() {
        if let Some((field, ..)) = PURCHASE_FIELDS
            .iter()
            .find(|(_, name, camel)| key == name || key == camel)
        {
            purchase.fields.extend(scalar(value).map(|value| (*field, value)));
        } else if key == ITEM_NAME || key == ITEM_NAME_CAMEL {
            items(value, &mut purchase);
        } else if key == "currency" {
            purchase.currency = scalar(value).and_then(RawValue::into_text);
        } else if key == "email" {
            purchase.contact = scalar(value).and_then(RawValue::into_text);
        } else {
            purchase.notes.push(unknown_field(key, String::new()));
        }
    }
    purchase
}

fn items(value: &Value, purchase: &mut RawPurchase) {
    match value {
        Value::Null => {}
        Value::List(values) => {
            for value in values {
                item(value, purchase);
            }
        }
        single => item(single, purchase),
    }
}

fn item(value: &Value, purchase: &mut RawPurchase) {
    let prefix = alloc::format!("{ITEM_NAME}[{}]", purchase.items.len());
    let mut item = RawItem::default();
    if !matches!(value, Value::Map(_)) {
        purchase.notes.push(Problem::warning(
            prefix,
            Kind::WrongType,
            &quote(value),
            said::WRITE_ITEM.plain(),
        ));
        purchase.items.push(item);
        return;
    }
    for (key, value) in value.entries() {
        // `source` of the unit price in the JavaScript event is documented with VAT in capitals; shops write it both ways.
        let known = ITEM_FIELDS
            .iter()
            .find(|(_, name, camel)| key == name || key == camel || key.eq_ignore_ascii_case(camel));
        match known {
            Some((field, ..)) if field.is_list() => list(*field, value, &mut item),
            Some((field, ..)) => item.fields.extend(scalar(value).map(|value| (*field, value))),
            None => purchase.notes.push(unknown_field(key, alloc::format!("{prefix}."))),
        }
    }
    purchase.items.push(item);
}

fn list(field: Field, value: &Value, item: &mut RawItem) {
    let values = match value {
        Value::List(values) => values.as_slice(),
        single => core::slice::from_ref(single),
    };
    item.fields
        .extend(values.iter().filter_map(scalar).map(|value| (field, value)));
}

/// A text or a number as it is, nothing for `null`, and the name of its type for anything else.
pub fn scalar(value: &Value) -> Option<RawValue> {
    Some(match value {
        Value::Null => return None,
        Value::Text(text) => RawValue::Text(text.clone()),
        Value::Number(digits) => RawValue::Number(digits.clone()),
        Value::Bool(true) => RawValue::Wrong("true"),
        Value::Bool(false) => RawValue::Wrong("false"),
        Value::List(_) => RawValue::Wrong("[…]"),
        Value::Map(_) => RawValue::Wrong("{…}"),
    })
}

fn quote(value: &Value) -> String {
    match scalar(value) {
        Some(RawValue::Text(text) | RawValue::Number(text)) => text,
        Some(RawValue::Wrong(what)) => what.to_string(),
        None => String::new(),
    }
}

fn unknown_field(key: &str, prefix: String) -> Problem {
    let message = said::UNKNOWN_FIELD.plain();
    Problem::warning(prefix + key, Kind::UnknownField, key, message)
}

impl RawValue {
    /// The text or the digits; none for a value of the wrong type.
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            RawValue::Text(text) | RawValue::Number(text) => Some(text),
            RawValue::Wrong(_) => None,
        }
    }
}
