import type { ProblemWords } from './words.ts'

/** Problems about the catalogue, grants, keys and webhooks, which only operators change. */
export const OPERATOR_PROBLEMS = {
  plan_version_not_found: {
    team: 'This version does not exist. It may have been deleted.',
  },
  stripe_price_taken: {
    team: 'This price belongs to another plan.',
  },
  stripe_price_not_found: {
    team: 'Stripe does not have this price.',
  },
  migration_not_found: {
    team: 'This migration does not exist.',
  },
  entry_not_found: { team: 'The timeline has no such entry.' },
  invoice_not_found: {
    team: 'This invoice does not exist.',
  },
  feature_not_found: {
    team: 'This feature does not exist. It may have been deleted.',
  },
  grant_not_found: {
    team: 'This grant does not exist.',
  },
  override_not_found: {
    team: 'This limit of one customer does not exist.',
  },
  api_key_not_found: {
    team: 'This API key does not exist.',
  },
  webhook_endpoint_not_found: {
    team: 'This webhook endpoint does not exist. It may have been deleted.',
  },
  nothing_to_return: {
    team: 'Less than this is left to return: it was not paid, or a part was already returned.',
  },
  plan_in_use: {
    team: 'This plan has been published and cannot be deleted. Retire its versions instead.',
  },
  plan_version_published: {
    team: 'A published version never changes. Create a new version.',
  },
  plan_version_in_use: {
    team: 'Subscriptions still have this version. Migrate them first.',
  },
  plan_version_not_published: {
    team: 'This version is a draft. Publish it first.',
  },
  plan_version_custom: {
    team: 'This version belongs to one customer. Choose a version for all.',
  },
  migration_cycle: {
    team: 'This migration would lead back to a version that it moves away from. Choose other versions.',
  },
  migration_overlap: {
    team: 'Another migration still moves some of these subscriptions. Wait until it has ended, or stop it.',
  },
  migration_over: {
    team: 'This migration has ended.',
  },
  migration_not_steerable: {
    team: 'The migration’s state does not allow this. Reload the page.',
  },
  plan_version_retired: {
    team: 'This version is retired. Choose another one, or publish a new version.',
  },
  feature_in_use: {
    team: 'Plan versions use this feature, so it cannot be deleted or change its type.',
  },
  api_key_exists: {
    team: 'This key was already created and shown once. If nobody copied it, rotate it in the list.',
  },
  api_key_over: {
    team: 'This key was revoked, has expired or was already rotated. Rotate its successor, or create a key.',
  },
  last_operator_key: {
    team: 'This is the last operator key. Without it nobody could manage keys. Create another one first.',
  },
  webhooks_not_configured: {
    team: 'Webhooks are switched off for this deployment. Ask an engineer to set their encryption key.',
  },
  webhook_endpoint_exists: {
    team: 'This endpoint was already created, and its secret was shown once. Rotate it to get a new one.',
  },
  webhook_endpoints_exhausted: {
    team: 'There are too many endpoints. Delete one first.',
  },
  webhook_endpoint_disabled: {
    team: 'This endpoint is disabled. Enable it first.',
  },
  webhook_secret_rotated: {
    team: 'This rotation was already done, and its secret was shown once. Rotate again to get a new one.',
  },
  feature_has_amount: {
    team: 'This feature has an amount, so it is not only on or off.',
  },
  feature_not_countable: {
    team: 'This feature is only on or off, so it has no amount.',
  },
  stripe_price_not_usable: {
    team: 'No plan can have this price: it must be a whole amount for each unit, every month or year.',
  },
  plan_version_invalid: {
    team: 'These terms are not possible. Correct the fields below.',
  },
  plan_version_incomplete: {
    team: 'The draft is not complete. Fill in the fields below first.',
  },
} as const satisfies Record<string, ProblemWords>
