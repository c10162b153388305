import { spawnSync } from 'node:child_process'
import { spawnLeashed } from '../../../../dev/leash.ts'
import { anyFreePort } from '../../../../dev/ports.ts'
import { MODULE } from './module.ts'

const PROGRAM = process.env['STRIPE_MOCK'] ?? 'stripe-mock'
const READY_TIMEOUT_MS = 30_000
const GRACE_SECONDS = 5

/** Whether Stripe's own mock server is installed; prints one line if it is not. */
export function hasStripeMock(): boolean {
  if (spawnSync(PROGRAM, ['-version']).status === 0) return true
  process.stderr.write(
    `Requests are not sent to stripe-mock, because it is not installed: go install ${MODULE}@latest, ` +
      'or name its path in STRIPE_MOCK.\n',
  )
  return false
}

export type LoggedRequest = {
  readonly method: string
  readonly path: string
  readonly encoded: string
}

export type StripeMock = {
  /** The reason for refusing a request; undefined if accepted. It is stateless, so state is never the reason. */
  readonly refusalOf: (asked: LoggedRequest) => Promise<string | undefined>
  readonly stop: () => Promise<void>
}

/** Checks the shape of requests against the published document, by Stripe's own code. */
export async function startStripeMock(): Promise<StripeMock> {
  const port = await anyFreePort()
  const server = spawnLeashed({
    name: 'stripe-mock',
    command: PROGRAM,
    // Without the second address it would listen for HTTPS on a fixed port, which may be in use.
    args: ['-http-addr', `127.0.0.1:${port}`, '-https-addr', '127.0.0.1:0'],
    stopSignal: 'TERM',
    graceSeconds: GRACE_SECONDS,
  })
  await server.lineMatching(/Listening/, READY_TIMEOUT_MS)
  return {
    async refusalOf({ method, path, encoded }) {
      const isPost = method === 'POST'
      const answer = await fetch(
        `http://127.0.0.1:${port}${path}${isPost || encoded === '' ? '' : `?${encoded}`}`,
        {
          method,
          headers: {
            authorization: 'Bearer sk_test_mock',
            ...(isPost && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(isPost && { body: encoded }),
        },
      )
      const said = await answer.text()
      return answer.ok ? undefined : said
    },
    stop: server.stop,
  }
}
