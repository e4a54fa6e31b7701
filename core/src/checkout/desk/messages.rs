//! What the machine is told and what it asks for.

use alloc::{string::String, vec::Vec};

use crate::checkout::{Leaving, OpenCheckout, PageKind, Reached, Reply, Seen};

/// What the shop configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether it has an order-status URL.
    pub status_url: bool,
    /// Its own return patterns, as [`hint`](super::hint) reads them; empty if none.
    pub own_returns: String,
}

/// A page view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// What kind of page.
    pub page: PageKind,
    /// How it was reached.
    pub reached: Reached,
    /// Its address's query. Nothing of it is kept but what [`hint`](super::hint) makes of it.
    pub query: String,
    /// The address of the page that led here, as far as the browser tells it. Nothing of it is kept but what
    /// [`came_from`](super::came_from) makes of it.
    pub referrer: String,
    /// The ids of the checkouts that this tab left for the gateway.
    pub mine: Vec<String>,
}

/// Something that happened outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutInput {
    /// One was found in storage. One that is known already is merged with it.
    Restored(OpenCheckout),
    /// The shopper leaves. Harmless if said twice for the same departure.
    Opened(Leaving),
    /// A page was loaded or restored.
    Arrived(Arrival),
    /// This page states a purchase.
    PurchaseSeen(Seen),
    /// The order-status URL answered, or could not be asked.
    Answered {
        /// The checkout.
        id: String,
        /// What came back.
        reply: Reply,
    },
    /// Another tab erased it.
    ErasedElsewhere {
        /// The checkout.
        id: String,
    },
    /// The time of [`Checkouts::poll_wake`](crate::checkout::Checkouts::poll_wake) has come.
    Wake,
}

/// Something to do outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutEffect {
    /// Write it down, replacing an earlier state of it.
    Save {
        /// The checkout.
        id: String,
        /// Its stored text.
        text: String,
    },
    /// Remove it.
    Erase {
        /// The checkout.
        id: String,
    },
    /// Ask the order-status URL; the result is a [`CheckoutInput::Answered`].
    Ask {
        /// The checkout.
        id: String,
        /// To be asked by, if there is one.
        cart_id: Option<String>,
        /// To be asked by, if there is one.
        purchase_id: Option<String>,
    },
    /// Send an envelope of source `checkout`.
    Report {
        /// Its `data`, JSON text of a [`CheckoutReport`](crate::checkout::CheckoutReport).
        data: String,
    },
    /// Send an envelope of source `call` and basis `status`.
    Register {
        /// Its `data`, JSON text of a purchase.
        data: String,
        /// The gateway that was left for, if it is known.
        gateway: Option<String>,
    },
}
