//! The figures of the accuracy page, from what a tag sends and nothing else: its reports are made by the tag's own code.

use purchase_collector::{clock::now_ms, store::console::Role};
use purchase_core::{
    checkout::{
        Arrival, CheckoutEffect, CheckoutInput, Checkouts, Leaving, OpenCheckout, PageKind, Reached, Settings,
        came_from,
    },
    outbox::Timestamp,
    source::SourceKind,
    wire::{new_envelope, with_entry},
};
use serde_json::json;

use crate::world::World;

const SECRET: &str = "0123456789abcdef-demo";
const HOUR_MS: u64 = 3_600_000;
const PAYPAL: &str = "?token=x&PayerID=y";

/// One shopper's tag.
struct Shopper<'a> {
    world: &'a World,
    cart: &'static str,
    kept: Vec<OpenCheckout>,
}

impl<'a> Shopper<'a> {
    /// Who leaves the checkout page by a form that leads to `host`.
    async fn leaves(world: &'a World, cart: &'static str, host: &str, method: Option<&str>, at: u64) -> Shopper<'a> {
        let mut shopper = Shopper {
            world,
            cart,
            kept: Vec::new(),
        };
        shopper.leaves_again(host, method, at).await;
        shopper
    }

    async fn leaves_again(&mut self, host: &str, method: Option<&str>, at: u64) {
        let contents = json!({ "cart_id": self.cart, "total_quantity": 1, "payment_method": method }).to_string();
        let text = Leaving::to_text(Timestamp(at), host, &contents);
        let (_, leaving) = Leaving::from_text(&text).expect("a departure");
        let restored: Vec<_> = self.kept.drain(..).map(CheckoutInput::Restored).collect();
        self.page(at, restored.into_iter().chain([CheckoutInput::Opened(leaving)]))
            .await;
    }

    /// Who comes to another page than the confirmation.
    async fn comes_back(&mut self, query: &str, at: u64) {
        let arrival = Arrival {
            page: PageKind::Other,
            reached: Reached::Load,
            query: query.into(),
            referrer: String::new(),
            mine: self.kept.iter().map(|kept| kept.id.clone()).collect(),
        };
        let restored: Vec<_> = self.kept.drain(..).map(CheckoutInput::Restored).collect();
        self.page(at, restored.into_iter().chain([CheckoutInput::Arrived(arrival)]))
            .await;
    }

    async fn page(&mut self, at: u64, inputs: impl IntoIterator<Item = CheckoutInput>) {
        let mut desk = Checkouts::new(Settings::default());
        for input in inputs {
            desk.handle(Timestamp(at), input);
        }
        while let Some(effect) = desk.poll_effect() {
            match effect {
                CheckoutEffect::Save { id, text } => self.kept.extend(OpenCheckout::from_text(&id, &text)),
                CheckoutEffect::Report { data } => {
                    let (_, text) = new_envelope(SourceKind::Checkout, "demo", at, None, "{}", &data);
                    assert!(self.world.post(text).await.status.is_success());
                }
                _ => {}
            }
        }
    }

    fn purchase(&self, method: &str, status: &str) -> serde_json::Value {
        json!({
            "purchase_id": format!("p-{}", self.cart), "cart_id": self.cart, "total_quantity": 1, "total_price": "20",
            "payment_method": method, "order_status": status,
        })
    }

    /// Whose confirmation page states this; `basis` if the page had to ask for it.
    async fn registers(&self, method: &str, status: &str, query: &str, basis: Option<&str>, at: u64) {
        let data = self.purchase(method, status).to_string();
        let (_, text) = new_envelope(SourceKind::Call, "demo", at, None, "{}", &data);
        let text = basis.map_or(text.clone(), |basis| with_entry(&text, "basis", basis));
        let gateway = came_from(query, "", "");
        let text = gateway.map_or(text.clone(), |gateway| with_entry(&text, "gateway", gateway));
        assert!(self.world.post(text).await.status.is_success());
    }

    /// Whose order the shop's server tells of.
    async fn is_told_by_the_server(&self, method: &str, status: &str) {
        let mut message = self.purchase(method, status);
        message["site"] = json!("demo");
        let request = axum::http::Request::post("/v1/purchases")
            .header("authorization", format!("Bearer {SECRET}"))
            .body(message.to_string().into())
            .expect("a request");
        assert!(self.world.send(request).await.status.is_success());
    }
}

/// The texts of the rows below this heading, cells parted by `|`.
fn rows(page: &str, heading: &str) -> Vec<String> {
    let (_, section) = page.split_once(&format!("<h2 id=\"{heading}\">")).expect("the heading");
    let (_, body) = section.split_once("<tbody>").expect("a table");
    let (body, _) = body.split_once("</tbody>").expect("its end");
    let text = |cell: &str| {
        let mut out = String::new();
        let mut is_tag = false;
        for character in format!("<{cell}").chars() {
            match character {
                '<' => is_tag = true,
                '>' => is_tag = false,
                _ if !is_tag => out.push(character),
                _ => {}
            }
        }
        out.trim().replace('\u{a0}', " ")
    };
    let row = |row: &str| {
        let cells: Vec<_> = row
            .split("<t")
            .skip(1)
            .filter(|cell| cell.starts_with(['d', 'h']))
            .map(text)
            .collect();
        cells.join("|")
    };
    body.split("<tr>").skip(1).map(row).collect()
}

#[tokio::test]
async fn accuracy_counts_what_a_tag_sends() {
    let world = World::new(&["--server-secret", &format!("demo={SECRET}")]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    let now = u64::try_from(now_ms()).expect("after 1970");
    let ago = now - 30 * HOUR_MS;
    let leaves = async |cart, host, method, at| Shopper::leaves(&world, cart, host, method, at).await;

    // To the confirmation page: by the shop's own server, soon; late; with an order that is not placed yet.
    let soon = leaves("soon", "shop.example", None, ago).await;
    soon.registers("PayPal", "completed", PAYPAL, None, ago + 60_000).await;
    let late = leaves("late", "shop.example", None, ago).await;
    late.is_told_by_the_server("PayPal", "completed").await;
    late.registers("PayPal", "completed", PAYPAL, None, ago + 5 * HOUR_MS)
        .await;
    let voucher = leaves("voucher", "shop.example", Some("PayPal"), ago).await;
    voucher.registers("PayPal", "pending", PAYPAL, None, ago + 60_000).await;
    // To another page: nothing is known of the order; the server tells of it; the order-status URL does.
    leaves("lost", "", Some("PayPal"), ago)
        .await
        .comes_back(PAYPAL, ago + 1)
        .await;
    let mut told = leaves("told", "", None, ago).await;
    told.comes_back(PAYPAL, ago + 1).await;
    told.is_told_by_the_server("PayPal", "completed").await;
    let asked = leaves("asked", "", None, ago).await;
    asked
        .registers("PayPal", "completed", PAYPAL, Some("status"), ago + 60_000)
        .await;
    leaves("canceled", "", None, ago)
        .await
        .comes_back("?token=EC-1", ago + 1)
        .await;
    // Never; only the server tells; just left.
    leaves("never", "sis.redsys.es", Some("Tarjeta"), ago).await;
    leaves("server", "sis.redsys.es", None, ago)
        .await
        .is_told_by_the_server("Tarjeta", "completed")
        .await;
    leaves("away", "sis.redsys.es", Some("Tarjeta"), now).await;
    leaves("unknown", "shop.example", None, ago).await;
    // By another gateway and another way to pay the second time; back from another gateway than the link led to.
    leaves("twice", "www.paypal.com", Some("Tarjeta"), ago)
        .await
        .leaves_again("sis.redsys.es", Some("Bizum"), ago + 60_000)
        .await;
    let through = leaves("through", "sis.redsys.es", None, ago).await;
    through
        .registers("PayPal", "completed", PAYPAL, None, ago + 60_000)
        .await;

    let page = world.page("/console/accuracy", &ana).await;
    // Name, share, left, never, reached, late, median, elsewhere, canceled, may still come, by the server alone.
    let gateways = rows(&page, "gateways");
    assert_eq!(gateways[1], "redsys|25.0 %|5|3|1|0|60 seconds|0|0|1|1");
    assert_eq!(gateways[2], "not known|0.0 %|1|1|0|0|–|0|0|0|0");
    let [
        name,
        share,
        left,
        never,
        reached,
        late,
        _,
        elsewhere,
        canceled,
        open,
        server,
    ] = gateways[0].split('|').collect::<Vec<_>>()[..]
    else {
        panic!("{gateways:?}")
    };
    assert_eq!(
        (name, share, left, never, reached, late),
        ("paypal", "50.0 %", "7", "0", "3", "1")
    );
    assert_eq!((elsewhere, canceled, open, server), ("3", "1", "0", "1"));
    let names: Vec<_> = rows(&page, "left-methods")
        .iter()
        .map(|row| row.split('|').take(5).collect::<Vec<_>>().join("|"))
        .collect();
    assert_eq!(
        names,
        [
            "PayPal|57.1 %|7|0|4",
            "Tarjeta|0.0 %|3|2|0",
            "not known|0.0 %|2|1|0",
            "Bizum|0.0 %|1|1|0"
        ]
    );
}
