/**
 * The leash itself, in POSIX sh: `sh -c LEASH leash SIGNAL GRACE_SECONDS COMMAND [ARGUMENT…]`.
 *
 * It runs COMMAND and waits for it. File descriptor 3 is a pipe whose other end is held by the parent: when
 * that closes, because the parent closed it or because the parent died in whatever way, COMMAND is sent
 * SIGNAL, and after GRACE_SECONDS the whole process group is killed. So stopping and crashing are one path.
 *
 * - `exec 3<&-` and `3<&-`: only the watcher may hold the pipe, and COMMAND must not inherit it.
 * - The nap is a background job because sh runs a trap only after a foreground command has ended.
 * - A background job starts with SIGINT ignored. Postgres installs its own handler all the same; Go programs
 *   (Temporal) keep ignoring it and must be given TERM.
 */
export const LEASH = `
signal=$1 grace=$2
shift 2
"$@" 3<&- </dev/null &
command=$!
(
  while read -r _; do :; done <&3
  trap 'kill "$nap" 2>/dev/null; exit 0' TERM
  kill -s "$signal" "$command" 2>/dev/null
  sleep "$grace" &
  nap=$!
  wait "$nap"
  kill -s KILL -- "-$$"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$command"
status=$?
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$status"
`
