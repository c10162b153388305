import getPort, { clearLockedPorts } from 'get-port'
import { freePort } from './ports.ts'

/** Each start takes seconds. More stacks than this do not start at the same moment on one machine. */
const STARTS_MAX = 4

type Starting<Ports, Started> = {
  /** Starts everything; rejects when something cannot start, after which nothing listens any more. */
  readonly start: (ports: Ports) => Promise<Started>
  /** Prints a line for the developer. */
  readonly report: (line: string) => void
}

/**
 * Starts on these ports. A port that was free when it was chosen may be taken before it is used, for instance by another stack
 * that starts at the same moment: then everything starts again, with the next free port in its place.
 */
export async function startOnFreePorts<Ports extends Record<string, number>, Started>(
  ports: Ports,
  { start, report }: Starting<Ports, Started>,
): Promise<Started> {
  let chosen = ports
  for (let starts = 1; ; starts++) {
    try {
      return await start(chosen)
    } catch (error) {
      const instead = await replaceTaken(chosen, report)
      if (instead === undefined || starts === STARTS_MAX) throw error
      chosen = instead
    }
  }
}

/** @returns the ports, with other ones for those that another program uses now; undefined when none is taken */
async function replaceTaken<Ports extends Record<string, number>>(
  ports: Ports,
  report: (line: string) => void,
): Promise<Ports | undefined> {
  // `get-port` keeps the ports that it gave for a while, so that it gives none twice.
  clearLockedPorts()
  const entries = Object.entries(ports)
  const taken: typeof entries = []
  for (const entry of entries)
    if ((await getPort({ port: entry[1] })) !== entry[1]) taken.push(entry)
  if (taken.length === 0) return undefined
  const instead = { ...ports }
  for (const [name, port] of taken) {
    const next = await freePort(port + 1)
    Object.assign(instead, { [name]: next })
    report(`Port ${port} was taken by another program meanwhile: ${name} starts on ${next}.`)
  }
  return instead
}
