"""What a proxy makes of its upstream, seen from both sides: its catalogue, failures, keys and callers.

Here belongs what the checks of the area `proxy/` ask for, and how they compare both sides. The upstream
itself is in `fake/upstream/`, the process of the proxy in `target/`.
"""
