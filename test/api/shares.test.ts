import { expect, test } from 'vitest'
import { createShares } from '../../api/shares.ts'

/** Work that ends when the test says so. */
function work(name: string, log: string[]) {
  let end = () => undefined as void
  const ended = new Promise<void>((resolve) => (end = resolve))
  const perform = async () => {
    log.push(name)
    await ended
    return name
  }
  return { perform, end: () => end() }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('work of a caller who floods waits for itself, and another caller is next', async () => {
  const share = createShares({ together: 2, perCaller: 50 })
  const log: string[] = []
  const flood = Array.from({ length: 50 }, (_, place) => work(`flood ${place}`, log))
  const ended = flood.map(({ perform }) => share('flood', perform))
  await settle()
  expect(log).toEqual(['flood 0'])
  const ada = work('ada', log)
  const answer = share('ada', ada.perform)
  expect(log).toEqual(['flood 0', 'ada'])
  const bob = work('bob', log)
  const later = share('bob', bob.perform)
  flood[0]?.end()
  await settle()
  // Bob waits no longer than one piece of work.
  expect(log).toEqual(['flood 0', 'ada', 'bob'])
  for (const each of [...flood, ada, bob]) each.end()
  expect(await Promise.all([answer, later])).toEqual(['ada', 'bob'])
  expect(await Promise.all(ended)).toEqual(flood.map((_, place) => `flood ${place}`))
})

test('work above the limit of its caller is refused, and a failure ends its turn', async () => {
  const share = createShares({ together: 1, perCaller: 2 })
  const log: string[] = []
  const first = work('first', log)
  const running = share('ada', first.perform)
  const failing = share('ada', async () => {
    throw new Error('gone')
  })
  expect(await share('ada', async () => 'third')).toBe('too_many')
  first.end()
  expect(await running).toBe('first')
  await expect(failing).rejects.toThrow('gone')
  expect(await share('ada', async () => 'fourth')).toBe('fourth')
})

test('a caller waits after its work as many times as long as it took, and nobody else does', async () => {
  const rests: { ms: number; end: () => void }[] = []
  const share = createShares(
    { together: 1, perCaller: 10, restTimes: 3 },
    (ms) => new Promise<void>((end) => rests.push({ ms, end })),
  )
  const log: string[] = []
  const [first, second, other] = ['first', 'second', 'other'].map((name) => work(name, log))
  const answer = share('flood', first!.perform)
  const later = share('flood', second!.perform)
  first!.end()
  // The answer does not wait for the rest.
  expect(await answer).toBe('first')
  await settle()
  expect(log).toEqual(['first'])
  expect(rests).toEqual([{ ms: expect.any(Number), end: expect.any(Function) }])
  const others = share('other', other!.perform)
  expect(log).toEqual(['first', 'other'])
  other!.end()
  await others
  rests[0]!.end()
  await settle()
  expect(log).toEqual(['first', 'other', 'second'])
  second!.end()
  expect(await later).toBe('second')
})
