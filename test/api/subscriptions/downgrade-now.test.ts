import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mayDowngradeNow } from '../../../api/subscriptions/plan-target.ts'
import { changePlan, type PlanChangeRequest } from '../../../workflows/contract.ts'
import { subscribe, type Customer } from '../../support/customer.ts'
import { csrfOf, pagesOf } from '../../support/pages.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'

let world: World
beforeAll(async () => {
  world = await createWorld({ access: { userTokens: { secret: SECRET } } })
})
afterAll(() => world.close())

const tokenOf = ({ user, email }: Customer) =>
  new SignJWT({ email })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))

/** A call with the user's own token. */
async function askAsUser(who: Customer, method: string, path: string, body: object) {
  const headers = { authorization: `Bearer ${await tokenOf(who)}` }
  return world.call(method, `/subscriptions/${who.id}${path}`, { headers, body })
}

const REFUSED = {
  status: 409,
  body: { code: 'downgrade_not_now', errors: [{ field: 'when' }] },
}
const now = (plan_id: string, quantity?: number) => ({ plan_id, when: 'now', quantity })

describe('a downgrade now', () => {
  test('credits nothing after the quota was used: a user is refused, and the preview refuses too', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    expect(await askAsUser(who, 'PUT', '/plan', now('plan_enterprise'))).toMatchObject({
      status: 200,
    })
    const usage = { feature: 'ai_minutes', amount: 20_000 }
    const used = await world.call('POST', '/usage/consume', { user: who.user, body: usage })
    expect(used.body).toMatchObject({ outcome: 'allowed' })
    for (const plan of ['plan_pro_monthly', 'plan_pro_yearly', 'plan_starter', 'plan_free']) {
      expect(await askAsUser(who, 'PUT', '/plan', now(plan))).toMatchObject(REFUSED)
      expect(await askAsUser(who, 'POST', '/plan/preview', now(plan))).toMatchObject(REFUSED)
    }
    const refused = await askAsUser(who, 'PUT', '/plan', now('plan_pro_monthly'))
    expect(refused.body.detail).toContain('"when": "period_end"')
    expect(await who.stripeInvoices()).toHaveLength(2)
    expect((await who.stripeInvoices()).every(({ total }) => total > 0)).toBe(true)
    const later = await askAsUser(who, 'PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    expect(later.body).toMatchObject({
      plan: { slug: 'plan_enterprise' },
      pending_change: { kind: 'scheduled', plan: 'plan_pro_monthly' },
    })
  })

  test('is refused from yearly to monthly, in a chain of changes, with fewer units, and while another is pending', async () => {
    const who = await subscribe(world, 'plan_pro_yearly', { body: { quantity: 2 } })
    const ask = (body: object) => askAsUser(who, 'PUT', '/plan', body)
    expect(await ask(now('plan_pro_monthly'))).toMatchObject(REFUSED)
    expect(await ask(now('plan_pro_yearly', 1))).toMatchObject(REFUSED)
    expect(await ask(now('plan_enterprise', 3))).toMatchObject({ status: 200 })
    await ask({ plan_id: 'plan_starter', when: 'period_end' })
    // Dearer than the first plan, and cheaper than the second.
    expect(await ask(now('plan_enterprise', 2))).toMatchObject(REFUSED)
    expect(await ask(now('plan_pro_yearly', 3))).toMatchObject(REFUSED)
    expect(await who.read()).toMatchObject({
      quantity: 3,
      pending_change: { plan: 'plan_starter', quantity: 3 },
    })
  })

  test('is refused when it is decided, even if the subscription was on a lower plan when it was sent', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await askAsUser(who, 'PUT', '/plan', now('plan_enterprise'))
    const starter = await world.container.repositories.plans.findActive('plan_starter')
    const request: PlanChangeRequest = {
      planVersionId: starter!.id,
      when: 'now',
      prorationDate: null,
      actor: 'user',
    }
    const target = { subscriptionId: who.id, commandId: 'user/late' }
    expect(await world.container.workflows.command(changePlan, target, request)).toMatchObject({
      answer: { kind: 'refused', code: 'downgrade_not_now' },
    })
  })

  test('is refused for an application’s key, and allowed for an operator, who credits the unused time', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    expect(await who.ask('PUT', '/plan', now('plan_pro_monthly'))).toMatchObject(REFUSED)
    const operator = { operator: true }
    const { body } = await who.ask('PUT', '/plan', now('plan_pro_monthly'), operator)
    expect(body).toMatchObject({ plan: { slug: 'plan_pro_monthly' } })
    expect((await who.stripeInvoices())[0]?.total).toBeLessThan(0)
  })

  test('is allowed for an application’s key by policy, and never for a user’s token', () => {
    const token = { kind: 'user_token', userId: 'ada', email: null } as const
    const key = (scope: 'app' | 'operator') =>
      ({ kind: 'key', keyId: 'k', scopes: [scope], userId: 'ada' }) as const
    const allowed = (downgradesNow: 'operators' | 'applications') =>
      [token, key('app'), key('operator')].map((caller) =>
        mayDowngradeNow(caller, { downgradesNow }),
      )
    expect(allowed('operators')).toEqual([false, false, true])
    expect(allowed('applications')).toEqual([false, true, true])
  })

  test('is offered on the account page at the end of the period, with the reason', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    const ask = pagesOf(world.url)
    const { cookie } = await ask('/account/session', { form: { token: await tokenOf(who) } })
    const review = `/account/subscriptions/${who.id}/plan/plan_pro_monthly`
    const { text } = await ask(review, { cookie })
    expect(text).toContain('This period is already paid, so you keep Enterprise until then.')
    expect(text).toContain('value="period_end"')
    const form = { csrf: csrfOf(text), plan_id: 'plan_pro_monthly', when: 'now' }
    const forged = await ask(`/account/subscriptions/${who.id}/change-plan`, { cookie, form })
    expect(forged.text).toContain('The change can take effect at its end')
    expect((await who.read()).plan.slug).toBe('plan_enterprise')
  })
})
