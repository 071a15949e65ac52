//! The grammar of the pictures: what each mark stands out from, and that no two are alike
//! for who sees no colours.

use serde_json::json;

use crate::browser::Browser;
use crate::site::Site;

/// Draws a bar of each outcome at a height, and returns the marks that do not stand out
/// by 3:1 from what is beside them, and those that are the same in grey as another.
const BAD_MARKS: &str = "const [height, done] = arguments;
    import('/live/marks.js').then(({ drawBar, readColours }) => {
        const colours = readColours();
        const luminance = (r, g, b) => [r, g, b].map((c) => c / 255)
            .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const contrast = (one, other) =>
            (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        const [width, margin] = [60, 4];
        const bad = [];
        const pictures = { get: () => null };
        const outcomes = ['done', 'in flight', 'not found', 'error', 'given up'];
        const drawn = outcomes.map((outcome) => {
            const canvas = document.createElement('canvas');
            canvas.width = width + 2 * margin;
            canvas.height = height + 2 * margin;
            const context = canvas.getContext('2d', { willReadFrequently: true });
            context.fillStyle = colours.background;
            context.fillRect(0, 0, canvas.width, canvas.height);
            const box = { left: margin, top: margin, width, height };
            drawBar(context, box, { flag: null }, outcome, colours, pictures);
            const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
            const at = (x, y) => {
                const index = 4 * (y * canvas.width + x);
                return luminance(data[index], data[index + 1], data[index + 2]);
            };
            const middle = margin + Math.floor(height / 2);
            const rows = [...Array(canvas.height).keys()];
            const columns = [...Array(canvas.width).keys()];
            // Against the page above and at the left, and where the end is, within.
            const background = at(0, 0);
            const best = (values, to) => Math.max(...values.map((v) => contrast(v, to)));
            const above =
                best(rows.slice(0, middle).map((y) => at(margin + 20, y)), background);
            if (above < 3) bad.push(`${outcome} above: ${above}`);
            const left =
                best(columns.slice(0, margin + 3).map((x) => at(x, middle)), background);
            if (left < 3) bad.push(`${outcome} left: ${left}`);
            if (outcome !== 'in flight') {
                const waiting = at(margin + 30, middle);
                const ends = columns.slice(margin + width - 8, margin + width);
                const end = best(ends.map((x) => at(x, middle)), waiting);
                if (end < 3) bad.push(`${outcome} end: ${end}`);
            }
            return rows.flatMap((y) => columns.map((x) => at(x, y)));
        });
        for (let one = 0; one < outcomes.length; one += 1) {
            for (let two = 0; two < one; two += 1) {
                const differ = drawn[one].filter((grey, i) =>
                    contrast(grey, drawn[two][i]) >= 1.5).length;
                const names = `${outcomes[one]} is like ${outcomes[two]}`;
                if (differ < height) bad.push(`${names}: ${differ}`);
            }
        }
        done(bad);
    });";

/// The colours that touch each other and are less than 3:1 apart.
const BAD_PAIRS: &str = "
    const style = getComputedStyle(document.documentElement);
    const luminance = (name) => {
        const hex = style.getPropertyValue(`--${name}`).trim();
        return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
            .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    };
    return [
        ['outline', 'background'], ['outline', 'waiting'], ['work', 'waiting'],
        ['work', 'outline'], ['work', 'background'], ['failed', 'background'],
        ['failed', 'waiting'], ['not-found', 'background'], ['not-found', 'waiting'],
    ].map((pair) => [...pair, ...pair.map(luminance)])
        .map(([one, other, a, b]) =>
            [one, other, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)])
        .filter(([, , contrast]) => !(contrast >= 3));";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn every_mark_stands_out_and_is_readable_in_grey() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    for scheme in ["light", "dark"] {
        browser.prefer("prefers-color-scheme", scheme).await;
        assert_eq!(browser.js(BAD_PAIRS).await, json!([]), "{scheme}");
        for height in [16, 9, 5, 3] {
            let height = vec![json!(height)];
            let bad =
                browser.client.execute_async(BAD_MARKS, height.clone()).await.unwrap();
            assert_eq!(bad, json!([]), "{scheme}, {height:?} pixels high");
        }
    }
}
