import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'

export type CutOff = {
  readonly port: number
  /** From now on nobody gets through: open connections break, new ones are refused. */
  readonly cut: () => Promise<void>
  readonly mend: () => Promise<void>
  /** What is open now says and hears nothing any more, without being closed; new connections get through. */
  readonly hush: () => void
  readonly close: () => Promise<void>
}

/** A wire to a server on this machine that can be cut and mended: to whoever uses it the server is down. */
export async function createCutOff(targetPort: number): Promise<CutOff> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection({ port: targetPort, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      sockets.add(socket)
      // Either end may break off; the other one is told by being closed.
      socket.once('error', () => socket.destroy())
      socket.once('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
    near.once('hush', () => {
      near.unpipe(far)
      far.unpipe(near)
    })
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    cut,
    mend: () => listen(port),
    hush: () => {
      for (const socket of sockets) socket.emit('hush')
    },
    close: () => (server.listening ? cut() : Promise.resolve()),
  }
}
