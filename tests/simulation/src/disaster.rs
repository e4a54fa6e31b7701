//! What ends pages and destroys storage, and the account of what no program could have kept.

use purchase_core::{outbox::Input, wire::record_from_text};

use crate::{Broken, device::Mode, faults::Fault, world::World};

impl World<'_> {
    /// The shopper leaves the page or closes the tab. Browsers may announce it twice.
    pub fn leave(&mut self, page: usize) -> Result<(), Broken> {
        if !self.pages[page].is_alive {
            return Ok(());
        }
        // A frozen page is evicted without another word.
        if !self.pages[page].is_frozen {
            self.tell(page, Input::PageHiding)?;
            if self.chance.one_in(2) {
                self.tell(page, Input::PageHiding)?;
            }
        }
        self.say(|| format!("page {page} is left"));
        self.end_page(page);
        self.notice_losses("its page is closed");
        Ok(())
    }

    /// The last of a world: pages that never got a module, or are still frozen, cannot deliver what only they hold. All
    /// others had days to do so.
    pub fn close_silent_pages(&mut self) {
        for page in 0..self.pages.len() {
            if self.pages[page].outbox.is_none() || self.pages[page].is_frozen {
                self.end_page(page);
            }
        }
        self.notice_losses("its page never ran");
    }

    /// The tab's process dies; the browser lives, and with it what localStorage was told.
    pub fn crash(&mut self, page: usize) {
        if self.strikes(Fault::TabCrash, self.pages[page].is_alive) {
            self.say(|| format!("page {page} crashes"));
            self.end_page(page);
            self.notice_losses("its tab crashes");
        }
    }

    /// All processes of the browser die.
    pub fn kill_browser(&mut self, why: &'static str) {
        self.say(|| why.into());
        self.boot += 1;
        self.last_commit = 0;
        self.local.kill(self.now);
        for page in 0..self.pages.len() {
            self.end_page(page);
        }
        for bought in &mut self.bought {
            bought.puts_pending = 0;
        }
        self.notice_losses(why);
    }

    fn end_page(&mut self, page: usize) {
        let page = &mut self.pages[page];
        page.is_alive = false;
        page.outbox = None;
        page.captures = Vec::new();
        page.witness.last.records.clear();
    }

    pub fn turn_storage(&mut self, local: Option<Mode>, indexed: Option<Mode>) {
        let strikes = |world: &mut Self, mode, full, denied| match mode {
            Mode::Works => true,
            Mode::Full => world.strikes(full, true),
            Mode::Denied => world.strikes(denied, true),
        };
        if let Some(mode) = local
            && strikes(self, mode, Fault::LocalStorageFull, Fault::LocalStorageDenied)
        {
            self.local.mode = mode;
            self.say(|| format!("localStorage: {mode:?}"));
        }
        if let Some(mode) = indexed
            && strikes(self, mode, Fault::IndexedDbFull, Fault::IndexedDbDenied)
        {
            self.indexed.mode = mode;
            self.say(|| format!("IndexedDB: {mode:?}"));
        }
    }

    /// Values appear in storage that this release never wrote.
    pub fn rot_storage(&mut self, fault: Fault) {
        if !self.strikes(fault, true) {
            return;
        }
        let unreadable = [
            "",
            "1",
            "garbage",
            "1 0 0 {}",
            "1 -1 0 0 {}",
            "1 0 0 0 [",
            "1 99999999999 0 0 {}",
        ];
        let readable = [
            "1 4294967295 18446744073709551615 18446744073709551615 {\"v\":1}",
            "1 0 0 0 {",
            "1 7 0 1763726400000 {\"v\":1,\"site\":\"demo\",\"id\":\"rotten\"",
        ];
        match fault {
            Fault::OtherFormat => {
                let text = self.chance.pick(&[
                    "0 {\"id\":\"old\"}",
                    "2 [\"a newer one\"]",
                    "2 0 0 0 {\"id\":\"newer\"}",
                ]);
                self.local.rot("r:otherformat".into(), text.into());
                self.indexed.rot("otherformat".into(), text.into());
                self.foreign.push(("r:otherformat".into(), text.into()));
            }
            _ if self.chance.one_in(3) => {
                let text = self.chance.pick(&readable);
                self.local.rot("r:rotten".into(), text.into());
                self.indexed.rot("rotten".into(), text.into());
            }
            _ if self.chance.one_in(2) => {
                let text = self
                    .chance
                    .pick(&["", "soon", "99999999999999999999999", "18446744073709551615", "-5"]);
                self.local.rot("not-before".into(), text.into());
            }
            _ => {
                // In a purchase's own place, in one of the two stores.
                let which = self.chance.below(self.bought.len() as u64) as usize;
                let id = self.bought[which].id.clone();
                let text = self.chance.pick(&unreadable);
                match self.chance.one_in(2) {
                    true => self.local.rot(format!("r:{id}"), text.into()),
                    false => self.indexed.rot(id, text.into()),
                }
                self.notice_losses("its place in storage rots");
            }
        }
        self.say(|| fault.words().into());
    }

    /// Called after everything that destroys a place: what was open and is nowhere any more, nobody could have kept.
    pub fn notice_losses(&mut self, why: &'static str) {
        for index in 0..self.bought.len() {
            let bought = &self.bought[index];
            if bought.captured_at.is_none() || bought.lost_by_physics || self.is_over(index) || self.is_somewhere(index)
            {
                continue;
            }
            // A program's own erasure is no physics; the outbox's witness has judged that one by itself.
            self.bought[index].lost_by_physics = true;
            let stores = [self.local.mode, self.indexed.mode];
            let why = match stores.iter().filter(|mode| **mode != Mode::Works).count() {
                2 => "both stores failing",
                1 => "one store failing, and more",
                _ => why,
            };
            *self.totals.losses.entry(why).or_default() += 1;
            self.say(|| format!("nothing is left of purchase {index}: {why}"));
        }
    }

    /// The collector has judged it, or it was given up with a report.
    pub fn is_over(&self, index: usize) -> bool {
        let bought = &self.bought[index];
        let is_judged = self.collector.has(bought) || self.collector.refused.contains(&bought.id);
        is_judged || bought.expired || bought.too_large
    }

    fn is_somewhere(&self, index: usize) -> bool {
        let bought = &self.bought[index];
        let id = &bought.id;
        let is_readable = |text: Option<&str>| text.is_some_and(|text| record_from_text(id, text).is_some());
        bought.under_way > 0
            || bought.puts_pending > 0
            || is_readable(self.local.peek(&format!("r:{id}")))
            || is_readable(self.indexed.peek(id))
            || self.pages.iter().any(|page| {
                page.captures.iter().any(|record| record.id == *id)
                    || page.witness.last.records.iter().any(|view| view.id == *id)
            })
    }
}
