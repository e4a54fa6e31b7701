//! The chart of purchases per hour as numbers for an SVG: bars from the bottom, late purchases on top of the others. Pure.

use super::format::Words;
use crate::store::console::{HOUR_MS, HourRow};

/// Width of one hour, in units of the drawing.
const HOUR_WIDTH: i64 = 12;

/// Gap between two bars.
const GAP: i64 = 2;

/// Height of the bars' area.
const HEIGHT: i64 = 140;

/// Height of the area for the marks of time below it.
const MARKS_HEIGHT: i64 = 22;

/// Room above the highest bar, for its number.
const TOP: i64 = 18;

/// One hour's bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub x: i64,
    pub width: i64,
    /// Of those in time.
    pub y: i64,
    pub height: i64,
    /// Of the late ones, above.
    pub late_y: i64,
    pub late_height: i64,
    /// What a pointer that rests on it is told.
    pub title: String,
}

/// A mark of time below the bars, or of a number beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub x: i64,
    pub y: i64,
    pub text: String,
}

/// The chart.
#[derive(Clone, Debug)]
pub struct Chart {
    pub width: i64,
    pub height: i64,
    pub base: i64,
    pub bars: Vec<Bar>,
    pub marks: Vec<Mark>,
    /// The highest number, at its line.
    pub top: Mark,
    pub purchases: i64,
    pub late: i64,
}

/// The chart of the `hours` hours that end with the one of `now` (milliseconds since 1970).
pub fn chart(rows: &[HourRow], now: i64, hours: i64, words: &Words) -> Chart {
    let last = now - now.rem_euclid(HOUR_MS);
    let first = last - (hours - 1) * HOUR_MS;
    let of = |hour: i64| rows.iter().find(|row| row.hour == hour).copied();
    let highest = rows.iter().map(|row| row.purchases).max().unwrap_or_default().max(1);
    let scaled = |count: i64| count * HEIGHT / highest;
    let base = TOP + HEIGHT;
    let mut bars = Vec::new();
    let mut marks = Vec::new();
    for number in 0..hours {
        let hour = first + number * HOUR_MS;
        let x = number * HOUR_WIDTH;
        if words.hour(hour) == 0 {
            let text = words.short_day(hour);
            marks.push(Mark {
                x,
                y: base + MARKS_HEIGHT - 6,
                text,
            });
        }
        let Some(row) = of(hour) else { continue };
        // A single purchase beside thousands is still seen.
        let whole = scaled(row.purchases).max(2);
        let late = if row.late > 0 {
            scaled(row.late).max(2).min(whole)
        } else {
            0
        };
        let shown = (
            words.time(hour),
            words.n("purchases-count", row.purchases),
            words.n("late-count", row.late),
        );
        bars.push(Bar {
            x: x + GAP / 2,
            width: HOUR_WIDTH - GAP,
            y: base - whole + late,
            height: whole - late,
            late_y: base - whole,
            late_height: late,
            title: format!("{}: {}, {}", shown.0, shown.1, shown.2),
        });
    }
    Chart {
        width: hours * HOUR_WIDTH,
        height: base + MARKS_HEIGHT,
        base,
        bars,
        marks,
        top: Mark {
            x: 0,
            y: TOP,
            text: words.number(highest),
        },
        purchases: rows.iter().map(|row| row.purchases).sum(),
        late: rows.iter().map(|row| row.late).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::catalogue::Language;
    use jiff::tz::TimeZone;

    #[test]
    fn bars_stand_on_the_base_and_late_ones_on_the_others() {
        let words = Words {
            language: Language::English,
            zone: TimeZone::UTC,
        };
        let day = 20_000 * 24 * HOUR_MS;
        let rows = [
            HourRow {
                hour: day,
                purchases: 100,
                late: 25,
            },
            HourRow {
                hour: day + HOUR_MS,
                purchases: 1,
                late: 1,
            },
        ];
        let chart = chart(&rows, day + 2 * HOUR_MS + 5, 4, &words);
        let [first, second] = chart.bars.as_slice() else {
            panic!("two bars: {chart:?}")
        };
        assert_eq!(
            (first.x, first.y + first.height, first.late_y + first.late_height),
            (13, chart.base, first.y)
        );
        assert_eq!((first.height, first.late_height), (105, 35));
        assert_eq!((second.height, second.late_height), (0, 2));
        assert_eq!(chart.marks.len(), 1);
        assert_eq!((chart.marks[0].x, chart.marks[0].text.as_str()), (12, "4 Oct"));
        assert_eq!((chart.purchases, chart.late), (101, 26));
    }
}
