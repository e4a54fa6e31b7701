//! The body of an event (<https://developers.klaviyo.com/en/reference/create_event>), with the properties that Klaviyo's guide for
//! platforms asks for
//! (<https://developers.klaviyo.com/en/docs/guide_to_integrating_a_platform_without_a_pre_built_klaviyo_integration>).

use purchase_core::{Purchase, purchase::Item};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::passing::number::number;

#[derive(Serialize)]
pub struct Event<'a> {
    pub data: Data<'a>,
}

#[derive(Serialize)]
pub struct Data<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub attributes: Attributes<'a>,
}

#[derive(Serialize)]
pub struct Attributes<'a> {
    pub properties: Properties<'a>,
    pub time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_currency: Option<String>,
    pub unique_id: &'a str,
    pub backfill: bool,
    pub metric: Metric,
    pub profile: Profile<'a>,
}

/// A resource inside another: `{"data": {"type", "attributes"}}`.
#[derive(Serialize)]
pub struct Related<T> {
    data: Resource<T>,
}

#[derive(Serialize)]
struct Resource<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: T,
}

pub type Metric = Related<MetricName>;
pub type Profile<'a> = Related<ProfileAttributes<'a>>;

impl Metric {
    pub fn of(attributes: MetricName) -> Metric {
        Related {
            data: Resource {
                kind: "metric",
                attributes,
            },
        }
    }
}

impl<'a> Profile<'a> {
    pub fn of(attributes: ProfileAttributes<'a>) -> Profile<'a> {
        Related {
            data: Resource {
                kind: "profile",
                attributes,
            },
        }
    }
}

#[derive(Serialize)]
pub struct MetricName {
    pub name: &'static str,
}

#[derive(Serialize)]
pub struct ProfileAttributes<'a> {
    pub email: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Properties<'a> {
    Whole(Whole<'a>),
    Line {
        #[serde(rename = "OrderId")]
        order_id: &'a str,
        #[serde(flatten)]
        line: Line<'a>,
    },
}

/// Properties of the whole order.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Whole<'a> {
    order_id: &'a str,
    categories: Vec<&'a str>,
    item_names: Vec<&'a str>,
    brands: Vec<&'a str>,
    items: Vec<Line<'a>>,
    total_quantity: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cart_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_name: Option<&'a str>,
}

impl<'a> Whole<'a> {
    /// With at most so many lines and entries of a list.
    pub fn of(purchase: &'a Purchase, lines: usize, entries: usize) -> Whole<'a> {
        let items = purchase.product_basket_item.get(..lines).unwrap_or_default();
        let union = |texts: &mut dyn Iterator<Item = &'a String>| {
            let mut known = std::collections::HashSet::new();
            texts
                .map(String::as_str)
                .filter(|text| known.insert(*text))
                .take(entries)
                .collect::<Vec<_>>()
        };
        Whole {
            order_id: &purchase.purchase_id,
            categories: union(&mut items.iter().flat_map(|item| &item.category)),
            item_names: union(&mut items.iter().filter_map(|item| item.name.as_ref())),
            brands: union(&mut items.iter().filter_map(|item| item.brand.as_ref())),
            items: items.iter().map(Line::of).collect(),
            total_quantity: purchase.total_quantity,
            cart_id: purchase.cart_id.as_deref(),
            payment_method: purchase.payment_method.as_deref(),
            source_type: purchase.source_type,
            source_name: purchase.source_name.as_deref(),
        }
    }
}

/// One line, in a list or as an event of its own.
#[derive(Serialize)]
pub struct Line<'a> {
    #[serde(rename = "ProductID", skip_serializing_if = "Option::is_none")]
    pub product_id: Option<&'a str>,
    #[serde(rename = "ProductName", skip_serializing_if = "Option::is_none")]
    pub product_name: Option<&'a str>,
    #[serde(rename = "Quantity", skip_serializing_if = "Option::is_none")]
    quantity: Option<u64>,
    #[serde(rename = "ItemPrice", skip_serializing_if = "Option::is_none")]
    item_price: Option<Box<RawValue>>,
    #[serde(rename = "RowTotal", skip_serializing_if = "Option::is_none")]
    row_total: Option<Box<RawValue>>,
    #[serde(rename = "ProductURL", skip_serializing_if = "Option::is_none")]
    product_url: Option<&'a str>,
    #[serde(rename = "ImageURL", skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
    #[serde(rename = "Categories", skip_serializing_if = "<[_]>::is_empty")]
    categories: &'a [String],
    /// In the list it is `Brand`, in the event of a line `ProductBrand`.
    #[serde(rename = "Brand", skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    #[serde(rename = "ProductBrand", skip_serializing_if = "Option::is_none")]
    product_brand: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// As it stands in the list of lines.
    pub fn of(item: &'a Item) -> Line<'a> {
        Line {
            product_id: item.product_id.as_deref(),
            product_name: item.name.as_deref(),
            quantity: item.quantity,
            item_price: item.unit_price.as_ref().map(number),
            row_total: item.price.as_ref().map(number),
            product_url: item.url.as_deref(),
            image_url: item.image_url.as_deref(),
            categories: &item.category,
            brand: item.brand.as_deref(),
            product_brand: None,
        }
    }

    /// As an event of its own: its price is the event's value.
    #[must_use]
    pub fn alone(self) -> Line<'a> {
        Line {
            item_price: None,
            row_total: None,
            product_brand: self.brand,
            brand: None,
            ..self
        }
    }
}
