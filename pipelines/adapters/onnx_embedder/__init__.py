"""The local embedding model: all-MiniLM-L6-v2 on the CPU. No other package knows onnxruntime or tokenizers."""

from pipelines.adapters.onnx_embedder.embedder import OnnxEmbedder


__all__ = ["OnnxEmbedder"]
