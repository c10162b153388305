import { randomUUID } from 'node:crypto'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALLOWED, allows, type Command } from '../../../domain/subscription/commands.ts'
import { isLive, STATUSES, type Status } from '../../../domain/subscription/subscription.ts'
import { subscriptionWorkflowId, sync } from '../../../workflows/contract.ts'
import { subscribe, unpaidCustomer, type Customer } from '../../support/customer.ts'
import { sellTrialPlan, TRIAL_PLAN } from '../../support/plans.ts'
import { createWorld, type World } from '../../support/world.ts'

const COMMANDS = Object.keys(ALLOWED) as Command[]
const DAY_MS = 86_400_000
let world: World
/** For each status one subscription per allowed command, and one more for all refused commands. */
const prepared = new Map<Status, Customer[]>()

beforeAll(async () => {
  world = await createWorld({ stripe: { afterLastAttempt: 'unpaid' } })
  await sellTrialPlan(world)
  const inDays = (days: number) => new Date(world.clock.now().getTime() + days * DAY_MS)
  // Stripe's last attempt to collect an invoice is two weeks after the first one.
  prepared.set('unpaid', await prepare('unpaid', unpayable))
  await world.advanceTo(inDays(15))
  prepared.set('past_due', await prepare('past_due', unpayable))
  await world.advanceTo(inDays(32))
  prepared.set('incomplete', await prepare('incomplete', () => unpaidCustomer(world)))
  prepared.set('trialing', await prepare('trialing', () => subscribe(world, TRIAL_PLAN)))
  prepared.set('active', await prepare('active', () => subscribe(world, 'plan_pro_monthly')))
  prepared.set('paused', await prepare('paused', () => after('PUT', '/pause', {})))
  prepared.set('canceled', await prepare('canceled', () => after('PUT', '/cancellation')))
  prepared.set('incomplete_expired', await prepare('incomplete_expired', abandoned))
}, 300_000)
afterAll(() => world.close())

async function prepare(status: Status, make: () => Promise<Customer>): Promise<Customer[]> {
  const count = COMMANDS.filter((command) => allows(command, status)).length + 1
  const made: Customer[] = []
  for (let i = 0; i < count; i++) made.push(await make())
  return made
}

async function unpayable(): Promise<Customer> {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.cards('declines')
  return who
}

async function after(method: string, path: string, body: object = { when: 'now' }) {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.ask(method, path, body)
  return who
}

async function abandoned(): Promise<Customer> {
  const who = await unpaidCustomer(world)
  await who.ask('PUT', '/cancellation', { when: 'now' })
  return who
}

/** Sends each command. Resolves to `done`, or to the code of the refusal. */
const ASK: Record<Command, (who: Customer) => Promise<string>> = {
  changePlan: (who) => code(who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })),
  withdrawPlanChange: (who) => code(who.ask('DELETE', '/plan/pending')),
  cancel: (who) => code(who.ask('PUT', '/cancellation', { when: 'now' })),
  withdrawCancellation: (who) => code(who.ask('DELETE', '/cancellation')),
  pause: (who) => code(who.ask('PUT', '/pause', {})),
  resume: (who) => code(who.ask('DELETE', '/pause')),
  extendTrial: (who) => {
    const ends_at = new Date(world.clock.now().getTime() + 20 * DAY_MS).toISOString()
    return code(who.ask('PUT', '/trial', { ends_at }, { operator: true }))
  },
  endTrial: (who) => code(who.ask('DELETE', '/trial')),
  grant: ({ id }) =>
    code(operate(id, 'grants', { feature: 'messages_sent', amount: 1, reason: 'a test' })),
  changeCollection: ({ id }) =>
    code(
      world.call('PUT', `/admin/subscriptions/${id}/collection`, {
        headers: { authorization: 'Bearer bk_dev_operator' },
        body: { method: 'send_invoice', days_until_due: 30, reason: 'a test' },
      }),
    ),
  forceCancel: ({ id }) => code(operate(id, 'force-cancellation', { reason: 'a test' })),
  sync: async ({ id }) => {
    const handle = world.container.temporal.client.workflow.getHandle(subscriptionWorkflowId(id))
    try {
      await handle.executeUpdate(sync, { updateId: randomUUID(), args: [] })
      return 'done'
    } catch (error) {
      const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined
      return cause instanceof ApplicationFailure ? (cause.type ?? '') : 'subscription_over'
    }
  },
}

async function code(reply: ReturnType<Customer['ask']>): Promise<string> {
  const { status, body } = await reply
  return status < 300 ? 'done' : body.code
}

const operate = (id: string, path: string, body: object) =>
  world.call('POST', `/admin/subscriptions/${id}/${path}`, {
    body,
    headers: { authorization: 'Bearer bk_dev_operator' },
  })

/** `nothing_to_withdraw` means that the status allows the command, but nothing was scheduled. */
const isAllowed = (answer: string) => answer === 'done' || answer === 'nothing_to_withdraw'

test.each(STATUSES)(
  '%s allows the commands of the table and refuses all others with their code',
  async (status) => {
    const [forRefusals, ...others] = prepared.get(status)!
    expect((await forRefusals!.read()).status).toBe(status)
    const answers: [Command, boolean][] = []
    for (const command of COMMANDS.filter((each) => !allows(each, status))) {
      const answer = await ASK[command](forRefusals!)
      expect(answer).toBe(isLive(status) ? 'move_not_allowed' : 'subscription_over')
      answers.push([command, false])
    }
    expect((await forRefusals!.read()).status).toBe(status)
    for (const command of COMMANDS.filter((each) => allows(each, status)))
      answers.push([command, isAllowed(await ASK[command](others.pop()!))])
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(COMMANDS.map((command) => [command, allows(command, status)])),
    )
  },
)
