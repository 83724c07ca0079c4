"""All that pytest sees."""
