/** A difference from the expected state: too few, too many, or another value. */
export type Finding = { readonly kind: 'lost' | 'twice' | 'other'; readonly sentence: string }

export const lost = (sentence: string): Finding => ({ kind: 'lost', sentence: `lost: ${sentence}` })
export const twice = (sentence: string): Finding => ({
  kind: 'twice',
  sentence: `too often: ${sentence}`,
})
export const other = (sentence: string): Finding => ({ kind: 'other', sentence })

export const differs = (what: string, expected: unknown, actual: unknown): Finding =>
  other(`${what}: expected ${String(expected)}, found ${String(actual)}`)

/** For counts: too few means lost, too many means twice. */
export function differsByCount(what: string, expected: number, actual: number): Finding {
  const sentence = `${what}: expected ${expected}, found ${actual}`
  return actual < expected ? lost(sentence) : twice(sentence)
}

/** Items in one list but not in the other, with multiplicity. */
export function differsByItem(
  what: string,
  expected: readonly string[],
  actual: readonly string[],
): Finding[] {
  const left = [...actual]
  const missing = expected.filter((each) => {
    const at = left.indexOf(each)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return [
    ...missing.map((each) => lost(`${what} '${each}'`)),
    ...left.map((each) => twice(`${what} '${each}'`)),
  ]
}
