//! `vendor.toml`: what is refused, and where.

use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::diag::Code;

/// The code and the message that a text is refused with.
fn refused(text: &str) -> Option<(Code, String)> {
    let error = Config::parse(Path::new("vendor.toml"), text).err()?;
    Some((error.code(), error.to_string()))
}

#[test]
fn what_serde_refuses_has_its_line() {
    for text in [
        "title = \"A\"\ntitel = \"B\"",
        "title = \"A\"\nserver = 1",
        "title = \"A\"\nnames = [",
    ] {
        let (code, message) = refused(text).unwrap_or((Code::Internal, String::new()));
        assert_eq!(code, Code::Syntax);
        assert!(message.starts_with("vendor.toml:2:"), "{message}");
    }
}

#[test]
fn what_nobody_can_mean_has_its_line() {
    let good = "[[accept]]\ncode = \"unsupported-schema\"\npointer = \"#/a\"\nreason = \"r\"\n";
    assert_eq!(refused(good), None);
    let cases = [
        (
            "code = \"nonsense\"\npointer = \"#/a\"\nreason = \"r\"",
            "`nonsense` is no diagnostic's code",
        ),
        (
            "code = \"internal\"\npointer = \"/a\"\nreason = \"r\"",
            "`pointer` names a place",
        ),
        (
            "code = \"internal\"\npointer = \"#/a\"\nreason = \" \"",
            "an accepted gap has a `reason`",
        ),
    ];
    for (case, wanted) in cases {
        let (code, message) = refused(&format!("{good}[[accept]]\n{case}\n"))
            .unwrap_or((Code::Internal, String::new()));
        assert_eq!(code, Code::Config);
        assert!(
            message.starts_with(&format!("vendor.toml:5: {wanted}")),
            "{message}"
        );
    }
    for text in [
        "[[server]]\nname = \"a\"",
        "[[server]]\nname = \"a\"\nurl = \"https://a.example\"\n[[server]]\nname = \"a\"\nurl = \"https://b.example\"",
        "[[credential]]\nenv = [\"A\"]",
        "[base-url.derive]\nenv = \"A\"\nrule = [{contains = [\"a\"]}]",
        "[base-url.derive]\nenv = \"A\"\nrule = [{replace = \"a\"}]",
        "[[envelope]]\nerror = \"e\"",
        "[[retry]]\nidempotent = [\"a\"]",
        "[[retry]]\nreason = \"it only reads\"",
    ] {
        assert_eq!(
            refused(text).map(|(code, _)| code),
            Some(Code::Config),
            "{text}"
        );
    }
}
