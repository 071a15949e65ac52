//! The texts of the page, which are in English and in Korean, and nowhere else.

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::Browser;
use crate::made_up::{tell, three, with_threads};
use crate::site::{Site, TWENTY};

/// What is wrong with the texts: those that one language lacks, that are of another kind
/// or ask for more, those that nobody uses, and texts for people in any other file.
const WRONG_TEXTS: &str = r#"const done = arguments[0];
(async () => {
    const { en } = await import('/live/en.js');
    const { ko } = await import('/live/ko.js');
    const wrong = [];
    const compare = (one, other, path) => {
        for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
            const name = path + key;
            const types = [one[key], other[key]].map((it) => typeof it);
            if (types.includes('undefined')) wrong.push(`one lacks ${name}`);
            if (types.join() === 'object,object') {
                compare(one[key], other[key], name + '.');
            }
            if (types.join() === 'string,function') wrong.push(`${name} is of two kinds`);
            if (types.join() === 'function,string') wrong.push(`${name} is of two kinds`);
            // Korean has no plural, so it may leave out the last ones.
            if (one[key]?.length < other[key]?.length && types[0] === 'function') {
                wrong.push(`${name} takes more`);
            }
        }
    };
    compare(en, ko, '');
    const files = new Map();
    const links = [...document.querySelectorAll('link[rel=modulepreload]')];
    const modules = links.map((it) => new URL(it.href).pathname);
    for (const path of ['/', '/live/main.js', ...modules]) {
        if (/(en|ko)\.js$/.test(path)) continue;
        files.set(path, await (await fetch(path)).text());
    }
    const all = [...files.values()].join('\n');
    for (const key of Object.keys(en)) {
        if (!new RegExp(`words\\.${key}\\b|data-[a-z-]+="${key}"`).test(all)) {
            wrong.push(`nobody uses ${key}`);
        }
    }
    const use = /\bwords\.([A-Za-z]+)|data-(?:text|aria-label|title|alt)="(\w+)"/g;
    for (const [, one, other] of all.matchAll(use)) {
        const key = one ?? other;
        if (!(key in en) && key !== 'js') wrong.push(`there is no ${key}`);
    }
    // What the program itself calls something, what is typed, and what chooses elements.
    const known = ['given up', 'in flight', 'not found', 'not known', 'cargo run',
        'export FLAGS'];
    for (const [path, text] of files) {
        if (path === '/') {
            const page = new DOMParser().parseFromString(text, 'text/html');
            const templates = [...page.querySelectorAll('template')];
            for (const root of [page, ...templates.map((it) => it.content)]) {
                const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const { data, parentElement: it } = walker.currentNode;
                    const isTyped = it?.closest('code, kbd, noscript, #choice');
                    const text = data.trim();
                    if (/\p{L}/u.test(text) && !isTyped && text !== 'PowerShell:') {
                        wrong.push(`${text} in the markup`);
                    }
                }
            }
            continue;
        }
        const code = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
        for (const [literal] of code.matchAll(/"[^"\n]*"|`[^`]*`/g)) {
            const bare = known.reduce((rest, it) => rest.replace(it, ''), literal)
                .replaceAll(/\$\{[^}]*\}/g, '1');
            const isSentence = /\p{L}{2,} \p{Ll}{2,}/u.test(bare) && !/[.#:[]/.test(bare);
            const isWord = /^["`][A-Z][a-z]+[ a-z…!?.]*["`]$/.test(bare)
                && !/^.(Escape|Home|End|Arrow|Infinity)/.test(bare);
            if (isSentence || isWord || /[\uac00-\ud7a3]/.test(bare)) {
                wrong.push(`${literal} in ${path}`);
            }
        }
    }
    return wrong;
})().then(done, (error) => done([String(error)]));"#;

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn each_text_is_in_both_languages_and_used_and_nowhere_else() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let wrong = browser.client.execute_async(WRONG_TEXTS, Vec::new()).await.unwrap();
    assert_eq!(wrong, json!([]));
}

/// The Latin words that are seen or heard and are no name and nothing that is typed.
const FOREIGN: &str = r"
    const known = new RegExp('^(' + [
        'flags(-[a-z]+)*', 'Mina', 'BOOK', 'LOCAL', 'CPU', 'QR', 'PowerShell',
        'localhost', 'Esc', 'P', 'S', 'Ctrl', 'C', 'ms', 'curl', 'ERROR',
        '[A-Z]{2}', 'zz',
    ].join('|') + ')$');
    const texts = [];
    const root = document.documentElement;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { data, parentElement: it } = walker.currentNode;
        if (!it.closest('code, script, noscript, style, template')) texts.push(data);
    }
    for (const name of ['aria-label', 'title', 'alt']) {
        const named = [...document.querySelectorAll(`[${name}]`)];
        texts.push(...named.map((it) => it.getAttribute(name)));
    }
    return [...new Set(texts.flatMap((text) => text.match(/[A-Za-z][A-Za-z-]*/g) ?? []))]
        .filter((word) => !known.test(word));";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn all_of_the_page_is_in_korean_for_who_reads_korean() {
    let site = Site::start("--port 0 --latency 1ms --error-rate 0.3");
    let browser = Browser::open(&site.page()).await;
    let title = "return [document.documentElement.lang, document.title]";
    assert_eq!(browser.js(title).await, json!(["en", "Flags, live"]));
    browser.tell(
        "Emulation.setUserAgentOverride",
        &json!({ "userAgent": "a browser", "acceptLanguage": "ko-KR" }),
    );
    let state = "return document.getElementById('connection').dataset.state";
    let open = async |url: &str| {
        browser.client.goto(url).await.unwrap();
        browser.wait_for_js(state, "connected").await;
        browser.frame().await;
    };
    open(&site.page()).await;
    let expected = json!(["ko", "국기 내려받기, 실시간"]);
    assert_eq!(browser.js(title).await, expected);
    assert_eq!(browser.js(FOREIGN).await, json!([]));
    let behaviour = browser.text("#behaviour").await;
    assert_eq!(behaviour, "1ms 뒤에 응답합니다. 그중 30%는 상태 코드 418입니다");
    // What the address says comes first.
    open(&format!("{}?lang=en", site.page())).await;
    assert_eq!(browser.js(title).await[0], "en");
    open(&format!("{}?lang=ko", site.page())).await;
    assert_eq!(browser.js(title).await, expected);

    let mut codes = TWENTY.to_vec();
    codes.push("zz");
    site.download("flags-async/0.1.0 (run 123456)", &codes, 20).wait();
    site.connect().send_as("curl/8.5.0", "/flags/br/br.gif");
    browser.wait_for_finished(2).await;
    browser
        .js("document.querySelectorAll('details').forEach((d) => d.open = true)")
        .await;
    browser.js("document.querySelector('.lanes').focus()").await;
    browser.frame().await;
    assert_eq!(browser.js(FOREIGN).await, json!([]));
    for student in 0..6 {
        let agent = format!("flags-threadpool/0.1.0 (run 00000{student})");
        site.download(&agent, &TWENTY, 5).wait();
    }
    let rows = "return document.querySelectorAll('.row:not([hidden])').length";
    browser.wait_for_js(rows, 8).await;
    browser.wait_for_finished(8).await;
    assert_eq!(browser.js(FOREIGN).await, json!([]), "as a class");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_moment_is_a_korean_sentence() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let [event_loop, sequence, pool] = three();
    let runs = [with_threads(event_loop, false), sequence, with_threads(pool, true)];
    tell(&browser, &site.page(), &runs).await;
    // The same page again, as what it is told stays the same.
    let page = format!("{}?lang=ko&view=compare", site.page());
    browser.client.goto(&page).await.unwrap();
    let blocks = "return document.querySelectorAll('#compare li').length";
    browser.wait_for_js(blocks, 3).await;
    browser.frame().await;
    assert_eq!(
        browser.text("#compare-title").await,
        "같은 국기 20개, 기다리는 방법 세 가지"
    );
    let caption = browser.text(".caption").await;
    assert_eq!(
        caption,
        "옅은 부분의 넓이는 세 실행 모두 같습니다. 기다린 시간의 합은 7.2초입니다. \
         배치만 다릅니다."
    );
    for _ in 0..3 {
        browser.press(Key::Right).await;
    }
    let said =
        "return document.querySelector('#compare li:last-child .moment').textContent";
    browser
        .wait_for_js(
            said,
            "1번 스레드는 JP, CN이 도착해 깨어나고, 저장하고, 다시 잠듭니다. 응답 대기 17개",
        )
        .await;
    assert_eq!(browser.js(FOREIGN).await, json!([]));
}
