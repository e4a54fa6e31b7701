//! `purchase-collector check` as its users meet it: files in, JSON and exit codes out.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

/// Runs `check --json -` on a text.
fn run(input: &[u8], options: &[&str]) -> (i32, Value) {
    let output = run_with(input, &[&["check", "--json"], options, &["-"]].concat());
    let report = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    (output.status.code().expect("it was not killed"), report)
}

fn run_with(input: &[u8], arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_purchase-collector"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    let input = input.to_vec();
    // It may answer without reading everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the writer ends");
    output
}

/// `source outcome purchase_id` of each result.
fn summary(report: &Value) -> Vec<String> {
    let results = report["results"].as_array().expect("results is a list");
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |result: &Value| {
        format!(
            "{} {} {}",
            word(&result["source"]),
            word(&result["outcome"]),
            word(&result["purchase"]["purchase_id"])
        )
    };
    results.iter().map(line).collect()
}

#[track_caller]
fn check(input: &str, code: i32, expected: &[&str]) {
    let (exit, report) = run(input.as_bytes(), &[]);
    assert_eq!(summary(&report), expected, "{report}");
    assert_eq!(exit, code);
}

const MARKUP: &str = "<div class='cn_purchase '><span class=purchase_id>0042</span><span class=total_quantity>3</span>\
                      <span class=total_price>180.750000</span></div>";
const FIELDS: &str = r#"{"purchase_id":"7","total_quantity":1,"total_price":"1.50"}"#;

#[test]
fn the_report_has_the_documented_form() {
    let (exit, report) = run(MARKUP.as_bytes(), &["--currency", "EUR"]);
    let result = &report["results"][0];
    assert_eq!(exit, 0);
    assert_eq!(report["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(result["source"], "markup");
    assert_eq!(result["outcome"], "accepted");
    assert_eq!(result["purchase"]["purchase_id"], "0042");
    assert_eq!(result["purchase"]["total_quantity"], 3);
    assert!(
        result["purchase"]["total_price"]
            .as_str()
            .is_some_and(|price| price.starts_with("180.75"))
    );
    assert_eq!(result["purchase"].get("cart_id"), None);
    for problem in result["problems"].as_array().expect("problems is a list") {
        for key in ["path", "kind", "severity", "text", "message"] {
            assert!(problem[key].is_string(), "{problem}");
        }
    }
}

#[test]
fn every_source_is_found_and_named() {
    check(MARKUP, 0, &["markup accepted 0042"]);
    check(FIELDS, 0, &["json accepted 7"]);
    check(
        &format!("[{FIELDS},{FIELDS}]"),
        0,
        &["json accepted 7", "json accepted 7"],
    );
    check(
        &format!("<script type=application/json data-purchase-tag>{FIELDS}</script>"),
        0,
        &["json accepted 7"],
    );
    check(
        &format!("<script type='Application/JSON; charset=utf-8' class='x cn_purchase'>{FIELDS}</script>"),
        0,
        &["json accepted 7"],
    );
    check(
        &format!("<script type=application/json>{FIELDS}</script>"),
        0,
        &["json accepted 7"],
    );
    check(
        &format!("<script>purchaseTag('purchase', {FIELDS})</script>"),
        0,
        &["call accepted 7"],
    );
    let ga4 =
        "{event:'purchase',ecommerce:{transaction_id:'8',value:9.90,items:[{item_id:'a',item_name:'A',price:9.90}]}}";
    check(
        &format!("<script>window.dataLayer.push({ga4});</script>"),
        0,
        &["data-layer accepted 8"],
    );
    check(
        &format!("<script>dataLayer = [{ga4}]</script>"),
        0,
        &["data-layer accepted 8"],
    );
    check(
        "<script>gtag('event','purchase',{transaction_id:'8',value:9.90,items:[{item_id:'a',price:9.90,quantity:2}]})</script>",
        0,
        &["data-layer accepted 8"],
    );
    check(
        r#"{"event":"purchase","ecommerce":{"transaction_id":"8","value":9.9,"items":[{"item_id":"a","price":9.9}]}}"#,
        0,
        &["data-layer accepted 8"],
    );
    check(
        &format!("{MARKUP}<script>dataLayer.push({ga4})</script>"),
        0,
        &["markup accepted 0042", "data-layer accepted 8"],
    );
}

#[test]
fn other_json_elements_of_a_shop_are_no_purchases() {
    check(
        r#"<script type=application/json>{"total_price":1234,"cart_id":"x","items":[]}</script>"#,
        2,
        &[],
    );
}

#[test]
fn envelopes_are_opened() {
    let envelope = json!({
        "v": 1, "site": "demo", "id": "a1", "source": "markup", "captured_at": 1,
        "data": ["cn_purchase", ["purchase_id", "5"], ["total_quantity", "1"], ["total_price", "2.50"]],
    });
    check(&envelope.to_string(), 0, &["markup accepted 5"]);
}

#[test]
fn one_refused_purchase_decides_the_exit_code() {
    check(
        &format!("{MARKUP}<div class=cn_purchase></div>"),
        1,
        &["markup accepted 0042", "markup refused -"],
    );
    let (_, report) = run(b"<div class=cn_purchase><span class=total_price>-1</span></div>", &[]);
    let errors: Vec<&str> = report["results"][0]["problems"]
        .as_array()
        .expect("problems is a list")
        .iter()
        .filter(|problem| problem["severity"] == "error")
        .filter_map(|problem| problem["path"].as_str())
        .collect();
    assert_eq!(errors, ["purchase_id", "total_price", "total_quantity"]);
    assert_eq!(report["results"][0]["purchase"], Value::Null);
}

#[test]
fn nothing_found_is_two() {
    let hidden = format!("<!--{MARKUP}--><template>{MARKUP}</template><noscript>{MARKUP}</noscript>");
    for input in [
        "",
        "  ",
        "<p>Thank you",
        "{}",
        "[]",
        r#"{"event":"view_item"}"#,
        "[1,2]",
        hidden.as_str(),
    ] {
        let (exit, report) = run(input.as_bytes(), &[]);
        assert_eq!((exit, report), (2, json!({ "results": [] })), "{input}");
    }
}

#[test]
fn broken_json_that_is_meant_for_us_is_refused_with_its_place() {
    check(r#"{"purchase_id":"7","#, 1, &["json refused -"]);
    check(
        "<script type=application/json data-purchase-tag>{\"a\":}</script>",
        1,
        &["json refused -"],
    );
    check(
        "<script type=application/json data-purchase-tag>{}</script>",
        1,
        &["json refused -"],
    );
    check("<script type=application/json>{\"a\":}</script>", 2, &[]);
    let (_, report) = run(b"{\"purchase_id\": x}", &[]);
    let problem = &report["results"][0]["problems"][0];
    assert_eq!(
        (&problem["kind"], &problem["text"]),
        (&json!("malformed"), &json!("x}"))
    );
}

#[test]
fn the_rules_are_options() {
    let page = MARKUP
        .replace("180.750000", "1.234")
        .replace("</div>", "<span class=purchase_date>2025-01-16 14:32:10</span></div>");
    let (exit, _) = run(page.as_bytes(), &[]);
    assert_eq!(exit, 1);
    let (exit, report) = run(page.as_bytes(), &["--decimal", "comma", "--time-zone", "Europe/Madrid"]);
    assert_eq!(exit, 0);
    let purchase = &report["results"][0]["purchase"];
    assert_eq!(purchase["total_price"], "1234");
    assert_eq!(purchase["purchase_date"], "2025-01-16T14:32:10+01:00");
    let (_, report) = run(page.as_bytes(), &["--decimal", "comma", "--time-zone", "-03:00"]);
    assert_eq!(
        report["results"][0]["purchase"]["purchase_date"],
        "2025-01-16T14:32:10-03:00"
    );

    let page = format!("{MARKUP}<div class=cn_client_info><span class=primary_key>a@b.example</span></div>");
    let (_, report) = run(page.as_bytes(), &["--contact", "email"]);
    assert!(report.to_string().contains("a@b.example"));
    let (_, report) = run(page.as_bytes(), &[]);
    assert!(!report.to_string().contains("a@b.example"));
}

#[test]
fn the_pages_buyer_belongs_to_every_source() {
    let page = format!(
        "<script type=application/json>{FIELDS}</script><div class=cn_client_info><span class=primary_key>a@b.example</span></div>"
    );
    let (_, report) = run(page.as_bytes(), &["--contact", "email"]);
    assert!(report.to_string().contains("a@b.example"), "{report}");
}

#[test]
fn a_page_in_latin_1_is_read_by_its_own_charset() {
    let mut page = b"<meta charset=iso-8859-1>".to_vec();
    page.extend(MARKUP.replace("</div>", "<span class=payment_method>Cart").as_bytes());
    page.extend(b"\xe3o</span></div>");
    let (_, report) = run(&page, &[]);
    assert_eq!(report["results"][0]["purchase"]["payment_method"], "Cart\u{e3}o");
}

#[test]
fn what_cannot_be_read_or_understood_is_three() {
    for arguments in [
        &["check", "--json", "no-such-file.html"][..],
        &["check", "--decimal", "x", "-"],
        &["check"],
        &["chek"],
    ] {
        let output = run_with(b"", arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
    let output = run_with(b"", &["check", "no-such-file.html"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
}

#[test]
fn people_get_sentences_without_colour_codes_in_a_pipe() {
    let page = MARKUP.replace("0042", "\u{1b}[31mx");
    let output = run_with(page.as_bytes(), &["check", "-"]);
    let text = String::from_utf8(output.stdout).expect("the report is text");
    assert!(
        text.contains("accepted") && text.contains("1 accepted, 0 refused"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
    let output = run_with(b"<p>", &["check", "-"]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("No purchase found"));
}
