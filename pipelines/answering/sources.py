"""A passage as the model reads it and as its sentences are judged by it: the same words in both."""

from pipelines.answering.extracting.shapes import Candidate
from pipelines.answering.prompts import PromptSource
from pipelines.answering.verifying import EvidencePassage
from pipelines.domain.citations import HEADING_SEPARATOR


def prompt_source(source: Candidate) -> PromptSource:
    """Return a passage for the prompt, below what its first list or table begins with."""
    passage = source.passage
    lead, text = lead_text(source), passage_text(source)
    section = HEADING_SEPARATOR.join(passage.passage.heading_path)
    return PromptSource(passage.title, section, passage.date or "", f"{lead}\n{text}" if lead else text)


def evidence_passage(source: Candidate) -> EvidencePassage:
    """Return a passage to judge sentences by."""
    passage = source.passage.passage
    return EvidencePassage(passage_text(source), source.passage.title, passage.heading_path, lead_text(source))


def passage_text(source: Candidate) -> str:
    """Return the passage's own text, from whose beginning proofs count."""
    return source.text[source.passage.passage.start : source.passage.passage.end]


def lead_text(source: Candidate) -> str:
    """Return the sentence before the list, or the header of the table, that began before the passage; or nothing."""
    passage = source.passage.passage
    leads = dict.fromkeys(one.lead for one in passage.blocks if one.lead is not None and one.lead[1] <= passage.start)
    return "\n".join(source.text[start:end] for start, end in leads)
