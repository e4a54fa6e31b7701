//! What the proxy saw.

use std::time::Instant;

/// Everything since the proxy started.
#[derive(Default)]
pub struct Seen {
    /// Requests that browsers made only to ask for permission: none is needed in the default configuration.
    pub preflights: usize,
    /// Envelopes, in the order of their arrival.
    pub posts: Vec<Post>,
    /// When the first of them came.
    pub first: Option<Instant>,
}

/// One request with an envelope.
#[derive(Clone, Debug)]
pub struct Post {
    /// The envelope.
    pub body: String,
    /// How it came: the request's mode (`cors` for a fetch, `no-cors` for a beacon) and the attempt's number as the tag counts.
    pub lane: String,
    /// Milliseconds since the proxy's first request with an envelope.
    pub at: u128,
    /// Whether the collector got it.
    pub delivered: bool,
}

impl Seen {
    /// The requests with the purchase of an order.
    pub fn of<'a>(&'a self, order: &str) -> impl Iterator<Item = &'a Post> {
        let quoted = format!("\"{order}\"");
        self.posts.iter().filter(move |post| post.body.contains(&quoted))
    }

    /// How many requests with the purchase of an order there were.
    pub fn requests(&self, order: &str) -> usize {
        self.of(order).count()
    }

    /// The requests with the purchase of an order, in words.
    pub fn story(&self, order: &str) -> String {
        let requests = self.of(order).map(|post| {
            let fate = if post.delivered { "delivered" } else { "not delivered" };
            format!("{} ms {} {fate}", post.at, post.lane)
        });
        requests.collect::<Vec<_>>().join("; ")
    }

    /// How many times the collector got the purchase of an order.
    pub fn deliveries(&self, order: &str) -> usize {
        self.of(order).filter(|post| post.delivered).count()
    }
}
