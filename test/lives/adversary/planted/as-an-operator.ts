import { changePlan } from '../../../../workflows/contract.ts'
import type { Plant } from '../play.ts'

/** More than any plan costs, in minor units. */
const DEAR = 1_000_000_000

/**
 * Every change of plan counts as an operator's, who decide themselves about a trial and about money, and as an upgrade, which
 * happens now.
 */
export const asAnOperator: Plant = ({ container: { workflows, repositories } }) => {
  const command = workflows.command.bind(workflows)
  const trusting: typeof command = (update, target, order) =>
    command(
      update,
      target,
      update.name === changePlan.name
        ? { ...order, actor: 'operator', mayDowngradeNow: true }
        : order,
    )
  Object.assign(workflows, { command: trusting })
  const { plans } = repositories
  const { findOffered } = plans
  const dear: typeof findOffered = async (...asked) => {
    const found = await findOffered(...asked)
    if (found === undefined || found.price.amountMinor === 0) return found
    return { ...found, rank: DEAR, price: { ...found.price, amountMinor: DEAR } }
  }
  Object.assign(plans, { findOffered: dear })
}
