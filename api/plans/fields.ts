import { text } from '../../adapters/database/text.ts'

const NAME_MAX_CHARACTERS = 64

export const planField = text(NAME_MAX_CHARACTERS).describe('Slug or id of a plan.')
/** Of plans that exclude one another. */
export const productLineField = text(NAME_MAX_CHARACTERS).default('main')
