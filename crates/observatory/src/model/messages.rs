//! The messages of a span.

use super::{Message, Role};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Messages of a conversation: a `Vec` of them.
///
/// Messages that arrive as text (JSON in a field of `tracing`) are read when they are first used: usually by a destination, on
/// the thread that delivers, so that the thread that records has no work with them.
#[derive(Default)]
pub struct Messages {
    list: Vec<Message>,
    /// What the messages are read from. `list` is empty then.
    source: Option<Source>,
}

/// Messages that are read when they are first used.
struct Source {
    list: OnceLock<Vec<Message>>,
    /// The length of the text.
    bytes: usize,
    unread: Mutex<Option<Unread>>,
}

/// Messages that have not been read.
struct Unread {
    text: Box<str>,
    read: fn(&str) -> Vec<Message>,
    /// Why the model stopped, by message.
    finish_reasons: Vec<String>,
}

impl Unread {
    fn read(self) -> Vec<Message> {
        let mut messages = (self.read)(&self.text);
        set_finish_reasons(&mut messages, self.finish_reasons);
        messages
    }
}

impl Source {
    /// Returns the messages, and frees the text.
    fn read(&self) -> &Vec<Message> {
        self.list.get_or_init(|| {
            let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
            unread.take().map(Unread::read).unwrap_or_default()
        })
    }

    fn into_list(self) -> Vec<Message> {
        let unread = self.unread.into_inner();
        let unread = unread.unwrap_or_else(PoisonError::into_inner);
        let list = self.list.into_inner();
        list.or_else(|| unread.map(Unread::read))
            .unwrap_or_default()
    }
}

impl Messages {
    /// Returns the length of the text, where it has not been read.
    pub(super) fn unread_bytes(&self) -> Option<usize> {
        let source = self.source.as_ref()?;
        source.list.get().is_none().then_some(source.bytes)
    }
}

#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
impl Messages {
    /// Returns the messages that `read` finds in the text when they are first used.
    pub(crate) fn unread(text: &str, read: fn(&str) -> Vec<Message>) -> Self {
        let unread = Unread {
            text: text.into(),
            read,
            finish_reasons: Vec::new(),
        };
        let source = Source {
            list: OnceLock::new(),
            bytes: text.len(),
            unread: Mutex::new(Some(unread)),
        };
        Self {
            list: Vec::new(),
            source: Some(source),
        }
    }

    /// Sets the reasons on the messages that have none. Without messages, a reason is kept on a message without parts.
    pub(crate) fn set_finish_reasons(&mut self, reasons: Vec<String>) {
        if reasons.is_empty() {
            return;
        }
        if let Some(source) = &mut self.source {
            let unread = source.unread.get_mut();
            if let Some(unread) = unread.unwrap_or_else(PoisonError::into_inner) {
                unread.finish_reasons = reasons;
                return;
            }
        }
        set_finish_reasons(self, reasons);
    }
}

fn set_finish_reasons(messages: &mut Vec<Message>, reasons: Vec<String>) {
    for (index, reason) in reasons.into_iter().enumerate() {
        match messages.get_mut(index) {
            Some(message) => {
                message.finish_reason.get_or_insert(reason);
            }
            None => messages.push(Message {
                finish_reason: Some(reason),
                ..Message::with_parts(Role::Assistant, [])
            }),
        }
    }
}

impl Deref for Messages {
    type Target = Vec<Message>;

    fn deref(&self) -> &Vec<Message> {
        match &self.source {
            Some(source) => source.read(),
            None => &self.list,
        }
    }
}

impl DerefMut for Messages {
    fn deref_mut(&mut self) -> &mut Vec<Message> {
        if let Some(source) = self.source.take() {
            self.list = source.into_list();
        }
        &mut self.list
    }
}

impl From<Vec<Message>> for Messages {
    fn from(list: Vec<Message>) -> Self {
        Self { list, source: None }
    }
}

impl<const N: usize> From<[Message; N]> for Messages {
    fn from(messages: [Message; N]) -> Self {
        Vec::from(messages).into()
    }
}

impl FromIterator<Message> for Messages {
    fn from_iter<I: IntoIterator<Item = Message>>(messages: I) -> Self {
        Vec::from_iter(messages).into()
    }
}

impl<'m> IntoIterator for &'m Messages {
    type Item = &'m Message;
    type IntoIter = std::slice::Iter<'m, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'m> IntoIterator for &'m mut Messages {
    type Item = &'m mut Message;
    type IntoIter = std::slice::IterMut<'m, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl Clone for Messages {
    fn clone(&self) -> Self {
        Vec::clone(self).into()
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Vec::fmt(self, out)
    }
}

impl<M: AsRef<[Message]> + ?Sized> PartialEq<M> for Messages {
    fn eq(&self, other: &M) -> bool {
        self.as_slice() == other.as_ref()
    }
}

impl AsRef<[Message]> for Messages {
    fn as_ref(&self) -> &[Message] {
        self
    }
}

impl Serialize for Messages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Vec::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Messages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}
