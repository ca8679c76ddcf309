//! Guarantees of `names.lock`: additions to a document do not change existing names.

use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::lock::{Members, NamesLock, OldName};
use observatory_codegen::pipeline::Output;
use observatory_codegen::plan::RuntimeDependency;
use observatory_tests::fixtures::Fixture;

fn fixture() -> Fixture {
    Fixture::named("names_locked")
}

fn lock_of_fixture() -> NamesLock {
    NamesLock::load(Path::new("fixtures/names_locked.lock")).unwrap()
}

fn generate_with_lock(lock: NamesLock) -> Output {
    let fixture = fixture();
    let mut vendor = Config::default();
    vendor.names.lock = lock;
    let output = fixture.generate_with(&fixture.document, &vendor, RuntimeDependency::Workspace);
    output.unwrap()
}

/// Returns the names of `before` that programs can no longer use in `after`.
fn missing_names(before: &NamesLock, after: &NamesLock) -> Vec<String> {
    let mut missing = Vec::new();
    for (place, old) in &before.operations {
        let Some(new) = after.operations.get(place) else {
            continue;
        };
        let is_old =
            |was: &OldName| was.name == old.name && was.request.as_ref() == Some(&old.request);
        let same = (&new.name, &new.request) == (&old.name, &old.request);
        if !same && !new.previous_names.iter().any(is_old) {
            missing.push(format!("{place}: {}", old.name));
        }
        missing.extend(changed_members(place, &old.members, &new.members));
    }
    for (place, old) in &before.types {
        let has_name = |name: &String| *name == old.name;
        let mut types = after.types.values();
        let new = types.find(|new| {
            has_name(&new.name) || new.previous_names.iter().any(|was| has_name(&was.name))
        });
        let Some(new) = new else {
            missing.push(format!("{place}: {}", old.name));
            continue;
        };
        if old.catch_all != new.catch_all {
            missing.push(format!("{place}: {:?}", old.catch_all));
        }
        missing.extend(changed_members(place, &old.members, &new.members));
    }
    missing
}

fn changed_members(place: &str, old: &Members, new: &Members) -> Vec<String> {
    let changed = old
        .iter()
        .filter(|(wire, name)| new.get(*wire) != Some(*name));
    changed
        .map(|(wire, name)| format!("{place}, {wire}: {name}"))
        .collect()
}

/// The lock contains digests of shapes. If their computation changed, renamed types would no longer be recognized.
#[test]
fn lock_is_reproducible() {
    let document = Path::new("fixtures/names_locked/before.yaml");
    let output =
        fixture().generate_with(document, &Config::default(), RuntimeDependency::Workspace);
    let lock = output.unwrap().plan.lock;
    assert_eq!(
        lock,
        lock_of_fixture(),
        "{}",
        lock.to_toml("cargo test -p observatory-tests")
    );
}

#[test]
fn additions_rename_nothing() {
    let before = lock_of_fixture();
    let after = generate_with_lock(before.clone()).plan.lock;
    assert_eq!(missing_names(&before, &after), Vec::<String>::new());
    assert!(after.operations.len() > before.operations.len());
    assert!(after.types.len() > before.types.len());
}

/// The fixture has an addition that would change a name of each kind; otherwise the test above would prove nothing.
#[test]
fn additions_without_lock_rename() {
    let missing = missing_names(
        &lock_of_fixture(),
        &generate_with_lock(NamesLock::default()).plan.lock,
    );
    let expected = [
        "#/paths/~1things/get: list",
        "#/paths/~1things/get, body: body",
        "#/paths/~1things~1{id}/get: get",
        "#/components/schemas/OldName: OldName",
        "#/components/schemas/OldName/properties/parts/items: OldNamePart",
        "#/components/schemas/user, user_id: user_id",
        "#/components/schemas/user/properties/state: UserState",
    ];
    for expected in expected {
        assert!(
            missing.iter().any(|name| name == expected),
            "{expected}: {missing:#?}"
        );
    }
}

#[test]
fn written_lock_is_stable() {
    let once = generate_with_lock(lock_of_fixture());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written.lock");
    std::fs::write(&file, once.plan.lock.to_toml("a command")).unwrap();
    let read = NamesLock::load(&file).unwrap();
    assert_eq!(read, once.plan.lock);
    let twice = generate_with_lock(read);
    assert_eq!(twice.plan.lock, once.plan.lock);
    assert_eq!(twice.files, once.files);
}

/// Deprecated names are generated until the version in the lock.
#[test]
fn removes_expired_deprecated_names() {
    let mut lock = generate_with_lock(lock_of_fixture()).plan.lock;
    let text = |output: &Output| -> String { output.files.iter().map(|(_, text)| text).collect() };
    assert!(text(&generate_with_lock(lock.clone())).contains("pub type OldName = NewName;"));
    for names in lock.types.values_mut() {
        names
            .previous_names
            .iter_mut()
            .for_each(|was| was.removed_in = "0.1.0".to_owned());
    }
    for names in lock.operations.values_mut() {
        names
            .previous_names
            .iter_mut()
            .for_each(|was| was.removed_in = "0.1.0".to_owned());
    }
    let expired = generate_with_lock(lock);
    assert!(!text(&expired).contains("#[deprecated"));
    assert!(
        expired
            .plan
            .lock
            .types
            .values()
            .all(|names| names.previous_names.is_empty())
    );
}

/// An item that is renamed back gets its first name, and the name in between is deprecated.
#[test]
fn supports_renaming_back() {
    let lock = generate_with_lock(lock_of_fixture()).plan.lock;
    let document = Path::new("fixtures/names_locked/before.yaml");
    let mut vendor = Config::default();
    vendor.names.lock = lock;
    let output = fixture().generate_with(document, &vendor, RuntimeDependency::Workspace);
    let lock = output.unwrap().plan.lock;
    let describe = |name: &str, was: &[OldName]| {
        let was: Vec<&str> = was.iter().map(|was| was.name.as_str()).collect();
        format!("{name}, was {}", was.join(", "))
    };
    let operation = &lock.operations["#/paths/~1things~1{id}/get"];
    let schema = &lock.types["#/components/schemas/OldName"];
    let operation = describe(&operation.name, &operation.previous_names);
    assert_eq!(operation, "get, was fetch");
    assert_eq!(
        describe(&schema.name, &schema.previous_names),
        "OldName, was NewName"
    );
}

/// With two removed schemas of equal shape and one new schema, either could be its previous name.
#[test]
fn does_not_guess_ambiguous_renames() {
    let mut lock = lock_of_fixture();
    let old = lock
        .types
        .get("#/components/schemas/OldName")
        .unwrap()
        .clone();
    lock.types
        .insert("#/components/schemas/OlderName".to_owned(), old);
    let types = generate_with_lock(lock).plan.lock.types;
    assert!(
        types
            .get("#/components/schemas/NewName")
            .unwrap()
            .previous_names
            .is_empty()
    );
}

/// Renaming a path variable does not change the operation or its types.
#[test]
fn path_variables_can_be_renamed() {
    let document = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/things/{id}": {"get": {
        "operationId": "OP", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object",
        "properties": {"in": {"type": "object", "properties": {"a": {"type": "string"}}}}}}}}}}}}}"#;
    let generate_lock = |name: &str, text: &str, lock: NamesLock| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&file, text).unwrap();
        let mut vendor = Config::default();
        vendor.names.lock = lock;
        let output = fixture().generate_with(&file, &vendor, RuntimeDependency::Workspace);
        output.unwrap().plan.lock
    };
    let before = generate_lock(
        "id.json",
        &document.replace("OP", "getIt"),
        NamesLock::default(),
    );
    let other = document
        .replace("{id}", "{thing}")
        .replace("\"id\"", "\"thing\"");
    let after = generate_lock(
        "thing.json",
        &other.replace("OP", "fetchIt"),
        before.clone(),
    );
    let place = "#/paths/~1things~1{thing}/get";
    let was = &after.operations.get(place).unwrap().previous_names;
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

/// A name in `vendor.toml` replaces the existing one, which is deprecated.
#[test]
fn configured_names_replace_locked_names() {
    let fixture = fixture();
    let mut vendor = Config::default();
    vendor.names.lock = lock_of_fixture();
    let given = [
        ("#/components/schemas/user", "Person"),
        ("#/paths/~1things/get", "all things"),
    ];
    let given = given.map(|(place, name)| (place.to_owned(), name.to_owned()));
    vendor.names.rename.extend(given);
    let output = fixture.generate_with(&fixture.document, &vendor, RuntimeDependency::Workspace);
    let lock = output.unwrap().plan.lock;
    let person = lock.types.get("#/components/schemas/user").unwrap();
    assert_eq!(
        (person.name.as_str(), person.previous_names[0].name.as_str()),
        ("Person", "User")
    );
    let all = lock.operations.get("#/paths/~1things/get").unwrap();
    assert_eq!(
        (all.name.as_str(), all.previous_names[0].name.as_str()),
        ("all_things", "list")
    );
}
