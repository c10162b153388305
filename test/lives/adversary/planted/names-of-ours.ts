import type { Plant } from '../play.ts'

/** The prefix of the commands that customers name. */
const OF_USERS = /^user\//

/** A customer's idempotency key is the name of the command in the workflow, as it is. */
export const namesOfOurs: Plant = ({ container: { workflows } }) => {
  const command = workflows.command.bind(workflows)
  const plain: typeof command = (update, target, ...rest) =>
    command(update, { ...target, commandId: target.commandId.replace(OF_USERS, '') }, ...rest)
  Object.assign(workflows, { command: plain })
}
