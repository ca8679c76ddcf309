//! Tests of reading and validating `vendor.toml`.

use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::diag::Code;

/// Returns code and message of the error in a `vendor.toml`.
fn config_error(text: &str) -> Option<(Code, String)> {
    let error = Config::parse(Path::new("vendor.toml"), text).err()?;
    Some((error.code(), error.to_string()))
}

#[test]
fn reports_the_line_of_a_syntax_error() {
    for text in [
        "title = \"A\"\ntitel = \"B\"",
        "title = \"A\"\nserver = 1",
        "title = \"A\"\nnames = [",
    ] {
        let (code, message) = config_error(text).unwrap_or((Code::Internal, String::new()));
        assert_eq!(code, Code::Syntax);
        assert!(message.starts_with("vendor.toml:2:"), "{message}");
    }
}

#[test]
fn reports_the_line_of_an_invalid_table() {
    let valid = "[[accept]]\ncode = \"unsupported-schema\"\npointer = \"#/a\"\nreason = \"r\"\n";
    assert_eq!(config_error(valid), None);
    let cases = [
        (
            "code = \"unknown-code\"\npointer = \"#/a\"\nreason = \"r\"",
            "unknown diagnostic code `unknown-code`",
        ),
        (
            "code = \"internal\"\npointer = \"/a\"\nreason = \"r\"",
            "`pointer` must be a JSON pointer",
        ),
        (
            "code = \"internal\"\npointer = \"#/a\"\nreason = \" \"",
            "an accepted gap must have a `reason`",
        ),
    ];
    for (case, expected) in cases {
        let (code, message) = config_error(&format!("{valid}[[accept]]\n{case}\n"))
            .unwrap_or((Code::Internal, String::new()));
        assert_eq!(code, Code::Config);
        assert!(
            message.starts_with(&format!("vendor.toml:5: {expected}")),
            "{message}"
        );
    }
    for text in [
        "[[server]]\nname = \"a\"",
        "[[server]]\nname = \"a\"\nurl = \"https://a.example\"\n[[server]]\nname = \"a\"\nurl = \"https://b.example\"",
        "[[credential]]\nenv = [\"A\"]",
        "[base-url.derive]\nenv = [\"A\"]\nrule = [{contains = [\"a\"]}]",
        "[base-url.derive]\nenv = [\"A\"]\nrule = [{replace = \"a\"}]",
        "[[envelope]]\nerror = \"e\"",
        "[[retry]]\nidempotent = [\"a\"]",
        "[[retry]]\nreason = \"it only reads\"",
        "[guide]\nfeatures = [\"t\"]",
        "[guide]\nfile = \"../guide.md\"",
        "[guide]\nfile = \"guide.txt\"",
        "[[example]]\nname = \"a\"\nfeature = \"t\"",
        "[[example]]\nname = \"a\"\ntext = \"does a\"",
        "[[example]]\nname = \"../a\"\nfeature = \"t\"\ntext = \"does a\"",
        "example = [{name = \"a\", feature = \"t\", text = \"a\"}, {name = \"a\", feature = \"t\", text = \"b\"}]",
    ] {
        assert_eq!(
            config_error(text).map(|(code, _)| code),
            Some(Code::Config),
            "{text}"
        );
    }
}

#[test]
fn reads_the_guide_next_to_the_configuration() {
    let folder = std::env::temp_dir().join(format!("observatory-guide-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = folder.join("vendor.toml");
    std::fs::write(&config, "[guide]\nfile = \"guide.md\"\n").unwrap();
    let missing = Config::load(&config).map_err(|error| error.to_string());
    std::fs::write(folder.join("guide.md"), "Traces have spans.\n").unwrap();
    let guide = Config::load(&config).unwrap().guide.unwrap_or_default();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(guide.text, "Traces have spans.\n");
    let message = missing.err().unwrap_or_default();
    assert!(
        message.contains("guide.md: the guide is missing or empty"),
        "{message}"
    );
}
