import type { SeenEvent } from './seen-events.ts'
import type { SubscriptionState } from './subscription-state.ts'

/** As many as fit beside the state without hiding it. */
const EVENTS_SHOWN = 5

/** The text at the top of the workflow's page in the Temporal UI, in Markdown. */
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
    ['Drift', view.drift],
  ]
  const shown = rows.filter(([, value]) => value !== null && value !== undefined)
  const lines = shown.map(([name, value]) => `| ${name} | ${value} |`)
  return ['| | |', '| --- | --- |', ...lines, ...lastEvents(state)].join('\n')
}

/** The newest first. For some events of the previous run only the end of the id is known. */
function lastEvents({ seen, seenBefore }: SubscriptionState): string[] {
  const last = [...seenBefore, ...seen].slice(-EVENTS_SHOWN).toReversed()
  if (last.length === 0) return []
  return ['', '**Last events**', '', ...last.map((event) => `- ${eventLine(event)}`)]
}

const eventLine = ({ id, type, at }: SeenEvent): string =>
  [at && new Date(at).toISOString(), type && `\`${type}\``, id].filter(Boolean).join(' · ')
