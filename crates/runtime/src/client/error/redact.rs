//! Removes secrets from the parts of an error.

use std::error::Error as StdError;

use super::TransportError;
use super::display::root_cause;
use crate::client::redaction::Redactor;
use crate::json::{DecodeError, excerpt_of};

impl DecodeError {
    /// Removes secrets from all texts. `source` is the text that was decoded: the excerpt is taken again, because a secret
    /// that was cut would not be found.
    pub(crate) fn redact(&mut self, redactor: &Redactor, source: &[u8]) {
        self.path = redactor.show(&self.path);
        self.message = redactor.show(&self.message);
        let show = |text: &[u8], range| redactor.show_part(text, range);
        self.excerpt = excerpt_of(source, self.line, self.column, show);
    }
}

impl TransportError {
    /// Replaces the cause by its text where the text of an error in its chain contains a secret or a control character.
    pub(crate) fn redact(&mut self, redactor: &Redactor) {
        let mut next: Option<&(dyn StdError + 'static)> = Some(self.source.as_ref());
        while let Some(error) = next {
            let (shown, debug) = (error.to_string(), format!("{error:?}"));
            if redactor.show(&shown) != shown || redactor.redact(&debug) != debug {
                let text = redactor.show(&root_cause(self.source.as_ref()).to_string());
                self.source = text.into();
                return;
            }
            next = error.source();
        }
    }
}
