#!/bin/sh
# Installs the servers that `make test-engines` runs, where they are missing: Redis and PostgreSQL by apt,
# Weaviate by `go install` (Go 1.26 or newer; five minutes once, 2 GB of build cache). For Debian and its children.
# Nothing is started and no service is set up: the tests start servers of their own.
set -eu

PATH="$PATH:/usr/local/go/bin"
weaviate=v1.39.0
go_needed=26

missing=""
command -v redis-server >/dev/null || missing="$missing redis-server"
[ -n "$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null)" ] || command -v postgres >/dev/null || missing="$missing postgresql"
command -v git >/dev/null || missing="$missing git"
if [ -n "$missing" ]; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    # RUNLEVEL=1: what is installed is not started.
    $as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get update -q
    # shellcheck disable=SC2086 - several names
    $as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
fi

# The folder in which tests/servers.py looks besides the PATH.
bin="${GOBIN:-${GOPATH:-$HOME/go}/bin}"
if ! command -v weaviate-server >/dev/null && [ ! -x "$bin/weaviate-server" ]; then
    minor=$(go version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
    if [ "${minor:-0}" -lt "$go_needed" ]; then
        echo "Weaviate needs Go 1.$go_needed or newer to be built: install it from your system or go.dev, then run this again" >&2
        exit 1
    fi
    GOBIN="$bin" go install "github.com/weaviate/weaviate/cmd/weaviate-server@$weaviate"
fi
