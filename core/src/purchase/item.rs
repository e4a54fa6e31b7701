//! One line of a purchase.

use alloc::{string::String, vec::Vec};
use serde::Serialize;

use super::{DateTime, Decimal};

/// One line in canonical form. Every field may be absent: a line with a bad field is kept and reported, and it is for the
/// platform it is passed on to whether that is enough.
///
/// Field meanings: <https://support.connectif.ai/hc/en-us/articles/360014655140-The-Product-object-type>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Units of this product. Required by the tag's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// Price of the whole line. Required by the tag's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// The product's page. Required by the tag's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The shop's id of the product. Required by the tag's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// The product's name. Required by the tag's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Price of one unit. Required by the tag's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Decimal>,
    /// The product's picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// A small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
    /// May contain HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `InStock`, `OutOfStock`, `unverified` or `discontinued`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<&'static str>,
    /// Full paths, levels separated by `/`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// Free words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    /// The product's brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Number of reviews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_count: Option<u64>,
    /// 0 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_value: Option<Decimal>,
    /// Number of ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_count: Option<u64>,
    /// Ids of related products.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_external_product_id: Vec<String>,
    /// The shop's order of products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u64>,
    /// Price of one unit before the discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price_original: Option<Decimal>,
    /// Price of one unit before tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price_without_vat: Option<Decimal>,
    /// 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discounted_percentage: Option<Decimal>,
    /// Discount on one unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discounted_amount: Option<Decimal>,
    /// When the product was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<DateTime>,
    /// Free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_field_1: Option<String>,
    /// Free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_field_2: Option<String>,
    /// Free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_field_3: Option<String>,
}
