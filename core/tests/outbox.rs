//! Stories of the outbox: a page, a collector that behaves as the story says, a clock that only the story moves.

use purchase_core::outbox::*;

/// One page with its outbox; storage and network are what the story makes of them.
struct Page {
    outbox: Outbox,
    now: u64,
}

const NOON: u64 = 1_763_726_400_000;

impl Page {
    fn new() -> Page {
        Page {
            outbox: Outbox::new(7),
            now: NOON,
        }
    }

    fn tell(&mut self, input: Input) -> Vec<Effect> {
        self.outbox.handle(Timestamp(self.now), input);
        std::iter::from_fn(|| self.outbox.poll_effect()).collect()
    }

    fn enqueue(&mut self, id: &str) -> Vec<Effect> {
        let record = self.record(id);
        self.tell(Input::Enqueue(record))
    }

    fn record(&self, id: &str) -> Record {
        let now = Timestamp(self.now);
        Record {
            id: id.into(),
            attempts: 0,
            next_at: now,
            captured_at: now,
            body: format!("{{\"id\":\"{id}\"}}"),
        }
    }

    fn answer(&mut self, id: &str, status: u16, receipt: Option<ReceiptVerdict>) -> Vec<Effect> {
        self.tell(Input::Answered {
            id: id.into(),
            answer: Answer {
                status,
                retry_after_ms: None,
                receipt,
            },
        })
    }

    fn answer_later(&mut self, id: &str, seconds: u64) -> Vec<Effect> {
        let answer = Answer {
            status: 503,
            retry_after_ms: Some(seconds * 1_000),
            receipt: None,
        };
        self.tell(Input::Answered { id: id.into(), answer })
    }

    fn unreachable(&mut self, id: &str) -> Vec<Effect> {
        self.tell(Input::Unreachable { id: id.into() })
    }

    /// Moves the clock to the next wake-up and wakes.
    #[track_caller]
    fn wake(&mut self) -> Vec<Effect> {
        self.now = self.outbox.poll_wake().expect("something to wake up for").0;
        self.tell(Input::Wake)
    }

    fn is_empty(&self) -> bool {
        self.outbox.snapshot().records.is_empty()
    }
}

/// Effects in one word each, which is what the stories are about.
fn words(effects: &[Effect]) -> Vec<String> {
    let word = |effect: &Effect| match effect {
        Effect::Save(record) => format!("save {}", record.id),
        Effect::SaveNotBefore(_) => "save-not-before".into(),
        Effect::Erase { id } => format!("erase {id}"),
        Effect::Send {
            id,
            lane: Lane::Fetch { keepalive: true },
            ..
        } => format!("fetch {id}"),
        Effect::Send {
            id,
            lane: Lane::Fetch { keepalive: false },
            ..
        } => format!("large {id}"),
        Effect::Send {
            id, lane: Lane::Beacon, ..
        } => format!("beacon {id}"),
        Effect::Report { id, event } => match event {
            Event::Registered => format!("registered {id}"),
            Event::Refused => format!("refused {id}"),
            Event::Retrying { .. } => format!("retrying {id}"),
            Event::Expired => format!("expired {id}"),
            Event::NotStored => format!("not-stored {id}"),
            Event::Full => format!("full {id}"),
            Event::TooLarge => format!("too-large {id}"),
        },
    };
    effects.iter().map(word).collect()
}

const CONFIRMED: Option<ReceiptVerdict> = Some(ReceiptVerdict::Confirmed);

#[test]
fn a_purchase_is_saved_sent_confirmed_and_erased() {
    let mut page = Page::new();
    assert_eq!(words(&page.enqueue("a")), ["save a", "fetch a"]);
    assert_eq!(words(&page.answer("a", 201, CONFIRMED)), ["erase a", "registered a"]);
    assert!(page.is_empty());
    assert_eq!(page.outbox.poll_wake(), None);
}

#[test]
fn the_same_purchase_twice_is_one_record() {
    let mut page = Page::new();
    page.enqueue("a");
    assert_eq!(words(&page.enqueue("a")), [""; 0]);
    let record = page.record("a");
    assert_eq!(words(&page.tell(Input::Restored(record))), [""; 0]);
}

#[test]
fn a_refusal_counts_only_with_our_own_receipt() {
    let mut page = Page::new();
    page.enqueue("a");
    assert_eq!(words(&page.answer("a", 422, None)), ["save a", "retrying a"]);
    page.wake();
    assert_eq!(
        words(&page.answer("a", 422, Some(ReceiptVerdict::Refused))),
        ["erase a", "refused a"]
    );
}

#[test]
fn no_status_without_a_receipt_erases() {
    for status in 100..=599 {
        let mut page = Page::new();
        page.enqueue("a");
        assert_eq!(
            words(&page.answer("a", status, None)),
            ["save a", "retrying a"],
            "{status}"
        );
        assert!(!page.is_empty());
    }
}

#[test]
fn retries_are_spread_and_grow_but_never_beyond_the_limit() {
    let mut page = Page::new();
    page.enqueue("a");
    let mut longest = 0;
    for _ in 0..40 {
        assert_eq!(words(&page.unreachable("a")), ["save a", "retrying a"]);
        let before = page.now;
        assert_eq!(words(&page.wake()), ["fetch a"]);
        longest = longest.max(page.now - before);
        assert!(page.now - before <= BACKOFF_MS_MAX);
    }
    assert!(
        longest > BACKOFF_MS_MAX / 4,
        "the bound is reached in spirit: {longest} ms"
    );
}

#[test]
fn a_hanging_request_is_given_up_and_repeated() {
    let mut page = Page::new();
    page.enqueue("a");
    assert_eq!(words(&page.wake()), ["save a", "retrying a"]);
    assert_eq!(page.now, NOON + ANSWER_MS_MAX);
    assert_eq!(words(&page.wake()), ["fetch a"]);
    // The first answer comes after all: it counts.
    assert_eq!(words(&page.answer("a", 201, CONFIRMED)), ["erase a", "registered a"]);
}

#[test]
fn the_late_failure_of_a_request_that_was_given_up_changes_nothing() {
    let mut page = Page::new();
    page.enqueue("a");
    page.wake();
    let planned = page.outbox.snapshot();
    assert_eq!(words(&page.unreachable("a")), [""; 0]);
    assert_eq!(page.outbox.snapshot(), planned);
}

#[test]
fn retry_after_holds_everything_back_also_on_the_next_page() {
    let mut page = Page::new();
    page.enqueue("a");
    assert_eq!(
        words(&page.answer_later("a", 60)),
        ["save-not-before", "save a", "retrying a"]
    );
    assert_eq!(words(&page.enqueue("b")), ["save b"]);
    let mut effects = page.wake();
    assert_eq!(page.now, NOON + 60_000);
    effects.sort_by_key(|effect| words(std::slice::from_ref(effect)));
    assert_eq!(words(&effects), ["fetch a", "fetch b"]);

    let mut next = Page::new();
    next.tell(Input::RestoredNotBefore(Timestamp(NOON + 60_000)));
    let record = next.record("a");
    assert_eq!(words(&next.tell(Input::Restored(record))), [""; 0]);
    assert_eq!(words(&next.tell(Input::Flush)), [""; 0]);
    assert_eq!(words(&next.wake()), ["fetch a"]);
}

#[test]
fn retry_after_has_a_limit() {
    let mut page = Page::new();
    page.enqueue("a");
    page.answer_later("a", 10_000_000);
    page.wake();
    assert_eq!(page.now, NOON + RETRY_AFTER_MS_MAX);
}

#[test]
fn what_an_answer_asked_for_days_ago_is_over() {
    let mut page = Page::new();
    page.enqueue("a");
    // The page was frozen with the answer unread.
    page.now += 3 * 24 * 3_600_000;
    assert_eq!(words(&page.answer_later("a", 3_600)), ["save a", "retrying a"]);
    assert_eq!(page.outbox.snapshot().not_before, Timestamp(0));
}

#[test]
fn what_waits_leaves_as_a_beacon_once_and_stays() {
    let mut page = Page::new();
    page.enqueue("a");
    page.unreachable("a");
    assert_eq!(words(&page.tell(Input::PageHiding)), ["beacon a"]);
    assert_eq!(words(&page.tell(Input::PageHiding)), [""; 0]);
    assert!(!page.is_empty());
}

#[test]
fn what_is_in_flight_needs_no_beacon() {
    let mut page = Page::new();
    page.enqueue("a");
    assert_eq!(words(&page.tell(Input::PageHiding)), [""; 0]);
}

#[test]
fn beacons_together_stay_within_the_browsers_quota() {
    let mut page = Page::new();
    for id in ["a", "b", "c"] {
        let record = Record {
            body: "x".repeat(KEEPALIVE_BYTES_MAX / 2),
            ..page.record(id)
        };
        page.tell(Input::Enqueue(record));
        page.unreachable(id);
    }
    assert_eq!(words(&page.tell(Input::PageHiding)), ["beacon a", "beacon b"]);
}

#[test]
fn a_large_record_goes_without_keepalive() {
    let mut page = Page::new();
    let record = Record {
        body: "x".repeat(KEEPALIVE_FETCH_BYTES_MAX + 1),
        ..page.record("a")
    };
    assert_eq!(words(&page.tell(Input::Enqueue(record))), ["save a", "large a"]);
    // Such a fetch dies with the page, a beacon does not.
    assert_eq!(words(&page.tell(Input::PageHiding)), ["beacon a"]);
}

#[test]
fn a_hanging_collector_leaves_half_of_the_browsers_quota_to_other_scripts() {
    const QUOTA_BYTES: usize = 64 * 1024;
    let mut page = Page::new();
    let mut bytes = 0;
    for index in 0..RECORDS_MAX {
        let record = Record {
            body: "x".repeat(KEEPALIVE_FETCH_BYTES_MAX),
            ..page.record(&format!("a{index}"))
        };
        let effects = page.tell(Input::Enqueue(record));
        let sent = words(&effects).iter().filter(|word| word.starts_with("fetch")).count();
        bytes += sent * KEEPALIVE_FETCH_BYTES_MAX;
    }
    assert_eq!(bytes, QUOTA_BYTES / 2);
}

#[test]
fn the_first_attempt_of_a_visit_is_immediate() {
    let mut page = Page::new();
    let record = Record {
        next_at: Timestamp(NOON + 200_000),
        attempts: 9,
        ..page.record("a")
    };
    assert_eq!(words(&page.tell(Input::Restored(record))), ["fetch a"]);
}

#[test]
fn another_tabs_claim_is_respected_until_it_expires() {
    let mut page = Page::new();
    let record = page.record("a");
    let until = Timestamp(NOON + 10 * CLAIM_MS);
    assert_eq!(words(&page.tell(Input::RestoredClaimed { record, until })), [""; 0]);
    assert_eq!(words(&page.wake()), ["fetch a"]);
    assert_eq!(page.now, NOON + CLAIM_MS, "no claim holds longer than its limit");
}

#[test]
fn while_another_tab_claims_it_switching_tabs_sends_nothing() {
    let mut page = Page::new();
    let record = page.record("a");
    let until = Timestamp(NOON + CLAIM_MS);
    page.tell(Input::RestoredClaimed { record, until });
    for input in [Input::PageHiding, Input::PageShown, Input::Online, Input::Flush] {
        assert_eq!(words(&page.tell(input)), [""; 0]);
    }
    assert_eq!(words(&page.wake()), ["fetch a"]);
    assert_eq!(page.now, NOON + CLAIM_MS);
}

#[test]
fn back_from_the_cache_or_the_tunnel_there_is_a_new_chance_soon() {
    for input in [Input::PageShown, Input::Online] {
        let mut page = Page::new();
        page.enqueue("a");
        for _ in 0..12 {
            page.unreachable("a");
            page.wake();
        }
        page.unreachable("a");
        page.tell(input);
        let before = page.now;
        page.wake();
        assert!(page.now - before <= NEW_CHANCE_MS);
    }
}

#[test]
fn a_full_storage_is_reported_and_the_purchase_still_leaves() {
    let mut page = Page::new();
    assert_eq!(words(&page.enqueue("a")), ["save a", "fetch a"]);
    assert_eq!(
        words(&page.tell(Input::StorageFailed { id: "a".into() })),
        ["not-stored a"]
    );
    assert_eq!(words(&page.unreachable("a")), ["retrying a"]);
    assert_eq!(words(&page.wake()), ["fetch a"]);
}

#[test]
fn a_full_or_oversized_outbox_refuses_loudly() {
    let mut page = Page::new();
    for index in 0..RECORDS_MAX {
        page.enqueue(&format!("r{index}"));
    }
    assert_eq!(words(&page.enqueue("more")), ["full more"]);
    let mut page = Page::new();
    let record = Record {
        body: "x".repeat(RECORD_BYTES_MAX + 1),
        ..page.record("a")
    };
    assert_eq!(words(&page.tell(Input::Enqueue(record))), ["too-large a"]);
}

#[test]
fn a_poisonous_record_holds_nobody_up() {
    let mut page = Page::new();
    for id in ["p", "a", "b", "c", "d"] {
        page.enqueue(id);
    }
    assert_eq!(
        page.outbox
            .snapshot()
            .records
            .iter()
            .filter(|r| r.state == RecordState::InFlight)
            .count(),
        IN_FLIGHT_MAX
    );
    // One answer makes room for the fifth, although `p` hangs.
    assert_eq!(
        words(&page.answer("a", 201, CONFIRMED)),
        ["erase a", "registered a", "fetch d"]
    );
}

#[test]
fn another_tabs_receipt_ends_it_here_too() {
    let mut page = Page::new();
    page.enqueue("a");
    page.tell(Input::ErasedElsewhere { id: "a".into() });
    assert!(page.is_empty());
    assert_eq!(words(&page.answer("a", 200, CONFIRMED)), [""; 0]);
}

#[test]
fn after_thirty_days_a_record_has_one_more_chance_and_is_then_given_up_with_a_report() {
    let mut page = Page::new();
    let old = Record {
        captured_at: Timestamp(NOON - AGE_MS_MAX - 1),
        ..page.record("a")
    };
    assert_eq!(words(&page.tell(Input::Restored(old))), ["fetch a"]);
    assert_eq!(words(&page.unreachable("a")), ["erase a", "expired a"]);
}

#[test]
fn clock_steps_neither_lose_nor_block() {
    // Back by a year, while waiting.
    let mut page = Page::new();
    page.enqueue("a");
    page.answer_later("a", 60);
    page.now -= 365 * 24 * 3_600_000;
    page.tell(Input::Wake);
    let before = page.now;
    assert_eq!(words(&page.wake()), ["fetch a"]);
    assert!(page.now - before <= RETRY_AFTER_MS_MAX);
    // A capture from the future is no reason to expire.
    let future = Record {
        captured_at: Timestamp(NOON * 2),
        ..page.record("f")
    };
    page.tell(Input::Restored(future));
    assert_eq!(words(&page.unreachable("f")), ["save f", "retrying f"]);
}

#[test]
fn a_stamp_from_before_a_clock_step_is_written_down_anew() {
    let mut page = Page::new();
    let effects = page.tell(Input::RestoredNotBefore(Timestamp(NOON * 2)));
    let pulled_back = Timestamp(NOON + RETRY_AFTER_MS_MAX);
    assert_eq!(effects, [Effect::SaveNotBefore(pulled_back)]);
    assert_eq!(page.tell(Input::RestoredNotBefore(pulled_back)), []);
}

#[test]
fn a_clock_step_back_does_not_keep_a_record_from_leaving_with_its_page() {
    let mut page = Page::new();
    page.enqueue("a");
    page.unreachable("a");
    assert_eq!(words(&page.tell(Input::PageHiding)), ["beacon a"]);
    page.now -= 365 * 24 * 3_600_000;
    page.tell(Input::Wake);
    page.now += BEACON_INTERVAL_MS;
    page.tell(Input::Unreachable { id: "a".into() });
    assert_eq!(words(&page.tell(Input::PageHiding)), ["beacon a"]);
}

#[test]
fn what_hung_while_the_page_was_frozen_has_a_new_chance_soon() {
    let mut page = Page::new();
    page.enqueue("a");
    for _ in 0..12 {
        page.unreachable("a");
        page.wake();
    }
    page.now += 24 * 3_600_000;
    page.tell(Input::PageShown);
    let before = page.now;
    assert_eq!(words(&page.wake()), ["fetch a"]);
    assert!(page.now - before <= NEW_CHANCE_MS);
}

#[test]
fn no_number_in_storage_stops_the_tag() {
    let mut page = Page::new();
    let rotten = Record {
        attempts: u32::MAX,
        next_at: Timestamp(u64::MAX),
        captured_at: Timestamp(u64::MAX),
        ..page.record("a")
    };
    assert_eq!(words(&page.tell(Input::Restored(rotten))), ["fetch a"]);
}

#[test]
fn waking_early_late_or_twice_is_harmless() {
    let mut page = Page::new();
    page.enqueue("a");
    page.unreachable("a");
    assert_eq!(words(&page.tell(Input::Wake)), [""; 0]);
    page.now += 10 * BACKOFF_MS_MAX;
    assert_eq!(words(&page.tell(Input::Wake)), ["fetch a"]);
    assert_eq!(words(&page.tell(Input::Wake)), [""; 0]);
}

#[test]
fn unknown_ids_are_ignored() {
    let mut page = Page::new();
    assert_eq!(words(&page.answer("x", 201, CONFIRMED)), [""; 0]);
    assert_eq!(words(&page.unreachable("x")), [""; 0]);
    assert_eq!(words(&page.tell(Input::StorageFailed { id: "x".into() })), [""; 0]);
}
