import type { Invoice } from '../../domain/invoice/invoice.ts'
import type { Tone } from './parts.tsx'

/** The color of an invoice’s status. */
export const toneOfInvoice = ({ status }: Pick<Invoice, 'status'>): Tone => {
  if (status === 'paid') return 'ok'
  return status === 'open' ? 'warn' : 'plain'
}

type Props = {
  readonly invoice: Pick<Invoice, 'id' | 'number' | 'hostedUrl'>
  /** Whether Stripe's page opens in a new tab: it cannot be shown in a frame. */
  readonly opensNewTab?: boolean
}

/** An invoice's number, as a link to its page at Stripe. */
export const InvoiceName = ({ invoice: { id, number, hostedUrl }, opensNewTab = false }: Props) =>
  hostedUrl === null ? (
    <>{number ?? id}</>
  ) : (
    <a href={hostedUrl} rel="noreferrer" {...(opensNewTab && { target: '_blank' })}>
      {number ?? id}
    </a>
  )
