"""A base of three versions, for tests that make its index anew elsewhere: documents that come, change and go."""

from pathlib import Path

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.wiring import Footnote


BASE = "handbook"
LEAVE = Question("How many weeks of parental leave are there?", OPERATOR)


def write_documents(folder: Path, count: int = 8, sections: int = 2) -> None:
    """Write documents, and one that answers the question."""
    folder.mkdir(exist_ok=True)
    (folder / "leave.md").write_text("# Leave\n\nThere are twelve weeks of parental leave.\n", encoding="utf-8")
    for number in range(count):
        parts = (f"## Part {at}\n\nTrain {number} to town {at} leaves at {at} o'clock.\n" for at in range(sections))
        (folder / f"{number}.md").write_text(f"# Travel {number}\n\n" + "\n".join(parts), encoding="utf-8")


def install(footnote: Footnote, folder: Path, count: int = 8, sections: int = 2) -> None:
    """Sync three versions: documents that come, change and go, under two rules."""
    write_documents(folder, count, sections)
    footnote.add_base(BASE, folder, OPERATOR)
    footnote.sync(BASE)
    (folder / "0.md").write_text("---\naudience: [group:hr]\n---\n# Travel\n\nNobody travels by train.\n")
    (folder / "1.md").unlink()
    footnote.sync(BASE)
    (folder / "2.md").write_text("# Travel 2\n\nTrain 2 is late.\n", encoding="utf-8")
    footnote.sync(BASE)


def answers(footnote: Footnote) -> bool:
    """Say whether the question is answered."""
    return footnote.ask(LEAVE).outcome is Outcome.ANSWER
