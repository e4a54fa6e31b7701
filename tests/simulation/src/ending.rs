//! What must hold when a world ends: network and storage had returned, and the shopper came back a few times.

use purchase_core::wire::record_from_text;

use crate::{Broken, totals::Totals, world::World};

/// What was seen instead, if the property does not hold.
type Holds = Result<(), String>;

/// A property's name, and the property.
type Property = (&'static str, fn(&World) -> Holds);

/// All of them.
const AT_THE_END: &[Property] = &[
    (
        "every captured purchase has arrived",
        every_captured_purchase_has_arrived,
    ),
    ("no purchase is stored twice", no_purchase_is_stored_twice),
    ("the stores are empty", the_stores_are_empty),
    ("what is confirmed is stored", what_is_confirmed_is_stored),
    ("other formats are left alone", other_formats_are_left_alone),
];

/// Judges the world and counts what became of its purchases.
pub fn judge(world: &mut World) -> Result<(), Broken> {
    for (property, holds) in AT_THE_END {
        holds(world).map_err(|detail| Broken { property, detail })?;
    }
    let (bought, collector) = (&world.bought, &world.collector);
    let totals: &mut Totals = world.totals;
    totals.shoppers += 1;
    for bought in bought.iter().filter(|bought| bought.captured_at.is_some()) {
        let end = if collector.has(bought) {
            &mut totals.stored
        } else if collector.refused.contains(&bought.id) {
            &mut totals.refused
        } else if bought.expired {
            &mut totals.expired
        } else if bought.too_large {
            &mut totals.too_large
        } else {
            &mut totals.lost_by_physics
        };
        *end += 1;
    }
    Ok(())
}

/// Unless it was given up with a report, or destroyed together with every place it was in.
fn every_captured_purchase_has_arrived(world: &World) -> Holds {
    for (index, bought) in world.bought.iter().enumerate() {
        let is_open = bought.captured_at.is_some() && !bought.lost_by_physics && !world.is_over(index);
        if is_open {
            return Err(format!(
                "purchase {index} ({}) was captured and never arrived",
                bought.id
            ));
        }
    }
    Ok(())
}

/// One key, one content.
fn no_purchase_is_stored_twice(world: &World) -> Holds {
    match world.collector.stored.iter().find(|(_, contents)| contents.len() != 1) {
        Some((purchase_id, contents)) => Err(format!("{purchase_id} is stored {} times", contents.len())),
        None => Ok(()),
    }
}

/// Nothing that could still be sent is left: what is refused or delivered never comes back.
fn the_stores_are_empty(world: &World) -> Holds {
    for bought in world.bought.iter().filter(|bought| !bought.too_large) {
        let id = &bought.id;
        let places = [
            ("localStorage", world.local.peek(&format!("r:{id}"))),
            ("IndexedDB", world.indexed.peek(id)),
        ];
        for (place, text) in places {
            if text.is_some_and(|text| record_from_text(id, text).is_some()) {
                return Err(format!("{id} is still in {place}"));
            }
        }
    }
    Ok(())
}

/// The list that keeps a page from sending again names nothing that did not arrive.
fn what_is_confirmed_is_stored(world: &World) -> Holds {
    let confirmed = |id: &str| world.local.peek(&format!("c:{id}")).is_some();
    let wrong = world
        .bought
        .iter()
        .find(|bought| confirmed(&bought.id) && !world.collector.has(bought));
    match wrong {
        Some(bought) => Err(format!("{} counts as confirmed and is not stored", bought.id)),
        None => Ok(()),
    }
}

/// They belong to another release of the tag.
fn other_formats_are_left_alone(world: &World) -> Holds {
    match world
        .foreign
        .iter()
        .find(|(key, text)| world.local.peek(key) != Some(text))
    {
        Some((key, _)) => Err(format!("{key} was changed")),
        None => Ok(()),
    }
}
