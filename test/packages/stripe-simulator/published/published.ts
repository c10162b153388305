import { publishedBy, type Exchange, type Published } from './conformance.ts'
import { publishedDocument } from './module.ts'
import { withOverlay } from './overlay.ts'

let known: Promise<Published | undefined> | undefined

/** All differences between answers and Stripe's published document; none where that is unavailable. */
export async function publishedViolationsOf(exchange: Exchange): Promise<string[]> {
  known ??= publishedDocument().then((document) => document && publishedBy(withOverlay(document)))
  return (await known)?.violationsOf(exchange) ?? []
}
