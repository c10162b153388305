import { setTimeout as pause } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { SubscriptionId } from '../../domain/ids.ts'
import type { NoticeKind } from '../../domain/customer/letter.ts'
import type { NoticeRepository, StoredNotice } from '../../domain/customer/letter-repository.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'
import { asSpan, type Telemetry } from '../../adapters/telemetry/telemetry.ts'
import { composeMessage } from './compose.ts'
import { CONNECTIONS_MAX, type Mailer } from '../../adapters/mail/mailer.ts'

/** One round takes this many; the next round takes the rest. */
const BATCH_MAX = 50
/** Longer than a mail server's slowest yes (see `mailer.ts`), so no two processes send one notice; and no longer, because
 * the message that a process died over waits for it. */
const LEASE_MS = 20_000
/** Rounds that wait for a connection. Who comes later leaves what is due to a round that comes. */
const WAITING_MAX = 200
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

export type NoticeDelivery = {
  /** Sends what is pending, of one subscription or of all, until it is to stop, and answers how many were sent. */
  readonly deliver: (at: Date, given?: Round) => Promise<number>
  /** Begins with no other notice, and resolves when those under way are sent or failed. */
  readonly finish: () => Promise<void>
}
type Round = { readonly subscriptionId?: SubscriptionId; readonly until?: AbortSignal }

/**
 * Sends notices, in this process so many at once as it has connections to the mail server: one that waited for a connection
 * longer than for its lease would be sent by somebody else, too. A process that dies between the mail server's yes and our
 * commit, or to which the database does not come back soon, sends that one message again, under the same Message-ID.
 */
export function createNoticeDelivery(delivery: Delivery): NoticeDelivery {
  const { notices, telemetry } = delivery
  const connections = pLimit(CONNECTIONS_MAX)
  const rounds = new Set<Promise<number>>()
  let isFinishing = false

  /** Undefined when nothing is due. */
  async function deliverNext(at: Date, subscriptionId?: SubscriptionId) {
    const [notice] = await notices.claimDue(at, 1, LEASE_MS, subscriptionId)
    if (notice === undefined) return undefined
    const outcome = await send(delivery, notice, at)
    telemetry?.count('perennial.notices', {
      'perennial.notice.kind': notice.kind,
      'perennial.outcome': outcome,
    })
    return outcome
  }

  async function round(at: Date, { subscriptionId, until }: Round): Promise<number> {
    // It may take minutes, and a lease that began in the past would be no lease.
    const began = performance.now()
    const now = () => new Date(at.getTime() + performance.now() - began)
    let sent = 0
    const isOver = () => isFinishing || until?.aborted === true
    for (let count = 0; count < BATCH_MAX; count++) {
      const outcome = await connections(async () =>
        isOver() ? undefined : deliverNext(now(), subscriptionId),
      )
      if (outcome === undefined) break
      if (outcome === 'sent') sent += 1
    }
    return sent
  }

  return {
    async deliver(at, given = {}) {
      if (connections.pendingCount >= WAITING_MAX) return 0
      const running = round(at, given)
      rounds.add(running)
      try {
        return await running
      } finally {
        rounds.delete(running)
      }
    },
    finish: async () => {
      isFinishing = true
      await Promise.allSettled(rounds)
    },
  }
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
