//! The commands that the book tells its readers to type.

/// `cargo run`, with what follows.
#[derive(Debug, PartialEq)]
pub(crate) struct CargoRun<'a> {
    pub(crate) is_release: bool,
    pub(crate) package: &'a str,
    /// The program, which is called like its package unless the command says otherwise.
    pub(crate) program: &'a str,
    pub(crate) arguments: Vec<&'a str>,
}

impl<'a> CargoRun<'a> {
    /// What is wrong with it where it is no such command.
    pub(crate) fn parse(command: &'a str) -> Result<Self, String> {
        let mut words = command.split_whitespace();
        if (words.next(), words.next()) != (Some("cargo"), Some("run")) {
            return Err(format!("`{command}` is not `cargo run`"));
        }
        let (mut is_release, mut package, mut program) = (false, None, None);
        while let Some(word) = words.next() {
            match word {
                "--release" => is_release = true,
                "-p" => package = words.next(),
                "--bin" => program = words.next(),
                "--" => break,
                _ => {
                    return Err(format!("`{command}`: cargo is not given `{word}` here"));
                }
            }
        }
        let package =
            package.ok_or_else(|| format!("`{command}` has no `-p PACKAGE`"))?;
        let program = program.unwrap_or(package);
        Ok(Self { is_release, package, program, arguments: words.collect() })
    }
}

#[test]
fn a_command_has_a_package_a_program_and_arguments() {
    assert_eq!(
        CargoRun::parse("cargo run --release -p a --bin b -- -m 3 BR"),
        Ok(CargoRun {
            is_release: true,
            package: "a",
            program: "b",
            arguments: vec!["-m", "3", "BR"]
        })
    );
    assert_eq!(CargoRun::parse("cargo run -p a").unwrap().program, "a");
    for wrong in ["cargo build -p a", "cargo run", "cargo run -p a -m 3", "a"] {
        assert!(CargoRun::parse(wrong).is_err(), "{wrong}");
    }
}
