import { Hono, type Context } from 'hono'
import { cardByNumber } from '../billing/cards.ts'
import { applyPromotionCode } from '../checkout/promotion.ts'
import {
  asksForNoCard,
  payCheckout,
  type CheckoutOutcome,
  type Submission,
} from '../checkout/pay.ts'
import { BY_ITSELF, type Engine } from '../engine.ts'
import type { CheckoutSession } from '../store/stored.ts'
import type { Challenge } from '../store/tables.ts'
import { NO_CARD, challengePage, checkoutPage } from './checkout.ts'
import { expiredPage, paidPage, successUrl, unknownPage } from './results.ts'

const CARD_DEFAULT = '4242424242424242'

/**
 * `/c/pay/{session}`: HTML for browsers, JSON for scripts; `latest` is the newest open session.
 *
 * @see https://docs.stripe.com/payments/checkout
 */
export function checkoutRoutes(engine: Engine): Hono {
  const routes = new Hono()
  const { store } = engine

  routes.get('/c/pay/:id', async (c) => {
    await engine.settle()
    const session = sessionOf(engine, c)
    return session === undefined ? c.html(unknownPage(), 404) : show(engine, c, session)
  })

  routes.post('/c/pay/:id', async (c) => {
    await engine.settle()
    const session = sessionOf(engine, c)
    return session === undefined ? notFound(c) : submit(engine, c, session)
  })

  routes.post('/c/pay/:id/code', async (c) => {
    await engine.settle()
    const session = sessionOf(engine, c)
    if (session === undefined) return notFound(c)
    const code = textOf((await c.req.parseBody())['code']) ?? ''
    const isValid = engine.act(BY_ITSELF, (step) => ({
      result: applyPromotionCode(step, session, code),
      keep: true,
    }))
    if (isValid) return c.redirect(`/c/pay/${session.id}`, 303)
    return show(engine, c, session, { error: 'This promotion code is not valid.', status: 400 })
  })

  routes.get('/c/pay/:id/challenge', (c) => {
    const session = sessionOf(engine, c)
    if (session === undefined) return c.html(unknownPage(), 404)
    return session.status === 'open' ? c.html(challengePage(session)) : show(engine, c, session)
  })

  routes.post('/c/pay/:id/challenge', async (c) => {
    await engine.settle()
    const session = sessionOf(engine, c)
    const challenge = session && store.find('challenges', session.id)
    if (session === undefined || challenge === undefined) return notFound(c)
    return completeChallenge(engine, c, session, challenge)
  })

  return routes
}

function sessionOf({ store }: Engine, c: Context): CheckoutSession | undefined {
  const id = c.req.param('id') ?? ''
  if (id !== 'latest') return store.find('checkoutSessions', id)
  for (const open of store.rows('checkoutSessions', { index: 'status', key: 'open' })) return open
  return undefined
}

async function submit(engine: Engine, c: Context, session: CheckoutSession) {
  const form = await c.req.parseBody()
  const number = textOf(form['card']) ?? CARD_DEFAULT
  const card = asksForNoCard(session) && number === NO_CARD ? null : cardByNumber(number)
  if (card === undefined) {
    const message = 'Use one of Stripe’s test cards, such as 4242 4242 4242 4242.'
    return wantsHtml(c)
      ? show(engine, c, session, { error: message, email: textOf(form['email']), status: 400 })
      : c.json({ session: session.id, status: 'refused', error: message }, 400)
  }
  const email = textOf(form['email']) ?? null
  const name = textOf(form['name']) ?? null
  const fingerprint = textOf(form['fingerprint'])
  const country = textOf(form['country'])
  const taxId = textOf(form['tax_id'])
  const given = { card, email, name, fingerprint, country, taxId, authenticated: false }
  return respond(engine, c, pay(engine, session.id, given), email)
}

async function completeChallenge(
  engine: Engine,
  c: Context,
  session: CheckoutSession,
  { card: number, ...entered }: Challenge,
) {
  const passed = textOf((await c.req.parseBody())['outcome']) !== 'fail'
  const card = cardByNumber(number)
  if (passed && card !== undefined)
    return respond(
      engine,
      c,
      pay(engine, session.id, { ...entered, card, authenticated: true }),
      entered.email,
    )
  const message = 'We could not authenticate your payment method. Choose another and try again.'
  const code = 'payment_intent_authentication_failure'
  return respond(engine, c, { kind: 'declined', session, message, code }, entered.email)
}

/** Reads the session inside the step, so that only one of two open tabs can pay. */
function pay(engine: Engine, id: string, given: Submission): CheckoutOutcome {
  return engine.act(BY_ITSELF, (step) => {
    const session = step.find('checkoutSessions', id)
    if (session === undefined) throw new Error(`checkout session ${id} does not exist`)
    const result = payCheckout(step, session, given)
    const { card, authenticated: _, ...entered } = given
    if (result.kind === 'challenged' && card !== null) {
      step.put('challenges', { ...entered, id, card: card.number })
    }
    return { result, keep: true }
  })
}

function respond(engine: Engine, c: Context, outcome: CheckoutOutcome, email: string | null) {
  const { session } = outcome
  if (!wantsHtml(c)) return asJson(c, outcome)
  const page = `/c/pay/${session.id}`
  switch (outcome.kind) {
    case 'paid':
      return c.redirect(session.success_url === null ? page : successUrl(session), 303)
    case 'declined':
      return show(engine, c, session, {
        error: outcome.message,
        email: email ?? undefined,
        status: 402,
      })
    case 'challenged':
      return c.redirect(`${page}/challenge`, 303)
    case 'closed':
      return c.redirect(page, 303)
    default:
      return outcome satisfies never
  }
}

type Refusal = {
  readonly error?: string
  /** The e-mail address that was entered, so that it is not lost. */
  readonly email?: string | undefined
  readonly status?: 200 | 400 | 402
}

function show(engine: Engine, c: Context, session: CheckoutSession, refusal: Refusal = {}) {
  const intent = engine.store.find('checkoutIntents', session.id)
  if (session.status === 'complete') return c.html(paidPage(session))
  if (session.status !== 'open' || intent === undefined) return c.html(expiredPage(session), 410)
  const { status = 200, error, email } = refusal
  return c.html(checkoutPage({ session, intent, now: engine.now(), error, email }), status)
}

const wantsHtml = (c: Context) => (c.req.header('accept') ?? '').includes('text/html')

const notFound = (c: Context) =>
  wantsHtml(c)
    ? c.html(unknownPage(), 404)
    : c.json({ error: { message: 'No open checkout.' } }, 404)

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

function asJson(c: Context, outcome: CheckoutOutcome) {
  const { session, kind } = outcome
  const body = { session: session.id, status: session.status, subscription: session.subscription }
  switch (kind) {
    case 'paid':
      return c.json(body)
    case 'declined':
      return c.json({ ...body, error: { code: outcome.code, message: outcome.message } }, 402)
    case 'challenged': {
      const url = new URL(`/c/pay/${session.id}/challenge`, c.req.url).href
      return c.json(
        { ...body, error: { code: 'authentication_required', challenge_url: url } },
        402,
      )
    }
    case 'closed':
      return c.json(body, session.status === 'complete' ? 200 : 410)
    default:
      return kind satisfies never
  }
}
