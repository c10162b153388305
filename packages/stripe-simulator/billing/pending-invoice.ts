import type { Invoice } from '../store/stored.ts'
import type { Reader } from '../store/store.ts'

/** Whether an invoice exists only for a pending change. */
export function isForPendingChange(
  reader: Reader,
  invoice: Pick<Invoice, 'id' | 'parent'>,
): boolean {
  const subscription = invoice.parent?.subscription_details?.subscription
  return reader.find('pendingChanges', subscription ?? '')?.invoice === invoice.id
}
