"""The tests of shuoshi; one folder per package, one file per behaviour."""
