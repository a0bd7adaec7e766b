"""The sums that reports read equal what was posted."""

from meiping.domains.maintenance.summaries import SUMMARIES as TABLES

SUMMARIES = tuple(summary.invariant() for summary in TABLES)
