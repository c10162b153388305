import type { Document, Schema } from './document.ts'

/** A field in our API version that the published document lacks. */
type Addition = {
  /** `schema.field`, by the names of the document. */
  readonly field: string
  readonly why: string
}

const ENDIVE = 'new in 2026-09-30.endive, a major after the document'
const ENDIVE_2 = 'new in 2026-10-28.endive, a major after the document'
const LEGACY =
  'kept for old callers: the document does not name it, its own fixtures and the SDK carry it'

/** All differences between our API version and the document, each with its line in the SDK's changelog. */
export const ADDITIONS: readonly Addition[] = [
  { field: 'checkout.session.allowed_payment_method_types', why: ENDIVE },
  { field: 'dispute.intended_submission_method', why: ENDIVE_2 },
  { field: 'dispute_evidence_details.submission_method', why: ENDIVE_2 },
  { field: 'payment_intent.payment_record', why: ENDIVE },
  { field: 'product.tax_details', why: ENDIVE },
  { field: 'subscription.status_details', why: ENDIVE },
  { field: 'subscription_item.current_trial', why: ENDIVE },
  { field: 'subscription_schedule.pause_schedules', why: ENDIVE },
  { field: 'subscriptions_resource_pending_update.cancel_at_period_end', why: ENDIVE },
  { field: 'subscriptions_resource_trial_settings_end_behavior.billing_cycle_anchor', why: ENDIVE },
  { field: 'charge.source', why: LEGACY },
  { field: 'payment_intent.source', why: LEGACY },
  { field: 'product.type', why: LEGACY },
  { field: 'recurring.trial_period_days', why: LEGACY },
  { field: 'subscription_item.plan', why: LEGACY },
  { field: 'subscription_schedule_configuration_item.plan', why: LEGACY },
]

/** Calls that are newer than the document. */
export const NEW_CALLS: readonly { readonly call: string; readonly why: string }[] = [
  { call: 'POST /v1/subscriptions/{subscription}/pause', why: ENDIVE },
]

/** Parameters that we send and that are newer than the document, or have changed since. */
export const NEW_PARAMETERS: readonly {
  readonly call: string
  readonly parameter: string
  readonly why: string
}[] = [
  {
    call: 'POST /v1/subscriptions/{subscription}/resume',
    parameter: 'billing_cycle_anchor[type]',
    why: 'an object since 2026-09-30.endive, and a plain word before',
  },
  {
    call: 'POST /v1/subscriptions/{subscription}/resume',
    parameter: 'payment_behavior',
    why: ENDIVE,
  },
]

/**
 * The document with the additions: an added field may be anything here, and only the SDK's declarations check it. @throws
 * when the document contains an added field: it has caught up, so remove the line.
 */
export function withOverlay(document: Document): Document {
  const schemas: Record<string, Schema> = { ...document.components.schemas }
  for (const { field } of ADDITIONS) {
    const [name, added] = [field.slice(0, field.lastIndexOf('.')), field.split('.').at(-1) ?? '']
    const schema = schemas[name]
    if (schema?.properties === undefined || added in schema.properties)
      throw new Error(`the document needs no ${field} beside it`)
    schemas[name] = { ...schema, properties: { ...schema.properties, [added]: {} } }
  }
  const paths = { ...document.paths }
  for (const { call } of NEW_CALLS) {
    const [method = '', path = ''] = call.split(' ')
    if (paths[path] !== undefined) throw new Error(`the document needs no ${call} beside it`)
    // It returns the subscription, like other calls of that kind.
    const like = paths['/v1/subscriptions/{subscription}/resume']?.['post']
    if (like === undefined) throw new Error('the document knows no call to resume')
    paths[path] = { [method.toLowerCase()]: like }
  }
  return { ...document, paths, components: { schemas } }
}
