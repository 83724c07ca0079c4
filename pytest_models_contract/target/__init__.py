"""The server under test: a URL, an application in process, or a recording, each as a transport of httpx.

Reading, writing and scrubbing of cassettes belong here too. The requests to a target belong to `client` and
`evidence`.
"""
