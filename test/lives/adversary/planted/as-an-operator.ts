import { changePlan } from '../../../../workflows/contract.ts'
import type { Plant } from '../play.ts'

/** Every change of plan counts as an operator's, who decide themselves about a trial and about money. */
export const asAnOperator: Plant = ({ container: { workflows } }) => {
  const command = workflows.command.bind(workflows)
  const trusting: typeof command = (update, target, order) =>
    command(
      update,
      target,
      update.name === changePlan.name ? { ...order, actor: 'operator' } : order,
    )
  Object.assign(workflows, { command: trusting })
}
