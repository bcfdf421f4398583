"""From files to staged chunks: reading, chunking, syncing. Knows ports, never an adapter."""
