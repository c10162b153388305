import type { SubscriptionState } from './subscription-state.ts'

/** What an operator reads at the top of the workflow's page. */
export function operatorCard(state: SubscriptionState): string {
  const { view } = state
  if (view === null) return `**new** · user \`${state.userId}\``
  const rows: [string, string | null | undefined][] = [
    ['Status', `**${view.status}**`],
    ['Plan', `\`${view.plan}\` version ${view.planVersion}`],
    ['Period', view.periodStart && `${view.periodStart} to ${view.periodEnd}`],
    ['Next due', view.due && `${view.due.at} (${view.due.what})`],
    ['Cancels at', view.cancelAt],
    ['Plan change', view.pendingChange && `${view.pendingChange.kind}, ${view.pendingChange.at}`],
    ['Resumes at', view.resumesAt],
    ['Past due since', view.pastDueSince],
    ['Stripe', view.stripeCustomerId && `\`${view.stripeCustomerId}\``],
    ['Checkout', view.checkoutOpen ? `open, number ${view.checkoutGeneration}` : null],
    ['Last events', state.seenEventIds.slice(-5).join(', ') || null],
    ['Drift', view.drift],
  ]
  const shown = rows.filter(([, value]) => value !== null && value !== undefined)
  return ['| | |', '| --- | --- |', ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n',
  )
}
