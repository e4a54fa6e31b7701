//! Several tabs of one browser.

use fantoccini::wd::WindowHandle;

use super::Browser;

impl Browser {
    /// The tab that commands go to.
    pub async fn tab(&self) -> WindowHandle {
        self.client().window().await.expect("a tab is open")
    }

    /// Opens another tab; commands go to it from now on.
    pub async fn new_tab(&self) -> WindowHandle {
        let opened = self.client().new_window(true).await.expect("another tab");
        self.switch_to(&opened.handle).await;
        opened.handle
    }

    /// Sends commands to a tab from now on.
    pub async fn switch_to(&self, tab: &WindowHandle) {
        self.client()
            .switch_to_window(tab.clone())
            .await
            .expect("the tab is open");
    }

    /// Closes the tab that commands go to, as its cross does, and sends them to `next`.
    pub async fn close_tab(&self, next: &WindowHandle) {
        self.client().close_window().await.expect("the tab closes");
        self.switch_to(next).await;
    }

    /// The same for a tab that may have closed itself.
    pub async fn close_tab_if_open(&self, next: &WindowHandle) {
        let _ = self.client().close_window().await;
        self.switch_to(next).await;
    }
}
