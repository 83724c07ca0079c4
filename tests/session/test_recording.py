"""`--models-record`: what is written, what is refused; after a failure the old file is unchanged."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import reference
from replaying import said
from sampling import first_of

from pytest_models_contract.fake import Ask, Fake, Request, Response, serve
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.target.cassette import load

KEY = "sk-canary-7Jq+/=~?&%"
OLD = "the old file"
SUITE = "pytest_models_contract.suite"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    with serve(Fake(key=KEY)) as base_url:
        yield base_url


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    plugin = ("-p", "pytest_models_contract", "-p", "no:cacheprovider")
    return pytester.runpytest_inprocess(
        *plugin, "--models-contract", *arguments, no_reraise_ctrlc=True
    )


def record(pytester: pytest.Pytester, url: str, *arguments: str) -> pytest.RunResult:
    return run(pytester, "--models-base-url", url, "--models-record", "c.yaml", *arguments)


# --- the shipped one -----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_shipped_cassette_matches_the_fake(tmp_path: Path) -> None:
    """When this fails, `python tests/reference.py` records it again."""
    shipped, fresh = reference.SHIPPED.read_text("utf-8"), tmp_path / "fresh.yaml"
    port = re.search(r"where: http://127\.0\.0\.1:(\d+)", shipped)
    assert port
    url = reference.record(fresh)
    text = fresh.read_text("utf-8").replace(url, f"http://127.0.0.1:{port[1]}")
    assert _undated(text) == _undated(shipped)


def _undated(text: str) -> str:
    return re.sub(r"recorded_at: '[\d-]+'", "", text, count=1)


# --- what is written -----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_server_gives_the_same_file(pytester: pytest.Pytester, url: str) -> None:
    written = []
    for _ in range(2):
        assert record(pytester, url).ret == 0
        written.append((pytester.path / "c.yaml").read_bytes())
    assert written[0] == written[1]


@pytest.mark.slow
def test_the_file_says_what_it_was_recorded_from(pytester: pytest.Pytester, url: str) -> None:
    result = record(pytester, url, "--models-revision=2026-03-18")
    assert re.search(r" recorded \d+ exchanges into \S+/c\.yaml ", said(result))
    provenance = load(pytester.path / "c.yaml").provenance
    assert provenance
    assert set(provenance) == {"where", "recorded_at", "revision", "plugin"}
    assert (provenance["where"], provenance["revision"]) == (url, "2026-03-18")


@pytest.mark.slow
def test_each_request_is_recorded_once_and_is_readable(pytester: pytest.Pytester, url: str) -> None:
    record(pytester, url)
    text = (pytester.path / "c.yaml").read_text("utf-8")
    asked = re.findall(r"uri: (.+)\n    body: null\n    headers:\n((?:      .+\n)*)", text)
    assert len(asked) == text.count("- request:") == len(set(asked))
    assert text.startswith("metadata:\n  models_contract:\n    where: ")
    assert re.search(
        r"""^      string: '\{"data":\[\{"type":"model".*"last_id":"[^"]+"\}'$""", text, re.M
    )


@pytest.mark.slow
def test_a_run_with_violations_is_recorded(pytester: pytest.Pytester) -> None:
    with serve(Fake(faults=[FAULTS["has_more_is[false]"]])) as base_url:
        assert record(pytester, base_url, "--models-strict").ret == 1
    assert load(pytester.path / "c.yaml").responses


@pytest.mark.slow
def test_an_app_can_be_recorded(pytester: pytest.Pytester) -> None:
    app = ("--models-app", "pytest_models_contract.fake:Fake")
    assert run(pytester, *app, "--models-record", "c.yaml").ret == 0
    assert load(pytester.path / "c.yaml").where == "pytest_models_contract.fake:Fake"


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["-n2"], "cannot run under -n: each worker would record a part"),
        (["-k", "limit"], "records the whole suite: a recording of a part"),
        (["-m", "models_cites"], "records the whole suite"),
        (["--deselect", "x"], "records the whole suite"),
        (["--lf"], "records the whole suite"),
        (["--sw"], "records the whole suite"),
    ],
)
def test_a_partial_recording_is_refused(
    pytester: pytest.Pytester, url: str, arguments: list[str], why: str
) -> None:
    (pytester.path / "c.yaml").write_text(OLD)
    plugin = ("-p", "pytest_models_contract", "--models-contract")
    target = ("--models-base-url", url, "--models-record", "c.yaml")
    result = pytester.runpytest_inprocess(*plugin, *target, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert why in result.stderr.str() + result.stdout.str()
    assert (pytester.path / "c.yaml").read_text() == OLD


@pytest.mark.parametrize("address", [f"{SUITE}.test_limit", f"{SUITE}.test_limit::test_default"])
def test_a_part_of_the_suite_by_address_is_refused(
    pytester: pytest.Pytester, url: str, address: str
) -> None:
    target = ("--models-base-url", url, "--models-record", "c.yaml", "--pyargs", address)
    result = pytester.runpytest_inprocess("-p", "pytest_models_contract", *target)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Give --models-contract without a file or a check of the suite" in result.stderr.str()
    assert not (pytester.path / "c.yaml").exists()


@pytest.mark.slow
def test_the_whole_suite_by_address_is_recorded(pytester: pytest.Pytester, url: str) -> None:
    target = ("--models-base-url", url, "--models-record", "c.yaml", "--pyargs", SUITE)
    assert pytester.runpytest_inprocess("-p", "pytest_models_contract", *target).ret == 0
    assert load(pytester.path / "c.yaml").responses


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (".", "that is a folder"),
        ("no/c.yaml", "create it first"),
        ("/dev/null", "a device or a read-only file, name another"),
        ("locked.yaml", "a device or a read-only file, name another"),
    ],
)
def test_without_a_writable_file_no_request_is_sent(
    pytester: pytest.Pytester, path: str, why: str
) -> None:
    (pytester.path / "locked.yaml").write_text(OLD)
    (pytester.path / "locked.yaml").chmod(0o444)
    fake = Fake()
    with serve(fake) as base_url:
        result = run(pytester, "--models-base-url", base_url, "--models-record", path)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert why in result.stderr.str()
    assert not fake.asked


def test_a_cassette_is_not_recorded_again(pytester: pytest.Pytester) -> None:
    result = run(pytester, "--models-cassette=reference", "--models-record=c.yaml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert (
        "needs a server: give --models-base-url, --models-start or --models-app"
        in result.stderr.str()
    )


# --- what fails in the run -----------------------------------------------------------------------


def test_a_run_that_stops_early_leaves_the_old_file(pytester: pytest.Pytester) -> None:
    (pytester.path / "c.yaml").write_text(OLD)
    with serve(Fake(faults=[FAULTS["created_at_is[banana]"]])) as base_url:
        result = record(pytester, base_url, "-x")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "c.yaml was not written: the run was interrupted" in said(result)
    assert (pytester.path / "c.yaml").read_text() == OLD


@pytest.mark.slow
def test_an_interrupted_run_leaves_the_old_file(pytester: pytest.Pytester, url: str) -> None:
    (pytester.path / "c.yaml").write_text(OLD)
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(autouse=True)
        def impatient(request):
            if "newest_first" in request.node.name:
                raise KeyboardInterrupt
        """
    )
    result = record(pytester, url)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "c.yaml was not written: the run was interrupted" in said(result)
    assert (pytester.path / "c.yaml").read_text() == OLD


@pytest.mark.slow
@pytest.mark.parametrize("key", ["a-wrong-key", KEY])
def test_an_unreachable_server_leaves_the_old_file(
    pytester: pytest.Pytester, url: str, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    (pytester.path / "c.yaml").write_text(OLD)
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", key)
    result = record(pytester, url if key != KEY else "http://127.0.0.1:9")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "c.yaml was not written: the run did not send all its requests" in said(result)
    assert (pytester.path / "c.yaml").read_text() == OLD


@pytest.mark.slow
def test_a_file_that_cannot_be_written_at_the_end_is_an_error(
    pytester: pytest.Pytester, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (pytester.path / "c.yaml").write_text(OLD)
    monkeypatch.setattr(Path, "replace", full)
    result = record(pytester, url)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "c.yaml cannot be written: No space left on device" in said(result)
    assert (pytester.path / "c.yaml").read_text() == OLD
    assert [path.name for path in pytester.path.iterdir() if ".tmp" in path.name] == []


# --- secrets -------------------------------------------------------------------------------------

ORGANIZATION, WORKSPACE = "org-canary-0f9e8d7c", "wrkspc_canary_1a2b3c"
TENANT, PASSWORD, TOKEN = "tenant-canary-51", "password-canary-52", "query-canary-53"


def echoes(ask: Ask, request: Request) -> Response:
    """A server whose every response repeats the request, in every place and every encoding."""
    response = ask(request)
    for n, secret in enumerate([*request.keys, TENANT, PASSWORD, TOKEN]):
        spellings = [secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()]
        spellings += [base64.b64encode(f"user:{secret}".encode()).decode(), quote(secret).lower()]
        response.headers[f"x-echo-{n}"] = " ".join(spellings)
        response.headers[f"location-{n}"] = response.headers["location"] = (
            f"/login?key={spellings[1]}"
        )
        response.headers["www-authenticate"] = f'Bearer realm="{secret}"'
        if isinstance(response.body, dict):
            response.body = {
                **response.body,
                f"echo{n}": spellings,
                f"say{n}": f"no such key: {secret}",
            }
    response.headers["set-cookie"] = f"session={ORGANIZATION}; key={request.keys[:1]}"
    response.headers["anthropic-organization-id"] = ORGANIZATION
    response.headers["anthropic-workspace-id"] = WORKSPACE
    if isinstance(response.body, dict):
        ids = {"organization_id": ORGANIZATION, "workspace_id": WORKSPACE}
        response.body = {**response.body, **ids, "about": f"of {ORGANIZATION} in {WORKSPACE}"}
    return response


@pytest.mark.parametrize("auth", first_of(["x-api-key", "bearer"]))
def test_no_secret_reaches_the_file(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, auth: str
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    with serve(Fake(key=KEY, faults=[echoes])) as base_url:
        secret_url = base_url.replace("://", f"://user:{PASSWORD}@") + f"?token={TOKEN}"
        header = ("--models-header", f"x-tenant: {TENANT}", "--models-auth", auth)
        result = record(pytester, secret_url, *header)
    written = (pytester.path / "c.yaml").read_bytes()
    for secret in (KEY, TENANT, PASSWORD, TOKEN, ORGANIZATION, WORKSPACE, "req_00000000"):
        assert not [form for form in forms(secret) if form in written]
    assert b"org_0001" in written
    assert b"wrkspc_0001" in written
    assert "errors/no_answer_repeats_the_key" in result.stdout.str()
    replay = run(pytester, "--models-cassette=c.yaml", "-k", "errors/no_answer_repeats_the_key")
    replay.assert_outcomes(failed=1)


def forms(secret: str) -> list[bytes]:
    """The spellings that reveal a secret, in base64 at each of the three offsets."""
    raw = secret.encode()
    plain = [secret, quote(secret, safe=""), quote(secret, safe="").lower()]
    inner = [base64.b64encode(b"x" * n + raw)[4 : -4 or None] for n in range(3)]
    return [text.encode() for text in plain] + [base64.b64encode(raw).rstrip(b"="), *inner]
