import type { Reader } from '../store/store.ts'
import type { Form, FormFields } from './form.ts'

/** Parameters that name the customer or subscription of a call. */
const ABOUT = ['customer', 'subscription', 'from_subscription'] as const

/** The test clock of the call's customer or subscription. The call happens at its time. */
export function testClockOfCall(reader: Reader, path: string, form: FormFields): string | null {
  // Most accounts have no test clock, so the search is skipped.
  if (reader.oldest('testClocks') === undefined) return null
  const named = [...path.split('/').slice(3), ...ABOUT.map((name) => textOf(form[name]))]
  for (const id of named) {
    const clock = id === undefined ? null : clockOf(reader, id)
    if (clock !== null) return clock
  }
  return null
}

function clockOf(reader: Reader, id: string): string | null {
  const customer = reader.find('customers', id)
  if (customer?.deleted !== true && customer?.test_clock != null) return customer.test_clock
  const own =
    reader.find('subscriptions', id)?.test_clock ?? reader.find('invoices', id)?.test_clock
  if (own != null) return own
  const subscription = reader.find('schedules', id)?.subscription
  return subscription == null
    ? null
    : (reader.find('subscriptions', subscription)?.test_clock ?? null)
}

const textOf = (value: Form | undefined) => (typeof value === 'string' ? value : undefined)
