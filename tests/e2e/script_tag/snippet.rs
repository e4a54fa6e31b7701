//! The lines that `purchase-collector snippet` prints, taken apart: tests put on pages what merchants would.

use std::process::Command;

use crate::process::setting;

/// The printed lines.
pub struct Snippet {
    /// The inline script's element.
    pub stub: String,
    /// The loader's element.
    pub loader: String,
    /// What to add to a policy that names addresses, one directive each.
    pub addresses: Vec<String>,
    /// The same for one with a nonce.
    pub nonce: Vec<String>,
    /// The same for one with digests; none if the loader is not pinned.
    pub digests: Vec<String>,
}

impl Snippet {
    /// Runs the command for the site "demo" and the build's files.
    pub fn print(collector: &str, options: &[&str]) -> Snippet {
        let output = Command::new(setting("PURCHASE_COLLECTOR_BIN"))
            .args(["snippet", "--site=demo", "--collector", collector, "--assets"])
            .arg(setting("PURCHASE_DIST"))
            .args(options)
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("it prints text");
        let elements: Vec<_> = text.lines().filter(|line| line.starts_with("<script")).collect();
        let [stub, loader] = elements[..] else {
            panic!("two elements in {text}")
        };
        let mut policies = text
            .split("\n\n")
            .filter(|paragraph| paragraph.starts_with("script-src "))
            .map(|paragraph| paragraph.lines().map(str::to_owned).collect());
        let mut policy = || policies.next().unwrap_or_default();
        Snippet {
            stub: stub.into(),
            loader: loader.into(),
            addresses: policy(),
            nonce: policy(),
            digests: policy(),
        }
    }

    /// Both elements.
    pub fn html(&self) -> String {
        format!("{}\n{}\n", self.stub, self.loader)
    }

    /// Both elements with a nonce.
    pub fn html_with_nonce(&self, nonce: &str) -> String {
        self.html().replace("<script", &format!("<script nonce=\"{nonce}\""))
    }
}
