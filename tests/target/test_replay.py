"""`--models-cassette`: offline, for any recorded server, with the verdicts of the recording."""

from __future__ import annotations

import gzip
import re
import socket
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import reference
from cassette_samples import LIST, saved, vcrpy
from judging import ALIASES, KEY
from misbehaving import misbehaving, packing
from replaying import judged, recorded_and_replayed, said
from sampling import first_of

from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS, Target, live

NEWEST = "2026-11-24"


def replay(pytester: pytest.Pytester, cassette: object, *arguments: str) -> pytest.RunResult:
    plugin = ("-p", "pytest_models_contract", "-p", "no:cacheprovider", "--models-contract")
    return pytester.runpytest_inprocess(*plugin, f"--models-cassette={cassette}", *arguments)


def altered(pytester: pytest.Pytester, *changes: tuple[str, str]) -> Path:
    """The shipped cassette with some texts replaced."""
    text = reference.SHIPPED.read_text("utf-8")
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text)
        assert count
    path = pytester.path / "altered.yaml"
    path.write_text(text, "utf-8")
    return path


def in_members(body: bytes) -> bytes:
    return b"".join(gzip.compress(part) for part in (b"", body[:9], body[9:]))


# --- verdicts ------------------------------------------------------------------------------------

RECORDED_FAULTS = """
    after_skips_a_model beyond_the_end[after-last-404] beta_crashes[many] beta_list_is[one-less]
    both_cursors_crash concurrent_answers_mixed_up created_at_is[banana] cursor_ignored[after_id]
    cursor_inclusive[before_id] cursor_must_be_on_page_one[before] cursors_are_offsets
    default_limit_is[10] empty_page_is[null-data] envelope_is[has_more-string]
    envelope_key_absent[last_id] error_is[400-html] error_is[401-empty] error_is[404-openai]
    has_more_is[true-backwards] id_is_cut_at[slash] key_in_body_of[page] key_in_cookie
    key_in_header[always] key_in_message_of[401] key_not_taken_as[bearer] lets_in[wrong-key]
    list_body_is[bom] list_body_is[nan] list_body_is[truncated] list_content_type_is[html]
    list_redirects[307] list_shape_is[openai] model_body_is[invalid-utf8] model_status_is[500]
    no_key_gets[403] nulls_are_left_out order_is[by-name] page_border_repeats_a_model
    request_id_comes_in_pairs request_id_differs_in_the_body request_id_is[constant]
    request_id_of_the_path retrieve_gives_the_neighbour retrieve_redirects[301]
    retrieved_differs_in[display_name]
""".split()  # noqa: SIM905 - fifty names read better in rows


@pytest.mark.parametrize(
    ("fault", "key"),
    first_of(
        [
            *((fault, KEY) for fault in ["", *RECORDED_FAULTS]),
            *((fault, None) for fault in ["", *RECORDED_FAULTS[::4]]),
        ]
    ),
)
def test_a_replay_has_the_verdicts_of_the_recording(
    tmp_path: Path, fault: str, key: str | None
) -> None:
    faults = [FAULTS[fault]] if fault else []
    app = Fake(key=key, faults=faults, aliases=ALIASES)
    assert differences(app, tmp_path, "2026-04-16", key) == {}


def test_a_replay_of_confirmed_violations_has_the_same_verdicts(tmp_path: Path) -> None:
    app = Fake(key=KEY, faults=[FAULTS["second_answer_is[empty]"]], aliases=ALIASES)
    assert differences(app, tmp_path, "2026-04-16", KEY) == {}


@pytest.mark.parametrize("fault", ["beyond_the_end[after-last-404]", "list_body_is[nan]"])
def test_a_lasting_fault_is_recorded_in_one_reading(fault: str) -> None:
    app = Fake(key=KEY, faults=[FAULTS[fault]], aliases=ALIASES)
    run, _ = judged(Target("app", "app", IN_PROCESS, lambda: Wsgi(app)), "2026-04-16", KEY)
    assert run.asked.api.readings == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", ["", "lifecycle_filter_adds", "retires_at_is[int]", "retired_models_listed"]
)
def test_a_replay_for_a_later_revision_has_the_same_verdicts(tmp_path: Path, fault: str) -> None:
    faults = [FAULTS[fault]] if fault else []
    app = Fake(revision=NEWEST, key=KEY, faults=faults, aliases=ALIASES)
    assert differences(app, tmp_path, NEWEST, KEY) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", in_members), ("deflate", zlib.compress)],
)
def test_a_replay_of_compressed_responses_has_the_same_verdicts(
    tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    fake = Fake(key=KEY, faults=[FAULTS["has_more_is[false]"]], aliases=ALIASES)
    with misbehaving(packing({"content-encoding": encoding}, pack, fake)) as server:
        assert differences(live(server.url), tmp_path, "2026-04-16", KEY) == {}
        assert len(server.asked) > 100
        assert server.connections < 10


def differences(
    app: Any, folder: Path, revision: str, key: str | None
) -> dict[str, tuple[str, str]]:
    """The verdicts that differ between a recording and its replay, without the named missing ones."""
    first, again = recorded_and_replayed(app, folder, revision, key)
    assert first.keys() == again.keys()
    assert {verdict.verdict for verdict in first.values()} <= {"holds", "violated", "unexercised"}
    return {
        check: (f"{first[check].verdict} {first[check].level}", f"{found.verdict}: {found.why}")
        for check, found in again.items()
        if (first[check].verdict, first[check].level) != (found.verdict, found.level)
        and not found.why.startswith("the cassette lacks GET /v1/models")
    }


# --- where it is replayed ------------------------------------------------------------------------


@pytest.mark.slow
def test_no_socket_is_used(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("a socket was connected")

    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, forbidden)
    result = replay(pytester, "reference", "--models-complete", "--models-strict")
    assert result.ret == 0
    assert "unexercised" not in result.stdout.str()


@pytest.mark.slow
def test_the_server_may_have_been_anywhere(pytester: pytest.Pytester) -> None:
    wrong_window = (
        r"uri: http://127\.0\.0\.1:\d+/",
        "uri: https://gateway.example:8443/anthropic/",
    )
    assert replay(pytester, altered(pytester, wrong_window), "--models-complete").ret == 0


def test_the_order_of_the_query_does_not_matter(pytester: pytest.Pytester) -> None:
    turned = (r"models\?(after_id=[^&\n]+)&(limit=\d+)", r"models?\2&\1")
    assert replay(pytester, altered(pytester, turned), "--models-complete").ret == 0


@pytest.mark.slow
def test_workers_share_a_cassette(pytester: pytest.Pytester) -> None:
    result = replay(pytester, "reference", "-n2", "-p", "xdist", "--models-complete")
    assert result.ret == 0
    assert "no check used these recorded requests" not in result.stdout.str()


def test_a_cassette_is_never_written(pytester: pytest.Pytester) -> None:
    path = altered(pytester, (r"limit=26", "limit=25"))
    path.chmod(0o444)
    before = path.read_bytes()
    replay(pytester, path)
    assert path.read_bytes() == before
    assert [found.name for found in pytester.path.iterdir()] == ["altered.yaml"]


# --- what the run shows --------------------------------------------------------------------------


@pytest.mark.slow
def test_the_header_shows_where_it_comes_from(pytester: pytest.Pytester) -> None:
    path = altered(pytester, (r"recorded_at: .*", "recorded_at: '2026-11-02'"))
    result = replay(pytester, path)
    result.stdout.fnmatch_lines(["*recorded 2026-11-02 from http://127.0.0.1:8000*"])


@pytest.mark.slow
@pytest.mark.parametrize(("days", "status"), [(9, 0), (11, 1)])
def test_an_old_recording_fails_the_run(pytester: pytest.Pytester, days: int, status: int) -> None:
    day = (date.today() - timedelta(days)).isoformat()
    path = altered(pytester, (r"recorded_at: .*", f"recorded_at: '{day}'"))
    for arguments in (["--models-max-age=10"], ["-o", "models_max_age=10"]):
        result = replay(pytester, path, *arguments)
        assert result.ret == status
        text = f"altered.yaml is {days} days old, at most 10 are allowed: record it again"
        assert (text in said(result)) == bool(status)


def test_a_recording_without_a_date_is_too_old(pytester: pytest.Pytester) -> None:
    result = replay(pytester, saved(pytester.path, vcrpy(LIST)), "--models-max-age=10")
    assert result.ret == 1
    assert re.search("does not say when it was recorded.* record it again", said(result))


def test_what_the_cassette_lacks_is_named(pytester: pytest.Pytester) -> None:
    result = replay(pytester, altered(pytester, (r"models\?limit=1001\b", "models?limit=1002")))
    assert result.ret == 0
    assert "the cassette lacks GET /v1/models?limit=1001" in said(result)
    assert "no check used these recorded requests: GET /v1/models?limit=1002" in said(result)


@pytest.mark.slow
def test_unused_recorded_requests_are_listed_only_after_a_complete_run(
    pytester: pytest.Pytester,
) -> None:
    path = altered(pytester, (r"(models/\S+)", r"\1-x"))
    result = replay(pytester, path)
    text = said(result)
    assert re.search(
        r"no check used these recorded requests: (GET [^,]+, ){2}GET [^,]+ and \d+ more", text
    )
    result = replay(pytester, path, "-k", "newest_first")
    assert "no check used these recorded requests" not in result.stdout.str()


# --- bad files -----------------------------------------------------------------------------------

WHOLE = vcrpy(LIST)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("absent.yaml", None, "there is no such file; record one with --models-record"),
        ("empty.yaml", b"", "the file is empty; record one"),
        ("cut.yaml", b'interactions:\n- request: {uri: "http', "the file is cut short"),
        ("cut.har", b'{"log": {"entries": [', "the file is cut short"),
        ("tag.yaml", b"!!python/object/apply:os.mkdir [pwned]", "tags that are not read"),
        ("merge.yaml", b"a: &a {}\nb: {<<: *a}", "it has merge keys"),
        ("deep.yaml", b"[" * 100_000, "nested more than"),
        ("binary.yaml", b"\x1f\x8b\x08\xff", "it is not UTF-8 text; if it is compressed"),
        ("other.yaml", b"a: b", "it is not a VCR cassette"),
        ("list.yaml", b"- a", "vcrpy before 1.0 wrote it"),
        ("\x1b[31mred.yaml", b"", r"\x1b[31mred.yaml cannot be used"),
    ],
)
def test_a_bad_file_is_a_usage_error(
    pytester: pytest.Pytester, name: str, content: bytes | None, why: str
) -> None:
    if content is not None:
        (pytester.path / name).write_bytes(content)
    text = refused(pytester, name)
    assert why in text
    assert not (pytester.path / "pwned").exists()


def test_a_huge_file_is_not_read(pytester: pytest.Pytester) -> None:
    with (pytester.path / "huge.yaml").open("wb") as file:
        file.truncate(200 * 2**20)
    text = refused(pytester, "huge.yaml")
    assert "209,715,200 bytes are more than the 33,554,432 that are read" in text


def test_a_folder_is_not_a_cassette(pytester: pytest.Pytester) -> None:
    assert "it is a folder or a device; give the path of a file" in refused(pytester, ".")


def test_an_unreadable_file_is_named(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = saved(pytester.path, WHOLE)
    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "it cannot be read (Permission denied); check its permissions" in refused(pytester, path)


def refused(pytester: pytest.Pytester, cassette: object) -> str:
    """The output of a run on a bad cassette: one line, exit status 4, no request."""
    result = replay(pytester, cassette)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    text = result.stderr.str() + result.stdout.str()
    assert "Traceback" not in text
    [line] = [line for line in text.splitlines() if "the cassette " in line]
    return line
