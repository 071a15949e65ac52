//! What the site answers. It knows nothing of sockets, so that it can be tested, and
//! served in more than one way.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
use crate::country_code::CountryCode;
use crate::flag_file::FlagFile;
use crate::profile::Behaviour;

/// The place in the table of everything that is neither a flag nor its metadata.
const ANYTHING_ELSE: usize = 2 * CountryCode::COUNT;

/// The flag site, apart from binding it to a port.
///
/// With one `seed` the n-th request for a flag gets the same delay and the same error
/// in every run, whatever order the requests arrive in. The requests of all clients are
/// counted together, except for those that have a [`Turn`].
pub fn app(behaviour: Behaviour, seed: u64) -> Router {
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

/// How often the same was asked for before: an extension of a request, for layers around
/// [`app`] that know what belongs together.
#[derive(Debug, Clone, Copy)]
pub struct Turn(pub u64);

struct Site {
    behaviour: Behaviour,
    seed: u64,
    /// One for each GIF from AA to ZZ, then one for the metadata of each, then one for
    /// anything else: memory stays the same whatever is asked for.
    resources: Vec<Resource>,
}

/// What can be asked for, whether the site has it or not.
#[derive(Default)]
struct Resource {
    requests: AtomicU64,
    file: Option<File>,
}

/// The parts of an answer, made once so that a request only has to copy references.
struct File {
    content_type: HeaderValue,
    etag: HeaderValue,
    body: Bytes,
}

impl Site {
    fn new(behaviour: Behaviour, seed: u64) -> Self {
        let mut resources = Vec::new();
        resources.resize_with(ANYTHING_ELSE + 1, Resource::default);
        for country in &COUNTRIES {
            let code = country.code;
            for (file, content_type, body) in [
                (FlagFile::Image(code), "image/gif", Bytes::from_static(country.image)),
                (FlagFile::Metadata(code), "application/json", metadata(country).into()),
            ] {
                resources[place(Some(file))].file = Some(File::new(content_type, body));
            }
        }
        Self { behaviour, seed, resources }
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
    let place = place(FlagFile::at(request.uri().path()));
    let resource = &site.resources[place];
    let turn = match request.extensions().get() {
        Some(&Turn(turn)) => turn,
        // The count guards no other data, so it needs no stronger ordering.
        None => resource.requests.fetch_add(1, Ordering::Relaxed),
    };
    let draw = site.behaviour.draw(site.seed, place as u64, turn);
    // A sleep of zero would still wait for the next tick of the timer, a millisecond.
    if !draw.delay.is_zero() {
        sleep(draw.delay).await;
    }
    let mut response = if draw.is_error {
        let sorry = "This site fails now and then, on purpose. Ask again.\n";
        (StatusCode::IM_A_TEAPOT, sorry).into_response()
    } else if let Some(file) = &resource.file {
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

/// The place in the table of what a path names.
pub(crate) fn place(file: Option<FlagFile>) -> usize {
    match file {
        Some(FlagFile::Image(code)) => code.index(),
        Some(FlagFile::Metadata(code)) => CountryCode::COUNT + code.index(),
        None => ANYTHING_ELSE,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use axum::body::to_bytes;
    use tokio::time::Instant;

    use super::*;
    use crate::profile::Latency;

    fn site(latency: Latency, error_rate: f64) -> State<Arc<Site>> {
        State(Arc::new(Site::new(Behaviour { latency, error_rate }, 1)))
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
            let files =
                site.resources.iter().filter_map(|resource| resource.file.as_ref());
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

    #[test]
    fn every_file_has_a_place_and_anything_else_shares_one() {
        let files = CountryCode::every().map(FlagFile::Image);
        let files = files.chain(CountryCode::every().map(FlagFile::Metadata));
        let places = files.map(Some).chain([None]).map(place);
        assert!(places.eq(0..=ANYTHING_ELSE));
    }
}
