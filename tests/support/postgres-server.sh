# A PostgreSQL server of its own for one run of the tests: sh postgres-server.sh FOLDER BIN [PART]
# Prints "ready" once it takes connections on the Unix socket in FOLDER, then does what standard input says, one word per line, and
# answers "done" to each. When standard input ends (however the tests end) it stops the server and removes FOLDER. The server
# refuses to run as root, so root runs it as its package's user.
#   stop, start     as an administrator does it: open connections are ended
#   freeze, thaw    the server says nothing any more, and goes on
#   freeze-waiting  only the connections that wait for a lock
# If PART is named, data or log, the folder of that name in FOLDER is on a small disk:
#   fill, clear     that disk: to its last byte, and as before
#   revive          starts the server if it has ended by itself
set -eu
folder=$1 bin=$2 part=${3-}
as_user() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder" ${part:+"$folder/$part"}
  as_user() { setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all "$@"; }
fi
cd "$folder"
# A disk on one of its folders cannot be removed from here.
trap 'rm -rf "$folder" 2>/dev/null' EXIT
trap : INT TERM
more=
# Small segments, so that a small disk holds some.
if [ -n "$part" ]; then more='--wal-segsize=1'; fi
if [ "$part" = log ]; then more="$more --waldir=$folder/log"; fi
if [ "$part" = data ]; then more="$more --waldir=$folder/elsewhere"; fi
# Only the making of the cluster goes without waiting for the disk; the server itself does wait.
as_user "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync $more >initdb.log 2>&1 \
  || { cat initdb.log >&2; exit 1; }
start() {
  as_user "$bin/pg_ctl" start --silent --wait --pgdata="$folder/data" --log="$folder/data/log" \
    --options="-c listen_addresses='' -c unix_socket_directories='$folder' -c max_connections=400" </dev/null >/dev/null \
    || { cat "$folder/data/log" >&2; exit 1; }
}
stop() { as_user "$bin/pg_ctl" stop --silent --mode="$1" --pgdata="$folder/data" >/dev/null; }
# The server's processes; with a pattern only those children whose title has it.
processes() {
  server=$(head -n 1 "$folder/data/postmaster.pid")
  [ $# -gt 0 ] || echo "$server"
  ps -e -o pid= -o ppid= -o args= | awk -v server="$server" -v pattern="${1-}" '$2 == server && $0 ~ pattern { print $1 }'
}
# One of them may end meanwhile.
thaw() { kill -CONT $(processes) 2>/dev/null || true; }
start
echo ready
while read -r word; do
  case $word in
    stop) stop fast ;;
    start) start ;;
    freeze) kill -STOP $(processes) ;;
    freeze-waiting) kill -STOP $(processes ' waiting$') ;;
    thaw) thaw ;;
    # It fails when there is no room left, which is its purpose.
    fill) as_user dd if=/dev/zero of="$folder/$part/ballast" bs=4096 2>/dev/null || true ;;
    clear) rm "$folder/$part/ballast" ;;
    revive) as_user "$bin/pg_ctl" status --pgdata="$folder/data" >/dev/null || start ;;
  esac
  echo done
done
if [ -f "$folder/data/postmaster.pid" ]; then
  thaw
  stop immediate
fi
