import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'

export type Balancer = {
  readonly url: string
  readonly close: () => Promise<void>
}

/** One address before several local servers: each connection goes to the next one that accepts it. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()
  let next = 0
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    keep(near)
    // Close the other side when one side breaks.
    near.on('error', () => near.destroy())
    reach(near, ports.length)
  })
  function reach(near: Socket, triesLeft: number): void {
    const port = ports[next++ % ports.length] ?? 0
    const far = createConnection({ port, host: '127.0.0.1' })
    keep(far)
    let answered = false
    far.once('connect', () => {
      answered = true
      near.once('close', () => far.destroy())
      far.once('close', () => near.destroy())
      near.pipe(far).pipe(near)
    })
    far.on('error', () => {
      far.destroy()
      if (answered || triesLeft <= 1) near.destroy()
      else reach(near, triesLeft - 1)
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
