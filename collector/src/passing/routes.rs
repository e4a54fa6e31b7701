//! What is to be passed on where: the store makes the entries of the queue by it.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::Notify;

use super::{Destination, Event};

/// The destinations of every site. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    by_site: Arc<HashMap<String, Vec<Route>>>,
}

#[derive(Debug)]
struct Route {
    destination: Arc<Destination>,
    news: Arc<Notify>,
}

impl Routes {
    /// Of these destinations.
    pub fn new(destinations: Vec<Destination>) -> Routes {
        let mut by_site: HashMap<String, Vec<Route>> = HashMap::new();
        for destination in destinations {
            by_site.entry(destination.site.clone()).or_default().push(Route {
                destination: Arc::new(destination),
                news: Arc::default(),
            });
        }
        Routes {
            by_site: Arc::new(by_site),
        }
    }

    /// The names of the site's destinations that take this event.
    pub fn of(&self, site: &str, event: Event) -> impl Iterator<Item = &str> {
        self.site(site)
            .filter(move |route| route.destination.takes(event))
            .map(|route| route.destination.name.as_str())
    }

    /// The site's destination of this name.
    pub fn named(&self, site: &str, name: &str) -> Option<Arc<Destination>> {
        let named = self.site(site).find(|route| route.destination.name == name);
        named.map(|route| Arc::clone(&route.destination))
    }

    /// Tells the couriers of the site that there is something to do.
    pub fn wake(&self, site: &str) {
        for route in self.site(site) {
            route.news.notify_one();
        }
    }

    /// Every destination, with what tells its courier that there is something to do.
    pub fn all(&self) -> impl Iterator<Item = (Arc<Destination>, Arc<Notify>)> {
        self.by_site
            .values()
            .flatten()
            .map(|route| (Arc::clone(&route.destination), Arc::clone(&route.news)))
    }

    fn site(&self, site: &str) -> impl Iterator<Item = &Route> {
        self.by_site.get(site).into_iter().flatten()
    }
}
