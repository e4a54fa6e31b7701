//! The documented field names, once: markup class, Connectif's camelCase name, and what kind of value belongs there.

/// A field of the purchase itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(
    missing_docs,
    reason = "each is the markup name in camel case; the meaning is documented at `Purchase`"
)]
pub enum PurchaseField {
    PurchaseId,
    TotalQuantity,
    TotalPrice,
    CartId,
    PurchaseDate,
    PaymentMethod,
    SourceName,
    SourceType,
}

/// A field of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(
    missing_docs,
    reason = "each is the markup name in camel case; the meaning is documented at `Item`"
)]
pub enum ItemField {
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
pub const PURCHASE_FIELDS: [(PurchaseField, &str, &str); 8] = [
    (PurchaseField::PurchaseId, "purchase_id", "purchaseId"),
    (PurchaseField::TotalQuantity, "total_quantity", "totalQuantity"),
    (PurchaseField::TotalPrice, "total_price", "totalPrice"),
    (PurchaseField::CartId, "cart_id", "cartId"),
    (PurchaseField::PurchaseDate, "purchase_date", "purchaseDate"),
    (PurchaseField::PaymentMethod, "payment_method", "paymentMethod"),
    (PurchaseField::SourceName, "source_name", "sourceName"),
    (PurchaseField::SourceType, "source_type", "sourceType"),
];

/// As [`PURCHASE_FIELDS`], for one line.
pub const ITEM_FIELDS: [(ItemField, &str, &str); 26] = [
    (ItemField::Quantity, "quantity", "quantity"),
    (ItemField::Price, "price", "price"),
    (ItemField::Url, "url", "productDetailUrl"),
    (ItemField::ProductId, "product_id", "productId"),
    (ItemField::Name, "name", "name"),
    (ItemField::UnitPrice, "unit_price", "unitPrice"),
    (ItemField::ImageUrl, "image_url", "imageUrl"),
    (ItemField::ThumbnailUrl, "thumbnail_url", "thumbnailUrl"),
    (ItemField::Description, "description", "description"),
    (ItemField::Availability, "availability", "availability"),
    (ItemField::Category, "category", "categories"),
    (ItemField::Tag, "tag", "tags"),
    (ItemField::Brand, "brand", "brand"),
    (ItemField::ReviewCount, "review_count", "reviewCount"),
    (ItemField::RatingValue, "rating_value", "rating"),
    (ItemField::RatingCount, "rating_count", "ratingCount"),
    (
        ItemField::RelatedExternalProductId,
        "related_external_product_id",
        "relatedExternalProductIds",
    ),
    (ItemField::Priority, "priority", "priority"),
    (ItemField::UnitPriceOriginal, "unit_price_original", "unitPriceOriginal"),
    (
        ItemField::UnitPriceWithoutVat,
        "unit_price_without_vat",
        "unitPriceWithoutVAT",
    ),
    (
        ItemField::DiscountedPercentage,
        "discounted_percentage",
        "discountedPercentage",
    ),
    (ItemField::DiscountedAmount, "discounted_amount", "discountedAmount"),
    (ItemField::PublishedAt, "published_at", "publishedAt"),
    (ItemField::CustomField1, "custom_field_1", "customField1"),
    (ItemField::CustomField2, "custom_field_2", "customField2"),
    (ItemField::CustomField3, "custom_field_3", "customField3"),
];

impl PurchaseField {
    /// The markup name, used in problem paths and in the canonical form.
    pub fn name(self) -> &'static str {
        PURCHASE_FIELDS
            .iter()
            .find(|(field, ..)| *field == self)
            .map_or("", |(_, name, _)| name)
    }
}

impl ItemField {
    /// The markup name, used in problem paths and in the canonical form.
    pub fn name(self) -> &'static str {
        ITEM_FIELDS
            .iter()
            .find(|(field, ..)| *field == self)
            .map_or("", |(_, name, _)| name)
    }

    /// Whether the element may be repeated, each giving one more value.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            ItemField::Category | ItemField::Tag | ItemField::RelatedExternalProductId
        )
    }
}
