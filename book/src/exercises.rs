//! The exercises of a chapter, with folded hints and answers.

use crate::read;

/// A block that names exercises, each in a line. What is said about one comes from the
/// files of `exercises`, where its checker reads it too.
pub(crate) fn exercises(body: &[&str], language: &str) -> Result<String, String> {
    if body.is_empty() {
        return Err("an exercise is named in each line".to_owned());
    }
    let filled = body.iter().map(|name| exercise(name, language));
    Ok(filled.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

fn exercise(name: &str, language: &str) -> Result<String, String> {
    let given = read(&format!("exercises/given/{name}.rs"))?;
    let text = read(&format!("exercises/texts/{language}/{name}.md"))?;
    let solution = read(&format!("exercises/solutions/{name}.rs"))?;
    let mut parts = text.split("\n## ").map(|part| part.trim_start_matches("## "));
    // In English title and task stand at the top of the exercise itself.
    let beginning = match language {
        "en" => header(&given),
        _ => parts.next().unwrap_or_default().to_owned(),
    };
    let (title, task) = beginning
        .split_once('\n')
        .ok_or_else(|| format!("the exercise {name} has no title with a task below"))?;
    let title = title.trim_start_matches("# ").trim_end_matches('.');
    let task = task.trim();
    let mut filled = format!(
        "### {title} {{#{name}}}\n\n{task}\n\n\
         ```console\n$ cargo run -p exercises -- {name}\n```\n\n"
    );
    for part in parts {
        let (summary, hint) = part.split_once('\n').unwrap_or_default();
        filled += &folded(summary, hint);
    }
    let summary = if language == "ko" { "풀이" } else { "A solution" };
    let code = format!(
        "<p class=\"source\"><code>exercises/solutions/{name}.rs</code></p>\n\n\
         ````rust,noplayground,ignore\n{}\n````",
        solution.trim_end()
    );
    filled += &folded(summary, &code);
    Ok(filled)
}

/// The first comment of an exercise, up to what its check says of it as it is given.
fn header(exercise: &str) -> String {
    let lines = exercise.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.take_while(|line| !line.starts_with("Now:")).collect::<Vec<_>>().join("\n")
}

fn folded(summary: &str, text: &str) -> String {
    let text = text.trim();
    format!(
        "<details class=\"answer\">\n<summary>{summary}</summary>\n\n{text}\n\n\
         </details>\n\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exercise_is_filled_with_its_task_hints_and_solution() {
        for (language, title, solution) in [
            ("en", "### Five at a time {#ways2}", "<summary>A solution</summary>"),
            ("ko", "### 한 번에 다섯 개 {#ways2}", "<summary>풀이</summary>"),
        ] {
            let filled = exercises(&["ways2"], language).unwrap();
            assert!(filled.starts_with(title), "{filled}");
            assert!(filled.contains("$ cargo run -p exercises -- ways2"), "{filled}");
            assert_eq!(filled.matches("<details class=\"answer\">").count(), 4);
            assert!(filled.contains(solution), "{filled}");
            assert!(filled.contains("const CONCURRENCY: usize = 5;"), "{filled}");
            assert!(!filled.contains("Now:"), "{filled}");
        }
    }

    #[test]
    fn what_is_no_exercise_is_an_error() {
        assert!(exercises(&[], "en").is_err());
        let error = exercises(&["ways2", "ways0"], "en").unwrap_err();
        assert!(error.starts_with("exercises/given/ways0.rs: "), "{error}");
    }
}
