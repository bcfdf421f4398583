"""Sentences about evaluations, one function per sentence."""


def set_not_there(name: str, folder: str) -> str:
    """Say that a set was skipped."""
    return f"{name}: no such folder, and none of this name in {folder} (FOOTNOTE_EVALDATA): skipped"


def no_sets(folder: str) -> str:
    """Say that there is nothing to evaluate."""
    return f"no evaluation sets in {folder}: name their folders, or set FOOTNOTE_EVALDATA; nothing was measured"


def results_kept(folder: str) -> str:
    """Say where the results lie."""
    return f"answers.jsonl and scores.json of each set are in {folder}"


def without_questions(name: str, documents: int) -> str:
    """Say that a set has nothing to ask."""
    return f"{name}: {documents} documents were read in; the set asks nothing"
