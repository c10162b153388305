import { setImmediate as nextRound } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createBodyTurns, LARGE_BODY_MIN_BYTES } from '../../api/body-turns.ts'
import { readJsonBody } from '../../api/json-body.ts'

/** Work on a body that notes when it ran. */
const noting = (log: string[], name: string, isRefused: boolean) => async () => {
  log.push(name)
  return { isRefused }
}
/** A large body of a caller. */
const bodyOf = (caller: string, bytes = LARGE_BODY_MIN_BYTES) => ({ caller, bytes })
const never = () => new Promise(() => undefined)

test('a large body has a round of the event loop for itself, and other work runs in between', async () => {
  const inTurn = createBodyTurns()
  const log: string[] = []
  const others = (async () => {
    for (let round = 0; round < 5; round++) {
      await nextRound()
      log.push('others')
    }
  })()
  const bodies = Array.from({ length: 5 }, (_, index) =>
    inTurn(bodyOf('flood'), noting(log, `body ${index}`, false)),
  )
  await others
  await Promise.all(bodies)
  expect(log.filter((each) => each.startsWith('body'))).toHaveLength(5)
  const followed = log.filter((_, index) => log[index + 1]?.startsWith('body'))
  expect(new Set(followed)).toEqual(new Set(['others']))
})

test('a body of another caller is next, whatever one caller has sent before', async () => {
  const inTurn = createBodyTurns()
  const log: string[] = []
  const flood = Array.from({ length: 100 }, () =>
    inTurn(bodyOf('flood'), noting(log, 'flood', false)),
  )
  const other = inTurn(bodyOf('other'), noting(log, 'other', false))
  await other
  expect(log.indexOf('other')).toBeLessThanOrEqual(1)
  await Promise.all(flood)
})

test('after a refused body its caller waits, and nobody else does', async () => {
  const rests: number[] = []
  const inTurn = createBodyTurns((ms) => {
    rests.push(ms)
    return never()
  })
  const log: string[] = []
  expect(await inTurn(bodyOf('flood'), noting(log, 'refused', true))).toEqual({ isRefused: true })
  void inTurn(bodyOf('flood'), noting(log, 'after a refusal', true))
  await inTurn(bodyOf('other'), noting(log, 'other', false))
  await inTurn(bodyOf('other'), noting(log, 'other', false))
  expect(log).toEqual(['refused', 'other', 'other'])
  expect(rests).toEqual([expect.any(Number)])
})

test('a caller whose waiting bodies have eight MiB sends no more, and others do', async () => {
  const inTurn = createBodyTurns()
  const log: string[] = []
  const size = 256 * 1_024
  const send = (caller: string) => inTurn(bodyOf(caller, size), noting(log, caller, false))
  // The first one of all begins at once and waits for nothing.
  const flood = Array.from({ length: 40 }, () => send('flood'))
  const other = send('other')
  const outcomes = await Promise.all(flood)
  const refused = outcomes.filter((each) => each === 'too_many').length
  expect(refused).toBe(40 - 33)
  expect(await other).toEqual({ isRefused: false })
  expect(log).toHaveLength(33 + 1)
  expect(await send('flood')).toEqual({ isRefused: false })
})

test('the waiting bodies of all callers together have thirty-two MiB', async () => {
  const inTurn = createBodyTurns()
  const size = 1_024 * 1_024
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      inTurn(bodyOf(`caller ${index}`, size), noting([], 'one', false)),
    ),
  )
  expect(outcomes.filter((each) => each === 'too_many')).toHaveLength(40 - 33)
})

test('a failure reaches its own caller, and ends its turn', async () => {
  const inTurn = createBodyTurns()
  const failing = inTurn(bodyOf('flood'), () => Promise.reject(new Error('gone')))
  await expect(failing).rejects.toThrow('gone')
  expect(await inTurn(bodyOf('flood'), noting([], 'next', false))).toEqual({ isRefused: false })
})

test('a body with a hundred thousand levels is refused without being parsed', () => {
  const parse = vi.spyOn(JSON, 'parse')
  try {
    const body = `{"events":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    expect(readJsonBody(Buffer.from(body))).toEqual({
      kind: 'malformed',
      detail: 'The body has more than 32 levels.',
    })
    expect(parse).not.toHaveBeenCalled()
  } finally {
    parse.mockRestore()
  }
})

test.each([
  ['in a text', JSON.stringify({ text: '[{'.repeat(100) })],
  ['after an escaped quote', JSON.stringify({ text: `"${'['.repeat(100)}`, other: '\\' })],
  ['one after the other', JSON.stringify(Array.from({ length: 100 }, () => [{}]))],
])('brackets %s are no levels', (_, body) => {
  expect(readJsonBody(Buffer.from(body))).toMatchObject({ kind: 'read' })
})
