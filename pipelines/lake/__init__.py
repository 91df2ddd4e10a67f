"""The lake: Delta tables of Parquet parts, their commit and their views."""

from pipelines.lake.answer import Answer
from pipelines.lake.views import Lake, open_lake, printed_views

__all__ = ["Answer", "Lake", "open_lake", "printed_views"]
