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
import { NO_CARD, challengePage, checkoutPage } from './checkout.ts'
import { expiredPage, paidPage, successUrl, unknownPage } from './results.ts'

const CARD_DEFAULT = '4242424242424242'

/** `/c/pay/{session}`: pages for people, JSON for scripts, and `latest` for the most recent open one. */
export function checkoutRoutes(engine: Engine): Hono {
  const routes = new Hono()
  const { store } = engine

  function sessionOf(c: Context): CheckoutSession | undefined {
    const id = c.req.param('id') ?? ''
    if (id !== 'latest') return store.find('checkoutSessions', id)
    for (const open of store.rows('checkoutSessions', { index: 'status', key: 'open' })) return open
    return undefined
  }

  routes.get('/c/pay/:id', async (c) => {
    await engine.settle()
    const session = sessionOf(c)
    if (session === undefined) return c.html(unknownPage(), 404)
    return show(c, session)
  })

  routes.post('/c/pay/:id', async (c) => {
    await engine.settle()
    const session = sessionOf(c)
    if (session === undefined) return notFound(c)
    const form = await c.req.parseBody()
    const number = textOf(form['card']) ?? CARD_DEFAULT
    const card = asksForNoCard(session) && number === NO_CARD ? null : cardByNumber(number)
    if (card === undefined) {
      const message = 'Use one of Stripe’s test cards, such as 4242 4242 4242 4242.'
      return wantsHtml(c)
        ? show(c, session, { error: message, email: textOf(form['email']), status: 400 })
        : c.json({ session: session.id, status: 'refused', error: message }, 400)
    }
    const email = textOf(form['email']) ?? null
    const name = textOf(form['name']) ?? null
    return respond(c, pay(session.id, { card, email, name, authenticated: false }), email)
  })

  routes.post('/c/pay/:id/code', async (c) => {
    await engine.settle()
    const session = sessionOf(c)
    if (session === undefined) return notFound(c)
    const code = textOf((await c.req.parseBody())['code']) ?? ''
    const isValid = engine.act(BY_ITSELF, (step) => ({
      result: applyPromotionCode(step, session, code),
      keep: true,
    }))
    if (isValid) return c.redirect(`/c/pay/${session.id}`, 303)
    return show(c, session, { error: 'This promotion code is not valid.', status: 400 })
  })

  routes.get('/c/pay/:id/challenge', (c) => {
    const session = sessionOf(c)
    if (session === undefined) return c.html(unknownPage(), 404)
    return session.status === 'open' ? c.html(challengePage(session)) : show(c, session)
  })

  routes.post('/c/pay/:id/challenge', async (c) => {
    await engine.settle()
    const session = sessionOf(c)
    const asked = session && store.find('challenges', session.id)
    if (session === undefined || asked === undefined) return notFound(c)
    const passed = textOf((await c.req.parseBody())['outcome']) !== 'fail'
    const card = cardByNumber(asked.card)
    if (passed && card !== undefined) {
      const { email, name } = asked
      return respond(c, pay(session.id, { card, email, name, authenticated: true }), email)
    }
    const message = 'We could not authenticate your payment method. Choose another and try again.'
    const code = 'payment_intent_authentication_failure'
    return respond(c, { kind: 'declined', session, message, code }, asked.email)
  })

  /** Reads the session inside the step: of two tabs, the second finds it closed. */
  function pay(id: string, given: Submission): CheckoutOutcome {
    return engine.act(BY_ITSELF, (step) => {
      const session = step.find('checkoutSessions', id)
      if (session === undefined) throw new Error(`${id} vanished`)
      const result = payCheckout(step, session, given)
      const { card, email, name } = given
      if (result.kind === 'challenged' && card !== null) {
        step.put('challenges', { id, card: card.number, email, name })
      }
      return { result, keep: true }
    })
  }

  function respond(c: Context, outcome: CheckoutOutcome, email: string | null) {
    const { session } = outcome
    if (!wantsHtml(c)) return asJson(c, outcome)
    switch (outcome.kind) {
      case 'paid':
        return c.redirect(
          session.success_url === null ? `/c/pay/${session.id}` : successUrl(session),
          303,
        )
      case 'declined':
        return show(c, session, { error: outcome.message, email: email ?? undefined, status: 402 })
      case 'challenged':
        return c.redirect(`/c/pay/${session.id}/challenge`, 303)
      case 'closed':
        return c.redirect(`/c/pay/${session.id}`, 303)
      default:
        return outcome satisfies never
    }
  }

  type More = {
    readonly error?: string
    readonly email?: string | undefined
    readonly status?: 200 | 400 | 402
  }

  function show(c: Context, session: CheckoutSession, more: More = {}) {
    const intent = store.find('checkoutIntents', session.id)
    if (session.status === 'complete') return c.html(paidPage(session))
    if (session.status !== 'open' || intent === undefined) return c.html(expiredPage(session), 410)
    const { status = 200, error, email } = more
    return c.html(checkoutPage({ session, intent, now: engine.now(), error, email }), status)
  }

  return routes
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
