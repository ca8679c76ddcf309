//! The generated module works as a generated crate does.

use build_script_user::library::models::{Book, BookStatus, Member};
use build_script_user::library::{Client, Value};

#[test]
fn models_keep_their_values() {
    let text = r#"{"name": "Ada", "books": [{"title": "Emma", "status": "lent"}]}"#;
    let json: Value = serde_json::from_str(text).unwrap();
    let member: Member = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(member.books, [Book::new("Emma").status(BookStatus::Lent)]);
    assert_eq!(serde_json::to_value(&member).unwrap(), json);
}

#[test]
fn client_has_a_method_per_resource() {
    let client = Client::builder().build().unwrap();
    let _books = client.books();
    let _members = client.members();
}
