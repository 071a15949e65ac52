//! A table of what can go wrong with an answer: what is saved of it, and what is said.
//! The kinds of clients differ in a few rows only, each of which tells why.

use super::NAME;
use super::downloader::program::{Program, Report, assert_no_name_of_a_library};
use super::downloader::raw_site::{Act, RawSite, answer};
use super::downloader::site::gif;

/// What a program makes of an answer.
#[derive(Clone, Copy)]
enum Outcome {
    Saved,
    /// An error that says so.
    Told(&'static str),
}

use Outcome::{Saved, Told};

/// The HTTP client that a program has.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Client {
    /// hyper on a connection made by hand.
    Hyper,
    Reqwest,
    Ureq,
}

struct Fault {
    name: &'static str,
    act: Act,
    outcome: Outcome,
    /// Clients that make something else of it, and why that stays so.
    except: Vec<(Client, Outcome, &'static str)>,
}

impl Fault {
    fn outcome(&self, client: Client) -> Outcome {
        let exception = self.except.iter().find(|(exempt, ..)| *exempt == client);
        exception.map_or(self.outcome, |&(_, outcome, _)| outcome)
    }

    fn except(mut self, client: Client, outcome: Outcome, reason: &'static str) -> Self {
        assert!(reason.ends_with('.'), "a reason is a sentence");
        self.except.push((client, outcome, reason));
        self
    }
}

fn this_client() -> Client {
    match NAME {
        "event-loop" => Client::Hyper,
        "flags-async" => Client::Reqwest,
        _ => Client::Ureq,
    }
}

fn fault(name: &'static str, act: Act, outcome: Outcome) -> Fault {
    Fault { name, act, outcome, except: Vec::new() }
}

/// A fault of which these bytes are the whole answer.
fn sends(name: &'static str, bytes: &[u8], outcome: Outcome) -> Fault {
    fault(name, Act::Close(bytes.to_vec()), outcome)
}

/// One whose answer has this head, and a body of its own.
fn body(name: &'static str, head: &str, body: &[u8], outcome: Outcome) -> Fault {
    let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n");
    sends(name, &[head.as_bytes(), body].concat(), outcome)
}

/// One whose answer is a redirect, which the loop made by hand does not follow.
fn redirect(
    name: &'static str,
    status: &'static str,
    headers: &str,
    outcome: Outcome,
) -> Fault {
    let fault = sends(name, &answer(status, headers, b""), outcome);
    let number = status.split(' ').next().unwrap();
    let told = Told(format!("HTTP status {number}").leak());
    fault.except(Client::Hyper, told, "It leaves redirects to reqwest, and says so.")
}

fn chunked(chunks: &[&[u8]]) -> Vec<u8> {
    let chunk = |chunk: &&[u8]| {
        [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat()
    };
    chunks.iter().flat_map(chunk).collect()
}

/// Headers of so many bytes in all, in lines of at most 1,000.
fn padding(bytes: usize) -> String {
    let line = |length: usize| format!("x-padding: {}\r\n", "x".repeat(length - 13));
    line(1000).repeat(bytes / 1000) + &line(bytes % 1000)
}

const ANY_ERROR: Outcome = Told(": ");
const TRUNCATED: Outcome = Told("truncated: ");
const BROKEN_GIF: Outcome = Told("not a whole GIF image");
const NOT_GIF: Outcome = Told("not a GIF image");
const NO_HTTP: Outcome = Told("broken answer: it does not keep to HTTP");
const HEAD_TOO_LARGE: Outcome = Told("the head of the answer is too large");
const TOO_LARGE: Outcome = Told("larger than 1 MiB");

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

fn right_in_an_odd_way(image: &[u8]) -> Vec<Fault> {
    let length = format!("Content-Length: {}\r\n", image.len());
    let parts: Vec<&[u8]> = image.chunks(7).collect();
    let whole = [&chunked(&parts)[..], b"0\r\n\r\n"].concat();
    let with_trailer = [&chunked(&parts)[..], b"0\r\nx-sum: 1\r\n\r\n"].concat();
    let extended = format!("{:x};a=b\r\n", image.len());
    let extended = [extended.as_bytes(), image, b"\r\n0\r\n\r\n"].concat();
    let early = [
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".to_vec(),
        answer("200 OK", "", image),
    ];
    let old = [b"HTTP/1.0 200 OK\r\n\r\n", image].concat();
    let headers = (0..120).map(|number| format!("x-{number}: x\r\n"));
    vec![
        body("a length", &length, image, Saved),
        body("chunks", CHUNKED, &whole, Saved),
        body("chunks and a trailer", CHUNKED, &with_trailer, Saved),
        body("a chunk with an extension", CHUNKED, &extended, Saved),
        body("no length at all", "", image, Saved),
        body("the same length twice", &length.repeat(2), image, Saved),
        body("more than its length", &length, &[image, b"more"].concat(), Saved),
        body("something behind the image", "", &[image, b"\r\n"].concat(), Saved),
        body("a wrong type", "Content-Type: text/html\r\n", image, Saved),
        body("no encoding", "Content-Encoding: identity\r\n", image, Saved),
        body("a head of 15 KiB", &padding(15 << 10), image, Saved),
        body("120 headers", &headers.collect::<String>(), image, Saved),
        sends("HTTP/1.0", &old, Saved),
        sends("early hints", &early.concat(), Saved),
        sends("no reason", &answer("200", "", image), Saved),
        sends("no content type", &answer("203 By Somebody", "", image), Saved),
    ]
}

fn bodies(image: &[u8]) -> Vec<Fault> {
    let half = &image[..image.len() / 2];
    let length = |length: usize| format!("Content-Length: {length}\r\n");
    let reset = |head: &str, body: &[u8]| {
        Act::Reset([format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes(), body].concat())
    };
    let chunks = chunked(&[image]);
    let large = gif((1 << 20) + 1);
    let large_chunks = chunked(&large.chunks(50_000).collect::<Vec<_>>());
    let endless = Act::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), large.clone());
    vec![
        body("no length, half an image", "", half, BROKEN_GIF),
        body("a bare signature", "", b"GIF89a", BROKEN_GIF),
        body("no trailer", "", &image[..image.len() - 1], BROKEN_GIF),
        // Not every system makes a reset of such an end, or always. Without one the end
        // is like any.
        fault(
            "no length, reset amid the body",
            reset("", half),
            if cfg!(target_os = "linux") { TRUNCATED } else { ANY_ERROR },
        ),
        body("a length that is too short", &length(half.len()), image, BROKEN_GIF),
        body("a length that is too long", &length(9999), image, TRUNCATED),
        fault("reset amid a length", reset(&length(image.len()), half), TRUNCATED),
        body("a length and nothing", &length(image.len()), b"", TRUNCATED),
        body("half a chunk", CHUNKED, &chunks[..half.len()], TRUNCATED),
        body("no last chunk", CHUNKED, &chunks, TRUNCATED),
        fault("reset amid the chunks", reset(CHUNKED, &chunks), TRUNCATED),
        body(
            "no end of the last chunk",
            CHUNKED,
            &[&chunks[..], b"0\r\n"].concat(),
            TRUNCATED,
        )
        .except(
            Client::Ureq,
            Saved,
            "The image is whole, only the line end lacks.",
        ),
        body(
            "a chunk that is no number",
            CHUNKED,
            b"xyz\r\nGIF89a\r\n0\r\n\r\n",
            NO_HTTP,
        ),
        body("a chunk too large to be one", CHUNKED, b"fffffffffffffffff\r\n", NO_HTTP),
        body(
            "a chunk longer than it says",
            CHUNKED,
            b"3\r\nGIF89a\r\n0\r\n\r\n",
            NO_HTTP,
        ),
        body("no body", &length(0), b"", NOT_GIF),
        body("a log-in page", "", b"<!DOCTYPE html><p>Room number?", NOT_GIF),
        body("compressed", "Content-Encoding: gzip\r\n", b"\x1f\x8b", Told("as gzip,")),
        body("compressed in secret", "", b"\x1f\x8b\x08\0\0\0", NOT_GIF),
        body("more than 1 MiB", &length(large.len()), &large, TOO_LARGE),
        body("more than 1 MiB in chunks", CHUNKED, &large_chunks, TOO_LARGE),
        fault("a body without end", endless, TOO_LARGE),
    ]
}

fn heads(image: &[u8]) -> Vec<Fault> {
    let length = format!("Content-Length: {}\r\n", image.len());
    let headers = |number: usize| "x: x\r\n".repeat(number);
    let line = b"HTTP/1.1 200 OK\r\n";
    let endless = Act::Endless(line.to_vec(), b"x: x\r\n".repeat(1000));
    let long_line = Act::Endless(line.to_vec(), vec![b'x'; 4096]);
    vec![
        sends("nothing", b"", TRUNCATED),
        fault("a reset", Act::Reset(Vec::new()), TRUNCATED),
        sends("half a status line", b"HTTP/1.1 20", TRUNCATED),
        sends("half a head", b"HTTP/1.1 200 OK\r\nContent-Le", TRUNCATED),
        fault(
            "a reset amid the head",
            Act::Reset(b"HTTP/1.1 200 OK\r\n".to_vec()),
            TRUNCATED,
        ),
        sends("noise", b"\0\x01\x02\x03\r\n\r\n", NO_HTTP),
        sends("TLS", b"\x15\x03\x01\0\x02\x02\x46", NO_HTTP),
        sends("HTTP/0.9", image, NO_HTTP),
        sends("HTTP/2", b"\0\0\x12\x04\0\0\0\0\0\0\0", NO_HTTP),
        sends("HTTP/9.9", b"HTTP/9.9 200 OK\r\n\r\n", NO_HTTP),
        sends("mail", b"220 mail.example ESMTP\r\n", NO_HTTP),
        sends("no number for a status", b"HTTP/1.1 2x0 OK\r\n\r\n", NO_HTTP),
        body("a header without a colon", "nonsense\r\n", image, NO_HTTP),
        body("a header with a zero byte", "x: a\0b\r\n", image, NO_HTTP),
        body("a length below zero", "Content-Length: -1\r\n", image, NO_HTTP),
        body("a length that is no number", "Content-Length: x\r\n", image, NO_HTTP),
        body("two lengths", &format!("{length}Content-Length: 1\r\n"), image, NO_HTTP),
        body("a head of 17 KiB", &padding(17 << 10), image, HEAD_TOO_LARGE),
        body("129 headers", &headers(129), image, HEAD_TOO_LARGE),
        fault("headers without end", endless, HEAD_TOO_LARGE),
        fault("a header without end", long_line, HEAD_TOO_LARGE),
    ]
}

fn statuses(image: &[u8]) -> Vec<Fault> {
    let status =
        |name, status, words| sends(name, &answer(status, "", image), Told(words));
    let part = "Content-Range: bytes 0-9/99\r\n";
    vec![
        status("not found", "404 Not Found", "not found"),
        status("gone", "410 Gone", "HTTP status 410"),
        status("always too late", "408 Request Timeout", "HTTP status 408"),
        status("a teapot", "418 I'm a teapot", "HTTP status 418"),
        status("a failure", "500 Oops", "HTTP status 500"),
        status("no such status", "999 Nobody Knows", "HTTP status 999: "),
        sends("a part", &answer("206 Part", part, image), Told("HTTP status 206")),
        sends("no content", b"HTTP/1.1 204 No Content\r\n\r\n", NOT_GIF),
        sends("not modified", b"HTTP/1.1 304 Same\r\n\r\n", Told("HTTP status 304")),
    ]
}

fn redirects(image: &[u8]) -> Vec<Fault> {
    let withheld = "HTTP/1.1 302 On\r\nLocation: /ok.gif\r\nContent-Length: 99\r\n\r\n";
    let choice = [&b"HTTP/1.1 302 On\r\nContent-Length: 0\r\n\r\n"[..], image].concat();
    vec![
        redirect("301", "301 Moved", "Location: /ok.gif\r\n", Saved),
        redirect("302", "302 Found", "Location: /ok.gif\r\n", Saved),
        redirect("303", "303 See", "Location: /ok.gif\r\n", Saved),
        redirect("307", "307 Now", "Location: /ok.gif\r\n", Saved),
        redirect("308", "308 Ever", "Location: /ok.gif\r\n", Saved),
        redirect("a relative one", "302 On", "Location: ../ok.gif?a#b\r\n", Saved),
        redirect("a space", "302 On", "Location: /a b/ok.gif\r\n", Saved),
        redirect("UTF-8", "302 On", "Location: /é/ok.gif\r\n", Saved),
        redirect(
            "two targets",
            "302 On",
            "Location: /ok.gif\r\nLocation: ftp://x/\r\n",
            Saved,
        ),
        redirect(
            "a script",
            "302 On",
            "Location: javascript:alert(1)\r\n",
            Told(
                "HTTP status 302 Found: a redirect to javascript:alert(1), which is not",
            ),
        ),
        redirect(
            "data",
            "302 On",
            "Location: data:,GIF89a\r\n",
            Told("to data:,GIF89a,"),
        ),
        redirect("mail", "302 On", "Location: mailto:a@b\r\n", Told("to mailto:a@b,")),
        redirect("a file", "302 On", "Location: file:///a\r\n", Told("to file:///a,")),
        redirect("ftp", "302 On", "Location: ftp://x/y\r\n", Told("to ftp://x/y,")),
        redirect(
            "a broken port",
            "302 On",
            "Location: http://127.0.0.1:80900/ok.gif\r\n",
            Told("to http://127.0.0.1:80900/ok.gif,"),
        ),
        redirect(
            "a broken host",
            "302 On",
            "Location: http://[x/\r\n",
            Told("http://[x/,"),
        ),
        redirect("no host", "302 On", "Location: http://\r\n", Told("to http://,")),
        sends("a redirect to nowhere", &choice, Told("HTTP status 302")),
        redirect("305", "305 Proxy", "Location: /ok.gif\r\n", Told("to /ok.gif, which")),
        redirect("300", "300 Choose", "Location: /ok.gif\r\n", Told("HTTP status 300")),
        fault("a body that is withheld", Act::Hold(withheld.into()), Saved).except(
            Client::Hyper,
            Told("HTTP status 302"),
            "It leaves redirects to reqwest, and says so.",
        ),
    ]
}

/// Those that nobody can tell from an answer which takes its time.
fn slow(image: &[u8]) -> Vec<Fault> {
    let trailers = [&b"HTTP/1.1 200 OK\r\n"[..], CHUNKED.as_bytes(), b"\r\n"].concat();
    let trailers = [&trailers[..], &chunked(&[image]), b"0\r\n"].concat();
    let endless = Act::Endless(trailers, b"x: x\r\n".repeat(1000));
    let hold = |bytes: &[u8]| Act::Hold(bytes.to_vec());
    let timed_out = Told("timed out");
    vec![
        fault("silence", hold(b""), timed_out),
        // To the flag of the line above.
        redirect("a redirect to silence", "302 On", "Location: aa.gif\r\n", timed_out),
        fault("half a head and silence", hold(b"HTTP/1.1 200 OK\r\nx"), timed_out),
        fault("a head and silence", hold(b"HTTP/1.1 200 OK\r\n\r\n"), timed_out),
        fault("trailers without end", endless, NO_HTTP).except(
            Client::Ureq,
            timed_out,
            "It sets them no limit, so that only the time of the flag does.",
        ),
    ]
}

fn assert_outcomes(faults: &[Fault], timeout: &str, image: &[u8]) {
    let letter = |number: usize| char::from(b'a' + u8::try_from(number).unwrap());
    let code = |number: usize| [letter(number / 26), letter(number % 26)];
    let codes: Vec<String> =
        (0..faults.len()).map(|number| code(number).iter().collect()).collect();
    let acts = codes.iter().cloned().zip(faults.iter().map(|fault| fault.act.clone()));
    let site = RawSite::with_faults(acts.collect(), image.to_vec());
    let mut program = Program::new(&["-s", &site.url, "--timeout", timeout, "-v"]);
    program.command.args(&codes);
    let report = program.run();
    let files = program.files();
    let wrong: Vec<_> = faults
        .iter()
        .zip(&codes)
        .filter_map(|(fault, code)| {
            let code = code.to_uppercase();
            let is_saved = files.contains(&format!("{code}.gif"));
            let text = error_of(&report, &code);
            let is_right = match fault.outcome(this_client()) {
                Saved => is_saved && text.is_empty(),
                Told(words) => !is_saved && text.contains(words),
            };
            (!is_right).then(|| format!("{}: saved {is_saved}, {text:?}", fault.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{NAME} has another outcome:\n{}", wrong.join("\n"));
    let all_saved = |fault: &Fault| matches!(fault.outcome(this_client()), Saved);
    let status = i32::from(!faults.iter().all(all_saved));
    assert_eq!(report.status, Some(status), "{}", report.stderr);
    assert_no_name_of_a_library(&report.stderr);
}

fn error_of(report: &Report, code: &str) -> String {
    let begin = format!("{code} ");
    let line = report.stderr.lines().find(|line| line.starts_with(&begin));
    line.unwrap_or_default().to_owned()
}

#[test]
fn every_fault_of_the_table_has_its_outcome() {
    let image = gif(100);
    let faults = [
        right_in_an_odd_way(&image),
        bodies(&image),
        heads(&image),
        statuses(&image),
        redirects(&image),
    ];
    let faults: Vec<_> = faults.into_iter().flatten().collect();
    assert_outcomes(&faults, "100s", &image);
}

#[test]
fn every_fault_that_takes_its_time_ends_in_time() {
    let image = gif(100);
    assert_outcomes(&slow(&image), "1s", &image);
}
