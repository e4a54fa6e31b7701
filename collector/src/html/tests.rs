//! Pages as browsers see them.

use purchase_core::markup::{Child, DEPTH_MAX, Node};

use super::*;

/// A block as `class(child child)`.
fn write(node: &Node) -> String {
    let children = node.children.iter().map(|child| match child {
        Child::Text(text) => format!("'{text}'"),
        Child::Element(node) => write(node),
    });
    format!("{}({})", node.class, children.collect::<Vec<_>>().join(" "))
}

#[track_caller]
fn check(page: &str, expected: &str) {
    let (root, cut) = parse(page).blocks();
    assert_eq!(write(&root), format!("({expected})"));
    assert!(!cut);
}

#[test]
fn blocks_hold_classes_and_texts() {
    check(
        "<!doctype html><body><div class='cn_purchase ' style='display:none'><span class=purchase_id>1&amp;2</span></div>",
        "cn_purchase (purchase_id('1&2'))",
    );
    check("<p class=cn_purchase>a<br>b<i>c</i>", "cn_purchase('a' () 'b' ('c'))");
    check("<DIV CLASS=cn_purchase>1<!-- 2 -->3</DIV>", "cn_purchase('13')");
}

#[test]
fn every_container_is_a_block_of_its_own() {
    check(
        "<div class=cn_purchase>1<div class='x cn_cart'>2</div>3</div><div class=cn_client_info>4</div>",
        "cn_purchase('13') x cn_cart('2') cn_client_info('4')",
    );
}

#[test]
fn what_is_not_on_the_page_is_not_read() {
    check("<!-- <div class=cn_purchase></div> -->", "");
    check("<template><div class=cn_purchase></div></template>", "");
    check(
        "<template shadowrootmode=open><div class=cn_purchase></div></template>",
        "",
    );
    check("<noscript><div class=cn_purchase></div></noscript>", "");
    check("<head><noscript><div class=cn_purchase></div></noscript>", "");
    check("<script>'<div class=cn_purchase></div>'</script>", "");
    check("<textarea><div class=cn_purchase></div></textarea>", "");
    check("<iframe><div class=cn_purchase></div></iframe>", "");
    check(
        "<div class=cn_purchase><script>1</script><style>2</style><template>3</template>4</div>",
        "cn_purchase('4')",
    );
}

#[test]
fn broken_markup_is_repaired_as_in_a_browser() {
    check(
        "<div class=cn_purchase><span class=a>1<span class=b>2",
        "cn_purchase(a('1' b('2')))",
    );
    check("<div class=cn_purchase><p>1<p>2</div>3", "cn_purchase(('1') ('2'))");
    check(
        "<table><div class=cn_purchase>1</div><tr><td>2</table>",
        "cn_purchase('1')",
    );
    check(
        "<div class=cn_purchase><b><p>1</b>2</p></div>",
        "cn_purchase(() (('1') '2'))",
    );
    check("<div class=a class=cn_purchase>1</div>", "");
    check("<div class=cn_purchase>\0 1\0</div>", "cn_purchase(' 1')");
    check(
        "<svg><g class=cn_purchase><![CDATA[<1>]]></g></svg>",
        "cn_purchase('<1>')",
    );
}

#[test]
fn deep_elements_leave_their_text_to_the_last_kept_one() {
    let page = format!(
        "<div class=cn_purchase>{}deep{}after",
        "<div>".repeat(300),
        "</div>".repeat(300)
    );
    let (root, _) = parse(&page).blocks();
    let written = write(&root);
    assert_eq!(written.matches('(').count(), 2 + DEPTH_MAX);
    assert!(written.contains("(('deep')"), "{written}");
    assert!(written.ends_with(") 'after'))"), "{written}");
}

#[test]
fn a_purchase_below_the_pages_depth_limit_is_found_with_its_fields() {
    for (name, depth) in [
        ("div", 400),
        ("div", 511),
        ("div", 512),
        ("div", 513),
        ("div", 5_000),
        ("span", 5_000),
    ] {
        let open = format!("<{name}>").repeat(depth);
        let block = "<div class=cn_purchase><span class=a>1</span><span class=b>2</span></div>";
        let twice = format!("{open}{block}{block}{}{block}", format!("</{name}>").repeat(depth));
        let (root, _) = parse(&twice).blocks();
        let one = "cn_purchase(a('1') b('2'))";
        assert_eq!(write(&root), format!("({one} {one} {one})"), "{name} {depth}");
    }
}

#[test]
fn a_page_made_to_reopen_formatting_is_read_all_the_same() {
    // Each paragraph closes the elements and the next one reopens them all.
    let unclosed: String = (0..2_000)
        .map(|n| format!("<object></b></object><p><b class=x{n}>"))
        .collect();
    let page = format!("{unclosed}{}<div class=cn_purchase>1</div>", "<p>x".repeat(10_000));
    let (root, _) = parse(&page).blocks();
    assert_eq!(write(&root), "(cn_purchase('1'))");
}
