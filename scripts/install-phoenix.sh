#!/usr/bin/env bash
# Installs Arize Phoenix, a real server that tests/tests/phoenix.rs starts, from PyPI into target/phoenix; does nothing
# where it is. Needs Python 3.10 to 3.13 with pip, and 900 MB.
set -euo pipefail
cd "$(dirname "$0")/.."

# Phoenix and all that it needs, each in one version. To update: `pip install arize-phoenix` into an empty environment,
# and write down what `pip freeze` says there.
pins=scripts/phoenix.txt
folder=target/phoenix

if cmp --silent "$pins" "$folder/pins"; then
    exit 0
fi
if ! command -v python3 >/dev/null; then
    echo "scripts/install-phoenix.sh: there is no python3; install Python 3.10 to 3.13" >&2
    exit 1
fi
# What it was installed from is written last, so that an installation broken off does not count. An environment cannot
# be moved: its scripts name their interpreter by path.
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: --requirement "$pins" >&2
cp "$pins" "$folder/pins"
