"""One HTML page about a lake, with all that it needs inside: `wirelake report`."""

from pipelines.report.write import Written, write_report

__all__ = ["Written", "write_report"]
