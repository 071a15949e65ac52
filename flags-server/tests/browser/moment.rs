//! What a run does at a moment, in words: nothing that was not recorded.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::site::Site;

/// What a run is said to do after a time and up to another.
const IN_WORDS: &str = "const [run, from, to, done] = arguments;
    import('/live/moment.js').then(({ momentInWords }) => {
        done(momentInWords(run, from, to, 1e9));
    });";

/// Requires that these runs are said to do that after a time and up to another.
async fn assert_said(runs: &[(&Value, [f64; 2], &str)]) {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    for (run, [from, to], words) in runs {
        let arguments = vec![(*run).clone(), json!(from), json!(to)];
        let said = browser.client.execute_async(IN_WORDS, arguments).await.unwrap();
        assert_eq!(said, *words, "{run}");
    }
}

/// A run that is over after a second: CD took 400 ms of it, with this status, and FR all
/// of it.
fn two_flags(status: &Value, thread: Option<u32>, report: &Value) -> Value {
    let bar = |label: &str, end: f64, status: &Value| {
        json!({
            "label": label, "start": 0, "end": end, "status": status, "thread": thread,
        })
    };
    json!({
        "started": 0, "ended": 1000, "inFlight": 0, "requests": 2, "report": report,
        "bars": [bar("CD", 400.0, status), bar("FR", 1000.0, &json!(200))],
    })
}

/// What a client reports that slept as long as it waited, in the first of its threads.
fn slept(others: &[Value]) -> Value {
    let work = json!([[0.0, 0.1], [400.2, 400.9], [1000.1, 1000.9]]);
    let mut threads = vec![json!({ "role": "downloads", "work": work })];
    threads.extend_from_slice(others);
    json!({ "elapsed": 1001, "cpu": 1, "threads": threads })
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn nothing_is_said_that_was_not_recorded() {
    let ok = &json!(200);
    let client = two_flags(ok, None, &Value::Null);
    let with_thread = two_flags(ok, Some(1), &Value::Null);
    let whole = two_flags(ok, Some(1), &slept(&[]));
    let saver = json!({ "role": "saves", "work": [[401.0, 402.0]] });
    let with_saver = two_flags(ok, Some(1), &slept(&[saver]));
    let mut truncated = whole.clone();
    truncated["report"]["truncated"] = json!(true);
    let mut far_apart = whole.clone();
    far_apart["report"]["elapsed"] = json!(1100);
    // It never slept before, as on a site that answers at once.
    let mut busy = whole.clone();
    busy["report"]["threads"][0]["work"] = json!([[0.0, 600.0], [1000.1, 1000.9]]);
    let cd = [399.0, 400.0];
    assert_said(&[
        (&client, cd, "CD arrives; 1 in flight"),
        (&client, [-1.0, 0.0], "CD and FR are asked for; 2 in flight"),
        (&client, [400.0, 500.0], "nothing arrives; 1 in flight"),
        (&client, [999.0, 1000.0], "FR arrives; done after 1.00 s"),
        (&client, [1000.0, 1500.0], "done after 1.00 s"),
        (&with_thread, cd, "thread 1 gets CD; 1 in flight"),
        (
            &with_thread,
            [-1.0, 400.0],
            "thread 1 asks for CD and FR, gets CD; 1 in flight",
        ),
        (&whole, cd, "thread 1 wakes for CD, saves it, sleeps again; 1 in flight"),
        (&whole, [500.0, 600.0], "thread 1 sleeps; 1 in flight"),
        (
            &with_saver,
            cd,
            "thread 1 wakes for CD, sleeps again, thread 2 saves it; 1 in flight",
        ),
        (&with_saver, [500.0, 600.0], "none of 2 threads works; 1 in flight"),
        (&truncated, cd, "thread 1 gets CD; 1 in flight"),
        (&truncated, [500.0, 600.0], "nothing arrives; 1 in flight"),
        (&far_apart, cd, "thread 1 gets CD; 1 in flight"),
        (&busy, cd, "thread 1 gets CD, saves it, sleeps again; 1 in flight"),
        (&busy, [500.0, 550.0], "thread 1 works; 1 in flight"),
    ])
    .await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn each_outcome_is_told_by_its_name() {
    let outcomes = [json!(418), json!(404), Value::Null];
    let of_client =
        outcomes.each_ref().map(|status| two_flags(status, None, &Value::Null));
    let of_thread =
        outcomes.each_ref().map(|status| two_flags(status, Some(1), &slept(&[])));
    let cd = [399.0, 400.0];
    assert_said(&[
        (&of_client[0], cd, "CD fails (418); 1 in flight"),
        (&of_client[1], cd, "CD is not found; 1 in flight"),
        (&of_client[2], cd, "CD is given up; 1 in flight"),
        (
            &of_thread[0],
            cd,
            "thread 1 learns that CD fails (418), sleeps again; 1 in flight",
        ),
        (
            &of_thread[1],
            cd,
            "thread 1 learns that CD is not found, sleeps again; 1 in flight",
        ),
        (&of_thread[2], cd, "thread 1 gives CD up, sleeps again; 1 in flight"),
    ])
    .await;
}
