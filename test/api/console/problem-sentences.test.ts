import { describe, expect, test } from 'vitest'
import { inWords } from '../../../api/console/problem-sentences.ts'
import { problemBody, PROBLEMS, type ProblemCode } from '../../../api/problem.ts'

const CODES = Object.keys(PROBLEMS) as ProblemCode[]

describe('a problem on a page of the console', () => {
  test('never shows the text for programs', () => {
    const detail = '`ends_at` lies in the past: DELETE ends the trial at once.'
    const shown = CODES.filter((code) => code !== 'payment_provider_rejected').map((code) =>
      JSON.stringify(inWords(problemBody(code, detail, 'none'))),
    )
    expect(shown.filter((text) => text.includes('ends'))).not.toContainEqual(
      expect.stringContaining('DELETE'),
    )
  })

  test.each([
    ['ends_at', 'must be in the future', 'New end: must be in the future.'],
    [
      'amount',
      'Invalid input: expected number, received string',
      'Amount: must be a whole number.',
    ],
    ['reason', 'Too small: expected string to have >=1 characters', 'Reason: is missing.'],
    [
      'features.0.quota_limit',
      'Too small: expected number to be >=0',
      'Limit: must be at least 0.',
    ],
    [
      'when',
      'Invalid option: expected one of "now"|"period_end"',
      'When: is not one of the choices.',
    ],
    [
      'name',
      'Too big: expected string to have <=100 characters',
      'Name: may have at most 100 characters.',
    ],
  ])('names the field %s and the fix: %s', (field, wrong, words) => {
    const problem = problemBody('invalid_request', 'x', 'none', {
      errors: [{ field, detail: wrong }],
    })
    expect(inWords(problem).fields).toEqual([words])
  })
})
