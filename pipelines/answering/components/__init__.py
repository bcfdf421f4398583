"""The nodes of the answering graph, one file each."""
