import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import { z } from 'zod'
import { readIfPresent, replaceFile } from './kept-file.ts'
import type { Part } from './parts.ts'
import { anyFreePort } from './ports.ts'

const claimFile = z.object({ pid: z.number(), port: z.number(), token: z.string() })

/** A running process answers immediately. */
const ANSWER_TIMEOUT_MS = 1_000

/**
 * Claims a state directory for this process: two stacks on the same data would destroy it. The claim is a
 * server that answers with the token in `file`. It ends with the process, even after a crash, and unlike
 * a process id it is never reused by an unrelated process.
 */
export async function claimInstance(file: string): Promise<Part> {
  const earlier = await claimIn(file)
  if (earlier && (await answers(earlier))) {
    throw new Error(
      `Perennial is already running here, as process ${earlier.pid}. Stop that one first, or set ` +
        'PERENNIAL_STATE to another directory to run a second one.',
    )
  }
  const token = randomUUID()
  const port = await anyFreePort()
  const server = createServer((socket) => socket.end(token))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  await replaceFile(file, JSON.stringify({ pid: process.pid, port, token }))
  return {
    stop: async () => {
      server.close()
      await rm(file, { force: true })
    },
  }
}

/** Whether a running process holds the claim in `file`. */
export async function isClaimed(file: string): Promise<boolean> {
  const claim = await claimIn(file)
  return claim !== undefined && (await answers(claim))
}

async function claimIn(file: string) {
  const text = await readIfPresent(file)
  return text === undefined ? undefined : claimFile.parse(JSON.parse(text))
}

function answers({ port, token }: z.infer<typeof claimFile>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const heard: Buffer[] = []
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy())
    socket.on('data', (chunk) => heard.push(chunk))
    // No process answers: the usual case after a crash.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(Buffer.concat(heard).toString() === token))
  })
}
