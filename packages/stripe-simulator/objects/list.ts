/** The list object that Stripe embeds in others. Here it always contains all elements. */
export function listOf<Element>(data: Element[], url: string) {
  return { object: 'list' as const, data, has_more: false, url }
}
