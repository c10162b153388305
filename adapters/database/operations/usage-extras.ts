import type { OperatorAction, UsageExtrasRepository } from '../../../domain/usage/extras.ts'
import { Json } from './json.ts'
import type { Operations, RowOf } from './port.ts'
import { createUsageGrants } from './usage-grants.ts'
import { createUsageOverrides } from './usage-overrides.ts'

/** Grants, overrides and the record of operators’ actions. */
export const createUsageExtrasRepository = (operations: Operations): UsageExtrasRepository => ({
  ...createUsageGrants(operations),
  ...createUsageOverrides(operations),

  async noteAction(command, { action, userId, before, after }, { at, keyId, askedBy }) {
    await operations.run('note_operator_action', {
      p_command: command,
      p_action: action,
      p_user: userId,
      p_before: before === null ? null : new Json(before),
      p_after: after === null ? null : new Json(after),
      p_now: at,
      p_key: keyId,
      p_by: askedBy,
    })
  },

  async listActions(userId, limit) {
    const of = { p_user: userId, p_limit: limit }
    const rows = await operations.rows('list_operator_actions', of)
    return rows.map(actionFromRow)
  },
})

const actionFromRow = (row: RowOf<'list_operator_actions'>): OperatorAction => ({
  id: row.id,
  at: row.at,
  keyId: row.key_id,
  askedBy: row.asked_by,
  action: row.action,
  userId: row.user_id,
  before: row.before,
  after: row.after,
})
