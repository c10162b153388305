import type { Context } from 'hono'
import type { IncomingMessage } from 'node:http'

/** Longer than the timeout of any caller, but a limit on unanswered requests. */
const SILENCE_MAX_MS = 120_000

/** Breaks the connection during a request, as a network failure does. */
export function reset(c: Context): void {
  incomingOf(c).socket.destroy()
}

/** Sends no response until the caller's timeout. */
export async function hang(c: Context): Promise<void> {
  const { socket } = incomingOf(c)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, SILENCE_MAX_MS).unref()
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  socket.destroy()
}

function incomingOf(c: Context): IncomingMessage {
  const { incoming } = c.env
  return incoming
}
