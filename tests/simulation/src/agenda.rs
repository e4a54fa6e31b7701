//! What a shopper does and what goes wrong meanwhile, written down before the world begins.

use purchase_core::outbox::Input;

use crate::{
    chance::Chance,
    device::Mode,
    faults::Fault,
    network::Weather,
    page::Later,
    purchases::Bought,
    world::{Happening, World},
};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Visits after the faulty time, in milliseconds after its end: once the longest `Retry-After` is over, and a few more.
const CALM_VISITS: [u64; 5] = [2 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY];

/// How long each of them is, in milliseconds: shorter than the longest `Retry-After`, which must not outlast them all.
const CALM_STAY: u64 = 15 * MINUTE;

/// One page to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The purchases it states, by index.
    pub states: Vec<usize>,
    /// When the module starts, in milliseconds after the loader.
    pub module_ms: u64,
    pub module_is_missing: bool,
    /// What happens to it, in milliseconds after it opened.
    pub then: Vec<(u64, Later)>,
}

/// Puts a shopper's whole life into the queue.
pub fn write(world: &mut World) {
    // Times in which a whole visit is faulty, and times in which records grow old.
    let span = world
        .chance
        .pick(&[5 * MINUTE, 5 * MINUTE, HOUR, HOUR, DAY, 10 * DAY, 40 * DAY]);
    buy(world);
    world.weather = weather(&mut world.chance);
    if world.chance.one_in(20) {
        let years = world.chance.between(1, 20) as i64;
        let wrong = -years * 365 * DAY as i64;
        world.after(0, Happening::ClockJumps(wrong));
    }
    let starts = visits(world, span);
    disasters(world, span, &starts);
    world.after(span, Happening::Calm);
    for delay in CALM_VISITS {
        let opening = Opening {
            states: Vec::new(),
            module_ms: world.chance.magnitude(20, 3_000),
            module_is_missing: false,
            then: vec![(CALM_STAY, Later::Leaves)],
        };
        world.after(span + delay, Happening::Opens(opening));
    }
    let last = CALM_VISITS.iter().max().copied().unwrap_or_default();
    world.after(span + last + CALM_STAY + MINUTE, Happening::Ends);
}

fn buy(world: &mut World) {
    let count = match world.chance.below(2_000) {
        // A terminal in a shop, or somebody testing.
        0 => world.chance.between(150, 450),
        1..=1_400 => 1,
        1_401..=1_800 => 2,
        _ => world.chance.between(3, 8),
    };
    for index in 0..count.min(world.plan.purchases_max) as usize {
        let again =
            index > 0 && world.bought[index - 1].purchase_id == format!("P{}", index - 1) && world.chance.one_in(20);
        let bought = Bought::new(index, again, &mut world.chance);
        world.bought.push(bought);
    }
}

fn weather(chance: &mut Chance) -> Weather {
    const NETWORK: [Fault; 14] = [
        Fault::LostRequest,
        Fault::LostAnswer,
        Fault::LateAnswer,
        Fault::LateDelivery,
        Fault::RepeatedDelivery,
        Fault::Hang,
        Fault::ServerError,
        Fault::Busy,
        Fault::ClientError,
        Fault::Portal,
        Fault::Garbage,
        Fault::WrongReceipt,
        Fault::TruncatedReceipt,
        Fault::Offline,
    ];
    Weather {
        faults: (0..chance.below(5)).map(|_| chance.pick(&NETWORK)).collect(),
        percent: chance.pick(&[10, 30, 60, 90, 100]),
    }
}

/// The visits of the faulty time; answers when they begin.
fn visits(world: &mut World, span: u64) -> Vec<u64> {
    let count = world.chance.between(1, 4).min(world.plan.visits_max);
    let mut starts = Vec::new();
    for visit in 0..count {
        let start = world.chance.below(span);
        starts.push(start);
        let tabs = match world.chance.below(10) {
            0..=6 => 1,
            7..=8 => 2,
            _ => 3,
        };
        for tab in 0..tabs.min(world.plan.tabs_max) {
            let together = if world.chance.one_in(2) { 20 } else { 5_000 };
            let at = start + tab * world.chance.below(together);
            let states = match visit {
                0 => (0..world.bought.len()).collect(),
                // Reloads and second visits to the confirmation page.
                _ if world.chance.percent(30) => vec![world.chance.below(world.bought.len() as u64) as usize],
                _ => Vec::new(),
            };
            let opening = opening(&mut world.chance, states);
            world.after(at, Happening::Opens(opening));
        }
    }
    starts
}

fn opening(chance: &mut Chance, states: Vec<usize>) -> Opening {
    let stay = chance.magnitude(50, 30 * MINUTE);
    let mut then = Vec::new();
    if chance.one_in(3) {
        let (hidden, away) = (chance.below(stay), chance.magnitude(100, 5 * MINUTE));
        then.push((hidden, Later::Told(Input::PageHiding)));
        then.push((hidden + away, Later::Told(Input::PageShown)));
    }
    if chance.one_in(8) {
        then.push(Later::Told(Input::Online).at(chance, stay));
    }
    if chance.one_in(20) {
        then.push(Later::Told(Input::Flush).at(chance, stay));
    }
    if chance.one_in(20) {
        then.push(Later::Crashes.at(chance, stay));
    }
    // Into the back/forward cache, or behind other tabs for days; it may come back, or be evicted.
    if chance.one_in(6) {
        let (frozen, away) = (chance.below(stay), chance.magnitude(1_000, 10 * DAY));
        then.push((frozen, Later::Freezes));
        then.push((
            frozen + away,
            if chance.one_in(3) { Later::Leaves } else { Later::Thaws },
        ));
    }
    // Some tabs are never closed.
    if !chance.one_in(8) {
        then.push((stay, Later::Leaves));
    }
    Opening {
        states,
        module_ms: chance.magnitude(10, 4_000),
        module_is_missing: chance.one_in(15),
        then,
    }
}

fn disasters(world: &mut World, span: u64, starts: &[u64]) {
    let near_visit = |chance: &mut Chance| chance.pick(starts) + chance.magnitude(1, 2 * MINUTE);
    if world.chance.one_in(4) {
        for _ in 0..world.chance.between(1, 2) {
            let at = near_visit(&mut world.chance);
            if world.plan.faults.has(Fault::BrowserKill) && at < span {
                world.after(at, Happening::BrowserDies);
                world.totals.faults[Fault::BrowserKill as usize] += 1;
            }
        }
    }
    for store in 0..2 {
        if !world.chance.one_in(5) {
            continue;
        }
        let mode = Some(world.chance.pick(&[Mode::Full, Mode::Denied]));
        let (from, long) = match world.chance.one_in(2) {
            true => (0, span),
            false => (near_visit(&mut world.chance), world.chance.magnitude(100, DAY)),
        };
        let turn = |mode| match store {
            0 => (mode, None),
            _ => (None, mode),
        };
        for (at, (local, indexed)) in [(from, turn(mode)), (from + long, turn(Some(Mode::Works)))] {
            world.after(at, Happening::StorageTurns { local, indexed });
        }
    }
    if world.chance.one_in(10) {
        let fault = world
            .chance
            .pick(&[Fault::StorageGarbage, Fault::StorageGarbage, Fault::OtherFormat]);
        let at = near_visit(&mut world.chance);
        world.after(at, Happening::StorageRots(fault));
    }
    if world.chance.one_in(6) {
        for _ in 0..world.chance.between(1, 3) {
            let size = world.chance.pick(&[1_000, MINUTE, HOUR, DAY, 40 * DAY, 700 * DAY]) as i64;
            let at = near_visit(&mut world.chance);
            let jump = if world.chance.one_in(2) { size } else { -size };
            if world.plan.faults.has(Fault::ClockJump) && at < span {
                world.after(at, Happening::ClockJumps(jump));
                world.totals.faults[Fault::ClockJump as usize] += 1;
            }
        }
    }
    if world.chance.one_in(6) {
        let at = near_visit(&mut world.chance);
        let until = at + world.chance.magnitude(1_000, DAY);
        if world.plan.faults.has(Fault::CollectorRestart) && at < span {
            world.after(at, Happening::CollectorStops { until });
            world.totals.faults[Fault::CollectorRestart as usize] += 1;
        }
    }
}
