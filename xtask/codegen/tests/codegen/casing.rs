//! Splitting names into words, and spelling words in a case.

use std::cmp::Ordering;

use heck::{ToSnakeCase, ToUpperCamelCase};
use observatory_codegen::plan::casing::{
    capitalize, compare_as_rustfmt, comparison_key, has_words, is_keyword, kebab_case, pascal_case,
    sentence_case, snake_case, split_words, to_singular,
};

/// Returns every text of up to five of these characters.
fn texts(chars: [char; 3]) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..5 {
        let longer = |text: &String| chars.map(|c| format!("{text}{c}"));
        last = last.iter().flat_map(longer).collect();
        all.extend(last.clone());
    }
    all
}

#[test]
fn fast_paths_agree_with_heck() {
    for name in texts(['a', '1', '_']) {
        if name.contains(['a', '1']) {
            assert_eq!(
                split_words(&name),
                name.to_snake_case().replace('_', " "),
                "{name}"
            );
        }
    }
    for text in texts(['a', '1', ' ']) {
        let digit = text.to_snake_case().starts_with('1');
        let (n, capital) = if digit { ("n", "N") } else { ("", "") };
        assert_eq!(
            snake_case(&text),
            format!("{n}{}", text.to_snake_case()),
            "{text:?}"
        );
        let camel = text.to_upper_camel_case();
        assert_eq!(pascal_case(&text), format!("{capital}{camel}"), "{text:?}");
    }
}

#[test]
fn splits_names_into_lowercase_words() {
    for (name, text) in [
        ("HTTPError", "http error"),
        ("userIDs", "user ids"),
        ("created_at", "created at"),
        ("__type", "type"),
        (">=", "greater or equal"),
        ("+1", "plus 1"),
        ("Gr\u{f6}\u{df}e", "grosse"),
        ("GitHubToken", "github token"),
        ("", ""),
        ("v2Beta3", "v2 beta3"),
    ] {
        assert_eq!(split_words(name), text, "{name}");
    }
}

#[test]
fn keywords_get_a_trailing_underscore() {
    let strict = "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match \
                  mod move mut pub ref return self static struct super trait true type unsafe use where while";
    let reserved =
        "abstract become box do final gen macro override priv try typeof unsized virtual yield";
    for word in strict.split_whitespace().chain(reserved.split_whitespace()) {
        assert!(is_keyword(word), "{word}");
        assert_eq!(snake_case(word), format!("{word}_"));
    }
    assert!(!is_keyword("name") && !is_keyword("zzz") && !is_keyword("aaa"));
}

#[test]
fn a_leading_digit_gets_a_letter() {
    assert_eq!(pascal_case("2 yfv"), "N2Yfv");
    assert_eq!(snake_case("2 yfv"), "n2_yfv");
    assert_eq!(kebab_case("2 yfv"), "n2-yfv");
}

#[test]
fn sentences_write_acronyms_in_capitals() {
    assert_eq!(sentence_case("get request by id"), "Get request by ID");
    assert_eq!(capitalize("at most"), "At most");
}

#[test]
fn tags_that_differ_in_case_and_symbols_are_compared_as_equal() {
    assert_eq!(comparison_key("API Keys"), comparison_key("api-keys"));
    assert_ne!(comparison_key("API Keys"), comparison_key("API Key"));
}

#[test]
fn symbols_without_letters_have_words() {
    assert!(has_words(">="));
    assert!(!has_words(""));
}

#[test]
fn only_a_plural_s_is_removed() {
    assert_eq!(to_singular("scorers"), "scorer");
    assert_eq!(to_singular("class"), "class");
}

#[test]
fn numbers_in_imports_are_sorted_by_value() {
    assert_eq!(compare_as_rustfmt("a2", "a10"), Ordering::Less);
    assert_eq!(compare_as_rustfmt("a_b", "a1"), Ordering::Less);
}
