import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SEARCH_ATTRIBUTES } from '../../dev/temporal/search-attributes.ts'

const ROOT = join(import.meta.dirname, '../..')
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const compose = textOf('docker-compose.yml')

describe('the compose file', () => {
  test('registers the search attributes that workflows set', () => {
    const registered = [...compose.matchAll(/--name (\w+) --type (\w+)/g)].map(
      ([, name, type]) => [name!, type!] as const,
    )
    expect(Object.fromEntries(registered)).toEqual(SEARCH_ATTRIBUTES)
  })

  test('has no secret and no address of its own: each must be given', () => {
    const used = [...compose.matchAll(/\$\{(\w+)(:[?-])?/g)]
    const given = used
      .filter(([, name]) =>
        /PASSWORD|STRIPE_.*(SECRET|KEY)|SMTP_URL|MAIL_FROM|PUBLIC_URL/.test(name!),
      )
      .map(([, , operator]) => operator)
    expect(given.length).toBeGreaterThan(5)
    expect(new Set(given)).toEqual(new Set([':?']))
    expect(used.filter(([, , operator]) => operator === undefined)).toEqual([])
  })

  test('leaves what is optional empty', () => {
    const optional = [...compose.matchAll(/\$\{(JWT_\w+|CORS_ORIGINS):-([^}]*)\}/g)]
    expect(optional.length).toBe(5)
    expect(new Set(optional.map(([, , value]) => value))).toEqual(new Set(['']))
  })

  test('opens its ports on this machine alone', () => {
    const ports = [...compose.matchAll(/^ +ports: \['([^']+)'\]/gm)].map(([, port]) => port!)
    expect(ports.length).toBeGreaterThan(0)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('starts programs that the build makes', () => {
    const programs = [...(compose + textOf('Dockerfile')).matchAll(/dist\/([\w/-]+)\.js/g)]
      .map(([, path]) => path!)
      .filter((path) => path !== 'workflow-bundle')
    expect(new Set(programs).size).toBe(3)
    expect(programs.filter((path) => !existsSync(join(ROOT, `${path}.ts`)))).toEqual([])
  })
})
