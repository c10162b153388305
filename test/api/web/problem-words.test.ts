import { describe, expect, test } from 'vitest'
import { PROBLEMS } from '../../../api/problem.ts'
import { PROBLEM_WORDS } from '../../../api/web/problem-words/problem-words.ts'

/** Words that only programs use: code, a call, a path, a field, a header, a status. */
const OF_PROGRAMS =
  /`|\b(?:GET|PUT|POST|PATCH|DELETE)\b|\/\w|\w_\w|X-\w|Idempotency|\bJSON\b|[{}<>]/
const ALL = Object.values(PROBLEM_WORDS).flatMap(({ team, en, pt }) =>
  [team, en, pt].filter((sentence) => sentence !== undefined),
)

describe('the words for problems on pages', () => {
  test('cover every code, and no other', () => {
    expect(Object.keys(PROBLEM_WORDS).toSorted()).toEqual(Object.keys(PROBLEMS).toSorted())
  })

  test('are sentences for people', () => {
    for (const sentence of ALL) expect(sentence).toMatch(/^\p{Lu}.+\.$/u)
    expect(ALL.filter((sentence) => OF_PROGRAMS.test(sentence))).toEqual([])
  })

  test('promise that nothing was changed only where that is certain', () => {
    for (const code of [
      'workflow_unavailable',
      'payment_provider_unconfirmed',
      'internal_error',
      'database_unavailable',
    ] as const) {
      const { team, en, pt } = PROBLEM_WORDS[code]
      expect([code, team, en, pt].join(' ')).not.toMatch(/nothing was changed|nada foi alterado/)
    }
  })
})
