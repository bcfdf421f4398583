"""What is said when there is no answer yet. The same whether nothing exists or it may not be read."""

WHICH_ONE = "The documents answer this in more than one way. Which one do you mean?"
NOTHING_SYNCED = "No knowledge base holds any document yet: add one and sync it."
NO_CONTENT = "Please ask a whole question: these words alone name nothing that could be looked up."
NOT_FOUND = "The knowledge bases that you can read do not answer this."
NOT_IN_FILES = "The files that came with the question do not answer it."
NOT_SAID = (
    "The knowledge bases that you can read do not answer this. The documents below come closest, but do not say it."
)
