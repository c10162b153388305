import { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  causeOfChange,
  fieldsThatDiffer,
  subscriptionOfChange,
  type CustomerDetails,
} from '../../domain/customer/details.ts'
import type { Customer } from '../../domain/customer/repository.ts'
import { customerCommandKey } from '../../domain/keys.ts'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import { hasScope, type Caller } from '../auth/caller.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { answerOnce, idempotencyHeader, type Attempt } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { requestObject } from '../request-object.ts'
import { createRoute } from '../route.ts'
import { validationHook } from '../validation.ts'
import { emailField, nameField } from './fields.ts'

/** The newest subscriptions in which a live one is searched; far more than a customer has at a time. */
const SUBSCRIPTIONS_MAX = 50

const detailsSchema = requestObject({
  email: emailField.optional().describe('The address for e-mails. Without it, it stays.'),
  name: nameField.optional().describe('The name on Stripe’s invoices. Without it, it stays.'),
}).openapi('CustomerRequest')

const customerSchema = z
  .object({
    user_id: z.string().describe('The user’s id in your application.'),
    email: z.string().nullable(),
    name: z
      .string()
      .nullable()
      .describe('As your application set it; null if Stripe alone knows one.'),
    locale: z.string(),
    time_zone: z.string().nullable(),
  })
  .openapi('Customer')

const answer = {
  200: { description: 'The customer as it is now.', content: jsonContent(customerSchema) },
}

const readRoute = createRoute({
  operationId: 'getCustomer',
  callers: 'reader',
  method: 'get',
  path: '/customer',
  tags: ['Customers'],
  summary: 'Read the customer',
  responses: { ...answer, ...problemResponses('customer_not_found', ...USER_PROBLEMS) },
})

const changeRoute = createRoute({
  operationId: 'changeCustomer',
  callers: 'customer',
  method: 'put',
  path: '/customer',
  tags: ['Customers'],
  summary: 'Set the e-mail address and the name',
  description:
    'Creates the customer if need be. E-mails go to the new address from now on. Stripe’s customer follows within seconds, and after an outage of Stripe as soon as it answers. Not for users’ tokens.',
  request: { headers: idempotencyHeader, body: jsonBody(detailsSchema) },
  responses: {
    ...answer,
    ...problemResponses('malformed_json', 'idempotency_key_reused', ...USER_PROBLEMS),
  },
})

/** Reads and changes the customer for whom the call acts. */
export const customers = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(readRoute, async (c) => {
      const found = await dependencies.repositories.customers.find(userOf(c).userId)
      return found === undefined
        ? problem(c, 'customer_not_found', 'This user was never a customer. Use PUT /customer.')
        : c.json(viewOf(found), 200)
    })
    .openapi(changeRoute, async (c) => {
      const { userId } = userOf(c)
      const caller = c.get('caller')
      const details = c.req.valid('json')
      const request = { operation: 'change-customer', body: details }
      return answerOnce(
        c,
        dependencies,
        { caller: `user/${userId}`, request },
        async (attempt) => ({
          status: 200,
          body: viewOf(await change(dependencies, { userId, caller, details, attempt })),
        }),
      )
    })

type Order = {
  readonly userId: string
  readonly caller: Caller
  readonly details: CustomerDetails
  readonly attempt: Attempt
}

async function change(
  { repositories, clock }: ApiDependencies,
  { userId, caller, details, attempt }: Order,
): Promise<Customer> {
  const { customers: stored, subscriptions, usageExtras } = repositories
  const at = clock.now()
  const before = await stored.find(userId)
  const fields = fieldsThatDiffer(before, details)
  const keyId = caller.kind === 'key' ? caller.keyId : null
  const isOperator = hasScope(caller, 'operator')
  const isChange = before === undefined || fields.length > 0
  const after = isChange
    ? await stored.change({
        userId,
        ...details,
        at,
        actor: isOperator ? 'operator' : 'user',
        keyId,
        cause: causeOfChange(fields),
        subscription: subscriptionOfChange(
          await subscriptions.listOfUser(userId, SUBSCRIPTIONS_MAX),
        ),
      })
    : before
  // The first attempt may have made the change and died before it noted the action.
  if (isOperator && (isChange || attempt.isRepeat))
    await usageExtras.noteAction(
      derivedUuid(customerCommandKey(userId, attempt.key)),
      { userId, action: 'change_customer', before: null, after: { fields: Object.keys(details) } },
      { at, keyId, askedBy: null },
    )
  return after
}

const viewOf = ({
  userId,
  email,
  name,
  locale,
  timeZone,
}: Customer): z.infer<typeof customerSchema> => ({
  user_id: userId,
  email,
  name,
  locale,
  time_zone: timeZone,
})
