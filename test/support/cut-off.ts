import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'

export type CutOff = {
  readonly port: number
  /** Breaks open connections and refuses new ones. */
  readonly cut: () => Promise<void>
  readonly repair: () => Promise<void>
  /** Freezes open connections without closing them; new connections work. */
  readonly hush: () => void
  readonly close: () => Promise<void>
}

/** A proxy to a local server that can be cut and restored: clients see the server as down. */
export async function createCutOff(targetPort: number): Promise<CutOff> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection({ port: targetPort, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      sockets.add(socket)
      // Close the other side when one side breaks.
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
    repair: () => listen(port),
    hush: () => {
      for (const socket of sockets) socket.emit('hush')
    },
    close: () => (server.listening ? cut() : Promise.resolve()),
  }
}
