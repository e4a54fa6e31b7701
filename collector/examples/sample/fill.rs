//! Sample purchases of every kind, the same for the same seed. Each is judged and kept by the collector's own code; only when it
//! arrived is moved into the past afterwards.

#[path = "leaving.rs"]
mod leaving;
#[path = "moved.rs"]
mod moved;
#[path = "passing.rs"]
mod passing;

use std::{error::Error, fmt, sync::Arc};

use fastrand::Rng;
use purchase_collector::{
    clock::now_ms,
    judge::judge,
    proof::Proof,
    store::{Delivery, Store},
};
use purchase_core::wire::Envelope;
use serde_json::{Value, json};

use self::moved::{Arrived, Refused};

/// How many purchases are made.
const PURCHASES: u64 = 3_000;

/// How many shoppers leave for a gateway.
const DEPARTURES: u64 = 400;

/// How many payloads are refused.
const REFUSALS: u64 = 60;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Since when purchases are passed on: the shop configured its destinations then.
const PASSED_ON: i64 = 26 * HOUR;

const SITES: [&str; 2] = ["demo", "moda"];
const METHODS: [&str; 5] = [
    "Tarjeta",
    "Bizum",
    "PayPal",
    "Transferencia bancaria",
    "Contra reembolso",
];

const PRODUCTS: [(&str, &str); 6] = [
    ("Cafetera espresso", "189.90"),
    ("Hervidor de cuello de cisne", "64.50"),
    ("Juego de toallas", "39.00"),
    ("Tabla de nogal", "48.25"),
    ("Cuenco de gres", "22.40"),
    ("<script>alert('product')</script>", "1.00"),
];

/// What was made.
#[derive(Debug, Default)]
pub struct Made {
    purchases: u64,
    refusals: u64,
    departures: u64,
}

impl fmt::Display for Made {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} purchases, {} refusals and {} departures",
            self.purchases, self.refusals, self.departures
        )
    }
}

/// Why it could not be filled.
pub type FillError = Box<dyn Error>;

/// Fills the database; what is there already stays.
pub async fn fill(store: &Store, seed: u64) -> Result<Made, FillError> {
    let mut random = Rng::with_seed(seed);
    let now = now_ms();
    let mut made = Made::default();
    let passing = passing::configured()?;
    let passed_on = store.clone().with_routes(passing.0.clone());
    let filling = Filling {
        store,
        passed_on: &passed_on,
        since: now - PASSED_ON,
    };
    for number in 0..PURCHASES {
        purchase(&filling, &mut random, now, 10_000 + number).await?;
        made.purchases += 1;
    }
    for number in 0..REFUSALS {
        refusal(&filling, &mut random, now, number).await?;
        made.refusals += 1;
    }
    for number in 0..DEPARTURES {
        leaving::departure(&filling, &mut random, now, number, &mut made).await?;
        made.departures += 1;
    }
    passing::carry(store, &passing, filling.since, now).await?;
    Ok(made)
}

/// The database, as it was before the destinations were configured and since then.
struct Filling<'a> {
    store: &'a Store,
    passed_on: &'a Store,
    /// In milliseconds since 1970.
    since: i64,
}

/// More by day than by night; most of the last three days.
fn moment(random: &mut Rng, now: i64) -> i64 {
    loop {
        let span = if random.u8(0..10) < 7 { 3 * DAY } else { 30 * DAY };
        let at = now - random.i64(2 * MINUTE..span);
        let hour = at.rem_euclid(DAY) / HOUR;
        let weight = [
            1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 10, 10, 9, 8, 8, 8, 9, 10, 12, 14, 15, 12, 7, 3,
        ]
        .get(usize::try_from(hour).unwrap_or_default())
        .copied()
        .unwrap_or(1);
        if random.i64(0..15) < weight {
            return at;
        }
    }
}

fn chance(random: &mut Rng, percent: u8) -> bool {
    random.u8(0..100) < percent
}

fn site(random: &mut Rng) -> &'static str {
    if chance(random, 75) { SITES[0] } else { SITES[1] }
}

fn fields(random: &mut Rng, id: &str) -> Value {
    let (name, price) = PRODUCTS[if chance(random, 2) { 5 } else { random.usize(0..5) }];
    let mut fields = json!({
        "purchase_id": id, "total_quantity": 1, "total_price": price,
        "payment_method": METHODS[random.usize(0..METHODS.len())],
        "product_basket_item": [{
            "product_id": format!("p{}", random.u8(1..40)), "name": name, "quantity": 1, "unit_price": price,
            "price": price, "url": "https://shop.example/p",
        }],
    });
    match random.u8(0..40) {
        0 => fields["purchase_date"] = json!("no date at all"),
        1 => fields["order_status"] = json!("pending"),
        2 => fields["order_status"] = json!("canceled"),
        _ => {}
    }
    fields
}

fn envelope(site: &str, id: &str, source: &str, captured_at: i64, page: &str, data: &Value) -> String {
    let mut envelope = json!({
        "v": 1, "site": site, "id": id, "source": source, "captured_at": captured_at, "page": page,
        "config": { "currency": "EUR", "contact": "email" }, "data": data,
    });
    // Some are guests whose page does not name them.
    if !id.ends_with("14") {
        envelope["contact"] = json!(format!("{id}@shopper.example"));
    }
    envelope.to_string()
}

/// Keeps an envelope as if it arrived after `delay`; the receipt's purchase id.
async fn keep(
    filling: &Filling<'_>,
    text: &str,
    source: &'static str,
    delay: i64,
    attempt: i64,
) -> Result<(), FillError> {
    let envelope = Envelope::read(text)?;
    let captured_at = i64::try_from(envelope.captured_at).unwrap_or_default();
    let judgement = judge(envelope.sole_purchase(), &envelope.config, envelope.page.as_deref());
    // Shops that print markup sign it.
    let proof = if source == "markup" {
        Proof::Signature
    } else {
        Proof::None
    };
    let delivery = Delivery {
        site: envelope.site.clone(),
        record_id: envelope.id.clone(),
        source,
        captured_at,
        page: envelope.page.clone(),
        gateway: envelope.gateway.clone(),
        text: text.to_owned(),
        sent_at: Some(captured_at + delay),
        attempt: Some(attempt),
    };
    let received_at = captured_at + delay;
    let store = if received_at < filling.since {
        filling.store
    } else {
        filling.passed_on
    };
    let receipt = store.keep(Arc::new(delivery), judgement, proof).await?;
    if let Some(purchase_id) = receipt.purchase_id {
        store
            .write(Arrived {
                site: envelope.site,
                purchase_id,
                captured_at,
                received_at,
            })
            .await?;
    }
    Ok(())
}

async fn purchase(filling: &Filling<'_>, random: &mut Rng, now: i64, number: u64) -> Result<(), FillError> {
    let site = site(random);
    let captured_at = moment(random, now);
    // The second shop has been quiet for a while.
    let captured_at = if site == SITES[1] {
        captured_at - 40 * HOUR
    } else {
        captured_at
    };
    let delay = match random.u8(0..100) {
        0..8 => random.i64(20 * MINUTE..20 * HOUR),
        8..20 => random.i64(5_000..5 * MINUTE),
        _ => random.i64(150..3_000),
    };
    // Nothing arrives in the future.
    let delay = if captured_at + delay > now { 900 } else { delay };
    let source = match random.u8(0..20) {
        0..12 => "call",
        12..15 => "data-layer",
        15..17 => "json",
        _ => "server",
    };
    let id = match number % 1_000 {
        7 => format!("<img src=x onerror=alert({number})>"),
        8 => format!("{number}/../?&=%2F #ä"),
        _ => number.to_string(),
    };
    let fields = fields(random, &id);
    let page = "https://shop.example/order-confirmation";
    let text = envelope(site, &format!("r{number}"), "call", captured_at, page, &fields);
    let attempt = if delay > MINUTE { random.i64(2..9) } else { 1 };
    keep(filling, &text, source, delay, attempt).await?;
    if chance(random, 6) {
        keep(filling, &text, source, delay, attempt + 1).await?;
    }
    if chance(random, 2) {
        let mut other = fields.clone();
        other["total_price"] = json!("999.00");
        let text = envelope(site, &format!("s{number}"), "call", captured_at, page, &other);
        keep(filling, &text, source, delay, 1).await?;
    }
    let canceled_after = delay + random.i64(10 * MINUTE..5 * HOUR);
    if chance(random, 3) && captured_at + canceled_after < now {
        let mut canceled = fields.clone();
        canceled["order_status"] = json!("canceled");
        let text = envelope(site, &format!("c{number}"), "call", captured_at, page, &canceled);
        keep(filling, &text, "server", canceled_after, 1).await?;
    }
    Ok(())
}

async fn refusal(filling: &Filling<'_>, random: &mut Rng, now: i64, number: u64) -> Result<(), FillError> {
    let at = now - random.i64(0..9 * DAY);
    let mut fields = fields(random, &format!("x{number}"));
    let mut page = format!("https://shop.example/order/{}/confirmation", 20_000 + number);
    match random.u8(0..10) {
        0..5 => fields["total_price"] = json!(format!("1,{}", random.u16(100..999))),
        5..7 => drop(
            fields
                .as_object_mut()
                .and_then(|fields| fields.remove("total_quantity")),
        ),
        7..8 => fields["purchase_id"] = json!("undefined"),
        8..9 => fields["total_price"] = json!("-12.00"),
        _ => {
            fields["total_price"] = json!("<b>free</b>");
            page = "https://shop.example/<script>alert('page')</script>".to_owned();
        }
    }
    let text = envelope(SITES[0], &format!("f{number}"), "call", at, &page, &fields);
    let times = random.u8(1..4);
    for _ in 0..times {
        keep(filling, &text, "call", 0, 1).await?;
    }
    let last_at = at + i64::from(times - 1) * HOUR;
    filling
        .store
        .write(Refused {
            record_id: format!("f{number}"),
            first_at: at,
            last_at: last_at.min(now),
        })
        .await?;
    Ok(())
}
