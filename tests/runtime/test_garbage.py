"""What lives long is looked at once; what dies is freed all the same."""

import subprocess
import sys

LIVES = """
import gc, weakref
from runtime.garbage import look_once_at_what_lives

class Kept:
    pass

look_once_at_what_lives()
before = gc.get_freeze_count()
kept = [Kept() for _ in range(1000)]
gc.collect()
assert gc.get_freeze_count() >= before + 1000, "survivors of a whole collection are left alone"
assert not any(type(found) is Kept for found in gc.get_objects()), "and not looked at again"

gone = weakref.ref(kept[0])
kept.clear()
assert gone() is None, "what nobody holds any more is freed at once"

circle = [Kept()]
circle[0].itself = circle
gone = weakref.ref(circle[0])
del circle
gc.collect()
assert gone() is None, "a circle that dies young is still found"
"""


def test_what_lives_is_looked_at_once_and_what_dies_is_freed() -> None:
    subprocess.run([sys.executable, "-c", LIVES], check=True)
