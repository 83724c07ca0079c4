"""A proxy whose upstream fails: failures stay failures, cost little, and end when the upstream is back."""

from __future__ import annotations

from functools import partial

import pytest

from pytest_models_contract.client.verdict import Check
from pytest_models_contract.evidence.proxy import bodies, failures, headers, keys
from pytest_models_contract.evidence.proxy import whose_responses as whose
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest

cites = pytest.mark.models_cites
upstream = pytest.mark.models_only_with("upstream")
each_failure = pytest.mark.parametrize("models_failure", failures.FAILURES)
NOT_ASKED = "the server takes one request at a time, and waited for a silent upstream"


@upstream
@cites("proxy#/$defs/failures")
@each_failure
def test_failure_is_no_list(
    models_failure: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """If the upstream fails to give a list, the client never gets a success."""
    models_check.judge(
        failures.requests_during(models_proxy, models_failure, single=False),
        partial(failures.success, kind=models_failure, proxy=models_proxy),
        what="response",
        if_none=NOT_ASKED,
    )


@upstream
@cites("proxy#/$defs/failures")
@each_failure
def test_failure_is_no_model(
    models_failure: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """If the upstream fails to give a model, the client never gets a success."""
    models_check.judge(
        failures.requests_during(models_proxy, models_failure, single=True),
        partial(failures.success, kind=models_failure, proxy=models_proxy),
        what="response",
        if_none=NOT_ASKED,
    )


@upstream
@cites("proxy#/$defs/later_pages")
@pytest.mark.parametrize("models_failure", failures.LATER_FAILURES)
def test_failure_of_a_later_page_is_no_end(
    models_failure: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """When a later page of the upstream fails, the earlier pages are not served as the whole list."""
    models_check.judge(
        failures.later_answers(models_proxy, models_failure),
        partial(failures.success, kind=models_failure, proxy=models_proxy),
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/callers")
def test_failure_brings_no_response_of_another_client(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """When the upstream fails, an old response to one client is not given to another one."""
    models_check.judge(
        models_proxy.read(failures.after_another_client),
        partial(whose.of_the_first_client, proxy=models_proxy),
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/server_key")
def test_no_failure_shows_the_servers_key(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """No response while the upstream fails contains the server's own key."""
    key = keys.require_own_key(models_proxy)
    responses = failures.during(models_proxy)
    models_check.judge(
        responses,
        partial(keys.showing, key=key, whose="the server's"),
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/client_key")
def test_no_failure_shows_a_clients_key(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """No response while the upstream fails contains the key that the client sent."""
    key = keys.clients_key(models_proxy)
    responses = failures.during(models_proxy)
    models_check.judge(
        responses,
        partial(keys.showing, key=key, whose="the client's"),
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/client_key_upstream")
def test_no_failure_brings_a_clients_key_upstream(
    models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A server with a key of its own does not try a client's key when the upstream fails."""
    keys.require_own_key(models_proxy)
    failures.during(models_proxy)
    keys.judge_brought(models_proxy, models_check)


@upstream
@cites("proxy#/$defs/answered", level="should")
@pytest.mark.parametrize("models_failure", failures.ANSWERED)
def test_failure_is_answered(
    models_failure: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """A client whose request fails upstream gets a response, not a closed connection."""
    models_check.judge(
        models_proxy.read(failures.outage, models_failure).asked,
        failures.unanswered,
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/silent_upstream", level="should")
def test_silent_upstream_is_given_up(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """If the upstream does not respond, the client gets a response within the time-out of the run."""
    models_check.judge(
        models_proxy.read(failures.outage, failures.SILENT).asked,
        failures.unanswered,
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/error_object", level="should")
@pytest.mark.parametrize("models_status", failures.STATUSES)
def test_error_object_is_passed_on(
    models_status: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """An error of the upstream arrives with the error object, its type, and a status of the same class."""
    asked = models_proxy.read(failures.outage, models_status).asked
    models_check.judge(
        failures.of_served(asked, models_proxy),
        partial(failures.other_error, status=int(models_status), revision=models_proxy.revision),
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/bodies", level="should")
def test_compressed_errors_stay_readable(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """An error that the upstream compresses arrives as that error, and readable."""
    models_check.judge(
        models_proxy.read(bodies.failing_compressed),
        bodies.unreadable_error,
        what="responses",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/retry_after", level="should")
def test_retry_after_is_passed_on(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """A 429 of the upstream arrives with its `retry-after`."""
    asked = models_proxy.read(failures.outage, "429").asked
    models_check.judge(
        [each for each in asked if each.response.status == 429],
        failures.without_retry_after,
        what="responses",
        if_none="the server sends another status in place of 429",
    )


@upstream
@cites("proxy#/$defs/own_errors", level="should")
def test_own_error_is_the_error_object(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """If the upstream gives no response, the server's own error is the error object."""
    failed = failures.errors_during(models_proxy, *failures.GONE)
    models_check.judge(
        failures.of_served(failed, models_proxy),
        failures.without_the_object,
        what="responses",
        if_none="no request failed",
    )


@upstream
@cites("proxy#/$defs/request_id", level="should")
def test_failure_has_a_request_id(models_proxy: ProxyUnderTest, models_check: Check) -> None:
    """An error carries a `request-id`, the upstream's or one of the server's own."""
    failed = failures.errors_during(models_proxy, "500", *failures.GONE)
    models_check.judge(failed, headers.nameless, what="responses", if_none="no request failed")


@upstream
@cites("proxy#/$defs/bounded", level="should")
@pytest.mark.parametrize("models_failure", failures.COUNTED)
def test_failure_costs_few_requests(
    models_failure: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """The server retries a request that fails upstream, and follows redirects, only a few times."""
    models_check.judge(
        [models_proxy.read(failures.outage, models_failure)],
        failures.costly,
        what="failure",
        if_none="",
    )


@upstream
@cites("proxy#/$defs/bounded", level="should")
@pytest.mark.parametrize("models_endless", list(failures.ENDLESS))
def test_endless_list_is_given_up(
    models_endless: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """If the list of the upstream has no end, the server stops reading at some point."""
    asked = models_proxy.read(failures.endless, models_endless)
    models_check.judge([asked], failures.unbounded, what="list", if_none="")


@upstream
@cites("proxy#/$defs/recovery", level="should")
@each_failure
def test_server_is_back_after(
    models_failure: str, models_proxy: ProxyUnderTest, models_check: Check
) -> None:
    """When the upstream works again, the server does too, within `retry-after` or ten seconds."""
    models_check.judge(
        failures.recovered(models_proxy, models_failure),
        partial(failures.not_back, proxy=models_proxy),
        what="failures",
        if_none="",
    )
