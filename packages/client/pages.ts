/** Bounds a list that never ends: with 100 items a page, this is a million items. */
const PAGES_MAX = 10_000

/**
 * Yields every item of a list; each page is fetched when the one before is used up.
 *
 * @param page fetches the page after the cursor `after`; undefined means the first page.
 * @throws Error after 10,000 pages.
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
