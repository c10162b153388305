import { readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { NICE, RETRY_AFTER_MS, type Flooding, type Request } from './flooding.ts'

setPriority(NICE)
const { callers, requests } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Flooding

async function send({ url, ...request }: Request): Promise<void> {
  const response = await fetch(url, request)
  await response.arrayBuffer()
  if (response.status === 429) await wait(RETRY_AFTER_MS)
}

async function callAgainAndAgain(): Promise<never> {
  for (;;) for (const request of requests) await send(request)
}

console.log('flooding')
await Promise.all(Array.from({ length: callers }, callAgainAndAgain))
