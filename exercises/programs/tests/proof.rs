//! Proves that the checks tell right from wrong: each exercise fails as it is given, its
//! solution passes, and each wrong solution fails, with the sentence that its first
//! comment promises.
//!
//! What takes minutes is ignored unless asked for:
//! `cargo test -p exercises-programs --test proof -- --ignored`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::{fs, thread};

use exercises::catalogue::{CHAPTERS, exercises};
use exercises::exercise::Exercise;
use exercises::files::{folder, given};
use exercises::program::Program;
use exercises::sentence::Language;
use exercises::text::{NOW, TOLD, Text, expected};

/// How many programs run side by side. They mostly wait.
const AT_ONCE: usize = 8;

/// One program, and what the check has to say of it.
struct Trial {
    exercise: &'static Exercise,
    /// As the table of programs has it: `wrong/ways2/one-at-a-time`.
    program: String,
    /// The sentence with which it fails, in which `…` stands for any text; `None` for
    /// what passes.
    told: Option<String>,
}

impl Trial {
    /// What is wrong with the verdict of the check, if anything is.
    fn run(&self) -> Option<String> {
        let program = Program::new(env!("CARGO_BIN_EXE_exercises-programs"))
            .with("PROGRAM", &self.program);
        let verdict = (self.exercise.check)(&program);
        let is_right = match (&verdict, &self.told) {
            (Ok(_), None) => true,
            (Err(sentence), Some(told)) => {
                is_like(sentence.text(Language::English), told)
            }
            _ => false,
        };
        let (Ok(said) | Err(said)) = &verdict;
        let [english, korean] = [Language::English, Language::Korean]
            .map(|language| numbers_in(said.text(language)));
        let expected = if !is_right {
            self.told.as_deref().unwrap_or("it passes")
        } else if !english.is_subset(&korean) {
            "the same numbers in both languages"
        } else {
            return None;
        };
        Some(format!("{}\n  expected: {expected}\n  was told: {verdict:?}", self.program))
    }
}

/// The numbers that are written in digits.
fn numbers_in(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect()
}

fn is_like(text: &str, pattern: &str) -> bool {
    let mut rest = text;
    for (number, part) in pattern.split('…').enumerate() {
        match rest.find(part) {
            Some(place) if number > 0 || place == 0 => rest = &rest[place + part.len()..],
            _ => return false,
        }
    }
    rest.is_empty() || pattern.ends_with('…')
}

/// All that there is to run for an exercise.
fn trials(exercise: &'static Exercise) -> Vec<Trial> {
    let name = exercise.name;
    let told = |path: &Path, mark| {
        let text = fs::read_to_string(path).unwrap();
        let told = expected(&text, mark);
        Some(told.unwrap_or_else(|| panic!("{} has no {mark}", path.display())))
    };
    let trial = |program: String, told| Trial { exercise, program, told };
    // Its check is a half only where nobody can press Ctrl-C for one other program.
    if !cfg!(unix) && name == "cancel3" {
        return vec![trial(format!("solutions/{name}"), None)];
    }
    let mut trials = vec![
        trial(format!("given/{name}"), told(&given(name), NOW)),
        trial(format!("solutions/{name}"), None),
    ];
    for mistake in files_in(&folder().join("wrong").join(name)) {
        let path = folder().join("wrong").join(name).join(format!("{mistake}.rs"));
        trials.push(trial(format!("wrong/{name}/{mistake}"), told(&path, TOLD)));
    }
    trials
}

/// The names of the files in a folder, without their endings.
fn files_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| {
        panic!("cannot read {}: {error}", folder.display());
    });
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    entries.map(|entry| name(&entry.unwrap().path())).collect()
}

/// Runs the trials, several at once unless one needs the cores for itself.
fn prove(trials: Vec<Trial>) {
    let (alone, beside): (Vec<_>, Vec<_>) =
        trials.into_iter().partition(|trial| trial.exercise.is_alone);
    let mut wrong = run_all(beside, AT_ONCE);
    wrong.extend(run_all(alone, 1));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn run_all(trials: Vec<Trial>, at_once: usize) -> Vec<String> {
    let trials = Mutex::new(trials);
    let wrong = Mutex::new(Vec::new());
    // From the end, where those are that take long: the last to begin should not be one.
    let next = || trials.lock().unwrap().pop();
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(trial) = next() {
                    // A statement of its own: not under the lock.
                    let told = trial.run();
                    wrong.lock().unwrap().extend(told);
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}

/// But for those that need the cores for themselves, which other tests use meanwhile.
#[test]
fn the_first_exercise_of_each_chapter_is_told_right_from_wrong() {
    let first = CHAPTERS.iter().filter_map(|chapter| chapter.exercises.first());
    prove(first.filter(|exercise| !exercise.is_alone).flat_map(trials).collect());
}

#[test]
#[ignore = "takes minutes"]
fn every_exercise_is_told_right_from_wrong() {
    prove(exercises().flat_map(trials).collect());
}

#[test]
#[ignore = "takes minutes"]
fn every_solution_passes_20_times_beside_others() {
    let is_solution = |trial: &Trial| trial.told.is_none();
    let solutions = || exercises().flat_map(trials).filter(is_solution);
    prove((0..20).flat_map(|_| solutions()).collect());
}

#[test]
fn every_exercise_has_its_texts_a_solution_and_wrong_ones_and_no_file_is_left_over() {
    let names: BTreeSet<String> =
        exercises().map(|exercise| exercise.name.to_owned()).collect();
    for part in ["given", "solutions", "texts/en", "texts/ko", "wrong"] {
        assert_eq!(files_in(&folder().join(part)), names, "{part}");
    }
    for name in &names {
        for language in [Language::English, Language::Korean] {
            let text = Text::read(name, language).unwrap();
            assert!(text.title.len() < 60, "{name}: {}", text.title);
        }
        let mistakes = files_in(&folder().join("wrong").join(name));
        assert!((2..=3).contains(&mistakes.len()), "{name}: {mistakes:?}");
    }
}

#[test]
fn each_chapter_names_its_exercises_in_both_languages() {
    for chapter in CHAPTERS {
        let names = chapter.exercises.iter().map(|exercise| exercise.name);
        let block =
            format!("```exercises\n{}\n```\n", names.collect::<Vec<_>>().join("\n"));
        for language in [Language::English, Language::Korean] {
            let path = format!("../book/{}/src/{}.md", language.folder(), chapter.file);
            let text = fs::read_to_string(folder().join(&path)).unwrap();
            assert!(text.contains(&block), "{path} has not\n{block}");
        }
    }
}

#[test]
fn an_ellipsis_stands_for_any_text() {
    assert!(is_like("It took 1.2s, not 3s.", "It took …s, not 3s."));
    assert!(is_like("It took 1.2s, and so on.", "It took …"));
    for pattern in ["took …", "It took …s, not 4s.", "It took 1.2s", "…4s."] {
        assert!(!is_like("It took 1.2s, not 3s.", pattern), "{pattern}");
    }
}
