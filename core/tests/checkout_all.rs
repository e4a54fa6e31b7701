//! What holds for every open checkout: in every combination of what can be known, and after every order of what can happen.

use purchase_core::{
    checkout::*,
    json,
    order::{Standing, State},
    outbox::Timestamp,
};

const NOW: u64 = 1_763_726_400_000;
const PURCHASE: &str = "{\"purchase_id\":\"10023\"}";

const STATES: [State; 5] = [
    State::Created,
    State::Unknown,
    State::Pending,
    State::Canceled,
    State::Completed,
];

/// Queries that give each hint, and one that gives none.
const QUERIES: [&str; 6] = [
    "?utm_source=mail",
    "?payment_intent=pi_1&redirect_status=succeeded&payment_intent_client_secret=SECRET",
    "?token=SECRET&PayerID=SECRET",
    "?token=EC-SECRET",
    "?payment_intent=pi_1&redirect_status=failed&payment_intent_client_secret=SECRET",
    "?redirectResult=SECRET",
];

fn open(id: &str) -> OpenCheckout {
    OpenCheckout {
        id: OpenCheckout::id_of(Some(id), None, ""),
        cart_id: Some(id.into()),
        purchase_id: None,
        gateway: None,
        state: State::Created,
        basis: Basis::Left,
        left_at: Timestamp(NOW - 60_000),
        asks: 0,
        next_at: Timestamp(0),
        registered: false,
    }
}

fn reply(answer: StatusAnswer) -> Reply {
    let has_purchase = matches!(answer, StatusAnswer::State { has_purchase: true, .. });
    Reply {
        answer,
        data: has_purchase.then(|| PURCHASE.into()),
        ..Reply::none()
    }
}

/// Every answer; none for a shop without the URL.
fn answers() -> Vec<Option<StatusAnswer>> {
    let mut all = vec![None, Some(StatusAnswer::NoAnswer), Some(StatusAnswer::NotFound)];
    for state in STATES {
        for (placed, has_purchase) in [(false, false), (false, true), (true, false), (true, true)] {
            let standing = Standing { state, placed };
            all.push(Some(StatusAnswer::State { standing, has_purchase }));
        }
    }
    all
}

fn drain(checkouts: &mut Checkouts) -> Vec<CheckoutEffect> {
    std::iter::from_fn(|| checkouts.poll_effect()).collect()
}

/// What must hold of any effect.
#[track_caller]
fn is_sound(effect: &CheckoutEffect) {
    let text = format!("{effect:?}");
    assert!(!text.contains("SECRET"), "{text}");
    match effect {
        CheckoutEffect::Report { data } => {
            let value = json::read(data).expect("a report is JSON");
            CheckoutReport::from_value(&value).expect("a report can be read");
        }
        CheckoutEffect::Save { id, text } => {
            assert!(text.len() <= STORED_BYTES_MAX);
            OpenCheckout::from_text(id, text).expect("what is saved can be read");
        }
        _ => {}
    }
}

#[test]
fn every_combination() {
    let mut seen = vec![None];
    for (cart, state, placed) in [
        ("other", State::Completed, true),
        ("c", State::Completed, true),
        ("c", State::Pending, false),
        ("c", State::Canceled, false),
    ] {
        seen.push(Some(Seen {
            purchase_id: "7".into(),
            cart_id: Some(cart.into()),
            standing: Standing { state, placed },
        }));
    }
    let pages = [PageKind::Confirmation, PageKind::Checkout, PageKind::Other];
    let mut count = 0;
    for (state, basis) in [
        (State::Created, Basis::Left),
        (State::Unknown, Basis::Returned),
        (State::Pending, Basis::Status),
        (State::Canceled, Basis::Returned),
    ] {
        for page in pages {
            for reached in [Reached::Load, Reached::BackForward] {
                for query in QUERIES {
                    for mine in [true, false] {
                        for seen in &seen {
                            for answer in answers() {
                                let checkout = OpenCheckout {
                                    state,
                                    basis,
                                    ..open("c")
                                };
                                let arrival = Arrival {
                                    page,
                                    reached,
                                    query: query.into(),
                                    referrer: String::new(),
                                    mine: if mine { vec![checkout.id.clone()] } else { Vec::new() },
                                };
                                one(checkout, arrival, seen.as_ref(), answer);
                                count += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(count, 4 * 3 * 2 * 6 * 2 * 5 * 23);
}

fn one(checkout: OpenCheckout, arrival: Arrival, seen: Option<&Seen>, answer: Option<StatusAnswer>) {
    let story = format!("{checkout:?}\n{arrival:?}\n{seen:?}\n{answer:?}");
    let (id, cart_id, told) = (checkout.id.clone(), checkout.cart_id.clone(), checkout.state);
    let mut checkouts = Checkouts::new(Settings {
        status_url: answer.is_some(),
        own_returns: String::new(),
    });
    checkouts.handle(Timestamp(NOW), CheckoutInput::Restored(checkout));
    if let Some(seen) = seen {
        checkouts.handle(Timestamp(NOW), CheckoutInput::PurchaseSeen(seen.clone()));
    }
    checkouts.handle(Timestamp(NOW), CheckoutInput::Arrived(arrival));
    let mut effects = drain(&mut checkouts);
    if let Some(answer) = answer {
        checkouts.handle(
            Timestamp(NOW),
            CheckoutInput::Answered {
                id,
                reply: reply(answer),
            },
        );
        // Said again it must add nothing.
        let first = drain(&mut checkouts);
        checkouts.handle(Timestamp(NOW), CheckoutInput::Wake);
        assert_eq!(drain(&mut checkouts), [], "{story}");
        effects.extend(first);
    }
    let is_registered = effects
        .iter()
        .any(|effect| matches!(effect, CheckoutEffect::Register { .. }));
    let closes = |standing: Standing| standing.placed || standing.state >= State::Canceled;
    let is_closed = seen.is_some_and(|seen| seen.cart_id == cart_id && closes(seen.standing));
    let has_purchase = matches!(answer, Some(StatusAnswer::State { has_purchase: true, .. }));
    assert!(!is_registered || has_purchase && !is_closed, "{story}\n{effects:?}");
    if let Some(StatusAnswer::State { standing, has_purchase }) = answer
        && !is_closed
        && has_purchase
        && closes(standing)
    {
        assert!(
            is_registered && checkouts.open_checkouts().next().is_none(),
            "{story}\n{effects:?}"
        );
    }
    if is_closed {
        assert!(checkouts.open_checkouts().next().is_none(), "{story}\n{effects:?}");
    }
    assert!(effects.len() <= 8, "{story}\n{effects:?}");
    let mut last = told;
    for effect in &effects {
        is_sound(effect);
        if let CheckoutEffect::Report { data } = effect {
            let value = json::read(data).expect("a report is JSON");
            let state = CheckoutReport::from_value(&value).expect("a report").state;
            assert!(state >= last, "{story}\n{effects:?}");
            last = state;
        }
    }
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

fn input(dice: &mut Dice, now: u64) -> CheckoutInput {
    let cart = format!("c{}", dice.below(CHECKOUTS_MAX + 5));
    let id = OpenCheckout::id_of(Some(&cart), None, "");
    match dice.below(8) {
        0 => CheckoutInput::Restored(OpenCheckout {
            state: dice.of(&STATES[..4]),
            left_at: Timestamp(dice.of(&[0, now, now.saturating_add(1), u64::MAX])),
            next_at: Timestamp(dice.of(&[0, now, u64::MAX])),
            asks: dice.of(&[0, ASKS_FREE, ASKS_MAX, u32::MAX]),
            ..open(&cart)
        }),
        1 | 2 => CheckoutInput::Opened(Leaving {
            cart_id: dice.of(&[Some(cart), None, Some(String::new()), Some("x".repeat(300))]),
            purchase_id: dice.of(&[None, None, Some("p".into()), Some("q\"\n".into())]),
            gateway: dice.of(&[None, Some("redsys")]),
            contents: dice.of(&["", "{", "{\"cart_id\":\"c\"}", "[\"cn_cart\"]", "7"]).into(),
        }),
        3 => CheckoutInput::Arrived(Arrival {
            page: dice.of(&[PageKind::Confirmation, PageKind::Checkout, PageKind::Other]),
            reached: dice.of(&[Reached::Load, Reached::BackForward]),
            query: dice.of(&QUERIES).into(),
            referrer: dice.of(&["", "https://www.paypal.com/", "//"]).into(),
            mine: dice.of(&[Vec::new(), vec![id; 50]]),
        }),
        4 => CheckoutInput::PurchaseSeen(Seen {
            purchase_id: dice.of(&["p", "r"]).into(),
            cart_id: dice.of(&[None, Some(cart)]),
            standing: Standing {
                state: dice.of(&STATES),
                placed: dice.of(&[true, false]),
            },
        }),
        5 => CheckoutInput::Answered {
            id,
            reply: Reply {
                retry_after_ms: dice.of(&[None, Some(0), Some(u64::MAX)]),
                purchase_id: dice.of(&[None, Some("p".into())]),
                ..reply(dice.of(&answers()).unwrap_or(StatusAnswer::NoAnswer))
            },
        },
        6 => CheckoutInput::ErasedElsewhere { id },
        _ => CheckoutInput::Wake,
    }
}

#[test]
fn any_order_of_inputs_and_any_clock() {
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let mut checkouts = Checkouts::new(Settings {
            status_url: seed % 3 > 0,
            own_returns: String::new(),
        });
        let mut now = NOW;
        for _ in 0..300 {
            now = match dice.below(20) {
                0 => dice.of(&[
                    0,
                    NOW,
                    now.saturating_sub(AGE_MS_MAX),
                    now.saturating_add(AGE_MS_MAX),
                    u64::MAX,
                ]),
                _ => now.saturating_add(dice.of(&[0, 1, 3_000, AWAY_MS])),
            };
            let told = input(&mut dice, now);
            let may_register = matches!(&told, CheckoutInput::Answered { reply, .. } if reply.data.is_some());
            let story = format!("seed {seed} at {now}: {told:?}");
            checkouts.handle(Timestamp(now), told);
            let effects = drain(&mut checkouts);
            assert!(effects.len() <= 6 * (CHECKOUTS_MAX + 1), "{story}\n{effects:?}");
            effects.iter().for_each(is_sound);
            let registers = effects
                .iter()
                .filter(|effect| matches!(effect, CheckoutEffect::Register { .. }));
            assert!(registers.count() <= usize::from(may_register), "{story}");
            assert!(checkouts.open_checkouts().count() <= CHECKOUTS_MAX, "{story}");
            let wake = checkouts.poll_wake();
            assert!(
                wake.is_none_or(|at| at.0 <= now.saturating_add(ASK_PAUSE_MS_MAX)),
                "{story}"
            );
            assert!(wake.is_none_or(|at| at.0 > now || now == u64::MAX), "{story}");
        }
    }
}
