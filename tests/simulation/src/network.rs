//! The network between a page and the collector: it loses, delays, repeats and lies.

use purchase_core::{
    outbox::{Input, KEEPALIVE_BYTES_MAX, Lane},
    wire::{Outcome, ReceiptView, answer},
};

use crate::{
    Broken,
    collector::receipt,
    faults::Fault,
    world::{Happening, World},
};

/// What browsers allow a page to have under way with `keepalive`, in bytes.
const KEEPALIVE_QUOTA_BYTES: usize = 65_536;

/// What is wrong with this shopper's network while it is faulty.
#[derive(Default)]
pub struct Weather {
    pub faults: Vec<Fault>,
    /// How many requests of a hundred are hit.
    pub percent: u64,
}

/// A request on its way to the collector.
pub struct Request {
    page: usize,
    id: String,
    body: String,
    /// Whether it goes on when its page is left.
    keepalive: bool,
    /// Whether it goes on when the browser is killed: its last byte was on the wire.
    outlives_browser: bool,
    boot: u32,
    then: Then,
    quota: usize,
}

/// What becomes of the collector's answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Answers { after_ms: u64 },
    Fails { after_ms: u64 },
    Truncates,
    Silence,
}

/// What the page sees.
pub enum Reply {
    Nothing,
    Http {
        status: u16,
        retry_after_ms: Option<u64>,
        body: String,
    },
}

impl World<'_> {
    /// Carries out `Effect::Send`.
    pub fn send(&mut self, page: usize, id: String, lane: Lane, body: String) {
        self.totals.sent += 1;
        if let Some(bought) = self.of_id(&id) {
            bought.sends += 1;
        }
        let keepalive = lane != Lane::Fetch { keepalive: false };
        let quota = if keepalive { body.len() } else { 0 };
        let mut request = Request {
            page,
            id,
            body,
            keepalive,
            outlives_browser: self.chance.one_in(2),
            boot: self.boot,
            then: Then::Silence,
            quota,
        };
        debug_assert!(quota <= KEEPALIVE_BYTES_MAX);
        if lane == Lane::Beacon {
            let is_lost = self.chance.one_in(3);
            if !self.strikes(Fault::BeaconLost, is_lost) {
                request.quota = 0;
                self.depart(20, 10_000, request);
            }
            return;
        }
        // The page's other scripts use it, too.
        let others = if self.chance.one_in(50) {
            KEEPALIVE_QUOTA_BYTES
        } else {
            0
        };
        let used = self.pages[page].keepalive_bytes + others;
        if self.strikes(Fault::KeepaliveQuota, quota > 0 && used + quota > KEEPALIVE_QUOTA_BYTES) {
            request.quota = 0;
            return self.reply(1, request, Reply::Nothing);
        }
        self.pages[page].keepalive_bytes += quota;
        let fault = match self.weather.faults.is_empty() {
            true => Fault::LostRequest,
            false => self.chance.pick(&self.weather.faults),
        };
        let hits = !self.weather.faults.is_empty() && self.chance.percent(self.weather.percent);
        if self.now < self.collector_down_until && !self.is_calm {
            self.refuse(request);
        } else if self.strikes(fault, hits) {
            self.say(|| format!("        {}", fault.words()));
            self.send_badly(request, fault);
        } else {
            request.then = Then::Answers {
                after_ms: self.chance.between(5, 100),
            };
            self.depart(5, 300, request);
        }
    }

    fn send_badly(&mut self, mut request: Request, fault: Fault) {
        let soon = self.chance.magnitude(1, 20_000);
        match fault {
            Fault::LostRequest | Fault::Offline => self.reply(soon, request, Reply::Nothing),
            Fault::LostAnswer => {
                request.then = Then::Fails { after_ms: soon };
                self.depart(5, 2_000, request);
            }
            Fault::LateAnswer => {
                let after_ms = self.chance.magnitude(25_000, 600_000);
                request.then = Then::Answers { after_ms };
                self.depart(5, 2_000, request);
            }
            Fault::LateDelivery => {
                let copy = request.without_answer();
                self.depart(40_000, 3 * 3_600_000, copy);
                self.reply(soon, request, Reply::Nothing);
            }
            Fault::RepeatedDelivery => {
                let copy = request.without_answer();
                self.depart(5, 600_000, copy);
                request.then = Then::Answers { after_ms: soon };
                self.depart(5, 2_000, request);
            }
            Fault::Hang if self.chance.one_in(2) => self.depart(5, 20_000, request),
            Fault::Hang => {}
            Fault::TruncatedReceipt => {
                request.then = Then::Truncates;
                self.depart(5, 2_000, request);
            }
            _ => {
                let reply = self.lie(&request, fault);
                // Some of these answers come from behind the collector: it has the request nevertheless.
                if fault == Fault::ServerError && self.chance.one_in(2) {
                    let copy = request.without_answer();
                    self.depart(5, 100, copy);
                }
                self.reply(soon, request, reply);
            }
        }
    }

    /// An answer that is not the collector's.
    fn lie(&mut self, request: &Request, fault: Fault) -> Reply {
        let page = String::from("<!doctype html><title>Sign in</title>");
        let (status, retry_after_ms, body) = match fault {
            Fault::ServerError => (self.chance.pick(&[500, 502, 503, 504, 520]), None, page),
            Fault::Busy => {
                let seconds = self.chance.pick(&[0, 1, 30, 600, 3_600, 1_000_000]);
                (self.chance.pick(&[429, 503]), Some(seconds * 1_000), page)
            }
            Fault::ClientError => (
                self.chance
                    .pick(&[400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 451]),
                None,
                "{\"error\":\"no\"}".into(),
            ),
            Fault::Portal => (self.chance.pick(&[200, 200, 201, 203, 302, 511]), None, page),
            Fault::WrongReceipt => {
                let other = self.chance.pick(&["x", "0", "a1", ""]);
                let outcome = self
                    .chance
                    .pick(&[Outcome::Accepted, Outcome::Duplicate, Outcome::Refused]);
                (self.chance.pick(&[200, 201, 422]), None, receipt(other, outcome))
            }
            _ => {
                let id = &request.id;
                let garbage = [
                    String::new(),
                    "[]".into(),
                    "{}".into(),
                    "ok".into(),
                    format!("{{\"id\":\"{id}\",\"outcome\":\"accepted\"}}"),
                    format!("{{\"receipt\":2,\"id\":\"{id}\",\"outcome\":\"accepted\"}}"),
                    format!("{{\"receipt\":1,\"id\":\"{id}\",\"outcome\":\"sure\"}}"),
                    format!("{{\"receipt\":1,\"id\":\"{id}"),
                ];
                let which = self.chance.below(garbage.len() as u64) as usize;
                (self.chance.pick(&[200, 201, 202, 204]), None, garbage[which].clone())
            }
        };
        Reply::Http {
            status,
            retry_after_ms,
            body,
        }
    }

    /// Nobody listens where the collector was.
    fn refuse(&mut self, request: Request) {
        let delay = self.chance.magnitude(1, 2_000);
        self.reply(delay, request, Reply::Nothing);
    }

    fn depart(&mut self, soonest_ms: u64, latest_ms: u64, request: Request) {
        if let Some(bought) = self.of_id(&request.id) {
            bought.under_way += 1;
        }
        let delay = self.chance.magnitude(soonest_ms, latest_ms);
        self.after(delay, Happening::Arrives(request));
    }

    /// A request reaches the collector, unless it died with its page or browser.
    pub fn arrives(&mut self, request: Request) {
        if let Some(bought) = self.of_id(&request.id) {
            bought.under_way -= 1;
        }
        let died_with_browser = request.boot != self.boot && !request.outlives_browser;
        let died_with_page = !request.keepalive && !self.pages[request.page].is_alive;
        if died_with_browser || died_with_page {
            return self.notice_losses("a request dies with its page");
        }
        let received = self.collector.receive(&self.bought, &request.body);
        self.totals.deliveries += 1;
        self.totals.duplicates += u64::from(received.is_repeat);
        let now = self.now;
        if let Some(captured_at) = self.of_id(&request.id).and_then(|bought| bought.captured_at)
            && !received.is_repeat
        {
            self.totals.delay_ms_max = self.totals.delay_ms_max.max(now - captured_at);
        }
        self.say(|| format!("        the collector answers {} to {}", received.status, request.id));
        let whole = |body| Reply::Http {
            status: received.status,
            retry_after_ms: None,
            body,
        };
        match request.then {
            Then::Silence => {}
            Then::Answers { after_ms } => self.reply(after_ms, request, whole(received.body)),
            Then::Fails { after_ms } => self.reply(after_ms, request, Reply::Nothing),
            Then::Truncates => {
                let end = self.chance.below(received.body.len() as u64) as usize;
                self.reply(10, request, whole(received.body[..end].to_owned()));
            }
        }
    }

    fn reply(&mut self, delay: u64, request: Request, reply: Reply) {
        let Request { page, id, quota, .. } = request;
        self.after(delay, Happening::Answered { page, id, reply, quota });
    }

    /// The driver's reading of an answer, with the production code.
    pub fn answered(&mut self, page: usize, id: String, reply: Reply, quota: usize) -> Result<(), Broken> {
        let used = &mut self.pages[page].keepalive_bytes;
        *used = used.saturating_sub(quota);
        let input = match reply {
            Reply::Nothing => Input::Unreachable { id },
            Reply::Http {
                status,
                retry_after_ms,
                body,
            } => {
                let receipt = ReceiptView::read(&body);
                let answer = answer(&id, status, retry_after_ms, receipt.as_ref());
                Input::Answered { id, answer }
            }
        };
        self.tell(page, input)
    }
}

impl Request {
    fn without_answer(&self) -> Request {
        Request {
            id: self.id.clone(),
            body: self.body.clone(),
            then: Then::Silence,
            quota: 0,
            ..*self
        }
    }
}
