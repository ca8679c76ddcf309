//! What `names.lock` promises: whatever is added to a document, nobody's names change.

use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::lock::{Members, NamesLock, OldName};
use observatory_codegen::pipeline::Output;
use observatory_codegen::plan::Runtime;
use observatory_tests::fixtures::{Fixture, all};

fn fixture() -> Fixture {
    let named = |fixture: &Fixture| fixture.name == "names_locked";
    all().into_iter().find(named).unwrap()
}

fn before() -> NamesLock {
    NamesLock::load(Path::new("fixtures/names_locked.lock")).unwrap()
}

fn made(lock: NamesLock) -> Output {
    let fixture = fixture();
    let mut vendor = Config::default();
    vendor.names.lock = lock;
    let made = fixture.make_with(&fixture.document, &vendor, Runtime::Workspace);
    made.unwrap()
}

/// What a program that was written for `before` can no longer name in `after`.
fn missing(before: &NamesLock, after: &NamesLock) -> Vec<String> {
    let mut missing = Vec::new();
    for (place, old) in &before.operations {
        let Some(new) = after.operations.get(place) else {
            continue;
        };
        let is_old =
            |was: &OldName| was.name == old.name && was.request.as_ref() == Some(&old.request);
        let same = (&new.name, &new.request) == (&old.name, &old.request);
        if !same && !new.was.iter().any(is_old) {
            missing.push(format!("{place}: {}", old.name));
        }
        missing.extend(lost(place, &old.members, &new.members));
    }
    for (place, old) in &before.types {
        let called = |name: &String| *name == old.name;
        let mut types = after.types.values();
        let new =
            types.find(|new| called(&new.name) || new.was.iter().any(|was| called(&was.name)));
        let Some(new) = new else {
            missing.push(format!("{place}: {}", old.name));
            continue;
        };
        if old.rest != new.rest {
            missing.push(format!("{place}: {:?}", old.rest));
        }
        missing.extend(lost(place, &old.members, &new.members));
    }
    missing
}

fn lost(place: &str, old: &Members, new: &Members) -> Vec<String> {
    let lost = old
        .iter()
        .filter(|(wire, name)| new.get(*wire) != Some(*name));
    lost.map(|(wire, name)| format!("{place}, {wire}: {name}"))
        .collect()
}

/// The digests of shapes among it: with others, nothing that is renamed would be known again.
#[test]
fn the_lock_is_what_it_was_when_it_was_written() {
    let document = Path::new("fixtures/names_locked/before.yaml");
    let made = fixture().make_with(document, &Config::default(), Runtime::Workspace);
    let lock = made.unwrap().plan.lock;
    assert_eq!(
        lock,
        before(),
        "{}",
        lock.text("cargo test -p observatory-tests")
    );
}

#[test]
fn what_is_added_renames_nothing() {
    let before = before();
    let after = made(before.clone()).plan.lock;
    assert_eq!(missing(&before, &after), Vec::<String>::new());
    assert!(after.operations.len() > before.operations.len());
    assert!(after.types.len() > before.types.len());
}

/// The fixture adds something in the way of every kind of name; else the test above would say nothing.
#[test]
fn without_the_lock_it_would() {
    let missing = missing(&before(), &made(NamesLock::default()).plan.lock);
    let wanted = [
        "#/paths/~1things/get: list_things",
        "#/paths/~1things/get, body: body",
        "#/paths/~1things~1{id}/get: get_thing",
        "#/components/schemas/OldName: OldName",
        "#/components/schemas/OldName/properties/parts/items: OldNamePartsItem",
        "#/components/schemas/user, user_id: user_id",
        "#/components/schemas/user/properties/state: UserState",
    ];
    for wanted in wanted {
        assert!(
            missing.iter().any(|lost| lost == wanted),
            "{wanted}: {missing:#?}"
        );
    }
}

#[test]
fn what_is_written_reads_back_and_changes_nothing_more() {
    let once = made(before());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("again.lock");
    std::fs::write(&file, once.plan.lock.text("a command")).unwrap();
    let read = NamesLock::load(&file).unwrap();
    assert_eq!(read, once.plan.lock);
    let twice = made(read);
    assert_eq!(twice.plan.lock, once.plan.lock);
    assert_eq!(twice.files, once.files);
}

/// An old name is there for the releases that its line names, and no longer.
#[test]
fn old_names_go() {
    let mut lock = made(before()).plan.lock;
    let text = |made: &Output| -> String { made.files.iter().map(|(_, text)| text).collect() };
    assert!(text(&made(lock.clone())).contains("pub type OldName = NewName;"));
    for names in lock.types.values_mut() {
        names
            .was
            .iter_mut()
            .for_each(|was| was.until = "0.1.0".to_owned());
    }
    for names in lock.operations.values_mut() {
        names
            .was
            .iter_mut()
            .for_each(|was| was.until = "0.1.0".to_owned());
    }
    let gone = made(lock);
    assert!(!text(&gone).contains("#[deprecated"));
    assert!(
        gone.plan
            .lock
            .types
            .values()
            .all(|names| names.was.is_empty())
    );
}

/// What is called again what it was called before has that name, and keeps the one in between.
#[test]
fn what_was_renamed_may_be_renamed_back() {
    let lock = made(before()).plan.lock;
    let document = Path::new("fixtures/names_locked/before.yaml");
    let mut vendor = Config::default();
    vendor.names.lock = lock;
    let made = fixture().make_with(document, &vendor, Runtime::Workspace);
    let lock = made.unwrap().plan.lock;
    let called = |name: &str, was: &[OldName]| {
        let was: Vec<&str> = was.iter().map(|was| was.name.as_str()).collect();
        format!("{name}, was {}", was.join(", "))
    };
    let operation = &lock.operations["#/paths/~1things~1{id}/get"];
    let schema = &lock.types["#/components/schemas/OldName"];
    let operation = called(&operation.name, &operation.was);
    assert_eq!(operation, "get_thing, was fetch_thing");
    assert_eq!(called(&schema.name, &schema.was), "OldName, was NewName");
}

/// Two schemas that are gone and one that is new: nobody can tell which of the two it was.
#[test]
fn what_cannot_be_told_is_not_guessed() {
    let mut lock = before();
    let old = lock
        .types
        .get("#/components/schemas/OldName")
        .unwrap()
        .clone();
    lock.types
        .insert("#/components/schemas/OlderName".to_owned(), old);
    let types = made(lock).plan.lock.types;
    assert!(
        types
            .get("#/components/schemas/NewName")
            .unwrap()
            .was
            .is_empty()
    );
}

/// What is variable in a path may be called otherwise: the operation is the same, and so are the types in it.
#[test]
fn variables_of_paths_may_be_renamed() {
    let document = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/things/{id}": {"get": {
        "operationId": "OP", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object",
        "properties": {"in": {"type": "object", "properties": {"a": {"type": "string"}}}}}}}}}}}}}"#;
    let made = |name: &str, text: &str, lock: NamesLock| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&file, text).unwrap();
        let mut vendor = Config::default();
        vendor.names.lock = lock;
        let made = fixture().make_with(&file, &vendor, Runtime::Workspace);
        made.unwrap().plan.lock
    };
    let before = made(
        "id.json",
        &document.replace("OP", "getIt"),
        NamesLock::default(),
    );
    let other = document
        .replace("{id}", "{thing}")
        .replace("\"id\"", "\"thing\"");
    let after = made(
        "thing.json",
        &other.replace("OP", "fetchIt"),
        before.clone(),
    );
    let place = "#/paths/~1things~1{thing}/get";
    let was = &after.operations.get(place).unwrap().was;
    assert_eq!(
        was[0].name,
        before.operations["#/paths/~1things~1{id}/get"].name
    );
    let names = |lock: &NamesLock| -> Vec<String> {
        lock.types
            .values()
            .map(|names| names.name.clone())
            .collect()
    };
    assert!(names(&before).len() > 1);
    assert_eq!(names(&after), names(&before));
}

/// A name that `vendor.toml` gives is the name, and the one before it is kept for a while.
#[test]
fn a_name_given_by_hand_is_new_too() {
    let fixture = fixture();
    let mut vendor = Config::default();
    vendor.names.lock = before();
    let given = [
        ("#/components/schemas/user", "Person"),
        ("#/paths/~1things/get", "all things"),
    ];
    let given = given.map(|(place, name)| (place.to_owned(), name.to_owned()));
    vendor.names.rename.extend(given);
    let made = fixture.make_with(&fixture.document, &vendor, Runtime::Workspace);
    let lock = made.unwrap().plan.lock;
    let person = lock.types.get("#/components/schemas/user").unwrap();
    assert_eq!(
        (person.name.as_str(), person.was[0].name.as_str()),
        ("Person", "User")
    );
    let all = lock.operations.get("#/paths/~1things/get").unwrap();
    assert_eq!(
        (all.name.as_str(), all.was[0].name.as_str()),
        ("all_things", "list_things")
    );
}
