import { createHash } from 'node:crypto'

/** Perennial's own namespace, so that our names never meet another system's. */
const NAMESPACE = Buffer.from('5d0f2c6e4b1a4c0f9e6d7a8b3c2d1e0f', 'hex')

/** The UUID (version 5, RFC 9562 §5.5) of a name: the same name is the same id, everywhere and always. */
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
