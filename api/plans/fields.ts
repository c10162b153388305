import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'

const NAME_MAX_CHARACTERS = 64
/** A larger quantity is an error, such as an amount of money. */
const QUANTITY_MAX = 10_000

/** A plan in a request. The version on sale is meant, or the user’s own offer. */
export const planField = text(NAME_MAX_CHARACTERS).describe('The slug or the id of a plan.')
/** A user has at most one live subscription per product line. */
export const productLineField = text(NAME_MAX_CHARACTERS).default('main')
/** Units of a plan, such as seats: 1 to `QUANTITY_MAX`. */
export const quantityField = z.int().min(1).max(QUANTITY_MAX)
/**
 * An ISO 4217 code in lower case, as Stripe writes it.
 *
 * @see https://docs.stripe.com/currencies
 */
export const currencyField = z
  .string()
  .regex(/^[a-z]{3}$/, 'must be three lower-case letters, such as `usd`')
