#!/bin/sh
# Writes requirements.lock, tests/requirements.lock and deploy/build.lock from pyproject.toml,
# for every Python from 3.11 on and every platform, with the hash of every file.
# What is locked stays at its version if it may; `deploy/lock.sh --upgrade` takes the newest.
# deploy/model.lock is written by hand: its hash belongs to a graph of ours (deploy/build_minilm_graph.py).
set -eu
cd "$(dirname "$0")/.."

python=$(deploy/find-python.sh "${PYTHON:-}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/tool"
"$folder/tool/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.9

# lock FILE "COMMENT" ARGUMENT...
lock() {
    target=$1
    comment=$2
    shift 2
    if [ -f "$target" ]; then cp "$target" "$folder/lock.txt"; else rm -f "$folder/lock.txt"; fi
    "$folder/tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links --output-file "$folder/lock.txt" "$@" >/dev/null
    { printf '# %s\n# Written by `make lock` from pyproject.toml; do not edit.\n' "$comment"
      sed '/^# [^ ]/d' "$folder/lock.txt"; } >"$folder/commented.txt"
    cat "$folder/commented.txt" >"$target"
}

lock requirements.lock "What runs Footnote." pyproject.toml "$@"
lock tests/requirements.lock "What tests, checks and measures Footnote, besides requirements.lock." \
    --group pyproject.toml:dev --constraint requirements.lock "$@"
lock deploy/build.lock "What builds and installs Footnote's own package." \
    --group pyproject.toml:build --constraint requirements.lock "$@"
