import { createHash } from 'node:crypto'

/** Perennial's own namespace, so ids never collide with those of another system. */
const NAMESPACE = Buffer.from('5d0f2c6e4b1a4c0f9e6d7a8b3c2d1e0f', 'hex')

/** @returns the UUID version 5 of a name: always the same for the same name @see RFC 9562, section 5.5 */
export function derivedUuid(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}
