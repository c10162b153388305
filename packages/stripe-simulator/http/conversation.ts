import type { Context } from 'hono'
import type { IncomingMessage } from 'node:http'

/** Longer than the time-out of any caller, and a bound on how long one can be left without answer. */
const SILENCE_MAX_MS = 120_000

/** Breaks the connection under a request, as a network would. */
export function reset(c: Context): void {
  incomingOf(c).socket.destroy()
}

/** Says nothing until the caller gives up. */
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
