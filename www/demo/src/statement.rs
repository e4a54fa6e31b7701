//! The same purchase as fields instead of markup: a JSON script element, a call, a GA4 entry in the data layer.

use serde_json::{Value, json};

use crate::markup::{Basket, Item};

/// Fields under their markup names, for a `<script type="application/json" class="cn_purchase">`.
pub fn json(basket: &Basket) -> Value {
    let mut fields = json!({
        "purchase_id": basket.purchase_id,
        "purchase_date": basket.purchase_date,
        "payment_method": basket.payment_method,
        "cart_id": basket.cart_id,
        "total_price": number(&basket.total_price),
        "product_basket_item": basket.product_basket_item.iter().map(json_item).collect::<Vec<_>>(),
    });
    if let Some(quantity) = &basket.total_quantity {
        fields["total_quantity"] = number(quantity);
    }
    if let Some(status) = basket.order_status {
        fields["order_status"] = Value::from(status);
    }
    fields
}

fn json_item(item: &Item) -> Value {
    json!({
        "quantity": number(&item.quantity),
        "price": number(&item.price),
        "url": item.url,
        "product_id": item.product_id,
        "name": item.name,
        "description": item.description,
        "image_url": item.image_url,
        "unit_price": number(&item.unit_price),
        "availability": item.availability,
        "brand": item.brand,
        "category": item.category,
        "related_external_product_id": item.related_external_product_id,
        "tag": item.tag,
    })
}

/// Fields under Connectif's JavaScript names, for `purchaseTag('purchase', …)`.
pub fn call(basket: &Basket) -> Value {
    let item = |item: &Item| {
        json!({
            "quantity": number(&item.quantity),
            "price": number(&item.price),
            "productDetailUrl": item.url,
            "productId": item.product_id,
            "name": item.name,
            "description": item.description,
            "imageUrl": item.image_url,
            "unitPrice": number(&item.unit_price),
            "availability": item.availability,
            "brand": item.brand,
            "categories": item.category,
            "relatedExternalProductIds": item.related_external_product_id,
            "tags": item.tag,
        })
    };
    let mut fields = json!({
        "purchaseId": basket.purchase_id,
        "purchaseDate": basket.purchase_date,
        "paymentMethod": basket.payment_method,
        "cartId": basket.cart_id,
        "totalQuantity": basket.total_quantity.as_deref().map(number),
        "totalPrice": number(&basket.total_price),
        "products": basket.product_basket_item.iter().map(item).collect::<Vec<_>>(),
    });
    if let Some(status) = basket.order_status {
        fields["order_status"] = Value::from(status);
    }
    fields
}

/// A GA4 `purchase` entry for the data layer.
pub fn data_layer(basket: &Basket) -> Value {
    let item = |item: &Item| {
        json!({
            "item_id": item.product_id,
            "item_name": item.name,
            "item_brand": item.brand,
            "item_category": item.category.first().map(|path| path.trim_start_matches('/')),
            "price": number(&item.unit_price),
            "quantity": number(&item.quantity),
        })
    };
    json!({
        "event": "purchase",
        "ecommerce": {
            "transaction_id": basket.purchase_id,
            "value": number(&basket.total_price),
            "currency": "EUR",
            "items": basket.product_basket_item.iter().map(item).collect::<Vec<_>>(),
        },
    })
}

/// A number if the text is one in JSON, otherwise the text.
fn number(text: &str) -> Value {
    text.parse().map_or_else(|_| Value::from(text), Value::Number)
}
