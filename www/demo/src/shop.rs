//! The shop's pages and forms.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use minijinja::{Value, context, value::Serde};

use crate::{
    amount::Cents,
    cart::{Cart, UNITS_MAX},
    catalogue::{self, FREE_SHIPPING_FROM, PRODUCTS, Product},
    confirmation::{Confirmation, readable_date},
    erp::Erp,
    markup::{Basket, Totals},
    orders::{Kept, Orders},
    server_message::ServerMessages,
    status::Platform,
    views::Views,
};

mod books;
mod checkout;
mod server;
#[cfg(test)]
mod tests;

/// A shop.
pub struct Shop {
    /// Its pages.
    pub views: Views,
    /// Its own origin, without a trailing slash.
    pub origin: String,
    /// The gateway's origin, without a trailing slash.
    pub gateway: String,
    /// The orders it keeps.
    pub orders: Orders,
    /// What the gateway must know to be believed.
    pub secret: String,
    /// Whose words it uses for the status of an order.
    pub platform: Option<Platform>,
    /// How it tells the collector, if it does.
    pub messages: Option<ServerMessages>,
    /// Where it keeps its books.
    pub erp: Erp,
}

/// A form's fields in order; names may repeat.
type Fields = Form<Vec<(String, String)>>;

/// The shop's routes.
pub fn router(shop: Shop) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/product/{slug}", get(product))
        .route("/cart", get(cart).post(change_cart))
        .route("/cart/add", post(add_to_cart))
        .route("/checkout", get(checkout::page).post(checkout::place_order))
        .route("/order-confirmation", get(confirmation).post(posted_confirmation))
        .route("/order-status", get(server::order_status))
        .route("/notify", post(server::notify))
        .route("/orders", get(orders))
        .route("/erp", get(books::page).post(books::take))
        .route("/erp/answer", post(books::choose))
        .route("/images/{file}", get(image))
        .route("/static/{file}", get(static_file))
        .route("/health", get(|| async { "ok" }))
        .fallback(not_found)
        .with_state(Arc::new(shop))
}

impl Shop {
    /// The shopper's cart; empty once it is paid, wherever the shopper comes back to.
    pub fn cart(&self, headers: &HeaderMap) -> Cart {
        let cart = Cart::from_headers(headers);
        let order = self
            .orders
            .find(None, Some(&cart.id).filter(|id| !id.is_empty()).map(String::as_str));
        if order.is_some_and(|order| order.status.is_paid()) {
            return Cart::default();
        }
        cart
    }

    fn page(&self, name: &str, cart: &Cart, context: Value) -> Response {
        let common = context! {
            cart_units => cart.units(),
            cart_markup => (!cart.lines().is_empty()).then(|| Value::from(Serde(Basket::of_cart(cart, &self.origin)))),
            ..context
        };
        self.views.page(name, common)
    }

    /// Tells the collector how the order is now, if this shop does so.
    fn tell(&self, kept: &Kept) {
        if let Some(messages) = &self.messages {
            messages.send(kept, &self.origin, self.platform);
        }
    }
}

async fn home(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let products: Vec<_> = PRODUCTS.iter().map(product_context).collect();
    shop.page("home.html", &shop.cart(&headers), context! { products })
}

async fn product(State(shop): State<Arc<Shop>>, headers: HeaderMap, Path(slug): Path<String>) -> Response {
    let Some(product) = Product::by_slug(&slug) else {
        return not_found(State(shop), headers).await;
    };
    let related = product
        .related
        .iter()
        .filter_map(|sku| Product::by_sku(sku))
        .map(product_context)
        .collect::<Vec<_>>();
    let context = context! { product => product_context(product), related, units_max => 9 };
    shop.page("product.html", &shop.cart(&headers), context)
}

async fn cart(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let cart = shop.cart(&headers);
    let missing = FREE_SHIPPING_FROM.0.saturating_sub(cart.sum().0);
    let to_free = (missing > 0).then(|| Cents(missing).english());
    shop.page(
        "cart.html",
        &cart,
        context! { to_free, units_max => UNITS_MAX, ..cart_context(&cart) },
    )
}

async fn add_to_cart(State(shop): State<Arc<Shop>>, headers: HeaderMap, Form(fields): Fields) -> Response {
    let mut cart = shop.cart(&headers);
    let units = field(&fields, "units").parse().unwrap_or(1);
    cart.add(field(&fields, "sku"), units);
    keep(&cart, "/cart")
}

async fn change_cart(State(shop): State<Arc<Shop>>, headers: HeaderMap, Form(fields): Fields) -> Response {
    let mut cart = shop.cart(&headers);
    for (name, value) in &fields {
        match (name.strip_prefix("units-"), value.parse()) {
            (Some(sku), Ok(units)) => cart.set(sku, units),
            _ if name == "remove" => cart.set(value, 0),
            _ => {}
        }
    }
    keep(&cart, "/cart")
}

async fn confirmation(State(shop): State<Arc<Shop>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let confirmation = Confirmation::from_query(&query.unwrap_or_default());
    let kept = shop.orders.find(Some(&confirmation.order.number), None);
    let unpaid = kept.map(|it| it.status).filter(|status| !status.is_paid());
    let context = confirmation.context(&shop.origin, unpaid, shop.platform);
    let cart = Cart::from_headers(&headers);
    if cart.id.is_empty() || cart.id != confirmation.order.cart {
        return shop.page("confirmation.html", &cart, context);
    }
    let emptied = Cart::default();
    let page = shop.page("confirmation.html", &emptied, context);
    (AppendHeaders([(header::SET_COOKIE, emptied.cookie())]), page).into_response()
}

/// A gateway that returns by a posted form: the same page, opened so that a reload posts nothing. What the form says of
/// the payment is no proof, so it is not read.
async fn posted_confirmation(RawQuery(query): RawQuery) -> Redirect {
    Redirect::to(&format!("/order-confirmation?{}", query.unwrap_or_default()))
}

/// What the shop knows of its orders, for developers.
async fn orders(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let row = |kept: &Kept| {
        let changes = kept.changes.iter().map(|(status, at)| {
            let at = readable_date(at);
            context! { status => status.name(), at }
        });
        context! {
            number => kept.order.number.as_str(),
            cart => kept.order.cart.as_str(),
            payment => kept.order.payment_name(),
            total => Totals::of(&kept.order).total.english(),
            changes => changes.collect::<Vec<_>>(),
        }
    };
    let orders: Vec<_> = shop.orders.all().iter().map(row).collect();
    shop.page("orders.html", &shop.cart(&headers), context! { orders })
}

async fn image(Path(file): Path<String>) -> Response {
    match file.strip_suffix(".svg").and_then(Product::by_sku) {
        Some(product) => asset("image/svg+xml", product.picture),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn static_file(Path(file): Path<String>) -> Response {
    match file.as_str() {
        "shop.css" => asset("text/css; charset=utf-8", include_str!("../static/shop.css")),
        "tag-status.js" => asset(
            "text/javascript; charset=utf-8",
            include_str!("../static/tag-status.js"),
        ),
        "checkout.js" => asset("text/javascript; charset=utf-8", include_str!("../static/checkout.js")),
        "late.js" => asset("text/javascript; charset=utf-8", include_str!("../static/late.js")),
        "icon.svg" => asset("image/svg+xml", include_str!("../static/icon.svg")),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn not_found(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let page = shop.page("not_found.html", &shop.cart(&headers), context! {});
    (StatusCode::NOT_FOUND, page).into_response()
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")],
        text,
    )
        .into_response()
}

/// Stores the cart and goes to a page, so that a reload does not post again.
fn keep(cart: &Cart, page: &str) -> Response {
    (AppendHeaders([(header::SET_COOKIE, cart.cookie())]), Redirect::to(page)).into_response()
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map_or("", |(_, value)| value)
}

fn product_context(product: &Product) -> Value {
    context! {
        sku => product.sku,
        slug => product.slug,
        name => product.name,
        tagline => product.tagline,
        description => product.description,
        price => product.price.english(),
        brand => product.brand,
        section => product.categories.first().map(|path| path.trim_start_matches('/')),
        last_piece => product.last_piece,
        picture => product.picture,
    }
}

fn cart_context(cart: &Cart) -> Value {
    let line = |(product, units): &(&Product, u64)| {
        context! { units, line_price => product.price.times(*units).english(), ..product_context(product) }
    };
    let shipping = catalogue::shipping(cart.sum());
    context! {
        lines => cart.lines().iter().map(line).collect::<Vec<_>>(),
        sum => cart.sum().english(),
        shipping => if shipping == Cents(0) { "free".to_owned() } else { shipping.english() },
        total => cart.total().english(),
    }
}
