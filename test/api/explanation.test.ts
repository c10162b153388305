import { afterAll, beforeAll, expect, test } from 'vitest'
import { redecideRecorded } from '../../sync/redecide.ts'
import { EXIT } from '../../cli/exit.ts'
import { perennial } from '../cli/support.ts'
import { subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test('a change is explained from its facts, and the present code makes it again', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  expect(await who.ask('GET', '/timeline/2/explanation')).toMatchObject({
    status: 200,
    body: {
      subscription_id: who.id,
      seq: 2,
      kind: 'activated',
      actor: 'stripe',
      decision: { rule: 'stripe_snapshot', agrees: true, differences: [] },
    },
  })
  const { body } = await who.ask('GET', '/timeline/2/explanation')
  const text = body.decision.sentences.join('\n')
  expect(text).toContain('Before, the subscription was incomplete on Pro version 1 ($20.00).')
  expect(text).toContain('(subscription_create) was paid: $20.00 due, $20.00 paid.')
  expect(text).toContain('status: incomplete → active')
  expect(text).toContain('The letter subscription_confirmed was queued.')
})

test('others find nothing, an unknown entry is named, and an old one has no decision', async () => {
  const who = await subscribe(world, 'plan_free')
  const other = await subscribe(world, 'plan_free')
  const path = `/subscriptions/${who.id}/timeline/1/explanation`
  expect(await world.call('GET', path, { user: other.user })).toMatchObject({
    status: 404,
    body: { code: 'subscription_not_found' },
  })
  expect(await who.ask('GET', '/timeline/99/explanation')).toMatchObject({
    status: 404,
    body: { code: 'entry_not_found' },
  })
  expect(await who.ask('GET', '/timeline/0/explanation')).toMatchObject({ status: 422 })
  await world.database.pool.query('delete from decisions where subscription_id = $1', [who.id])
  expect(await who.ask('GET', '/timeline/1/explanation')).toMatchObject({
    status: 200,
    body: { kind: 'activated', decision: null },
  })
})

test('a planted mistake is found by rule with its examples, unless it is accepted by name', async () => {
  const who = await subscribe(world, 'plan_free')
  await who.ask('PUT', '/pause', {})
  const { plans, decisions } = world.container.repositories
  const again = (accepted: string[], list = decisions.list) =>
    redecideRecorded(
      { plans, decisions: { ...decisions, list } },
      {
        since: new Date(0),
        limit: 1_000,
        rule: undefined,
        accepted: new Set(accepted),
        onDecided: () => undefined,
      },
    )
  const present = await again([])
  expect(present).toMatchObject({ differing: 0, kinds: [] })
  expect(present.decided).toBeGreaterThan(1)
  // A build that would also have canceled with the pause.
  const withMistake: typeof decisions.list = async (query) =>
    (await decisions.list(query)).map((each) => {
      const { facts, outcome } = each.record
      const set = { ...outcome.set, cancelAt: '@2027-01-01T00:00:00.000Z' }
      return each.rule === 'free_pause'
        ? { ...each, record: { facts, outcome: { ...outcome, set } } }
        : each
    })
  expect(await again([], withMistake)).toMatchObject({
    differing: 1,
    kinds: [
      {
        name: 'free_pause set.cancelAt',
        count: 1,
        isAccepted: false,
        examples: [{ subscriptionId: who.id, recorded: '@2027-01-01T00:00:00.000Z' }],
      },
    ],
  })
  const accepted = await again(['free_pause set.cancelAt'], withMistake)
  expect(accepted).toMatchObject({ differing: 0, kinds: [{ isAccepted: true }] })
})

test('the command line explains a change and makes all decisions again, with exit codes', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const command = (...args: string[]) => perennial(args, world.workerEnvironment)
  const explained = await command('explain', 'change', who.id, '2')
  expect(explained).toMatchObject({ exitCode: EXIT.ok })
  expect(explained.stdout).toContain('Rule stripe_snapshot')
  expect(explained.stdout).toContain('The present code makes the same decision.')
  expect(await command('explain', 'change', who.id, '99')).toMatchObject({ exitCode: EXIT.wrong })
  expect(await command('explain', 'change', 'ada', '1')).toMatchObject({ exitCode: EXIT.usage })
  const again = await command('redecide', '--since', '1d')
  expect(again).toMatchObject({ exitCode: EXIT.ok })
  expect(again.stdout).toContain(', 0 would be made otherwise by this code.')
  const none = await command('redecide', '--rule', 'no_such_rule')
  expect(none).toMatchObject({ exitCode: EXIT.wrong })
})
