import type { Metadata } from '../store/stored.ts'

/** Merges keys one by one; an empty value removes its key, an empty map removes nothing. */
export function mergeMetadata(held: Metadata, update: Readonly<Metadata> | undefined): Metadata {
  if (update === undefined) return held
  const merged = Object.entries({ ...held, ...update })
  return Object.fromEntries(merged.filter(([, value]) => value !== ''))
}
