import { describe, expect, test } from 'vitest'
import { filesOf, textOf } from '../support/documents.ts'
import { sourceProse } from '../support/source-prose.ts'
import { bannedIn, bannedInName } from '../support/words.ts'

/** Names that keep a banned word, because other processes, databases or Stripe know them. */
const ALLOWED_NAMES: Record<string, string> = {
  adopt: 'an activity in Temporal’s histories; a remedy in the API',
  adopts: 'an input of the subscription workflow in Temporal’s histories',
  bill_differs: 'a kind of drift in the API and the database',
  bill_for: 'a parameter of Stripe’s API',
  bills: 'a phase of a comparison in Temporal’s histories',
  bills_at_stripe: 'a phase of a comparison in Temporal’s histories',
  p_bills: 'a parameter of SQL functions',
  p_is_bills: 'a parameter of a SQL function',
  p_notices: 'a parameter of SQL functions',
  subscribers: 'a field of a plan version in the API',
  tellAlerts: 'an activity in Temporal’s histories',
}
/** The table `notices` names the types of its rows and of what reads them. */
const OF_THE_TABLE = /notice/i
/** Texts that keep a banned word: code in a text. */
const ALLOWED_TEXTS = new Set([
  'update plan_features set overage = $$bill$$ where plan_version_id = $1',
  'GET /v1/bills is not in the document',
])
/** Texts that are still to be made plain. */
const TEXTS_NOT_YET = /^(?:migrations|test\/lives\/adversary)\//
/** Names that are still to be made plain; the table of banned words itself. */
const NAMES_NOT_YET = /^(?:packages\/stripe-simulator\/|test\/support\/words\.ts$)/

const CODE = /\.(?:tsx?|m?js|sql|ya?ml|sh|py|html|css)$/
const GENERATED = /^(?:migrations\/schema\.sql|test\/replay\/histories\/|test\/support\/words\.ts)/
const files = filesOf('').filter((path) => CODE.test(path) && !GENERATED.test(path))
const folderOf = (path: string) => /^(?:(?:test|packages)\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? '.'
const folders = [...new Set(files.map(folderOf))]

describe.each(folders)('the code of %s', (folder) => {
  const sources = files
    .filter((path) => folderOf(path) === folder)
    .map((path) => ({ path, ...sourceProse(path, textOf(path)) }))

  test('uses plain words in comments, texts and names of tests', () => {
    const banned = sources
      .filter(({ path }) => !TEXTS_NOT_YET.test(path))
      .flatMap(({ path, prose }) =>
        prose
          .split('\n')
          .filter((line) => !ALLOWED_TEXTS.has(line))
          .flatMap((line) => bannedIn(line).map((word) => `${path}: ${word}, in “${line}”`)),
      )
    expect(banned).toEqual([])
  })

  test('uses plain words in identifiers', () => {
    const banned = sources
      .filter(({ path }) => !NAMES_NOT_YET.test(path))
      .flatMap(({ path, names }) =>
        names
          .map((each) => each.split(':') as [string, string])
          .filter(([name]) => !(name in ALLOWED_NAMES) && !OF_THE_TABLE.test(name))
          .flatMap(([name, line]) =>
            bannedInName(name).map((say) => `${path}:${line} ${name}: say ${say}`),
          ),
      )
    expect(banned).toEqual([])
  })
})
