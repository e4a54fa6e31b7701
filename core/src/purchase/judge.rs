//! From raw fields to a purchase, or to all its problems at once.

use alloc::{format, string::ToString, vec::Vec};

use super::{
    Contact, Currency, Item, Kind, Problem, Purchase, Rules, Severity,
    problem::Problems,
    read::{Need, Reader},
    rules::ContactMode,
    said,
    text::trim,
};
use crate::order::Standing;
use crate::source::{Field, RawItem, RawPurchase, names::ITEM_NAME};

/// Most lines of one purchase.
pub const ITEMS_MAX: usize = 10_000;

/// The documented words of `source_type`; the first of a pair is what some pages write instead.
const SOURCE_TYPES: [(&str, &str); 6] = [
    ("marketplace", "marketplace"),
    ("digital-store", "digital-store"),
    ("point-of-sale", "point-of-sale"),
    // The vendor's own mobile page misspells it.
    ("pont-of-sale", "point-of-sale"),
    ("third-party", "third-party"),
    ("other", "other"),
];

/// The documented words of `availability`, as the HTML pages spell them; modules write lower case and schema.org addresses.
const AVAILABILITIES: [(&str, &str); 4] = [
    ("InStock", "InStock"),
    ("OutOfStock", "OutOfStock"),
    ("unverified", "unverified"),
    ("discontinued", "discontinued"),
];

/// What became of one raw purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The purchase; none if it is refused.
    pub purchase: Option<Purchase>,
    /// Everything noticed: normalisations and warnings of an accepted purchase, all problems of a refused one.
    pub problems: Vec<Problem>,
}

/// See [`Purchase::parse`].
pub(super) fn judge(raw: &RawPurchase, rules: &Rules<'_>) -> Judgement {
    let mut problems = Problems::new(raw.notes.clone());
    let purchase = fields(raw, rules, &mut problems);
    let problems = problems.into_vec();
    let refused = problems.iter().any(|problem| problem.severity == Severity::Error);
    Judgement {
        purchase: purchase.filter(|_| !refused),
        problems,
    }
}

fn fields(raw: &RawPurchase, rules: &Rules<'_>, problems: &mut Problems) -> Option<Purchase> {
    use Field as F;
    let currency = currency(raw, rules, problems);
    let rules = &Rules { currency, ..*rules };

    let mut read = Reader {
        fields: &raw.fields,
        prefix: "",
        rules,
        problems: &mut *problems,
    };
    let purchase_id = read.id(F::PurchaseId, Need::Purchase);
    let cart_id = read.cart_id(F::CartId);
    let purchase_date = read.date(F::PurchaseDate);
    let payment_method = read.text(F::PaymentMethod, Need::Optional);
    let source_name = read.text(F::SourceName, Need::Optional);
    let order_status = read.text(F::OrderStatus, Need::Optional);
    let source_type = read.word(F::SourceType, &SOURCE_TYPES);
    // No part of the purchase, because the same one without it is the same: only what no signature can be is reported.
    read.text(F::Signature, Need::Optional);
    let total_price = read.amount(F::TotalPrice, Need::Purchase);
    // GA4 has no total quantity: it is counted once the lines are read.
    let total_quantity = if raw.derive_totals {
        None
    } else {
        read.whole(F::TotalQuantity, Need::Purchase)
    };

    let product_basket_item = items(raw, rules, problems);
    let total_quantity = if raw.derive_totals {
        count(&product_basket_item, problems)
    } else {
        total_quantity
    };
    let contact = contact(raw, rules, problems);
    let standing = standing(order_status.as_deref(), rules, problems);
    Some(Purchase {
        purchase_id: purchase_id?,
        total_quantity: total_quantity?,
        total_price: total_price?,
        cart_id,
        purchase_date,
        payment_method,
        source_name,
        source_type,
        standing,
        order_status,
        currency,
        contact,
        product_basket_item,
    })
}

fn items(raw: &RawPurchase, rules: &Rules<'_>, problems: &mut Problems) -> Vec<Item> {
    if raw.items.is_empty() {
        problems.push(Problem::warning(ITEM_NAME, Kind::NoItems, "", said::NO_ITEMS.plain()));
    }
    if raw.items.len() > ITEMS_MAX {
        let message = said::TOO_MANY_ITEMS.with(&ITEMS_MAX.to_string());
        problems.push(Problem::new(ITEM_NAME, Kind::TooMany, Severity::Error, "", message));
        return Vec::new();
    }
    let judged = raw.items.iter().enumerate();
    judged
        .map(|(index, raw_item)| item(index, raw_item, raw.derive_totals, rules, problems))
        .collect()
}

fn item(index: usize, raw: &RawItem, derive: bool, rules: &Rules<'_>, problems: &mut Problems) -> Item {
    use Field as F;
    let prefix = format!("{ITEM_NAME}[{index}].");
    let mut read = Reader {
        fields: &raw.fields,
        prefix: &prefix,
        rules,
        problems,
    };
    let need = if derive { Need::Derived } else { Need::Item };
    let mut item = Item {
        quantity: read.whole(F::Quantity, need),
        price: read.amount(F::Price, need),
        url: read.address(F::Url, Need::Item),
        product_id: read.id(F::ProductId, Need::Item),
        name: read.text(F::Name, Need::Item),
        unit_price: read.amount(F::UnitPrice, Need::Item),
        image_url: read.address(F::ImageUrl, Need::Optional),
        thumbnail_url: read.address(F::ThumbnailUrl, Need::Optional),
        description: read.text(F::Description, Need::Optional),
        availability: read.word(F::Availability, &AVAILABILITIES),
        category: read.texts(F::Category),
        tag: read.texts(F::Tag),
        brand: read.text(F::Brand, Need::Optional),
        review_count: read.whole(F::ReviewCount, Need::Optional),
        rating_value: read.bounded(F::RatingValue, 5),
        rating_count: read.whole(F::RatingCount, Need::Optional),
        related_external_product_id: read.texts(F::RelatedExternalProductId),
        priority: read.whole(F::Priority, Need::Optional),
        unit_price_original: read.amount(F::UnitPriceOriginal, Need::Optional),
        unit_price_without_vat: read.amount(F::UnitPriceWithoutVat, Need::Optional),
        discounted_percentage: read.percentage(F::DiscountedPercentage),
        discounted_amount: read.amount(F::DiscountedAmount, Need::Optional),
        published_at: read.date(F::PublishedAt),
        custom_field_1: read.text(F::CustomField1, Need::Optional),
        custom_field_2: read.text(F::CustomField2, Need::Optional),
        custom_field_3: read.text(F::CustomField3, Need::Optional),
    };
    if derive {
        if item.quantity.is_none() && !read.is_given(F::Quantity) {
            item.quantity = Some(1);
            read.note(F::Quantity, said::QUANTITY_IS_ONE);
        }
        item.price = item
            .unit_price
            .as_ref()
            .zip(item.quantity)
            .and_then(|(price, quantity)| price.times(quantity));
        match &item.price {
            Some(_) => read.note(F::Price, said::LINE_PRICE_COMPUTED),
            None => read.lack(F::Price, said::NO_LINE_PRICE),
        }
    }
    item
}

/// The sum of the lines' quantities; none if one of them is not known.
fn count(items: &[Item], problems: &mut Problems) -> Option<u64> {
    let name = Field::TotalQuantity.name();
    let total = items
        .iter()
        .try_fold(0_u64, |total, item| total.checked_add(item.quantity?));
    problems.push(match total.filter(|_| !items.is_empty()) {
        Some(_) => Problem::new(
            name,
            Kind::Derived,
            Severity::Normalised,
            "",
            said::UNITS_COUNTED.plain(),
        ),
        None => Problem::new(name, Kind::Missing, Severity::Error, "", said::NO_UNITS.plain()),
    });
    total.filter(|_| !items.is_empty())
}

/// The currency that the payload names itself, else the configured one: calling dollars euros would change the amounts.
fn currency(raw: &RawPurchase, rules: &Rules<'_>, problems: &mut Problems) -> Option<Currency> {
    let text = raw.currency.as_deref().map(trim).filter(|text| !text.is_empty());
    let Some(text) = text else { return rules.currency };
    let named = Currency::from_code(text);
    match (named, rules.currency) {
        (None, _) => {
            let message = said::WRITE_CURRENCY.plain();
            problems.push(Problem::warning("currency", Kind::UnknownValue, text, message));
        }
        (Some(named), Some(configured)) if named != configured => {
            let message = said::AMOUNTS_TAKEN.with(configured.code());
            problems.push(Problem::warning("currency", Kind::CurrencyMismatch, text, message));
        }
        _ => {}
    }
    named.or(rules.currency)
}

fn standing(status: Option<&str>, rules: &Rules<'_>, problems: &mut Problems) -> Standing {
    let Some(status) = status else {
        return Standing::CONFIRMED;
    };
    if rules.statuses.find(status).is_none() {
        let name = Field::OrderStatus.name();
        problems.push(Problem::warning(
            name,
            Kind::UnknownValue,
            status,
            said::UNKNOWN_STATUS.plain(),
        ));
    }
    rules.statuses.standing(status)
}

fn contact(raw: &RawPurchase, rules: &Rules<'_>, problems: &mut Problems) -> Option<Contact> {
    let text = raw
        .contact
        .as_deref()
        .map(trim)
        .filter(|text| !text.is_empty() && rules.contact != ContactMode::None)?;
    let contact = Contact::read(text, rules.contact);
    if contact.is_none() {
        // The address itself is personal data: it is not quoted.
        problems.push(Problem::warning("email", Kind::Malformed, "", said::NO_EMAIL.plain()));
    }
    contact
}
