import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { banner } from '../../dev/banner.ts'
import { USUAL_PORTS, type StackContext } from '../../dev/context.ts'
import type { Stack } from '../../dev/stack.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'

const ROOT = join(import.meta.dirname, '../..')
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const readme = textOf('README.md')

/** The part of the README under a heading. */
function section(heading: string): string {
  const after = readme.split(`\n## ${heading}\n`)[1]
  if (after === undefined) throw new Error(`the README has no section ${heading}`)
  return after.split('\n## ')[0]!
}

const firstCells = (text: string) => [...text.matchAll(/^\| `([^`]+)` /gm)].map(([, cell]) => cell!)

describe('the README', () => {
  test('lists the commands of package.json, in its order', () => {
    const scripts = Object.keys(JSON.parse(textOf('package.json')).scripts)
    const commands = scripts.map((name) =>
      ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`,
    )
    expect(firstCells(section('Commands'))).toEqual(commands)
  })

  test('draws a life of all statuses, and of no other', () => {
    const [, picture = ''] = /```mermaid\n([\s\S]*?)```/.exec(readme) ?? []
    const drawn = [...picture.matchAll(/^\s*(\S+) --> (\w+|\[\*\])/gm)].flatMap(([, from, to]) => [
      from!,
      to!,
    ])
    expect(new Set(drawn.filter((name) => name !== '[*]'))).toEqual(new Set(STATUSES))
  })

  test('has the curl lines that the stack prints', () => {
    const printed = linesOfBanner()
    expect(printed).toHaveLength(4)
    const [, block = ''] = /```sh\n(curl[\s\S]*?)```/.exec(section('Run it in two commands')) ?? []
    expect(block.trim().split('\n')).toEqual(printed)
  })
})

/** What is printed with every part embedded and on its usual port. */
function linesOfBanner(): string[] {
  const context = {
    environment: { PORT: 3000, PERENNIAL_STATE: '.perennial' },
    ports: { api: 3000, ...USUAL_PORTS },
  } as StackContext
  const stack = {
    apiUrl: 'http://localhost:3000',
    temporal: { address: '', uiUrl: '', detail: '' },
    stripe: { apiKey: '', apiBase: 'http://127.0.0.1:12111', webhookSecret: '', detail: '' },
    mail: { smtpUrl: '', pageUrl: '', detail: '' },
    database: { url: '', detail: '' },
    webhookSecretKeys: '',
  } satisfies Stack
  return banner(context, stack, 1)
    .split('\n')
    .filter((line) => line.startsWith('curl'))
}

describe('the configuration', () => {
  const CONFIGS = [
    'assembly/environment.ts',
    'assembly/database-environment.ts',
    'assembly/temporal-environment.ts',
    'assembly/telemetry-environment.ts',
    'api/config.ts',
    'worker/config.ts',
    'dev/environment.ts',
  ]
  const read = new Set(
    CONFIGS.flatMap((path) =>
      [...textOf(path).matchAll(/^ {2}([A-Z][A-Z_]+): (?:z|commaSeparated)\b/gm)].map(
        ([, name]) => name!,
      ),
    ),
  )
  const ofCompose = new Set(
    [...textOf('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!),
  )

  test('is in the README, each variable that is read and no other', () => {
    expect(read.size).toBeGreaterThan(15)
    expect(firstCells(section('Configuration')).sort()).toEqual([...read].sort())
  })

  test('is in .env.example, with what Compose needs besides', () => {
    const names = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(
      ([, name]) => name!,
    )
    expect(names.sort()).toEqual([...new Set([...read, ...ofCompose])].sort())
  })
})

describe('the documents', () => {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    ...['docs', 'domain', 'workflows', 'dev', 'examples'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => `${folder}/${name}`),
    ),
  ]

  test.each(pages)('%s links to what exists', (page) => {
    const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(
      ([, link, image]) => (link ?? image)!.split('#')[0]!,
    )
    const missing = targets
      .filter((target) => target !== '' && !/^(https?|mailto):/.test(target))
      .filter((target) => !existsSync(join(ROOT, dirname(page), target)))
    expect(missing).toEqual([])
  })

  test.each(pages)('%s names files that are there', (page) => {
    const named = textOf(page).matchAll(/`((?:[a-z-]+\/)+[\w.-]+\.(?:ts|sql|yaml))`/g)
    const files = [...named].map(([, file]) => file!)
    // In the folder of the page, or from the project's root.
    const places = (file: string) => [join(ROOT, file), join(ROOT, dirname(page), file)]
    expect(files.filter((file) => !places(file).some((place) => existsSync(place)))).toEqual([])
  })

  test('of decisions have at most 50 lines and are all listed in the README', () => {
    const names = readdirSync(join(ROOT, 'docs/decisions'))
    const long = names.filter((name) => textOf(`docs/decisions/${name}`).split('\n').length > 51)
    expect(long).toEqual([])
    expect(names.filter((name) => !readme.includes(`(docs/decisions/${name})`))).toEqual([])
  })
})
