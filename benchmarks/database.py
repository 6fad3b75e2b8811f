"""The scratch database of the benchmarks."""

from runtime.scratch_database import migrated_server

__all__ = ["migrated_server"]
