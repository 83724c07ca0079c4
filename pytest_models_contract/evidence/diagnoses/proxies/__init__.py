"""What goes wrong between an upstream and the clients of a proxy.

Here belong the rules for the checks of the area `proxy/`; what clients see without an upstream is in the
modules beside this package.
"""
