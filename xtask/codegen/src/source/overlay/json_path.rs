//! Parses JSONPath expressions.
//!
//! Supports the part of RFC 9535 that selects nodes by name, index and value: `$.a['b c'].*`, `[0]`, `[-1]`, `..a`,
//! `[?@.name=='x' && @.in=='query']`. Slices and functions are errors.

use serde_json::Value;

/// A parsed JSONPath expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct JsonPath {
    pub(super) segments: Vec<Segment>,
}

/// A segment of a path: `.name`, `..name` or `[…]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    /// Whether the selectors apply to all descendants (`..`).
    pub(super) is_recursive: bool,
    /// The selectors. A node is selected if one of them matches.
    pub(super) selectors: Vec<Selector>,
}

/// Selects children of a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Selector {
    Name(String),
    /// Negative indices are counted from the end.
    Index(i64),
    Wildcard,
    Filter(Condition),
}

/// A condition on a child. Paths in it are relative to the child.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Or(Vec<Condition>),
    And(Vec<Condition>),
    Not(Box<Condition>),
    Exists(Vec<Selector>),
    Equal(Vec<Selector>, Value),
    /// Also satisfied if the path selects nothing.
    NotEqual(Vec<Selector>, Value),
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SyntaxError {
    /// Counted from 1, in characters.
    pub(super) column: usize,
    pub(super) message: String,
}

/// The maximum nesting depth of conditions.
const MAX_DEPTH: usize = 32;

/// Parses a path.
pub(super) fn parse(text: &str) -> Result<JsonPath, SyntaxError> {
    let mut parser = Parser {
        chars: text.chars().collect(),
        next: 0,
        depth: 0,
    };
    if !parser.eat("$") {
        return parser.error("a path must start with `$`");
    }
    let mut segments = Vec::new();
    while parser.peek().is_some() {
        segments.push(parser.parse_segment()?);
    }
    Ok(JsonPath { segments })
}

struct Parser {
    chars: Vec<char>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.next).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.next += 1;
        Some(c)
    }

    /// Consumes `text` if it is next. Returns whether it was.
    fn eat(&mut self, text: &str) -> bool {
        let is_next = text
            .chars()
            .enumerate()
            .all(|(i, c)| self.chars.get(self.next + i) == Some(&c));
        if is_next {
            self.next += text.chars().count();
        }
        is_next
    }

    fn skip_whitespace(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next += 1;
        }
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError {
            column: self.next + 1,
            message: message.into(),
        })
    }

    fn expect(&mut self, text: &str) -> Result<(), SyntaxError> {
        self.skip_whitespace();
        if self.eat(text) {
            Ok(())
        } else {
            self.error(format!("expected `{text}`"))
        }
    }

    fn parse_segment(&mut self) -> Result<Segment, SyntaxError> {
        let is_recursive = self.eat("..");
        let selectors = match self.peek() {
            Some('[') => self.parse_bracketed_selectors()?,
            _ if is_recursive || self.eat(".") => vec![self.parse_dot_selector()?],
            _ => return self.error("expected `.`, `..` or `[`"),
        };
        Ok(Segment {
            is_recursive,
            selectors,
        })
    }

    /// Parses what follows a dot.
    fn parse_dot_selector(&mut self) -> Result<Selector, SyntaxError> {
        if self.eat("*") {
            return Ok(Selector::Wildcard);
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
            return self.error("expected a name; write names with other characters in `['…']`");
        }
        Ok(Selector::Name(name))
    }

    fn parse_bracketed_selectors(&mut self) -> Result<Vec<Selector>, SyntaxError> {
        self.expect("[")?;
        let mut selectors = Vec::new();
        loop {
            self.skip_whitespace();
            selectors.push(self.parse_selector()?);
            self.skip_whitespace();
            if !self.eat(",") {
                break;
            }
        }
        if self.peek() == Some(':') {
            return self.error("slices are not supported; list the indices");
        }
        self.expect("]")?;
        Ok(selectors)
    }

    fn parse_selector(&mut self) -> Result<Selector, SyntaxError> {
        match self.peek() {
            Some('\'' | '"') => Ok(Selector::Name(self.parse_string()?)),
            Some('*') => {
                self.next += 1;
                Ok(Selector::Wildcard)
            }
            Some('?') => {
                self.next += 1;
                Ok(Selector::Filter(self.parse_or()?))
            }
            Some(c) if c == '-' || c.is_ascii_digit() => match self.parse_number()?.as_i64() {
                Some(index) => Ok(Selector::Index(index)),
                None => self.error("an index must be an integer"),
            },
            Some(':') => self.error("slices are not supported; list the indices"),
            _ => self.error("expected a quoted name, an index, `*` or `?`"),
        }
    }

    /// Parses conditions joined by `||`, which has a lower precedence than `&&`.
    fn parse_or(&mut self) -> Result<Condition, SyntaxError> {
        let mut conditions = vec![self.parse_and()?];
        self.skip_whitespace();
        while self.eat("||") {
            conditions.push(self.parse_and()?);
            self.skip_whitespace();
        }
        Ok(if conditions.len() > 1 {
            Condition::Or(conditions)
        } else {
            conditions.remove(0)
        })
    }

    fn parse_and(&mut self) -> Result<Condition, SyntaxError> {
        let mut conditions = vec![self.parse_condition()?];
        self.skip_whitespace();
        while self.eat("&&") {
            conditions.push(self.parse_condition()?);
            self.skip_whitespace();
        }
        Ok(if conditions.len() > 1 {
            Condition::And(conditions)
        } else {
            conditions.remove(0)
        })
    }

    fn parse_condition(&mut self) -> Result<Condition, SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.error("the condition is nested too deeply");
        }
        let condition = self.parse_operand();
        self.depth -= 1;
        condition
    }

    fn parse_operand(&mut self) -> Result<Condition, SyntaxError> {
        self.skip_whitespace();
        if self.eat("!") {
            return Ok(Condition::Not(Box::new(self.parse_condition()?)));
        }
        if self.eat("(") {
            let inner = self.parse_or()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if !self.eat("@") {
            return self.error("expected `@`; functions are not supported");
        }
        let mut path = Vec::new();
        while let Some('.' | '[') = self.peek() {
            path.push(self.parse_path_step()?);
        }
        self.skip_whitespace();
        if self.eat("==") {
            return Ok(Condition::Equal(path, self.parse_literal()?));
        }
        if self.eat("!=") {
            return Ok(Condition::NotEqual(path, self.parse_literal()?));
        }
        if let Some('<' | '>' | '=') = self.peek() {
            return self.error("only the operators `==` and `!=` are supported");
        }
        Ok(Condition::Exists(path))
    }

    /// Parses one step of a path in a condition. It selects at most one node.
    fn parse_path_step(&mut self) -> Result<Selector, SyntaxError> {
        let start = self.next;
        let mut segment = self.parse_segment()?;
        match segment.selectors.pop() {
            Some(one @ (Selector::Name(_) | Selector::Index(_)))
                if segment.selectors.is_empty() && !segment.is_recursive =>
            {
                Ok(one)
            }
            _ => {
                self.next = start;
                self.error("in a condition, a step must be one name or one index")
            }
        }
    }

    fn parse_literal(&mut self) -> Result<Value, SyntaxError> {
        self.skip_whitespace();
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
            Some('\'' | '"') => Ok(self.parse_string()?.into()),
            Some(c) if c == '-' || c.is_ascii_digit() => self.parse_number(),
            _ => self.error("expected a quoted string, a number, `true`, `false` or `null`"),
        }
    }

    fn parse_number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.next;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))
        {
            self.next += 1;
        }
        let text: String = self
            .chars
            .get(start..self.next)
            .unwrap_or_default()
            .iter()
            .collect();
        match serde_json::from_str(&text) {
            Ok(number) => Ok(number),
            Err(_) => self.error(format!("`{text}` is not a number")),
        }
    }

    /// Parses a string in single or double quotes. Supports the escapes of quotes, slashes, `\n` and `\t`.
    fn parse_string(&mut self) -> Result<String, SyntaxError> {
        let quote = self.bump();
        let mut out = String::new();
        loop {
            match self.bump() {
                None => return self.error("the string has no closing quote"),
                c if c == quote => return Ok(out),
                Some('\\') => match self.bump() {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some(c @ ('\\' | '\'' | '"' | '/')) => out.push(c),
                    _ => {
                        return self
                            .error("invalid escape: use `\\` before a quote, a slash, `n` or `t`");
                    }
                },
                Some(c) => out.push(c),
            }
        }
    }
}
