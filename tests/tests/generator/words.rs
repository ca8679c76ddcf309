//! The words of `words.txt` are not used: in hand-written sources, scripts and documentation, and in the text that the
//! generator writes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::files::GENERATED_MARKER;
use observatory_tests::repository::{files, root};
use proc_macro2::{TokenStream, TokenTree};

/// The word list.
struct WordList {
    /// Words and phrases with their replacement, by their first word.
    phrases: HashMap<String, Vec<(Vec<String>, String)>>,
    /// Phrases in which forbidden words are allowed.
    allowed: Vec<Vec<String>>,
    /// Whole identifiers with their replacement.
    names: HashMap<String, String>,
}

impl WordList {
    fn load() -> Self {
        let mut list = Self {
            phrases: HashMap::new(),
            allowed: Vec::new(),
            names: HashMap::new(),
        };
        let mut section = "";
        let text = fs::read_to_string("words.txt").unwrap();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('[') {
                section = line;
                continue;
            }
            let (forms, replacement) = line.split_once(" -> ").unwrap_or((line, ""));
            for form in forms.split(" / ") {
                list.add(section, form, replacement);
            }
        }
        list
    }

    fn add(&mut self, section: &str, form: &str, replacement: &str) {
        let words: Vec<String> = form.split([' ', '_']).map(str::to_lowercase).collect();
        match section {
            "[words]" => {
                let entry = self.phrases.entry(words[0].clone()).or_default();
                entry.push((words, replacement.to_owned()));
            }
            "[allowed]" => self.allowed.push(words),
            "[names]" => {
                self.names.insert(form.to_owned(), replacement.to_owned());
            }
            other => panic!("unknown section {other}"),
        }
    }

    /// Returns the forbidden words of a text, each with its line and replacement.
    fn find_in_text(&self, text: &str) -> Vec<(usize, String, &str)> {
        let words = split_words(text);
        let mut found = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let phrases = self.phrases.get(&word.text).into_iter().flatten();
            let longest = phrases
                .filter(|(phrase, _)| starts_with(&words[index..], phrase))
                .max_by_key(|(phrase, _)| phrase.len());
            if let Some((phrase, replacement)) = longest
                && !self.is_allowed(&words, index)
            {
                found.push((word.line, phrase.join(" "), replacement.as_str()));
            }
        }
        found
    }

    /// Returns whether an allowed phrase covers this word.
    fn is_allowed(&self, words: &[Word], index: usize) -> bool {
        let mut allowed = self.allowed.iter();
        allowed.any(|phrase| {
            let first = index.saturating_sub(phrase.len() - 1);
            (first..=index).any(|start| starts_with(&words[start..], phrase))
        })
    }

    /// Returns the forbidden identifiers of Rust code, each with its line and replacement.
    fn find_names(&self, code: &str) -> Vec<(usize, String, &str)> {
        let mut found = Vec::new();
        let tokens: TokenStream = code.parse().unwrap();
        let mut remaining: Vec<TokenTree> = tokens.into_iter().collect();
        while let Some(token) = remaining.pop() {
            match token {
                TokenTree::Group(group) => remaining.extend(group.stream()),
                TokenTree::Ident(name) => {
                    let text = name.to_string();
                    if let Some(replacement) = self.names.get(&text) {
                        found.push((name.span().start().line, text, replacement.as_str()));
                    }
                }
                _ => {}
            }
        }
        found.sort();
        found
    }
}

/// A word of a text, in lower case.
struct Word {
    text: String,
    line: usize,
    /// Whether it continues the phrase of the previous word: only spaces, line ends and comment markers are between them.
    continues: bool,
}

fn starts_with(words: &[Word], phrase: &[String]) -> bool {
    let mut pairs = words.iter().zip(phrase).enumerate();
    words.len() >= phrase.len()
        && pairs.all(|(index, (word, text))| word.text == *text && (index == 0 || word.continues))
}

/// Splits a text into words. Identifiers are split at underscores and capital letters.
fn split_words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut continues = false;
    for (number, line) in text.lines().enumerate() {
        let content = line.trim_start_matches([' ', '/', '!', '#', '*', '>', '-']);
        // A phrase may continue on the next line, but not after a blank one.
        continues &= !content.is_empty();
        let mut previous = ' ';
        for c in content.chars() {
            let starts_word =
                !previous.is_alphabetic() || previous.is_lowercase() && c.is_uppercase();
            if c.is_alphabetic() && starts_word {
                words.push(Word {
                    text: String::new(),
                    line: number + 1,
                    continues,
                });
                continues = true;
            }
            if c.is_alphabetic() {
                words.last_mut().unwrap().text.extend(c.to_lowercase());
            } else {
                // Braces are those of a placeholder in a format string.
                continues &= matches!(c, ' ' | '_' | '-' | '{' | '}');
            }
            previous = c;
        }
    }
    words
}

/// Returns the comments of Rust code, on their lines.
fn comments(code: &str) -> String {
    let comment = |line: &str| {
        let line = line.trim_start();
        let text = line.starts_with("//").then_some(line);
        text.unwrap_or_default().to_owned() + "\n"
    };
    without_inline_code(&code.lines().map(comment).collect::<String>())
}

/// Returns Markdown without code, on its lines.
fn without_code(markdown: &str) -> String {
    let mut is_code = false;
    let mut out = String::new();
    for line in markdown.lines() {
        let is_fence = line.trim_start().starts_with("```");
        if !is_code && !is_fence {
            out.push_str(line);
        }
        out.push('\n');
        is_code ^= is_fence;
    }
    without_inline_code(&out)
}

/// Replaces code in backticks, which may be a name from a document.
fn without_inline_code(text: &str) -> String {
    let mut is_code = false;
    text.chars()
        .map(|c| {
            is_code ^= c == '`';
            // A line end closes unbalanced backticks.
            is_code &= c != '\n';
            if is_code { ',' } else { c }
        })
        .collect()
}

/// Returns the hand-written files that are checked.
fn hand_written_files() -> Vec<PathBuf> {
    let root = root();
    let mut all = Vec::new();
    for folder in [
        "xtask",
        "crates/runtime",
        "crates/macros",
        "crates/observatory",
        "crates/observatory-macros",
        "tests",
    ] {
        all.extend(files(&root.join(folder), "rs"));
    }
    all.extend(files(&root.join("crates/runtime/docs"), "md"));
    all.extend(files(&root.join("scripts"), "sh"));
    all.push(root.join(".ci/run"));
    all.push(root.join("Cargo.toml"));
    let entries = fs::read_dir(&root).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    all.extend(paths.filter(|path| path.extension().is_some_and(|it| it == "md")));
    let is_excluded = |path: &Path| {
        let excluded = ["/target/", "/fixtures/", "/generator/words.rs"];
        let path = path.to_string_lossy().into_owned();
        excluded.iter().any(|part| path.contains(part))
    };
    all.retain(|path| !is_excluded(path));
    all
}

/// Returns the text that the generator writes, and hand-written extensions, with their files.
fn generated_texts() -> Vec<(PathBuf, String)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) else {
            continue;
        };
        if !manifest.starts_with("# @generated") {
            continue;
        }
        for file in files(&folder.join("src"), "rs") {
            let code = fs::read_to_string(&file).unwrap();
            let is_generated = code.starts_with(GENERATED_MARKER);
            texts.push((file, if is_generated { comments(&code) } else { code }));
        }
        let readme = folder.join("README.md");
        texts.push((
            readme.clone(),
            without_code(&fs::read_to_string(readme).unwrap()),
        ));
    }
    texts
}

fn format_finding(file: &Path, (line, word, replacement): (usize, String, &str)) -> String {
    let root = root();
    let file = file.strip_prefix(&root).unwrap_or(file);
    format!("{}:{line}: {word} -> {replacement}", file.display())
}

#[test]
fn forbidden_words_are_not_used() {
    let list = WordList::load();
    let mut findings = Vec::new();
    for file in hand_written_files() {
        let text = fs::read_to_string(&file).unwrap();
        let mut found = list.find_in_text(&text);
        if file.extension().is_some_and(|extension| extension == "rs") {
            found.extend(list.find_names(&text));
        }
        let lines: Vec<&str> = text.lines().collect();
        found.retain(|(line, ..)| !lines[line - 1].contains("words.txt: allow"));
        found.sort();
        findings.extend(found.into_iter().map(|it| format_finding(&file, it)));
    }
    for (file, text) in generated_texts() {
        let found = list.find_in_text(&text);
        findings.extend(found.into_iter().map(|it| format_finding(&file, it)));
    }
    assert!(
        findings.is_empty(),
        "{} forbidden words (tests/words.txt):\n{}",
        findings.len(),
        findings.join("\n")
    );
}

#[test]
fn finds_words_in_text_and_identifiers() {
    let mut list = WordList {
        phrases: HashMap::new(),
        allowed: Vec::new(),
        names: HashMap::new(),
    };
    list.add("[words]", "nobody", "no user");
    list.add("[words]", "came of", "result of");
    list.add("[words]", "is no", "is not");
    list.add("[allowed]", "is no longer", "");
    list.add("[names]", "made", "generated");
    let text = "/// What came\n/// of it. Nobody's.\nfn is_nobody(a: NobodyKnows) {}\nThis is no\n\nlonger. It is no longer. Is. No.\n";
    let found: Vec<(usize, String)> = list
        .find_in_text(text)
        .into_iter()
        .map(|(line, word, _)| (line, word))
        .collect();
    let expected = [
        (1, "came of"),
        (2, "nobody"),
        (3, "nobody"),
        (3, "nobody"),
        (4, "is no"),
    ];
    assert_eq!(found, expected.map(|(line, word)| (line, word.to_owned())));
    let code = "// made\nlet made = \"made\";\nlet unmade = made_of(made);";
    let names = list.find_names(code).into_iter();
    let lines: Vec<usize> = names.map(|(line, ..)| line).collect();
    assert_eq!(lines, [2, 3]);
}
