import { customerOf } from '../billing/customers.ts'
import { operation } from '../http/operation.ts'
import { id, ignored, required, text, unmodelled } from '../http/params.ts'
import { newId } from '../store/ids.ts'

/** The only configuration: replace the card, cancel at the period end, withdraw the cancellation. */
const CONFIGURATION = 'bpc_simulator'

/** Sessions of the billing portal: create only, as at Stripe. @see https://docs.stripe.com/customer-management */
export const portalSessions = [
  operation('POST /v1/billing_portal/sessions', {
    answers: 'billing_portal.session',
    params: {
      after_expiration: ignored,
      configuration: ignored,
      customer: required(id()),
      customer_account: unmodelled,
      flow_data: unmodelled,
      locale: ignored,
      on_behalf_of: unmodelled,
      return_url: text(),
    },
    run(step, { params }) {
      const customer = customerOf(step, params.customer)
      // The URL alone authenticates the customer, so it must be unguessable.
      const secret = newId('test', 40)
      return step.put('portalSessions', {
        id: newId('bps'),
        object: 'billing_portal.session',
        configuration: CONFIGURATION,
        created: step.now,
        customer: customer.id,
        customer_account: null,
        flow: null,
        livemode: false,
        locale: null,
        on_behalf_of: null,
        return_url: params.return_url ?? null,
        url: `${step.settings.url}/p/session/${secret}`,
      })
    },
  }),
]
