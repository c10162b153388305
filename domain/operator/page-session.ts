/** The pages with sessions: users have the account page, operators the console. */
export type SessionKind = 'account' | 'console'

/** When an owner begins one more, their oldest session ends. Enough for all devices of a user, or of a team with one key. */
export const SESSIONS_PER_OWNER_MAX = 20

/** A session that begins at sign-in. */
export type NewPageSession = {
  readonly id: string
  readonly kind: SessionKind
  /** The user id, or the id of the operator's key. */
  readonly owner: string
  readonly beganAt: Date
  readonly endsAt: Date
}

/** Sessions of console and account page. A session without a row has ended. */
export type PageSessionRepository = {
  /** Begins a session, and ends the one that the browser had before. At most `SESSIONS_PER_OWNER_MAX` of an owner are kept. */
  readonly begin: (session: NewPageSession, replaced: string | undefined) => Promise<void>
  /** Whether it was begun and not ended. The caller checks its end by time. */
  readonly exists: (kind: SessionKind, id: string) => Promise<boolean>
  /** Idempotent. */
  readonly end: (id: string) => Promise<void>
}
