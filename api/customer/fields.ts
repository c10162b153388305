import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'
import { NAME_MAX_CHARACTERS } from '../../domain/customer/details.ts'
import { EMAIL_MAX_CHARACTERS } from '../../domain/text.ts'

/** One e-mail address, without a name. */
export const emailField = z.email().max(EMAIL_MAX_CHARACTERS)

/** The name of a person or an organization, in one line. */
export const nameField = text(NAME_MAX_CHARACTERS)
