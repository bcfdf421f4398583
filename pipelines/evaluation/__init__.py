"""How good ranking and answers are, on sets that are not part of this repository. Only `footnote eval` uses it."""
