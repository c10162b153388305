import { subscribe, type Customer } from './customer.ts'
import type { Reply } from './call.ts'
import type { Mail } from './mail.ts'
import type { World } from './world.ts'

const HOUR_MS = 3_600_000

/** A customer of a paid plan, with the months that they pay for. */
export type Payer = Omit<Customer, 'mails'> & {
  readonly customerId: string
  /** The kinds of the timeline, without those of the purchase. */
  readonly kinds: () => Promise<string[]>
  /** E-mails whose subject contains this text. */
  readonly mails: (part: string) => Promise<Mail[]>
  /** Invoices as our API shows them. */
  readonly invoices: () => Promise<Reply['body'][]>
  /** Two hours after the period's end: Stripe has finalized the invoice and attempted payment. */
  readonly toRenewal: () => Promise<void>
  readonly after: (days: number) => Promise<void>
}

const PURCHASE = new Set(['checkout_opened', 'activated'])

export async function aPayer(world: World, plan_id = 'plan_pro_monthly'): Promise<Payer> {
  const who = await subscribe(world, plan_id)
  const { user, email, read } = who
  const { customer } = await who.stripe()
  return {
    ...who,
    customerId: typeof customer === 'string' ? customer : customer.id,
    kinds: async () => (await who.timeline()).filter((kind) => !PURCHASE.has(kind)),
    mails: async (part) =>
      (await world.mailsTo(email)).filter((mail) => mail.subject.includes(part)),
    invoices: async () => (await world.call('GET', '/invoices', { user })).body.invoices,
    toRenewal: async () => {
      const { period } = await read()
      await world.advanceTo(new Date(new Date(period.end).getTime() + 2 * HOUR_MS))
    },
    after: (days) => world.advanceTo(new Date(world.clock.now().getTime() + days * 24 * HOUR_MS)),
  }
}
