import { setTimeout as pause } from 'node:timers/promises'
import type { SubscriptionId } from '../../domain/ids.ts'
import type { NoticeKind } from '../../domain/notice.ts'
import type { NoticeRepository, StoredNotice } from '../../domain/repositories.ts'
import type { Logger } from '../logger.ts'
import { asSpan, type Telemetry } from '../telemetry/telemetry.ts'
import { composeMessage } from './compose.ts'
import type { Mailer } from './mailer.ts'

/** One round takes this many; the next round takes the rest. */
const BATCH_MAX = 50
/** Longer than a mail server's slowest yes (see `mailer.ts`), so no two processes send one notice; and no longer, because
 * the message that a process died over waits for it. */
const LEASE_MS = 20_000
/** 1, 2, 4 … minutes: a day and a half in all, in which somebody mends a mail server. */
const ATTEMPTS_MAX = 12
const BACKOFF_MS = 60_000
/**
 * So long the database is asked to note that a message is out, if it is away for a moment: with the mail server's slowest
 * yes that is shorter than the lease, so nobody else sends it meanwhile.
 */
const NOTE_MAX_MS = 10_000
const NOTE_AGAIN_AFTER_MS = 250

export type Delivery = {
  readonly notices: NoticeRepository
  readonly mailer: Mailer
  readonly logger: Logger
  /** Kinds that the operator switched off. Their notices are kept as skipped, and are not sent when it is on again. */
  readonly disabledKinds: readonly NoticeKind[]
  readonly telemetry?: Telemetry | undefined
}

/**
 * Sends what is pending, of one subscription or of all, and answers how many were sent. A process that dies between the
 * mail server's yes and our commit, or to which the database does not come back soon, sends that one message again, under
 * the same Message-ID.
 */
export async function deliverNotices(
  delivery: Delivery,
  at: Date,
  subscriptionId?: SubscriptionId,
): Promise<number> {
  let sent = 0
  for (let count = 0; count < BATCH_MAX; count++) {
    const [notice] = await delivery.notices.claimDue(at, 1, LEASE_MS, subscriptionId)
    if (notice === undefined) break
    const outcome = await send(delivery, notice, at)
    delivery.telemetry?.count('perennial.notices', {
      'perennial.notice.kind': notice.kind,
      'perennial.outcome': outcome,
    })
    if (outcome === 'sent') sent += 1
  }
  return sent
}

/** `failed`: it is tried again. */
type Sending = 'sent' | 'failed' | 'given_up' | 'skipped'

async function send(
  { notices, mailer, logger, disabledKinds, telemetry }: Delivery,
  notice: StoredNotice,
  at: Date,
): Promise<Sending> {
  if (disabledKinds.includes(notice.kind)) {
    await notices.skip(notice.key, 'e-mails of this kind are switched off')
    return 'skipped'
  }
  if (notice.email === null) {
    await notices.skip(notice.key, 'the customer has no e-mail address')
    return 'skipped'
  }
  const attributes = { 'perennial.notice.kind': notice.kind }
  try {
    const message = await composeMessage(notice, notice.email)
    await asSpan(telemetry, { name: `SMTP ${notice.kind}`, kind: 'client', attributes }, () =>
      mailer.send(message),
    )
  } catch (error) {
    logger.warn(
      { err: error, notice: notice.key, attempt: notice.attempts },
      'a notice was not sent',
    )
    return putOff(notices, notice, error, at)
  }
  await noteSent(notices, notice, at)
  return 'sent'
}

/** @throws when the database is away for longer: the message is sent again, under the same Message-ID. */
async function noteSent(notices: NoticeRepository, { key }: StoredNotice, at: Date): Promise<void> {
  const deadline = performance.now() + NOTE_MAX_MS
  for (;;) {
    try {
      return await notices.markSent(key, at)
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(NOTE_AGAIN_AFTER_MS)
    }
  }
}

async function putOff(
  notices: NoticeRepository,
  notice: StoredNotice,
  cause: unknown,
  at: Date,
): Promise<Sending> {
  const error = cause instanceof Error ? cause.message : String(cause)
  if (notice.attempts >= ATTEMPTS_MAX) {
    await notices.giveUp(notice.key, error)
    return 'given_up'
  }
  const wait = BACKOFF_MS * 2 ** (notice.attempts - 1)
  await notices.postpone(notice.key, error, new Date(at.getTime() + wait))
  return 'failed'
}
