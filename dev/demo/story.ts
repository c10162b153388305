import { formatMoney } from '../../domain/money.ts'
import type { StackTravel } from '../stack-travel.ts'
import type { Customer, Subscription } from './customer.ts'

const DAY_MS = 86_400_000

/** The narrator of one demo, for one customer and one subscription. */
export type Story = ReturnType<typeof createStory>

/** Narrates the demo: each step, then its effect on the timeline and in the customer's inbox. */
export function createStory(customer: Customer, travel: StackTravel, say: (line: string) => void) {
  let id = ''
  const shown = { changes: 0, mails: 0 }

  async function showNews(): Promise<void> {
    await travel.settled()
    const changes = await customer.changes(id)
    for (const { at, kind, actor } of changes.slice(shown.changes))
      say(`    ${at.slice(0, 16).replace('T', ' ')}  ${kind.padEnd(24)} by ${actor}`)
    const mails = await customer.mails()
    // The inbox lists the newest first.
    for (const subject of mails.slice(0, mails.length - shown.mails).toReversed())
      say(`    ${' '.repeat(16)}  e-mail: ${subject}`)
    shown.changes = changes.length
    shown.mails = mails.length
  }

  return {
    /** Starts with a purchase. */
    async begin(title: string, planId: string): Promise<void> {
      say(`\n${title}`)
      id = await customer.buy(planId)
      await showNews()
    },
    /** Runs a step and prints its result. */
    async step(title: string, perform: () => Promise<unknown>): Promise<void> {
      say(`\n${title}`)
      await perform()
      await showNews()
    },
    say: (line: string) => say(`    ${line}`),
    id: () => id,
    read: (): Promise<Subscription> => customer.read(id),
    /** Advances the stack to a number of days after an instant. */
    travelTo: (instant: string | undefined | null, days: number): Promise<void> =>
      travel.to(new Date(new Date(instant ?? travel.now()).getTime() + days * DAY_MS)),
    money: (amount: { amount_minor: number; currency: string }): string =>
      formatMoney({ amountMinor: amount.amount_minor, currency: amount.currency }, 'en'),
  }
}
