import { setTimeout as wait } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { SubscriptionId } from '../../domain/ids.ts'
import type { LetterKind } from '../../domain/customer/letter.ts'
import type { LetterRepository, StoredLetter } from '../../domain/customer/letter-repository.ts'
import { messageOf } from '../../adapters/telemetry/error-message.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'
import { inSpan, type Telemetry } from '../../adapters/telemetry/telemetry.ts'
import { composeMessage, type LetterSetting } from './compose.ts'
import { CONNECTIONS_MAX, type Mailer } from '../../adapters/mail/mailer.ts'

/** Letters per round. The next round sends the rest. */
const BATCH_MAX = 50
/** Longer than the slowest mail server (see `mailer.ts`), so no two processes send one letter. After a crash it waits this long. */
const LEASE_MS = 20_000
/** The most rounds that wait for a connection. Above it, a new round does nothing: a later one sends its letters. */
const WAITING_MAX = 200
/** Waits of 1, 2, 4 … minutes: together a day and a half, enough time to repair a mail server. */
const ATTEMPTS_MAX = 12
const BACKOFF_MS = 60_000
/**
 * How long a sent letter is recorded again and again while the database is unavailable. Together with the slowest mail server
 * this is shorter than the lease, so no other process sends the letter meanwhile.
 */
const RECORD_MAX_MS = 10_000
const RECORD_AGAIN_AFTER_MS = 250

/** The parts that sending letters uses. */
export type LetterParts = {
  readonly letters: LetterRepository
  readonly mailer: Mailer
  readonly logger: Logger
  /** The kinds that the operator switched off. Their letters are skipped, and not sent later either. */
  readonly disabledKinds: readonly LetterKind[]
  readonly setting: LetterSetting
  readonly telemetry?: Telemetry | undefined
}

/** Sends letters, and finishes before the process ends. */
export type LetterDelivery = {
  /** Sends due letters, of one subscription or of all, until `until` aborts. @returns the number sent */
  readonly deliver: (at: Date, given?: Round) => Promise<number>
  /** Starts no more letters, and resolves when the current ones are sent or have failed. */
  readonly finish: () => Promise<void>
}
type Round = { readonly subscriptionId?: SubscriptionId; readonly until?: AbortSignal }

/**
 * Sends letters, at most as many at a time as there are connections to the mail server. A letter that waited for a connection
 * longer than its lease would be sent by another process too. If this process dies after the mail server accepted a letter and
 * before our commit, that letter is sent again under the same Message-ID.
 */
export function createLetterDelivery(parts: LetterParts): LetterDelivery {
  const { letters, telemetry } = parts
  const connections = pLimit(CONNECTIONS_MAX)
  const rounds = new Set<Promise<number>>()
  let isFinishing = false

  /** @returns undefined when no letter is due */
  async function deliverNext(at: Date, subscriptionId?: SubscriptionId) {
    const [letter] = await letters.claimDue(at, 1, LEASE_MS, subscriptionId)
    if (letter === undefined) return undefined
    const outcome = await send(parts, letter, at)
    telemetry?.count('perennial.letters', {
      'perennial.letter.kind': letter.kind,
      'perennial.outcome': outcome,
    })
    return outcome
  }

  async function round(at: Date, { subscriptionId, until }: Round): Promise<number> {
    // A round may take minutes. The time must advance, or later leases would end too early.
    const started = performance.now()
    const now = () => new Date(at.getTime() + performance.now() - started)
    let sent = 0
    const isStopped = () => isFinishing || until?.aborted === true
    for (let count = 0; count < BATCH_MAX; count++) {
      const outcome = await connections(async () =>
        isStopped() ? undefined : deliverNext(now(), subscriptionId),
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

/** `failed` is retried. */
type LetterOutcome = 'sent' | 'failed' | 'given_up' | 'skipped'

async function send(
  { letters, mailer, logger, disabledKinds, setting, telemetry }: LetterParts,
  letter: StoredLetter,
  at: Date,
): Promise<LetterOutcome> {
  if (disabledKinds.includes(letter.kind)) {
    await letters.skip(letter.key, 'e-mails of this kind are switched off')
    return 'skipped'
  }
  if (letter.email === null) {
    await letters.skip(letter.key, 'the customer has no e-mail address')
    return 'skipped'
  }
  const attributes = { 'perennial.letter.kind': letter.kind }
  try {
    const message = await composeMessage(letter, letter.email, setting)
    await inSpan(telemetry, { name: `SMTP ${letter.kind}`, kind: 'client', attributes }, () =>
      mailer.send(message),
    )
  } catch (error) {
    logger.warn(
      { err: error, letter: letter.key, attempt: letter.attempts },
      'a letter was not sent',
    )
    return postpone(letters, letter, error, at)
  }
  await recordSent(letters, letter, at)
  return 'sent'
}

/** @throws when the database stays unavailable: the letter is sent again, under the same Message-ID */
async function recordSent(
  letters: LetterRepository,
  { key }: StoredLetter,
  at: Date,
): Promise<void> {
  const deadline = performance.now() + RECORD_MAX_MS
  for (;;) {
    try {
      return await letters.markSent(key, at)
    } catch (error) {
      if (performance.now() > deadline) throw error
      await wait(RECORD_AGAIN_AFTER_MS)
    }
  }
}

async function postpone(
  letters: LetterRepository,
  letter: StoredLetter,
  cause: unknown,
  at: Date,
): Promise<LetterOutcome> {
  const error = messageOf(cause)
  if (letter.attempts >= ATTEMPTS_MAX) {
    await letters.giveUp(letter.key, error)
    return 'given_up'
  }
  const waitMs = BACKOFF_MS * 2 ** (letter.attempts - 1)
  await letters.postpone(letter.key, error, new Date(at.getTime() + waitMs))
  return 'failed'
}
