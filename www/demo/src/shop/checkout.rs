//! The checkout page, and what "Order and pay" does.

use std::sync::Arc;

use axum::{
    Form,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use minijinja::{Value, context, value::Serde};
use url::form_urlencoded;

use super::{Fields, Shop, cart_context, field};
use crate::{
    cart::Cart,
    confirmation::VARIANTS,
    gateway::{self, BEHAVIOURS, DELAY_SECONDS, DELAY_SECONDS_MAX, FAMILIES},
    markup::Basket,
    order::{Order, PAYMENTS},
    orders::Reservation,
    statement,
    status::Status,
};

/// The page. A script may choose the developers' options by query: `variant`, `behaviour`, `family`, `delay` and
/// `order_first=1`.
pub async fn page(State(shop): State<Arc<Shop>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let cart = shop.cart(&headers);
    if cart.lines().is_empty() {
        return Redirect::to("/cart").into_response();
    }
    let query = query.unwrap_or_default();
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let is_named = |name: &str| query.iter().any(|(key, _)| key == name);
    let payments: Vec<_> = PAYMENTS
        .into_iter()
        .map(|(key, name, external)| context! { key, name, external })
        .collect();
    let behaviours: Vec<_> = BEHAVIOURS
        .iter()
        .map(|it| context! { key => it.1, name => it.2 })
        .collect();
    let families: Vec<_> = FAMILIES
        .iter()
        .map(|it| context! { key => it.key, name => it.name })
        .collect();
    let reservation = shop.orders.reserve();
    let context = context! {
        canceled => is_named("canceled"),
        failed => is_named("failed"),
        payments,
        variants => VARIANTS.to_vec(),
        behaviours,
        families,
        delay_default => DELAY_SECONDS,
        delay_max => DELAY_SECONDS_MAX,
        chosen => context! {
            variant => field(&query, "variant"),
            behaviour => field(&query, "behaviour"),
            family => field(&query, "family"),
            delay => field(&query, "delay"),
            order_first => field(&query, "order_first"),
        },
        order => reservation.number.clone(),
        purchase => Value::from(Serde(purchase(&shop, &cart, reservation))),
        ..cart_context(&cart)
    };
    shop.page("checkout.html", &cart, context)
}

/// The purchase that "Order and pay" makes of this page, under the fields' documented names. The way to pay is the
/// page's to fill in.
fn purchase(shop: &Shop, cart: &Cart, reservation: Reservation) -> serde_json::Value {
    let order = Order {
        number: reservation.number,
        date: reservation.date,
        ..Order::place(cart, "")
    };
    let mut fields = statement::json(&Basket::of_order(&order, &shop.origin));
    fields["order_status"] = Status::Pending.word(shop.platform).into();
    fields
}

/// Sends the shopper to the gateway, or for payments outside it straight to the confirmation page.
pub async fn place_order(State(shop): State<Arc<Shop>>, headers: HeaderMap, Form(fields): Fields) -> Response {
    let cart = shop.cart(&headers);
    if cart.lines().is_empty() {
        return Redirect::to("/cart").into_response();
    }
    let payment = field(&fields, "payment");
    let reserved = match field(&fields, "order_first") {
        "" => "",
        _ => field(&fields, "order"),
    };
    let at_gateway = PAYMENTS.iter().any(|(key, _, external)| *key == payment && *external);
    let status = if at_gateway { Status::Pending } else { Status::OnHold };
    let kept = shop.orders.place(&cart, payment, reserved, status);
    shop.tell(&kept);
    let confirmation = kept.order.confirmation_path(field(&fields, "variant"));
    if !at_gateway {
        return Redirect::to(&confirmation).into_response();
    }
    let request = gateway::Request {
        amount: cart.total().english(),
        reference: kept.order.number,
        return_url: format!("{}{confirmation}", shop.origin),
        cancel_url: format!("{}/checkout?canceled=1", shop.origin),
        failure_url: format!("{}/checkout?failed=1", shop.origin),
        behaviour: field(&fields, "behaviour").to_owned(),
        family: field(&fields, "family").to_owned(),
        delay: field(&fields, "delay").to_owned(),
    };
    Redirect::to(&format!("{}/pay?{}", shop.gateway, request.to_query())).into_response()
}
