//! Words that `vendor.toml` keeps together.

use crate::config::Names;

/// Lowers the inner capitals of the words in `names.words`, so that they are not split.
pub(super) fn join_configured_words(name: &str, config: &Names) -> String {
    config.words.iter().fold(name.to_owned(), |text, word| {
        let mut chars = word.chars();
        let first: String = chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        text.replace(
            word.as_str(),
            &format!(" {first}{} ", chars.as_str().to_lowercase()),
        )
    })
}
