import { randomBytes } from 'node:crypto'
import { defaultPayloadConverter } from '@temporalio/common'
import { expect, test } from 'vitest'
import { createPayloadEncryption } from '../../../adapters/temporal/payload-encryption.ts'

const aKey = (id: string) => ({ id, key: randomBytes(32) })
const [old, fresh] = [aKey('2025'), aKey('2026')]
const payload = (value: unknown) => defaultPayloadConverter.toPayload(value)
const valueOf = (each: ReturnType<typeof payload>) => defaultPayloadConverter.fromPayload(each)

test('an encrypted payload is read back, and its text is not visible', async () => {
  const codec = createPayloadEncryption([fresh])
  const [sealed] = await codec.encode([payload({ user: 'ada' })])
  expect(Buffer.from(sealed!.data!).toString()).not.toContain('ada')
  const [opened] = await codec.decode([sealed!])
  expect(valueOf(opened!)).toEqual({ user: 'ada' })
})

test('the same value is encrypted differently each time', async () => {
  const sealed = await createPayloadEncryption([fresh]).encode([payload('a'), payload('a')])
  expect(sealed[0]!.data).not.toEqual(sealed[1]!.data)
})

test('an old key still decrypts while it is replaced; without it decryption fails', async () => {
  const [sealed] = await createPayloadEncryption([old]).encode([payload(7)])
  const [opened] = await createPayloadEncryption([fresh, old]).decode([sealed!])
  expect(valueOf(opened!)).toBe(7)
  await expect(createPayloadEncryption([fresh]).decode([sealed!])).rejects.toThrow(/"2025"/)
})

test('a payload from before encryption is read as it is', async () => {
  const [opened] = await createPayloadEncryption([fresh]).decode([payload('plain')])
  expect(valueOf(opened!)).toBe('plain')
})

test('a payload that was changed, truncated or given another key’s name is refused', async () => {
  const codec = createPayloadEncryption([fresh, old])
  const [sealed] = await codec.encode([payload('paid')])
  const data = Buffer.from(sealed!.data!)
  const flipped = Buffer.from(data)
  flipped.writeUInt8(flipped.readUInt8(data.length - 1) ^ 1, data.length - 1)
  const renamed = { ...sealed!.metadata, 'encryption-key-id': Buffer.from('2025') }
  for (const forged of [
    { ...sealed!, data: flipped },
    { ...sealed!, data: data.subarray(0, 20) },
    { ...sealed!, metadata: renamed },
  ])
    await expect(codec.decode([forged])).rejects.toThrow(
      /unable to authenticate|Unsupported state|tag/i,
    )
})
