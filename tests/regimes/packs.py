"""Every pack that is shipped, and the regimes that are a file in this folder alone."""

from runtime.packs import read_pack
from runtime.settings import PROJECT

SHIPPED = tuple(read_pack(path) for path in sorted((PROJECT / "packs").glob("*.yaml")))
TOYS = tuple(read_pack(PROJECT / "tests" / "regimes" / name) for name in ("village.yaml", "za_jsc.yaml"))
EVERY_PACK = SHIPPED + TOYS
