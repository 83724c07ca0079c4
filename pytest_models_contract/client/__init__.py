"""One request to the server under test: sent, bounded, retried, decoded, kept and redacted.

Nothing here knows the catalogue or a check. What several responses say together belongs to `evidence`.
"""
