import { text } from '../adapters/text.ts'

const URL_MAX_CHARACTERS = 2_048

const isWebAddress = (value: string) =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

/** The address of a page to which Stripe sends customers. `z.url` would drop a line break in it. */
export const pageUrl = text(URL_MAX_CHARACTERS)
  .refine(isWebAddress, 'must be an http:// or https:// address')
  .openapi({ format: 'uri' })
