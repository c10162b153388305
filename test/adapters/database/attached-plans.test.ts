import { expect, test, vi } from 'vitest'
import { createPlanRepository } from '../../../adapters/database/operations/plans.ts'
import type { Operations } from '../../../adapters/database/operations/port.ts'

test('concurrent questions which plans begin by themselves share a statement, and a failed one is not kept', async () => {
  const values = vi
    .fn<() => Promise<never[]>>()
    .mockRejectedValueOnce(new Error('the database is away'))
    .mockResolvedValue([])
  const { listAutoAttached } = createPlanRepository({ values } as unknown as Operations)
  const askOften = () =>
    Promise.allSettled(Array.from({ length: 20 }, async () => listAutoAttached()))
  expect((await askOften()).map(({ status }) => status)).toEqual(Array(20).fill('rejected'))
  expect(values).toHaveBeenCalledTimes(1)
  expect((await askOften()).map(({ status }) => status)).toEqual(Array(20).fill('fulfilled'))
  expect(values).toHaveBeenCalledTimes(2)
})
