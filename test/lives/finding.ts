/** Something that is not as it must be: less than there should be, more than there should be, or other. */
export type Finding = { readonly kind: 'lost' | 'twice' | 'other'; readonly sentence: string }

export const lost = (sentence: string): Finding => ({ kind: 'lost', sentence: `lost: ${sentence}` })
export const twice = (sentence: string): Finding => ({
  kind: 'twice',
  sentence: `too often: ${sentence}`,
})
export const other = (sentence: string): Finding => ({ kind: 'other', sentence })

export const differs = (what: string, expected: unknown, actual: unknown): Finding =>
  other(`${what}: expected ${String(expected)}, found ${String(actual)}`)

/** Of what is counted, too little is lost and too much came twice. */
export function differsByCount(what: string, expected: number, actual: number): Finding {
  const sentence = `${what}: expected ${expected}, found ${actual}`
  return actual < expected ? lost(sentence) : twice(sentence)
}

/** What is in one list and not in the other, each as often as it is. */
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
