#!/usr/bin/env bash
# Installs the server Arize Phoenix from PyPI into target/phoenix, for tests/tests/generator/phoenix.rs. Does nothing if it
# is installed. Needs Python 3.10 to 3.13 with pip, and 900 MB.
set -euo pipefail
cd "$(dirname "$0")/.."

# Phoenix and its dependencies with their versions. To update, run `pip install arize-phoenix` in an empty environment and
# write the output of `pip freeze` to this file.
pins=scripts/phoenix.txt
folder=target/phoenix

if cmp --silent "$pins" "$folder/pins"; then
    exit 0
fi
if ! command -v python3 >/dev/null; then
    echo "scripts/install-phoenix.sh: python3 is missing; install Python 3.10 to 3.13" >&2
    exit 1
fi
# The copy of the pins is written last, so that an interrupted installation is not used. A virtual environment cannot be
# moved, since its scripts contain the path of their interpreter.
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: --requirement "$pins" >&2
cp "$pins" "$folder/pins"
