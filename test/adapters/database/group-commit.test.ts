import { describe, expect, test } from 'vitest'
import { DatabaseBusyError } from '../../../adapters/failures/database.ts'
import { createGroupCommit } from '../../../adapters/database/operations/group-commit.ts'

/** A database whose statements end when the test ends them. */
function aDatabase() {
  const begun: { batch: readonly number[]; end: () => void; fail: (cause: Error) => void }[] = []
  const run = (batch: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      begun.push({ batch, end: () => resolve(batch.map((n) => n * 10)), fail: reject })
    })
  return { begun, run }
}

const turn = async () => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}
const limits = { slotsMax: 1, batchMax: 3, waitingMax: 5, mayJoin: () => true }

describe('group commit', () => {
  test('requests of one turn share a statement, and those that arrive while it runs share the next', async () => {
    const { begun, run } = aDatabase()
    const { submit } = createGroupCommit({ ...limits, run })
    const first = [submit(1), submit(2)]
    await turn()
    const second = [submit(3), submit(4)]
    await turn()
    expect(begun.map(({ batch }) => batch)).toEqual([[1, 2]])
    begun[0]!.end()
    expect(await Promise.all(first)).toEqual([10, 20])
    await turn()
    begun[1]!.end()
    expect(await Promise.all(second)).toEqual([30, 40])
  })

  test('a batch never exceeds its size, and statements never exceed the connection slots', async () => {
    const { begun, run } = aDatabase()
    const { submit } = createGroupCommit({ ...limits, slotsMax: 2, waitingMax: 100, run })
    const all = Array.from({ length: 8 }, (_, index) => submit(index))
    await turn()
    expect(begun.map(({ batch }) => batch)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
    begun[1]!.end()
    await turn()
    expect(begun[2]?.batch).toEqual([6, 7])
    begun[0]!.end()
    begun[2]!.end()
    expect(await Promise.all(all)).toEqual([0, 10, 20, 30, 40, 50, 60, 70])
  })

  test('a request that may not join the first one goes with the next batch, in order', async () => {
    const { begun, run } = aDatabase()
    const mayJoin = (first: number, next: number) => first % 2 === next % 2
    const { submit } = createGroupCommit({ ...limits, slotsMax: 5, mayJoin, run })
    const all = [1, 3, 2, 5].map(submit)
    await turn()
    expect(begun.map(({ batch }) => batch)).toEqual([[1, 3], [2], [5]])
    for (const { end } of begun) end()
    expect(await Promise.all(all)).toEqual([10, 30, 20, 50])
  })

  test('a request beyond the queue is refused at once', async () => {
    const { begun, run } = aDatabase()
    const { submit } = createGroupCommit({ ...limits, waitingMax: 2, run })
    const inside = [submit(1), submit(2)]
    await expect(submit(3)).rejects.toThrow(DatabaseBusyError)
    await turn()
    begun[0]!.end()
    await Promise.all(inside)
  })

  test('an unavailable database fails the requests of that statement and no others', async () => {
    const { begun, run } = aDatabase()
    const { submit } = createGroupCommit({ ...limits, run })
    const failed = Promise.allSettled([submit(1), submit(2)])
    await turn()
    begun[0]!.fail(Object.assign(new Error('away'), { code: '57P01' }))
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const next = submit(3)
    await turn()
    begun[1]!.end()
    expect(await next).toBe(30)
  })

  test('a request that breaks its statement fails alone', async () => {
    const { submit } = createGroupCommit<number, number>({
      ...limits,
      batchMax: 9,
      waitingMax: 9,
      run: async (batch) => {
        if (batch.includes(5)) throw new Error('five')
        return batch
      },
    })
    const settled = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map(submit))
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(6)
    expect(settled[4]).toMatchObject({ status: 'rejected', reason: new Error('five') })
  })

  test('draining answers accepted requests and refuses new ones', async () => {
    const { begun, run } = aDatabase()
    const { submit, drain } = createGroupCommit({ ...limits, batchMax: 1, run })
    const inside = [submit(1), submit(2)]
    const drained = drain()
    await expect(submit(3)).rejects.toThrow(DatabaseBusyError)
    await turn()
    begun[0]!.end()
    await turn()
    begun[1]!.end()
    expect(await Promise.all(inside)).toEqual([10, 20])
    await drained
  })
})
