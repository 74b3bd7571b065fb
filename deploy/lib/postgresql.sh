# Sourced. A PostgreSQL cluster in a folder of our own, on a Unix socket only. The server can't run as root: there it runs in a user
# namespace, seen from outside as root, or, where the kernel refuses that (a chroot always does), as the system user `postgres` that
# Debian's package makes. That user can't enter a closed home folder: then the cluster lies in /var/lib instead.

readonly pg_programs=/usr/lib/postgresql/15/bin
readonly pg_socket_path_max=85   # a socket's path has at most 107 bytes, its name included

# Sets pg_folder (the cluster's), pg_owner and as_server (how the server's programs are called) for a cluster in folder $1.
choose_postgresql_place() {
  pg_folder=$1
  pg_owner=$(id -un)
  as_server=(env)
  [ "$(id -u)" -eq 0 ] || return 0
  as_server=(unshare --user "--map-user=$(id -u postgres)" "--map-group=$(id -g postgres)")
  if "${as_server[@]}" true 2>/dev/null; then return 0; fi
  as_server=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  pg_owner=postgres
  if "${as_server[@]}" test -x "$(dirname "$pg_folder")"; then return 0; fi
  pg_folder=/var/lib/yagura-demo/$(printf '%s' "$pg_folder" | cksum | cut -d' ' -f1)
  mkdir -p "$(dirname "$pg_folder")"
}

# Calls a program of PostgreSQL's as the server's user. Its folder is the server's, so that it can be entered.
pg_server_program() {
  (cd "$pg_folder" && "${as_server[@]}" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 HOME="$pg_folder" "$pg_programs/$1" "${@:2}")
}

# Asks the database $1 as role $2; SQL on standard input, rows on standard output.
pg_ask() {
  "$pg_programs/psql" --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --host="$pg_socket" --username="$2" \
    --dbname="$1" --file=-
}

# Sets pg_socket: the folder of the server's socket, which nobody else can enter. Anybody may make a folder or a link of that name in
# /tmp: who could write there would be asked for the database in its place.
choose_postgresql_socket() {
  pg_socket=$pg_folder
  [ "${#pg_folder}" -gt "$pg_socket_path_max" ] || return 0
  pg_socket=/tmp/yagura-$(printf '%s' "$pg_folder" | cksum | cut -d' ' -f1)
  if mkdir -m 700 "$pg_socket" 2>/dev/null; then chown "$pg_owner" "$pg_socket"; fi
  [ "$(stat --format='%F %a %U' "$pg_socket")" != "directory 700 $pg_owner" ] || return 0
  in_words "$pg_socket is not a folder of $pg_owner alone; next: remove it, or choose a shorter path than $pg_folder" \
    "$pg_socket は $pg_owner だけのフォルダーではありません。次の手順: それを消すか、$pg_folder より短いパスを選んでください" >&2
  echo >&2
  return 1
}

# Makes the cluster where there is none yet. Half a cluster is made anew.
make_postgresql() {
  mkdir -p "$pg_folder"
  chmod 700 "$pg_folder"
  choose_postgresql_socket || return
  if [ ! -e "$pg_folder/whole" ]; then
    rm -rf "$pg_folder/data"
    chown -R "$pg_owner" "$pg_folder"
    pg_server_program initdb -D "$pg_folder/data" -U postgres --auth-local=trust --auth-host=reject --encoding=UTF8 \
      --locale=C.UTF-8 --no-instructions >"$pg_folder/log" 2>&1 || { cat "$pg_folder/log" >&2; return 1; }
    touch "$pg_folder/whole"
  fi
  chown -R "$pg_owner" "$pg_folder"
  cat >"$pg_folder/data/yagura.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$pg_socket'
unix_socket_permissions = 0700
log_timezone = 'UTC'
timezone = 'UTC'
CONF
  grep -qs "^include 'yagura.conf'" "$pg_folder/data/postgresql.conf" ||
    echo "include 'yagura.conf'" >>"$pg_folder/data/postgresql.conf"
  chown "$pg_owner" "$pg_folder/data/yagura.conf" "$pg_folder/data/postgresql.conf"
}

# The command that runs the server in the foreground, as words in pg_command; it stops, fast, with the script that started it.
set_pg_command() {
  pg_command=("${as_server[@]}" setpriv --pdeathsig INT env -i -C "$pg_folder" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 HOME="$pg_folder"
    "$pg_programs/postgres" -D "$pg_folder/data")
}

pg_ready() { "$pg_programs/pg_isready" --quiet --host="$pg_socket"; }
