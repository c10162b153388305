import { connect } from 'node:net'

/** Sends one request at a time. */
export type Connection = {
  /** Resolves once a complete 200 has arrived. @throws for any other status, and when the connection breaks. */
  readonly ask: (request: Buffer) => Promise<void>
  readonly close: () => void
}

const HEAD_END = '\r\n\r\n'
const LENGTH = /^content-length: *(\d+)$/im

/**
 * Minimal HTTP/1.1 for load: sends prepared bytes, and reads only the status and length of an answer. This leaves the CPU
 * to the measured server.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let waiting:
    { readonly answered: () => void; readonly failed: (cause: Error) => void } | undefined
  let head = ''
  /** Missing bytes of the answer; undefined while its head is being read. */
  let missing: number | undefined
  const settle = (cause?: Error) => {
    const asked = waiting
    waiting = undefined
    if (cause === undefined) asked?.answered()
    else asked?.failed(cause)
  }
  socket.on('data', (chunk) => {
    if (missing === undefined) {
      head += chunk.toString('latin1')
      const end = head.indexOf(HEAD_END)
      if (end === -1) return
      const length = LENGTH.exec(head)?.[1]
      if (!head.startsWith('HTTP/1.1 200 ') || length === undefined)
        return settle(new Error(`an answer was no 200 with a length: ${head.slice(0, 1_000)}`))
      missing = Number(length) - (head.length - end - HEAD_END.length)
    } else missing -= chunk.length
    if (missing > 0) return
    head = ''
    missing = undefined
    settle()
  })
  socket.on('close', () => settle(new Error('the server closed the connection')))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.on('error', (cause) => {
      settle(cause)
      reject(cause)
    })
  })
  return {
    ask: (request) =>
      new Promise((answered, failed) => {
        waiting = { answered, failed }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}
