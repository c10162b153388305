import { describe, expect, test } from 'vitest'
import { filesOf, textOf } from '../support/documents.ts'
import { sourceProse } from '../support/source-prose.ts'
import { bannedIn, bannedInName } from '../support/words.ts'

/** Names that keep a banned word: each is on a wire or in a database, with its place. */
const ALLOWED_NAMES: Record<string, string> = {
  adopt: 'an activity in Temporal’s histories; a remedy in the API',
  adopts: 'an input of the subscription workflow in Temporal’s histories',
  notices: 'a table',
}
/** Texts that keep a banned word, with the reason. */
const ALLOWED_TEXTS: Record<string, string> = {}

const CODE = /\.(?:tsx?|m?js|sql|ya?ml|sh|py|html|css)$/
const GENERATED = /^(?:migrations\/schema\.sql|package-lock\.json|test\/replay\/histories\/)/
const files = filesOf('').filter((path) => CODE.test(path) && !GENERATED.test(path))
const folderOf = (path: string) => /^(?:(?:test|packages)\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? '.'
/** Folders whose words are still to be made plain. */
const NOT_YET = new Set([
  'activities',
  'adapters',
  'api',
  'assembly',
  'domain',
  'migrations',
  'outbox',
  'packages/client',
  'packages/stripe-simulator',
  'sync',
  'worker',
  'workflows',
  'test/adapters',
  'test/api',
  'test/bench',
  'test/browser',
  'test/docs',
  'test/domain',
  'test/e2e',
  'test/live',
  'test/lives',
  'test/outbox',
  'test/packages',
  'test/replay',
  'test/support',
  'test/sync',
  'test/workflows',
])
const folders = [...new Set(files.map(folderOf))].filter((folder) => !NOT_YET.has(folder))

describe.each(folders)('the code of %s', (folder) => {
  const paths = files.filter((path) => folderOf(path) === folder)
  const sources = paths.map((path) => ({ path, ...sourceProse(path, textOf(path)) }))

  test('uses plain words in comments, texts and names of tests', () => {
    const banned = sources.flatMap(({ path, prose }) =>
      prose
        .split('\n')
        .filter((line) => !(line in ALLOWED_TEXTS))
        .flatMap((line) => bannedIn(line).map((word) => `${path}: ${word}, in “${line}”`)),
    )
    expect(banned).toEqual([])
  })

  test('uses plain words in identifiers', () => {
    const banned = sources.flatMap(({ path, names }) =>
      names
        .map((each) => each.split(':') as [string, string])
        .filter(([name]) => !(name in ALLOWED_NAMES))
        .flatMap(([name, line]) =>
          bannedInName(name).map((say) => `${path}:${line} ${name}: say ${say}`),
        ),
    )
    expect(banned).toEqual([])
  })
})
