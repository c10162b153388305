import type {
  TrialIdentity,
  TrialIdentityKind,
} from '../../../domain/subscription/trial-identity.ts'
import type { TrialRepository } from '../../../domain/subscription/trial-repository.ts'
import { hashesOfIdentity } from '../../secrets/identity-hash.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'

/** @param secrets the keys of the hashes; the database learns no identity */
export function createTrialRepository(
  operations: Operations,
  secrets: readonly string[] = [],
): TrialRepository {
  const hashed = (identities: readonly TrialIdentity[]) =>
    new Json(
      identities.flatMap(({ kind, value, counts }) =>
        hashesOfIdentity(`${kind}:${value}`, secrets).map(({ hash, isStored }) => ({
          kind,
          hash,
          counts,
          is_stored: isStored,
        })),
      ),
    )
  return {
    async find({ userId, productLine, identities }) {
      const counting = identities.filter(({ counts }) => counts)
      const found = await operations.values('find_trial_identities', {
        p_user: userId,
        p_product_line: productLine,
        p_identities: hashed(counting),
      })
      return kindsOf(found).filter((kind) => counting.some((each) => each.kind === kind))
    },

    async record({ subscriptionId, productLine, identities, begins, at }) {
      const taken = await operations.values('record_trial_identities', {
        p_subscription: subscriptionId,
        p_product_line: productLine,
        p_identities: hashed(identities),
        p_begins: begins,
        p_now: at,
      })
      return kindsOf(taken)
    },
  }
}

const KINDS: readonly TrialIdentityKind[] = ['user', 'email', 'card', 'offer']

const kindsOf = (found: readonly string[]): TrialIdentityKind[] =>
  KINDS.filter((kind) => found.includes(kind))
