//! The orders that the shop keeps: in memory, so many, the oldest dropped.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

use crate::{
    cart::{Cart, next_number},
    markup::Basket,
    order::{Order, now},
    statement,
    status::{Platform, Status},
};

/// Orders and reserved numbers that are kept, each.
const KEPT_MAX: usize = 1000;
/// Changes that are kept of one order, the first and the latest.
const CHANGES_MAX: usize = 20;

/// An order with its course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The order itself.
    pub order: Order,
    /// Its status.
    pub status: Status,
    /// Each status so far and when it began, the oldest first; at most [`CHANGES_MAX`].
    pub changes: Vec<(Status, String)>,
}

/// What a notification did.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// The shop keeps no such order.
    Unknown,
    /// The order was there already, or further.
    None(Kept),
    /// The order has this status now.
    Made(Kept),
}

/// A number and a date that an order will have if it is placed.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// Order number.
    pub number: String,
    /// When the checkout page was opened.
    pub date: String,
}

/// All kept orders.
#[derive(Default)]
pub struct Orders(Mutex<Book>);

#[derive(Default)]
struct Book {
    /// The oldest first.
    orders: VecDeque<Kept>,
    reserved: VecDeque<Reservation>,
}

impl Orders {
    /// Reserves a number, so that the checkout page can name the order before there is one.
    pub fn reserve(&self) -> Reservation {
        let reservation = Reservation {
            number: next_number().to_string(),
            date: now(),
        };
        push(&mut self.book().reserved, reservation.clone());
        reservation
    }

    /// Places an order of this cart. It takes the reserved number, also a second time as long as the order is not paid: a
    /// shopper who comes back to the checkout page and tries again pays the same order. Any other number is passed over
    /// and the order takes a new one.
    pub fn place(&self, cart: &Cart, payment: &str, reserved: &str, status: Status) -> Kept {
        let mut order = Order::place(cart, payment);
        let mut book = self.book();
        let mut changes = Vec::new();
        if let Some(at) = book.reserved.iter().position(|it| it.number == reserved) {
            if let Some(reservation) = book.reserved.remove(at) {
                (order.number, order.date) = (reservation.number, reservation.date);
            }
        } else if let Some(at) = book.orders.iter().position(|it| it.is_retried_by(reserved, &order))
            && let Some(earlier) = book.orders.remove(at)
        {
            (order.number, order.date) = (earlier.order.number, earlier.order.date);
            changes = earlier.changes;
        }
        let mut kept = Kept { order, status, changes };
        kept.note(status);
        push(&mut book.orders, kept.clone());
        kept
    }

    /// The order with this number, or without a number the order of this cart: the paid one if there is one, else the
    /// newest. With both, the order must be of this cart.
    pub fn find(&self, number: Option<&str>, cart: Option<&str>) -> Option<Kept> {
        let is_asked = |it: &&Kept| {
            number.is_none_or(|number| it.order.number == number) && cart.is_none_or(|cart| it.order.cart == cart)
        };
        if number.is_none() && cart.is_none() {
            return None;
        }
        let book = self.book();
        let newest_first = || book.orders.iter().rev().filter(is_asked);
        newest_first()
            .find(|it| it.status.is_paid())
            .or_else(|| newest_first().next())
            .cloned()
    }

    /// Changes the order's status; twice is harmless.
    pub fn change(&self, number: &str, status: Status) -> Change {
        let mut book = self.book();
        let Some(kept) = book.orders.iter_mut().find(|it| it.order.number == number) else {
            return Change::Unknown;
        };
        if !kept.status.may_become(status) {
            return Change::None(kept.clone());
        }
        kept.note(status);
        Change::Made(kept.clone())
    }

    /// All of them, the newest first.
    pub fn all(&self) -> Vec<Kept> {
        self.book().orders.iter().rev().cloned().collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Nothing is left half done in the book, so one that was held during a panic is as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The purchase as it is now, under the fields' documented names, with `order_status`.
    pub fn statement(&self, origin: &str, platform: Option<Platform>) -> Value {
        let mut fields = statement::json(&Basket::of_order(&self.order, origin));
        fields["order_status"] = self.status.word(platform).into();
        fields
    }

    fn is_retried_by(&self, number: &str, order: &Order) -> bool {
        self.order.number == number && self.order.cart == order.cart && !self.status.is_paid()
    }

    fn note(&mut self, status: Status) {
        if self.changes.len() >= CHANGES_MAX {
            self.changes.remove(1);
        }
        self.changes.push((status, now()));
        self.status = status;
    }
}

fn push<T>(list: &mut VecDeque<T>, item: T) {
    if list.len() >= KEPT_MAX {
        list.pop_front();
    }
    list.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cart() -> Cart {
        let mut cart = Cart::default();
        cart.add("SKU-987", 2);
        cart
    }

    #[test]
    fn a_reserved_number_is_taken_once_and_again_only_while_the_order_is_not_paid() {
        let (orders, cart) = (Orders::default(), cart());
        let reserved = orders.reserve();
        let number = reserved.number.as_str();
        let first = orders.place(&cart, "card", number, Status::Pending);
        assert_eq!(
            (first.order.number.as_str(), &first.order.date),
            (number, &reserved.date)
        );
        orders.change(number, Status::Cancelled);
        let again = orders.place(&cart, "instant", number, Status::Pending);
        assert_eq!((again.order.number.as_str(), again.status), (number, Status::Pending));
        let course: Vec<_> = again.changes.iter().map(|(status, _)| *status).collect();
        assert_eq!(course, [Status::Pending, Status::Cancelled, Status::Pending]);
        assert_eq!(orders.all().len(), 1);
        orders.change(number, Status::Processing);
        assert_ne!(
            orders.place(&cart, "card", number, Status::Pending).order.number,
            number
        );
        assert_ne!(orders.place(&cart, "card", "77", Status::Pending).order.number, "77");
    }

    #[test]
    fn anothers_order_is_not_taken_over() {
        let orders = Orders::default();
        let theirs = orders.place(&cart(), "card", "", Status::Pending);
        let mine = orders.place(&cart(), "card", &theirs.order.number, Status::Pending);
        assert_ne!(mine.order.number, theirs.order.number);
        assert_eq!(orders.find(Some(&theirs.order.number), None), Some(theirs));
    }

    #[test]
    fn a_carts_order_is_the_paid_one_or_the_newest() {
        let (orders, cart) = (Orders::default(), cart());
        let first = orders.place(&cart, "card", "", Status::Pending).order.number;
        let second = orders.place(&cart, "card", "", Status::Pending).order.number;
        let found = |orders: &Orders| orders.find(None, Some(&cart.id)).map(|it| it.order.number);
        assert_eq!(found(&orders), Some(second.clone()));
        orders.change(&first, Status::Processing);
        assert_eq!(found(&orders), Some(first.clone()));
        assert_eq!(
            orders.find(Some(&second), Some(&cart.id)).map(|it| it.status),
            Some(Status::Pending)
        );
        assert_eq!(orders.find(Some(&first), Some("other")), None);
        assert_eq!(orders.find(None, None), None);
    }

    #[test]
    fn a_late_cancellation_changes_nothing() {
        let orders = Orders::default();
        let number = orders.place(&cart(), "card", "", Status::Pending).order.number;
        assert!(matches!(orders.change(&number, Status::Processing), Change::Made(_)));
        assert!(matches!(orders.change(&number, Status::Processing), Change::None(_)));
        let Change::None(kept) = orders.change(&number, Status::Cancelled) else {
            panic!("a paid order was canceled")
        };
        assert_eq!((kept.status, kept.changes.len()), (Status::Processing, 2));
        assert_eq!(orders.change("0", Status::Processing), Change::Unknown);
    }

    #[test]
    fn the_oldest_orders_and_changes_are_dropped() {
        let (orders, cart) = (Orders::default(), cart());
        let first = orders.place(&cart, "card", "", Status::Pending).order.number;
        for _ in 0..KEPT_MAX {
            orders.place(&cart, "card", "", Status::Pending);
        }
        assert_eq!(orders.all().len(), KEPT_MAX);
        assert_eq!(orders.find(Some(&first), None), None);
        let number = orders.all()[0].order.number.clone();
        for _ in 0..CHANGES_MAX {
            orders.change(&number, Status::Failed);
            orders.change(&number, Status::OnHold);
        }
        let changes = orders.all()[0].changes.clone();
        assert_eq!(changes.len(), CHANGES_MAX);
        assert_eq!(
            (changes[0].0, changes[CHANGES_MAX - 1].0),
            (Status::Pending, Status::OnHold)
        );
    }
}
