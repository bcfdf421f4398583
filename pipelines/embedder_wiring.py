"""
Settings and generations of the index -> embedders: the part of the wiring that knows which there are.

The settings name the embedder that is wanted; the one that questions and passages are embedded
with is that of the index, as the records tell it.
"""

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from pipelines.adapters.gone_embedder import GoneEmbedder
from pipelines.domain.embedding_models import EmbeddingModel
from pipelines.domain.index_generations import Generation
from pipelines.errors import BadSettings


if TYPE_CHECKING:
    from pydantic import SecretStr

    from pipelines.adapters.openai_models.server import OpenAIServer
    from pipelines.part_wiring import FootnoteParts
    from pipelines.ports.embedder import Embedder
    from pipelines.settings import Settings

_MINILM: Mapping[str, Any] = {"kind": "minilm"}
_OPENAI = "openai"


def open_embedder(settings: "Settings") -> "Embedder | None":
    """Return the embedder that the settings want; None for words only. Nothing is loaded or connected yet."""
    if settings.embedder == "none":
        return None
    if settings.embedder == "minilm":
        return _minilm(settings)
    wanted = settings.embedding.wanted
    if wanted is None:
        raise BadSettings("FOOTNOTE_EMBEDDER is openai: set FOOTNOTE_EMBEDDING__MODEL and its DIMENSIONS")
    return _behind_a_server(settings, wanted, former=False)


class Embedders:
    """The embedders of the index's generations, each opened once. Safe between threads."""

    def __init__(self, footnote: "FootnoteParts") -> None:
        self._footnote = footnote
        self._lock = Lock()
        self._opened: dict[str, Embedder] = {}

    def wanted(self, number: int, analyser: str) -> Generation:
        """Return what a generation is made with today, by the settings."""
        model = self._footnote.settings.embedding.wanted
        if self._footnote.settings.embedder == _OPENAI and model is not None and "embedder" not in vars(self._footnote):
            # Known without the client, whose modules take a second to load.
            return Generation(number, model.name, model.dimensions, analyser, self._maker(model.name))
        embedder = self._footnote.embedder
        if embedder is None:
            return Generation(number, None, 0, analyser)
        return Generation(number, embedder.name, embedder.dimensions, analyser, self._maker(embedder.name))

    def of(self, generation: Generation) -> "Embedder | None":
        """Return the embedder of a generation; None for words only. One that is gone says so when it is asked."""
        wanted = self._footnote.embedder
        if generation.embedder is None or (wanted is not None and wanted.name == generation.embedder):
            return wanted if generation.embedder else None
        with self._lock:
            found = self._opened.get(generation.embedder) or self._reopened(generation)
            if found is None or found.name != generation.embedder:
                found = GoneEmbedder(generation.embedder, generation.dimensions)
            self._opened[found.name] = found
            return found

    def close(self) -> None:
        """Release connections."""
        with self._lock:
            for one in self._opened.values():
                close_embedder(one)
            self._opened.clear()

    def _maker(self, name: str) -> Mapping[str, Any] | None:
        """Return what an embedder of this name is opened with; None where these settings do not open it."""
        settings = self._footnote.settings
        if settings.embedder == "minilm":
            return _MINILM
        model = settings.embedding.wanted if settings.embedder == _OPENAI else None
        return {"kind": _OPENAI, **model.as_json()} if model is not None and model.name == name else None

    def _reopened(self, generation: Generation) -> "Embedder | None":
        """Return the embedder that a maker tells of."""
        maker, settings = dict(generation.maker or {}), self._footnote.settings
        kind = maker.pop("kind", "")
        if kind == _MINILM["kind"]:
            return _minilm(settings)
        model = EmbeddingModel.from_json(maker) if kind == _OPENAI else None
        has_server = settings.embedding.former_url or settings.embedding.url or settings.openai_base_url
        return _behind_a_server(settings, model, former=True) if model is not None and has_server else None


def close_embedder(embedder: "Embedder | None") -> None:
    """Release the connections of an embedder that has any."""
    close = getattr(embedder, "close", None)
    if close is not None:
        close()


def _minilm(settings: "Settings") -> "Embedder":
    from pipelines.adapters.onnx_embedder import OnnxEmbedder

    return OnnxEmbedder(settings.embed_dir, stamp=settings.data_dir / "model-checked.json")


def _behind_a_server(settings: "Settings", model: EmbeddingModel, *, former: bool) -> "Embedder":
    from pipelines.adapters.openai_embedder import OpenAIEmbedder, Pace

    chosen = settings.embedding
    pace = Pace(chosen.batch, chosen.at_once, chosen.query_seconds, chosen.batch_seconds)
    return OpenAIEmbedder(model, _server(settings, model, former=former), pace)


def _server(settings: "Settings", model: EmbeddingModel, *, former: bool) -> "OpenAIServer":
    """Return where a model is asked; a key goes to its own server alone."""
    from pipelines.adapters.openai_models.server import ModelSettings, OpenAIServer

    chosen, own = settings.embedding, "FOOTNOTE_EMBEDDING__"
    places = [
        (chosen.former_url if former else None, chosen.former_key, f"{own}FORMER_URL", f"{own}FORMER_KEY"),
        (chosen.url, chosen.key, f"{own}URL", f"{own}KEY"),
        (settings.openai_base_url, chosen.key, "OPENAI_BASE_URL", f"{own}KEY")
        if chosen.key
        else (settings.openai_base_url, settings.openai_api_key, "OPENAI_BASE_URL", "OPENAI_API_KEY"),
    ]
    url, key, url_name, key_name = next(one for one in places if one[0] is not None)
    names = ModelSettings(url_name, key_name, f"{own}MODEL", f"{own}BATCH_SECONDS")
    return OpenAIServer(_shown(url) or "", model.model, _shown(key), settings=names)


def _shown(secret: "SecretStr | None") -> str | None:
    return secret.get_secret_value() if secret else None
