import type { Plant } from '../play.ts'
import { namesOfOurs } from './names-of-ours.ts'

/** The mistakes that the adversary found once, each planted around the product, by the saved sequences that show it. */
export const PLANTED: Readonly<Record<string, Plant>> = {
  'a-name-of-ours': namesOfOurs,
}
