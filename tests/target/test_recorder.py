"""A recording replays to the same responses, is the same file each time, and has no secrets."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.persisters.filesystem import FilesystemPersister  # type: ignore[import-untyped]
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.redact import KEY_PSEUDONYM, WRONG_KEY_PSEUDONYM, Redactor
from pytest_models_contract.target.cassette import CassetteError, load, write
from pytest_models_contract.target.interaction import Interaction, Key
from pytest_models_contract.target.recorder import Recorder

Response = Callable[[httpx.Request], httpx.Response]

KEY = "sk-canary-0f3a9b7c/+x"
WRONG = "sk-wrong-canary-5d5d"
GATEWAY = "gateway-canary-77aa"
REDACTOR = Redactor([GATEWAY], {KEY: KEY_PSEUDONYM, WRONG: WRONG_KEY_PSEUDONYM})
PROVENANCE = {"recorded_at": "2026-11-20", "where": "http://localhost", "revision": "2026-04-16"}


def recorded(handler: Response, *requests: httpx.Request) -> Recorder:
    recorder = Recorder(httpx.MockTransport(handler), REDACTOR)
    with httpx.Client(transport=recorder) as client:
        for request in requests:
            client.send(request)
    return recorder


def request_for(path: str = "/v1/models", variant: str = "", again: int = 0) -> httpx.Request:
    headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01", "cookie": "session=canary"}
    extensions = {"models_variant": variant, "models_again": again}
    return httpx.Request("GET", f"http://localhost{path}", headers=headers, extensions=extensions)


def replayed(path: Path, *requests: httpx.Request) -> list[httpx.Response]:
    with httpx.Client(transport=load(path).transport()) as client:
        return [client.send(request) for request in requests]


def plain(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"data": []}, headers={"date": "now", "cf-ray": "1"})


def id_per_request(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers={"request-id": f"id of {request.url} {request.extensions}"})


# --- what is kept --------------------------------------------------------------------------------


def test_a_replay_gives_the_recorded_responses(tmp_path: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        body = [str(request.url.raw_path), *map(str, request.extensions.values())]
        return httpx.Response(404, json=body, headers={"retry-after": "3"})

    requests = [
        request_for(),
        request_for("/v1/models?limit=2&lifecycle[]=retired"),
        request_for("/v1/models/a%2Fb"),
        request_for(variant="auth=wrong"),
        request_for(variant="auth=none version=2026-10-21"),
        request_for(again=1),
    ]
    recorded(handler, *requests).write(tmp_path / "c.yaml", PROVENANCE)
    for request, response in zip(requests, replayed(tmp_path / "c.yaml", *requests), strict=True):
        assert response.json() == handler(request).json()
        assert response.status_code == 404
        assert response.headers["retry-after"] == "3"


def test_the_provenance_is_in_the_file(tmp_path: Path) -> None:
    recorded(plain, request_for()).write(tmp_path / "c.yaml", PROVENANCE)
    found = load(tmp_path / "c.yaml")
    assert found.provenance == PROVENANCE
    assert (found.where, str(found.recorded_at)) == ("http://localhost", "2026-11-20")


def test_vcrpy_itself_reads_the_file(tmp_path: Path) -> None:
    recorded(plain, request_for("/v1/models?limit=2")).write(tmp_path / "c.yaml", PROVENANCE)
    found = FilesystemPersister.load_cassette(tmp_path / "c.yaml", yamlserializer)
    requests, responses = found[:2]  # vcrpy 9 hands out the metadata as well
    assert requests[0].uri == "http://localhost/v1/models?limit=2"
    assert responses[0]["body"]["string"] == plain(requests[0]).content


def test_the_last_response_to_a_request_wins(tmp_path: Path) -> None:
    statuses = iter([529, 200])
    recorder = recorded(lambda _: httpx.Response(next(statuses)), request_for(), request_for())
    recorder.write(tmp_path / "c.yaml", PROVENANCE)
    assert [response.status_code for response in replayed(tmp_path / "c.yaml", request_for())] == [
        200
    ]


def test_the_order_in_the_file_is_fixed(tmp_path: Path) -> None:
    paths = ["", "?limit=2", "?limit=10", "?after_id=a&limit=2", "/claude-9", "/claude-10"]
    requests = [request_for(f"/v1/models{path}") for path in paths]
    requests += [request_for(variant="auth=none"), request_for(again=1)]
    written = set()
    for seed in range(5):
        shuffled = random.Random(seed).sample(requests, len(requests))  # noqa: S311 - no secret
        recorder = recorded(id_per_request, *shuffled)
        recorder.write(tmp_path / "c.yaml", PROVENANCE)
        written.add((tmp_path / "c.yaml").read_bytes())
    assert len(written) == 1
    uris = re.findall(r"uri: http://localhost/v1/models(.*)", written.pop().decode())
    paths.insert(0, "")  # sent again
    assert uris == [*paths[:5], "", *paths[5:]]


@pytest.mark.parametrize("encoding", ["gzip", "GZIP, identity"])
def test_bodies_are_written_decoded(tmp_path: Path, encoding: str) -> None:
    headers = {"content-encoding": encoding, "content-length": "7"}
    body = gzip.compress(b'{"readable": true}')

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))

    recorded(handler, request_for()).write(tmp_path / "c.yaml", PROVENANCE)
    assert "readable" in (tmp_path / "c.yaml").read_text()
    [response] = replayed(tmp_path / "c.yaml", request_for())
    assert response.json() == {"readable": True}
    assert response.headers["content-length"] == "18"


def test_a_body_that_cannot_be_decoded_fails_on_replay_as_well(tmp_path: Path) -> None:
    body = httpx.ByteStream(b"\x1f\x8b" + KEY.encode())
    headers = {"content-encoding": "gzip"}
    recorder = recorded_until_an_error(
        lambda _: httpx.Response(200, headers=headers, stream=body), httpx.DecodingError
    )
    recorder.write(tmp_path / "c.yaml", PROVENANCE)
    assert KEY.encode() not in (tmp_path / "c.yaml").read_bytes()
    with pytest.raises(httpx.DecodingError):
        replayed(tmp_path / "c.yaml", request_for())


class Broken(httpx.SyncByteStream):
    """A body that ends with an error."""

    def __init__(self, error: Exception, start: bytes = b'{"data":') -> None:
        self.error = error
        self.start = start

    def __iter__(self) -> Iterator[bytes]:
        yield self.start
        raise self.error


HALF = gzip.compress(b"{}")[:-4]


@pytest.mark.parametrize(
    ("stream", "problem"),
    [
        (
            httpx.ByteStream(HALF),
            "the body cannot be read: its content-encoding is gzip, but it",
        ),
        (Broken(httpx.ReadError("bye"), HALF), "the body was cut off after 2 bytes: bye"),
    ],
    ids=["as it is", "broken off"],
)
def test_an_incomplete_gzip_replays_as_incomplete(
    tmp_path: Path, stream: httpx.SyncByteStream, problem: str
) -> None:
    headers = {"content-encoding": "gzip"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=stream))
    recorder = Recorder(transport, REDACTOR)
    assert ModelsAPI("http://localhost", recorder).list().json_problem.startswith(problem)
    recorder.write(tmp_path / "c.yaml", PROVENANCE)
    replay = ModelsAPI("http://localhost", load(tmp_path / "c.yaml").transport())
    assert replay.list().json_problem.startswith(problem)


def test_a_body_that_was_cut_off_replays_as_cut_off(tmp_path: Path) -> None:
    broken = Broken(httpx.RemoteProtocolError("the peer left"))
    recorder = recorded_until_an_error(
        lambda _: httpx.Response(200, stream=broken), httpx.RemoteProtocolError
    )
    recorder.write(tmp_path / "c.yaml", PROVENANCE)
    with pytest.raises(httpx.RemoteProtocolError, match="the peer left"):
        replayed(tmp_path / "c.yaml", request_for())


@pytest.mark.parametrize("error", [httpx.ReadTimeout("slow"), KeyboardInterrupt()])
def test_a_response_that_was_not_read_to_its_end_is_not_kept(
    tmp_path: Path, error: Exception
) -> None:
    recorder = recorded_until_an_error(
        lambda _: httpx.Response(200, stream=Broken(error)), type(error)
    )
    (tmp_path / "c.yaml").write_text("old")
    with pytest.raises(CassetteError, match="no response to record"):
        recorder.write(tmp_path / "c.yaml", PROVENANCE)
    assert (tmp_path / "c.yaml").read_text() == "old"


def recorded_until_an_error(handler: Response, ends_with: type[BaseException]) -> Recorder:
    recorder = Recorder(httpx.MockTransport(handler), REDACTOR)
    with httpx.Client(transport=recorder) as client, pytest.raises(ends_with):
        client.send(request_for())
    return recorder


def test_many_threads_may_send_at_once(tmp_path: Path) -> None:
    recorder = Recorder(httpx.MockTransport(plain), REDACTOR)
    with httpx.Client(transport=recorder) as client, ThreadPoolExecutor(8) as pool:
        requests = [request_for(f"/v1/models?limit={n}") for n in range(1, 200)]
        list(pool.map(client.send, requests))
    recorder.write(tmp_path / "c.yaml", PROVENANCE)
    assert len(load(tmp_path / "c.yaml").responses) == len(requests)


# --- the file ------------------------------------------------------------------------------------


def test_the_old_file_is_kept_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "c.yaml").write_text("old")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CassetteError, match=r"c\.yaml cannot be written: No space left"):
        recorded(plain, request_for()).write(tmp_path / "c.yaml", PROVENANCE)
    assert [path.name for path in tmp_path.iterdir()] == ["c.yaml"]
    assert (tmp_path / "c.yaml").read_text() == "old"


def test_a_symbolic_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(tmp_path / "c.yaml")
    recorded(plain, request_for()).write(tmp_path / "link.yaml", PROVENANCE)
    assert (tmp_path / "link.yaml").is_symlink()
    assert load(tmp_path / "c.yaml").responses


ODD = ["<<", "=", "null", "a: b", "\r\n", "---\n...", "\ufeff{}", "\x85\u2028 \U0001f600\n \n"]


@settings(deadline=None)
@given(
    body=st.binary(max_size=60) | st.text().map(str.encode) | st.sampled_from(ODD).map(str.encode),
    cursor=st.text(max_size=20),
    media=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
)
def test_any_written_interaction_reads_the_same(body: bytes, cursor: str, media: str) -> None:
    key = Key("GET", "/v1/models", (("after_id", cursor),))
    found = Interaction(key, "http://localhost", 200, (("content-type", media),), body)
    with TemporaryDirectory() as folder:
        path = Path(folder, "c.yaml")
        write(path, [found], {**PROVENANCE, "where": cursor})
        cassette = load(path)
    assert cassette.responses[key] == found
    assert cassette.where == cursor or not cursor
