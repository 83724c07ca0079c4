"""The cassettes shipped with the plugin."""
