//! Writes what a site tells of its requests into the history.

use std::sync::Arc;

use flags_server::{Arrival, Card, Observer, Outcome};

use super::history::History;
use super::runs::{Asked, Begun, Key};

/// The observer of one site, under the site's name.
pub(crate) struct SiteRecord {
    name: Arc<str>,
    history: Arc<History>,
}

impl SiteRecord {
    pub(crate) fn new(name: &str, history: &Arc<History>) -> Self {
        Self { name: name.into(), history: Arc::clone(history) }
    }
}

impl Observer for SiteRecord {
    type Note = Begun;

    fn begin(&self, request: &Arrival) -> Begun {
        let address = request.connection.client.ip().to_canonical();
        let key = Key { site: &self.name, address, agent: request.agent };
        let Arrival { path, thread, name, .. } = *request;
        self.history.begin(&key, &Asked { path, thread, name })
    }

    /// Every run has a deck of its own, as if it had the site to itself.
    fn card(&self, begun: &Begun) -> Option<Card> {
        Some(begun.card)
    }

    fn end(&self, begun: &Begun, outcome: Outcome) {
        self.history.end(*begun, outcome);
    }
}
