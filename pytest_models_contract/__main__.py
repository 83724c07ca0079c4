"""`python -m pytest_models_contract`: the same as `models-contract`."""

import sys

from pytest_models_contract.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
