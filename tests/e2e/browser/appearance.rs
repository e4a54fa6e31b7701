//! How a page looks to its reader: light or dark, wide or as on a phone. Chromium only.

use fantoccini::wd::WebDriverCompatibleCommand;
use hyper::Method;
use reqwest::Url;
use serde_json::{Value, json};

use super::Browser;

/// What a reader's system and screen ask of a page.
#[derive(Clone, Copy, Debug)]
pub struct Appearance {
    /// `light` or `dark`.
    pub scheme: &'static str,
    /// In CSS pixels.
    pub width: u32,
}

impl Appearance {
    /// Light and dark, on a desk and on a phone.
    pub const ALL: [Appearance; 4] = [
        Appearance {
            scheme: "light",
            width: 1280,
        },
        Appearance {
            scheme: "dark",
            width: 1280,
        },
        Appearance {
            scheme: "light",
            width: 360,
        },
        Appearance {
            scheme: "dark",
            width: 360,
        },
    ];
}

/// A command of Chromium's own protocol, by way of its driver.
#[derive(Debug)]
struct DevTools {
    name: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.name, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}

impl Browser {
    async fn tell(&self, name: &'static str, parameters: Value) -> Value {
        let command = DevTools { name, parameters };
        let answer = self.client().issue_cmd(command).await;
        answer.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Shows pages so from now on.
    pub async fn appear(&self, Appearance { scheme, width }: Appearance) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.tell("Emulation.setEmulatedMedia", features).await;
        let screen = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.tell("Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// Presses a key where the focus is.
    pub async fn key(&self, key: char) {
        let focused = self.client().active_element().await.expect("something has the focus");
        focused.send_keys(&key.to_string()).await.expect("a key can be pressed");
    }

    /// Types a text where the focus is.
    pub async fn write(&self, text: &str) {
        let focused = self.client().active_element().await.expect("something has the focus");
        focused.send_keys(text).await.expect("a text can be typed");
    }
}
