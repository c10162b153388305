import { Hono, type Context } from 'hono'
import type {
  CustomerExport,
  ExportRange,
  ExportRepository,
  InvoiceExport,
  UsageExport,
} from '../../domain/operator/exports.ts'
import { Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { amountText } from './amount.ts'
import { csvLines, ROWS_MAX, streamOf, type Csv } from './csv.ts'
import { Field } from './field.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { OutcomeAlert } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'

const PATH = '/console/exports'
const DAY_MS = 86_400_000
/** A year and a day. */
const RANGE_MAX_DAYS = 367
const WRONG_RANGE = `Choose two days, the first one before the last one, and at most ${RANGE_MAX_DAYS} days.`

/** Customers, invoices and usage as files for a spreadsheet. */
export const exportsPage = (setting: PageSetting) => {
  const { exports } = setting.repositories

  const show = (c: Context<ConsoleEnvironment>, problem?: string) =>
    c.html(
      consolePage({
        title: 'Exports',
        path: '/console',
        assets: setting.assets,
        operator: c.get('operator'),
        children: <Page now={setting.clock.now()} problem={problem} />,
      }),
      problem === undefined ? 200 : 409,
    )

  /** Sends the file for the days of the query. */
  const sendRange = <Row,>(
    c: Context<ConsoleEnvironment>,
    name: string,
    csvOf: (of: ExportRepository, range: ExportRange) => Csv<Row>,
  ) => {
    const range = rangeFrom(c.req.query('from'), c.req.query('to'))
    if (range === undefined) return show(c, WRONG_RANGE)
    return sendCsv(c, `${name}-${c.req.query('from')}-${c.req.query('to')}`, csvOf(exports, range))
  }

  return new Hono<ConsoleEnvironment>()
    .get(PATH, (c) => show(c))
    .get(`${PATH}/customers.csv`, (c) => sendCsv(c, 'customers', customersCsv(exports)))
    .get(`${PATH}/invoices.csv`, (c) => sendRange(c, 'invoices', invoicesCsv))
    .get(`${PATH}/usage.csv`, (c) => sendRange(c, 'usage', usageCsv))
}

/** Sends a file, read page by page. */
export const sendCsv = <Row,>(c: Context<ConsoleEnvironment>, name: string, csv: Csv<Row>) =>
  c.body(streamOf(csvLines(csv)), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  })

/** Whole days in UTC, both included. */
function rangeFrom(from: string | undefined, to: string | undefined): ExportRange | undefined {
  const [first, last] = [from, to].map((day) =>
    /^\d{4}-\d{2}-\d{2}$/.test(day ?? '') ? new Date(`${day}T00:00:00Z`).getTime() : Number.NaN,
  )
  if (first === undefined || last === undefined) return undefined
  const days = (last - first) / DAY_MS + 1
  const isValid = days >= 1 && days <= RANGE_MAX_DAYS
  return isValid ? { from: new Date(first), to: new Date(last + DAY_MS) } : undefined
}

const customersCsv = (of: ExportRepository): Csv<CustomerExport> => ({
  read: (after, limit) => of.customers({ after: after?.userId, limit }),
  columns: [
    ['user_id', ({ userId }) => userId],
    ['email', ({ email }) => email],
    ['created_at', ({ createdAt }) => createdAt],
    ['plan', ({ plan }) => plan],
    ['plan_version', ({ planVersion }) => planVersion],
    ['status', ({ status }) => status],
    ['quantity', ({ quantity }) => quantity],
    ['period_end', ({ periodEnd }) => periodEnd],
    ['cancels_at', ({ cancelAt }) => cancelAt],
    ['subscription_id', ({ subscriptionId }) => subscriptionId],
    ['stripe_customer_id', ({ stripeCustomerId }) => stripeCustomerId],
  ],
})

const amount = (of: (row: InvoiceExport) => number | undefined) => (row: InvoiceExport) => {
  const minor = of(row)
  return minor === undefined ? null : Number(amountText(minor, row.currency))
}

const invoicesCsv = (of: ExportRepository, range: ExportRange): Csv<InvoiceExport> => ({
  read: (after, limit) => of.invoices(range, { after: after?.id, limit }),
  columns: [
    ['number', ({ number }) => number],
    ['user_id', ({ userId }) => userId],
    ['status', ({ status }) => status],
    ['reason', ({ reason }) => reason],
    ['currency', ({ currency }) => currency],
    ['subtotal', amount(({ amounts }) => amounts?.subtotalMinor)],
    ['discount', amount(({ amounts }) => amounts?.discountMinor)],
    ['tax', amount(({ amounts }) => amounts?.taxMinor)],
    ['total', amount(({ amounts }) => amounts?.totalMinor)],
    ['due', amount((row) => row.amountDueMinor)],
    ['paid', amount((row) => row.amountPaidMinor)],
    ['refunded', amount((row) => row.refundedMinor)],
    ['credited', amount((row) => row.creditedMinor)],
    ['created_at', ({ createdAt }) => createdAt],
    ['paid_at', ({ paidAt }) => paidAt],
    ['period_start', ({ periodStart }) => periodStart],
    ['period_end', ({ periodEnd }) => periodEnd],
    ['dispute', ({ disputeStatus }) => disputeStatus],
    ['subscription_id', ({ subscriptionId }) => subscriptionId],
    ['stripe_invoice_id', ({ id }) => id],
  ],
})

const usageCsv = (of: ExportRepository, range: ExportRange): Csv<UsageExport> => ({
  read: (after, limit) => of.usage(range, { after: after?.cursor, limit }),
  columns: [
    ['user_id', ({ userId }) => userId],
    ['feature', ({ feature }) => feature],
    ['window_start', ({ windowStart }) => windowStart],
    ['window_end', ({ windowEnd }) => windowEnd],
    ['used', ({ usedAmount }) => usedAmount],
    ['limit', ({ quotaLimit }) => quotaLimit],
    ['from_grants', ({ grantedAmount }) => grantedAmount],
    ['over_limit', ({ overageAmount }) => overageAmount],
    ['charged_over_limit', ({ billedAmount }) => billedAmount],
  ],
})

const Page = ({ now, problem }: { readonly now: Date; readonly problem: string | undefined }) => (
  <>
    <div class="head">
      <div>
        <h1>Exports</h1>
        <p>
          CSV files for a spreadsheet, at most {FORMAT.number(ROWS_MAX)} rows each. Times in UTC.
        </p>
      </div>
    </div>
    <OutcomeAlert problem={problem} />
    <Card title="Customers" id="customers">
      <form action={`${PATH}/customers.csv`} class="fields">
        <p class="muted">All customers, with their newest live subscription.</p>
        <div>
          <button class="primary">Download customers</button>
        </div>
      </form>
    </Card>
    <ExportForm name="invoices" text="Invoices that were created on these days." now={now} />
    <ExportForm name="usage" text="Usage of each window that began on these days." now={now} />
  </>
)

type FormProps = {
  readonly name: 'invoices' | 'usage'
  readonly text: string
  readonly now: Date
}

const ExportForm = ({ name, text, now }: FormProps) => (
  <Card title={name === 'invoices' ? 'Invoices' : 'Usage'} id={name}>
    <form action={`${PATH}/${name}.csv`} class="fields">
      <p class="muted">{text}</p>
      <div class="field-row">
        <Field
          id={`${name}-from`}
          name="from"
          type="date"
          label="First day"
          value={new Date(now.getTime() - 30 * DAY_MS).toISOString().slice(0, 10)}
          required
        />
        <Field
          id={`${name}-to`}
          name="to"
          type="date"
          label="Last day"
          value={now.toISOString().slice(0, 10)}
          required
        />
      </div>
      <div>
        <button class="primary">Download {name}</button>
      </div>
    </form>
  </Card>
)
