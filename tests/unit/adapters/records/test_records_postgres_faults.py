"""What PostgreSQL may answer, in our words; those that a test can bring about are met on a real server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from pipelines.adapters.records.backend import Locked, Waits
from pipelines.adapters.records.postgresql_faults import told
from pipelines.errors import BadInput, BadSettings, FootnoteError, StorageDamaged, TransientError


SERVER = "PostgreSQL at db:5432"
URL = make_url("postgresql+psycopg://anna:hidden@db/footnote")
STATES = {
    "08006": (TransientError, "was lost"),
    "22001": (BadInput, "does not store a text or number"),
    "25006": (TransientError, "can only be read"),
    "25P03": (TransientError, "FOOTNOTE_POSTGRES__IDLE_SECONDS"),
    "28P01": (BadSettings, "refused the account 'anna'"),
    "3D000": (BadSettings, "has no database 'footnote'"),
    "3F000": (BadSettings, "has no schema"),
    "40001": (TransientError, "nothing was written"),
    "40P01": (TransientError, "nothing was written"),
    "42501": (BadSettings, "lacks rights"),
    "42P01": (StorageDamaged, "lacks what this Footnote made"),
    "53100": (TransientError, "the disk of PostgreSQL at db:5432 is full: free space on it"),
    "53200": (TransientError, "has no memory left"),
    "53300": (TransientError, "FOOTNOTE_POSTGRES__POOL"),
    "55P03": (Locked, "FOOTNOTE_POSTGRES__LOCK_SECONDS"),
    "57014": (TransientError, "FOOTNOTE_POSTGRES__STATEMENT_SECONDS"),
    "57P01": (TransientError, "was lost"),
    "57P03": (TransientError, "is starting or stopping"),
    "58030": (StorageDamaged, "reports damage"),
    "XX002": (StorageDamaged, "reports damage"),
    "42601": (StorageDamaged, "answered: reason"),
}
WORDS = {
    'FATAL:  password authentication failed for user "anna"': BadSettings,
    'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "anna"': BadSettings,
    'FATAL:  role "anna" does not exist': BadSettings,
    'FATAL:  database "footnote" does not exist': BadSettings,
    'FATAL:  permission denied for database "footnote"': BadSettings,
    'FATAL:  too many connections for role "anna"': TransientError,
    "FATAL:  sorry, too many clients already": TransientError,
    "FATAL:  the database system is starting up": TransientError,
    "FATAL:  the database system is in recovery mode": TransientError,
    "connection refused": TransientError,
    "SSL error: certificate verify failed": TransientError,
}


def fault(state: str | None, reason: str, *, lost: bool = False) -> FootnoteError:
    """Return a fault in our words."""
    return told(SERVER, URL, Waits(), state, reason, lost=lost)


@pytest.mark.parametrize("state", STATES)
def test_a_code_has_its_sentence(state: str) -> None:
    """What the catcher can do, and the server or the setting."""
    kind, words = STATES[state]
    said = fault(state, "reason")
    assert type(said) is kind
    assert words in str(said)
    assert "PostgreSQL at db:5432" in str(said)


@pytest.mark.parametrize("reason", WORDS)
def test_words_while_connecting_have_their_kind(reason: str) -> None:
    """Faults without a code are told apart by the server's words."""
    said = fault(None, reason)
    assert type(said) is WORDS[reason]
    assert "DATABASE_URL" in str(said) or "lacks rights" in str(said)


@given(state=st.none() | st.from_regex("[0-9A-Z]{5}", fullmatch=True), reason=st.text(), lost=st.booleans())
def test_whatever_is_answered_is_a_fault_of_ours(state: str | None, reason: str, *, lost: bool) -> None:
    """Unknown codes and words in any language are one of our faults."""
    assert isinstance(fault(state, reason, lost=lost), FootnoteError)
