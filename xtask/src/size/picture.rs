//! The picture in the docs: a treemap of all files, every rectangle as large as its bytes.

use treemap::{Mappable, Rect, TreemapLayout};

use super::parts::Area;

/// Width and height of the map, in pixels.
const SIZE: (f64, f64) = (1_000.0, 640.0);
/// Height of an area's title, in pixels.
const TITLE: f64 = 18.0;
/// Between neighbours, in pixels.
const GAP: f64 = 2.0;
/// Width of a letter at the size of the labels, in pixels; they are set in a font whose letters are all as wide.
const LETTER: f64 = 6.7;
/// Colours of the areas, one after the other: dark enough for white letters on light and dark pages.
const COLOURS: [&str; 8] = [
    "#2f6690", "#7a4f9a", "#2d7d5a", "#a4552f", "#5b6673", "#8f3b5c", "#6b6b1f", "#3c5aa6",
];

/// An area or a part on its way to a place.
struct Tile<'a, T> {
    bytes: usize,
    item: &'a T,
    bounds: Rect,
}

impl<T> Mappable for Tile<'_, T> {
    fn size(&self) -> f64 {
        self.bytes as f64
    }

    fn bounds(&self) -> &Rect {
        &self.bounds
    }

    fn set_bounds(&mut self, bounds: Rect) {
        self.bounds = bounds;
    }
}

/// The treemap as an SVG document that stands on any background.
pub fn draw(areas: &[Area], caption: &str) -> String {
    let (width, height) = SIZE;
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {full}" role="img" aria-label="{caption}">
<style>
text {{ font: 11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #fff }}
.title {{ font-weight: bold }}
.caption {{ fill: #57606a }}
@media (prefers-color-scheme: dark) {{ .caption {{ fill: #9da7b1 }} }}
</style>
"##,
        full = height + TITLE + GAP,
    );
    let whole = Rect::from_points(0.0, 0.0, width, height);
    for (tile, colour) in placed(areas, |area| area.bytes, whole)
        .iter()
        .zip(COLOURS.iter().cycle())
    {
        let area = tile.item;
        let title = format!("{} {}", area.name, kilobytes(area.bytes));
        let Rect { x, y, w, h } = inset(&tile.bounds);
        out += &rectangle(&inset(&tile.bounds), colour, 0.65, &title);
        out += &label(&Rect::from_points(x, y, w, TITLE), "title", &[&title]);
        let inside = Rect::from_points(x, y + TITLE, w, (h - TITLE).max(0.0));
        for tile in placed(&area.parts, |(_, bytes)| *bytes, inside) {
            let (name, bytes) = tile.item;
            let bounds = inset(&tile.bounds);
            out += &rectangle(&bounds, colour, 1.0, &format!("{}: {name}, {bytes} bytes", area.name));
            out += &label(&bounds, "part", &[name, &kilobytes(*bytes)]);
        }
    }
    out + &format!(
        "<text class=\"caption\" x=\"0\" y=\"{:.0}\">{}</text>\n</svg>\n",
        height + TITLE - GAP,
        escaped(caption)
    )
}

fn placed<T>(items: &[T], bytes: impl Fn(&T) -> usize, bounds: Rect) -> Vec<Tile<'_, T>> {
    let tile = |item| Tile {
        bytes: bytes(item),
        item,
        bounds: Rect::new(),
    };
    let mut tiles: Vec<_> = items.iter().map(tile).collect();
    TreemapLayout::new().layout_items(&mut tiles, bounds);
    tiles
}

fn inset(bounds: &Rect) -> Rect {
    let Rect { x, y, w, h } = *bounds;
    Rect::from_points(x, y, (w - GAP).max(0.0), (h - GAP).max(0.0))
}

fn rectangle(Rect { x, y, w, h }: &Rect, colour: &str, opacity: f64, title: &str) -> String {
    format!(
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"{colour}\" fill-opacity=\"{opacity}\">\
         <title>{}</title></rect>\n",
        escaped(title)
    )
}

/// The lines that have room; a line that is too wide is left out with those below it.
fn label(Rect { x, y, w, h }: &Rect, class: &str, lines: &[&str]) -> String {
    const LINE: f64 = 13.0;
    let fitting = lines
        .iter()
        .enumerate()
        .take_while(|(index, line)| line.len() as f64 * LETTER + 6.0 <= *w && (*index + 1) as f64 * LINE + 2.0 <= *h);
    fitting
        .map(|(index, line)| {
            let (x, y) = (x + 4.0, y + (index + 1) as f64 * LINE);
            format!(
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n",
                escaped(line)
            )
        })
        .collect()
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} KB", bytes as f64 / 1_000.0)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_a_rectangle_and_names_are_escaped() {
        let area = Area {
            name: "core <a&b>".to_owned(),
            bytes: 500,
            parts: vec![("purchase".to_owned(), 400), ("x".to_owned(), 100)],
        };
        let drawn = draw(&[area], "what weighs");
        assert_eq!(drawn.matches("<rect").count(), 3);
        assert!(drawn.contains("core &lt;a&amp;b>: purchase, 400 bytes"), "{drawn}");
    }
}
