"""Every pack that is shipped, and the regimes that are a file in this folder alone."""

from runtime.packs import read_pack
from runtime.settings import PROJECT
from tests.domain.variants import variant

SHIPPED = tuple(read_pack(path) for path in sorted((PROJECT / "packs").glob("*.yaml")))
TOYS = tuple(read_pack(PROJECT / "tests" / "regimes" / name) for name in ("village.yaml", "za_jsc.yaml"))
STRICT = variant(
    "standard",
    {
        "id": "strict",
        "conflicts.declare_before.value": ["supervision_review", "decision"],
        "merit.required.value": True,
        "supervision.every_point_attended.value": True,
    },
)
"""The standard process where it asks for everything that it knows."""

EVERY_PACK = (*SHIPPED, *TOYS, STRICT)
