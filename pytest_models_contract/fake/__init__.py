"""A conformant Models API and faults to inject into it; it uses only `spec` of this package.

`Fake` is a WSGI application, `FakeServer` serves it on a loopback port for tests of clients. How the contract
judges a server does not belong here.
"""

from pytest_models_contract.fake.application import Fake, error
from pytest_models_contract.fake.exchange import Ask, Fault, Request, Response
from pytest_models_contract.fake.serving import serve

Question, Answer = Request, Response
"""The older names."""

__all__ = ["Answer", "Ask", "Fake", "Fault", "Question", "Request", "Response", "error", "serve"]
