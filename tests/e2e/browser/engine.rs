//! The three engines: their drivers, and how each is started on a profile.

use std::path::Path;

use serde_json::{Value, json};
use tokio::process::Child;

use crate::process::{answers, free_port, setting, start_with};

/// How long a script that waits for an event may take, in milliseconds.
const SCRIPT_MS_MAX: u64 = 20_000;

/// Of a virtual screen: none of the shop's pages needs more.
const SCREEN: &str = "1280x800x24";

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium and ChromeDriver.
    Chromium,
    /// Firefox and geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser and its driver, on a virtual screen.
    WebKit,
}

/// Whether pages may store anything, by the browser's own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageAccess {
    /// As delivered.
    Allowed,
    /// Cookies and site data are blocked: reading `localStorage` throws, IndexedDB does not open.
    Denied,
}

impl Engine {
    /// All of them.
    pub const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

    /// On the command line.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Engine::Chromium => "Chromium",
            Engine::Firefox => "Firefox",
            Engine::WebKit => "WebKitGTK",
        }
    }

    /// Whether a profile outlives its browser. MiniBrowser keeps nothing on disk while it is automated.
    pub fn has_profiles(self) -> bool {
        self != Engine::WebKit
    }

    /// Whether its settings can deny storage to pages. MiniBrowser has no such setting.
    pub fn can_deny_storage(self) -> bool {
        self != Engine::WebKit
    }

    /// Whether pages may leave a request to the browser.
    pub fn has_fetch_later(self) -> bool {
        self == Engine::Chromium
    }

    /// Whether the back/forward cache keeps a page that was left by a posted form. Firefox does not, with or without the tag.
    pub fn keeps_pages_left_by_forms(self) -> bool {
        self != Engine::Firefox
    }

    /// What the driver is asked for.
    pub fn capabilities(self, profile: &Path, storage: StorageAccess) -> Value {
        let denied = storage == StorageAccess::Denied;
        let mut capabilities = match self {
            Engine::Chromium => json!({
                "browserName": "chrome",
                "goog:chromeOptions": {
                    "binary": setting("CHROME"),
                    "args": chromium_arguments(profile),
                    "prefs": { "profile.default_content_setting_values.cookies": if denied { 2 } else { 1 } },
                },
            }),
            Engine::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": setting("FIREFOX"),
                    "args": ["-headless", "-profile", profile],
                    "prefs": firefox_preferences(denied),
                },
            }),
            Engine::WebKit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": setting("MINIBROWSER"), "args": ["--automation"] },
            }),
        };
        capabilities["timeouts"] = json!({ "script": SCRIPT_MS_MAX });
        capabilities
    }
}

fn chromium_arguments(profile: &Path) -> Vec<String> {
    let mut arguments = vec![format!("--user-data-dir={}", profile.display())];
    let fixed = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    arguments.extend(fixed.map(Into::into));
    arguments
}

fn firefox_preferences(denied: bool) -> Value {
    json!({
        // 2: no cookies and no site data at all; 5: the default.
        "network.cookie.cookieBehavior": if denied { 2 } else { 5 },
        // A browser that was killed is started again without questions.
        "toolkit.startup.max_resumed_crashes": -1,
        "browser.sessionstore.resume_from_crash": false,
        "browser.startup.page": 0,
        "datareporting.policy.dataSubmissionEnabled": false,
        "app.normandy.enabled": false,
    })
}

/// A WebDriver server, in a process group of its own.
pub struct Driver {
    /// Where it listens.
    pub url: String,
    process: Child,
    _screen: Option<Screen>,
}

impl Driver {
    /// Starts the engine's.
    pub async fn start(engine: Engine) -> Driver {
        let port = free_port();
        let screen = match engine {
            Engine::WebKit => Some(Screen::start().await),
            _ => None,
        };
        let (program, arguments) = match engine {
            Engine::Chromium => ("CHROMEDRIVER", vec![format!("--port={port}")]),
            Engine::Firefox => (
                "GECKODRIVER",
                // Its second port is Firefox's own; 0 lets each browser choose one.
                vec![
                    format!("--port={port}"),
                    "--marionette-port=0".into(),
                    "--log=fatal".into(),
                ],
            ),
            Engine::WebKit => (
                "WEBKITDRIVER",
                vec![format!("--port={port}"), "--host=127.0.0.1".into()],
            ),
        };
        let process = start_with(&setting(program), arguments, |command| {
            command.process_group(0);
            if let Some(screen) = &screen {
                command.env("DISPLAY", &screen.name);
            }
        });
        let url = format!("http://127.0.0.1:{port}");
        answers(&format!("{url}/status")).await;
        Driver {
            url,
            process,
            _screen: screen,
        }
    }

    /// Its process id, which is that of its group too.
    pub fn id(&self) -> i32 {
        let id = self.process.id().expect("the driver runs");
        i32::try_from(id).expect("process ids are positive")
    }
}

/// A virtual screen.
struct Screen {
    name: String,
    _process: Child,
}

impl Screen {
    /// Starts one under the first number that is free.
    async fn start() -> Screen {
        use tokio::io::{AsyncBufReadExt, BufReader};

        let arguments = ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"];
        let mut process = start_with(&setting("XVFB"), arguments, |command| {
            command.stdout(std::process::Stdio::piped());
        });
        let output = process.stdout.take().expect("its output was asked for");
        let number = BufReader::new(output).lines().next_line().await;
        let number = number.ok().flatten().expect("Xvfb prints the screen's number");
        Screen {
            name: format!(":{number}"),
            _process: process,
        }
    }
}
