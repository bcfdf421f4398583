#!/bin/sh
# Prints the first Python from 3.11 to 3.13 on the PATH; says one sentence if there is none.
for name in python3 python3.13 python3.12 python3.11 python; do
    found=$(command -v "$name") || continue
    if "$found" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        echo "$found"
        exit 0
    fi
    seen="$seen $name is $("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo unusable)."
done
echo "Footnote needs Python 3.11, 3.12 or 3.13, found none on the PATH.${seen} Install one, or name it: make PYTHON=/path/to/python3.12" >&2
exit 1
