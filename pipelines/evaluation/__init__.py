"""How good ranking and answers are, on sets that are not part of this repository. Nothing of the product imports it."""
