import getPort, { portNumbers } from 'get-port'

/** How many ports above the usual one are tried before any free port is used. */
const SPAN = 100

/** `preferred`, or the next port that is free on this machine. Concurrent calls never return the same port. */
export async function freePort(preferred: number): Promise<number> {
  return await getPort({ port: portNumbers(preferred, preferred + SPAN) })
}

/** A port that is free on this machine. Concurrent calls never return the same port. */
export async function anyFreePort(): Promise<number> {
  return await getPort()
}
