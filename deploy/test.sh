#!/usr/bin/env bash
# Run the suite on SQLite, then on PostgreSQL. In CI a missing service is a failure, elsewhere a message.
set -euo pipefail
uv=${1:-uv}
export ANXIN_VAR=${ANXIN_TEST_VAR:-$PWD/var/testing}
mkdir -p "$ANXIN_VAR"
"$uv" run --frozen --no-sync pytest -n 2 -q
postgres=${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
if command -v pg_isready >/dev/null && pg_isready -q -h 127.0.0.1; then
  echo "== the same suite on PostgreSQL"
  DATABASE_URL=$postgres CACHE_URL=${TEST_CACHE_URL:-redis://127.0.0.1:6379/9} "$uv" run --frozen --no-sync pytest -n 2 -q
elif [ "${CI:-}" = true ]; then
  echo "PostgreSQL is not running, and in CI it must be." >&2
  exit 1
else
  echo "Skipped on PostgreSQL: install it (Debian: apt-get install postgresql) and start it on 127.0.0.1:5432."
fi
