"""A model that writes for a while, about a base whose passage is long enough for that."""

from pathlib import Path

from pipelines.domain.access import OPERATOR
from pipelines.wiring import Footnote
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import Prompt


SENTENCES = (
    "Whoever moves house gets two days off for the removal",
    "The company pays a lorry of up to seven and a half tons",
    "Boxes are delivered to the old flat a week before the day of the removal",
    "Broken furniture is replaced at its value of that day, if it was packed by the removal firm",
    "A second removal within three years is paid by half",
    "Flats abroad are looked for by an agency that the personnel department pays",
    "The new address is told to the personnel department within five days",
    "Keys of the old flat are handed over together with the firm, and what it notes there is signed by both",
    "Parking bans in both streets are ordered by the firm two weeks before",
    "Pets and plants travel with their owner and never in the lorry",
)
QUESTION = "What does the company do when I move house, and what about the removal?"


def model_settings(models: ModelServer) -> dict[str, str]:
    """Return the settings of a Footnote that answers with this model, however often somebody asks the same."""
    return {
        "OPENAI_BASE_URL": models.url,
        "OPENAI_API_KEY": KEY,
        "FOOTNOTE_MODEL": MODEL,
        "FOOTNOTE_MODELS__ANSWERS_PER_PERSON": "0",
        "FOOTNOTE_CACHE__ENABLED": "0",
    }


def writes_for(seconds: float) -> Behaviour:
    """Write each sentence about removals, for so long in all."""
    words = len(_tells_all(Prompt("", "", {1: SENTENCES[0]})).split())
    return Behaviour(write=_tells_all, pause_s=seconds / words)


def add_removals(footnote: Footnote, home: Path) -> None:
    """Add the base about removals, which everyone may read; its documents are put below `home`."""
    folder = home / "removals"
    folder.mkdir()
    (folder / "removals.md").write_text(f"# Removals\n\n{'. '.join(SENTENCES)}.\n")
    base = footnote.add_base("removals", folder, OPERATOR)
    footnote.records.access.set_readers(base.id, ["everyone"], OPERATOR)
    footnote.sync("removals")


def _tells_all(prompt: Prompt) -> str:
    number = next(number for number, text in prompt.sources.items() if SENTENCES[0] in text)
    return " ".join(f"{one}. [{number}]" for one in SENTENCES)
