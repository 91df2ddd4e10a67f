"""The lake: Delta tables of Parquet parts, their commit and their views."""

from pipelines.lake.views import Lake, open_lake, printed_views

__all__ = ["Lake", "open_lake", "printed_views"]
