//! One attempt to pass one purchase on: its requests, one after the other, and what became of them.

use super::{
    Advice, Destination, Event, Order, Plan, Request, Verdict, asking,
    client::{Client, Failure},
    request::Purpose,
    text::kept,
};

/// What the queue knows of an entry when it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many of its requests were answered well before.
    pub progress: usize,
    /// Whether a request of an earlier attempt may have arrived unheard.
    pub maybe_sent: bool,
    /// Whether it is sent already and only asked for.
    pub verifying: bool,
    /// How often it was asked for in vain since it was last sent.
    pub asked: i64,
}

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What follows.
    pub result: Outcome,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// Its words, or what happened; cut, and without personal data.
    pub text: String,
    /// Whether a request may have arrived unheard.
    pub maybe_sent: bool,
    /// How long the destination asked to be left alone, in milliseconds, whatever it answered else.
    pub pause_ms: Option<i64>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The destination has it; `verified` if it was asked and said so.
    Delivered {
        /// Whether the destination was asked for it.
        verified: bool,
    },
    /// It was sent, or may have been, and the destination does not show it; nothing was sent now.
    Missing,
    /// Not now.
    Retry {
        /// Why.
        advice: Advice,
        /// Whether any other purchase would have failed as well.
        ill: bool,
    },
    /// Never in this form.
    Refused(Advice),
    /// There is nothing to send.
    NotSent(Advice),
}

/// The entry of the queue that an attempt is about.
pub trait Entry {
    /// Keeps how many requests are answered well; false if the entry is not ours any more.
    fn progressed(&self, done: usize) -> impl Future<Output = bool> + Send;

    /// Keeps that it is about to be sent again, so that whatever happens now it is asked for from the beginning; false if the
    /// entry is not ours any more, or that cannot be kept.
    fn sends_again(&self) -> impl Future<Output = bool> + Send;
}

/// One attempt. `entry` hears of every request that is answered well but the last. None if it is not: then somebody else goes on with it.
pub async fn attempt(
    client: &Client,
    destination: &Destination,
    (order, event, standing, now): (&Order, Event, Standing, i64),
    entry: &impl Entry,
) -> Option<Report> {
    let mut talk = Talk {
        client,
        destination,
        report: Report {
            result: Outcome::Delivered { verified: false },
            status: None,
            text: String::new(),
            maybe_sent: standing.maybe_sent,
            pause_ms: None,
        },
    };
    // Only a platform that does not tell repeats apart is asked; the others are sent the same again.
    let asks = standing.verifying || (standing.maybe_sent && standing.progress == 0);
    if let Some(question) = destination.verification(order).filter(|_| asks) {
        match talk.ask(&question).await {
            Err(retry) => return Some(talk.end(retry)),
            Ok(true) => return Some(talk.end(Outcome::Delivered { verified: true })),
            // A platform may show late what it took, and may still be busy with what it never answered.
            Ok(false) if standing.asked < asking::ASKED_MAX => return Some(talk.end(Outcome::Missing)),
            Ok(false) => {}
        }
    }
    let (requests, notes) = match destination.plan(order, event, now) {
        Plan::Send { requests, notes } => (requests, notes),
        Plan::NotSent(advice) => return Some(talk.end(Outcome::NotSent(advice))),
    };
    if standing.asked > 0 && !entry.sends_again().await {
        return None;
    }
    let count = requests.len();
    for (index, request) in requests.iter().enumerate().skip(standing.progress) {
        if let Err(result) = talk.deliver(request, order).await {
            return Some(talk.end(result));
        }
        if index + 1 < count && !entry.progressed(index + 1).await {
            return None;
        }
    }
    if !notes.is_empty() {
        talk.report.text = kept(&notes.join("; "), "");
    }
    Some(talk.end(Outcome::Delivered { verified: false }))
}

struct Talk<'a> {
    client: &'a Client,
    destination: &'a Destination,
    report: Report,
}

impl Talk<'_> {
    fn end(mut self, result: Outcome) -> Report {
        self.report.result = result;
        self.report
    }

    /// Sends a request that carries the purchase; creates its contact if that is what is missing.
    async fn deliver(&mut self, request: &Request, order: &Order) -> Result<(), Outcome> {
        if self.send(request).await? != Verdict::CreateContact {
            return Ok(());
        }
        let Some(contact) = self.destination.contact(order) else {
            return Err(Outcome::Refused(Advice::ContactUnknown));
        };
        self.send(&contact).await?;
        match self.send(request).await? {
            Verdict::CreateContact => Err(Outcome::Retry {
                advice: Advice::ContactUnknown,
                ill: false,
            }),
            _ => Ok(()),
        }
    }

    /// `Delivered` or `CreateContact`; everything else ends the attempt.
    async fn send(&mut self, request: &Request) -> Result<Verdict, Outcome> {
        let answer = self.exchange(request).await?;
        let verdict = self.destination.read(request.purpose, &answer);
        // A clear answer tells that this request changed nothing.
        let unheard = matches!(verdict, Verdict::Retry { .. }) && (answer.status >= 500 || answer.status == 408);
        self.report.maybe_sent = unheard && request.purpose == Purpose::Deliver;
        match verdict {
            Verdict::Delivered | Verdict::CreateContact => Ok(verdict),
            Verdict::Retry { advice, ill, .. } => Err(Outcome::Retry { advice, ill }),
            Verdict::Refused(advice) => Err(Outcome::Refused(advice)),
        }
    }

    /// Whether the purchase is there.
    async fn ask(&mut self, question: &Request) -> Result<bool, Outcome> {
        let answer = self.exchange(question).await?;
        if let Some(is_there) = self.destination.is_there(&answer) {
            return Ok(is_there);
        }
        Err(match self.destination.read(question.purpose, &answer) {
            Verdict::Retry { advice, ill, .. } => Outcome::Retry { advice, ill },
            Verdict::Refused(advice) => Outcome::Retry { advice, ill: true },
            Verdict::Delivered | Verdict::CreateContact => Outcome::Retry {
                advice: Advice::NotFoundYet,
                ill: false,
            },
        })
    }

    async fn exchange(&mut self, request: &Request) -> Result<super::Answer, Outcome> {
        let report = &mut self.report;
        match self.client.exchange(request).await {
            Ok(answer) => {
                report.status = Some(answer.status);
                report.text = kept(&answer.body, self.destination.secret());
                report.pause_ms = report.pause_ms.max(answer.retry_after_ms);
                Ok(answer)
            }
            Err(Failure {
                text,
                advice,
                maybe_sent,
            }) => {
                report.status = None;
                report.text = kept(&text, self.destination.secret());
                report.maybe_sent |= maybe_sent && request.purpose == Purpose::Deliver;
                Err(Outcome::Retry { advice, ill: true })
            }
        }
    }
}
