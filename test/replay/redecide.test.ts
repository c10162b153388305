import { expect, test } from 'vitest'
import { factsOfRecord, type DecisionRecord } from '../../domain/decision/decision-record.ts'
import { redecide } from '../../domain/decision/redecide.ts'
import { readDecisions } from './decision-file.ts'

const { plans, decisions } = readDecisions()

const differencesOf = async (record: DecisionRecord) => {
  const getVersion = async (id: string) => plans.get(id)!
  return redecide(await factsOfRecord(record, { getVersion }), record.outcome)
}

test('there are decisions of each way through a life', () => {
  const rules = new Set(decisions.map(({ record }) => record.facts.rule.name))
  for (const rule of ['stripe_snapshot', 'renewal', 'free_start', 'checkout_opened'] as const)
    expect(rules).toContain(rule)
  expect(decisions.length).toBeGreaterThanOrEqual(20)
})

test.each(decisions)('the present code decides again: $name', async ({ record }) => {
  expect(await differencesOf(record)).toEqual([])
})

test('a rule that would end access at another time is found', async () => {
  const pastDue = decisions.find(({ record }) => record.outcome.set['status'] === 'past_due')!
  const { facts, outcome } = pastDue.record
  const policy = { ...facts.policy, graceDays: facts.policy.graceDays + 1 }
  const found = await differencesOf({ facts: { ...facts, policy }, outcome })
  expect(found.map(({ part }) => part)).toEqual(['set.accessUntil'])
})
