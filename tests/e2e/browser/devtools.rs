//! Chromium's DevTools protocol, as its driver passes it on.

use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// Runs a command of the DevTools protocol for the tab and answers its result.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let running = self.running.as_ref().expect("the browser runs");
        let session = running.client.session_id().await.expect("the session's id");
        let session = session.expect("the session is open");
        let url = format!("{}/session/{session}/goog/cdp/execute", running.driver.url);
        let request = crate::process::client()
            .post(url)
            .json(&json!({ "cmd": command, "params": parameters }));
        let answer = request.send().await.expect("the driver answers");
        let mut answer: Value = answer.json().await.expect("the driver answers in JSON");
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{command}: {value}");
        value
    }

    /// Makes the processor of the tab's pages so many times slower; 1 is its own speed.
    pub async fn slow_down(&self, times: u32) {
        self.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": times }))
            .await;
    }

    /// Runs a script in every page from now on, before any of the page's own.
    pub async fn before_every_page(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }))
            .await;
    }
}
