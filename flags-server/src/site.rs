//! What the site answers. It knows nothing of sockets, so that it can be tested, and
//! served in more than one way.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::sleep;

use crate::countries::{COUNTRIES, Country};
use crate::deck::{Card, Deck};
use crate::flag_file::FlagFile;
use crate::profile::Behaviour;

/// The flag site, apart from binding it to a port.
///
/// The requests of all clients are dealt cards from one [`Deck`] with this `seed`, except
/// for those that bring a [`Card`] along as an extension.
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
/// below `/flags/`, for layers around [`app`] that want to tell it.
#[derive(Debug, Clone, Copy)]
pub struct Delay(pub Duration);

struct Site {
    behaviour: Behaviour,
    // Not the mutex of Tokio: it is never held across an await.
    deck: Mutex<Deck>,
    /// By the index of a [`FlagFile`]; `None` for those of which the site has none.
    files: Vec<Option<File>>,
}

/// The parts of an answer, made once so that a request only has to copy references.
struct File {
    content_type: HeaderValue,
    etag: HeaderValue,
    body: Bytes,
}

impl Site {
    fn new(behaviour: Behaviour, seed: Option<u64>) -> Self {
        let mut files = Vec::new();
        files.resize_with(FlagFile::COUNT, || None);
        for country in &COUNTRIES {
            let code = country.code;
            for (file, content_type, body) in [
                (FlagFile::Image(code), "image/gif", Bytes::from_static(country.image)),
                (FlagFile::Metadata(code), "application/json", metadata(country).into()),
            ] {
                files[file.index()] = Some(File::new(content_type, body));
            }
        }
        Self { behaviour, deck: Mutex::new(Deck::new(seed)), files }
    }

    fn deal(&self, file: Option<FlagFile>) -> Card {
        // Where another thread has panicked under the lock, a card may be dealt twice.
        self.deck.lock().unwrap_or_else(PoisonError::into_inner).deal(file)
    }
}

impl File {
    fn new(content_type: &'static str, body: Bytes) -> Self {
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Self {
            content_type: HeaderValue::from_static(content_type),
            etag: HeaderValue::try_from(etag).expect("digits and quotes are allowed"),
            body,
        }
    }
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let file = FlagFile::at(request.uri().path());
    let card = request.extensions().get().copied();
    let draw = site.behaviour.drawn(card.unwrap_or_else(|| site.deal(file)));
    // A sleep of zero would still wait for the next tick of the timer, a millisecond.
    if !draw.delay.is_zero() {
        sleep(draw.delay).await;
    }
    let mut response = if draw.is_error {
        let sorry = "This site fails now and then, on purpose. Ask again.\n";
        (StatusCode::IM_A_TEAPOT, sorry).into_response()
    } else if let Some(file) = file.and_then(|file| site.files[file.index()].as_ref()) {
        send(file, request.headers())
    } else {
        not_found(request.uri().clone()).await
    };
    response.extensions_mut().insert(Delay(draw.delay));
    response
}

fn send(file: &File, request: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, file.content_type.clone());
    headers.insert(ETAG, file.etag.clone());
    if is_known(&file.etag, request) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = file.body.clone().into();
    }
    response
}

/// Whether the client has this version already, by `If-None-Match` (RFC 9110, 13.1.2),
/// which compares weakly. To split at commas is enough, since our tags have none.
fn is_known(etag: &HeaderValue, request: &HeaderMap) -> bool {
    request
        .get_all(IF_NONE_MATCH)
        .iter()
        .flat_map(|tags| tags.as_bytes().split(|&byte| byte == b','))
        .map(<[u8]>::trim_ascii)
        .any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag)
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
    use tokio::time::Instant;

    use super::*;
    use crate::profile::Latency;

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

    #[test]
    fn files_have_the_same_tag_when_they_are_the_same_and_in_every_run() {
        let tags = || {
            let State(site) = site(Latency::None, 0.0);
            let files = site.files.iter().flatten();
            files.map(|file| (file.body.clone(), file.etag.clone())).collect::<Vec<_>>()
        };
        let files = tags();
        assert_eq!(files, tags());
        assert_eq!(files.len(), 2 * COUNTRIES.len());
        // Some countries share a flag, such as Norway and Bouvet Island.
        let distinct_bodies: HashSet<_> = files.iter().map(|(body, _)| body).collect();
        let distinct_tags: HashSet<_> = files.iter().map(|(_, tag)| tag).collect();
        assert_eq!(distinct_tags.len(), distinct_bodies.len());
    }

    #[test]
    fn a_known_version_is_recognised_in_every_form_of_if_none_match() {
        let etag = HeaderValue::from_static("\"abc\"");
        let is_known = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(IF_NONE_MATCH, HeaderValue::from_static(line));
            }
            is_known(&etag, &headers)
        };
        assert!(is_known(&["\"abc\""]));
        assert!(is_known(&["W/\"abc\""]));
        assert!(is_known(&["*"]));
        assert!(is_known(&["\"x\" ,W/\"y\",  \"abc\" "]));
        assert!(is_known(&["\"x\"", "\"abc\""]));
        for other in [&[][..], &[""], &["abc"], &["\"ab\""], &["w/\"abc\""], &["\"*\""]] {
            assert!(!is_known(other), "{other:?}");
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
