#!/usr/bin/env bash
# Installs valgrind, which counts the instructions of a call for the budget. Does nothing if it is installed.
set -euo pipefail

if command -v valgrind >/dev/null; then
    exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "scripts/install-valgrind.sh: valgrind is missing; install it with the system's package manager" >&2
    exit 1
fi
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends valgrind libc6-dbg >&2
