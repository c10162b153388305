import { Hono, type Context, type Handler } from 'hono'
import { z } from 'zod'
import { refundPreviewSchema, linesSchema } from '../admin/invoices/routes.ts'
import { readForm, type Form } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { amountFrom } from './amount.ts'
import { InvoiceView, type InvoiceDetails } from './invoice-view.tsx'
import { consolePage } from './layout.tsx'
import { isConfirmed } from './operator-actions.ts'
import { perform } from './perform.ts'
import type { Outcome } from './queue.tsx'
import { RefundReview } from './refund-review.tsx'
import type { ConsoleEnvironment } from './session.ts'

const DONE: Readonly<Record<string, string>> = {
  card: 'The refund is on its way to the card. Banks take some days.',
  balance: 'The credit is on the customer’s balance. The next invoice uses it.',
}
const NO_AMOUNT = 'Enter the amount as a number, such as 12.50.'

/** One invoice: its lines, and returning its money after a review. */
export const invoicePage = (setting: PageSetting, notFound: Handler<ConsoleEnvironment>) =>
  new Hono<ConsoleEnvironment>()
    .get('/console/invoices/:id', async (c, next) => {
      const found = await findInvoice(setting, c.req.param('id'))
      if (found === undefined) return notFound(c, next)
      return show(c, setting, found, { done: DONE[c.req.query('done') ?? ''] })
    })
    .post('/console/invoices/:id/refund', async (c, next) => {
      const found = await findInvoice(setting, c.req.param('id'))
      if (found === undefined) return notFound(c, next)
      const form = await readForm(c)
      return isConfirmed(form) ? confirm(c, setting, found, form) : review(c, setting, found, form)
    })

type Found = NonNullable<Awaited<ReturnType<typeof findInvoice>>>

async function findInvoice({ repositories }: PageSetting, id: string) {
  const invoice = await repositories.invoices.find(id)
  const subscription = invoice && (await repositories.subscriptions.find(invoice.subscriptionId))
  return invoice && subscription && { invoice, subscription }
}

const pathOf = ({ invoice }: Found, path: string) =>
  `/admin/invoices/${encodeURIComponent(invoice.id)}${path}`

async function show(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  found: Found,
  outcome: Outcome,
) {
  const operator = c.get('operator')
  const answer = await perform(c, setting, { method: 'GET', path: pathOf(found, '/lines') })
  const details: InvoiceDetails = {
    ...found,
    atStripe: answer.ok ? linesSchema.parse(answer.body) : undefined,
  }
  const problem = outcome.problem ?? (answer.ok ? undefined : answer.problem)
  return c.html(
    consolePage({
      title: `Invoice ${found.invoice.number ?? found.invoice.id}`,
      path: '/console/subscriptions',
      assets: setting.assets,
      operator,
      children: (
        <InvoiceView details={details} csrf={operator.csrf} outcome={{ ...outcome, problem }} />
      ),
    }),
    outcome.problem === undefined ? 200 : 409,
  )
}

/** Shows what is returned and what happens to the access. Only the form of that page returns money. */
async function review(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  found: Found,
  form: Form,
) {
  const amount_minor = amountFrom(form['amount'], found.invoice.currency)
  if (amount_minor === undefined) return show(c, setting, found, { problem: NO_AMOUNT })
  const answer = await perform(c, setting, {
    method: 'POST',
    path: pathOf(found, '/refunds/preview'),
    body: { to: form['to'], amount_minor },
  })
  if (!answer.ok) return show(c, setting, found, { problem: answer.problem })
  const operator = c.get('operator')
  return c.html(
    consolePage({
      title: 'Review refund',
      path: '/console/subscriptions',
      assets: setting.assets,
      operator,
      children: (
        <RefundReview
          invoice={found.invoice}
          userId={found.subscription.userId}
          preview={refundPreviewSchema.parse(answer.body)}
          reason={form['reason'] ?? ''}
          csrf={operator.csrf}
        />
      ),
    }),
  )
}

/** The hidden fields of the review. */
const reviewed = z.object({ amount_minor: z.coerce.number(), returnable_minor: z.coerce.number() })

async function confirm(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  found: Found,
  form: Form,
) {
  const { data } = reviewed.safeParse(form)
  const call = {
    method: 'POST',
    path: pathOf(found, '/refunds'),
    body: {
      to: form['to'],
      amount_minor: data?.amount_minor ?? null,
      reason: form['reason'],
      expected_returnable_minor: data?.returnable_minor,
    },
  } as const
  const answer = await perform(c, setting, call, { form })
  if (!answer.ok) return show(c, setting, found, { problem: answer.problem })
  const query = new URLSearchParams({ done: form['to'] ?? '' })
  return c.redirect(`/console/invoices/${encodeURIComponent(found.invoice.id)}?${query}`, 303)
}
