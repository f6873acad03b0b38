"""The tables of evidence, one noun a file."""

from evidence.models.case import Case, NumberCounter
from evidence.models.grant import Grant
from evidence.models.item import Derivative, Filing, Item, ItemAlias, SearchDocument, Tag
from evidence.models.reading import Reading
from evidence.models.touch import Touch
from evidence.models.upload import Upload, UploadCredential

__all__ = [
    "Case", "Derivative", "Filing", "Grant", "Item", "ItemAlias", "NumberCounter", "Reading", "SearchDocument", "Tag",
    "Touch", "Upload", "UploadCredential",
]  # fmt: skip
