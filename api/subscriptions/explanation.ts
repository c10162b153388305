import { OpenAPIHono, z } from '@hono/zod-openapi'
import { explanationOf, type Explanation } from '../../domain/decision/explanation.ts'
import { inOneLine, shownStored } from '../../domain/decision/shown.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { CHANGE_KINDS } from '../../domain/subscription/timeline.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { createRoute } from '../route.ts'
import { validationHook } from '../validation.ts'
import { subscriptionParameters } from './command.ts'
import { nameEntries } from './timeline-entries.ts'

/** More entries than a subscription has in twenty years. */
const SEQ_MAX = 10_000

const decisionSchema = z
  .object({
    rule: z.string().describe('The name of the rule that made the change.'),
    build: z.string().describe('The build that made it.'),
    sentences: z.array(z.string()).describe('The facts, the rule and the outcome, in English.'),
    agrees: z.boolean().describe('Whether the present code makes the same decision again.'),
    differences: z
      .array(
        z.object({ part: z.string(), recorded: z.string().nullable(), now: z.string().nullable() }),
      )
      .describe(
        'The parts that the present code decides otherwise. A part that is absent is null; one with fields is JSON.',
      ),
  })
  .nullable()
  .describe(
    'Null if the decision was not recorded: the change is older than the records, or its entry is about an invoice, a grant or the customer.',
  )

const route = createRoute({
  operationId: 'explainChange',
  callers: 'reader',
  method: 'get',
  path: '/subscriptions/{id}/timeline/{seq}/explanation',
  tags: ['Subscriptions'],
  summary: 'Explain a timeline entry',
  description:
    'Reads the facts from which the change was decided, and makes the decision again with the present code.',
  request: {
    params: subscriptionParameters.extend({
      seq: z.coerce.number().int().min(1).max(SEQ_MAX).describe('The number of the entry.'),
    }),
  },
  responses: {
    200: {
      description: 'The entry with its decision.',
      content: jsonContent(
        z
          .object({
            subscription_id: z.uuid(),
            seq: z.int(),
            at: z.iso.datetime(),
            kind: z.enum(CHANGE_KINDS),
            actor: z.enum(['user', 'stripe', 'time', 'operator']),
            cause: z.string(),
            requested_by: z
              .object({ key_name: z.string().nullable(), asked_by: z.string().nullable() })
              .nullable()
              .describe(
                'The name of the API key that sent the command, or who asked in the Temporal UI. Null without a command, and for a user’s token.',
              ),
            decision: decisionSchema,
          })
          .openapi('ChangeExplanation'),
      ),
    },
    ...problemResponses(...USER_PROBLEMS),
    ...problemResponses('subscription_not_found', 'entry_not_found'),
  },
})

/** Explains a change of a user's own subscription. */
export const explainChange = ({ repositories }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const { id, seq } = c.req.valid('param')
    const { subscriptions, decisions, plans } = repositories
    const found = await subscriptions.find(subscriptionId(id.toLowerCase()))
    if (found === undefined || found.userId !== userOf(c).userId)
      return problem(c, 'subscription_not_found', 'The user has no subscription with this id.')
    const entry = (await subscriptions.timeline(found.id, seq)).find((each) => each.seq === seq)
    if (entry === undefined)
      return problem(c, 'entry_not_found', `The timeline has no entry ${seq}.`)
    const [named] = await nameEntries(repositories, [entry])
    const stored = await decisions.find(found.id, seq)
    // Names of keys are those of the team, not of users.
    const isForKey = c.get('caller').kind === 'key'
    const askedBy = entry.askedBy
    const keyName = named?.keyName ?? null
    return c.json(
      {
        subscription_id: found.id,
        seq,
        at: entry.at.toISOString(),
        kind: entry.kind,
        actor: entry.actor,
        cause: entry.cause,
        requested_by:
          isForKey && (keyName !== null || askedBy !== null)
            ? { key_name: keyName, asked_by: askedBy }
            : null,
        decision: stored ? decisionView(await explanationOf(stored, plans)) : null,
      },
      200,
    )
  })

const decisionView = ({ rule, build, sentences, differences }: Explanation) => ({
  rule,
  build,
  sentences: [...sentences],
  agrees: differences.length === 0,
  differences: differences.map(({ part, recorded, now }) => ({
    part,
    recorded: recorded === undefined ? null : inOneLine(shownStored(recorded)),
    now: now === undefined ? null : inOneLine(shownStored(now)),
  })),
})
