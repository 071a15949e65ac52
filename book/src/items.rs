//! Finding code by its name, so that the sources need no marks for the book.

use std::fs;

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{ImplItem, Item, ItemImpl, TraitItem};

use crate::root;

/// A source file, and where in it which item is.
pub(crate) struct Source {
    path: String,
    lines: Vec<String>,
    items: Vec<Named>,
}

/// A part of a file that has a name.
struct Named {
    name: String,
    /// The lines, counted from 0, without the one behind it.
    lines: std::ops::Range<usize>,
    /// Whether it is a method, and so a part of another item.
    is_method: bool,
}

impl Source {
    /// Reads a file of the workspace.
    pub(crate) fn read(path: &str) -> Result<Self, String> {
        let text = fs::read_to_string(root().join(path))
            .map_err(|error| format!("{path}: {error}"))?;
        Self::parse(path, &text)
    }

    fn parse(path: &str, text: &str) -> Result<Self, String> {
        let file = syn::parse_file(text)
            .map_err(|error| format!("{path}:{}: {error}", error.span().start().line))?;
        let mut source = Self {
            path: path.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
            items: Vec::new(),
        };
        let header = source.lines.iter().take_while(|line| line.starts_with("//!"));
        let header = 0..header.count();
        if !header.is_empty() {
            let name = "//!".to_owned();
            source.items.push(Named { name, lines: header, is_method: false });
        }
        for item in &file.items {
            source.add(item);
        }
        Ok(source)
    }

    fn add(&mut self, item: &Item) {
        let span = item.span();
        match item {
            Item::Use(_) => {
                // Those that follow each other are one.
                let lines = self.lines_of(span);
                match self.items.last_mut() {
                    Some(last) if last.name == "use" => last.lines.end = lines.end,
                    _ => self.push("use".to_owned(), span, false),
                }
            }
            Item::Impl(item) => {
                self.push(impl_name(item), span, false);
                for part in &item.items {
                    if let ImplItem::Fn(method) = part {
                        let name =
                            format!("{}::{}", last_word(&item.self_ty), method.sig.ident);
                        self.push(name, method.span(), true);
                    }
                }
            }
            Item::Trait(item) => {
                self.push(item.ident.to_string(), span, false);
                for part in &item.items {
                    if let TraitItem::Fn(method) = part {
                        let name = format!("{}::{}", item.ident, method.sig.ident);
                        self.push(name, method.span(), true);
                    }
                }
            }
            Item::Const(item) => self.push(item.ident.to_string(), span, false),
            Item::Enum(item) => self.push(item.ident.to_string(), span, false),
            Item::Fn(item) => self.push(item.sig.ident.to_string(), span, false),
            Item::Mod(item) => self.push(format!("mod {}", item.ident), span, false),
            Item::Static(item) => self.push(item.ident.to_string(), span, false),
            Item::Struct(item) => self.push(item.ident.to_string(), span, false),
            Item::Type(item) => self.push(item.ident.to_string(), span, false),
            Item::Macro(item) => {
                let name = item.ident.as_ref().map_or_else(
                    || format!("{}!", last_word(&item.mac.path)),
                    ToString::to_string,
                );
                self.push(name, span, false);
            }
            // What else there is has no name. Where all of a file is shown, `whole`
            // tells that it is missing.
            _ => {}
        }
    }

    fn push(&mut self, name: String, span: Span, is_method: bool) {
        let lines = self.lines_of(span);
        self.items.push(Named { name, lines, is_method });
    }

    /// The lines of an item, with the comments right above it.
    fn lines_of(&self, span: Span) -> std::ops::Range<usize> {
        let mut first = span.start().line - 1;
        let is_comment = |line: &String| {
            line.trim_start().starts_with("//") && !line.starts_with("//!")
        };
        while first > 0 && is_comment(&self.lines[first - 1]) {
            first -= 1;
        }
        first..span.end().line
    }

    /// The lines of one item, without its indentation: a function or another item by its
    /// name, a method as `Type::method`, an implementation as `impl Type` or `impl Trait
    /// for Type`, `//!` for the comment at the top, and `use` for the imports.
    pub(crate) fn item(&self, name: &str) -> Result<Vec<&str>, String> {
        let found: Vec<_> = self.items.iter().filter(|item| item.name == name).collect();
        match found[..] {
            [item] => Ok(self.text(item)),
            [] => {
                let names = self.items.iter().map(|item| format!("`{}`", item.name));
                let names = names.collect::<Vec<_>>().join(", ");
                Err(format!("{} has no `{name}`. It has {names}", self.path))
            }
            _ => {
                let lines = found.iter().map(|item| (item.lines.start + 1).to_string());
                let lines = lines.collect::<Vec<_>>().join(", ");
                Err(format!("{} has several `{name}`, in lines {lines}", self.path))
            }
        }
    }

    /// All items with their names, in the order of the file.
    pub(crate) fn whole(&self) -> Result<Vec<(&str, Vec<&str>)>, String> {
        let items = || self.items.iter().filter(|item| !item.is_method);
        for (index, line) in self.lines.iter().enumerate() {
            let is_shown = items().any(|item| item.lines.contains(&index));
            if !is_shown && !line.trim().is_empty() {
                let (path, line) = (&self.path, index + 1);
                return Err(format!("{path}:{line}: no item with a name has this line"));
            }
        }
        Ok(items().map(|item| (&*item.name, self.text(item))).collect())
    }

    fn text(&self, item: &Named) -> Vec<&str> {
        unindented(&self.lines[item.lines.clone()])
    }
}

/// The lines without what they are all indented by.
pub(crate) fn unindented(lines: &[String]) -> Vec<&str> {
    let indent = |line: &String| line.len() - line.trim_start().len();
    let shared = lines.iter().filter(|line| !line.trim().is_empty()).map(indent);
    let shared = shared.min().unwrap_or(0);
    lines.iter().map(|line| line.get(shared..).unwrap_or_default()).collect()
}

fn impl_name(item: &ItemImpl) -> String {
    let of = last_word(&item.self_ty);
    match &item.trait_ {
        Some((of_what, _)) => format!("impl {} for {of}", last_word(of_what)),
        None => format!("impl {of}"),
    }
}

/// What a type or a path is called, without the modules before and the parameters behind
/// it: `Mutex` for `std::sync::Mutex<T>`.
fn last_word(of: &impl ToTokens) -> String {
    let text: String =
        of.to_token_stream().into_iter().map(|token| token.to_string()).collect();
    let before = text.split('<').next().unwrap_or_default();
    before.rsplit("::").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
//! The header.
//! It has two lines.

use std::fmt;
use std::io;

/// A pair.
#[derive(Debug)]
struct Pair<T>(T, T);

impl<T> Pair<T> {
    // Why it is so.
    /// The first.
    fn first(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Display for Pair<T> {
    fn fmt(&self) {}
}

impl<T> fmt::Binary for Pair<T> {
    fn fmt(&self) {}
}

thread_local! {
    static NUMBER: u8 = 0;
}

fn main() {}
";

    fn source() -> Source {
        Source::parse("pair.rs", TEXT).unwrap()
    }

    #[test]
    fn an_item_comes_with_its_comments_and_without_its_indentation() {
        let source = source();
        for (name, text) in [
            ("//!", "//! The header.\n//! It has two lines."),
            ("use", "use std::fmt;\nuse std::io;"),
            ("Pair", "/// A pair.\n#[derive(Debug)]\nstruct Pair<T>(T, T);"),
            (
                "Pair::first",
                "// Why it is so.\n/// The first.\n\
                 fn first(&self) -> &T {\n    &self.0\n}",
            ),
            (
                "impl Display for Pair",
                "impl<T> fmt::Display for Pair<T> {\n    fn fmt(&self) {}\n}",
            ),
            ("main", "fn main() {}"),
        ] {
            assert_eq!(source.item(name).unwrap().join("\n"), text);
        }
    }

    #[test]
    fn what_is_not_there_or_there_twice_is_an_error() {
        let source = source();
        let error = source.item("second").unwrap_err();
        assert!(error.starts_with("pair.rs has no `second`. It has `//!`, "), "{error}");
        let error = source.item("Pair::fmt").unwrap_err();
        assert_eq!(error, "pair.rs has several `Pair::fmt`, in lines 20, 24");
    }

    #[test]
    fn a_file_that_is_no_rust_is_an_error_with_its_line() {
        let error = Source::parse("a.rs", "\nfn {").err().unwrap();
        assert!(error.starts_with("a.rs:2: "), "{error}");
    }

    #[test]
    fn the_whole_file_has_every_line_in_one_item() {
        let source = source();
        let names: Vec<_> =
            source.whole().unwrap().into_iter().map(|item| item.0).collect();
        assert_eq!(
            names,
            [
                "//!",
                "use",
                "Pair",
                "impl Pair",
                "impl Display for Pair",
                "impl Binary for Pair",
                "thread_local!",
                "main"
            ]
        );
        let lost =
            Source::parse("a.rs", "fn a() {}\n\n// By itself.\n\nfn b() {}").unwrap();
        assert!(lost.whole().unwrap_err().starts_with("a.rs:3: "));
    }
}
