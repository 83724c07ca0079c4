"""Who is asked: a URL, an application in process, or a recording, each as a transport of httpx.

Reading, writing and scrubbing of cassettes belong here too. What is asked of a target belongs to `client` and
`evidence`.
"""
