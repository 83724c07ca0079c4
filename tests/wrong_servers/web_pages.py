"""Web pages, and pages of errors, that come in place of the list."""

from __future__ import annotations

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    is_list,
    is_page,
    with_headers,
)
from wrong_servers.kit import HTML, PLAIN, said, shows

AT_THE_DOOR = "without /v1"


@shows("a web page comes instead of JSON", hint="the route is not there")
def web_page_for_every_path(_: Ask, request: Request) -> Response:
    return said(
        request, 200, "<!DOCTYPE html><html><head><title>Dashboard</title></head></html>", HTML
    )


@shows("a sign-in page comes instead of JSON", hint="needs a login")
def sign_in_page(_: Ask, request: Request) -> Response:
    return said(
        request, 200, "<html><title>Sign in</title><form><input type=password></form></html>", HTML
    )


@shows(
    "requests without a key, with a wrong key or with a wrong bearer token are answered with 302"
)
def sign_in_page_for_strangers(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if response.status != 401:
        return response
    page = said(request, 302, "<html><title>Moved</title></html>", HTML)
    return with_headers(page, location="/login")


@shows("an error page of nginx comes instead of JSON", hint="a gateway in front")
def gateway_error_page(_: Ask, request: Request) -> Response:
    text = "<html><head><title>404 Not Found</title></head><center>nginx/1.25.3</center></html>"
    return said(request, 404, text, HTML)


@shows("past the ends of the list comes 500, not an empty page")
def crash_page_past_the_ends(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_list(request) or not is_page(response) or response.body["data"]:
        return response
    page = "<!doctype html><html><title>500 Internal Server Error</title><h1>Oops</h1></html>"
    return said(request, 500, page, HTML)


@shows("an error page comes instead of JSON", hint="the server fails: its log says why")
def framework_error_page(_: Ask, request: Request) -> Response:
    return said(request, 500, "<!doctype html><title>Server Error (500)</title>", HTML)


@shows("an error page comes instead of JSON", hint=AT_THE_DOOR)
def framework_not_found_page(_: Ask, request: Request) -> Response:
    return said(request, 404, "<!doctype html><title>404 Not Found</title>", HTML)


@shows("the list is answered with 404", hint=AT_THE_DOOR)
def no_route_at_all(_: Ask, request: Request) -> Response:
    return said(request, 404, "404 page not found\n", PLAIN)
