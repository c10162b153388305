import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Plain } from '../../../domain/decision/plain.ts'

/** The first byte names the dictionary. Stored decisions need theirs for ever: add one, and never change this. */
const FORMAT = 1

/**
 * Words of decisions, the most frequent last. A decision is too short to learn them by itself: with the dictionary it takes
 * about half the space.
 */
const DICTIONARY = Buffer.from(
  [
    'free_plan_change_scheduled',
    'cancellation_withdrawn',
    'plan_change_withdrawn',
    'forced_cancellation',
    'checkout_abandoned',
    'pause_credited',
    'free_cancellation',
    'free_pause',
    'free_resume',
    'free_start',
    'usage_alert',
    'renewal',
    'paused',
    'unpaid',
    'past_due',
    'trialing',
    'incomplete',
    'trial_ending',
    'trial_started',
    'payment_failed',
    'recovered',
    'plan_changed',
    'quantity_changed',
    'subscription_canceled',
    'subscription_renewed',
    'subscription_create',
    'subscription_update',
    '"name":"checkout_opened","checkout":{"sessionId":"cs_test_',
    '"behavior":"keep_as_draft"',
    '"percentOff":',
    '"amountOffMinor":',
    '"facts":{"before":{"id":"","userId":"unrecorded","productLine":"default","planVersionId":"","quantity":1,"discount":null,"cancelAt":null,"pendingChange":null,"resumesAt":null,"pausedAt":null,"accessUntil":"@9999-12-31T00:00:00.000Z","checkout":null,"checkoutGeneration":1,"stripeSubscriptionId":"sub_","stripeItemId":"si_","addons":[],"foreignItems":[],"paymentProcessing":null,"collectionPause":null,"drift":null,"observedSeq":,"createdAt":"@2026-12-0","updatedAt":"@2026-12-0","anchor":"@2026-12-0","trialEnd":null,"period":{"start":"@2026-12-0","end":"@2027-01-01T00:00:00.000Z"},"status":"active","pastDueSince":null,"endedAt":null}',
    '"rule":{"name":"stripe_snapshot","snapshot":{"session":{"id":"cs_test_","status":"complete","stripeSubscriptionId":"sub_","email":null},"subscription":{"kind":"present","id":"sub_","status":"active","rawStatus":"active","priceId":"price_","itemId":"si_","addons":[],"foreignItems":[],"quantity":1,"discount":null,"anchor":"@20","period":{"start":"@2027-0","end":"@2027-0"},"trialEnd":null,"pausedAt":null,"cancelAt":null,"endedAt":null,"scheduled":null,"awaitingPayment":null,"latestInvoice":{"id":"in_","number":"","reason":"subscription_cycle","status":"paid","currency":"usd","amounts":{"subtotalMinor":,"discountMinor":0,"taxMinor":0,"totalMinor":},"amountDueMinor":0,"amountPaidMinor":,"creditUsedMinor":0,"hostedUrl":null},"isProcessing":false,"collectionPause":null,"belongsTo":""}},"planOfPrice":{"price_":""},"assume":{}},"at":"@2027-0","policy":{"graceDays":7,"whileCollectionPaused":"as_stripe"},"timeZone":null,"isImport":false,"trialRefused":[],"dropped":null,"planVersionIds":[""]}',
    '"outcome":{"set":{"period":{"start":"@2027-0","end":"@2027-0"},"status":"active"},"changes":["renewed"],"letters":[{"key":"","kind":"subscription_confirmed","amountMinor":2000}],"windows":{"messages_sent":["@2027-01-01T00:00:00.000Z","@2027-02-01T00:00:00.000Z",10000],"seats":["@1970-01-01T00:00:00.000Z","@9999-12-31T00:00:00.000Z",5]},"endWindowsAt":null}',
  ].join(''),
)

/** Compresses a decision, in base64. */
export function compressed(body: Plain): string {
  const bytes = deflateRawSync(JSON.stringify(body), { dictionary: DICTIONARY, level: 9 })
  return Buffer.concat([Buffer.from([FORMAT]), bytes]).toString('base64')
}

/** The reverse of `compressed`. @throws RangeError for a format of a later release. */
export function decompressed(base64: string): Plain {
  const stored = Buffer.from(base64, 'base64')
  if (stored[0] !== FORMAT) throw new RangeError(`the format ${stored[0]} of a decision is unknown`)
  const text = inflateRawSync(stored.subarray(1), { dictionary: DICTIONARY }).toString()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON is plain
  return JSON.parse(text) as Plain
}
