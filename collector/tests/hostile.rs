//! Pages and payloads made to exhaust time, memory or the stack: each is answered, and the purchase on it is found.

use std::time::{Duration, Instant};

use purchase_collector::check::check;
use purchase_core::Rules;

/// Longest time for one input, in seconds, in a debug build on a slow machine; a release build takes a tenth.
const SECONDS_MAX: u64 = 30;

const PURCHASE: &str = "<div class=cn_purchase><span class=purchase_id>1</span><span class=total_quantity>1</span>\
                        <span class=total_price>1.50</span></div>";
const ITEM: &str = "<div class=product_basket_item><span class=quantity>1</span><span class=price>1.5</span>\
                    <span class=unit_price>1.5</span><span class=url>https://a.b/c</span><span class=product_id>1</span>\
                    <span class=name>n</span></div>";

/// Checks an input on a thread with a small stack, and how many purchases are accepted and refused.
#[track_caller]
fn answered(input: String, accepted: usize, refused: usize) {
    let started = Instant::now();
    let work = move || check(&input, &Rules::default());
    let thread = std::thread::Builder::new()
        .stack_size(1024 * 1024)
        .spawn(work)
        .expect("a thread starts");
    let report = thread.join().expect("no panic");
    assert!(
        started.elapsed() < Duration::from_secs(SECONDS_MAX),
        "took {:?}",
        started.elapsed()
    );
    let found = report
        .results
        .iter()
        .filter(|verdict| verdict.purchase.is_some())
        .count();
    assert_eq!((found, report.results.len() - found), (accepted, refused));
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

#[test]
fn a_megabyte_of_attributes_in_one_tag() {
    let attributes = numbered(150_000, |n| format!(" a{n}=1"));
    answered(PURCHASE.replace("<div ", &format!("<div{attributes} ")), 1, 0);
    answered(format!("<p{attributes}>{PURCHASE}"), 1, 0);
    answered(format!("</p{attributes}>{PURCHASE}"), 1, 0);
    answered(format!("<p x='{}'>{PURCHASE}", "y".repeat(10_000_000)), 1, 0);
}

#[test]
fn a_megabyte_of_classes() {
    let classes = numbered(150_000, |n| format!("c{n} "));
    answered(
        PURCHASE.replace("class=cn_purchase", &format!("class='{classes} cn_purchase'")),
        1,
        0,
    );
}

#[test]
fn ten_thousand_items() {
    answered(PURCHASE.replace("</div>", &(ITEM.repeat(10_000) + "</div>")), 1, 0);
    answered(
        PURCHASE.replace("</div>", &ITEM.replace("</div>", "").repeat(5_000)),
        1,
        0,
    );
}

#[test]
fn ten_thousand_purchases() {
    answered(PURCHASE.repeat(10_000), 10_000, 0);
}

#[test]
fn fifty_thousand_nested_elements() {
    for open in [
        "<div>",
        "<span>",
        "<p><b>",
        "<a>",
        "<ul><li>",
        "<table><tr><td>",
        "<svg>",
        "<svg><foreignObject>",
        "<button>",
        "<form><div>",
        "<math><annotation-xml encoding=text/html><div>",
        "<object><b>",
        "<ruby><rt>",
        "<select><option>",
    ] {
        answered(open.repeat(50_000) + PURCHASE, 1, 0);
    }
    answered(format!("<svg>{}</svg>{PURCHASE}", "<style>".repeat(50_000)), 1, 0);
    let inside = format!("<span class=payment_method>{}x", "<i>".repeat(50_000));
    answered(PURCHASE.replace("</div>", &inside), 1, 0);
    answered(
        format!(
            "{}{PURCHASE}{}{PURCHASE}",
            "<div>".repeat(50_000),
            "</div>".repeat(50_000)
        ),
        2,
        0,
    );
}

#[test]
fn tags_that_make_a_parser_repeat_itself() {
    let unclosed = numbered(5_000, |n| format!("<object></b></object><p><b class=x{n}>"));
    answered(format!("{unclosed}{}{PURCHASE}", "<p>x".repeat(50_000)), 1, 0);
    answered(
        format!("{}{}{PURCHASE}", "<b><p>".repeat(10_000), "</b>".repeat(10_000)),
        1,
        0,
    );
    answered(
        format!("{}{PURCHASE}", numbered(20_000, |n| format!("<font color=c{n}>"))),
        1,
        0,
    );
    answered(format!("<table>{}{PURCHASE}", "x<tr>".repeat(50_000)), 1, 0);
    answered(
        format!("{}{}{PURCHASE}", "<div>".repeat(500), "</x>".repeat(100_000)),
        1,
        0,
    );
    answered(numbered(50_000, |n| format!("<x{n}></x{n}>")) + PURCHASE, 1, 0);
}

#[test]
fn tags_and_comments_that_never_end() {
    answered(format!("{PURCHASE}<div x=\"{}", "<p>".repeat(300_000)), 1, 0);
    answered("<!--".repeat(300_000), 0, 0);
    answered("<".repeat(1_000_000) + PURCHASE, 1, 0);
    answered("&".repeat(1_000_000) + PURCHASE, 1, 0);
    answered("<div class=cn_purchase><span class=purchase_id>1".repeat(2), 0, 2);
}

#[test]
fn ten_megabytes_of_text() {
    let text = "lorem ipsum ".repeat(850_000);
    answered(format!("{PURCHASE}<p>{text}"), 1, 0);
    answered(
        PURCHASE.replace("</div>", &format!("<span class=payment_method>{text}</span></div>")),
        1,
        0,
    );
    answered(PURCHASE.replace("1.50", &"1".repeat(1_000_000)), 0, 1);
}

#[test]
fn characters_that_are_none() {
    answered(format!("{0}{PURCHASE}{0}", "\0".repeat(300_000)), 1, 0);
    let id = r"\ud83d".repeat(100_000);
    answered(
        format!(r#"{{"purchase_id":"{id}","total_quantity":1,"total_price":"1"}}"#),
        0,
        1,
    );
    answered(
        r#"{"purchase_id":"a\ud83d","total_quantity":1,"total_price":"1"}"#.to_owned(),
        1,
        0,
    );
}

#[test]
fn scripts_made_to_be_scanned_again_and_again() {
    for script in [
        "/[",
        "dataLayer.push({a:",
        "dataLayer.push([",
        "gtag(",
        "dataLayer/*",
        "dataLayer='",
        "`${",
        "<!--",
        "dataLayer=",
        "dataLayer.push({a:'",
        "purchaseTag('purchase',{",
    ] {
        answered(format!("<script>{}</script>{PURCHASE}", script.repeat(50_000)), 1, 0);
    }
}

#[test]
fn payloads_deeper_or_longer_than_any_purchase() {
    answered("[".repeat(1_000_000), 0, 1);
    answered("{\"a\":".repeat(300_000), 0, 1);
    answered(format!("[{}1]", "1,".repeat(1_500_000)), 0, 1);
    let items = vec![r#"{"name":"a"}"#; 50_000].join(",");
    answered(
        format!(r#"{{"purchase_id":"1","total_quantity":1,"total_price":"1","products":[{items}]}}"#),
        0,
        1,
    );
}
