//! What the site answers. It knows nothing of sockets, so that it can be tested, and
//! served in more than one way.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::sleep;

use crate::countries::{COUNTRIES, Country, find};
use crate::deck::{Card, Deck};
use crate::flag_file::FlagFile;
use crate::profile::Behaviour;

/// The flag site, apart from binding it to a port.
///
/// The requests of all clients are dealt cards from one [`Deck`] with this `seed`, except
/// for those that bring a [`Card`] along as an extension. Likewise one that brings a
/// [`Behaviour`] along is answered with that.
pub fn app(behaviour: Behaviour, seed: Option<u64>) -> Router {
    let welcome = get(move || async move { welcome(behaviour) });
    Router::new()
        .route("/", welcome.clone())
        .route("/flags", welcome.clone())
        .route("/flags/", welcome)
        .route("/flags/{*path}", get(answer))
        .fallback(not_found)
        .with_state(Arc::new(Site::new(behaviour, seed)))
}

/// How long the site held a response back: an extension of every response to a request
/// below `/flags/`, for what is around [`app`] and wants to tell it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delay(pub(crate) Duration);

struct Site {
    behaviour: Behaviour,
    // Not the mutex of Tokio: it is never held across an await.
    deck: Mutex<Deck>,
    in_flight: AtomicU32,
}

impl Site {
    fn new(behaviour: Behaviour, seed: Option<u64>) -> Self {
        let deck = Mutex::new(Deck::new(seed));
        Self { behaviour, deck, in_flight: AtomicU32::new(0) }
    }

    /// Another request is in flight, until what this returns is dropped.
    fn begin(&self) -> InFlight<'_> {
        let number = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        InFlight { site: self, number }
    }

    fn deal(&self, file: Option<FlagFile>) -> Card {
        // Where another thread has panicked under the lock, a card may be dealt twice.
        self.deck.lock().unwrap_or_else(PoisonError::into_inner).deal(file)
    }
}

/// One of the requests that the site has not answered yet.
struct InFlight<'a> {
    site: &'a Site,
    /// How many there were when it came, with itself.
    number: u32,
}

/// Its end, also when the client has gone away.
impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.site.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let file = FlagFile::at(request.uri().path());
    let card = request.extensions().get().copied();
    let behaviour = request.extensions().get().copied().unwrap_or(site.behaviour);
    let in_flight = site.begin();
    let card = card.unwrap_or_else(|| site.deal(file));
    let draw = behaviour.drawn(card, in_flight.number);
    // A sleep of zero would still wait for the next tick of the timer, a millisecond.
    if !draw.delay.is_zero() {
        sleep(draw.delay).await;
    }
    let mut response = if draw.is_error {
        let sorry = "This site fails now and then, on purpose. Ask again.\n";
        (StatusCode::IM_A_TEAPOT, sorry).into_response()
    } else if let Some(found) = file.and_then(send) {
        found
    } else {
        not_found(request.uri().clone()).await
    };
    response.extensions_mut().insert(Delay(draw.delay));
    response
}

/// The answer with a file, where its country exists.
fn send(file: FlagFile) -> Option<Response> {
    let (content_type, body) = match file {
        FlagFile::Image(code) => ("image/gif", Body::from(find(code)?.image)),
        FlagFile::Metadata(code) => {
            ("application/json", Body::from(metadata(find(code)?)))
        }
    };
    Some(([(CONTENT_TYPE, content_type)], body).into_response())
}

async fn not_found(uri: Uri) -> Response {
    let text = format!(
        "There is no {} on this site.\n\
         There are /flags/{{cc}}/{{cc}}.gif and /flags/{{cc}}/metadata.json, in lower\n\
         case, for {} countries. Try /flags/br/br.gif\n",
        uri.path(),
        COUNTRIES.len(),
    );
    (StatusCode::NOT_FOUND, text).into_response()
}

fn welcome(behaviour: Behaviour) -> String {
    format!(
        "The flags of {} countries, for programs that learn to wait.\n\
         This site {behaviour}.\n\n\
         Try /flags/br/br.gif and /flags/br/metadata.json\n",
        COUNTRIES.len(),
    )
}

/// No name of a country has a quote or a backslash, so nothing need be escaped.
fn metadata(country: &Country) -> String {
    format!(
        "{{\"iso_cc\": \"{}\", \"tld_cc\": \"{}\", \"country\": \"{}\"}}\n",
        country.code,
        country.top_level_domain(),
        country.name,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use axum::body::to_bytes;
    use futures::FutureExt;
    use futures::stream::{self, StreamExt};
    use tokio::time::Instant;

    use super::*;
    use crate::country_code::CountryCode;
    use crate::profile::{Latency, Profile};
    use crate::testing::assert_near;

    fn site(latency: Latency, error_rate: f64) -> State<Arc<Site>> {
        State(Arc::new(Site::new(Behaviour { latency, error_rate }, Some(1))))
    }

    fn request(path: &str) -> Request {
        Request::get(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn every_country_has_its_image_and_its_metadata() {
        let site = site(Latency::None, 0.0);
        for country in &COUNTRIES {
            let path = format!("/flags/{}", FlagFile::Image(country.code));
            let image = answer(site.clone(), request(&path)).await;
            assert_eq!(image.status(), StatusCode::OK);
            assert_eq!(
                to_bytes(image.into_body(), usize::MAX).await.unwrap(),
                country.image
            );

            let path = format!("/flags/{}", FlagFile::Metadata(country.code));
            let metadata = answer(site.clone(), request(&path)).await;
            let metadata = to_bytes(metadata.into_body(), usize::MAX).await.unwrap();
            let name = format!("\"country\": \"{}\"}}", country.name);
            assert!(String::from_utf8_lossy(&metadata).contains(&name));
            // What would have to be escaped in JSON.
            assert!(
                !country.name.contains(['"', '\\'])
                    && !country.name.contains(char::is_control)
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_is_below_flags_waits_for_the_delay() {
        let delay = Duration::from_millis(200);
        let site = site(Latency::Fixed(delay), 0.0);
        for (path, status) in [
            ("/flags/br/br.gif", StatusCode::OK),
            ("/flags/br/metadata.json", StatusCode::OK),
            ("/flags/zz/zz.gif", StatusCode::NOT_FOUND),
            ("/flags/br/us.gif", StatusCode::NOT_FOUND),
        ] {
            let start = Instant::now();
            let response = answer(site.clone(), request(path)).await;
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(start.elapsed(), delay, "{path}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_overloaded_site_is_the_slower_the_more_are_in_flight() {
        const PATH: &str = "/flags/br/br.gif";
        let overloaded =
            || site(Latency::Overload { mean: Duration::from_secs(1), places: 1 }, 0.0);
        let delay = async |before: usize| {
            let site = overloaded();
            let mut others: Vec<_> = (0..before)
                .map(|_| Box::pin(answer(site.clone(), request("/flags/in/in.gif"))))
                .collect();
            for other in &mut others {
                assert!(other.now_or_never().is_none());
            }
            // Who goes away takes no place any more.
            others.pop();
            let start = Instant::now();
            answer(site.clone(), request(PATH)).await;
            start.elapsed().as_secs_f64()
        };
        let alone = delay(0).await;
        assert_near(delay(1).await, alone, 0.01);
        assert_near(delay(2).await, 4.0 * alone, 0.01);
        assert_near(delay(4).await, 16.0 * alone, 0.01);
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_a_number_in_flight_with_which_all_are_done_the_soonest() {
        let Behaviour { latency, .. } = Profile::Overload.behaviour();
        let took = async |at_once| {
            let site = site(latency, 0.0);
            let start = Instant::now();
            let answers = CountryCode::every().take(100).map(|code| {
                let path = format!("/flags/{}", FlagFile::Image(code));
                answer(site.clone(), request(&path))
            });
            stream::iter(answers).buffer_unordered(at_once).count().await;
            start.elapsed()
        };
        let best = took(5).await;
        for (at_once, times) in [(1, 3), (2, 2), (10, 1), (20, 2), (100, 3)] {
            assert!(took(at_once).await > best * times, "{at_once}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn with_one_seed_the_delays_of_a_flag_do_not_depend_on_the_order() {
        async fn delays(paths: &[&str]) -> Vec<(String, Duration)> {
            let mean = Duration::from_secs(1);
            let site = site(Latency::Exponential { mean }, 0.0);
            let mut delays = Vec::new();
            for path in paths {
                let start = Instant::now();
                answer(site.clone(), request(path)).await;
                delays.push(((*path).to_owned(), start.elapsed()));
            }
            // Stable: the delays of one path stay in the order of its requests.
            delays.sort_by(|(one, _), (other, _)| one.cmp(other));
            delays
        }
        let [image, metadata, absent] =
            ["/flags/br/br.gif", "/flags/br/metadata.json", "/flags/zz/zz.gif"];
        let one = delays(&[image, image, image, metadata, metadata, absent]).await;
        let other = delays(&[absent, metadata, image, metadata, image, image]).await;
        assert_eq!(one, other);
        let distinct: HashSet<_> = one.iter().map(|(_, delay)| delay).collect();
        assert_eq!(distinct.len(), one.len(), "{one:?}");
    }
}
