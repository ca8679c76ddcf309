#!/usr/bin/env bash
# Installs the Python program NAME from PyPI into a virtual environment, target/NAME, with the versions in scripts/NAME.txt.
# Does nothing if it is installed. Needs Python 3.11 to 3.13 with pip.
set -euo pipefail
cd "$(dirname "$0")/.."

name="$1"
pins="scripts/$name.txt"
folder="target/$name"

if cmp --silent "$pins" "$folder/pins"; then
    exit 0
fi
if ! command -v python3 >/dev/null; then
    echo "scripts/install-$name.sh: python3 is missing; install Python 3.11 to 3.13" >&2
    exit 1
fi
# The copy of the pins is written last, so that an interrupted installation is not used. A virtual environment cannot be
# moved, since its scripts contain the path of their interpreter.
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: --requirement "$pins" >&2
cp "$pins" "$folder/pins"
