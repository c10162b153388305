import { describe, expect, test } from 'vitest'
import { filesOf, textOf } from '../support/documents.ts'
import { bannedIn } from '../support/words.ts'

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...filesOf('.md', 'docs'),
  ...filesOf('.md', 'examples'),
]

/** The sentences of a page: no code, no headings, no addresses; one paragraph, row or item a line. */
function proseOf(page: string): string {
  return textOf(page)
    .replaceAll(/^ *```[^]*?^ *```/gm, '')
    .split('\n')
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
})
