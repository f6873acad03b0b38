"""The ledger's pen: `record` writes an entry in the transaction of its effect, `record_refusal` writes one after it."""

from custody.entries import Subject, record
from custody.refusing import record_refusal

__all__ = ["Subject", "record", "record_refusal"]
