/** @returns the id in a field that Stripe may expand to the whole object. @see https://docs.stripe.com/expand */
export const idOf = (field: string | { id: string } | null | undefined): string | null =>
  field === null || field === undefined ? null : typeof field === 'string' ? field : field.id
