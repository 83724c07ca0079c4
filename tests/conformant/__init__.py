"""The conformant variants, a file for each kind of alteration."""
