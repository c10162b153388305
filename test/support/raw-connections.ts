import { connect } from 'node:net'
import type { World } from './world.ts'

/** A connection that sends what a test writes, byte by byte. */
export type RawConnection = {
  readonly send: (text: string) => void
  /** All that has arrived, in Latin-1. */
  readonly received: () => string
  readonly isOpen: () => boolean
}

/** Opens raw connections to the API of a world. `close` ends all that are open. */
export function createRawConnections(world: Pick<World, 'url'>) {
  const { hostname, port } = new URL(world.url)
  const opened: { destroy(): void }[] = []
  return {
    open(): RawConnection {
      const socket = connect(Number(port), hostname)
      opened.push(socket)
      let received = ''
      let isOpen = true
      socket.on('data', (chunk) => (received += chunk.toString('latin1')))
      socket.on('error', () => socket.destroy())
      socket.on('close', () => (isOpen = false))
      return {
        send: (text) => void socket.write(text),
        received: () => received,
        isOpen: () => isOpen,
      }
    },
    close: () => {
      for (const socket of opened) socket.destroy()
    },
  }
}
