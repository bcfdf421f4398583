"""All records of an installation over one database."""

import secrets
from contextlib import ExitStack

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.access import SqlAccess
from pipelines.adapters.records.account_changes import SqlAccountChanges
from pipelines.adapters.records.answering_rules import SqlAnsweringRules
from pipelines.adapters.records.answers import SqlAnswers
from pipelines.adapters.records.bases import SqlBases
from pipelines.adapters.records.channels import SqlChannels
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.deliveries import SqlDeliveries
from pipelines.adapters.records.dialects import Turn, wait_for_turn
from pipelines.adapters.records.evidence import SqlEvidence
from pipelines.adapters.records.feedback import SqlFeedback
from pipelines.adapters.records.folders import SqlFolders
from pipelines.adapters.records.generations import SqlGenerations
from pipelines.adapters.records.jobs import SqlJobs
from pipelines.adapters.records.ledger import SqlLedger
from pipelines.adapters.records.model_calls import SqlModelCalls
from pipelines.adapters.records.model_routes import SqlRoutes
from pipelines.adapters.records.model_usage import SqlModelUsage
from pipelines.adapters.records.parts import SqlParts
from pipelines.adapters.records.places import SqlPlaces
from pipelines.adapters.records.retention import SqlRetention
from pipelines.adapters.records.schedules import SqlSchedules
from pipelines.adapters.records.stamps import stamp, unix
from pipelines.adapters.records.uploads import SqlUploads
from pipelines.adapters.records.vectors import SqlVectors
from pipelines.ports.clock import Clock


class SqlRecords:
    """`ports.records.Records` over SQLAlchemy. Safe to share between threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock
        self.bases = SqlBases(database, clock)
        self.access = SqlAccess(database)
        self.ledger = SqlLedger(database, clock)
        self.evidence = SqlEvidence(database)
        self.jobs = SqlJobs(database, clock)
        self.parts = SqlParts(database, clock)
        self.schedules = SqlSchedules(database, clock)
        self.retention = SqlRetention(database, clock)
        self.places = SqlPlaces(database, clock)
        self.generations = SqlGenerations(database)
        self.folders = SqlFolders(database)
        self.uploads = SqlUploads(database, clock)
        self.answering_rules = SqlAnsweringRules(database)
        self.model_usage = SqlModelUsage(database, clock)
        self.routes = SqlRoutes(database)
        self.model_calls = SqlModelCalls(database, clock)
        self.answers = SqlAnswers(database, clock)
        self.feedback = SqlFeedback(database, clock)
        self.channels = SqlChannels(database)
        self.account_changes = SqlAccountChanges(database, clock)
        self.deliveries = SqlDeliveries(database, clock)
        self.vectors = SqlVectors(database)
        with ExitStack() as failed:
            failed.callback(self.close)
            self.installation = self._installation(clock)
            failed.pop_all()

    def described(self) -> str:
        """Return in what the records are kept: kind, version, place and schema, in words."""
        return self._db.described()

    def require_same_time(self) -> None:
        """Refuse a machine whose clock is not the database's."""
        self._db.require_same_time(unix(self._clock))

    def close(self) -> None:
        """Release connections."""
        self._db.close()

    def _installation(self, clock: Clock) -> str:
        """Return the installation's id, given once."""
        wanted = sa.select(t.installation.c.id)
        with self._db.read() as c:
            known = c.execute(wanted).scalar()
        if known is not None:
            return str(known)
        with self._db.write() as c:
            wait_for_turn(c, Turn.INSTALLATION)
            known = c.execute(wanted).scalar()
            if known is None:
                known = secrets.token_hex(16)
                c.execute(t.installation.insert().values(id=known, created_at=stamp(clock)))
        return str(known)
