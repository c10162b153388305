/** A name with more changes than this per four letters is another name. */
const LETTERS_PER_CHANGE = 4

/** @returns the known name that was probably meant; undefined if none is similar. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const changesMax = Math.max(1, Math.floor(given.length / LETTERS_PER_CHANGE))
  const [best] = known
    .map((name) => ({ name, changes: changesBetween(given, name) }))
    .filter(({ changes }) => changes <= changesMax)
    .toSorted((a, b) => a.changes - b.changes)
  return best?.name
}

/**
 * How many letters must be added, removed or replaced.
 *
 * @see https://en.wikipedia.org/wiki/Levenshtein_distance
 */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of from.split('').entries()) {
    const next = [i + 1]
    for (const [j, wanted] of to.split('').entries())
      next.push(
        Math.min(
          (row[j + 1] ?? 0) + 1,
          (next[j] ?? 0) + 1,
          (row[j] ?? 0) + (letter === wanted ? 0 : 1),
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}
