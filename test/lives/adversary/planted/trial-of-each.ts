import type { Plant } from '../play.ts'

/** A trial is had once by each account, and not by each person. */
export const trialOfEach: Plant = ({ container: { repositories } }) => {
  const { find, record } = repositories.trials
  const trials: Pick<typeof repositories.trials, 'find' | 'record'> = {
    find: (search) => find({ ...search, identities: search.identities.filter(isUser) }),
    record: (trial) => record({ ...trial, identities: trial.identities.filter(isUser) }),
  }
  Object.assign(repositories.trials, trials)
}

const isUser = ({ kind }: { readonly kind: string }): boolean => kind === 'user'
