#!/bin/sh
# Prints the path of a Python from 3.11 to 3.13: the candidate's if one is given, else of the first on the PATH.
# If that does not fit or there is none, one sentence on stderr says so, and the exit code is 2.
candidate=${1:-}
if [ -n "$candidate" ]; then
    set -- "$candidate"
else
    set -- python3 python3.13 python3.12 python3.11 python
fi
seen=
for name in "$@"; do
    found=$(command -v "$name") || continue
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || version=
    case $version in
        3.11 | 3.12 | 3.13)
            echo "$found"
            exit 0
            ;;
    esac
    seen="$seen${seen:+, }$name is ${version:-no Python that runs}"
done
if [ -n "$candidate" ]; then
    why=${seen:-"$candidate is not there"}
else
    why="the PATH has none of them${seen:+ ($seen)}"
fi
echo "Footnote needs Python 3.11, 3.12 or 3.13, and $why: install one, or name it: make PYTHON=/path/to/python3.12" >&2
exit 2
