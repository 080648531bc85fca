#!/usr/bin/env bash
# Run once by the PostgreSQL container on an empty data folder: roles, passwords, database.
set -euo pipefail
run() { psql -v ON_ERROR_STOP=1 -X -q -U postgres "$@"; }
run -d template1 -f /roles.sql
run -d postgres -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
ALTER ROLE crm_owner PASSWORD :'owner';
ALTER ROLE crm_app PASSWORD :'app';
CREATE DATABASE crm OWNER crm_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
SQL
run -d crm -f /roles.sql
