# Sourced. Children of a script: each in a session of its own (Ctrl-C reaches the script alone, which then stops them in order), its
# output in a file, and ended by the kernel where the script is killed.

declare -A child_pid=() child_stop_signal=() child_log=()
child_names=()

# start_child NAME LOG STOP_SIGNAL COMMAND...: a command that should not outlive a killed script is
# given to `setpriv --pdeathsig`.
start_child() {
  local name=$1 log=$2 stop_signal=$3
  shift 3
  setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
  child_pid[$name]=$!
  child_stop_signal[$name]=$stop_signal
  child_log[$name]=$log
  child_names+=("$name")
}

child_runs() { kill -0 "${child_pid[$1]}" 2>/dev/null; }

# Fails, with the end of its log, where a child has ended.
expect_children() {
  local name
  for name in "${child_names[@]}"; do
    child_runs "$name" && continue
    echo "$name has ended; the end of ${child_log[$name]}:" >&2
    tail -n 15 "${child_log[$name]}" >&2
    return 1
  done
}

# wait_for SECONDS COMMAND...: until the command succeeds; fails where a child ends or time is up.
wait_for() {
  local tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    expect_children || return 1
    [ $((tries--)) -gt 0 ] || return 1
    sleep 0.1
  done
}

# Stops one child: its signal, and SIGKILL after 15 s.
stop_child() {
  local pid=${child_pid[$1]} tries=150
  kill -s "${child_stop_signal[$1]}" "$pid" 2>/dev/null || true
  while child_runs "$1" && [ $((tries--)) -gt 0 ]; do sleep 0.1; done
  kill -s KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# Stops all, the last started first.
stop_children() {
  local i
  for ((i = ${#child_names[@]} - 1; i >= 0; i--)); do stop_child "${child_names[i]}"; done
  child_names=()
}
