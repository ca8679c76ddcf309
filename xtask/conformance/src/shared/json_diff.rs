//! JSON values compared as a server would: exactly, by their text.

use indexmap::IndexMap;
use serde_json::value::RawValue;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// A path as people write it: `$.spans[3]["a key"]`.
pub(crate) fn path(steps: &[Step]) -> String {
    let mut out = String::from("$");
    for step in steps {
        match step {
            Step::Index(index) => out.push_str(&format!("[{index}]")),
            Step::Key(key) if is_plain(key) => out.push_str(&format!(".{key}")),
            Step::Key(key) => out.push_str(&format!("[{key:?}]")),
        }
    }
    out
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// The first difference between two values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) at: Vec<Step>,
    pub(crate) what: String,
}

/// What a value may lose: asked with the path of an entry that did not come back, and whether it was null.
pub(crate) type MayLose<'a> = &'a dyn Fn(&[Step], bool) -> bool;

/// The first difference; `Err` if a text is no JSON.
pub(crate) fn difference(
    sent: &str,
    back: &str,
    may_lose: MayLose<'_>,
) -> Result<Option<Difference>, serde_json::Error> {
    let mut comparison = Comparison {
        at: Vec::new(),
        may_lose,
    };
    comparison.compare(sent, back)
}

struct Comparison<'a> {
    at: Vec<Step>,
    may_lose: MayLose<'a>,
}

type Found = Result<Option<Difference>, serde_json::Error>;

impl Comparison<'_> {
    fn compare(&mut self, sent: &str, back: &str) -> Found {
        let (sent, back) = (sent.trim(), back.trim());
        match (kind(sent), kind(back)) {
            (b'{', b'{') => self.objects(sent, back),
            (b'[', b'[') => self.lists(sent, back),
            (b'"', b'"') => {
                let same: (String, String) =
                    (serde_json::from_str(sent)?, serde_json::from_str(back)?);
                Ok(self.unless(same.0 == same.1, sent, back))
            }
            (b'0', b'0') => Ok(self.unless(same_number(sent, back), sent, back)),
            _ => Ok(self.unless(sent == back, sent, back)),
        }
    }

    fn objects(&mut self, sent: &str, back: &str) -> Found {
        let sent: IndexMap<String, &RawValue> = serde_json::from_str(sent)?;
        let back: IndexMap<String, &RawValue> = serde_json::from_str(back)?;
        for (key, value) in &sent {
            self.at.push(Step::Key(key.clone()));
            let found = match back.get(key) {
                Some(other) => self.compare(value.get(), other.get())?,
                None if (self.may_lose)(&self.at, value.get() == "null") => None,
                None => Some(self.found(format!("{} is lost", shown(value.get())))),
            };
            if found.is_some() {
                return Ok(found);
            }
            self.at.pop();
        }
        let added = back.iter().find(|(key, _)| !sent.contains_key(*key));
        Ok(added.map(|(key, value)| {
            self.at.push(Step::Key(key.clone()));
            self.found(format!("{} appeared", shown(value.get())))
        }))
    }

    fn lists(&mut self, sent: &str, back: &str) -> Found {
        let whole = (sent, back);
        let sent: Vec<&RawValue> = serde_json::from_str(sent)?;
        let back: Vec<&RawValue> = serde_json::from_str(back)?;
        if sent.len() != back.len() {
            return Ok(self.unless(false, whole.0, whole.1));
        }
        for (index, (sent, back)) in sent.iter().zip(&back).enumerate() {
            self.at.push(Step::Index(index));
            let found = self.compare(sent.get(), back.get())?;
            if found.is_some() {
                return Ok(found);
            }
            self.at.pop();
        }
        Ok(None)
    }

    fn unless(&self, same: bool, sent: &str, back: &str) -> Option<Difference> {
        (!same).then(|| self.found(format!("was {} and is {}", shown(sent), shown(back))))
    }

    fn found(&self, what: String) -> Difference {
        Difference {
            at: self.at.clone(),
            what,
        }
    }
}

/// The first byte tells the kind; `0` for all numbers.
fn kind(text: &str) -> u8 {
    match text.bytes().next() {
        Some(b'-' | b'0'..=b'9') => b'0',
        Some(byte) => byte,
        None => b' ',
    }
}

/// Long values are cut.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Whether two numbers have the same value, however many digits they have.
fn same_number(one: &str, other: &str) -> bool {
    one == other || decimal(one).is_some_and(|one| decimal(other) == Some(one))
}

/// A number as sign, digits without zeros at either end, and the power of ten of the last digit.
fn decimal(text: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let negative = mantissa.starts_with('-');
    let mantissa = mantissa.trim_start_matches('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let mut exponent: i64 = exponent.parse().ok()?;
    exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let short = digits.trim_end_matches('0');
    exponent = exponent.checked_add(i64::try_from(digits.len() - short.len()).ok()?)?;
    let short = short.trim_start_matches('0');
    if short.is_empty() {
        return Some((false, String::new(), 0));
    }
    Some((negative, short.to_owned(), exponent))
}
