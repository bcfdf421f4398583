"""From a question to the one outcome, step by step (product.md). Knows ports, never adapters."""
