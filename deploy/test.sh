#!/usr/bin/env bash
# Run the suite on SQLite, then on PostgreSQL with Redis as cache. In CI a missing service is a failure,
# elsewhere a message. Another server than the usual local one: TEST_DATABASE_URL, TEST_CACHE_URL.
set -euo pipefail
uv=${1:-uv}
run() { "$uv" run --frozen --no-sync "$@"; }
export ANXIN_VAR=${ANXIN_TEST_VAR:-$PWD/var/testing}
mkdir -p "$ANXIN_VAR"
run pytest -n 2 -q
database=${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
cache=${TEST_CACHE_URL:-redis://127.0.0.1:6379/9}
answer=$(run python - "$database" "$cache" <<'PYTHON'
"""Print what keeps the suite from this database and cache, or nothing."""
import sys

import psycopg
import redis

try:
    psycopg.connect(sys.argv[1], connect_timeout=5).close()
except psycopg.Error as fault:
    print(f"PostgreSQL: {fault}".strip())
try:
    redis.Redis.from_url(sys.argv[2], socket_connect_timeout=5).ping()
except redis.RedisError as fault:
    print(f"Redis: {fault}")
PYTHON
)
if [ -z "$answer" ]; then
  echo "== the same suite on PostgreSQL"
  DATABASE_URL=$database CACHE_URL=$cache run pytest -n 2 -q
elif [ "${CI:-}" = true ]; then
  echo "$answer" >&2
  exit 1
else
  echo "$answer"
  echo "Skipped on PostgreSQL. Install and start both (Debian: apt-get install postgresql redis-server), and name"
  echo "a role that may create databases: TEST_DATABASE_URL=postgres://user:password@127.0.0.1/postgres make test"
fi
