#!/bin/sh
# Resolve pyproject.toml anew into the lock files: hashes, no addresses. Needs uv.
set -eu
cd "$(dirname "$0")/.."
uv lock --quiet "$@"
export_lock() {
    uv export --quiet --no-emit-project --no-annotate --no-header "$@" >/dev/null
}
export_lock --all-extras --no-dev -o requirements.lock
export_lock --all-extras -o requirements-dev.lock
export_lock --only-group node -o requirements-node.lock
