//! What the server does wrong, and what the call must return.

/// What the server does with a request. The first group is the table of failure behavior in ARCHITECTURE.md, in its
/// order; the second one is that of hostile servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    ClosedEarly,
    ResetInBody,
    ShortBody,
    NoLastChunk,
    Stall,
    SlowBytes,
    TruncatedJson,
    WrongContentType,
    GzipBomb,
    Endless,
    HugeLength,
    RetryAfterSecond,
    RetryAfterDate,
    RetryAfterHour,
    Unavailable,
    LargeBody,
    RedirectToOtherHost,
    InvalidUtf8,
    HtmlPage,
    NoContentWithBody,
    TwoContentTypes,
    TwoLengths,
    NotHttp,

    GzipBombInError,
    UnknownEncoding,
    TruncatedGzip,
    ByteOrderMark,
    EndlessError,
    RejectedWithKey,
    MutatedBody,
    PrivateKeys,
    DeepBody,

    /// No fault: a gzipped body.
    Gzip,
    /// No fault: a body in chunks.
    Chunked,
    /// No fault: a body that ends with the connection.
    UntilClose,
    /// No fault.
    None,
}

pub(crate) const ALL: &[Fault] = &[
    Fault::ClosedEarly,
    Fault::ResetInBody,
    Fault::ShortBody,
    Fault::NoLastChunk,
    Fault::Stall,
    Fault::SlowBytes,
    Fault::TruncatedJson,
    Fault::WrongContentType,
    Fault::GzipBomb,
    Fault::Endless,
    Fault::HugeLength,
    Fault::RetryAfterSecond,
    Fault::RetryAfterDate,
    Fault::RetryAfterHour,
    Fault::Unavailable,
    Fault::LargeBody,
    Fault::RedirectToOtherHost,
    Fault::InvalidUtf8,
    Fault::HtmlPage,
    Fault::NoContentWithBody,
    Fault::TwoContentTypes,
    Fault::TwoLengths,
    Fault::NotHttp,
    Fault::GzipBombInError,
    Fault::UnknownEncoding,
    Fault::TruncatedGzip,
    Fault::ByteOrderMark,
    Fault::EndlessError,
    Fault::RejectedWithKey,
    Fault::MutatedBody,
    Fault::PrivateKeys,
    Fault::DeepBody,
    Fault::Gzip,
    Fault::Chunked,
    Fault::UntilClose,
    Fault::None,
];

/// What the last request of a call leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The value that was sent.
    Value,
    /// The value that was sent, or a timeout.
    ValueOrTimeout,
    /// A lost connection.
    Lost,
    Timeout,
    TooLarge,
    /// An error of decoding.
    Decode,
    /// An error with this status.
    Status(u16),
    /// Any value, an error of decoding, or an error in the envelope of the response.
    Any,
}

/// What a fault depends on.
#[derive(Clone, Copy)]
pub(crate) struct Situation {
    /// Whether the response has a body.
    pub(crate) has_body: bool,
    /// Whether the client decodes the body as JSON, and the body is a JSON object, list or text.
    pub(crate) is_json: bool,
}

impl Fault {
    /// Returns the fault if it is possible in this situation, and [`Fault::None`] otherwise.
    pub(crate) fn possible(self, situation: Situation) -> Self {
        use Fault::*;
        let is_possible = match self {
            ClosedEarly | Stall | RetryAfterSecond | RetryAfterDate | RetryAfterHour
            | Unavailable | RedirectToOtherHost | HtmlPage | NotHttp | EndlessError
            | RejectedWithKey | GzipBombInError | NoContentWithBody | None => true,
            TruncatedJson | WrongContentType | LargeBody | InvalidUtf8 | ByteOrderMark
            | UnknownEncoding | PrivateKeys | DeepBody => situation.is_json,
            _ => situation.has_body,
        };
        if is_possible { self } else { None }
    }

    pub(crate) fn expected(self) -> Expected {
        use Fault::*;
        match self {
            ClosedEarly | ResetInBody | ShortBody | NoLastChunk | TwoLengths | NotHttp
            | TruncatedGzip => Expected::Lost,
            Stall => Expected::Timeout,
            SlowBytes => Expected::ValueOrTimeout,
            TruncatedJson | InvalidUtf8 | UnknownEncoding | DeepBody => Expected::Decode,
            GzipBomb | Endless | HugeLength => Expected::TooLarge,
            RetryAfterSecond | RetryAfterDate | RetryAfterHour => Expected::Status(429),
            Unavailable => Expected::Status(503),
            RedirectToOtherHost => Expected::Status(307),
            HtmlPage => Expected::Status(502),
            GzipBombInError => Expected::Status(400),
            EndlessError => Expected::Status(500),
            RejectedWithKey => Expected::Status(422),
            NoContentWithBody | MutatedBody | PrivateKeys => Expected::Any,
            WrongContentType | LargeBody | TwoContentTypes | ByteOrderMark | Gzip | Chunked
            | UntilClose | None => Expected::Value,
        }
    }

    /// Returns whether the server may have processed the request, so that it is not sent again unless that is harmless.
    pub(crate) fn may_have_effect(self) -> bool {
        use Fault::*;
        !matches!(
            self,
            RetryAfterSecond | RetryAfterDate | RetryAfterHour | Unavailable
        )
    }

    /// Returns whether the same request may succeed later.
    pub(crate) fn is_transient(self) -> bool {
        matches!(
            self.expected(),
            Expected::Lost
                | Expected::Timeout
                | Expected::ValueOrTimeout
                | Expected::Status(429 | 502 | 503)
        )
    }
}
