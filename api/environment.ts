import type { Payload } from '@temporalio/common'
import type { RequestIdVariables } from 'hono/request-id'
import type { Telemetry } from '../adapters/telemetry/telemetry.ts'
import type { Container } from '../assembly/container.ts'
import type { Clock } from '../domain/clock.ts'
import type { AccessPolicy } from './auth/access.ts'
import type { Caller } from './auth/caller.ts'
import type { SetRoute } from './traced-request.ts'

/** The configuration of the console and the account page. */
export type PagesConfig = {
  /** Seal the sessions of the console and the account page. The first secret seals, all of them open. */
  readonly sessionSecrets: readonly string[]
  /** Where operators reach the Temporal UI, for links to it. */
  readonly temporalUi: { readonly url: string; readonly namespace: string } | undefined
  readonly pricing: {
    /** Where the buttons of the pricing page lead; without it there are none. */
    readonly chooseUrl: string | undefined
    /** The origins whose pages may show the pricing page in a frame. */
    readonly frameOrigins: readonly string[]
  }
}

/** Everything that the API needs from outside. */
export type ApiDependencies = Pick<
  Container,
  | 'repositories'
  | 'workflows'
  | 'migrationWorkflows'
  /** For discounts, previews and refunds. Everything that changes a subscription at Stripe goes through its workflow. */
  | 'stripe'
  | 'logger'
  | 'receptions'
  | 'inboxPolicy'
  /** For previews of a refund. */
  | 'moneyBack'
  | 'webhooks'
  | 'trialOncePer'
  /** For previews of a last invoice. */
  | 'flushOverage'
> & {
  readonly stripeInvoices: Container['stripeInvoices']
  readonly reconciliations: Pick<Container['reconciliations'], 'start'>
  readonly decryptPayloads: (payloads: Payload[]) => Promise<Payload[]>
  readonly clock: Clock
  /** The real time, by which console sessions end; a test may move it. Time travel does not sign operators out. */
  readonly wallClock?: Clock | undefined
  readonly telemetry?: Telemetry | undefined
  /** The address of this API from outside, without a trailing slash. */
  readonly publicUrl: string
  readonly access: AccessPolicy
  readonly stripeWebhookSecrets: readonly string[]
  /** Undefined turns the console and the account page off. */
  readonly pages: PagesConfig | undefined
  /** Called after an event of this type was committed to the inbox. It starts the processing and does not wait for it. */
  readonly inboxChanged: (type: string) => void
  /** The checks of `/readyz`, by the name of the part. Each resolves if its part answers and rejects otherwise. */
  readonly readiness: Readonly<Record<string, () => Promise<void>>>
}

/** The context of every request. `caller` is set behind the authentication. */
export type ApiEnvironment = {
  Bindings: {
    /** The failure of a short cut. The app only renders it, because the call may have been carried out. */
    readonly failure?: unknown
    /** A header that may be sent once and was sent more often. */
    readonly repeatedHeader?: string | undefined
    /** Present if requests are traced. */
    readonly setRoute?: SetRoute | undefined
    /** Present if a page calls the API within this process, for the user or operator who is signed in. */
    readonly internal?: { readonly caller: Caller; readonly requestId: string }
  }
  Variables: RequestIdVariables & { caller: Caller }
}
