import getPort, { portNumbers } from 'get-port'

/** How far a part moves on from its usual port before it takes any free one. */
const SPAN = 100

/** `preferred`, or the next port that nobody on this machine listens on. Not given out twice at once. */
export async function freePort(preferred: number): Promise<number> {
  return await getPort({ port: portNumbers(preferred, preferred + SPAN) })
}

/** Any free port. */
export async function anyFreePort(): Promise<number> {
  return await getPort()
}
