import type { Invoice } from '../../domain/invoice/invoice.ts'
import type { Tone } from './parts.tsx'

export const toneOfInvoice = ({ status }: Pick<Invoice, 'status'>): Tone => {
  if (status === 'paid') return 'ok'
  return status === 'open' ? 'warn' : 'plain'
}

type Props = {
  readonly bill: Pick<Invoice, 'id' | 'number' | 'hostedUrl'>
  /** Within an application's page Stripe's own opens beside it. */
  readonly opensBeside?: boolean
}

/** A bill's number, which leads to Stripe's page of it. */
export const InvoiceName = ({ bill: { id, number, hostedUrl }, opensBeside = false }: Props) =>
  hostedUrl === null ? (
    <>{number ?? id}</>
  ) : (
    <a href={hostedUrl} rel="noreferrer" {...(opensBeside && { target: '_blank' })}>
      {number ?? id}
    </a>
  )
