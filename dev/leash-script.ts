/**
 * The leash itself, in POSIX sh: `sh -c LEASH leash SIGNAL GRACE_SECONDS COMMAND [ARGUMENT…]`.
 *
 * It runs COMMAND and exits with its status. File descriptor 3 is a pipe whose other end is held by the parent:
 * when that closes, because the parent closed it or died, COMMAND receives SIGNAL; when it has
 * ended, or after GRACE_SECONDS in any case, the whole process group is killed: COMMAND's own children and
 * this leash too. So stopping and crashing use the same code.
 *
 * - `exec 3<&-` and `3<&-`: only the watcher may hold the pipe, and COMMAND must not inherit it.
 * - The leash itself writes nothing: with the parent dead, its own output would be a broken pipe that kills it.
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
  trap 'kill -s KILL -- "-$$"' TERM
  kill -s "$signal" "$command"
  sleep "$grace" &
  wait "$!"
  kill -s KILL -- "-$$"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&- >/dev/null 2>&1
wait "$command"
status=$?
kill -s TERM "$watcher"
wait "$watcher"
exit "$status"
`
