//! Refusals grouped by recurring cause: the same thing wrong at the same place of the same template. Pure.

use std::collections::HashMap;

use crate::{
    problem::{self, StoredProblem},
    store::console::RefusedRow,
};

/// Most different texts that a cause quotes.
pub const SAMPLES_MAX: usize = 3;

/// Digits in a row from which a part of an address is taken for a number, not for a name.
const NUMBER_DIGITS_MIN: usize = 3;

/// What the offending text looks like, where the kind of problem leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A number with a comma, such as `1,234`.
    Comma,
    /// A number with a dot, such as `1.234`.
    Dot,
    /// Anything else.
    Other,
}

impl Shape {
    fn of(text: &str) -> Shape {
        let is_number = text.bytes().any(|byte| byte.is_ascii_digit());
        match (is_number, text.contains(','), text.contains('.')) {
            (true, true, _) => Shape::Comma,
            (true, false, true) => Shape::Dot,
            _ => Shape::Other,
        }
    }

    /// The name in keys of texts; none for any other.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Shape::Comma => Some("comma"),
            Shape::Dot => Some("dot"),
            Shape::Other => None,
        }
    }
}

/// What recurs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    site: String,
    path: String,
    kind: String,
    /// What is said of it: what is to be mended in another way is another cause.
    code: String,
    shape: Shape,
    template: Option<String>,
}

/// One recurring cause.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The shop's key.
    pub site: String,
    /// The field, without the numbers of lines.
    pub path: String,
    /// The kind of problem.
    pub kind: String,
    /// What the text looks like.
    pub shape: Shape,
    /// The page, with `*` for what differs from order to order.
    pub template: Option<String>,
    /// How many envelopes were refused for it.
    pub times: i64,
    /// Since when, in milliseconds since 1970.
    pub first_at: i64,
    /// Until when, in milliseconds since 1970.
    pub last_at: i64,
    /// What was found there, each text once.
    pub samples: Vec<String>,
    /// The problem as it was last seen; it knows what to do.
    pub problem: StoredProblem,
    /// The refusal it was last seen in.
    pub digest: String,
}

/// The causes of these refusals, the most frequent first. A refusal counts for each different error it has.
pub fn group(rows: &[RefusedRow]) -> Vec<Cause> {
    let mut causes: HashMap<Key, Cause> = HashMap::new();
    for row in rows {
        let mut seen: Vec<Key> = Vec::new();
        for problem in problem::read(&row.problems).into_iter().filter(StoredProblem::is_error) {
            let key = Key {
                site: row.site.clone(),
                path: without_numbers(&problem.path),
                kind: problem.kind.clone(),
                code: problem.code.clone(),
                shape: Shape::of(&problem.text),
                template: row.page.as_deref().map(template),
            };
            let cause = causes.entry(key.clone()).or_insert_with(|| Cause {
                site: key.site.clone(),
                path: key.path.clone(),
                kind: key.kind.clone(),
                shape: key.shape,
                template: key.template.clone(),
                times: 0,
                first_at: row.first_at,
                last_at: row.received_at,
                samples: Vec::new(),
                problem: problem.clone(),
                digest: row.digest.clone(),
            });
            if cause.samples.len() < SAMPLES_MAX && !problem.text.is_empty() && !cause.samples.contains(&problem.text) {
                cause.samples.push(problem.text.clone());
            }
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            cause.times += row.times;
            cause.first_at = cause.first_at.min(row.first_at);
            if row.received_at > cause.last_at {
                cause.last_at = row.received_at;
                cause.digest.clone_from(&row.digest);
            }
        }
    }
    let mut causes: Vec<Cause> = causes.into_values().collect();
    causes.sort_by(|a, b| {
        let by_size = b.times.cmp(&a.times).then(b.last_at.cmp(&a.last_at));
        by_size.then_with(|| (&a.site, &a.path, &a.kind, &a.template).cmp(&(&b.site, &b.path, &b.kind, &b.template)))
    });
    causes
}

/// `product_basket_item[3].price` is `product_basket_item[].price`: which line it was matters to nobody.
fn without_numbers(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut is_inside = false;
    for c in path.chars() {
        match c {
            '[' => is_inside = true,
            ']' => is_inside = false,
            _ if is_inside && c.is_ascii_digit() => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}

/// `https://shop.example/order/10023/received` is `https://shop.example/order/*/received`.
fn template(page: &str) -> String {
    let (origin, path) = match page
        .find("://")
        .and_then(|start| Some(start + 3 + page.get(start + 3..)?.find('/')?))
    {
        Some(end) => page.split_at(end),
        None => (page, ""),
    };
    let segments: Vec<&str> = path
        .split('/')
        .map(|part| if is_number(part) { "*" } else { part })
        .collect();
    format!("{origin}{}", segments.join("/"))
}

/// Whether a part of an address has so many digits in a row that it is a number of something.
fn is_number(part: &str) -> bool {
    let runs = part.split(|c: char| !c.is_ascii_digit());
    runs.map(str::len).max().unwrap_or_default() >= NUMBER_DIGITS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(digest: &str, page: &str, problems: &str, times: i64, at: i64) -> RefusedRow {
        RefusedRow {
            site: "demo".to_owned(),
            digest: digest.to_owned(),
            source: "markup".to_owned(),
            page: Some(page.to_owned()),
            problems: problems.to_owned(),
            first_at: at - 10,
            received_at: at,
            times,
        }
    }

    fn problem(path: &str, kind: &str, text: &str) -> String {
        format!(r#"{{"path":"{path}","kind":"{kind}","severity":"error","text":"{text}","message":"m"}}"#)
    }

    #[test]
    fn the_same_thing_at_the_same_place_is_one_cause() {
        let price = |text| problem("total_price", "ambiguous", text);
        let rows = [
            row(
                "a",
                "https://shop.example/order/10023/done",
                &format!("[{}]", price("1,234")),
                3,
                500,
            ),
            row(
                "b",
                "https://shop.example/order/10024/done",
                &format!("[{},{}]", price("2,345"), problem("total_quantity", "missing", "")),
                1,
                900,
            ),
            row(
                "c",
                "https://shop.example/other",
                &format!("[{}]", price("3,456")),
                1,
                100,
            ),
            row(
                "d",
                "https://shop.example/order/10025/done",
                &format!("[{}]", price("1.234")),
                1,
                50,
            ),
            row("e", "https://shop.example/", "not JSON", 1, 50),
        ];
        let causes = group(&rows);
        let told: Vec<_> = causes
            .iter()
            .map(|cause| {
                (
                    cause.path.as_str(),
                    cause.shape,
                    cause.template.as_deref().unwrap_or_default(),
                    cause.times,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("total_price", Shape::Comma, "https://shop.example/order/*/done", 4),
                ("total_quantity", Shape::Other, "https://shop.example/order/*/done", 1),
                ("total_price", Shape::Comma, "https://shop.example/other", 1),
                ("total_price", Shape::Dot, "https://shop.example/order/*/done", 1),
            ]
        );
        assert_eq!(
            (causes[0].first_at, causes[0].last_at, causes[0].digest.as_str()),
            (490, 900, "b")
        );
        assert_eq!(causes[0].samples, ["1,234", "2,345"]);
    }

    #[test]
    fn two_lines_with_the_same_problem_are_one_refusal() {
        let line = |number| problem(&format!("product_basket_item[{number}].price"), "malformed", "x");
        let causes = group(&[row(
            "a",
            "https://s.example/x",
            &format!("[{},{}]", line(0), line(17)),
            2,
            5,
        )]);
        assert_eq!(causes.len(), 1);
        assert_eq!(
            (causes[0].path.as_str(), causes[0].times),
            ("product_basket_item[].price", 2)
        );
    }

    #[test]
    fn names_with_few_digits_stay_in_the_template() {
        assert_eq!(
            template("https://s.example:8443/step2/v3.html"),
            "https://s.example:8443/step2/v3.html"
        );
        assert_eq!(
            template("https://s12345.example/wc_order_a1b2c345/"),
            "https://s12345.example/*/"
        );
        assert_eq!(template("no address"), "no address");
    }
}
