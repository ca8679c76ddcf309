//! JSONPath as overlays use it: its grammar, and the reader.
//!
//! The part of RFC 9535 that picks nodes by name, position and value: `$.a['b c'].*`, `[0]`, `[-1]`, `..a`,
//! `[?@.name=='x' && @.in=='query']`. Slices and functions are refused by name.

use serde_json::Value;

/// A path, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) segments: Vec<Segment>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    /// `..`: at any depth.
    pub(super) descend: bool,
    /// What is picked; several are a union.
    pub(super) selectors: Vec<Selector>,
}

/// What is picked among the children of a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Selector {
    Name(String),
    /// Counted from the end when negative.
    Index(i64),
    All,
    Filter(Test),
}

/// A condition on a child.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Any(Vec<Test>),
    All(Vec<Test>),
    Not(Box<Test>),
    /// There is something at that place.
    Exists(Vec<Selector>),
    /// What is there equals the value, or differs from it; nothing differs from everything.
    Equals(Vec<Selector>, Value),
    Differs(Vec<Selector>, Value),
}

/// Why a path cannot be read, and at which character.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) column: usize,
    pub(super) message: String,
}

/// How deep conditions may be nested.
const MAX_DEPTH: usize = 32;

/// Reads a path.
pub(super) fn parse(text: &str) -> Result<Path, Fault> {
    let mut reader = Reader {
        chars: text.chars().collect(),
        next: 0,
        depth: 0,
    };
    if !reader.eat("$") {
        return reader.fault("a path starts with `$`");
    }
    let mut segments = Vec::new();
    while reader.peek().is_some() {
        segments.push(reader.segment()?);
    }
    Ok(Path { segments })
}

struct Reader {
    chars: Vec<char>,
    next: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.next).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.next += 1;
        Some(c)
    }

    /// Takes `text` if it comes next.
    fn eat(&mut self, text: &str) -> bool {
        let comes = text
            .chars()
            .enumerate()
            .all(|(i, c)| self.chars.get(self.next + i) == Some(&c));
        if comes {
            self.next += text.chars().count();
        }
        comes
    }

    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next += 1;
        }
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault {
            column: self.next + 1,
            message: message.into(),
        })
    }

    fn wants(&mut self, text: &str) -> Result<(), Fault> {
        self.space();
        if self.eat(text) {
            Ok(())
        } else {
            self.fault(format!("`{text}` is missing here"))
        }
    }

    fn segment(&mut self) -> Result<Segment, Fault> {
        let descend = self.eat("..");
        let selectors = match self.peek() {
            Some('[') => self.bracket()?,
            _ if descend || self.eat(".") => vec![self.dotted()?],
            _ => return self.fault("`.`, `..` or `[` is missing here"),
        };
        Ok(Segment { descend, selectors })
    }

    /// What stands behind a dot.
    fn dotted(&mut self) -> Result<Selector, Fault> {
        if self.eat("*") {
            return Ok(Selector::All);
        }
        let mut name = String::new();
        while let Some(c) = self
            .peek()
            .filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$') || !c.is_ascii())
        {
            name.push(c);
            self.next += 1;
        }
        if name.is_empty() {
            return self.fault("a name is missing here; other names than words go into `['…']`");
        }
        Ok(Selector::Name(name))
    }

    fn bracket(&mut self) -> Result<Vec<Selector>, Fault> {
        self.wants("[")?;
        let mut selectors = Vec::new();
        loop {
            self.space();
            selectors.push(self.selector()?);
            self.space();
            if !self.eat(",") {
                break;
            }
        }
        if self.peek() == Some(':') {
            return self.fault("slices are not supported; name the items one by one");
        }
        self.wants("]")?;
        Ok(selectors)
    }

    fn selector(&mut self) -> Result<Selector, Fault> {
        match self.peek() {
            Some('\'' | '"') => Ok(Selector::Name(self.quoted()?)),
            Some('*') => {
                self.next += 1;
                Ok(Selector::All)
            }
            Some('?') => {
                self.next += 1;
                Ok(Selector::Filter(self.any()?))
            }
            Some(c) if c == '-' || c.is_ascii_digit() => match self.number()?.as_i64() {
                Some(index) => Ok(Selector::Index(index)),
                None => self.fault("a position is a whole number"),
            },
            Some(':') => self.fault("slices are not supported; name the items one by one"),
            _ => self.fault("a name in quotes, a position, `*` or `?` is missing here"),
        }
    }

    /// Conditions joined by `||`, which binds less than `&&`.
    fn any(&mut self) -> Result<Test, Fault> {
        let mut tests = vec![self.all()?];
        self.space();
        while self.eat("||") {
            tests.push(self.all()?);
            self.space();
        }
        Ok(if tests.len() > 1 {
            Test::Any(tests)
        } else {
            tests.remove(0)
        })
    }

    fn all(&mut self) -> Result<Test, Fault> {
        let mut tests = vec![self.test()?];
        self.space();
        while self.eat("&&") {
            tests.push(self.test()?);
            self.space();
        }
        Ok(if tests.len() > 1 {
            Test::All(tests)
        } else {
            tests.remove(0)
        })
    }

    fn test(&mut self) -> Result<Test, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fault("the condition is nested too deep");
        }
        let test = self.shallow_test();
        self.depth -= 1;
        test
    }

    fn shallow_test(&mut self) -> Result<Test, Fault> {
        self.space();
        if self.eat("!") {
            return Ok(Test::Not(Box::new(self.test()?)));
        }
        if self.eat("(") {
            let inner = self.any()?;
            self.wants(")")?;
            return Ok(inner);
        }
        if !self.eat("@") {
            return self.fault("a condition starts with `@`; functions are not supported");
        }
        let mut place = Vec::new();
        while let Some('.' | '[') = self.peek() {
            place.push(self.step()?);
        }
        self.space();
        if self.eat("==") {
            return Ok(Test::Equals(place, self.literal()?));
        }
        if self.eat("!=") {
            return Ok(Test::Differs(place, self.literal()?));
        }
        if let Some('<' | '>' | '=') = self.peek() {
            return self.fault("only `==` and `!=` compare");
        }
        Ok(Test::Exists(place))
    }

    /// One step of a place in a condition: it leads to one node at most.
    fn step(&mut self) -> Result<Selector, Fault> {
        let from = self.next;
        let mut segment = self.segment()?;
        match segment.selectors.pop() {
            Some(one @ (Selector::Name(_) | Selector::Index(_)))
                if segment.selectors.is_empty() && !segment.descend =>
            {
                Ok(one)
            }
            _ => {
                self.next = from;
                self.fault("in a condition, a step is one name or one position")
            }
        }
    }

    fn literal(&mut self) -> Result<Value, Fault> {
        self.space();
        for (word, value) in [
            ("true", true.into()),
            ("false", false.into()),
            ("null", Value::Null),
        ] {
            if self.eat(word) {
                return Ok(value);
            }
        }
        match self.peek() {
            Some('\'' | '"') => Ok(self.quoted()?.into()),
            Some(c) if c == '-' || c.is_ascii_digit() => self.number(),
            _ => {
                self.fault("a text in quotes, a number, `true`, `false` or `null` is missing here")
            }
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let from = self.next;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))
        {
            self.next += 1;
        }
        let text: String = self
            .chars
            .get(from..self.next)
            .unwrap_or_default()
            .iter()
            .collect();
        match serde_json::from_str(&text) {
            Ok(number) => Ok(number),
            Err(_) => self.fault(format!("`{text}` is no number")),
        }
    }

    /// A text in single or double quotes; `\` takes the next character as it is, or as JSON understands it.
    fn quoted(&mut self) -> Result<String, Fault> {
        let quote = self.bump();
        let mut out = String::new();
        loop {
            match self.bump() {
                None => return self.fault("the quote is not closed"),
                c if c == quote => return Ok(out),
                Some('\\') => match self.bump() {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some(c @ ('\\' | '\'' | '"' | '/')) => out.push(c),
                    _ => return self.fault("`\\` stands before a quote, a slash, `n` or `t`"),
                },
                Some(c) => out.push(c),
            }
        }
    }
}
