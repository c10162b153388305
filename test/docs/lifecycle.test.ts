import { expect, test } from 'vitest'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { blocksOf, textOf } from '../support/documents.ts'

test('docs/lifecycle.md draws every status, and no other', () => {
  const [picture = ''] = blocksOf(textOf('docs/lifecycle.md'), 'mermaid')
  const drawn = [...picture.matchAll(/^\s*(\S+) --> (\w+|\[\*\])/gm)].flatMap(([, from, to]) => [
    from!,
    to!,
  ])
  expect(new Set(drawn.filter((name) => name !== '[*]'))).toEqual(new Set(STATUSES))
})
