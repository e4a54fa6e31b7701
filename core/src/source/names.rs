//! The documented field names, once: markup class, Connectif's camelCase name, and what kind of value belongs there.

/// A documented field of a purchase or of one line. One type for both, so that the code that reads them exists once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(
    missing_docs,
    reason = "each is the markup name in camel case; the meaning is documented at `Purchase` and `Item`"
)]
pub enum Field {
    PurchaseId,
    TotalQuantity,
    TotalPrice,
    CartId,
    PurchaseDate,
    PaymentMethod,
    SourceName,
    SourceType,
    OrderStatus,
    Signature,
    Quantity,
    Price,
    Url,
    ProductId,
    Name,
    UnitPrice,
    ImageUrl,
    ThumbnailUrl,
    Description,
    Availability,
    Category,
    Tag,
    Brand,
    ReviewCount,
    RatingValue,
    RatingCount,
    RelatedExternalProductId,
    Priority,
    UnitPriceOriginal,
    UnitPriceWithoutVat,
    DiscountedPercentage,
    DiscountedAmount,
    PublishedAt,
    CustomField1,
    CustomField2,
    CustomField3,
}

/// The class of one line's element, and the list's name in the canonical form.
pub const ITEM_NAME: &str = "product_basket_item";

/// The list's name in Connectif's JavaScript event.
pub const ITEM_NAME_CAMEL: &str = "products";

/// Field, markup name, camelCase name. Source: the HTML tag's and the JavaScript event's pages (articles 360014651860,
/// 360014655140 and 360014712220 of support.connectif.ai).
pub const PURCHASE_FIELDS: [(Field, &str, &str); 10] = [
    (Field::PurchaseId, "purchase_id", "purchaseId"),
    (Field::TotalQuantity, "total_quantity", "totalQuantity"),
    (Field::TotalPrice, "total_price", "totalPrice"),
    (Field::CartId, "cart_id", "cartId"),
    (Field::PurchaseDate, "purchase_date", "purchaseDate"),
    (Field::PaymentMethod, "payment_method", "paymentMethod"),
    (Field::SourceName, "source_name", "sourceName"),
    (Field::SourceType, "source_type", "sourceType"),
    // Ours: the vendor's tag has no state.
    (Field::OrderStatus, "order_status", "orderStatus"),
    // Ours: the shop's server vouches for id, total and date.
    (Field::Signature, "signature", "signature"),
];

/// As [`PURCHASE_FIELDS`], for one line.
pub const ITEM_FIELDS: [(Field, &str, &str); 26] = [
    (Field::Quantity, "quantity", "quantity"),
    (Field::Price, "price", "price"),
    (Field::Url, "url", "productDetailUrl"),
    (Field::ProductId, "product_id", "productId"),
    (Field::Name, "name", "name"),
    (Field::UnitPrice, "unit_price", "unitPrice"),
    (Field::ImageUrl, "image_url", "imageUrl"),
    (Field::ThumbnailUrl, "thumbnail_url", "thumbnailUrl"),
    (Field::Description, "description", "description"),
    (Field::Availability, "availability", "availability"),
    (Field::Category, "category", "categories"),
    (Field::Tag, "tag", "tags"),
    (Field::Brand, "brand", "brand"),
    (Field::ReviewCount, "review_count", "reviewCount"),
    (Field::RatingValue, "rating_value", "rating"),
    (Field::RatingCount, "rating_count", "ratingCount"),
    (
        Field::RelatedExternalProductId,
        "related_external_product_id",
        "relatedExternalProductIds",
    ),
    (Field::Priority, "priority", "priority"),
    (Field::UnitPriceOriginal, "unit_price_original", "unitPriceOriginal"),
    (
        Field::UnitPriceWithoutVat,
        "unit_price_without_vat",
        "unitPriceWithoutVAT",
    ),
    (
        Field::DiscountedPercentage,
        "discounted_percentage",
        "discountedPercentage",
    ),
    (Field::DiscountedAmount, "discounted_amount", "discountedAmount"),
    (Field::PublishedAt, "published_at", "publishedAt"),
    (Field::CustomField1, "custom_field_1", "customField1"),
    (Field::CustomField2, "custom_field_2", "customField2"),
    (Field::CustomField3, "custom_field_3", "customField3"),
];

impl Field {
    /// The markup name, used in problem paths and in the canonical form.
    pub fn name(self) -> &'static str {
        let mut all = PURCHASE_FIELDS.iter().chain(&ITEM_FIELDS);
        all.find(|(field, ..)| *field == self).map_or("", |(_, name, _)| name)
    }

    /// Whether the element may be repeated, each giving one more value.
    pub fn is_list(self) -> bool {
        matches!(self, Field::Category | Field::Tag | Field::RelatedExternalProductId)
    }
}
