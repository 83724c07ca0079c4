"""The official SDKs, asking over our own client: the Python SDK in process, the TypeScript SDK in Node.

Both get the same calls and give the same kind of answer; the requests they send become exchanges of the run.
"""
