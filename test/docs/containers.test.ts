import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { temporalEnvironment } from '../../assembly/temporal-environment.ts'
import { SEARCH_ATTRIBUTES } from '../../dev/temporal/search-attributes.ts'

const ROOT = join(import.meta.dirname, '../..')
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const compose = textOf('docker-compose.yml')

/** Variables that Compose sets itself, and those that only the embedded stack or another database needs. */
const SET_BY_COMPOSE = new Set([
  'DATABASE_URL',
  'SUPABASE_URL',
  'SUPABASE_SERVICE_ROLE_KEY',
  'STRIPE_API_BASE',
  'HOST',
  'WORKFLOW_BUNDLE',
  'PERENNIAL_CLOCK_FILE',
  'PERENNIAL_STATE',
])

describe('the compose file', () => {
  test('registers the search attributes that workflows set', () => {
    const registered = [...compose.matchAll(/--name (\w+) --type (\w+)/g)].map(
      ([, name, type]) => [name!, type!] as const,
    )
    expect(Object.fromEntries(registered)).toEqual(SEARCH_ATTRIBUTES)
  })

  test('contains no secret and no address: each is required', () => {
    const used = [...compose.matchAll(/\$\{(\w+)(:[?-])?/g)]
    const given = used
      .filter(([, name]) =>
        /PASSWORD|STRIPE_.*(SECRET|KEY)|SMTP_URL|^MAIL_FROM|PUBLIC_URL/.test(name!),
      )
      .map(([, , operator]) => operator)
    expect(given.length).toBeGreaterThan(5)
    expect(new Set(given)).toEqual(new Set([':?']))
    expect(used.filter(([, , operator]) => operator === undefined)).toEqual([])
  })

  test('passes every Temporal variable to API and worker, and uses its own Temporal by default', () => {
    const shared = compose.split('x-environment:')[1]?.split('\nservices:')[0] ?? ''
    const handedOn = [...shared.matchAll(/^  (TEMPORAL_\w+): \$\{(\w+):-([^}]*)\}$/gm)]
    const { TEMPORAL_ADDRESS, ...others } = Object.fromEntries(
      handedOn.filter(([, name, from]) => name === from).map(([, name, , value]) => [name, value]),
    )
    expect(TEMPORAL_ADDRESS).toBe('temporal:7233')
    const wanted = Object.keys(temporalEnvironment).filter((name) => name !== 'TEMPORAL_ADDRESS')
    expect(wanted.filter((name) => others[name] === undefined)).toEqual([])
    const onlyOf = new Set(['TEMPORAL_NAMESPACE', 'TEMPORAL_TASK_QUEUE'])
    expect(Object.entries(others).filter(([name, value]) => !onlyOf.has(name) && value)).toEqual([])
  })

  test('hands each variable of .env.example on to the processes', () => {
    const listed = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(
      ([, name]) => name!,
    )
    const handedOn = new Set([...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!))
    const missing = listed.filter((name) => !handedOn.has(name) && !SET_BY_COMPOSE.has(name))
    expect(listed.length).toBeGreaterThan(60)
    expect(missing).toEqual([])
  })

  test('connects API and worker as a role that cannot change tables', () => {
    const roles = [...compose.matchAll(/DATABASE_URL: postgres:\/\/(\w+):/g)].map(
      ([, role]) => role,
    )
    expect(roles).toEqual(['perennial_service', 'perennial_owner'])
  })

  test('leaves optional variables empty', () => {
    const optional = [...compose.matchAll(/\$\{(JWT_\w+|CORS_ORIGINS):-([^}]*)\}/g)]
    expect(optional.length).toBe(5)
    expect(new Set(optional.map(([, , value]) => value))).toEqual(new Set(['']))
  })

  test('opens its ports on this machine alone', () => {
    const ports = [...compose.matchAll(/^ +ports: \['([^']+)'\]/gm)].map(([, port]) => port!)
    expect(ports.length).toBeGreaterThan(0)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('starts programs that the build creates', () => {
    const programs = [...(compose + textOf('Dockerfile')).matchAll(/dist\/([\w/-]+)\.js/g)]
      .map(([, path]) => path!)
      .filter((path) => path !== 'workflow-bundle')
    expect(new Set(programs).size).toBe(3)
    expect(programs.filter((path) => !existsSync(join(ROOT, `${path}.ts`)))).toEqual([])
  })
})

describe('our containers', () => {
  const dockerfile = textOf('Dockerfile')

  test('is a last stage without compiler or root', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1)
    const last = stages.at(-1) ?? ''
    expect(stages.length).toBeGreaterThan(1)
    expect(last).toMatch(/^USER node$/m)
    expect(last).not.toMatch(/^RUN |npm/m)
    // Built files come from earlier stages, and the installed packages include no development tools.
    expect(last.match(/COPY --from=(\w+)/g)).toEqual([
      'COPY --from=dependencies',
      'COPY --from=build',
    ])
    expect(stages[1]).toMatch(/npm ci --omit=dev/)
  })

  test('writes nothing, has no privileges, and has time to finish its work', () => {
    const shared = compose.split('x-perennial:')[1]?.split('x-environment:')[0] ?? ''
    for (const line of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true'])
      expect(shared).toContain(line)
    expect(shared).toMatch(/stop_grace_period: 30s/)
    for (const service of ['migrate', 'worker', 'api'])
      expect(compose).toMatch(new RegExp(`^  ${service}:\\n    <<: \\*perennial$`, 'm'))
  })

  test('starts in the order of a deploy: migrate, then worker, then api', () => {
    const of = (service: string) => compose.split(`\n  ${service}:\n`)[1]?.split('\n\n')[0] ?? ''
    expect(of('worker')).toContain('migrate: { condition: service_completed_successfully }')
    expect(of('api')).toContain('worker: { condition: service_started }')
  })
})

test.each(['sh', 'bash'])('%s reads .env.example, with the sender in quotes', (shell) => {
  const script = 'set -eu; set -a; . ./.env.example; printf %s "$MAIL_FROM"'
  const sender = execFileSync(shell, ['-c', script], { cwd: ROOT, encoding: 'utf8' })
  expect(sender).toBe('Billing <billing@example.com>')
})
