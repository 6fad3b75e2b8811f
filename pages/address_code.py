"""An address as a code for a telephone's camera, drawn and never fetched."""

import io

import segno

COVERED = "q"
"""A quarter of it may be covered, as happens on walls."""


def address_code(address: str) -> str:
    """The code as an SVG of its own, with the quiet margin that cameras need."""
    drawn = io.BytesIO()
    segno.make(address, error=COVERED, micro=False).save(drawn, kind="svg", border=4, light="#fff", nl=False)
    return drawn.getvalue().decode()
