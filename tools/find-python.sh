#!/usr/bin/env bash
# Prints the first Python that is 3.11 or newer; PYTHON names one to use instead.
set -eu
for python in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
  if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    echo "$python"
    exit 0
  fi
done
echo "Python 3.11 or newer (with its venv module; on Debian the package python3-venv) was not found. Install it, or name it: make PYTHON=/path/to/python3 …" >&2
exit 1
