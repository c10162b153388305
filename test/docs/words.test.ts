import { describe, expect, test } from 'vitest'
import { filesOf, textOf } from '../support/documents.ts'
import { bannedIn } from '../support/words.ts'

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...filesOf('.md', 'docs'),
  ...filesOf('.md', 'examples'),
]

type Exception = { readonly page: string; readonly line: RegExp; readonly because: string }

const EXCEPTIONS: readonly Exception[] = [
  {
    page: 'docs/webhooks.md',
    line: /^\| `[a-z_]+\.[a-z_]+` /,
    because: 'the meanings of events are those of the API, and a test compares both',
  },
]

/** The sentences of a page: no code, no headings, no addresses; one paragraph, row or item a line. */
function proseOf(page: string): string {
  const excepted = EXCEPTIONS.filter((each) => each.page === page)
  return textOf(page)
    .replaceAll(/^ *```[^]*?^ *```/gm, '')
    .split('\n')
    .filter((line) => !excepted.some((each) => each.line.test(line)))
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/^ *(?:[-*|]|\d+\.) +/, '\n'))
    .join('\n')
    .replaceAll(/`[^`]*`/g, '`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/ \| /g, '\n')
    .replaceAll(/(?<!\n)\n(?!\n)/g, ' ')
}

describe('the documents use plain words', () => {
  test.each(pages)('%s', (page) => {
    expect(bannedIn(proseOf(page))).toEqual([])
  })

  test('and each exception is still needed', () => {
    const unused = EXCEPTIONS.filter(
      ({ page, line }) =>
        bannedIn(
          textOf(page)
            .split('\n')
            .filter((each) => line.test(each))
            .join('\n\n'),
        ).length === 0,
    )
    expect(unused).toEqual([])
  })
})
