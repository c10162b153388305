/** The list object that Stripe embeds in others: always whole here. */
export function listOf<Element>(data: Element[], url: string) {
  return { object: 'list' as const, data, has_more: false, url }
}
