import { Hono } from 'hono'
import { z } from 'zod'
import { BY_ITSELF, type Engine } from '../engine.ts'
import { tableNames } from '../store/table-set.ts'
import type { Deliveries } from '../webhooks/delivery.ts'
import type { DeliveryRules } from './delivery-rules.ts'
import type { Faults } from './faults.ts'
import { answerDebit } from '../billing/debits.ts'
import { closeDispute, openDispute } from '../billing/disputes.ts'
import { failRefund } from '../billing/refund-failure.ts'

const COUNT_MAX = 1_000_000
const count = z.int().min(1).max(COUNT_MAX).default(1)
/** Longer than the timeout of any caller. */
const milliseconds = z.int().min(0).max(300_000).default(0)

const faultBody = z.strictObject({
  kind: z.enum(['answer', 'commit_then_answer', 'commit_then_reset', 'commit_then_hang', 'delay']),
  status: z.int().min(400).max(599).default(500),
  count,
  milliseconds,
  retry_after: z.int().min(0).optional(),
  should_retry: z.boolean().optional(),
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  path: z.string().startsWith('/v1').optional(),
})

const limitBody = z.strictObject({
  per_second: z.int().min(1).nullable(),
  retry_after: z.int().min(0).optional(),
})

const ruleBody = z.strictObject({
  action: z.enum(['drop', 'duplicate', 'delay', 'reorder']),
  types: z.array(z.string()).min(1).optional(),
  count,
  times: z.int().min(2).max(100).default(2),
  milliseconds,
  seed: z.int().default(1),
})

const cardBody = z.strictObject({
  customer: z.string(),
  behaviour: z.enum(['succeeds', 'declines', 'authenticates', 'takes_days', 'fails_after_days']),
  decline_code: z.string().default('generic_decline'),
})

const debitBody = z.strictObject({ customer: z.string(), succeeds: z.boolean().optional() })
const disputeBody = z.strictObject({ charge: z.string(), reason: z.string().default('fraudulent') })
const verdictBody = z.strictObject({ status: z.enum(['won', 'lost']) })

type Parts = {
  readonly engine: Engine
  readonly faults: Faults
  readonly rules: DeliveryRules
  readonly deliveries: Deliveries
}

/** `/_simulator/…`: faults, and events that happen outside Stripe's API (at banks and in the dashboard). */
export function knobRoutes(parts: Parts): Hono {
  const knobs = new Hono().basePath('/_simulator')
  for (const add of [addState, addFaults, addDeliveries, addBank]) add(knobs, parts)
  knobs.onError((error, c) => {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    return c.json({ error: { message } }, 400)
  })
  return knobs
}

function addState(knobs: Hono, { engine, faults, rules, deliveries }: Parts): void {
  knobs.get('/state', (c) =>
    c.json({
      now: new Date(engine.now() * 1000).toISOString(),
      next_due_at: isoOf(engine.nextDueAt()),
      rows: Object.fromEntries(tableNames.map((name) => [name, engine.store.size(name)])),
      faults: faults.list(),
      delivery_rules: rules.list(),
      deliveries_held: rules.held(),
      delivers_before_response: rules.deliversBeforeResponse(),
    }),
  )
  knobs.post('/settle', async (c) => {
    await engine.settle()
    await deliveries.idle()
    return c.json({ now: new Date(engine.now() * 1000).toISOString() })
  })
}

/** Faults of the API: failed responses, lost responses, delays and rate limits. */
function addFaults(knobs: Hono, { faults }: Parts): void {
  knobs.post('/faults', async (c) => {
    const { count: times, retry_after, should_retry, ...rest } = faultBody.parse(await c.req.json())
    faults.add({ ...rest, retryAfter: retry_after, shouldRetry: should_retry }, times)
    return c.json({ faults: faults.list() }, 201)
  })
  knobs.delete('/faults', (c) => {
    faults.clear()
    faults.limitRate(null)
    return c.json({ faults: [] })
  })
  knobs.put('/rate_limit', async (c) => {
    const body = limitBody.parse(await c.req.json())
    faults.limitRate(body.per_second, body.retry_after)
    return c.json(body)
  })
}

/** Faults of webhook deliveries: dropped, duplicated, delayed and reordered. */
function addDeliveries(knobs: Hono, { rules, deliveries }: Parts): void {
  knobs.post('/deliveries', async (c) => {
    const { count: times, ...rest } = ruleBody.parse(await c.req.json())
    rules.add({ ...rest, batch: times }, times)
    return c.json({ delivery_rules: rules.list() }, 201)
  })
  knobs.post('/deliveries/release', (c) => {
    const released = rules.release(1)
    deliveries.resume(released)
    return c.json({ released: released.length })
  })
  knobs.put('/deliveries/before_response', async (c) => {
    const { on } = z.strictObject({ on: z.boolean() }).parse(await c.req.json())
    rules.deliverBeforeResponse(on)
    return c.json({ on })
  })
  knobs.delete('/deliveries', (c) => {
    rules.clear()
    rules.deliverBeforeResponse(false)
    deliveries.resume(rules.release(1))
    return c.json({ delivery_rules: [] })
  })
}

/** Events at a bank: the behavior of a card from now on, answers to debits, disputes, failed refunds. */
function addBank(knobs: Hono, { engine }: Parts): void {
  knobs.put('/cards', async (c) => {
    const { customer, behaviour, decline_code } = cardBody.parse(await c.req.json())
    const changed: string[] = []
    engine.note((step) => {
      for (const { id } of step.rows('paymentMethods', { index: 'customer', key: customer })) {
        step.put('cards', { id, behaviour, declineCode: decline_code })
        changed.push(id)
      }
    })
    return c.json({ payment_methods: changed })
  })
  knobs.post('/debits', async (c) => {
    const { customer, succeeds } = debitBody.parse(await c.req.json())
    const answered = engine.act(BY_ITSELF, (step) => {
      const debits = [...step.rows('debits')].filter(
        ({ invoice }) => step.find('invoices', invoice)?.customer === customer,
      )
      for (const debit of debits)
        answerDebit(step, { ...debit, succeeds: succeeds ?? debit.succeeds })
      return { result: debits.map(({ invoice }) => invoice), keep: true }
    })
    return c.json({ invoices: answered })
  })
  knobs.post('/disputes', async (c) => {
    const { charge, reason } = disputeBody.parse(await c.req.json())
    const dispute = engine.act(BY_ITSELF, (step) => ({
      result: openDispute(step, charge, reason),
      keep: true,
    }))
    return c.json(dispute, 201)
  })
  knobs.post('/disputes/:id', async (c) => {
    const { status } = verdictBody.parse(await c.req.json())
    const id = c.req.param('id')
    return c.json(
      engine.act(BY_ITSELF, (step) => ({ result: closeDispute(step, id, status), keep: true })),
    )
  })
  knobs.post('/refunds/:id', async (c) => {
    z.strictObject({ status: z.literal('failed') }).parse(await c.req.json())
    const id = c.req.param('id')
    return c.json(engine.act(BY_ITSELF, (step) => ({ result: failRefund(step, id), keep: true })))
  })
}

const isoOf = (seconds: number | undefined) =>
  seconds === undefined ? null : new Date(seconds * 1000).toISOString()
