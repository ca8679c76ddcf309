//! Words and how they are spelled.

use heck::{ToSnakeCase, ToUpperCamelCase};
use observatory_codegen::plan::casing::{is_keyword, pascal_case, snake_case, split_words};

/// Every text of these signs, as long as five of them.
fn texts(signs: [char; 3]) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..5 {
        let longer = |text: &String| signs.map(|sign| format!("{text}{sign}"));
        last = last.iter().flat_map(longer).collect();
        all.extend(last.clone());
    }
    all
}

#[test]
fn what_is_short_to_spell_is_spelled_as_heck_does() {
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
fn words_are_small_and_apart() {
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
fn no_keyword_becomes_a_name() {
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
