#!/usr/bin/env bash
# Installs what is missing, so that `make demo` and `make test` run on a bare Debian. Safe to run again and again.
# --databases: also the servers that tests start on free ports; none of them is started here.
set -euo pipefail
cd "$(dirname "$0")/.."

PACKAGES=()
need() { command -v "$1" >/dev/null 2>&1 || PACKAGES+=("$2"); }

java_release() { javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'; }

find_python() {
  local name
  for name in python3.11 python3.12 python3.13 python3; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
}

[ "$(java_release || true)" -ge 17 ] 2>/dev/null || PACKAGES+=(openjdk-17-jdk-headless)
need mvn maven
need chromium chromium
[ -n "$(find_python)" ] || PACKAGES+=(python3 python3-venv)

PREPARE=true
if [ "${1:-}" = --databases ]; then
  command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] || PACKAGES+=(mariadb-server-core)
  if ! command -v redis-server >/dev/null 2>&1; then
    PACKAGES+=(redis-server)
    # else the package starts a service of its own
    PREPARE+=" && mkdir -p /etc/systemd/system && ln -sf /dev/null /etc/systemd/system/redis-server.service"
  fi
  if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
    PACKAGES+=(postgresql)
    # else the package makes a database and a service of its own
    PREPARE+=" && mkdir -p /etc/postgresql-common/createcluster.d &&
      echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/workbench-tests.conf"
  fi
fi

if [ ${#PACKAGES[@]} -gt 0 ]; then
  install="$PREPARE && apt-get update && apt-get install -y --no-install-recommends ${PACKAGES[*]}"
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing: ${PACKAGES[*]}. Install them (as root, on Debian or Ubuntu):" >&2
    echo "  $install" >&2
    exit 3
  fi
  echo "installing ${PACKAGES[*]}"
  DEBIAN_FRONTEND=noninteractive bash -c "$install" >/dev/null
fi

[ -x .venv/bin/python ] || "$(find_python)" -m venv .venv
STAMP=.venv/.installed
WANTED=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat $STAMP 2>/dev/null)" != "$WANTED" ]; then
  echo "installing the Python packages into .venv"
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
  echo "$WANTED" >$STAMP
fi
