//! Addresses of the confirmation page, and the exact text that the tag finds there.

use url::Url;

use super::Confirmation;
use crate::views::{Tag, Views};

const ORIGIN: &str = "http://127.0.0.1:7501";

fn page(query: &str) -> String {
    let tag = Tag {
        collector: Url::parse("http://127.0.0.1:7500/").unwrap(),
        site: "demo".to_owned(),
        order_status: false,
        platform: None,
        options: "data-decimal=\"comma\"".to_owned(),
    };
    Views::new(Some(tag), None)
        .text(
            "confirmation.html",
            Confirmation::from_query(query).context(ORIGIN, None, None),
        )
        .unwrap()
}

/// The text from `start` to the first `end` after it, both included.
fn part<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let from = page.find(start).unwrap_or_else(|| panic!("{start} is not in {page}"));
    let length = page[from..]
        .find(end)
        .unwrap_or_else(|| panic!("{end} does not follow {start}"));
    &page[from..from + length + end.len()]
}

/// Without the white space between elements.
fn joined(text: &str) -> String {
    text.lines().map(str::trim).collect()
}

#[test]
fn the_default_order_is_printed_as_the_module_prints_it() {
    let page = page("cart=558");
    let block = part(&page, "<div class=\"cn_purchase \" style=\"display:none\">", "\n</div>");
    let expected = r#"
        <div class="cn_purchase " style="display:none">
            <span class="purchase_id">10023</span>
            <span class="purchase_date">2026-11-21T10:00:00+0100</span>
            <span class="payment_method">Credit card</span>
            <span class="cart_id">558</span>
            <span class="total_quantity">3</span>
            <span class="total_price">180.750000</span>
            <div class="product_basket_item">
                <span class="quantity">3</span>
                <span class="price">180.750000</span>
                <span class="url">http://127.0.0.1:7501/product/stoneware-serving-bowl</span>
                <span class="product_id">SKU-987</span>
                <span class="name">Stoneware serving bowl</span>
                <span class="description">&lt;p&gt;Thrown by hand in &lt;strong&gt;La Bisbal&lt;/strong&gt;, glazed &amp;amp; fired twice. 28 cm across, and safe in the oven.&lt;/p&gt;</span>
                <span class="image_url">http://127.0.0.1:7501/images/SKU-987.svg</span>
                <span class="unit_price">60.25</span>
                <span class="availability">instock</span>
                <span class="brand"></span>
                <span class="category">/Table &amp; kitchen</span>
                <span class="category">/Table &amp; kitchen/Bowls</span>
                <span class="related_external_product_id">SKU-114</span>
                <span class="related_external_product_id">SKU-330</span>
                <span class="tag">stoneware</span>
                <span class="tag">handmade</span>
            </div>
        </div>"#;
    assert_eq!(joined(block), joined(expected));
    assert_eq!(page.matches("cn_purchase").count(), 1);
}

#[test]
fn a_guest_is_an_empty_client_info() {
    let expected = r#"
        <div class="cn_client_info" style="display:none">
            <span class="primary_key"></span>
            <span class="_name"></span>
            <span class="_surname"></span>
            <span class="_birthdate"></span>
            <span class="_newsletter_subscription_status"></span>
        </div>"#;
    let guest = page("");
    assert_eq!(
        joined(part(&guest, "<div class=\"cn_client_info\"", "</div>")),
        joined(expected)
    );
    let known = page("email=maria%40example.com&name=Maria&surname=Ferrer");
    assert!(known.contains("<span class=\"primary_key\">maria@example.com</span>"));
    assert!(known.contains("<span class=\"_newsletter_subscription_status\">unsubscribed</span>"));
}

#[test]
fn several_lines_shipping_and_prices_that_do_not_multiply() {
    let page = page("order=0042&item=SKU-114:2&item=SKU-508:1&payment=transfer");
    assert!(page.contains("<span class=\"purchase_id\">0042</span>"));
    assert!(page.contains("<span class=\"total_quantity\">3</span>"));
    assert!(page.contains("<span class=\"total_price\">79.800000</span>"));
    assert!(page.contains("<span class=\"price\">37.800000</span>"));
    assert!(page.contains("<span class=\"unit_price\">18.8958</span>"));
    assert!(page.contains("<span class=\"availability\">outofstock</span>"));
    assert!(page.contains("<span class=\"brand\">L&#039;Ofici</span>"));
    assert!(page.contains("<span class=\"payment_method\">Bank transfer</span>"));
    assert!(self::page("item=SKU-114:1").contains("<span class=\"total_price\">23.800000</span>"));
}

#[test]
fn given_values_are_printed_as_given_and_escaped_once() {
    let page =
        page("order=%3Cb%3E%26amp%3B%22%27&item=X%3C1:%2B3&payment=Bizum&total=180%2C75&quantity=many&date=soon");
    assert!(page.contains("<span class=\"purchase_id\">&lt;b&gt;&amp;amp;&quot;&#039;</span>"));
    assert!(page.contains("<span class=\"product_id\">X&lt;1</span>"));
    assert!(page.contains("<span class=\"quantity\">+3</span>"));
    assert!(page.contains("<span class=\"payment_method\">Bizum</span>"));
    assert!(page.contains("<span class=\"total_price\">180,75</span>"));
    assert!(page.contains("<span class=\"total_quantity\">many</span>"));
    assert!(page.contains("<span class=\"purchase_date\">soon</span>"));
    assert!(!page.contains("<b>&"));
    assert!(!self::page("item=").contains("product_basket_item"));
}

#[test]
fn the_tag_follows_its_stub_in_the_head() {
    let page = page("");
    let head = part(&page, "<script>window.purchaseTag", "</head>");
    assert_eq!(
        head,
        "<script>window.purchaseTag=window.purchaseTag||function(){(purchaseTag.q=purchaseTag.q||[]).push(arguments)};\
         try{purchaseTag.version||purchaseTag.db||((purchaseTag.db=indexedDB.open('purchase-tag')).onupgradeneeded=\
         function(e){e.target.result.createObjectStore('records')})}catch(e){}\
         </script>\n<script async src=\"http://127.0.0.1:7500/tag/purchase-tag.js\" data-site=\"demo\" \
         data-decimal=\"comma\"></script>\n</head>"
    );
}

#[test]
fn malformed() {
    let page = page("variant=malformed");
    let block = part(&page, "<div class=\"cn_purchase \"", "\n</div>");
    assert!(block.contains("<span class=\"total_price\">€ 1.2.3</span>"));
    assert!(block.contains("<span class=\"purchase_date\">2026-02-30T10:00:00+0100</span>"));
    assert!(block.contains("<span class=\"quantity\">two</span>"));
    assert!(!block.contains("total_quantity"));
    assert!(!block.contains("class=\"name\""));
}

#[test]
fn late_markup_waits_in_a_template() {
    let page = page("variant=late&delay=1500");
    let template = part(
        &page,
        "<template id=\"late-purchase\" data-delay=\"1500\">",
        "</template>",
    );
    assert_eq!(page.matches("cn_purchase").count(), 1);
    assert!(template.contains("<div class=\"cn_purchase \""));
    assert!(page.contains("<script src=\"/static/late.js\" defer></script>"));
    assert!(self::page("variant=late&delay=9999999999").contains("data-delay=\"300\""));
    assert!(self::page("variant=late&delay=70000").contains("data-delay=\"60000\""));
}

#[test]
fn several_blocks() {
    let page = page("variant=several&order=7");
    assert_eq!(page.matches("<div class=\"cn_purchase \"").count(), 2);
    assert!(page.contains("<span class=\"purchase_id\">7</span>"));
    assert!(page.contains("<span class=\"purchase_id\">7-2</span>"));
}

#[test]
fn a_json_script_element_cannot_be_left_by_its_content() {
    let page = page("variant=json&order=%3C%2Fscript%3E&total=20");
    let start = "<script type=\"application/json\" class=\"cn_purchase\">";
    let text = part(&page, start, "</script>")
        .strip_prefix(start)
        .unwrap()
        .strip_suffix("</script>")
        .unwrap();
    let fields: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(fields["purchase_id"], "</script>");
    assert_eq!(fields["total_price"], 20);
    assert_eq!(fields["total_quantity"], 3);
    assert_eq!(fields["product_basket_item"][0]["unit_price"], 60.25);
    assert_eq!(
        fields["product_basket_item"][0]["category"][1],
        "/Table & kitchen/Bowls"
    );
    assert!(!page.contains("class=\"purchase_id\""));
}

#[test]
fn a_data_layer_entry_and_a_tag_that_reads_it() {
    let page = page("variant=data-layer");
    let start = "dataLayer.push({ecommerce:null});dataLayer.push(";
    let text = part(&page, start, ")</script>")
        .strip_prefix(start)
        .unwrap()
        .strip_suffix(")</script>")
        .unwrap();
    let entry: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(entry["event"], "purchase");
    assert_eq!(entry["ecommerce"]["transaction_id"], "10023");
    assert_eq!(entry["ecommerce"]["value"], 180.75);
    assert_eq!(entry["ecommerce"]["items"][0]["item_category"], "Table & kitchen");
    assert!(page.contains("data-site=\"demo\" data-data-layer=\"dataLayer\" data-decimal=\"comma\"></script>"));
    assert!(!page.contains("cn_purchase"));
}

#[test]
fn a_call_with_camel_case_names() {
    let page = page("variant=call&item=SKU-205:2");
    let text = part(&page, "purchaseTag('purchase', ", ")</script>");
    let text = text
        .strip_prefix("purchaseTag('purchase', ")
        .unwrap()
        .strip_suffix(")</script>")
        .unwrap();
    let fields: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(fields["purchaseId"], "10023");
    assert_eq!(fields["totalPrice"].as_f64(), Some(148.0));
    assert_eq!(
        fields["products"][0]["productDetailUrl"],
        "http://127.0.0.1:7501/product/gooseneck-kettle"
    );
    assert_eq!(fields["products"][0]["unitPrice"], 74);
}

#[test]
fn localised_amounts() {
    let default = page("variant=localised");
    assert!(default.contains("<span class=\"total_price\">1.234,56\u{a0}€</span>"));
    assert!(default.contains("<span class=\"unit_price\">1.234,56\u{a0}€</span>"));
    let chosen = page("variant=localised&item=SKU-451:2&item=SKU-987:3");
    assert!(chosen.contains("<span class=\"total_price\">2.649,87\u{a0}€</span>"));
    assert!(chosen.contains("<span class=\"price\">180,75\u{a0}€</span>"));
}

#[test]
fn the_page_shows_a_readable_date() {
    assert!(page("").contains("<dd>21 November 2026, 10:00</dd>"));
    assert!(page("date=yesterday").contains("<dd>yesterday</dd>"));
}
