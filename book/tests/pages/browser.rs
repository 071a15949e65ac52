//! Chromium without a window, driven by chromedriver.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;
use url::{ParseError, Url};

/// Far more than a page takes, so that what is broken is a failed test and not one that
/// never ends.
const LIMIT: Duration = Duration::from_secs(30);

/// A program that is ended when this is dropped, and the first of its lines with a word.
pub(crate) struct Program {
    process: Child,
    pub(crate) line: String,
}

impl Program {
    /// Starts a program, and reads its output up to the line that has this word.
    pub(crate) fn start(command: &mut Command, word: &str) -> Self {
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process =
            piped.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        // Both programs of this test say it at once, or end.
        let line = lines.find(|line| line.contains(word));
        let program = Self { process, line: line.unwrap_or_default() };
        assert!(!program.line.is_empty(), "{command:?} has ended, or said nothing");
        // The others are read, or the program could not write them.
        std::thread::spawn(move || lines.count());
        program
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Chromium, and the driver that it is told by. Both end when this is dropped.
pub(crate) struct Browser {
    pub(crate) client: Client,
    port: u16,
    session: String,
    _driver: Program,
    _profile: TempDir,
}

impl Browser {
    pub(crate) async fn start() -> Self {
        let words = "successfully on port ";
        let driver = Program::start(Command::new("chromedriver").arg("--port=0"), words);
        let (_, port) = driver.line.split_once(words).unwrap();
        let port = port.trim_end_matches('.').parse().unwrap();
        let profile = tempfile::tempdir().unwrap();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--no-first-run", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", folder,
        ] });
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        let session = client.session_id().await.unwrap().unwrap();
        let browser = Self { client, port, session, _driver: driver, _profile: profile };
        browser.resize(1280, 720).await;
        browser
    }

    /// Opens a page, and waits until its scripts have run.
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
        self.wait_for("return document.readyState === 'complete'").await;
    }

    /// Gives the page this many pixels.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let is_phone = width < 600;
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            json!({
                "width": width, "height": height, "deviceScaleFactor": 1,
                "mobile": is_phone,
            }),
        )
        .await;
        self.frame().await;
    }

    /// Sends a command of the `DevTools` protocol.
    pub(crate) async fn tell(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.ask("goog/cdp/execute", body).await
    }

    /// What the page has complained of since this was last asked.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.ask("se/log", json!({ "type": "browser" })).await;
        let entries = entries.as_array().unwrap().iter();
        let complaints = entries.filter(|entry| {
            matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"))
        });
        complaints.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    async fn ask(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Post { path, body }).await.unwrap()
    }

    /// Runs a function body in the page, and returns what it returns.
    pub(crate) async fn js(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Runs a function body that calls `done` with its result.
    pub(crate) async fn js_until_done(&self, script: &str) -> Value {
        let script = format!("const done = arguments[0]; {script}");
        self.client.execute_async(&script, Vec::new()).await.unwrap()
    }

    /// Waits until the page has drawn what has changed.
    pub(crate) async fn frame(&self) {
        self.js_until_done(
            "requestAnimationFrame(() => requestAnimationFrame(() => done(null)))",
        )
        .await;
    }

    /// Waits until a script returns `true`.
    pub(crate) async fn wait_for(&self, script: &str) {
        let started = Instant::now();
        while self.js(script).await != true {
            assert!(started.elapsed() < LIMIT, "never: {script}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Without a driver the browser would go on, so it is ended first: here, and not
        // by the client, since a test that fails awaits nothing any more.
        let end = || -> io::Result<()> {
            let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            connection.set_read_timeout(Some(LIMIT))?;
            write!(
                connection,
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\
                 Connection: close\r\n\r\n",
                self.session
            )?;
            // The answer comes when the browser has ended.
            connection.read_exact(&mut [0])
        };
        let _ = end();
    }
}

/// A command that only Chromium knows.
#[derive(Debug)]
struct Post {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// A program of the workspace, which is built already or is built now.
pub(crate) fn built(program: &str) -> Command {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--workspace", "--bins"])
        .current_dir(flags_book::root())
        .status()
        .unwrap();
    assert!(status.success(), "the programs cannot be built");
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    Command::new(
        Path::new(folder).join(program).with_extension(std::env::consts::EXE_EXTENSION),
    )
}
