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
  NoticesTable: 'the table `notices`',
  claim_notices: 'a SQL function of the table `notices`',
  notices: 'the table of letters',
  p_notices: 'a parameter of SQL functions',
  subscribers: 'a field of a plan version in the API',
  tellAlerts: 'an activity in Temporal’s histories',
}
/** Texts that keep a banned word: code in a text. */
const ALLOWED_TEXTS = new Set([
  'update plan_features set overage = $$bill$$ where plan_version_id = $1',
  'GET /v1/bills is not in the document',
])
/** The table of banned words itself. */
const THE_TABLE = 'test/support/words.ts'

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
    const banned = sources.flatMap(({ path, prose }) =>
      prose
        .split('\n')
        .filter((line) => !ALLOWED_TEXTS.has(line))
        .flatMap((line) => bannedIn(line).map((word) => `${path}: ${word}, in “${line}”`)),
    )
    expect(banned).toEqual([])
  })

  test('uses plain words in identifiers', () => {
    const banned = sources
      .filter(({ path }) => path !== THE_TABLE)
      .flatMap(({ path, names }) =>
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
