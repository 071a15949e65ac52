//! A browser without a window, and what the tests want to know of the page in it.

use std::fmt::Debug;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

use crate::support::program::{LIMIT, line_with, lines};

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A script for `prepare` that changes the `event` with everything before the page reads
/// it, as if this were another reader, or there were more sites.
pub(crate) fn told_otherwise(change: &str) -> String {
    format!(
        "const listen = EventSource.prototype.addEventListener;
         EventSource.prototype.addEventListener = function (name, take) {{
             listen.call(this, name, (message) => {{
                 if (name !== 'runs') return take(message);
                 const event = JSON.parse(message.data);
                 {change}
                 take({{ data: JSON.stringify(event) }});
             }});
         }};"
    )
}

/// Chromium, and the driver that it is told by. Both end when this is dropped.
pub(crate) struct Browser {
    pub(crate) client: Client,
    session: String,
    driver: Driver,
    _profile: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Browser {
    /// Opens a page in a window of 1280 by 720 pixels.
    pub(crate) async fn open(url: &str) -> Self {
        let turn = ONE_AT_A_TIME.lock().await;
        let profile = tempfile::tempdir().unwrap();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.*",
            "--window-size=1280,720", folder,
        ] });
        let capabilities = json!({ "goog:chromeOptions": options });
        let driver = Driver::start();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .unwrap();
        let session = client.session_id().await.unwrap().unwrap();
        let browser = Self { client, session, driver, _profile: profile, _turn: turn };
        browser.resize(1280, 720, 1).await;
        browser.goto(url).await;
        browser
    }

    /// Opens a page and waits until it is told of the runs.
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
        self.wait_for("connection", async || {
            self.js("return document.getElementById('connection').textContent").await
                == "Connected"
        })
        .await;
    }

    /// Gives the page this many pixels, each of them `scale` of the screen wide.
    pub(crate) async fn resize(&self, width: u32, height: u32, scale: u32) {
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            &json!({
                "width": width, "height": height, "deviceScaleFactor": scale,
                // A phone shows no scroll bar that takes room from the page.
                "mobile": width < 600,
            }),
        );
        self.frame().await;
    }

    /// Sets what the page learns by media queries of its reader's wishes.
    pub(crate) async fn prefer(&self, feature: &str, value: &str) {
        let features = json!([{ "name": feature, "value": value }]);
        self.tell("Emulation.setEmulatedMedia", &json!({ "features": features }));
        self.frame().await;
    }

    /// Sends a command of the `DevTools` protocol.
    pub(crate) fn tell(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let path = format!("/session/{}/goog/cdp/execute", self.session);
        let answer = self.driver.ask("POST", &path, &body.to_string()).unwrap();
        assert!(answer["value"]["error"].is_null(), "{command}: {answer}");
        answer["value"].clone()
    }

    /// Runs a script in each page before its own, and loads this one anew.
    pub(crate) async fn prepare(&self, script: &str, url: &str) {
        let source = json!({ "source": script });
        self.tell("Page.addScriptToEvaluateOnNewDocument", &source);
        self.goto(url).await;
    }

    /// Presses a key where the focus is.
    pub(crate) async fn press(&self, key: Key) {
        let element = self.client.active_element().await.unwrap();
        element.send_keys(&char::from(key).to_string()).await.unwrap();
    }

    /// Runs a function body in the page and returns what it returns.
    pub(crate) async fn js(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until two frames have been drawn, so that the first was not under way.
    pub(crate) async fn frame(&self) {
        let script = "const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => done(null)));";
        self.client.execute_async(script, Vec::new()).await.unwrap();
    }

    /// Asks again and again until it is so.
    pub(crate) async fn wait_for(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let started = Instant::now();
        while !is_so().await {
            assert!(started.elapsed() < LIMIT, "{what}: {}", self.text("body").await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until a script returns this.
    pub(crate) async fn wait_for_js<T>(&self, script: &str, expected: T)
    where
        Value: PartialEq<T>,
        T: Debug,
    {
        let started = Instant::now();
        loop {
            let value = self.js(script).await;
            if value == expected {
                return;
            }
            let waited = started.elapsed();
            assert!(waited < LIMIT, "{script} is {value} and not {expected:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the page knows that this many runs have ended.
    pub(crate) async fn wait_for_finished(&self, number: usize) {
        let script = "return document.querySelectorAll('article:not(.moving)').length";
        self.wait_for_js(script, number).await;
        self.frame().await;
    }

    /// The text of the first element, as its reader sees it.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.client.find(Locator::Css(css)).await.unwrap().text().await.unwrap()
    }

    pub(crate) async fn click(&self, css: &str) {
        self.client.find(Locator::Css(css)).await.unwrap().click().await.unwrap();
    }

    /// A number in the head of a run, `done` or `in-flight` for example, or nothing
    /// where there is no such run. The newest run is 0.
    pub(crate) async fn number(&self, run: usize, name: &str) -> String {
        let script = format!(
            "return document.querySelectorAll('article')[{run}]
                ?.querySelector('.{name} dd').textContent ?? ''"
        );
        self.js(&script).await.as_str().unwrap().to_owned()
    }

    /// The process of the driver, whose descendants are the browser.
    #[cfg(target_os = "linux")]
    pub(crate) fn driver_process(&self) -> u32 {
        self.driver.process.id()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Without a driver the browser would go on, so it is ended first.
        let _ = self.driver.ask("DELETE", &format!("/session/{}", self.session), "");
    }
}

/// chromedriver, which knows how to talk to Chromium.
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed");
        // "ChromeDriver was started successfully on port 34567."
        let words = "successfully on port ";
        let line = line_with(words, &lines(process.stdout.take().unwrap()));
        let (_, port) = line.split_once(words).unwrap();
        let port = port.trim_end_matches('.').parse().unwrap();
        Self { process, port }
    }

    /// Sends a request of the protocol that no library knows, or for which there is no
    /// time to await it.
    fn ask(&self, method: &str, path: &str, body: &str) -> std::io::Result<Value> {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        connection.set_read_timeout(Some(LIMIT))?;
        let length = body.len();
        write!(
            connection,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = BufReader::new(connection);
        let mut body = Vec::new();
        let mut line = String::new();
        // It leaves the connection open, so the length tells where the answer ends.
        while answer.read_line(&mut line)? > 2 {
            if let Some(length) = line.to_lowercase().strip_prefix("content-length:") {
                body.resize(length.trim().parse().unwrap_or(0), 0);
            }
            line.clear();
        }
        answer.read_exact(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
