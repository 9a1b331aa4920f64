"""What the product costs beside a bare Django page of the same kind, measured in one run. `make bench`."""
