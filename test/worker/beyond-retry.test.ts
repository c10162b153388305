import { ApplicationFailure } from '@temporalio/common'
import { expect, test } from 'vitest'
import { failBeyondRetry } from '../../worker/beyond-retry.ts'

/** The error of a step that fails with `error`. */
async function failureOf(error: Error): Promise<unknown> {
  const step = () => {
    throw error
  }
  try {
    return await failBeyondRetry().inbound?.execute?.({ args: [], headers: {} }, step)
  } catch (failure) {
    return failure
  }
}

const withCode = (code: string) => Object.assign(new Error('the value'), { code })

test.each([
  ['half a character in an address', new URIError('URI malformed')],
  ['a control code in a header', withCode('ERR_INVALID_CHAR')],
  ['a text that Postgres cannot hold', withCode('22021')],
])('a step fails at once if no retry can succeed: %s', async (_, error) => {
  const failure = await failureOf(error)
  expect(failure).toBeInstanceOf(ApplicationFailure)
  expect(failure).toMatchObject({ nonRetryable: true, message: error.message })
})

test.each([
  ['an outage', withCode('ECONNREFUSED')],
  ['a deadlock', withCode('40P01')],
  ['a bug, which a release may fix', new TypeError('x is not a function')],
])('a step is retried after %s', async (_, error) => {
  expect(await failureOf(error)).toBe(error)
})
