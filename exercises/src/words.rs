//! What the runner says besides the verdict of a check, in both languages.

use std::io::{self, Write};
use std::path::Path;

use exercises::catalogue::exercises;
use exercises::exercise::Exercise;
use exercises::files::{folder, read};
use exercises::sentence;
use exercises::sentence::{Language, Sentence};
use exercises::text::Text;
use flags_common::program;

use crate::copy;
use crate::progress::Progress;

/// The language in which it is said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    fn say(self, sentence: &Sentence) -> io::Result<()> {
        writeln!(program::stdout(), "{}", sentence.text(self.0))
    }

    /// What to type, so that it is answered in this language.
    fn command(self, arguments: &str) -> String {
        let language = match self.0 {
            language if language == Language::of_this_computer() => String::new(),
            language => format!(" --lang {}", language.folder()),
        };
        format!("cargo run -p exercises -- {arguments}{language}")
    }

    /// The title of a chapter, which is that of the course.
    pub(crate) fn chapter(self, chapter: &str) -> io::Result<String> {
        let language = self.0.folder();
        let path = folder().join(format!("../book/{language}/src/{chapter}.md"));
        let text = read(&path)?;
        let title = text.lines().find_map(|line| line.strip_prefix("# "));
        Ok(title.unwrap_or(chapter).to_owned())
    }

    pub(crate) fn put_in_place(self, exercise: &Exercise) -> io::Result<()> {
        let file = shown(&copy::file(exercise));
        self.say(&sentence!(
            "{file} is yours now: read its first lines, and change it.",
            "이제 {file} 파일을 고쳐 보세요. 과제는 아래에 있고, 파일 첫머리에도 영어로 \
             있습니다."
        ))?;
        if self.0 == Language::Korean {
            let task = Text::read(exercise.name, self.0)?.task;
            writeln!(program::stdout(), "\n{task}\n")?;
        }
        Ok(())
    }

    pub(crate) fn refused(self, exercise: &Exercise) -> io::Result<()> {
        let name = exercise.name;
        self.say(&sentence!(
            "✗ {name}: it does not compile yet; the compiler has said why.",
            "✗ {name}: 아직 컴파일되지 않습니다. 까닭은 컴파일러가 위에서 알려 \
             주었습니다."
        ))
    }

    fn verdict(self, mark: char, exercise: &Exercise, seen: &Sentence) -> io::Result<()> {
        let text = format!("{mark} {}: {}", exercise.name, seen.text(self.0));
        let form = textwrap::Options::with_termwidth().subsequent_indent("  ");
        writeln!(program::stdout(), "{}", textwrap::fill(&text, form))
    }

    pub(crate) fn solved(self, exercise: &Exercise, seen: &Sentence) -> io::Result<()> {
        self.verdict('✓', exercise, seen)
    }

    pub(crate) fn not_solved(
        self,
        exercise: &Exercise,
        seen: &Sentence,
    ) -> io::Result<()> {
        let name = exercise.name;
        let file = shown(&copy::file(exercise));
        let hint = self.command(&format!("hint {name}"));
        self.verdict('✗', exercise, seen)?;
        self.say(&sentence!(
            "  {file}\n  A hint: {hint}\n  \
             To run it by hand: cargo run -p exercises --bin {name}",
            "  {file}\n  힌트: {hint}\n  \
             직접 실행하기: cargo run -p exercises --bin {name}"
        ))
    }

    /// How many are done, and what is next, where one was `solved` just now.
    pub(crate) fn progress(
        self,
        progress: &Progress,
        solved: Option<&Exercise>,
    ) -> io::Result<()> {
        let number = exercises().count();
        let done = exercises().filter(|one| progress.is_done(one)).count();
        let next = progress.next(solved).map(|exercise| self.command(exercise.name));
        self.say(&match next {
            Some(next) => sentence!(
                "{done} of {number} done. Next: {next}",
                "{number}개 가운데 {done}개를 풀었습니다. 다음: {next}"
            ),
            None => sentence!("All {number} are done.", "{number}개를 모두 풀었습니다."),
        })
    }

    pub(crate) fn hint(
        self,
        exercise: &Exercise,
        number: u8,
        text: &Text,
    ) -> io::Result<()> {
        let hint = &text.hints[usize::from(number) - 1];
        writeln!(program::stdout(), "{hint}")?;
        if usize::from(number) == text.hints.len() {
            return Ok(());
        }
        let next = self.command(&format!("hint {} {}", exercise.name, number + 1));
        self.say(&sentence!("\nThe next hint: {next}", "\n다음 힌트: {next}"))
    }

    pub(crate) fn reset(
        self,
        exercise: &Exercise,
        kept: Option<&Path>,
    ) -> io::Result<()> {
        let (name, file) = (exercise.name, shown(&copy::file(exercise)));
        self.say(&sentence!(
            "{file} is as it was given, and {name} counts as not done.",
            "{file} 파일은 처음 상태이고, {name} 문제는 아직 풀지 않은 것으로 칩니다."
        ))?;
        if let Some(kept) = kept.map(shown) {
            self.say(&sentence!(
                "What you had is in {kept}.",
                "쓰던 것은 {kept}에 있습니다."
            ))?;
        }
        Ok(())
    }

    pub(crate) fn waits(self) -> io::Result<()> {
        self.say(&sentence!(
            "  It is checked again when you save it. Ctrl-C ends.\n",
            "  저장하면 다시 검사합니다. Ctrl-C로 끝냅니다.\n"
        ))
    }

    /// Goes to standard error, for it is no result, and the first build takes a while.
    pub(crate) fn begins(self, exercise: &Exercise) {
        let name = exercise.name;
        let sentence = sentence!(
            "Building {name}, and watching it run …",
            "{name}: 빌드하고 실행하는 중 …"
        );
        program::note(sentence.text(self.0));
    }
}

/// The path of a file from the workspace on, where the reader is.
fn shown(file: &Path) -> String {
    let workspace = folder().parent().expect("it is a folder of the workspace");
    file.strip_prefix(workspace).unwrap_or(file).display().to_string()
}
