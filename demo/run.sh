#!/bin/sh
# Ingests the demonstration knowledge base and asks it three questions.
# Usage: FOOTNOTE_DATA_DIR=folder demo/run.sh path/to/footnote
set -e
footnote=$1
documents=$(cd "$(dirname "$0")" && pwd)/documents

"$footnote" kb status demo >/dev/null 2>&1 || "$footnote" kb add demo "$documents"
"$footnote" kb sync demo
"$footnote" kb access demo --allow everyone >/dev/null

sed '/^#/d; /^$/d' "$(dirname "$0")/ask.txt" | while IFS= read -r question; do
    printf "\n? %s\n\n" "$question"
    "$footnote" ask "$question" </dev/null || [ $? -eq 1 ]
done

cat <<END

This was the demonstration. It lies in $FOOTNOTE_DATA_DIR and can be asked more:
    FOOTNOTE_DATA_DIR=$FOOTNOTE_DATA_DIR $footnote ask "…"
Your own documents:
    $footnote kb add handbook ./my-documents
    $footnote kb sync handbook
    $footnote ask "How many days of parental leave do I get?"
END
