//! Who leaves the checkout page for a gateway, and what the tag says of it from then on: by the tag's own code, so that nothing else can
//! be said.

use std::sync::Arc;

use fastrand::Rng;
use purchase_collector::{judge::totals, store::Delivery};
use purchase_core::{
    checkout::{
        Arrival, CheckoutEffect, CheckoutInput, Checkouts, Leaving, OpenCheckout, PageKind, Reached, Settings,
        came_from,
    },
    outbox::Timestamp,
    source::SourceKind,
    wire::{Envelope, new_envelope, with_entry},
};
use serde_json::json;

use super::{FillError, Filling, HOUR, MINUTE, Made, SITES, chance, envelope, fields, keep, moment};

/// A way to pay on a page elsewhere.
struct Way {
    /// As the shop calls it.
    method: &'static str,
    /// Where the form of the checkout page leads; empty if it leads to the shop's own server.
    host: &'static str,
    /// What the gateway adds to the shop's address.
    paid: &'static str,
    /// The same after the shopper gave up.
    canceled: &'static str,
}

const WAYS: [Way; 4] = [
    Way {
        method: "Tarjeta",
        host: "sis.redsys.es",
        paid: "Ds_MerchantParameters=e30&Ds_Signature=x",
        // {"Ds_Response":"9915"}
        canceled: "Ds_MerchantParameters=eyJEc19SZXNwb25zZSI6Ijk5MTUifQ&Ds_Signature=x",
    },
    Way {
        method: "Tarjeta",
        host: "",
        paid: "payment_intent=pi_1&payment_intent_client_secret=x&redirect_status=succeeded",
        canceled: "payment_intent=pi_1&payment_intent_client_secret=x&redirect_status=canceled",
    },
    Way {
        method: "PayPal",
        host: "",
        paid: "token=x&PayerID=x",
        canceled: "token=EC-1",
    },
    // Its page adds nothing to the address.
    Way {
        method: "Bizum",
        host: "",
        paid: "",
        canceled: "",
    },
];
/// Somebody leaves for a gateway.
pub async fn departure(
    filling: &Filling<'_>,
    random: &mut Rng,
    now: i64,
    number: u64,
    made: &mut Made,
) -> Result<(), FillError> {
    let left_at = moment(random, now);
    let cart = format!("cart-{number}");
    let way = &WAYS[random.usize(0..WAYS.len())];
    let mut contents = json!({ "cart_id": cart, "total_quantity": 2, "total_price": "75.50" });
    if chance(random, 70) {
        contents["payment_method"] = json!(way.method);
    }
    let leaving = Leaving::to_text(timestamp(left_at), way.host, &contents.to_string());
    let (_, leaving) = Leaving::from_text(&leaving).ok_or("no departure")?;
    let opened = tag(left_at, &[CheckoutInput::Opened(leaving)]);
    report(filling, left_at, &opened).await?;
    let back_at = (left_at
        + if chance(random, 10) {
            random.i64(20 * MINUTE..9 * HOUR)
        } else {
            random.i64(40_000..6 * MINUTE)
        })
    .min(now);
    let (reaches, other_page, cancels) = (58, 72, 80);
    let fate = random.u8(0..100);
    if (reaches..cancels).contains(&fate) {
        let query = if fate < other_page { way.paid } else { way.canceled };
        let arrival = Arrival {
            page: PageKind::Other,
            reached: Reached::Load,
            query: query.to_owned(),
            referrer: String::new(),
            mine: opened.saved.iter().map(|kept| kept.id.clone()).collect(),
        };
        let restored = opened.saved.into_iter().map(CheckoutInput::Restored);
        let inputs: Vec<_> = restored.chain([CheckoutInput::Arrived(arrival)]).collect();
        report(filling, back_at, &tag(back_at, &inputs)).await?;
    }
    // Of some of those who pay, only the shop's server tells.
    let is_told = (reaches..other_page).contains(&fate) || fate >= cancels;
    if fate < reaches || (is_told && chance(random, 40)) {
        let id = format!("g{number}");
        let mut fields = fields(random, &id);
        fields["cart_id"] = json!(cart);
        fields["payment_method"] = json!(way.method);
        let page = "https://shop.example/order-confirmation";
        let text = envelope(SITES[0], &format!("g{number}"), "call", back_at, page, &fields);
        let gateway = came_from(way.paid, "", "").filter(|_| fate < reaches);
        let text = gateway.map_or(text.clone(), |gateway| with_entry(&text, "gateway", gateway));
        let source = if fate < reaches { "call" } else { "server" };
        keep(filling, &text, source, 400, 1).await?;
        made.purchases += 1;
    }
    Ok(())
}

fn timestamp(at: i64) -> Timestamp {
    Timestamp(u64::try_from(at).unwrap_or_default())
}

/// What the tag said and kept.
struct Said {
    reports: Vec<String>,
    saved: Vec<OpenCheckout>,
}

/// A page of the shop.
fn tag(at: i64, inputs: &[CheckoutInput]) -> Said {
    let mut desk = Checkouts::new(Settings::default());
    let mut said = Said {
        reports: Vec::new(),
        saved: Vec::new(),
    };
    for input in inputs {
        desk.handle(timestamp(at), input.clone());
    }
    while let Some(effect) = desk.poll_effect() {
        match effect {
            CheckoutEffect::Report { data } => said.reports.push(data),
            CheckoutEffect::Save { id, text } => said.saved.extend(OpenCheckout::from_text(&id, &text)),
            _ => {}
        }
    }
    said
}

async fn report(filling: &Filling<'_>, at: i64, said: &Said) -> Result<(), FillError> {
    for data in &said.reports {
        let page = "https://shop.example/checkout";
        let config = "{\"currency\":\"EUR\"}";
        let captured_at = timestamp(at).0;
        let (_, text) = new_envelope(SourceKind::Checkout, SITES[0], captured_at, Some(page), config, data);
        let envelope = Envelope::read(&text)?;
        let Some(report) = envelope.checkout.clone() else {
            continue;
        };
        let contents = report.contents.as_ref();
        let sums = contents.map(|contents| totals(contents, &envelope.config));
        let delivery = Delivery {
            site: envelope.site.clone(),
            record_id: envelope.id.clone(),
            source: "checkout",
            captured_at: at,
            page: envelope.page.clone(),
            gateway: None,
            text,
            sent_at: None,
            attempt: None,
        };
        filling.store.keep_report(Arc::new(delivery), report, sums).await?;
    }
    Ok(())
}
