//! What the shop sells.

use crate::amount::{Cents, euros};

/// Orders from this amount on are sent free of charge.
pub const FREE_SHIPPING_FROM: Cents = euros(50, 0);
/// Shipping of smaller orders.
pub const SHIPPING: Cents = euros(4, 90);

/// One product.
pub struct Product {
    /// The shop's reference, the `product_id` of the markup.
    pub sku: &'static str,
    /// Last part of the product page's address.
    pub slug: &'static str,
    /// Name as shown.
    pub name: &'static str,
    /// One line under the name, plain text.
    pub tagline: &'static str,
    /// Short description, HTML.
    pub description: &'static str,
    /// Price of one, VAT included.
    pub price: Cents,
    /// The same price as the shop's module prints it: up to four decimals, not always equal to the rounded price.
    pub unit_price: &'static str,
    /// Empty if the product has none.
    pub brand: &'static str,
    /// Full paths with a leading slash.
    pub categories: &'static [&'static str],
    /// References of products that go with it.
    pub related: &'static [&'static str],
    /// Search words.
    pub tags: &'static [&'static str],
    /// The shop has one left, so that the confirmation page already calls it out of stock.
    pub last_piece: bool,
    /// An SVG element; its ids start with the reference, since several pictures share a page.
    pub picture: &'static str,
}

impl Product {
    /// The product with this reference.
    pub fn by_sku(sku: &str) -> Option<&'static Self> {
        PRODUCTS.iter().find(|product| product.sku == sku)
    }

    /// The product whose page has this address part.
    pub fn by_slug(slug: &str) -> Option<&'static Self> {
        PRODUCTS.iter().find(|product| product.slug == slug)
    }
}

/// Shipping of an order with this sum.
pub fn shipping(sum: Cents) -> Cents {
    if sum == Cents(0) || sum >= FREE_SHIPPING_FROM {
        Cents(0)
    } else {
        SHIPPING
    }
}

/// The whole catalogue, in the order of the home page.
pub static PRODUCTS: [Product; 6] = [
    Product {
        sku: "SKU-987",
        slug: "stoneware-serving-bowl",
        name: "Stoneware serving bowl",
        tagline: "Wide, heavy, and glazed twice",
        description: "<p>Thrown by hand in <strong>La Bisbal</strong>, glazed &amp; fired twice. 28 cm across, and safe in \
                      the oven.</p>",
        price: euros(60, 25),
        unit_price: "60.25",
        brand: "",
        categories: &["/Table & kitchen", "/Table & kitchen/Bowls"],
        related: &["SKU-114", "SKU-330"],
        tags: &["stoneware", "handmade"],
        last_piece: false,
        picture: include_str!("../static/products/bowl.svg"),
    },
    Product {
        sku: "SKU-114",
        slug: "linen-tea-towels",
        name: "Linen tea towels, pair",
        tagline: "Softer with every wash",
        description: "<p>Two towels of washed linen, 50 × 70 cm, woven in Galicia.</p>",
        price: euros(18, 90),
        unit_price: "18.8958",
        brand: "Lino & Telar",
        categories: &["/Table & kitchen/Textiles"],
        related: &["SKU-987"],
        tags: &["linen"],
        last_piece: false,
        picture: include_str!("../static/products/towels.svg"),
    },
    Product {
        sku: "SKU-205",
        slug: "gooseneck-kettle",
        name: "Gooseneck kettle, 0.9 L",
        tagline: "Pours exactly where you point",
        description: "<p>Brushed steel with a <em>slow</em> spout for filter coffee. Works on gas &amp; induction.</p>",
        price: euros(74, 0),
        unit_price: "74",
        brand: "Ferro",
        categories: &["/Coffee", "/Coffee/Kettles"],
        related: &["SKU-451"],
        tags: &["coffee", "steel"],
        last_piece: false,
        picture: include_str!("../static/products/kettle.svg"),
    },
    Product {
        sku: "SKU-330",
        slug: "olive-wood-board",
        name: "Olive wood board 14\"",
        tagline: "One plank, no two alike",
        description: "<p>Cut from a single plank &mdash; the grain decides the shape. Wipe clean, oil now and then.</p>",
        price: euros(34, 50),
        unit_price: "34.5",
        brand: "",
        categories: &["/Table & kitchen/Boards"],
        related: &[],
        tags: &[],
        last_piece: false,
        picture: include_str!("../static/products/board.svg"),
    },
    Product {
        sku: "SKU-451",
        slug: "lever-espresso-machine",
        name: "Lever espresso machine",
        tagline: "No pump, no screen, no hurry",
        description: "<p>Spring lever, 0.8 L boiler, all brass inside.<br>Warm in <strong>9 minutes</strong>.</p>",
        price: euros(1234, 56),
        unit_price: "1234.56",
        brand: "Ferro",
        categories: &["/Coffee", "/Coffee/Machines"],
        related: &["SKU-205"],
        tags: &["coffee", "espresso"],
        last_piece: false,
        picture: include_str!("../static/products/espresso.svg"),
    },
    Product {
        sku: "SKU-508",
        slug: "salt-glazed-jug",
        name: "Salt-glazed jug",
        tagline: "The last of its kiln",
        description: "<p>A litre and a bit, from a kiln that is fired once a year.</p>",
        price: euros(42, 0),
        unit_price: "42",
        brand: "L'Ofici",
        categories: &["/Table & kitchen/Jugs"],
        related: &["SKU-987"],
        tags: &["stoneware"],
        last_piece: true,
        picture: include_str!("../static/products/jug.svg"),
    },
];
