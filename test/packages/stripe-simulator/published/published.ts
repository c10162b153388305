import { publishedBy, type Exchange, type Published } from './conformance.ts'
import { publishedDocument } from './module.ts'
import { withOverlay } from './overlay.ts'

let known: Promise<Published | undefined> | undefined

/** Everything in which an answer differs from Stripe's published document; nothing where that cannot be had. */
export async function publishedViolationsOf(exchange: Exchange): Promise<string[]> {
  known ??= publishedDocument().then((document) => document && publishedBy(withOverlay(document)))
  return (await known)?.violationsOf(exchange) ?? []
}
