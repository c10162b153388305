import { offerOf, type Choice } from './catalogue.ts'
import type { Agreement, Customer } from './customer.ts'

/** Our e-mails by their subjects, in English. */
const SUBJECTS = {
  confirmed: (plan: string) => `Your ${plan} subscription is active`,
  trialStarted: (plan: string) => `Your ${plan} trial has started`,
  trialEnding: (plan: string) => `Your ${plan} trial ends soon`,
  renewed: (plan: string) => `Your ${plan} subscription was renewed`,
  failed: (plan: string) => `Your payment for ${plan} failed`,
  confirm: (plan: string) => `Please confirm your payment for ${plan}`,
  converted: (plan: string) => `Your ${plan} subscription has started`,
  leaving: (plan: string) => `Your ${plan} subscription will end`,
  changing: (plan: string) => `Your plan will change to ${plan}`,
  changeDropped: (plan: string) => `Your change to ${plan} does not take effect`,
  refunded: () => 'We refunded your payment',
  changed: (plan: string) => `Your plan is now ${plan}`,
  paused: (plan: string) => `Your ${plan} subscription is paused`,
  resumed: (plan: string) => `Your ${plan} subscription is active again`,
  ended: (plan: string) => `Your ${plan} subscription has ended`,
}

/** @param choice the plan that the letter names; by default the present one */
export const sendLetter = (
  customer: Customer,
  agreement: Agreement,
  what: keyof typeof SUBJECTS,
  choice = agreement.choice,
): void => void customer.mails.push(SUBJECTS[what](nameIn(what, agreement, choice)))

/** A letter about a later change names the units, if there are several before or after it. */
function nameIn(what: keyof typeof SUBJECTS, { choice: has }: Agreement, choice: Choice): string {
  const { name, price } = offerOf(choice)
  const hasUnits = price > 0 && Math.max(has.quantity, choice.quantity) > 1
  return what === 'changing' && hasUnits ? `${name} × ${choice.quantity}` : name
}
