"""The evidence of a run: the server's catalogue, its pages, walks through them, comparisons of responses.

The checks in `suite` decide the verdicts. Sending a request belongs to `client`.
"""
