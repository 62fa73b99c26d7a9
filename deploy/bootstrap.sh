# Sourced by ./run and ./test: finds Python and uv, and installs what uv.lock names into $UV_PROJECT_ENVIRONMENT.

find_python() {
  for name in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$name" && return
  done
  echo "Python 3.11 or newer with its venv module is missing. On Debian: apt-get install python3 python3-venv" >&2
  return 1
}

prepare() {
  UV_PYTHON=$(find_python) || exit 1
  UV_PYTHON_DOWNLOADS=never
  export UV_PYTHON UV_PYTHON_DOWNLOADS UV_PROJECT_ENVIRONMENT
  uv=$(command -v uv || true)
  if [ -z "$uv" ]; then
    uv=.tools/bin/uv
    [ -x "$uv" ] || { "$UV_PYTHON" -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9; }
  fi
  "$uv" sync --frozen --quiet "$@"
}
