"""What all records of an installation promise together."""

import re

from pipelines.ports.records import Records
from tests.contracts.records_account_changes import AccountChangeRecordsContract
from tests.contracts.records_answering_rules import AnsweringRuleRecordsContract
from tests.contracts.records_answers import AnswerRecordsContract
from tests.contracts.records_bases import AccessRecordsContract, BaseRecordsContract
from tests.contracts.records_channels import ChannelRecordsContract
from tests.contracts.records_deliveries import DeliveryRecordsContract
from tests.contracts.records_evidence import EvidenceRecordsContract
from tests.contracts.records_feedback import FeedbackRecordsContract
from tests.contracts.records_folders import FolderRecordsContract
from tests.contracts.records_jobs import JobQueueContract, JobRecordsContract, VectorRecordsContract
from tests.contracts.records_ledger import LedgerRecordsContract
from tests.contracts.records_model_calls import ModelCallRecordsContract
from tests.contracts.records_model_usage import ModelUsageRecordsContract
from tests.contracts.records_operation import (
    RetentionRecordsContract,
    ScheduleRecordsContract,
    WaitingJobsContract,
)
from tests.contracts.records_parts import PartedJobContract, PartRecordsContract
from tests.contracts.records_places import PlaceRecordsContract
from tests.contracts.records_routes import RouteRecordsContract
from tests.contracts.records_uploads import UploadRecordsContract


class RecordsContract(
    BaseRecordsContract,
    AccessRecordsContract,
    LedgerRecordsContract,
    EvidenceRecordsContract,
    JobRecordsContract,
    JobQueueContract,
    PartRecordsContract,
    PartedJobContract,
    ScheduleRecordsContract,
    WaitingJobsContract,
    RetentionRecordsContract,
    PlaceRecordsContract,
    FolderRecordsContract,
    UploadRecordsContract,
    AnsweringRuleRecordsContract,
    ModelUsageRecordsContract,
    RouteRecordsContract,
    ModelCallRecordsContract,
    AnswerRecordsContract,
    FeedbackRecordsContract,
    ChannelRecordsContract,
    AccountChangeRecordsContract,
    DeliveryRecordsContract,
    VectorRecordsContract,
):
    """
    The promises of `pipelines.ports.records.Records`.

    Each subclass gives empty `records` and the `clock` that they look at.
    """

    def test_an_installation_has_an_id(self, records: Records) -> None:
        """It is 32 hexadecimal digits."""
        assert len(records.installation) == 32
        int(records.installation, 16)

    def test_it_says_where_it_is(self, records: Records) -> None:
        """Kind, version, place and schema, in words and without a password."""
        assert re.fullmatch(r"(SQLite|PostgreSQL) [\d.]+, .+, schema \d{4}", records.described())
