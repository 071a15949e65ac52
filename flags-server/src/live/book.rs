//! The course beside the page, where it has been built, so that a class without internet
//! has everything at one address.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio::task::spawn_blocking;

/// Where mdBook writes the course to: `target/book` of the workspace that this program
/// was built in. A program that has been taken to another machine has no course.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/book");

/// The editions, with their names.
const EDITIONS: [(&str, &str); 2] = [("en", "English"), ("ko", "한국어")];

/// mdBook writes scripts and styles into its pages, and the pictures are in them too.
/// Nothing is loaded from anywhere else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";

/// The routes of the course, below `/book/`.
pub(super) fn book() -> Router {
    book_in(FOLDER.into())
}

fn book_in(folder: PathBuf) -> Router {
    let mut routes = Router::new()
        .route("/book", get(Redirect::permanent("/book/")))
        .route("/book/", get(editions))
        .route("/book/{*path}", get(file));
    for (edition, _) in EDITIONS {
        // Without the slash, all links of its first page would lead elsewhere.
        let to = Redirect::permanent(&format!("/book/{edition}/"));
        routes = routes.route(&format!("/book/{edition}"), get(to));
    }
    routes.with_state(Arc::from(folder)).layer(map_response(protect))
}

async fn protect(mut response: Response) -> Response {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // It may be built anew while the site runs.
        (CACHE_CONTROL, "no-cache"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The editions that there are, and for the others the command that makes them.
async fn editions(State(folder): State<Arc<Path>>) -> Response {
    let lines = EDITIONS.map(|(edition, name)| {
        if folder.join(edition).join("index.html").is_file() {
            format!("<li lang=\"{edition}\"><a href=\"{edition}/\">{name}</a></li>")
        } else {
            format!("<li>{name}: <code>mdbook build book/{edition}</code> makes it</li>")
        }
    });
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Flags: the course</title>\n<h1>The course</h1>\n<ul>\n\
         {}\n</ul>\n</html>\n",
        lines.join("\n")
    );
    Html(page).into_response()
}

async fn file(State(folder): State<Arc<Path>>, uri: Uri) -> Response {
    let Some(path) = uri.path().strip_prefix("/book/").and_then(path_of) else {
        return no_such_page();
    };
    match spawn_blocking(move || read(&folder, &path)).await {
        Ok(Some((content_type, bytes))) => {
            ([(CONTENT_TYPE, content_type)], bytes).into_response()
        }
        _ => no_such_page(),
    }
}

fn no_such_page() -> Response {
    let hint = "There is no such page. If the course is not built, these commands \
                make it:\nmdbook build book/en\nmdbook build book/ko\n";
    (StatusCode::NOT_FOUND, hint).into_response()
}

/// The path of a file below the folder. mdBook makes names of these letters only, so that
/// no other has to be understood: no `..`, no other drive, and nothing that is encoded.
fn path_of(path: &str) -> Option<PathBuf> {
    let mut file = PathBuf::new();
    for name in path.split('/') {
        let name =
            if name.is_empty() && path.ends_with('/') { "index.html" } else { name };
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(is_known) {
            return None;
        }
        file.push(name);
    }
    Some(file)
}

/// The file and its type, where it is within the folder even when it is a link.
fn read(folder: &Path, path: &Path) -> Option<(&'static str, Vec<u8>)> {
    let file = folder.join(path).canonicalize().ok()?;
    if !file.starts_with(folder.canonicalize().ok()?) {
        return None;
    }
    let content_type = match path.extension()?.to_str()? {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => return None,
    };
    Some((content_type, fs::read(file).ok()?))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::http::header::LOCATION;
    use tempfile::TempDir;
    use tower::ServiceExt;

    use super::*;

    /// A folder with a built edition, and a file beside it that is nobody's business.
    fn built() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("book/en/css")).unwrap();
        fs::write(folder.path().join("secret.txt"), "secret").unwrap();
        for file in ["index.html", "css/print.css", "searchindex-1a.js", "note.exe"] {
            fs::write(folder.path().join("book/en").join(file), file).unwrap();
        }
        folder
    }

    async fn get(folder: &Path, path: &str) -> (StatusCode, Response) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = book_in(folder.join("book")).oneshot(request).await.unwrap();
        (response.status(), response)
    }

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.into()).unwrap()
    }

    #[tokio::test]
    async fn the_files_of_a_built_edition_are_served_with_their_type() {
        let folder = built();
        for (path, content_type, file) in [
            ("/book/en/", "text/html; charset=utf-8", "index.html"),
            ("/book/en/index.html", "text/html; charset=utf-8", "index.html"),
            ("/book/en/css/print.css", "text/css; charset=utf-8", "css/print.css"),
            (
                "/book/en/searchindex-1a.js",
                "text/javascript; charset=utf-8",
                "searchindex-1a.js",
            ),
        ] {
            let (status, response) = get(folder.path(), path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(response.headers()[CONTENT_TYPE], content_type, "{path}");
            assert_eq!(response.headers()[CONTENT_SECURITY_POLICY], POLICY, "{path}");
            assert_eq!(text(response).await, file);
        }
    }

    #[tokio::test]
    async fn nothing_outside_the_folder_can_be_read() {
        let folder = built();
        for path in [
            "/book/../secret.txt",
            "/book/en/../../secret.txt",
            "/book/%2e%2e/secret.txt",
            "/book/en/%2e%2e%2f%2e%2e%2fsecret.txt",
            "/book/en/..%2f..%2fsecret.txt",
            "/book/en/..%5c..%5csecret.txt",
            "/book//etc/passwd",
            "/book/en//index.html",
            "/book/en/css",
            "/book/en/css/",
            "/book/en/note.exe",
            "/book/C:/secret.txt",
        ] {
            let (status, response) = get(folder.path(), path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(text(response).await.contains("mdbook build book/en"), "{path}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_that_leads_out_of_the_folder_is_not_followed() {
        let folder = built();
        let secret = folder.path().join("secret.txt");
        let link = folder.path().join("book/en/link.txt");
        std::os::unix::fs::symlink(secret, link).unwrap();
        let (status, _) = get(folder.path(), "/book/en/link.txt").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn an_edition_that_is_not_built_has_its_command() {
        let folder = built();
        let page = text(get(folder.path(), "/book/").await.1).await;
        assert!(page.contains("<a href=\"en/\">English</a>"), "{page}");
        assert!(page.contains("<code>mdbook build book/ko</code>"), "{page}");

        let empty = tempfile::tempdir().unwrap();
        let page = text(get(empty.path(), "/book/").await.1).await;
        assert!(page.contains("<code>mdbook build book/en</code>"), "{page}");
        assert!(page.contains("<code>mdbook build book/ko</code>"), "{page}");
    }

    #[tokio::test]
    async fn a_folder_without_its_slash_leads_to_the_one_with_it() {
        let folder = built();
        for path in ["/book", "/book/en", "/book/ko"] {
            let (status, response) = get(folder.path(), path).await;
            assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
            assert_eq!(response.headers()[LOCATION], format!("{path}/"));
        }
    }
}
