"""
Haystack's own graph of a cited answer, of stock components alone, over the passages and vectors of a base of ours.

It knows no rights, no versions and no places, judges no sentence and records nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

from haystack import Document, Pipeline
from haystack.components.builders import AnswerBuilder, ChatPromptBuilder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.dataclasses import ChatMessage, StreamingChunk
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import Secret

from pipelines.answering.prompts import answer_prompt
from pipelines.domain.access import OPERATOR
from pipelines.wiring import Footnote


LISTED = 100
SOURCES = 8
_USER = """<sources>
{% for one in documents %}<source number="{{ loop.index }}" title="{{ one.meta.title }}">
{{ one.content }}
</source>
{% endfor %}</sources>
<question>
{{ question }}
</question>"""


def documents_of(footnote: Footnote, base: str) -> list[Document]:
    """Return the passages that a base shows, with their vectors."""
    records, found = footnote.records, []
    kb = records.bases.get(base)
    scope = records.access.scope(OPERATOR, [base])
    added = {one.chunk_id: one.added_in for one in footnote.index.visible(kb.id, kb.active)}
    for life in records.ledger.documents(kb.id, kb.active):
        text = footnote.blobs.get(life.text_hash).decode()
        passages = [one.passage for one in records.evidence.passages(scope, [(life.id, at) for at in range(900)])]
        keys = [(one.chunk_id, added[one.chunk_id]) for one in passages]
        vectors = {row.row.chunk_id: row.row.vector for row in footnote.index.whole(kb.id, keys)}
        for one in passages:
            vector = vectors[one.chunk_id]
            assert vector is not None
            content = text[one.start : one.end]
            name = f"{life.id}-{one.ordinal}"
            found.append(Document(id=name, content=content, embedding=vector.tolist(), meta={"title": life.title}))
    return found


def stock_graph(documents: Sequence[Document], *, url: str, key: str, model: str) -> Pipeline:
    """Return the graph: both retrievers, reciprocal rank fusion, prompt, model and answer with references."""
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(list(documents))
    rules = answer_prompt("", []).system
    template = [ChatMessage.from_system(rules), ChatMessage.from_user(_USER)]
    graph = Pipeline()
    graph.add_component("words", InMemoryBM25Retriever(store, top_k=LISTED))
    graph.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=LISTED))
    graph.add_component("joined", DocumentJoiner("reciprocal_rank_fusion", top_k=SOURCES))
    graph.add_component("prompt", ChatPromptBuilder(template, required_variables="*"))
    graph.add_component(
        "model",
        OpenAIChatGenerator(
            api_key=Secret.from_token(key), model=model, api_base_url=url, generation_kwargs={"temperature": 0}
        ),
    )
    graph.add_component("answer", AnswerBuilder(reference_pattern=r"\[(\d+)\]"))
    graph.connect("words", "joined")
    graph.connect("vectors", "joined")
    graph.connect("joined", "prompt.documents")
    graph.connect("joined", "answer.documents")
    graph.connect("prompt.prompt", "model.messages")
    graph.connect("model.replies", "answer.replies")
    return graph


def ask_stock(graph: Pipeline, question: str, vector: list[float], heard: Callable[[str], None]) -> Any:
    """Ask; `heard` gets each piece as it comes."""

    def listen(chunk: StreamingChunk) -> None:
        heard(chunk.content)

    result = graph.run(
        {
            "words": {"query": question},
            "vectors": {"query_embedding": vector},
            "prompt": {"question": question},
            "model": {"streaming_callback": listen},
            "answer": {"query": question},
        }
    )
    return result["answer"]["answers"][0]
