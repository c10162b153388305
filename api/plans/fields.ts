import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'
import { requestObject } from '../request-object.ts'

const NAME_MAX_CHARACTERS = 64
/** A larger quantity is an error, such as an amount of money. */
export const QUANTITY_MAX = 10_000

/** A plan in a request. The version on sale is meant, or the user’s own offer. */
export const planField = text(NAME_MAX_CHARACTERS).describe('The slug or the id of a plan.')
/** A user has at most one live subscription per product line. */
export const productLineField = text(NAME_MAX_CHARACTERS).default('main')
/** Units of a plan, such as seats: 1 to `QUANTITY_MAX`. */
export const quantityField = z.int().min(1).max(QUANTITY_MAX)
/** Stripe allows 20 items in a subscription; nine are of usage prices, and some are left for the dashboard. */
const ADDONS_MAX = 5
/** Add-ons in a request, each named once. */
export const addonsField = z
  .array(
    requestObject({
      plan_id: planField.describe('The add-on, by its slug or id.'),
      quantity: quantityField.default(1),
    }),
  )
  .max(ADDONS_MAX)
  .refine(
    (addons) => new Set(addons.map((each) => each.plan_id)).size === addons.length,
    'names an add-on twice',
  )
/**
 * An ISO 4217 code in lower case, as Stripe writes it.
 *
 * @see https://docs.stripe.com/currencies
 */
export const currencyField = z
  .string()
  .regex(/^[a-z]{3}$/, 'must be three lower-case letters, such as `usd`')
