#!/bin/sh
# JSON Schemas out of Slack's own published types, into a folder outside of the repository.
# usage: make_schemas.sh FOLDER -> FOLDER/{Shapes,Calls,OtherCalls}.json. Needs node >= 18, npm and a registry.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/package.json" "$here/package-lock.json" "$here/shapes.ts" "$1"
cd "$1"
npm ci --silent --no-audit --no-fund --ignore-scripts
for type in Shapes Calls OtherCalls; do
  node_modules/.bin/ts-json-schema-generator --path shapes.ts --no-type-check --type "$type" -o "$type.json"
done
