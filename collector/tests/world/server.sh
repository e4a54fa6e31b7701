# A PostgreSQL server of its own for one run of the tests: sh server.sh FOLDER BIN
# Prints "ready" once it takes connections on the Unix socket in FOLDER, stops it when standard input ends (however the tests
# end) and removes FOLDER. The server refuses to run as root, so root runs it as its package's user.
set -eu
folder=$1 bin=$2
as_user() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as_user() { setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all "$@"; }
fi
cd "$folder"
trap 'rm -rf "$folder"' EXIT
trap : INT TERM
# Only the making of the cluster goes without waiting for the disk; the server itself does wait.
as_user "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >initdb.log 2>&1 \
  || { cat initdb.log >&2; exit 1; }
as_user "$bin/pg_ctl" start --silent --wait --pgdata="$folder/data" --log="$folder/data/log" \
  --options="-c listen_addresses='' -c unix_socket_directories='$folder' -c max_connections=400" </dev/null >/dev/null \
  || { cat "$folder/data/log" >&2; exit 1; }
echo ready
cat >/dev/null
as_user "$bin/pg_ctl" stop --silent --mode=immediate --pgdata="$folder/data" >/dev/null
