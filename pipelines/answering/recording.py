"""What is recorded beside an answer, so that it can be replayed."""

from collections.abc import Iterable
from typing import Any

from pipelines.answering.remembered import UsedPassage
from pipelines.domain.conversation import Principal
from pipelines.domain.evidence import Scope


def evidence_record(
    principal: Principal,
    stand_alone: str,
    scope: Scope,
    passages: Iterable[UsedPassage],
    *,
    prompt: str | None = None,
    from_memory: bool = False,
) -> dict[str, Any]:
    """
    Return the record's JSON.

    Args:
        principal: who asked; their readers are the rights that were used.
        stand_alone: the question as it was searched.
        scope: the versions that were searched.
        passages: what the answer was made of, best first.
        prompt: digest of what a model was told; None where none was asked.
        from_memory: it was remembered and confirmed, not made anew.

    """
    return {
        "stand_alone": stand_alone,
        "versions": {str(kb): version for kb, version in scope.versions.items()},
        "rights": ["admin"] if principal.admin else sorted(principal.readers),
        "passages": [
            {
                "chunk": one.chunk,
                "document_version": one.document_version,
                "ordinal": one.ordinal,
                "score": one.score,
            }
            for one in passages
        ],
        **({"prompt": prompt} if prompt else {}),
        **({"remembered": True} if from_memory else {}),
    }
