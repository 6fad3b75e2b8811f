"""The page of the public log says how it stands; its verifier has words for all it finds, and is one whole file."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from html import unescape
from typing import get_args

import pytest

from domain.law import Language
from domain.transparency_log import AlarmCode
from eventstore.transparency.checkpoint import Policy
from pages.static_files import STATIC_FILES
from pages.translations import words
from pages.transparency_log import SCRIPTS, LogNow, sayings, transparency_log_page, verifier_file
from tests.pages.notices import PUBLIC_URL
from tests.pages.published_log import AT, LOG, NOW, WITNESS

each_language = pytest.mark.parametrize("language", get_args(Language))


def page(log: LogNow | None, language: Language) -> str:
    return transparency_log_page(log, language, public_url=PUBLIC_URL)


@each_language
def test_the_page_says_size_root_keys_and_who_cosigned_until_where(language: Language) -> None:
    html, say = page(NOW, language), words(language)
    assert say("log.size_is", n="12,345") in html and "0001020304050607…" in html
    at = "2026年10月9日08:30 UTC" if language == "zh" else "9 October 2026, 08:30 UTC"
    assert say("log.cosigned_is", names=WITNESS.name, n="12,300", at=at) in html
    assert all(str(key) in html and f'<code class="key-id">{key.key_id.hex()}</code>' in html for key in (LOG, WITNESS))
    assert say("log.no_alarm") in html and f"{PUBLIC_URL}/log/checkpoint" in html


@each_language
@pytest.mark.parametrize("code", AlarmCode)
def test_an_alarm_is_said_in_place_of_peace(language: Language, code: AlarmCode) -> None:
    html, say = unescape(page(replace(NOW, alarm=code, alarm_since=AT), language)), words(language)
    assert say(f"log_alarm.{code}") in html and say("log.no_alarm") not in html


@each_language
def test_what_is_not_there_is_said_not_to_be_there(language: Language) -> None:
    html, say = page(None, language), words(language)
    assert say("log.not_begun") in html and say("log.keys_none") in html and say("log.no_alarm") not in html
    alone = page(replace(NOW, cosigned=None, keys=Policy((LOG,))), language)
    assert say("log.cosigned_none") in alone and say("log.key.witness") not in alone


@each_language
def test_a_witness_of_the_installation_s_own_is_said_to_prove_nothing(language: Language) -> None:
    assert NOW.cosigned is not None
    own = replace(NOW, cosigned=replace(NOW.cosigned, witnesses=(f"{LOG.name}/own-witness",)))
    say = words(language)
    assert say("log.by_itself") in unescape(page(own, language))
    assert say("log.by_itself") not in unescape(page(NOW, language))


def test_the_verifier_has_a_sentence_for_all_that_it_finds_and_no_other() -> None:
    script = "\n".join(STATIC_FILES[name].content.decode() for name in SCRIPTS)
    quoted = set(re.findall(r'"([a-z_]+)"', script))
    steps = {f"step_{name}" for name in re.findall(r'step\("(\w+)"', script)}
    labels = {f"label_{name}" for name in re.findall(r'^    \["(\w+)", ', script, re.MULTILINE)}
    said = set(re.findall(r'(?:new Fails|return )\(?\[?"(\w+)"', script)) | steps | labels
    assert (
        said <= set(sayings("en")) <= said | quoted | {"verdict_holds_more", "verdict_half_more", "verdict_fails_more"}
    )


@each_language
def test_the_file_is_whole_and_may_reach_nothing(language: Language) -> None:
    html = verifier_file(NOW, language, public_url=PUBLIC_URL)
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)[0].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "connect-src" not in policy
    for tag in ("script", "style"):
        (inner,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert " src=" not in html and "<link" not in html and " style=" not in html and " onclick=" not in html
    assert str(LOG) in html and str(WITNESS) in html
    assert re.findall(r'href="([^"]+)"', html) == [f"{PUBLIC_URL}/{language}/log"]
