/** A list that never ends is a mistake; a hundred to a page, this is a million. */
const PAGES_MAX = 10_000

/**
 * Every item of a list, page after page, each fetched when the one before is used up.
 *
 * @param page fetches what comes after `after`, which is undefined for the first page.
 * @throws when the list does not end.
 */
export async function* eachOf<Item>(
  page: (after: string | undefined) => Promise<{
    readonly items: readonly Item[]
    readonly next: string | null | undefined
  }>,
): AsyncGenerator<Item, void, undefined> {
  let after: string | undefined
  for (let fetched = 0; fetched < PAGES_MAX; fetched++) {
    const { items, next } = await page(after)
    yield* items
    if (next === null || next === undefined) return
    after = next
  }
  throw new Error(`the list has more than ${PAGES_MAX} pages`)
}
